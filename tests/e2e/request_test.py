"""What the options for the upgrade request put on the wire."""

import pathlib
import re
import tempfile
import unittest

from peer import header, scripted
from support import Case, run


class Requesting(Case):
    def request(self, *options, answer=()):
        """The request that these options make, without its key."""
        def script(peer):
            request = peer.accept(*answer)
            peer.finish()
            return request

        with scripted(script) as server:
            self.assertEqual(run(*options, server.url, "--eof", "close"), (0, b"", ""))
        self.host = server.url[5:-1]
        self.assertRegex(server.result, r"Sec-WebSocket-Key: [A-Za-z0-9+/]{22}==\r\n")
        return re.sub(r"Sec-WebSocket-Key: .*\r\n", "", server.result)

    def test_usual(self):
        lines = self.request().split("\r\n")
        self.assertEqual(lines[:6], [
            "GET / HTTP/1.1", "Host: " + self.host, "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"])
        self.assertRegex(lines[6], r"^User-Agent: wscope/\d+\.\d+\.\d+$")
        self.assertEqual(lines[7:], ["", ""])

    def test_headers(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "headers")
            path.write_text("X-File: 1\nX-File: 2\n")
            request = self.request("-H", "X-A: 1", "--header", "x-a:2", "-H", f"@{path}", "-H", "Origin: http://me")
        self.assertTrue(request.endswith(
            "X-A: 1\r\nx-a: 2\r\nX-File: 1\r\nX-File: 2\r\nOrigin: http://me\r\n"
            + f"User-Agent: {header(request, 'User-Agent')}\r\n\r\n"))

    def test_replaced(self):
        request = self.request("--host", "example.com", "-o", "http://a", "-A", "me", "-p", "13", "--no-compress")
        self.assertEqual(request.split("\r\n"), [
            "GET / HTTP/1.1", "Host: example.com", "Origin: http://a", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "User-Agent: me", "", ""])
        self.assertEqual(self.request("-H", "Host: other", "--host", "h", "-A", "").count("Host: "), 1)

    def test_credentials(self):
        basic = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        for option in ("-u", "--user", "--auth"):
            self.assertEqual(header(self.request(option, "Aladdin:open sesame"), "Authorization"), basic)
        self.assertEqual(header(self.request("--bearer", "t0k"), "Authorization"), "Bearer t0k")
        self.assertEqual(header(self.request("--cookie", "a=1", "--cookie", "b=2"), "Cookie"), "a=1; b=2")

    def test_negotiated(self):
        request = self.request("-s", "chat", "--subprotocol", "superchat",
                               answer=("Sec-WebSocket-Protocol: superchat",))
        self.assertEqual(header(request, "Sec-WebSocket-Protocol"), "chat, superchat")
        parameters = "server_max_window_bits=10; client_no_context_takeover"
        request = self.request("--compress", parameters,
                               answer=("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9",))
        self.assertEqual(header(request, "Sec-WebSocket-Extensions"),
                         "permessage-deflate; client_no_context_takeover; server_max_window_bits=10")

    def test_an_option_takes_one_value(self):
        for option, value in (("-H", "A: b"), ("-s", "chat"), ("--cookie", "a=b"), ("-o", "x"), ("-A", "x")):
            self.request(option, value)  # and not the URL behind it

    def request_fails(self, message, *options):
        status, out, err = run(*options, "ws://127.0.0.1:1/")
        self.assertEqual((status, out), (2, b""))
        self.assertEqual(err.split("\n")[0], "wscope: " + message)
        return err

    def test_nonsense(self):
        self.request_fails("header X: a control character in its value", "-H", "X: a\r\nY: b")
        self.request_fails("--subprotocol: not a token", "-s", "a b")
        self.request_fails("--compress: invalid permessage-deflate parameter: x", "--compress", "x")
        self.request_fails("--no-compress excludes --compress", "--compress", "x", "--no-compress")
        self.assertIn("no terminal", self.request_fails("--user: no terminal to ask for the password on", "--user", "secret"))
        self.assertEqual(run("-H", "@/nonexistent", "ws://127.0.0.1:1/"),
                         (1, b"", "wscope: /nonexistent: no such file or directory\n"))


if __name__ == "__main__":
    unittest.main()
