"""--json: how connections fail and end, and what servers say."""

import json
import signal
import unittest

from json_lines import close, closed, connecting, event, lines_of, message, opened
from json_test import answer_the_close, read_to_the_close
from peer import BINARY, CLOSE, PING, TEXT, closed_port, connected, dialed, reject, scripted, silent_port
from support import Case, Server, finish, run


def run_and_read(script, *arguments, stdin=b""):
    """The URL, the lines, the exit status and the first line on stderr."""
    with scripted(script) as server:
        result = run("--json", *arguments, server.url, stdin=stdin)
    return server.url, lines_of(result.stdout), result.status, result.stderr.split("\n")[0]


class Ends(Case):
    """The events behind "open"."""

    def check(self, script, expected, *arguments, status=0, stdin=b""):
        url, lines, actual, _ = run_and_read(script, *arguments, stdin=stdin)
        self.assertEqual(lines[:2], [connecting(url), opened(url)])
        self.assertEqual((actual, lines[2:]), (status, expected))

    def test_ours(self):
        self.check(answer_the_close, [close("in", 1000, "OK"), closed(1000)], "--eof", "close")

    def test_ours_without_an_answer(self):
        def script(peer):
            peer.accept()
            peer.read_rest()
        self.check(script, [closed(1006, clean=False)], "--eof", "close", "--close-timeout", "0.2", status=8)

    def test_the_peers(self):
        for code, name, status in ((1000, "OK", 0), (1011, "internal error", 9), (3999, "registered", 9),
                                   (4999, "private use", 9)):
            def script(peer):
                peer.accept()
                peer.close(code, "why")
                read_to_the_close(peer)
            with self.subTest(code):
                self.check(script, [close("in", code, name, "why"), closed(code, "why", initiator="remote")],
                           "--eof", "hold", status=status)

    def test_nobodys(self):
        self.check(lambda peer: peer.accept(), [closed(1006, clean=False, initiator="none")], "--eof", "hold", status=8)

    def test_a_broken_protocol(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"one")
            peer.send(3)
            peer.send(CLOSE, read_to_the_close(peer).payload)
        text, seen = "reserved opcode", "frame with the reserved opcode 3"
        shown = [message("in", "one"), event("fail", code=1002, message=seen)]
        words = f"the peer broke the protocol: {seen}; we sent 1002"
        error = event("error", kind="protocol", message=words, exit=7)
        lost = closed(1002, text, clean=False)  # what comes behind the failure is not read
        self.check(script, [*shown, lost, error], "--eof", "hold", status=7)
        self.check(script, [*shown, close("out", 1002, "protocol error", text), lost, error],
                   "--show", "sent", "--eof", "hold", status=7)

    def test_time_out(self):
        with scripted(answer_the_close) as server:
            result = run("--json", "--eof", "hold", "--timeout", "0.2", server.url)
        error = event("error", kind="timeout", message=f"{server.url}: not over in 0.2 s (--timeout)", exit=10)
        self.assertEqual((lines_of(result.stdout)[-1], result.status), (error, 10))

    def test_bad_input(self):
        self.check(answer_the_close, [
            message("out", "one"), close("out", 1001, "going away"), close("in", 1001, "going away"), closed(1001),
            event("error", kind="io", message="standard input: line 2 is not UTF-8", exit=1),
        ], "--show", "sent", stdin=b"one\n\xff\n", status=1)


class Errors(Case):
    """Of connections that never were."""

    def check(self, result, status, kind, words, conn=1, before=()):
        """The error is the last line, and the first line on stderr says the same."""
        error = event("error", conn, kind=kind, message=words, exit=status)
        self.assertEqual((result.status, lines_of(result.stdout)), (status, [*before, error]))
        self.assertEqual(result.stderr.split("\n")[0], "wscope: " + words)

    def test_usage(self):
        for option in (["--json"], ["--out", "json"], ["--out=json"], ["--format", "json"]):
            with self.subTest(option):
                missing = "no URL for --format" if "--format" in option else "no URL"
                self.check(run(*option), 2, "usage", missing, conn=0)
                self.check(run(*option, "-w", "x", "echo:"), 2, "usage",
                           '--wait wants a number of seconds, not "x"', conn=0)

    def test_dns(self):
        result = run("--json", "ws://nonexistent.invalid/")
        self.assertEqual(result.status, 3)
        error = json.loads(lines_of(result.stdout)[-1])
        self.assertEqual([error[key] for key in ("event", "conn", "kind", "exit")], ["error", 1, "dns", 3])
        self.assertEqual(result.stderr, f"wscope: {error['message']}\n")

    def test_connect(self):
        with closed_port() as port:
            url = f"ws://127.0.0.1:{port}/"
            self.check(run("--json", url), 4, "connect", url + ": connection refused", before=[connecting(url)])
        with silent_port() as port:
            url = f"ws://127.0.0.1:{port}/"
            self.check(run("--json", "--connect-timeout", "0.2", url), 4, "connect", url + ": timed out",
                       before=[connecting(url)])

    def test_http(self):
        headers = [["Content-Type", "text/html"], ["X", "1"], ["X", "ä"], ["Content-Length", "20"]]
        script = reject("404 Not Found", *map(": ".join, headers[:-1]), body="<h1>nö\0</h1>\n".encode() + b"\xff12345")
        url, lines, status, words = run_and_read(script)
        self.assertEqual((status, words), (6, "wscope: upgrade refused: HTTP 404 Not Found"))
        self.assertEqual(lines[:-1], [connecting(url)])
        self.assertEqual(json.loads(lines[-1]), json.loads(event(
            "error", kind="http", message=words[8:], exit=6, status=404, headers=headers,
            body="<h1>nö\0</h1>\n".encode().decode("latin-1") + "ÿ12345")))
        self.assertEqual(list(json.loads(lines[-1])),
                         ["event", "time", "conn", "kind", "message", "exit", "status", "headers", "body"])

    def test_http_with_a_long_body(self):
        text = "x" + "ä" * 50_000
        lines = run_and_read(reject("500 Oh", body=text.encode()))[1]
        body = json.loads(lines[-1])["body"]
        self.assertGreater(len(body), 1000)
        self.assert_bytes(body, text[:len(body)])

    def test_http_that_is_none(self):
        def script(peer):
            peer.read_head()
            peer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        url, lines, status, words = run_and_read(script)
        self.assertEqual((status, words), (6, f"wscope: {url}: upgrade failed: this is not an HTTP response"))
        self.assertEqual(lines, [connecting(url), event("error", kind="http", message=words[8:], exit=6)])

    def test_io(self):
        with Server("echo", "127.0.0.1:0") as server:
            self.check(run("listen", "--json", f"127.0.0.1:{server.port}"), 1, "io",
                       f"127.0.0.1:{server.port}: address already in use", conn=0)


class Serving(Case):
    def begin(self, *arguments):
        server = Server("listen", "--json", *arguments, "0")
        self.addCleanup(server.process.kill)
        self.assertEqual(self.read(server), event("listening", 0, url=server.url, address="127.0.0.1",
                                                  port=server.port))
        return server

    def read(self, server):
        """The next line."""
        line, = lines_of(server.process.stdout.readline())
        return line

    def opened(self, conn, peer, *headers, protocol=None, extensions=()):
        fields = [["Host", "localhost"], ["Upgrade", "websocket"], ["Connection", "Upgrade"], "KEY",
                  ["Sec-WebSocket-Version", "13"], *headers]
        return event("open", conn, url="ws://localhost/", protocol=protocol, extensions=list(extensions), status=101,
                     headers=fields, peer="%s:%d" % peer.socket.getsockname())

    def test_clients_have_numbers(self):
        headers = ["Sec-WebSocket-Protocol", "chat"], ["Sec-WebSocket-Extensions", "permessage-deflate"], ["X", "ä"]
        server = self.begin("-s", "chat")
        with connected(server, *map(": ".join, headers)) as one:
            self.assertEqual(self.read(server), self.opened(1, one, *headers, protocol="chat",
                                                            extensions=["permessage-deflate"]))
            with connected(server) as two:
                self.assertEqual(self.read(server), self.opened(2, two))
                one.send(BINARY, b"b")
                self.assertEqual(self.read(server), event("binary", 1, dir="in", base64="Yg=="))
                two.send(PING, b"a")
                self.assertEqual(self.read(server), event("ping", 2, dir="in", data="a"))
                two.read_frame()
                two.close(4000, "x")
                self.assertEqual(self.read(server), close("in", 4000, "private use", "x", conn=2))
            self.assertEqual(self.read(server), closed(4000, "x", initiator="remote", conn=2))
            one.send(TEXT, b"not masked", masked=False)
            self.assertEqual(self.read(server),
                             event("fail", 1, code=1002, message="unmasked text frame from a client"))
        self.assertEqual(self.read(server), closed(1002, "unmasked frame from a client", clean=False, conn=1))
        with connected(server) as three:
            self.assertEqual(self.read(server), self.opened(3, three))
            three.reset()
            self.assertEqual(self.read(server), closed(1006, clean=False, initiator="none", conn=3))
        self.assertEqual(server.stop(), (0, b"", ""))

    def test_what_is_sent(self):
        server = self.begin("--show", "sent", "--broadcast")
        with connected(server) as one, connected(server) as two:
            self.assertEqual([self.read(server), self.read(server)], [self.opened(1, one), self.opened(2, two)])
            one.send(TEXT, b"hello")
            self.assertEqual([self.read(server), self.read(server)],
                             [message("in", "hello"), message("out", "hello", conn=2)])
            self.assertEqual(two.read_message(), (TEXT, b"hello"))
            two.send(PING, b"?")
            self.assertEqual([self.read(server), self.read(server)],
                             [event("ping", 2, dir="in", data="?"), event("pong", 2, dir="out", data="?")])
            two.reset()
            self.assertEqual(self.read(server), closed(1006, clean=False, initiator="none", conn=2))
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(self.read(server), close("out", 1001, "going away"))
            one.finish()
        result = finish(server.process)
        self.assertEqual(lines_of(result.stdout), [close("in", 1001, "going away"), closed(1001)])
        self.assertEqual((result.status, result.stderr), (0, ""))

    def test_who_is_not_let_in_is_no_event(self):
        server = self.begin("--path", "/there")
        with dialed(server) as stranger:
            stranger.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            stranger.read_rest()
        self.assertEqual(server.stop(), (0, b"", ""))


if __name__ == "__main__":
    unittest.main()
