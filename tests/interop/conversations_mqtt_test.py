"""Conversations with the broker mosquitto: MQTT 3.1.1 in binary messages."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from conversations_support import Case, example_line, example_script
from support import eventually, run, shell

MOSQUITTO = shutil.which("mosquitto", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/usr/local/sbin"]))
CONNECT, CONNACK = "10 0d 00 04 4d 51 54 54 04 02 00 3c 00 01 61", "hex:20 02 00 00"
CONNECT_9, CONNACK_REFUSED = "10 0d 00 04 4d 51 54 54 09 02 00 3c 00 01 61", "hex:20 02 00 01"
PINGREQ, PINGRESP = "c0 00", "hex:d0 00"
# The Will of `first` is what `second` hears of its end, as it does not say DISCONNECT.
WILL = """
connect {{url}} -s mqtt as second
second: binary 10 0d 00 04 4d 51 54 54 04 02 00 3c 00 01 62
second: next binary hex:20 02*
second: binary 82 06 00 01 00 01 77 00
second: next binary hex:90 03 00 01 00
connect {{url}} -s mqtt as first
first: binary 10 13 00 04 4d 51 54 54 04 06 00 3c 00 01 61 00 01 77 00 01 21
first: next binary hex:20 02 00 00
first: abort
second: next binary hex:30 04 00 01 77 21
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def broker():
    """Its URL. A broker that has only a listener for WebSocket refuses to start, so there is a Unix socket, too."""
    with tempfile.TemporaryDirectory(prefix="wscope-mqtt-") as folder:
        port, configuration = free_port(), pathlib.Path(folder) / "mosquitto.conf"
        os.chmod(folder, 0o777)  # as root it becomes another user
        configuration.write_text(f"user nobody\nlistener 0 {folder}/socket\nlistener {port} 127.0.0.1\n"
                                 "socket_domain ipv4\nprotocol websockets\nallow_anonymous true\nlog_type error\n")
        process = subprocess.Popen([MOSQUITTO, "-c", configuration], stderr=subprocess.PIPE)
        with process:
            try:
                eventually(lambda: process.poll() is not None or listens(port))
                if process.poll() is not None:
                    said = process.stderr.read().decode()
                    if "Websockets support not available" in said:
                        raise unittest.SkipTest("this mosquitto has no WebSocket")
                    raise AssertionError(f"mosquitto does not start: {said}")
                yield f"ws://127.0.0.1:{port}/mqtt"
            finally:
                process.terminate()


def listens(port):
    with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


class Mqtt(Case):
    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        cls.url = stack.enter_context(broker())

    def converse(self, *arguments):
        return run("-s", "mqtt", "--format", "hex", *arguments, "--only", self.url)

    def test_in_a_line(self):
        self.assertEqual(shell(example_line("mqtt", self.url)), (0, b"30050001746869\n", ""))

    def test_of_a_ping_in_a_line(self):
        result = self.converse("-x", CONNECT, "--expect", CONNACK, "-x", PINGREQ, "--until", PINGRESP)
        self.assertEqual(result, (0, b"d000\n", ""))

    def test_refused_in_a_line(self):
        """By a CONNECT of a version that there is not."""
        result = self.converse("-x", CONNECT_9, "--until", CONNACK_REFUSED)
        self.assertEqual(result, (0, b"20020001\n", ""))

    def test_as_a_script(self):
        self.assert_passes(example_script("mqtt.ws"), self.url)

    def test_of_two_clients(self):
        self.assert_passes(WILL, self.url)



if __name__ == "__main__":
    if not MOSQUITTO:
        print("SKIPPED: mosquitto is not installed")
        sys.exit(77)
    unittest.main()
