"""-v, -vv, --frames and -q: what is said on stderr about a connection, and that none of it is on stdout."""

import re
import unittest
import zlib

from peer import (BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, connected, encode, mask_with, reject,
                  scripted)
from proxies import tunnel_to
from support import Case, Server, finish, run, start

TIME = re.compile(r"^\d\d:\d\d:\d\d\.\d{6} ", re.M)
MASK = re.compile(r"(?<= mask=)[0-9a-f]{8}$", re.M)
UNLIKE = (
    (TIME, "TIME "),
    (re.compile(r"^([<>] Sec-WebSocket-(Key|Accept)): [A-Za-z0-9+/]+=+$", re.M), r"\1: …"),
    (re.compile(r"^(> User-Agent: wscope)/\d+\.\d+\.\d+$", re.M), r"\1"),
    (re.compile(r"^\* sent \d+ messages?, .*; \d+\.\d\d s\n\Z", re.M), ""),
    (re.compile(r"^\* (DNS|TCP|proxy|TLS|upgrade) +\d+\.\d\d ms \|[ =]{20}\|\n", re.M), ""),
)


def masked_out(text):
    """The text without what is different each time."""
    for pattern, name in UNLIKE:
        text = pattern.sub(name, text)
    return text


def dump(wire):
    """The bytes of a frame, as they are to be shown."""
    lines = []
    for offset in range(0, len(wire), 16):
        row = wire[offset : offset + 16]
        left, right = row[:8].hex(" "), row[8:].hex(" ")
        text = "".join(chr(byte) if 0x20 <= byte < 0x7f else "." for byte in row)
        lines.append(f"  {offset:04x}  {left:<23}  {right:<23}  |{text}|\n")
    return "".join(lines)


def request(url, *fields, path="/"):
    lines = [f"GET {path} HTTP/1.1", f"Host: {url[5:-1]}", "Upgrade: websocket", "Connection: Upgrade",
             "Sec-WebSocket-Key: …", "Sec-WebSocket-Version: 13",
             "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits", *fields, "User-Agent: wscope"]
    return "".join(f"> {line}\n" for line in lines) + ">\n"


def response(*fields, status="101 Switching Protocols", upgrade=("Upgrade: websocket", "Connection: Upgrade",
                                                                 "Sec-WebSocket-Accept: …")):
    return "".join(f"< {line}\n" for line in (f"HTTP/1.1 {status}", *upgrade, *fields)) + "<\n"


def opening(url, agreed="no extensions", fields=(), answer=()):
    return f"* trying {url[5:-1]}\n" + request(url, *fields) + response(*answer) + f"* open, {agreed}\n"


def script_of(*frames, answer=()):
    """A script: accepts, sends these frames, and waits for the Close or the answer to its own."""
    def script(peer):
        peer.accept(*answer)
        peer.write(b"".join(frames))
        while (frame := peer.read_frame()).opcode != CLOSE:
            pass
        if not any(sent[0] & 15 == CLOSE for sent in frames):
            peer.send(CLOSE, frame.payload)
    return script


class Verbose(Case):
    def check(self, script, expected, *arguments, status=0, stdout=b""):
        """`expected` makes what is on stderr from the URL."""
        with scripted(script) as server:
            result = run(*arguments, server.url)
        self.assertEqual(masked_out(result.stderr), expected(server.url))
        self.assertEqual((result.status, result.stdout), (status, stdout))

    def test_shows_both_heads_and_the_end(self):
        self.check(script_of(encode(TEXT, b"hello")), lambda url: opening(url) +
                   "* closed: sent 1000 (OK); then received 1000 (OK)\n", "-v", "--eof", "close", stdout=b"hello\n")

    def test_shows_what_was_agreed(self):
        answer = ("Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Extensions: permessage-deflate", "X: 1", "X: 2")
        self.check(script_of(encode(CLOSE, close_payload(1001, "grüß")), answer=answer), lambda url: opening(
            url, "subprotocol chat, permessage-deflate", ("Sec-WebSocket-Protocol: chat, superchat",), answer) +
            "* closed: received 1001 (going away) grüß; then sent 1001 (going away) grüß\n",
            "--verbose", "-s", "chat", "-s", "superchat", "--eof", "hold")

    def test_shows_no_secrets(self):
        def script(peer):
            peer.accept("Set-Cookie: a=secret")
            return peer.finish()
        for arguments in (["-u", "user:secret"], ["--bearer", "secret"], ["-H", "authorization:secret"],
                          ["--cookie", "a=secret"], ["-H", "Cookie: secret"], ["-H", "Proxy-Authorization: secret"]):
            for level in ("-v", "-vv"):
                with self.subTest(arguments), scripted(script) as server:
                    result = run(level, *arguments, "--eof", "close", server.url.replace("//", "//user:secret@"))
                    self.assertEqual((result.status, result.stdout), (0, b""))
                    self.assertNotIn("secret", result.stderr)
                    self.assertNotIn("c2VjcmV0", result.stderr.replace("\n", ""))
                    self.assertNotIn("dXNlcjpzZWNyZXQ", result.stderr)
                    self.assertRegex(result.stderr, r"(?im)^> (proxy-)?(authorization|cookie): \*\*\*$")
                    self.assertIn("< Set-Cookie: ***\n", result.stderr)

    def test_escapes_what_the_peer_says(self):
        self.check(script_of(encode(CLOSE, close_payload(1000, "\x1b]0;x\x07\u202e")), answer=("X: ä\u202e\xa0",)),
                   lambda url: opening(url, answer=("X: ä\\u{202e}\xa0",)) + "* closed: received 1000 (OK) "
                   "\\x1b]0;x\\x07\\u{202e}; then sent 1000 (OK) \\x1b]0;x\\x07\\u{202e}\n", "-v", "--eof", "hold")

    def test_shows_a_refusal_with_its_headers_and_body(self):
        script = reject("403 Forbidden", "Content-Type: text/plain", "Set-Cookie: secret", body=b"no \x1b[31m\nway\n")
        self.check(script, lambda url: f"* trying {url[5:-1]}\n" + request(url) + response(
            "Content-Type: text/plain", "Set-Cookie: ***", "Content-Length: 13", status="403 Forbidden", upgrade=()) +
            "no \\x1b[31m\nway\n\nwscope: upgrade refused: HTTP 403 Forbidden: no \\x1b[31m way\n"
            "hint: 403: it may want an Origin, try -o\n", "-v", status=6)

    def test_shows_the_beginning_of_a_long_body(self):
        with scripted(reject("500 Oh", body=b"x" * 100_000)) as server:
            result = run("-v", server.url)
        shown, = re.findall("^x+$", result.stderr, re.M)
        self.assertIn(len(shown), range(100, 10_000))

    def test_names_the_clients_of_a_server(self):
        with Server("listen", "-v", "0") as server:
            with connected(server, "Cookie: secret") as one:
                one.send(TEXT, b"hello")
                self.assertEqual(server.process.stdout.readline(), b"hello\n")
                address = "%s:%d" % one.socket.getsockname()
                one.close(4000, "bye")
                one.read_rest()
            with connected(server) as two:
                two.reset()
            with connected(server):  # the server has heard of what came before
                pass
            result = server.stop()
        self.assertEqual(result[:2], (0, b""))
        self.assertNotIn("secret", result.stderr)
        notes = [line for line in result.stderr.split("\n") if line.startswith("* ")]
        self.assertEqual(notes[:3], [
            f"* client 1: connected from {address}", "* client 1: open, no extensions",
            "* client 1: closed: received 4000 (private use) bye; then sent 4000 (private use) bye"])
        self.assertIn("* client 2: closed: no close frame received or sent", notes)
        self.assertIn("< Cookie: ***\n", result.stderr)
        self.assertIn("\n> HTTP/1.1 101 Switching Protocols\n", result.stderr)


class Waterfall(Case):
    """How long each part of the way took."""

    LINE = re.compile(r"^\* (DNS|TCP|proxy|TLS|upgrade) +(\d+\.\d\d) ms \|( *=+ *)\|$", re.M)

    def phases(self, *arguments, status=0):
        result = run("-v", "--eof", "close", *arguments)
        self.assertEqual(result.status, status, result.stderr)
        phases = self.LINE.findall(result.stderr)
        self.assertEqual({len(bar) for _, _, bar in phases}, {20})
        return [name for name, _, _ in phases]

    def test_of_the_shortest_way(self):
        with scripted(script_of()) as server:
            self.assertEqual(self.phases(server.url), ["TCP", "upgrade"])

    def test_of_a_refusal(self):
        with scripted(reject("404 Not Found")) as server:
            self.assertEqual(self.phases(server.url, status=6), ["TCP", "upgrade"])

    def test_of_a_way_with_everything(self):
        with Server("echo", "--tls", "127.0.0.1:0") as server:
            with scripted(tunnel_to((server.host, server.port))) as proxy:
                phases = self.phases("-k", "--proxy", f"http://localhost:{proxy.port}", "-4", "wss://made-up.example/")
        self.assertEqual([name for name in phases if name != "DNS"], ["TCP", "proxy", "TLS", "upgrade"])

    def test_of_redirections(self):
        with scripted(reject("302 Found", "Location: /"), script_of()) as server:
            self.assertEqual(self.phases("-L", server.url), ["TCP", "upgrade"] * 2)


class Frames(Case):
    def frames(self, script, *arguments, stdout=b"", status=0):
        """What is on stderr."""
        with scripted(script) as server:
            result = run(*arguments, server.url)
        self.assertEqual((result.status, result.stdout), (status, stdout))
        return result.stderr

    def test_as_in_the_manual(self):
        shown = self.frames(script_of(), "--frames", "-x", "Hello", "--eof", "close")
        keys = [bytes.fromhex(key) for key in MASK.findall(shown)]
        sent = [b"\x81\x85" + keys[0] + mask_with(keys[0], b"Hello"),
                b"\x88\x82" + keys[1] + mask_with(keys[1], close_payload(1000))]
        self.assertEqual(TIME.sub("TIME ", shown), "".join((
            f"TIME > TEXT fin len=5 mask={keys[0].hex()}\n", dump(sent[0]), '        "Hello"\n',
            f"TIME > CLOSE fin len=2 mask={keys[1].hex()}\n", dump(sent[1]), "        1000 (OK)\n",
            "TIME < CLOSE fin len=2\n", dump(b"\x88\x02\x03\xe8"), "        1000 (OK)\n")))

    def test_of_every_kind(self):
        wire = (encode(TEXT, "grüß\x1b".encode()), encode(TEXT), encode(BINARY, b"\xff"), encode(PING, b"p"),
                encode(PONG), encode(TEXT, b"frag", fin=False), encode(CONTINUATION, b"ment"),
                encode(CLOSE, close_payload(1001, "bye")))
        words = ("TEXT fin len=7", "TEXT fin len=0", "BINARY fin len=1", "PING fin len=1", "PONG fin len=0",
                 "TEXT len=4", "CONT fin len=4", "CLOSE fin len=5")
        meaning = ("grüß\\x1b", "", None, "p", None, None, None, 0)
        shown = TIME.sub("TIME ", self.frames(script_of(*wire), "--frames", "--eof", "hold",
                                              stdout="grüß\x1b\n\n".encode() + b"\xfffragment\n"))
        incoming = shown[:shown.index("TIME >")]
        self.assertEqual(incoming, "".join(
            f"TIME < {head}\n{dump(frame)}" + ("" if text is None else '        1001 (going away) "bye"\n' if text == 0
                                              else f'        "{text}"\n')
            for frame, head, text in zip(wire, words, meaning)))

    def test_that_are_compressed_are_shown_with_what_they_say(self):
        compressor = zlib.compressobj(wbits=-15)

        def deflate(text, mode=zlib.Z_SYNC_FLUSH):
            return compressor.compress(text) + compressor.flush(mode)
        whole, again = deflate(b"Hello")[:-4], deflate(b"Hello")[:-4]
        begin, end = deflate("grüß\x1b".encode()[:3]), deflate("grüß\x1b".encode()[3:])[:-4]
        data = deflate(bytes(1000))[:-4]
        wire = (encode(TEXT, whole, rsv=4), encode(TEXT, again, rsv=4), encode(TEXT, b"plain"),
                encode(TEXT, begin, fin=False, rsv=4), encode(PING, b"p"), encode(CONTINUATION, end),
                encode(BINARY, data, rsv=4), encode(CLOSE, close_payload(1000)))
        heads = (f"TEXT fin rsv1 len={len(whole)} (deflated, 5 B as text)",
                 f"TEXT fin rsv1 len={len(again)} (deflated, 5 B as text)", "TEXT fin len=5",
                 f"TEXT rsv1 len={len(begin)} (deflated, 3 B as text)", "PING fin len=1",
                 f"CONT fin len={len(end)} (deflated, 4 B as text)",
                 f"BINARY fin rsv1 len={len(data)} (deflated, 1000 B as binary)", "CLOSE fin len=2")
        words = ('"Hello"', '"Hello"', '"plain"', '"gr\\xc3"', '"p"', '"\\xbcß\\x1b"', None, "1000 (OK)")
        script = script_of(*wire, answer=("Sec-WebSocket-Extensions: permessage-deflate",))
        out = "Hello\nHello\nplain\ngrüß\x1b\n".encode() + bytes(1000)
        shown = TIME.sub("TIME ", self.frames(script, "--frames", "--eof", "hold", stdout=out))
        self.assertEqual(shown[:shown.index("TIME >")], "".join(
            f"TIME < {head}\n{dump(frame)}" + (f"        {text}\n" if text else "")
            for frame, head, text in zip(wire, heads, words)))

    def test_that_are_sent_compressed_are_shown_with_what_they_say(self):
        for answer in ("permessage-deflate", "permessage-deflate; client_no_context_takeover",
                       "permessage-deflate; client_max_window_bits=9; server_no_context_takeover"):
            script = script_of(answer=(f"Sec-WebSocket-Extensions: {answer}",))
            shown = self.frames(script, "--frames", "--eof", "close", "-x", "Hello" * 999, "-x", "Hello" * 999)
            sent = re.findall(r" > TEXT fin rsv1 len=\d+ mask=[0-9a-f]{8} \(deflated, 4995 B as text\)\n"
                              r"  0000  c1 .*\n(?:  00.*\n)*" f'        "{"Hello" * 51}H"…\n', shown)
            self.assertEqual(len(sent), 2, shown)

    def test_that_cannot_be_inflated_are_shown_as_they_are(self):
        frame = encode(TEXT, b"\xff\xff", rsv=4)
        for answer in ((), ("Sec-WebSocket-Extensions: permessage-deflate",)):
            shown = TIME.sub("", self.frames(script_of(frame, answer=answer), "--frames", "--eof", "hold", status=7))
            self.assertTrue(shown.startswith("< TEXT fin rsv1 len=2\n" + dump(frame) + "> CLOSE"), shown)

    def test_that_are_illegal(self):
        frame = encode(3, b"abc", rsv=3, masked=True)
        shown = TIME.sub("", self.frames(script_of(frame), "--frames", "--eof", "hold", status=7))
        self.assertTrue(shown.startswith("< OPCODE-3 fin rsv2 rsv3 len=3 mask=00000000\n" + dump(frame)), shown)

    def test_are_bounded(self):
        frame = encode(TEXT, b"x" * 1000)
        for options, kept in (((), 256), (("--dump-size", "20"), 20), (("--dump-size", "1K"), 1004)):
            shown = TIME.sub("", self.frames(script_of(frame), "--frames", *options, "--eof", "hold", "-1",
                                             stdout=b"x" * 1000 + b"\n"))
            left_out = len(frame) - kept
            expected = "< TEXT fin len=1000\n" + dump(frame[:kept])
            if left_out:
                expected += f'        … {left_out} more bytes\n        "{"x" * (kept - 4)}"…\n'
            self.assertTrue(shown.startswith(expected), shown)

    def test_are_part_of_vv(self):
        with scripted(script_of(encode(TEXT, b"hello"))) as server:
            result = run("-vv", "--eof", "hold", "-1", server.url)
        self.assertEqual((result.status, result.stdout), (0, b"hello\n"))
        self.assertTrue(masked_out(result.stderr).startswith(
            opening(server.url) + "TIME < TEXT fin len=5\n" + dump(encode(TEXT, b"hello")) + '        "hello"\n'))
        self.assertTrue(masked_out(result.stderr).endswith("\n* closed: sent 1000 (OK); then received 1000 (OK)\n"))


class Quiet(Case):
    def test_says_nothing_but_errors(self):
        with scripted(reject("403 Forbidden")) as server:
            self.assertEqual(run("-q", server.url), (6, b"", "wscope: upgrade refused: HTTP 403 Forbidden\n"))
        self.assertEqual(run("--quiet", "echo:", stdin=b"\xff"),
                         (1, b"", "wscope: standard input: line 1 is not UTF-8\n"))

    def test_servers_do_not_even_say_where_they_listen(self):
        process = start("listen", "--json", "-q", "0")
        self.assertIn(b'"event":"listening"', process.stdout.readline())
        process.terminate()
        self.assertEqual(finish(process), (0, b"", ""))

    def test_excludes_verbose(self):
        self.assertEqual(run("-q", "-v", "echo:").status, 2)


if __name__ == "__main__":
    unittest.main()
