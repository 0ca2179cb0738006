"""What the options for the upgrade request put on the wire."""

import pathlib
import re
import tempfile
import unittest

from peer import header, scripted
from support import Case, Server, run


def script_of_request(peer):
    request = peer.accept()
    peer.finish()
    return request


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

    def test_of_the_handshake_are_replaced(self):
        own = {"Host": "example.test", "Upgrade": "WebSocket", "Connection": "keep-alive, Upgrade",
               "Sec-WebSocket-Version": "13", "Sec-WebSocket-Extensions": "permessage-deflate", "Origin": "http://me",
               "User-Agent": "me", "Authorization": "Bearer t", "Cookie": "a=1"}
        options = [word for name, value in own.items() for word in ("-H", f"{name}: {value}")]
        request = self.request("--host", "h", "-o", "http://a", "-A", "x", "-u", "a:b", "-p", "8", *options)
        self.assertEqual(request.split("\r\n")[1], "Host: example.test")
        self.assertEqual(dict(line.split(": ") for line in request.split("\r\n")[1:-2]), own)
        self.assertEqual(len(request.split("\r\n")[1:-2]), len(own))

    def test_of_the_handshake_are_there_once(self):
        request = self.request("-H", "Host: a", "-H", "host: b", "-H", "Connection: keep-alive", "-H",
                               "connection: upgrade", "-H", "Cookie: a=1", "-H", "cookie: b=2", "--cookie", "c=3")
        self.assertIn("\r\nHost: b\r\n", request)
        self.assertIn("\r\nConnection: keep-alive, upgrade\r\n", request)
        self.assertIn("\r\nCookie: a=1; b=2; c=3\r\n", request)
        self.assertEqual(len(re.findall("(?mi)^(host|connection|cookie):", request)), 3)

    def test_of_the_handshake_serve_our_own_server(self):
        with Server("echo", "0") as server:
            for name, value in (("Sec-WebSocket-Version", "13"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
                                ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
                                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Host", "localhost")):
                with self.subTest(name):
                    self.assertEqual(run("-H", f"{name}: {value}", "-x", "hi", "--one", server.url), (0, b"hi\n", ""))
            big = "x" * 5000
            result = run("-v", "-H", "Sec-WebSocket-Extensions: permessage-deflate", "-x", big, "--one", server.url)
            self.assertEqual(result[:2], (0, big.encode() + b"\n"))
            self.assertEqual(run("-H", "Sec-WebSocket-Key:", server.url)[:2], (6, b""))

    def test_key(self):
        def script(peer):
            request = peer.accept()
            peer.finish()
            return header(request, "Sec-WebSocket-Key")

        with scripted(script) as server:
            self.assertEqual(run("-H", "Sec-WebSocket-Key: mine", server.url, "--eof", "close"), (0, b"", ""))
        self.assertEqual(server.result, "mine")

    def test_left_out_and_empty(self):
        names = ("Host", "Origin", "User-Agent", "Authorization", "Cookie", "Sec-WebSocket-Extensions",
                 "Sec-WebSocket-Protocol", "X-Not-Ours", "Upgrade", "Connection", "Sec-WebSocket-Version")
        options = [word for name in names for word in ("-H", name + ":")]
        request = self.request("-o", "http://a", "-u", "a:b", "--cookie", "a=b", "-s", "chat", *options, "-H", "Empty;")
        self.assertEqual(request.split("\r\n"), ["GET / HTTP/1.1", "Empty: ", "", ""])

    def test_subprotocol_of_a_header(self):
        request = self.request("-H", "Sec-WebSocket-Protocol: mqtt, wamp", "-s", "chat",
                               answer=("Sec-WebSocket-Protocol: wamp",))
        self.assertEqual(header(request, "Sec-WebSocket-Protocol"), "chat, mqtt, wamp")

    def test_extensions_that_are_not_known(self):
        def script(peer):
            peer.accept("Sec-WebSocket-Extensions: x-private")

        with scripted(script) as server:
            result = run("-H", "Sec-WebSocket-Extensions: x-private", server.url)
        self.assertEqual(result.status, 6)
        self.assertIn("the server accepted an extension that is offered but not known here: x-private", result.stderr)

    def test_cookie_file(self):
        lines = ("# Netscape HTTP Cookie File", "", "127.0.0.1\tFALSE\t/\tFALSE\t0\tsid\tabc",
                 "#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\ttok\tx", "# comment",
                 "127.0.0.1\tFALSE\t/deep\tFALSE\t0\tpath\tx", "127.0.0.1\tFALSE\t/\tTRUE\t0\tsecure\tx",
                 "127.0.0.1\tFALSE\t/\tFALSE\t1000000000\told\tx", ".0.0.1\tTRUE\t/\tFALSE\t0\tother\tx")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "jar.txt")
            path.write_text("\n".join(lines) + "\n")
            for options in (["--cookie", f"@{path}"], ["--json", "--cookie", f"@{path}"]):
                with scripted(script_of_request) as server:
                    self.assertEqual(run(*options, "--eof", "close", server.url).status, 0)
                self.assertEqual(header(server.result, "Cookie"), "sid=abc; tok=x")
            request = self.request("--cookie", "a=1", "--cookie", f"@{path}", "-H", "Cookie: b=2")
            self.assertEqual(header(request, "Cookie"), "b=2; a=1; sid=abc; tok=x")
            with scripted(script_of_request) as server:
                self.assertEqual(run("curl", "-b", str(path), server.url, "--eof", "close"), (0, b"", ""))
            self.assertEqual(header(server.result, "Cookie"), "sid=abc; tok=x")

    def test_in_a_session(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "jar")
            path.write_text("127.0.0.1\tFALSE\t/\tFALSE\t0\tsid\tabc\nbad\n")
            with scripted(script_of_request) as server:
                line = f"/connect -H 'Sec-WebSocket-Version: 8' -H 'User-Agent:' -H 'X;' --cookie @{path} {server.url}"
                result = run("--commands", "-", stdin=line.encode() + b"\n/close\n")
            self.assertEqual(result, (0, b"", f"wscope: {path}: line 2 is no cookie, and left out\n"))
        lines = server.result.split("\r\n")
        for expected in ("Sec-WebSocket-Version: 8", "X: ", "Cookie: sid=abc"):
            self.assertEqual(lines.count(expected), 1)
        self.assertNotIn("User-Agent", server.result)
        self.assertEqual(len(re.findall("Sec-WebSocket-Version", server.result)), 1)

    def test_cookie_file_that_is_bad_in_part(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "jar.txt")
            path.write_text("# Netscape HTTP Cookie File\n127.0.0.1 FALSE / FALSE 0 a s3cret\n"
                            "127.0.0.1\tFALSE\t/\tFALSE\t0\tb\tx\n")
            with scripted(script_of_request) as server:
                result = run("--cookie", f"@{path}", "--eof", "close", server.url)
            self.assertEqual(result, (0, b"", f"wscope: {path}: line 2 is no cookie, and left out\n"))
            self.assertEqual(header(server.result, "Cookie"), "b=x")
            path.write_text('[{"name": "a", "value": "b=s3cret"}]\n')
            result = run("--cookie", f"@{path}", "ws://127.0.0.1:1/")
            self.assertEqual(result[:2], (2, b""))
            self.assertTrue(result.stderr.startswith(f"wscope: {path}:1: not a cookie\nhint: "), result.stderr)

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
