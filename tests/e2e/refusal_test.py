"""What the echo server says to those who do not speak WebSocket to it."""

import socket
import time
import unittest

from peer import KEY, REQUEST, TEXT, connected, dialed, header
from support import Case, Server

WITHOUT_END = REQUEST.encode()
VALID = WITHOUT_END + b"\r\n"


def changed(old, new):
    return VALID.replace(old.encode(), new.encode())


class Refusals(Case):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def response(self, request, end=False):
        """The head and body of the answer, after which the server ends the stream."""
        with dialed(self.server) as client:
            client.write(request)
            if end:
                client.socket.shutdown(socket.SHUT_WR)
            head = client.read_head()
            body = client.read_rest()
        self.assertEqual(header(head, "Content-Length"), str(len(body)))
        self.assertIn(header(head, "Connection"), ("close", "Upgrade"))
        return head, body

    def test_are_correct_http(self):
        upgrade = {"Upgrade": "websocket"}
        version = {"Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        for name, request, status, fields in (
            ("other upgrade", changed("Upgrade: websocket", "Upgrade: h2c"), "426 Upgrade Required", upgrade),
            ("no upgrade option", changed("Connection: Upgrade", "Connection: close"), "426 Upgrade Required", upgrade),
            ("POST", changed("GET", "POST"), "405 Method Not Allowed", {"Allow": "GET"}),
            ("HTTP/1.0", changed("HTTP/1.1", "HTTP/1.0"), "505 HTTP Version Not Supported", {}),
            ("HTTP/2.0", b"PRI * HTTP/2.0\r\n\r\n", "505 HTTP Version Not Supported", {}),
            ("bad key", changed(KEY, "short"), "400 Bad Request", {}),
            ("no key", changed("Sec-WebSocket-Key", "X"), "400 Bad Request", {}),
            ("two keys", changed("Upgrade: w", f"Sec-WebSocket-Key: {KEY}\r\nUpgrade: w"), "400 Bad Request", {}),
            ("no host", changed("Host", "X"), "400 Bad Request", {}),
            ("version 8", changed("Version: 13", "Version: 8"), "426 Upgrade Required", version),
            ("no version", changed("Sec-WebSocket-Version", "X"), "400 Bad Request", {"Sec-WebSocket-Version": "13"}),
            ("bad extensions", changed("\r\n\r\n", "\r\nSec-WebSocket-Extensions: a;;b\r\n\r\n"),
             "400 Bad Request", {}),
            ("a body", changed("\r\n\r\n", "\r\nContent-Length: 2\r\n\r\nhi"), "400 Bad Request", {}),
            ("long request line", b"GET /" + b"x" * (64 << 10) + b" HTTP/1.1\r\n\r\n", "414 URI Too Long", {}),
            ("long header", changed("\r\n\r\n", "\r\nX: " + "x" * (64 << 10) + "\r\n\r\n"),
             "431 Request Header Fields Too Large", {}),
            ("many headers", changed("\r\n\r\n", "\r\nX: y" * (11 << 10) + "\r\n\r\n"),
             "431 Request Header Fields Too Large", {}),
            ("garbage", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "400 Bad Request", {}),
            ("folded header", changed("\r\n\r\n", "\r\n folded\r\n\r\n"), "400 Bad Request", {}),
            ("line feeds alone", VALID.replace(b"\r\n", b"\n"), "400 Bad Request", {}),
        ):
            with self.subTest(name):
                head, body = self.response(request)
                self.assertEqual(head.split("\r\n")[0], "HTTP/1.1 " + status)
                self.assertEqual({field: header(head, field) for field in fields}, fields)
                self.assertEqual(header(head, "Content-Type"), "text/plain; charset=utf-8")
                self.assertTrue(body.endswith(b"\n"))

    def test_reach_a_client_that_is_still_sending(self):
        head, _ = self.response(WITHOUT_END + b"X: " + bytes(b"x" * (2 << 20)))
        self.assertTrue(head.startswith("HTTP/1.1 431 "))

    def test_reach_a_client_that_has_half_closed(self):
        head, _ = self.response(b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", end=True)
        self.assertTrue(head.startswith("HTTP/1.1 405 "))

    def test_are_not_for_an_upgrade_in_unusual_words(self):
        request = ("GET /any/path?x HTTP/1.1\r\nhost:x\r\nUPGRADE: foo/1, WebSocket\r\n"
                   "connection: keep-alive,\t upgrade\r\n"
                   f"sec-websocket-version:13\r\nsec-websocket-key:{KEY}\r\nCookie: a=b\r\nOrigin: null\r\n\r\n")
        with dialed(self.server) as client:
            for byte in request.encode():
                client.write(bytes([byte]))
            self.assertTrue(client.read_head().startswith("HTTP/1.1 101 "))
            client.send(TEXT, b"hello")
            self.assertEqual(client.read_message(), (TEXT, b"hello"))

    def test_are_not_for_one_that_sends_before_it_is_accepted(self):
        with dialed(self.server) as client:
            client.write(VALID + b"\x81\x85\0\0\0\0hello")
            self.assertTrue(client.read_head().startswith("HTTP/1.1 101 "))
            self.assertEqual(client.read_message(), (TEXT, b"hello"))


class Patience(Case):
    def test_with_a_client_that_says_nothing_ends_with_the_handshake_timeout(self):
        with Server("echo", "--handshake-timeout", "0.3", "0") as server:
            begin = time.monotonic()
            with connected(server) as other, dialed(server) as silent, dialed(server) as slow:
                slow.write(WITHOUT_END)
                self.assertEqual([silent.read_rest(), slow.read_rest()], [b"", b""])
                self.assertGreater(time.monotonic() - begin, 0.2)
                self.assertLess(time.monotonic() - begin, 9)
                other.send(TEXT, b"still here")
                self.assertEqual(other.read_message(), (TEXT, b"still here"))

    def test_with_a_client_that_keeps_its_connection_after_the_close_ends_too(self):
        with Server("echo", "--close-timeout", "0.3", "0") as server:
            with connected(server) as client:
                client.close()
                client.read_frame()
                self.assertEqual(client.read_rest(), b"")
                self.assertEqual(server.stop(), (0, b"", ""))


if __name__ == "__main__":
    unittest.main()
