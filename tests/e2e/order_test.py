"""Which of several things that are wrong with a request is told: the first of them, and nothing behind it is begun."""

import contextlib
import os
import pathlib
import socket
import tempfile
import unittest

from peer import TEXT, connected, dialed, header
from support import Case, Server, eventually

UPGRADE = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
           "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
RIGHT = {"path": "/ws", "Authorization": "Basic YTpi", **UPGRADE}

# What is wrong, and the status that tells; in the order of the tests.
WRONG = (
    ("size", 431, {"A": "x" * 800}),
    ("head", 400, {"Host": None}),
    ("upgrade", 426, {"Upgrade": None}),
    ("version of HTTP", 505, {"version": "HTTP/1.0"}),
    ("guard", 403, {"Origin": "https://evil.example"}),
    ("method", 405, {"method": "POST"}),
    ("path", 404, {"path": "/other"}),
    ("auth", 401, {"Authorization": None}),
    ("clients", 503, {}),  # of this server there is no more room for one
)
# The same of a request for a page.
WRONG_VISIT = (
    ("head", 400, {"Content-Length": "01"}),
    ("guard", 403, {"Host": "rebind.evil"}),
    ("method", 405, {"method": "DELETE"}),
    ("path", 404, {"path": "/other"}),
    ("auth", 401, {"Authorization": None}),
)


class Order(Case):
    def ask(self, server, fields):
        fields = {"Host": f"127.0.0.1:{server.port}", "method": "GET", "version": "HTTP/1.1", **fields}
        lines = [f"{fields.pop('method')} {fields.pop('path')} {fields.pop('version')}"]
        lines += [f"{name}: {value}" for name, value in fields.items() if value is not None]
        with dialed(server) as client:
            client.write("".join(line + "\r\n" for line in (*lines, "")).encode())
            head = client.read_head()
            status = int(head.split()[1])
            if status >= 400:
                self.assertEqual((header(head, "Content-Type"), header(head, "X-Content-Type-Options")),
                                 ("text/plain; charset=utf-8", "nosniff"))
                self.assertNotIn(b"evil", client.read_rest())
            return status

    def test_of_what_is_wrong_with_an_upgrade(self):
        with Server("listen", "--path", "/ws", "--auth", "a:b", "--max-clients", "1", "--max-header", "800",
                    "0") as server:
            with contextlib.ExitStack() as stack:
                self.assertEqual(self.ask(server, RIGHT), 101)
                stay = stack.enter_context(dialed(server))
                stay.write(("GET /ws HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic YTpi\r\n" + "".join(
                    f"{name}: {value}\r\n" for name, value in UPGRADE.items()) + "\r\n").encode())
                while " 101 " not in (head := stay.read_head()):
                    self.assertIn(" 503 ", head)  # the one before has not gone yet
                    stay = stack.enter_context(dialed(server))
                for i, (name, status, wrong) in enumerate(WRONG):
                    for later, _, more in WRONG[i:]:
                        with self.subTest(name, besides=later):
                            self.assertEqual(self.ask(server, {**RIGHT, **more, **wrong}), status)
            server.stop()

    def test_of_what_is_wrong_with_a_visit(self):
        right = {"path": "/ws", "Authorization": "Basic YTpi"}
        with Server("listen", "--path", "/ws", "--auth", "a:b", "0") as server:
            self.assertEqual(self.ask(server, right), 200)
            for i, (name, status, wrong) in enumerate(WRONG_VISIT):
                for later, _, more in WRONG_VISIT[i:]:
                    with self.subTest(name, besides=later):
                        self.assertEqual(self.ask(server, {**right, **more, **wrong}), status)
            server.stop()

    def test_that_nothing_is_started_for_who_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            started = pathlib.Path(folder) / "started"
            with Server("listen", "--path", "/ws", "--auth", "a:b", "--max-header", "800", "--exec",
                        f"touch {started}; cat", "0") as server:
                for name, status, wrong in WRONG[:-1]:
                    with self.subTest(name):
                        self.assertEqual(self.ask(server, {**RIGHT, **wrong}), status)
                self.assertEqual(self.ask(server, {**RIGHT, "Sec-WebSocket-Key": None}), 400)
                self.assertFalse(started.exists())
                self.assertEqual(self.ask(server, RIGHT), 101)
                eventually(started.exists)
                server.stop()

    def test_that_a_number_of_processes_comes_before_a_program(self):
        for most, status in ((1, 503), (2, 500)):
            with self.subTest(most), tempfile.TemporaryDirectory() as folder:
                program, junk = pathlib.Path(folder) / "program", pathlib.Path(folder) / "junk"
                program.write_text("#!/bin/sh\nexec cat\n")
                junk.write_bytes(b"\0junk")
                for file in (program, junk):
                    file.chmod(0o755)
                with Server("listen", "--exec-max", str(most), "0", "--", str(program)) as server:
                    with connected(server) as first:
                        first.send(TEXT, b"x")  # the shell has read it once there is an answer
                        first.read_message()
                        os.replace(junk, program)
                        self.assertEqual(self.ask(server, {**RIGHT, "Origin": "https://evil.example"}), 403)
                        self.assertEqual(self.ask(server, RIGHT), status)
                    server.stop()

    def test_that_an_address_comes_before_all(self):
        with Server("listen", "--allow", "10.0.0.0/8", "0") as server:
            for said in (b"", b"garbage\r\n\r\n", b"GET / HTTP/1.1\r\nHost: rebind.evil\r\n\r\n"):
                with socket.create_connection(("127.0.0.1", server.port)) as client:
                    with contextlib.suppress(ConnectionError):
                        client.sendall(said)
                        self.assertEqual(client.recv(1), b"")
            self.assertEqual(server.stop(), (0, b"", ""))

    def test_that_a_file_comes_before_the_number_of_clients(self):
        with tempfile.TemporaryDirectory() as folder:
            with Server("listen", "--www", folder, "--www-list", "--max-clients", "1", "0") as server:
                with connected(server):
                    self.assertEqual(self.ask(server, {"path": "/", "Connection": "close"}), 200)
                    self.assertEqual(self.ask(server, {"path": "/nothing", "Connection": "close"}), 404)
                    self.assertEqual(self.ask(server, {**RIGHT, "path": "/nothing"}), 503)


if __name__ == "__main__":
    unittest.main()
