"""Where a run ends: --until and --count, --ping-timeout, --max-size and its kin; and wscat's -c and -l."""

import contextlib
import select
import time
import unittest
import zlib

from peer import BINARY, CLOSE, CONTINUATION, PING, TEXT, close_payload, connected, dialed, encode, scripted
from support import Case, Server, eventually, finish, read_exactly, run, start

NORMAL, TOO_BIG = close_payload(1000), b"\x03\xf1"
MESSAGE = encode(TEXT, b"ready"), encode(BINARY, b"\xff\0end\0"), encode(TEXT, b"a\nlast\nb")
MISSED = "wscope: no message matched --until: the peer closed (1000)\n"


def script_of(*frames, headers=()):
    """A script: accepts, sends these frames, and returns the payload of the Close, which it answers."""
    def script(peer):
        peer.accept(*headers)
        peer.write(b"".join(frames))
        while (frame := peer.read_frame()).opcode != CLOSE:
            pass
        if not (frames and frames[-1][0] & 15 == CLOSE):
            peer.send(CLOSE, frame.payload)
        return frame.payload
    return script


def deflated(data):
    compressor = zlib.compressobj(wbits=-15)
    return (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


class Until(Case):
    OUT = b"ready\n\xff\0end\0a\nlast\nb\n"

    def check(self, arguments, result, close=NORMAL, frames=MESSAGE):
        with scripted(script_of(*frames)) as server:
            self.assertEqual(run(*arguments, "--eof", "hold", server.url), result)
        self.assertEqual(server.result, close)

    def test_ends_with_the_message_that_matches(self):
        ready, end, last = self.OUT[:6], self.OUT[:12], self.OUT
        for pattern, out in (("ready", ready), ("^ready$", ready), ("[a-z]{5}", ready), (".", ready), ("end", end),
                             ("^last$", last), ("a.last|nothing|st$", last), ("b$", last)):
            with self.subTest(pattern):
                self.check(["--until", pattern], (0, out, ""))
        self.check(["--until=^$"], (0, b"\n", ""), frames=(encode(TEXT),))

    def test_that_never_comes_is_a_failure(self):
        for frames, out in ((MESSAGE, self.OUT), ((), b"")):
            for pattern in ("nothing", "READY", "^end", "\\(ready\\)", "ready.*last"):
                with self.subTest(pattern, out=out):
                    self.check(["--until", pattern], (11, out, MISSED), frames=(*frames, encode(CLOSE, NORMAL)))

    def test_is_found_in_fragments_and_in_what_is_compressed(self):
        self.check(["--until", "needle"], (0, b"a needle\n", ""),
                   frames=(encode(TEXT, b"a nee", fin=False), encode(PING), encode(CONTINUATION, b"dle")))
        script = script_of(encode(TEXT, deflated(b"hay and needle"), rsv=4),
                           headers=("Sec-WebSocket-Extensions: permessage-deflate",))
        with scripted(script) as server:
            self.assertEqual(run("--until", "needle", "--eof", "hold", server.url), (0, b"hay and needle\n", ""))

    def test_is_found_at_the_end_of_a_huge_message(self):
        payload = b"x" * (12 << 20) + b" needle"
        with scripted(script_of(encode(TEXT, payload))) as server:
            result = run("--until", "needle$", "--eof", "hold", server.url)
        self.assertEqual((result.status, result.stderr), (0, ""))
        self.assert_bytes(result.stdout, payload + b"\n")

    def test_of_a_message_that_is_too_long_to_hold_is_a_failure(self):
        payload = b"x" * (17 << 20)
        words = ("wscope: the peer sent too long a message: 17825792 bytes, over the limit of 16777216 (--max-size); "
                 "we sent 1009; no message matched --until\nhint: --max-size allows more\n")
        self.check(["--until", "needle"], (7, b"", words), close=TOO_BIG + b"message over the size limit",
                   frames=(encode(TEXT, payload),))
        with scripted(script_of(encode(TEXT, payload))) as server:
            result = run("--until", "x$", "--max-size", "20M", "--eof", "hold", server.url)
        self.assertEqual((result.status, len(result.stdout), result.stderr), (0, len(payload) + 1, ""))

    def test_with_a_count_ends_with_what_is_first(self):
        self.check(["--until", "last", "--count", "2"], (0, self.OUT[:12], ""))
        self.check(["--until", "ready", "--count", "2"], (0, self.OUT[:6], ""))
        with scripted(lambda peer: (peer.accept(), peer.write(MESSAGE[0]), peer.close(), peer.read_frame())) as server:
            status, out, err = run("--until", "last", "--count", "2", "--eof", "hold", server.url)
        self.assertEqual((status, out), (11, b"ready\n"))
        self.assertRegex(err, r"^wscope: [^\n]+\n$")

    def test_that_is_no_regular_expression_is_a_usage_error(self):
        for pattern in ("(", "[", "a{2,1}", "*["):
            status, out, err = run("--until", pattern, "echo:")
            with self.subTest(pattern):
                self.assertEqual((status, out), (2, b""))
                self.assertRegex(err, r"^wscope: --until: [^\n]+\n  [^\n]+\n *\^\nhint: try wscope --help\n$")
                self.assertIn(pattern, err)
        self.assertEqual(run("--until", "(?!a)b", "echo:"), (
            2, b"", "wscope: --until: invalid perl operator: (?!\n  (?!a)b\n  ^\nhint: the syntax is RE2's, without lookahead, "
            "lookbehind and backreferences; (?P<name>...) names a group\n"))

    def test_knows_what_people_know_and_bytes(self):
        for pattern, out in (("(?i)READY", self.OUT[:6]), ("\\bready\\b", self.OUT[:6]),
                             ("^\\xff\\x00", self.OUT[:12])):
            with self.subTest(pattern):
                self.check(["--until", pattern], (0, out, ""))


class KeepAlive(Case):
    def test_a_peer_that_never_answers_is_lost(self):
        def script(peer):
            peer.accept()
            frames = [peer.read_frame()]
            while frames[-1].opcode == PING:
                frames.append(peer.read_frame())
            return frames
        with scripted(script) as server:
            result = run("--eof", "hold", "--ping-interval", "0.1", "--ping-timeout", "0.3", "--close-timeout", "0.3",
                         server.url)
        self.assertEqual(result, (8, b"", "wscope: connection lost: no answer to a Ping (--ping-timeout); we sent 1011\n"))
        self.assertGreater(len(server.result), 1)
        self.assertEqual(server.result[-1][:2], (CLOSE, close_payload(1011, "keepalive ping timeout")))

    def test_a_peer_that_sends_data_but_no_pongs_is_not(self):
        def script(peer):
            peer.accept()
            begin = time.monotonic()
            count = 0
            while time.monotonic() - begin < 1:
                peer.send(TEXT, b"%d" % count)
                count += 1
                select.select([], [], [], 0.05)
            peer.close()
            pings = 0
            while (frame := peer.read_frame()).opcode != CLOSE:
                pings += frame.opcode == PING
            return pings, count
        with scripted(script) as server:
            result = run("--eof", "hold", "--ping-interval", "0.1", "--ping-timeout", "0.3", server.url)
        pings, count = server.result
        self.assertEqual(result, (0, b"".join(b"%d\n" % i for i in range(count)), ""))
        self.assertGreater(pings, 1)

    def test_a_peer_that_answers_is_not(self):
        with Server() as server:
            result = run("-x", "a", "-w", "1", "--ping-interval", "0.05", "--ping-timeout", "0.5", server.url)
        self.assertEqual(result, (0, b"a\n", ""))

    def test_a_peer_is_not_lost_while_nobody_reads_stdout(self):
        data = encode(BINARY, bytes(1 << 16)) * 256

        def script(peer):
            peer.accept()
            peer.write(data)
            peer.close()
            while peer.read_frame().opcode != CLOSE:
                pass
        with scripted(script) as server:
            process = start("--eof", "hold", "--ping-interval", "0.1", "--ping-timeout", "0.2", server.url)
            self.assertEqual(read_exactly(process.stdout, 10), bytes(10))
            begin = time.monotonic()
            eventually(lambda: time.monotonic() - begin > 1)
            self.assert_bytes(read_exactly(process.stdout, (256 << 16) - 10), bytes((256 << 16) - 10))
            self.assertEqual(finish(process), (0, b"", ""))

    def test_of_a_server_ends_with_the_client(self):
        with Server("echo", "--ping-interval", "0.1", "--ping-timeout", "0.3", "0") as server:
            with connected(server) as silent, connected(server) as other:
                frames = [silent.read_frame()]
                while frames[-1].opcode == PING:
                    frames.append(silent.read_frame())
                    other.send(TEXT, b"still here")
                self.assertEqual(frames[-1][:2], (CLOSE, close_payload(1011, "keepalive ping timeout")))
                while (frame := other.read_frame()).opcode == PING:
                    pass
                self.assertEqual(frame[:2], (TEXT, b"still here"))


class Sizes(Case):
    MESSAGE = "wscope: the peer sent too long a message: {}, over the limit of {} (--max-size); we sent 1009\n"
    FRAME = "wscope: the peer sent too long a frame: 11 bytes, over the limit of 10 (--max-frame); we sent 1009\n"

    def test_of_what_a_client_receives(self):
        def text(size, **choices):
            return encode(TEXT, b"x" * size, **choices)
        message = (7, self.MESSAGE.format("11 bytes", 10), b"message over the size limit")
        other = (7, self.MESSAGE.format("6 bytes", 5), b"message over the size limit")
        frame = (7, self.FRAME, b"frame over the size limit")
        fine = (0, "", None)
        for arguments, frames, out, (status, words, reason) in (
            (("--max-size", "10"), (text(10), text(11)), b"x" * 10 + b"\n", message),
            (("--max-size", "10"), (text(6, fin=False), encode(CONTINUATION, b"yyyyy")), b"x" * 6, message),
            (("--max-size", "10", "--out", "hex"), (encode(BINARY, bytes(11)),), b"", message),
            (("--max-size", "1K"), (text(1024),), b"x" * 1024 + b"\n", fine),
            (("--max-frame", "10"), (text(10, fin=False), encode(CONTINUATION, b"y" * 10)),
             b"x" * 10 + b"y" * 10 + b"\n", fine),
            (("--max-frame", "10"), (text(10), text(11)), b"x" * 10 + b"\n", frame),
            (("--max-frame=10", "--max-size=5"), (text(5), text(6)), b"xxxxx\n", other),
            (("--max-size", "1", "--max-frame", "1"), (encode(PING, bytes(125)), text(1)), b"x\n", fine),
        ):
            script = script_of(*frames, encode(CLOSE, NORMAL))
            with self.subTest(arguments, frames=frames), scripted(script) as server:
                self.assertEqual(run(*arguments, "--eof", "hold", server.url), (status, out, words))
                self.assertEqual(server.result, NORMAL if reason is None else TOO_BIG + reason)

    def test_of_what_is_compressed_is_that_of_what_it_says(self):
        frame = encode(TEXT, deflated(b"x" * 100_000), rsv=4)
        script = script_of(frame, headers=("Sec-WebSocket-Extensions: permessage-deflate",))
        with scripted(script) as server:
            status, out, err = run("--max-size", "90K", "--eof", "hold", server.url)
        self.assertEqual(status, 7)
        self.assertEqual(err, f"wscope: the peer sent too long a message: {len(frame) - 2} compressed bytes that inflate "
                              "to more than the limit of 92160 (--max-size); we sent 1009\n")
        self.assertLess(len(out), 100_000)
        self.assertEqual(server.result, TOO_BIG + b"message over the size limit")

    def test_of_the_head_that_a_client_receives(self):
        def script(peer):
            peer.accept("X: " + "x" * 3000)
            return peer.finish()
        with scripted(script) as server:
            self.assertEqual(run("--eof", "close", "--max-header", "4K", server.url), (0, b"", ""))

        def answer(peer):
            peer.read_head()
            peer.write(b"HTTP/1.1 101 Switching Protocols\r\nX: " + b"x" * 3000 + b"\r\n\r\n")
        with scripted(answer) as server:
            self.assertEqual(run("--max-header", "1K", server.url), (
                6, b"", f"wscope: {server.url}: upgrade failed: a head of more than 1024 bytes (--max-header; 3041 had "
                        "come)\n"))

    def test_of_a_head_may_be_taken_by_one_line_or_by_many_fields(self):
        for fields in (["X: " + "x" * 60_000], ["a:"] * 10_000):
            def accept(peer, fields=fields):
                peer.accept(*fields)
                return peer.finish()
            with self.subTest(fields[0][:3]), scripted(accept) as server:
                self.assertEqual(run("--eof", "close", server.url), (0, b"", ""))
            with self.subTest(fields[0][:3], role="server"), Server("echo", "0") as server, dialed(server) as client:
                client.connect(*fields)
        for field in (b"X: " + b"x" * 66_000, b"a:\r\n" * 20_000):
            def answer(peer, field=field):
                peer.read_head()
                with contextlib.suppress(OSError):
                    peer.write(b"HTTP/1.1 101 Switching Protocols\r\n" + field + b"\r\n\r\n")
            with self.subTest(field[:3]), scripted(answer) as server:
                result = run("--eof", "close", server.url)
                self.assertEqual((result.status, result.stdout), (6, b""))
                self.assertRegex(result.stderr, f"^wscope: {server.url}: upgrade failed: a head of more than 65536 bytes "
                                                r"\(--max-header(; \d+ had come)?\)\nhint: --max-header allows more\n$")

    def test_of_what_a_server_receives(self):
        for service in ("echo", "listen"):
            for option, reason in (("--max-size", b"message over the size limit"),
                                   ("--max-frame", b"frame over the size limit")):
                with self.subTest(service, option=option), Server(service, option, "10", "0") as server:
                    with connected(server) as client, connected(server) as other:
                        client.send(TEXT, b"x" * 11)
                        self.assertEqual(client.finish(), TOO_BIG + reason)
                        self.assertIn(f"11 bytes, over the limit of 10 ({option}); we sent 1009\n",
                                      server.process.stderr.readline().decode())
                        other.send(PING, b"still here")
                        self.assertEqual(other.read_frame().payload, b"still here")

    def test_of_the_head_that_a_server_receives(self):
        with Server("echo", "--max-header", "1K", "0") as server:
            with dialed(server) as client:
                client.connect("X: " + "x" * 500)
            with dialed(server) as client:
                client.write(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1000 + b"\r\n\r\n")
                self.assertTrue(client.read_head().startswith("HTTP/1.1 431 "))

    def test_that_are_none_are_usage_errors(self):
        for option in ("--max-size", "--max-frame", "--max-header", "--dump-size"):
            for size in ("x", "-1", "1T", "16KB", "1.5M", "99999999999999999999", "17179869184G"):
                with self.subTest(option, size=size):
                    self.assertEqual(run("echo:", option, size), (
                        2, b"", f'wscope: {option} wants a number of bytes such as 100, 64K or 16M, not "{size}"\n'
                                "hint: try wscope --help\n"))


class AsInWscat(Case):
    def test_c_connects(self):
        for arguments in (["-c", "echo:"], ["--connect", "echo:"], ["--connect=echo:"], ["connect", "-c", "echo:"],
                          ["-x", "hi", "-c", "echo:"]):
            with self.subTest(arguments):
                self.assertEqual(run(*arguments, "-1", stdin=b"hi\n"), (0, b"hi\n", ""))

    def test_l_listens(self):
        for arguments in (["-l", "0"], ["--listen", "0"], ["--listen=0"], ["-l0"], ["-s", "chat", "-l", "0"],
                          ["listen", "-l", "0"]):
            with self.subTest(arguments), Server(*arguments) as server, connected(server) as client:
                client.send(TEXT, b"hi")
                self.assertEqual(server.process.stdout.readline(), b"hi\n")

    def test_a_url_or_port_is_given_once(self):
        for arguments in (["-c", "echo:", "echo:"], ["-l", "0", "0"], ["-c", "echo:", "-l", "0"]):
            with self.subTest(arguments):
                self.assertEqual(run(*arguments).status, 2)


if __name__ == "__main__":
    unittest.main()
