"""--json: what goes to and fro on an open connection, to the letter and in its order."""

import base64
import json
import re
import signal
import unittest
import zlib

import authority
from json_lines import close, closed, connecting, event, lines_of, message, opened
from peer import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, connected, dialed, reject, scripted
from proxies import OPENED
from secure import TLS_1_2, scripted_tls, server_context
from support import Case, Server, finish, run

OK = (1000, "OK")


def read_to_the_close(peer):
    while (frame := peer.read_frame()).opcode != CLOSE:
        pass
    return frame


def answer_the_close(peer):
    """A script: reads up to the Close, and answers it."""
    peer.accept()
    peer.send(CLOSE, read_to_the_close(peer).payload)


class Table(Case):
    def check(self, script, expected, *arguments, status=0, stdin=b""):
        """The events behind the two that every connection begins with."""
        with scripted(script) as server:
            result = run("--json", *arguments, server.url, stdin=stdin)
        self.assertEqual(lines_of(result.stdout), [connecting(server.url), opened(server.url), *expected])
        self.assertEqual((result.status, result.stderr == ""), (status, status == 0))


class Incoming(Table):
    def test_messages_and_control_frames(self):
        def script(peer):
            peer.accept()
            for opcode, payload in ((TEXT, b""), (TEXT, "ä \"\\/ 😀".encode()), (BINARY, b""), (BINARY, b"\xff\xfe\0"),
                                    (PING, b""), (PING, b"ping"), (PING, b"\xff"), (PONG, b"pong"), (PONG, b"\x80")):
                peer.send(opcode, payload)
            peer.close(4000, "grüß")
            read_to_the_close(peer)
        self.check(script, [
            message("in", ""), message("in", "ä \"\\/ 😀"), event("binary", dir="in", base64=""),
            event("binary", dir="in", base64="//4A"), event("ping", dir="in", data=""),
            event("ping", dir="in", data="ping"), event("ping", dir="in", base64="/w=="),
            event("pong", dir="in", data="pong"), event("pong", dir="in", base64="gA=="),
            close("in", 4000, "private use", "grüß"), closed(4000, "grüß", initiator="remote"),
        ], "--eof", "hold", status=9)

    def test_fragments_are_one_message(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"\xc3", fin=False)
            peer.send(PING)
            peer.send(CONTINUATION, b"\xa4")
            peer.send(CLOSE)
            read_to_the_close(peer)
        self.check(script, [event("ping", dir="in", data=""), message("in", "ä"), close("in", 1005, "no status"),
                            closed(1005, initiator="remote")], "--eof", "hold")

    def test_any_character(self):
        text = "".join(map(chr, (*range(0x250), *range(0x2000, 0x2070), 0xd7ff, 0xfeff, 0xffff, 0x10000, 0x10ffff)))

        def script(peer):
            peer.accept()
            peer.send(TEXT, text.encode())
            peer.close(4001, "\0\x1b\"\\\u2028")
            read_to_the_close(peer)
        with scripted(script) as server:
            result = run("--json", "--eof", "hold", server.url)
        self.assertFalse(any(byte < 32 for byte in result.stdout.replace(b"\n", b"")))
        self.assertEqual(json.loads(lines_of(result.stdout)[2])["data"], text)
        self.assertEqual([json.loads(line)["reason"] for line in lines_of(result.stdout)[3:]],
                         ["\0\x1b\"\\\u2028"] * 2)

    def test_large_messages(self):
        binary, text = bytes(13 << 20), b"\1" * (4 << 20)

        def script(peer):
            peer.accept()
            peer.send(BINARY, binary)
            peer.send(TEXT, text)
            peer.finish()
        with scripted(script) as server:
            result = run("--json", "--eof", "close", "--close-timeout", "60", server.url)
        self.assertEqual((result.status, result.stderr), (0, ""))
        lines = list(map(json.loads, result.stdout.splitlines()))
        self.assertEqual([line["event"] for line in lines],
                         ["connecting", "open", "binary", "text", "close", "closed"])
        self.assert_bytes(base64.b64decode(lines[2]["base64"]), binary)
        self.assert_bytes(lines[3]["data"].encode(), text)

    def test_what_was_agreed(self):
        extension = "permessage-deflate; server_max_window_bits=10"
        headers = (["Sec-WebSocket-Protocol", "chat"], ["Sec-WebSocket-Extensions", extension], ["X", "1"], ["X", "ä"])
        compressor = zlib.compressobj(wbits=-10)
        compressed = (compressor.compress(b"hello") + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]

        def script(peer):
            peer.accept(*map(": ".join, headers))
            peer.send(TEXT, compressed, rsv=4)
            peer.close()
            read_to_the_close(peer)
        with scripted(script) as server:
            result = run("--json", "-s", "other", "-s", "chat", "--eof", "hold", server.url)
        self.assertEqual(lines_of(result.stdout), [
            connecting(server.url), opened(server.url, *headers, protocol="chat", extensions=[extension]),
            message("in", "hello"), close("in", *OK), closed(1000, initiator="remote")])

    def test_a_pong_that_answers_has_the_time_it_took(self):
        def script(peer):
            peer.accept()
            peer.send(PONG, b"unasked")
            peer.send(PONG, peer.read_frame().payload)
            peer.close()
            read_to_the_close(peer)
        with scripted(script) as server:
            result = run("--json", "--eof", "hold", "--ping-interval", "0.05", server.url)
        unasked, answer = lines_of(result.stdout)[2:4]
        self.assertEqual(unasked, event("pong", dir="in", data="unasked"))
        self.assertRegex(answer, r'^{"event":"pong","time":"TIME","conn":1,"dir":"in",'
                                 r'"(data|base64)":"[^"]+","rtt_ms":"RTT"}$')

    def test_a_hundred_thousand_messages(self):
        stdin = b"".join(b"%d \\ \"\n" % i for i in range(100_000))
        result = run("--json", "--show", "sent", "--eof", "close", "echo:", stdin=stdin)
        self.assertEqual((result.status, result.stderr), (0, ""))
        texts = [json.loads(line) for line in result.stdout.splitlines() if b'"event":"text"' in line]
        for way in ("in", "out"):
            data = "".join(text["data"] + "\n" for text in texts if text["dir"] == way)
            self.assert_bytes(data.encode(), stdin)


class Outgoing(Table):
    def test_is_not_shown_unless_asked_for(self):
        self.check(answer_the_close, [close("in", *OK), closed(1000)], "-x", "x", "--eof", "close")

    def test_messages(self):
        self.check(answer_the_close, [
            message("out", "x"), message("out", "ä"), close("out", *OK), close("in", *OK), closed(1000),
        ], "--show", "sent", "-x", "x", "--stdin", "--eof", "close", stdin="ä\n".encode())

    def test_automatic_answers(self):
        def script(peer):
            peer.accept()
            for payload in (b"a", b"\xff"):
                peer.send(PING, payload)
                peer.read_frame()
            peer.close(1001, "bye")
            read_to_the_close(peer)
        self.check(script, [
            event("ping", dir="in", data="a"), event("pong", dir="out", data="a"),
            event("ping", dir="in", base64="/w=="), event("pong", dir="out", base64="/w=="),
            close("in", 1001, "going away", "bye"), close("out", 1001, "going away", "bye"),
            closed(1001, "bye", initiator="remote"),
        ], "--show", "sent", "--eof", "hold")

    def test_is_in_the_order_of_the_wire(self):
        sent = [{"type": "ping", "data": "1"}, {"type": "text", "data": "2"}, {"type": "pong", "data": "3"},
                {"type": "binary", "base64": "NA=="}, {"type": "ping", "base64": "/w=="},
                {"type": "close", "code": 4000, "reason": "6"}]
        self.check(answer_the_close, [
            event("ping", dir="out", data="1"), message("out", "2"), event("pong", dir="out", data="3"),
            event("binary", dir="out", base64="NA=="), event("ping", dir="out", base64="/w=="),
            close("out", 4000, "private use", "6"), close("in", 4000, "private use", "6"), closed(4000, "6"),
        ], "--show", "sent", "--in", "json", stdin="\n".join(map(json.dumps, sent)).encode())

    def test_frames(self):
        def script(peer):
            peer.accept()
            read_to_the_close(peer)
            peer.send(TEXT, b"fr", fin=False)
            peer.send(CONTINUATION, b"ag")
            peer.send(CLOSE, close_payload(1000))
        with scripted(script) as server:
            result = run("--json", "--frames", "-x", "hello", "--eof", "close", server.url)
        lines = lines_of(result.stdout)[2:]
        sent = []
        for line, payload in zip(lines, (b"hello", close_payload(1000))):
            bytes_sent = bytes.fromhex(json.loads(line)["hex"])
            head, mask, masked = bytes_sent[:2], bytes_sent[2:6], bytes_sent[6:]
            self.assertEqual(head[1], 0x80 | len(payload))
            self.assertEqual(bytes(a ^ b for a, b in zip(masked, mask * 2)), payload)
            sent.append(bytes_sent.hex())
        self.assertEqual(lines, [
            frame("out", TEXT, True, 5, sent[0]), frame("out", CLOSE, True, 2, sent[1]),
            frame("in", TEXT, False, 2, "01026672"), frame("in", CONTINUATION, True, 2, "80026167"),
            message("in", "frag"), frame("in", CLOSE, True, 2, "880203e8"), close("in", *OK), closed(1000)])

    def test_frames_are_bounded(self):
        def script(peer):
            peer.accept()
            peer.send(BINARY, bytes(300))
            peer.close()
            read_to_the_close(peer)
        for options, kept in (((), 256), (("--dump-size", "10"), 10)):
            with scripted(script) as server:
                result = run("--json", "--frames", *options, "--eof", "hold", server.url)
            self.assertEqual(lines_of(result.stdout)[2],
                             frame("in", BINARY, True, 300, "827e012c" + "00" * (kept - 4)))


def frame(way, opcode, fin, length, sent):
    return event("frame", dir=way, opcode=opcode, fin=fin, rsv=0, masked=way == "out", length=length, hex=sent)


class Way(Case):
    """With -v: how the connection came about."""

    def events(self, url, *arguments, status=0):
        result = run("-v", "--json", "--eof", "close", *arguments, url)
        self.assertEqual(result.status, status, result.stderr)
        lines = [re.sub(r'_ms":\d+(\.\d+)?', '_ms":"MS"', line) for line in lines_of(result.stdout)]
        return lines, result

    def timing(self, *parts):
        names = ("dns", "tcp", "proxy", "tls", "upgrade")
        return event("timing", **{f"{name}_ms": "MS" if name in parts else None for name in names})

    def test_plainly(self):
        with scripted(answer_the_close) as server:
            lines, _ = self.events(server.url, "--bearer", "s3cret", "--cookie", "a=s3cret")
        sent, answered = json.loads(lines[1]), json.loads(lines[2])
        self.assertEqual([lines[0], lines[3], lines[4]],
                         [connecting(server.url), self.timing("tcp", "upgrade"), opened(server.url)])
        self.assertEqual(list(sent), ["event", "time", "conn", "dir", "line", "headers"])
        self.assertEqual((sent["dir"], sent["line"]), ("out", "GET / HTTP/1.1"))
        self.assertEqual(sent["headers"][0], ["Host", server.url[5:-1]])
        self.assertIn(["Authorization", "***"], sent["headers"])
        self.assertIn(["Cookie", "***"], sent["headers"])
        self.assertEqual((answered["dir"], answered["line"]), ("in", "HTTP/1.1 101 Switching Protocols"))
        self.assertEqual(answered["headers"], [["Upgrade", "websocket"], ["Connection", "Upgrade"], "ACCEPT"])

    def test_refused(self):
        with scripted(reject("404 Not Found", "Set-Cookie: s3cret", "X: 1", "X: 2")) as server:
            lines, _ = self.events(server.url, status=6)
        self.assertEqual(lines[2:4], [
            event("head", dir="in", line="HTTP/1.1 404 Not Found",
                  headers=[["Set-Cookie", "***"], ["X", "1"], ["X", "2"], ["Content-Length", "0"]]),
            self.timing("tcp", "upgrade")])
        self.assertEqual(json.loads(lines[4])["event"], "error")
        text = "x" + "ä" * 50_000
        with scripted(reject("500 Oh", body=text.encode())) as server:
            lines, _ = self.events(server.url, status=6)
        body = json.loads(lines[-1])["body"]
        self.assertGreater(len(body), 1000)
        self.assert_bytes(body, text[:len(body)])

    def test_by_name_and_tls(self):
        identity = authority.with_chain()
        with scripted_tls(server_context(identity, protocols=["http/1.1"], most=TLS_1_2), answer_the_close) as server:
            lines, _ = self.events(f"wss://localhost:{server.port}/", "-4", "--cacert", authority.root().certificate)
        shown = json.loads(lines[1])
        self.assertEqual(list(shown), ["event", "time", "conn", "version", "cipher", "alpn", "pin", "chain"])
        self.assertEqual([shown["version"], shown["alpn"], shown["pin"]], ["TLSv1.2", "http/1.1", identity.pin])
        self.assertRegex(shown["cipher"], "^ECDHE-ECDSA-")
        valid = {"not_before": "2020-01-01 00:00:00 UTC", "not_after": "2099-12-31 23:59:59 UTC"}
        self.assertEqual(shown["chain"], [
            {"subject": "CN=with chain", "issuer": "CN=Test Intermediate", "names": ["localhost", "127.0.0.1", "::1"],
             **valid},
            {"subject": "CN=Test Intermediate", "issuer": "CN=Test Root", "names": [], **valid}])
        self.assertIn(lines[4], [self.timing("dns", "tcp", "tls", "upgrade"), self.timing("tcp", "tls", "upgrade")])
        with scripted_tls(server_context(authority.good()), answer_the_close) as server:
            lines, _ = self.events(server.url, "-k")
        self.assertIn('"alpn":null', lines[1])

    def test_through_a_proxy(self):
        def script(peer):
            peer.read_head()
            peer.write(OPENED)
            answer_the_close(peer)
        with scripted(script) as proxy:
            lines, result = self.events("ws://made-up.example/", "--proxy",
                                        f"http://user:s3cret@127.0.0.1:{proxy.port}")
        self.assertIn(self.timing("tcp", "proxy", "upgrade"), lines)
        self.assertNotIn(b"s3cret", result.stdout)
        self.assertNotIn("s3cret", result.stderr)

    def test_of_a_client_without_its_secrets(self):
        with Server("listen", "-v", "--json", "--auth", "u:s3cret", "0") as server:
            self.assertEqual(run("-u", "u:s3cret", "-H", "X-Api-Key: s3cret", "--cookie", "a=s3cret", "-H", "X: shown",
                                 "--eof", "close", server.url).status, 0)
            result = server.stop()
        self.assertNotIn("s3cret", result.stderr + result.stdout.decode())
        self.assertNotIn(base64.b64encode(b"u:s3cret").decode(), result.stderr + result.stdout.decode())
        shown, = (event for event in map(json.loads, result.stdout.splitlines()) if event["event"] == "open")
        for field in (["Authorization", "***"], ["Cookie", "***"], ["X-Api-Key", "***"], ["X", "shown"]):
            self.assertIn(field, shown["headers"])

    def test_is_not_shown_without_v(self):
        with scripted(answer_the_close) as server:
            result = run("--json", "--eof", "close", server.url)
        self.assertEqual([json.loads(line)["event"] for line in lines_of(result.stdout)],
                         ["connecting", "open", "close", "closed"])


class Serving(Case):
    def read(self, count=1):
        """The next lines."""
        return lines_of(b"".join(self.server.process.stdout.readline() for _ in range(count)))

    def opened(self, conn, peer, *headers, protocol=None, extensions=()):
        fields = [["Host", "localhost"], ["Upgrade", "websocket"], ["Connection", "Upgrade"], "KEY",
                  ["Sec-WebSocket-Version", "13"], *headers]
        return event("open", conn, url="ws://localhost/", protocol=protocol, extensions=list(extensions), status=101,
                     headers=fields, peer="%s:%d" % peer.socket.getsockname())

    def test_clients_have_numbers(self):
        self.server = server = Server("listen", "--json", "--show", "sent", "--broadcast", "-s", "chat", "0")
        self.addCleanup(server.process.kill)
        headers = ["Sec-WebSocket-Protocol", "chat"], ["Sec-WebSocket-Extensions", "permessage-deflate"], ["X", "ä"]
        with connected(server, *map(": ".join, headers)) as one, connected(server) as two:
            self.assertEqual(self.read(3), [
                event("listening", 0, url=server.url, address="127.0.0.1", port=server.port),
                self.opened(1, one, *headers, protocol="chat", extensions=["permessage-deflate"]), self.opened(2, two)])
            one.send(BINARY, b"b")
            two.read_message()
            two.send(PING, b"a")
            two.read_frame()
            two.close(4000, "x")
            two.read_rest()
            two.socket.close()
            self.assertEqual(self.read(7), [
                event("binary", 1, dir="in", base64="Yg=="), event("binary", 2, dir="out", base64="Yg=="),
                event("ping", 2, dir="in", data="a"), event("pong", 2, dir="out", data="a"),
                close("in", 4000, "private use", "x", conn=2), close("out", 4000, "private use", "x", conn=2),
                closed(4000, "x", initiator="remote", conn=2)])
            one.send(TEXT, b"not masked", masked=False)
            one.read_rest()
            one.socket.close()
            self.assertEqual(self.read(3), [
                event("fail", 1, code=1002, message="unmasked text frame from a client"),
                close("out", 1002, "protocol error", "unmasked frame from a client", conn=1),
                closed(1002, "unmasked frame from a client", clean=False, conn=1)])
        with connected(server) as three, connected(server) as four:
            self.assertEqual(self.read(2), [self.opened(3, three), self.opened(4, four)])
            three.reset()
            self.assertEqual(self.read(), [closed(1006, clean=False, initiator="none", conn=3)])
            with dialed(server) as stranger:  # who is not let in is no event
                stranger.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                stranger.read_rest()
            server.process.send_signal(signal.SIGTERM)
            four.finish()
        result = finish(server.process)
        going = (1001, "going away")
        self.assertEqual(lines_of(result.stdout),
                         [close("out", *going, conn=4), close("in", *going, conn=4), closed(1001, conn=4)])
        self.assertEqual((result.status, result.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
