"""Heads of responses as old servers write them, and those that contradict themselves."""

import unittest

from peer import CLOSE, TEXT, accept_value, header, scripted
from support import Case, run

HEAD = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")


class Heads(Case):
    def exchange(self, write):
        """What comes of `echo hi` if `write(peer, accept)` answers the request."""
        def script(peer):
            write(peer, "Sec-WebSocket-Accept: " + accept_value(header(peer.read_head(), "Sec-WebSocket-Key")))
            if peer.read_frame().opcode == TEXT:
                peer.send(TEXT, b"hi")
                self.assertEqual(peer.read_frame().opcode, CLOSE)
                peer.close()

        with scripted(script) as server:
            return run("-x", "hi", "--one", server.url)

    def refusal(self, *lines, body=b""):
        def script(peer):
            peer.read_head()
            peer.write("\r\n".join([*lines, "", ""]).encode() + body)

        with scripted(script) as server:
            return run(server.url), server.url

    def test_of_bare_line_feeds(self):
        for end in ("\n", "\r\n"):
            with self.subTest(end):
                lines = (*HEAD, "X: y")
                result = self.exchange(lambda peer, accept: peer.write(
                    ("\n".join((*lines, accept)) + "\n" + end).encode()))
                self.assertEqual(result, (0, b"hi\n", ""))

    def test_of_folded_lines(self):
        def write(peer, accept):
            name, value = accept.split(": ")
            head = f"{HEAD[0]}\r\nUpgrade:\r\n websocket\r\nConnection: keep-alive,\r\n\tUpgrade\r\n" \
                   f"{name}:\r\n \t{value}\r\n \r\nX: a\r\n b\r\n\r\n"
            for byte in head.encode():
                peer.write(bytes([byte]))
        self.assertEqual(self.exchange(write), (0, b"hi\n", ""))

    def test_of_a_folded_line_before_all_others(self):
        result, url = self.refusal("HTTP/1.1 403 Forbidden", " X: y")
        self.assertEqual(result.status, 6)
        self.assertTrue(result.stderr.startswith(
            f"wscope: {url}: upgrade failed: a header line that begins with white space\n"), result.stderr)

    def test_of_two_lengths(self):
        for lines in (["Content-Length: 5", "Content-Length: 7"], ["Content-Length: 5, 7"]):
            with self.subTest(lines):
                result, url = self.refusal("HTTP/1.1 403 Forbidden", *lines, body=b"hello")
                self.assertEqual(result, (6, b"", f"wscope: {url}: upgrade failed: the response has two different "
                                                  "Content-Lengths, 5 and 7\n"))

    def test_of_one_length_twice(self):
        result, _ = self.refusal("HTTP/1.1 403 Forbidden", "Content-Length: 5", "content-length: 5", body=b"hello")
        self.assertEqual(result.status, 6)
        self.assertTrue(result.stderr.startswith("wscope: upgrade refused: HTTP 403 Forbidden"), result.stderr)


if __name__ == "__main__":
    unittest.main()
