"""wscope decode and tshark on what tcpdump captures of our own echo, of Node's ws and of python3-websockets: the same
frames."""

import asyncio
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import node_support
from support import ENVIRONMENT, Case, Server, eventually, run
from tshark import TSHARK, frames_by_tshark

try:
    import websockets
except ImportError:
    websockets = None

TCPDUMP = shutil.which("tcpdump", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/bin")
CLOSE = 8
# Of several lengths, some of which compress; in pieces, as a file of 100 KB takes more than a segment.
SAID = [{"type": "text", "data": "Hello"}, {"type": "text", "data": ""}, {"type": "ping", "data": "p"},
        {"type": "text", "data": "again and " * 100}, {"type": "binary", "base64": "AAEC/w=="},
        {"type": "text", "data": "".join(chr(0x20 + i * i % 0x5f) for i in range(100_000))}]


class Capture:
    """tcpdump on the loopback interface, as long as this lives."""

    def __init__(self, file, port, *options):
        self.process = subprocess.Popen(
            [TCPDUMP, "-i", "lo", "-U", "--immediate-mode", "-B", "16384", "-s", "0", "-w", file, *options, "tcp", "port",
             str(port)], env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        line = b"?"
        while line and b"listening on" not in line:
            line = self.process.stderr.readline()
        self.runs = bool(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate()


def skip_unless_there():
    if not TCPDUMP or not TSHARK:
        print(f"SKIPPED: {'tshark' if TCPDUMP else 'tcpdump'} is not installed")
        sys.exit(77)
    with Capture(os.devnull, 1) as capture:
        if not capture.runs:
            print("SKIPPED: tcpdump may not capture on lo")
            sys.exit(77)


@contextlib.contextmanager
def websockets_echo():
    """Of python3-websockets, on a thread. As a value, its port."""
    loop = asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()
    ports = []

    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    async def serve():
        async with websockets.serve(echo, "127.0.0.1", 0) as server:
            ports.append(server.sockets[0].getsockname()[1])
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait()
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


def frames_by_us(file, *options):
    result = run("decode", "--json", *options, file)
    frames = [json.loads(line) for line in result.stdout.splitlines()]
    return result.status, [(frame["conn"], frame["dir"] == "out", frame["opcode"], frame["fin"], frame["length"])
                           for frame in frames if frame["event"] == "frame"]


class Captures(Case):
    def check(self, port, *options):
        stdin = "".join(json.dumps(line) + "\n" for line in SAID).encode()
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "file")
            with Capture(file, port, *options) as capture:
                self.assertTrue(capture.runs)
                for more in ([], ["--no-compress"]):
                    result = run("--in", "json", "--count", "5", *more, f"ws://127.0.0.1:{port}/chat", stdin=stdin)
                    self.assertEqual(result.status, 0, result.stderr)
                eventually(lambda: [frame[2] for frame in frames_by_us(file)[1]].count(CLOSE) == 4)
            status, frames = frames_by_us(file)
            self.assertEqual(status, 0)
            theirs = frames_by_tshark(file)
            for stream in (0, 1):
                for client in (True, False):
                    with self.subTest(stream=stream, client=client):
                        ours = [frame for frame in frames if frame[:2] == (stream, client)]
                        self.assertEqual(ours, [frame for frame in theirs if frame[:2] == (stream, client)])
                        self.assertGreaterEqual(len(ours), 7)
            self.assertEqual(run("decode", "--strict", "--stats", file).status, 0)

    def test_our_echo(self):
        with Server() as server:
            self.check(server.port)

    def test_nanoseconds(self):
        with Server() as server:
            self.check(server.port, "--time-stamp-precision=nano")

    @unittest.skipUnless(node_support.NODE and node_support.has("ws"), "node-ws is not installed")
    def test_ws_of_node(self):
        with node_support.serving("echo.js") as address:
            self.check(int(address.rpartition(":")[2]))

    @unittest.skipUnless(websockets, "python3-websockets is not installed")
    def test_websockets_of_python(self):
        with websockets_echo() as port:
            self.check(port)


if __name__ == "__main__":
    skip_unless_there()
    unittest.main()
