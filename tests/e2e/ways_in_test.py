"""Where a server is reached, and from where: Unix domain sockets, sockets that were passed to it, allowed addresses."""

import json
import os
import pathlib
import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import unittest

from support import BINARY, Case, ENVIRONMENT, Server, finish, run, start


def listening(*arguments, **options):
    """A process, and the first line that it says."""
    process = start(*arguments, **{"stdin": subprocess.DEVNULL, **options})
    return process, process.stderr.readline().decode()


def stop(process):
    process.send_signal(signal.SIGTERM)
    return finish(process)


class UnixSockets(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "socket")

    def listen(self, *arguments, service="echo"):
        process, line = listening(service, *arguments, "unix:" + self.path)
        self.assertEqual(line, f"Listening on ws+unix:{self.path}:/ (press CTRL+C to quit)\n")
        return process

    def test_serve_as_addresses_do(self):
        process = self.listen()
        self.assertEqual(stat.S_IMODE(os.lstat(self.path).st_mode), 0o600)
        self.assertEqual(run("--no-stdin", "-x", "hello", "-1", f"ws+unix:{self.path}:/a/path"), (0, b"hello\n", ""))
        self.assertEqual(stop(process), (0, b"", ""))
        self.assertFalse(os.path.lexists(self.path))

    def test_have_the_permissions_that_are_asked_for(self):
        process = self.listen("--unix-mode", "666", service="listen")
        self.assertEqual(stat.S_IMODE(os.lstat(self.path).st_mode), 0o666)
        stop(process)

    def test_are_not_taken_from_who_lives(self):
        process = self.listen()
        self.assertEqual(run("echo", "unix:" + self.path),
                         (1, b"", f"wscope: {self.path}: address already in use\n"))
        process.kill()
        finish(process)
        self.assertTrue(os.path.lexists(self.path))
        second = self.listen()
        self.assertEqual(stop(second).status, 0)
        self.assertFalse(os.path.lexists(self.path))

    def test_leave_what_is_not_theirs(self):
        pathlib.Path(self.path).write_text("text")
        self.assertEqual(run("echo", "unix:" + self.path),
                         (1, b"", f"wscope: {self.path}: is there already, and is not a socket\n"))
        os.unlink(self.path)
        process = self.listen()
        os.unlink(self.path)
        pathlib.Path(self.path).write_text("another's")
        stop(process)
        self.assertEqual(pathlib.Path(self.path).read_text(), "another's")

    def test_have_clients_without_an_address(self):
        process = self.listen("--json", service="listen")
        result = run("-o", "http://localhost:3000", "--eof", "close", f"ws+unix:{self.path}", stdin=b"hello\n")
        self.assertEqual(result, (0, b"", ""))
        self.assertEqual(run("-o", "https://evil.example", f"ws+unix:{self.path}").status, 6)
        events = [json.loads(line) for line in stop(process).stdout.splitlines()]
        self.assertEqual((events[0]["event"], events[0]["address"], events[0]["port"]), ("listening", self.path, 0))
        self.assertEqual([event["peer"] for event in events if event["event"] in ("open", "refused")],
                         ["unix:", "unix:"])


class PassedSockets(Case):
    """As systemd does it: from descriptor 3 on, for the process that LISTEN_PID is."""

    LAUNCHER = ("import os, sys\n"
                "for i, fd in enumerate(map(int, sys.argv[2].split())): os.dup2(fd, 3 + i)\n"
                "os.environ['LISTEN_PID'] = sys.argv[1] or str(os.getpid())\n"
                "os.execv(sys.argv[3], sys.argv[3:])")

    def start(self, *sockets, arguments=("echo",), whose=""):
        fds = [passed.fileno() for passed in sockets]
        process = subprocess.Popen([sys.executable, "-c", self.LAUNCHER, whose, " ".join(map(str, fds)), BINARY,
                                    *arguments],
                                   env={**ENVIRONMENT, "LISTEN_FDS": str(len(fds)), "LISTEN_FDNAMES": "a"},
                                   pass_fds=fds, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, bufsize=0, start_new_session=True)
        return process, process.stderr.readline().decode()

    def listener(self, family=socket.AF_INET, address=("127.0.0.1", 0), kind=socket.SOCK_STREAM):
        made = socket.socket(family, kind)
        fd = made.detach()
        # Numbers above those that are moved to.
        high = socket.socket(fileno=os.dup2(fd, 50 + len(self._sockets)), family=family, type=kind)
        os.close(fd)
        self._sockets.append(high)
        self.addCleanup(high.close)
        high.bind(address)
        if kind == socket.SOCK_STREAM:
            high.listen()
        return high

    def setUp(self):
        super().setUp()
        self._sockets = []

    def test_are_all_served(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "socket")
            first, second = self.listener(), self.listener(socket.AF_UNIX, path)
            port = first.getsockname()[1]
            process, line = self.start(first, second)
            self.assertEqual(line, f"Listening on ws://127.0.0.1:{port}/ (press CTRL+C to quit)\n")
            self.assertEqual(process.stderr.readline().decode(),
                             f"Listening on ws+unix:{path}:/ (press CTRL+C to quit)\n")
            for url in (f"ws://127.0.0.1:{port}", f"ws+unix:{path}"):
                self.assertEqual(run("--no-stdin", "-x", "hello", "-1", url), (0, b"hello\n", ""))
            self.assertEqual(stop(process), (0, b"", ""))
            self.assertTrue(os.path.lexists(path))  # whose it is

    def test_of_another_process_are_not_taken(self):
        passed = self.listener()
        process, line = self.start(passed, arguments=("echo", "0"), whose="1")
        self.assertNotIn(str(passed.getsockname()[1]), line)
        self.assertRegex(line, "^Listening on ")
        stop(process)

    def test_have_to_be_stream_sockets(self):
        process, line = self.start(self.listener(kind=socket.SOCK_DGRAM))
        self.assertEqual(line, "wscope: LISTEN_FDS: descriptor 3 is not a stream socket\n")
        self.assertEqual(finish(process).status, 1)


class Addresses(Case):
    def test_that_are_not_allowed_are_closed_unread(self):
        with Server("echo", "-v", "--tls", "--allow", "10.0.0.0/8", "--allow", "::1", "0") as server:
            with socket.create_connection(("127.0.0.1", server.port)) as client:
                self.assertEqual(client.recv(1), b"")  # not a byte of TLS
            self.assertRegex(server.process.stderr.readline().decode(),
                             r"^\* closed unread, as its address is not allowed: 127\.0\.0\.1:\d+\n$")
            server.stop()

    def test_that_are_allowed_are_served(self):
        with Server("listen", "--echo", "--allow", "::ffff:127.0.0.0/104", "127.0.0.1:0") as server:
            self.assertEqual(run("--no-stdin", "-x", "hello", "-1", server.url), (0, b"hello\n", ""))

    def test_are_told_of_as_events(self):
        with Server("listen", "--json", "--allow", "10.0.0.0/8", "0") as server:
            socket.create_connection(("127.0.0.1", server.port)).close()
            line = server.process.stdout.readline(), server.process.stdout.readline()
            event = json.loads(line[1])
            self.assertEqual((event["event"], event["conn"], event["status"]), ("refused", 0, 0))
            self.assertRegex(event["message"], r"^refused 127\.0\.0\.1:\d+: its address is not allowed$")
            server.stop()


class Certificates(Case):
    def test_are_written_for_others_to_trust(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "certificate.pem")
            with Server("echo", "--tls", "--tls-out", path, "0") as server:
                text = pathlib.Path(path).read_text()
                self.assertEqual(re.findall("BEGIN .*", text), ["BEGIN CERTIFICATE-----"])
                context = ssl.create_default_context(cafile=path)
                with socket.create_connection(("127.0.0.1", server.port)) as plain:
                    with context.wrap_socket(plain, server_hostname="localhost"):
                        pass
                self.assertEqual(run("--no-stdin", "--cacert", path, "-x", "hello", "-1", server.url),
                                 (0, b"hello\n", ""))
            nowhere = os.path.join(folder, "not there", "certificate.pem")
            self.assertEqual(run("echo", "--tls", "--tls-out", nowhere, "0"),
                             (1, b"", f"wscope: {nowhere}: no such file or directory\n"))


if __name__ == "__main__":
    unittest.main()
