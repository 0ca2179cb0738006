"""What went wrong, in words with evidence: on stderr, as events and on the screen of a session."""

import gzip
import json
import os
import tempfile
import unittest
import zlib

from peer import BINARY, CLOSE, TEXT, close_payload, connected, encode, reject, scripted
from support import ENVIRONMENT, Case, Server, run


def after_the_101(*pieces):
    """A script: accepts, writes this in one piece or several, and reads what comes."""
    def script(peer):
        peer.accept()
        for piece in pieces:
            peer.write(piece)
        return peer.read_rest()
    return script


def events_of(output):
    return [json.loads(line) for line in output.decode().splitlines()]


HELD = ("--eof", "hold", "--close-timeout", "0.3")


class Violations(Case):
    def check(self, data, words, *arguments):
        with scripted(after_the_101(data)) as server:
            result = run(*HELD, *arguments, server.url)
        self.assertEqual((result.status, result.stderr), (7, f"wscope: {words}\n"))

    def test_name_what_was_seen(self):
        broken = "the peer broke the protocol: "
        for data, words in (
            (encode(CLOSE, close_payload(1006, "exit status 3")),
             'Close with the code 1006 (abnormal close), which may not be sent; its reason is "exit status 3"; '
             "we sent 1002"),
            (encode(CLOSE, b"\x03\xe8\xc3\x28"),
             "Close 1000 (OK) with a reason that is not UTF-8: bytes c3 28 at offset 0; we sent 1007"),
            (encode(TEXT, b"ab\xffcd"), "text that is not UTF-8: byte ff at offset 2; we sent 1007"),
            (encode(3), "frame with the reserved opcode 3; we sent 1002"),
            (encode(TEXT, b"x", rsv=5),
             "text frame with RSV1 and RSV3, which nothing agreed on uses here; we sent 1002"),
            (b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
             "HTTP response behind the 101, where a frame should be; we sent 1002"),
            (b"\x16\x03\x03\x00\x7a", "TLS record where a frame should be; we sent 1002"),
        ):
            with self.subTest(words):
                self.check(data, broken + words)

    def test_name_the_limit_and_the_size(self):
        self.check(encode(BINARY, b"123456"),
                   "the peer sent too long a message: 6 bytes, over the limit of 5 (--max-size); we sent 1009",
                   "--max-size", "5")
        self.check(encode(BINARY, b"123456"),
                   "the peer sent too long a frame: 6 bytes, over the limit of 5 (--max-frame); we sent 1009",
                   "--max-frame", "5")

    def test_say_the_code_that_we_sent_in_json(self):
        with scripted(after_the_101(encode(3))) as server:
            result = run("--json", *HELD, server.url)
        fail, closed, error = events_of(result.stdout)[-3:]
        words = "frame with the reserved opcode 3"
        self.assertEqual((fail["event"], fail["code"], fail["message"]), ("fail", 1002, words))
        self.assertEqual([closed[key] for key in ("event", "code", "reason", "clean")],
                         ["closed", 1002, "reserved opcode", False])
        self.assertEqual(error["message"], f"the peer broke the protocol: {words}; we sent 1002")

    def test_in_a_script(self):
        with scripted(after_the_101(encode(3))) as server, tempfile.NamedTemporaryFile("w") as script:
            script.write("/wait 5\n")
            script.flush()
            result = run("--commands", script.name, "--close-timeout", "0.3", server.url)
        self.assertEqual((result.status, result.stderr), (
            7, "wscope: the peer broke the protocol: frame with the reserved opcode 3; we sent 1002\n"))

    def test_of_clients(self):
        with Server("listen", "0") as server:
            with connected(server) as client:
                client.write(b"GET / HTTP/1.1\r\n\r\n")
                client.read_rest()
            self.assertEqual(server.process.stderr.readline().decode(),
                             "wscope: client 1: the peer broke the protocol: "
                             "HTTP request behind the upgrade, where a frame should be; we sent 1002\n")


class Incomplete(Case):
    WORDS = "the last message is incomplete: 3 bytes of a text message came"
    BEGUN = encode(TEXT, b"Hel", fin=False)

    def check(self, script, status, words, *arguments, length=3):
        with scripted(script) as server:
            result = run(*HELD, *arguments, server.url)
        self.assertEqual((result.status, result.stderr), (status, words))
        with scripted(script) as server:
            result = run("--json", *HELD, *arguments, server.url)
        told = [event for event in events_of(result.stdout) if event["event"] == "incomplete"]
        self.assertEqual([(event["dir"], event["type"], event["length"]) for event in told], [("in", "text", length)])
        self.assertEqual(result.status, status)

    def test_by_a_close(self):
        def script(peer):
            peer.accept()
            peer.write(self.BEGUN)
            peer.close(1000, "bye")
            peer.read_frame()
        self.check(script, 7, f"wscope: closed by the peer: 1000 (OK) bye; {self.WORDS}\n")

    def test_by_a_loss(self):
        def script(peer):
            peer.accept()
            peer.write(self.BEGUN)
        self.check(script, 8, f"wscope: connection lost: without a Close from the peer; {self.WORDS}\n")

    def test_in_the_middle_of_a_frame(self):
        def script(peer):
            peer.accept()
            peer.write(encode(TEXT, b"Hello")[:-2])
        self.check(script, 8, f"wscope: connection lost: without a Close from the peer; {self.WORDS}\n")

    def test_by_ours(self):
        def script(peer):
            peer.accept()
            peer.write(self.BEGUN)
            peer.finish()
        with scripted(script) as server:
            result = run("-w", "0.3", server.url)
        self.assertEqual(result, (8, b"Hel", f"wscope: closed in the middle of a message; {self.WORDS}\n"))

    def test_of_a_client(self):
        with Server("listen", "0") as server:
            with connected(server) as client:
                client.send(TEXT, b"Hel", fin=False)
                client.close(1000)
                client.read_rest()
            self.assertEqual(server.process.stderr.readline().decode(), f"wscope: client 1: {self.WORDS}\n")


class Refusals(Case):
    JSON = b'{"error":"token expired"}'

    def refusal(self, status_line, *headers, body=b"", arguments=()):
        with scripted(reject(status_line, *headers, body=body)) as server:
            result = run(*arguments, server.url)
        self.assertEqual(result.status, 6)
        return result.stderr

    def test_have_their_body(self):
        words = 'wscope: upgrade refused: HTTP 403 Forbidden: {"error":"token expired"}\n'
        for coding, body in (("gzip", gzip.compress(self.JSON)), ("deflate", zlib.compress(self.JSON)),
                             ("identity", self.JSON)):
            with self.subTest(coding):
                headers = ("Content-Type: application/json", f"Content-Encoding: {coding}")
                self.assertEqual(self.refusal("403 Forbidden", *headers, body=body, arguments=("-o", "http://x")), words)
                told = self.refusal("403 Forbidden", *headers, body=body, arguments=("-v", "--json"))
                self.assertIn("token expired", told)

    def test_are_escaped(self):
        told = self.refusal("403 Forbidden", "Content-Type: text/plain", body=b"a\x1b[2Jb\n")
        self.assertIn("HTTP 403 Forbidden: a\\x1b[2Jb\n", told)

    def test_have_a_body_that_was_cut_off(self):
        def script(peer):
            peer.read_head()
            peer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nshort")
        with scripted(script) as server:
            result = run(server.url)
        self.assertEqual((result.status, result.stderr.split("\n")[0]),
                         (6, "wscope: upgrade refused: HTTP 403 Forbidden: short"))

    def test_name_the_schemes(self):
        basic = self.refusal("401 Unauthorized", "WWW-Authenticate: Basic realm=x")
        self.assertIn("hint: 401: it wants Basic, try --auth USER:PASSWORD\n", basic)
        given = self.refusal("401 Unauthorized", "WWW-Authenticate: Basic", arguments=("--auth", "a:b"))
        self.assertIn("hint: 401: it wants Basic, and does not take what was given\n", given)

    def test_name_the_subprotocol(self):
        def script(peer):
            peer.accept("Sec-WebSocket-Protocol: xmpp")
            peer.read_rest()
        with scripted(script) as server:
            result = run(server.url)
        self.assertEqual((result.status, result.stderr), (
            6, f'wscope: {server.url}: invalid upgrade response: the server chose the subprotocol "xmpp", which was '
               "not offered\nhint: -s xmpp offers it\n"))

    def test_name_frames_without_a_head(self):
        def script(peer):
            peer.read_head()
            peer.write(encode(TEXT, b"hi"))
            peer.read_rest()
        with scripted(script) as server:
            result = run(server.url)
        self.assertEqual((result.status, result.stderr.split("\n")[0]), (
            6, f"wscope: {server.url}: upgrade failed: this is a WebSocket frame, not HTTP"))


class Ways(Case):
    def test_a_proxy_is_seen_and_its_schemes_named(self):
        def script(peer):
            peer.read_head()
            peer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n"
                       b"Proxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n")
            peer.read_rest()
        with scripted(script) as proxy:
            result = run("-v", "--proxy", f"http://u:secret@{proxy.host}:{proxy.port}", "ws://example.test/")
        self.assertEqual(result.status, 4)
        self.assertIn("> CONNECT example.test:80 HTTP/1.1\n> Host: example.test:80\n> Proxy-Authorization: ***\n",
                      result.stderr)
        self.assertIn("< HTTP/1.1 407 Proxy Authentication Required\n", result.stderr)
        self.assertIn("hint: it wants Negotiate, NTLM; ", result.stderr)
        self.assertNotIn("secret", result.stderr)

    def test_a_proxy_of_the_environment_is_not_for_this_machine(self):
        with scripted(lambda peer: (peer.accept(), peer.finish())) as server:
            result = run("-v", "--eof", "close", server.url, env={**ENVIRONMENT, "http_proxy": "http://127.0.0.1:1"})
        self.assertEqual(result.status, 0)
        self.assertIn("* no proxy: 127.0.0.1 is this machine, ", result.stderr)

    def test_a_unix_socket_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "none.sock")
            for arguments, place in (((f"ws+unix:{path}:/chat",), f"ws+unix:{path}:/chat"),
                                     (("--unix-socket", path, "ws://h/chat"), f"ws://h/chat ({path})")):
                with self.subTest(place):
                    result = run(*arguments)
                    self.assertEqual(result.status, 4)
                    self.assertTrue(result.stderr.startswith(f"wscope: {place}: "), result.stderr)

    def test_a_loss_says_how_long_it_was_silent(self):
        def script(peer):
            peer.accept()
            peer.socket.settimeout(1.2)
            try:
                peer.read_rest()
            except TimeoutError:
                pass
        with scripted(script) as server:
            result = run("--eof", "hold", server.url)
        self.assertEqual(result.status, 8)
        self.assertRegex(result.stderr, r"^wscope: connection lost: without a Close from the peer, "
                                        r"after [1-9][0-9.]* s of silence\n")


if __name__ == "__main__":
    unittest.main()
