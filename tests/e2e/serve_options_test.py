"""Who is let in by a server, and how: its options, and what a browser gets."""

import base64
import json
import socket
import subprocess
import tempfile
import time
import unittest

from peer import PING, TEXT, connected, dialed, header
from support import Case, Server, eventually, finish, run

REQUEST = ("Host: localhost", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
PLAIN = ("Host: localhost",)
BASIC = "Authorization: Basic "


def credentials(text):
    return BASIC + base64.b64encode(text.encode()).decode()


class Asking(Case):
    def ask(self, server, *headers, start="GET / HTTP/1.1", request=REQUEST):
        """The status, head and body of the answer to a request. The answer to an upgrade has no body."""
        with dialed(server) as client:
            client.write("".join(line + "\r\n" for line in (start, *request, *headers, "")).encode())
            head = client.read_head()
            status = int(head.split()[1])
            body = b"" if status == 101 else client.read_rest()
        if status != 101 and not start.startswith("HEAD "):
            self.assertEqual(header(head, "Content-Length"), str(len(body)))
        return status, head, body

    def status(self, server, *headers, **choices):
        return self.ask(server, *headers, **choices)[0]


class Options(Asking):
    def test_subprotocol(self):
        with Server("listen", "-s", "best", "--subprotocol", "good", "0") as server:
            for offered, chosen in (("good, best", "best"), ("good", "good"), ("other, good", "good"), ("other", None),
                                    ("GOOD", None)):
                status, head, _ = self.ask(server, "Sec-WebSocket-Protocol: " + offered)
                self.assertEqual((status, header(head, "Sec-WebSocket-Protocol")), (101, chosen))
            self.assertIsNone(header(self.ask(server)[1], "Sec-WebSocket-Protocol"))
            result = run("--json", "-s", "good", "--eof", "close", server.url)
            self.assertEqual(json.loads(result.stdout.splitlines()[1])["protocol"], "good")

    def test_origin(self):
        with Server("listen", "-o", "https://a.example", "--origin", "null", "0") as server:
            for origin, status in (("https://a.example", 101), ("null", 101), ("http://a.example", 403),
                                   ("https://a.example:8443", 403), ("https://b.example", 403), ("", 403)):
                with self.subTest(origin):
                    self.assertEqual(self.status(server, "Origin: " + origin), status)
            self.assertEqual(run("-o", "https://a.example", "--eof", "close", server.url), (0, b"", ""))
            result = run("-o", "https://b.example", server.url)
            self.assertEqual((result.status, result.stdout), (6, b""))
            self.assertEqual(result.stderr, "wscope: upgrade refused: HTTP 403 Forbidden: web pages of other sites are not "
                                            "let in here\n")
            self.assertEqual([line.split(": ")[1] for line in server.stop().stderr.splitlines()], [
                "refused http://a.example", "refused https://a.example:8443", "refused https://b.example",
                "refused an empty Origin"])

    def test_path(self):
        with Server("listen", "--path", "/chat", "0") as server:
            for target, status in (("/chat", 101), ("/chat?a=b", 101), ("/", 404), ("/chat/", 404), ("/Chat", 404),
                                   ("/chatter", 404), ("/%63hat", 404)):
                with self.subTest(target):
                    self.assertEqual(self.status(server, start=f"GET {target} HTTP/1.1"), status)
            self.assertEqual(self.status(server, request=PLAIN), 404)
            self.assertEqual(self.status(server, request=PLAIN, start="GET /chat HTTP/1.1"), 200)
        self.assertEqual(run("listen", "--path", "chat", "0"), (
            2, b"", "wscope: --path begins with a slash\nhint: try wscope --help\n"))

    def test_credentials(self):
        for option in ("--auth", "-u", "--user"):
            with self.subTest(option), Server("listen", option, "user:p:ss wörd", "0") as server:
                wrong = map(credentials, ("user:wrong", "user:p", "User:p:ss wörd", "user", ""))
                for given in ((), *((one,) for one in wrong), (BASIC + "?",), ("Authorization: Bearer user:p:ss",)):
                    for request in (REQUEST, PLAIN):
                        status, head, body = self.ask(server, *given, request=request)
                        self.assertEqual(status, 401)
                        self.assertRegex(header(head, "WWW-Authenticate"), r'^Basic realm="[^"]+"')
                        self.assertNotIn(b"<script>", body)
                right = credentials("user:p:ss wörd")
                self.assertEqual(self.status(server, right), 101)
                self.assertEqual(self.status(server, right.replace("Basic", "bASIC")), 101)
                self.assertEqual(self.status(server, right, request=PLAIN), 200)
                self.assertEqual(run("-u", "user:p:ss wörd", "--eof", "close", server.url), (0, b"", ""))
                url = server.url.replace("//", "//user:p%3Ass%20w%C3%B6rd@")
                self.assertEqual(run("--eof", "close", url), (0, b"", ""))
                result = run("-u", "user:secret", "--eof", "close", server.url)
                self.assertEqual((result.status, "secret" in result.stderr), (6, False))

    def test_headers(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("Set-Cookie: c=3\nX: y\n")
            file.flush()
            with Server("listen", "-H", "Set-Cookie: a=1", "--header", "set-cookie:b=2", "-H", "@" + file.name,
                        "0") as server:
                status, head, _ = self.ask(server)
        self.assertEqual(status, 101)
        self.assertEqual(head.split("\r\n")[-6:-2], ["Set-Cookie: a=1", "set-cookie: b=2", "Set-Cookie: c=3", "X: y"])

    def test_headers_of_the_handshake(self):
        with Server("listen", "-H", "Connection: keep-alive", "-H", "connection: Upgrade", "-H", "Upgrade: WebSocket",
                    "-H", "Empty;", "-H", "Left-Out:", "-H", "Sec-WebSocket-Protocol: a, b", "0") as server:
            status, head, _ = self.ask(server, "Sec-WebSocket-Protocol: b")
        self.assertEqual(status, 101)
        lines = head.split("\r\n")[1:-2]
        self.assertEqual([line for line in lines if not line.startswith("Sec-WebSocket-Accept: ")],
                         ["Sec-WebSocket-Protocol: b", "Connection: keep-alive, Upgrade", "Upgrade: WebSocket",
                          "Empty: "])
        with Server("listen", "-H", "Sec-WebSocket-Accept:", "0") as server:
            self.assertNotIn("Sec-WebSocket-Accept", self.ask(server)[1])
        self.assertEqual(run("listen", "-H", "Sec-WebSocket-Extensions: x", "0").status, 2)

    def test_the_number_of_clients(self):
        with Server("listen", "--max-clients", "2", "0") as server:
            with connected(server) as one:
                with connected(server) as two:
                    self.assertEqual(self.status(server), 503)
                    result = run(server.url)
                    self.assertEqual((result.status, result.stderr.split("\n")[0]),
                                     (6, "wscope: upgrade refused: HTTP 503 Service Unavailable: there are too many clients"))
                    for client in (one, two):
                        client.send(PING, b"?")
                        self.assertEqual(client.read_frame().payload, b"?")
                eventually(lambda: self.status(server) == 101)

    def test_patience_with_the_handshake(self):
        with Server("listen", "--handshake-timeout", "0.3", "0") as server, dialed(server) as silent:
            begin = time.monotonic()
            silent.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
            silent.read_rest()
            self.assertLess(time.monotonic() - begin, 9)

    def test_pings(self):
        with Server("listen", "--ping-interval", "0.05", "0") as server, connected(server) as client:
            self.assertEqual([client.read_frame().opcode for _ in range(3)], [PING] * 3)

    def test_compression(self):
        offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
        for arguments, agreed in (((), "permessage-deflate"), (("--no-compress",), None)):
            with self.subTest(arguments), Server("listen", *arguments, "0") as server:
                status, head, _ = self.ask(server, offer)
                self.assertEqual((status, header(head, "Sec-WebSocket-Extensions")), (101, agreed))


class Browser(Asking):
    def test_gets_a_page_that_talks_to_the_server(self):
        for service in (("listen",), ("echo",), ("listen", "--broadcast")):
            with self.subTest(service), Server(*service, "0") as server:
                for target in ("/", "/any?x=y"):
                    status, head, body = self.ask(server, "Accept: text/html", request=PLAIN,
                                                  start=f"GET {target} HTTP/1.1")
                    self.assertEqual((status, header(head, "Content-Type")), (200, "text/html; charset=utf-8"))
                    text = body.decode()
                    self.assertTrue(text.startswith("<!DOCTYPE html>\n"))
                    self.assertIn("new WebSocket(", text)
                    self.assertIn("location.href", text)
                    self.assertNotIn("http://", text)
                    self.assertNotIn("https://", text)

    def test_is_not_needed_for_it(self):
        with Server("listen", "0") as server:
            for request in (PLAIN, (), ("Host: x", "Connection: keep-alive")):
                # Whom it asks has to be said, but to an echo.
                self.assertEqual(self.status(server, request=request, start="GET / HTTP/1.0"), 200 if request else 400)
            self.assertEqual(self.status(server, request=()), 400)
        with Server("echo", "0") as server:
            self.assertEqual(self.status(server, request=(), start="GET / HTTP/1.0"), 200)
            self.assertEqual(self.status(server, request=()), 400)  # HTTP/1.1 wants a Host

    def test_that_asks_for_anything_else_gets_an_error(self):
        with Server("listen", "0") as server:
            for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "BREW"):
                with self.subTest(method):
                    status, head, body = self.ask(server, request=PLAIN, start=method + " / HTTP/1.1")
                    self.assertEqual((status, header(head, "Allow")), (405, "GET, HEAD"))
                    self.assertTrue(body)
            status, head, _ = self.ask(server, request=("Host: x", "Upgrade: h2c", "Connection: Upgrade"))
            self.assertEqual((status, header(head, "Upgrade")), (426, "websocket"))
            self.assertEqual(self.status(server, "Content-Length: 2", request=PLAIN, start="POST / HTTP/1.1"), 405)

    def test_as_curl_asks(self):
        with Server("listen", "0") as server:
            url = server.url.replace("ws:", "http:")
            try:
                result = subprocess.run(["curl", "-sS", "--max-time", "20", "-i", url], capture_output=True,
                                        check=False)
            except FileNotFoundError:
                self.skipTest("there is no curl")
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertTrue(result.stdout.startswith(b"HTTP/1.1 200 OK\r\n"))


class Listening(Case):
    def test_is_on_loopback_only(self):
        for command in ("listen", "echo"):
            with self.subTest(command), Server(command, "0") as server:
                with self.assertRaises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.2", server.port))

    def test_on_a_port_that_is_taken_is_an_error(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            for address in (str(port), f"127.0.0.1:{port}", f"localhost:{port}"):
                with self.subTest(address):
                    self.assertEqual(run("listen", address), (
                        1, b"", f"wscope: 127.0.0.1:{port}: address already in use\n"))
                    self.assertEqual(run("listen", "-q", address).status, 1)

    def test_at_an_address_that_is_not_ours_is_an_error(self):
        self.assertEqual(run("listen", "192.0.2.1:0"), (
            1, b"", "wscope: 192.0.2.1:0: cannot assign requested address\n"))


if __name__ == "__main__":
    unittest.main()
