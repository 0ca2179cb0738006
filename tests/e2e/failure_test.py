"""Every way to fail: exit status, what was printed until then, and the words on stderr, exactly."""

import contextlib
import re
import socket
import threading
import unittest
import zlib

import authority
from peer import BINARY, CLOSE, CONTINUATION, PING, TEXT, closed_port, reject, scripted, silent_port
from secure import scripted_tls, server_context
from support import DEADLINE, Case, feed, finish, run, sanitized, shell, start


def opened(*actions):
    """A script: accepts, does these things, waits for the Close and ends the stream."""
    def script(peer):
        peer.accept()
        for action in actions:
            action(peer)
        while peer.read_frame().opcode != CLOSE:
            pass
        half_close(peer)
        peer.read_rest()
    return script


def lost(*actions):
    """A script: accepts, does these things and ends the stream without a Close."""
    def script(peer):
        peer.accept()
        for action in actions:
            action(peer)
        half_close(peer)
        peer.read_rest()
    return script


def send(*arguments, **choices):
    return lambda peer: peer.send(*arguments, **choices)


def answer(data):
    """A script: answers the upgrade request with these bytes and ends the stream."""
    def script(peer):
        peer.read_head()
        peer.write(data)
        half_close(peer)
        peer.read_rest()
    return script


def answer_for_ever(begin, over_and_over):
    """A script: answers the upgrade request with this and does not stop until nobody listens any more."""
    def script(peer):
        peer.read_head()
        peer.write(begin)
        pieces = over_and_over * (100_000 // len(over_and_over))
        with contextlib.suppress(ConnectionError):
            while True:
                peer.write(pieces)
    return script


def accept_wrongly(replace, by):
    """A script: accepts, but with something replaced in the response."""
    def script(peer):
        write = peer.write
        peer.write = lambda data: write(data.replace(replace, by))
        peer.accept()
        peer.read_rest()
    return script


def half_close(peer):
    peer.socket.shutdown(socket.SHUT_WR)


def reset_after_a_frame(peer):
    peer.accept()
    peer.read_frame()
    peer.reset()


def half_close_after_a_frame(peer):
    peer.accept()
    peer.read_frame()
    half_close(peer)
    peer.read_rest()


def reset_after_the_request(peer):
    peer.read_head()
    peer.reset()


def say_nothing(peer):
    peer.read_rest()


def say_http(peer):
    peer.socket.recv(1)
    peer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    half_close(peer)
    peer.read_rest()


def never_close(peer):
    peer.accept()
    peer.read_rest()


def deflated(data):
    compressor = zlib.compressobj(wbits=-15)
    return (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def run_in_little_memory(*arguments, **options):
    """run(), where 64 MiB is all the memory there is; AddressSanitizer begins with more."""
    limit = "" if sanitized() else "ulimit -v 65536; "
    return shell(limit + 'exec "$@"', *arguments, **options)


NOT_A_SERVER = "hint: is a WebSocket server on this port?\n"
MANY_LINES = b"a line\n" * 1_000_000


class Table(Case):
    run_client = staticmethod(run)

    def check(self, script, status, stderr, stdout=b"", arguments=("--eof", "hold"), stdin=b""):
        with scripted(script) as server:
            result = self.run_client(*arguments, server.url, stdin=stdin)
        self.assertEqual(result, (status, stdout, stderr.format(url=server.url)))

    def check_rows(self, rows):
        for name, row in rows.items():
            with self.subTest(name):
                self.check(*row)


class Connecting(Case):
    def test_refused(self):
        with closed_port() as port:
            for url in (f"ws://127.0.0.1:{port}/", f"127.0.0.1:{port}", f"http://127.0.0.1:{port}"):
                with self.subTest(url):
                    self.assertEqual(run(url), (4, b"", f"wscope: ws://127.0.0.1:{port}/: connection refused\n"))

    def test_not_answered(self):
        with silent_port() as port:
            result = run("--connect-timeout", "0.3", f"127.0.0.1:{port}/path?query")
        self.assertEqual(result, (4, b"", f"wscope: ws://127.0.0.1:{port}/path?query: timed out\n"))

    def test_name_not_resolved(self):
        result = run("ws://nonexistent.invalid/")
        self.assertEqual((result.status, result.stdout), (3, b""))
        self.assertRegex(result.stderr,
                         r"^wscope: (nonexistent\.invalid: name not resolved: [^\n]+|name lookup timed out)\n$")


class Ways(Case):
    """Each of them once; route_test, proxy_test, tls_test and redirect_test have the rest."""

    run_client = staticmethod(run)

    def check(self, status, words, *arguments):
        """The URL is the last of the arguments."""
        self.assertEqual(self.run_client(*arguments), (status, b"", f"wscope: {words}\n"))

    def test_names(self):
        result = self.run_client("ws://nonexistent.invalid/")
        self.assertEqual((result.status, result.stdout), (3, b""))
        self.assertRegex(result.stderr, r"^wscope: (nonexistent\.invalid: |name lookup )[^\n]+\n$")
        self.check(3, "127.0.0.1: not an IPv6 address", "-6", "ws://127.0.0.1:1/")

    def test_addresses(self):
        with closed_port() as port:
            url = f"ws://made-up.example:{port}/"
            self.check(4, f"{url}: connection refused", "--resolve", f"*:{port}:127.0.0.2,127.0.0.1", url)
            url = "ws://made-up.example/"
            self.check(4, f"{url}: connection refused", "--connect-to", f"::127.0.0.1:{port}", url)

    def test_unix_sockets(self):
        self.check(4, "ws://x/ (/nonexistent): no such file or directory", "--unix-socket", "/nonexistent", "ws://x/")

    def test_proxies(self):
        url = "ws://made-up.example/"
        with closed_port() as port:
            for scheme in ("http", "https", "socks5h"):
                self.check(4, f"{url}: proxy 127.0.0.1:{port}: connection refused", "--proxy",
                           f"{scheme}://user:s3cret@127.0.0.1:{port}", url)
        for credentials, hint in (("", "it wants credentials: --proxy http://USER:PASSWORD@HOST:PORT gives it credentials"),
                                  ("user:s3cret@", "it wants credentials, and does not take these")):
            with scripted(reject("407 Proxy Authentication Required")) as proxy:
                self.check(4, f"{url}: proxy 127.0.0.1:{proxy.port}: HTTP 407 Proxy Authentication Required\n"
                              f"hint: {hint}", "--proxy", f"http://{credentials}127.0.0.1:{proxy.port}", url)

    def test_tls(self):
        skip = "--insecure skips the check"
        expired, self_signed, good = authority.expired(), authority.self_signed(), authority.good()
        for identity, words, arguments in (
            (expired, "certificate expired on 2021-02-03\nhint: if it is this machine's clock that is wrong, set it; "
                      + skip, ["--cacert", authority.root().certificate]),
            (self_signed, f"certificate is self-signed\nhint: {skip}, --pin {self_signed.pin} trusts this very key",
             []),
            (good, f"pin does not match: the server's is {good.pin}", ["--pin", expired.pin]),
            (good, f"unknown issuer: CN=Test Root\nhint: {skip}, --cacert FILE trusts another issuer", [])):
            with scripted_tls(server_context(identity), lambda peer: None) as server:
                self.check(5, f"{server.url}: {words}", *arguments, server.url)
        with scripted(say_http) as server:
            url = server.url.replace("ws:", "wss:")
            self.check(5, f"{url}: the peer does not speak TLS\nhint: it answers in plain HTTP: try ws://", url)

    def test_files(self):
        self.check(1, "/nonexistent: no such file or directory", "--cacert", "/nonexistent", "wss://127.0.0.1:1/")
        self.check(1, "/nonexistent: holds no certificates named by their hash\n"
                      "hint: \"openssl rehash\" makes such names", "--capath", "/nonexistent", "wss://127.0.0.1:1/")

    def test_redirections(self):
        with scripted(*[reject("302 Found", "Location: /")] * 2) as server:
            self.check(6, f"{server.url}: more than 1 redirection (--max-redirects)", "-L", "--max-redirects", "1",
                       server.url)
        location = reject("302 Found", "Location: ws://user:s3cret@127.0.0.1/")
        with scripted_tls(server_context(authority.good()), location) as server:
            self.check(6, f"{server.url}: the redirection leads from wss to ws: not followed", "-L", "-k", server.url)
        with scripted(location) as server:
            self.check(6, "upgrade refused: HTTP 302 Found\n"
                          "hint: 302: it has moved to ws://127.0.0.1/, -L follows it", server.url)


class Upgrading(Table):
    CREDENTIALS = "try --auth USER:PASSWORD\n"

    def test_refusals(self):
        refused = "wscope: upgrade refused: HTTP "
        self.check_rows({
            "404": (reject("404 Not Found", body=b"<h1>no</h1>"), 6,
                    refused + "404 Not Found\nhint: 404: is this the path of the WebSocket endpoint?\n"),
            "200": (reject("200 OK", "Content-Type: text/html", body=b"<html>"), 6,
                    refused + "200 OK\nhint: 200 text/html: not a WebSocket path?\n"),
            "200 without a type": (reject("200 OK"), 6, refused + "200 OK\nhint: 200: not a WebSocket path?\n"),
            "401": (reject("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"'), 6,
                    refused + "401 Unauthorized\nhint: 401: it wants Basic, " + self.CREDENTIALS),
            "301": (reject("301 Moved Permanently", "Location: ws://elsewhere/"), 6,
                    refused + "301 Moved Permanently\nhint: 301: it has moved to ws://elsewhere/, -L follows it\n"),
            "426": (reject("426 Upgrade Required", "Sec-WebSocket-Version: 8"), 6,
                    refused + "426 Upgrade Required\nhint: 426: server wants version 8, try -p 8\n"),
            "302, who knows where": (reject("302 Found"), 6, refused + "302 Found\n"),
            "400": (reject("400 Bad Request", "Sec-WebSocket-Version: 8, 7"), 6,
                    refused + "400 Bad Request\nhint: 400: server wants version 8, 7\n"),
            "400, who knows why": (reject("400 Bad Request"), 6,
                                   refused + "400 Bad Request\nhint: 400: if it wants TLS, try wss://\n"),
            "403": (reject("403 Forbidden"), 6,
                    refused + "403 Forbidden\nhint: 403: it may want an Origin, try -o\n"),
            "429": (reject("429 Too Many Requests"), 6,
                    refused + "429 Too Many Requests\nhint: 429: too many requests, try later\n"),
            "500": (reject("500 Internal Server Error"), 6, refused + "500 Internal Server Error\n"),
            "503, no reason": (reject("503 "), 6, refused + "503 Service Unavailable\n"),
            "chunked": (answer(b"HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n"), 6,
                        refused + "500 Oh: no\n"),
            "until the end": (answer(b"HTTP/1.0 502 Bad Gateway\r\n\r\nsomething"), 6, refused + "502 Bad Gateway: something\n"),
            "cut short": (answer(b"HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nno"), 6, refused + "500 No: no\n"),
            "after a 103": (answer(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"),
                            6, refused + "410 Gone\n"),
            "control characters": (answer(b"HTTP/1.1 418 \xc2\x9b31m\x80\r\nContent-Length: 0\r\n\r\n"), 6,
                                   refused + "418 \\x9b31m\\x80\n"),
        })

    def test_responses_that_are_none(self):
        invalid = "wscope: {url}: invalid upgrade response: "
        no_http = "wscope: {url}: upgrade failed: "
        self.check_rows({
            "wrong accept": (accept_wrongly(b"Accept: ", b"Accept: x"), 6,
                             invalid + "the Sec-WebSocket-Accept header does not answer the key\n"),
            "no accept": (accept_wrongly(b"Sec-WebSocket-Accept", b"X"), 6,
                          invalid + "not exactly one Sec-WebSocket-Accept header\n"),
            "no upgrade": (accept_wrongly(b"Upgrade: websocket\r\n", b""), 6, invalid + "no Upgrade header\n"),
            "no connection": (accept_wrongly(b"Connection: Upgrade\r\n", b""), 6, invalid + "no Connection header\n"),
            "wrong connection": (accept_wrongly(b"Connection: Upgrade", b"Connection: close"), 6,
                                 invalid + 'the Connection header lacks "upgrade"\n'),
            "HTTP/1.0": (accept_wrongly(b"HTTP/1.1", b"HTTP/1.0"), 6, invalid + "the response is not HTTP/1.1\n"),
            "wrong upgrade": (accept_wrongly(b"Upgrade: websocket", b"Upgrade: h2c"), 6,
                              invalid + 'the Upgrade header is not "websocket"\n'),
            "not asked for": (accept_wrongly(b"Connection:", b"Sec-WebSocket-Protocol: chat\r\nConnection:"), 6,
                              invalid + "the server chose the subprotocol \"chat\", which was not offered\n"
                              "hint: -s chat offers it\n"),
            "garbage": (answer(b"SSH-2.0-OpenSSH_9.2\r\n"), 6,
                        no_http + "this is not an HTTP response\n" + NOT_A_SERVER),
            "TLS record": (answer(b"\x15\x03\x01\x00\x02\x02\x46"), 6,
                           no_http + "this is a TLS record, not HTTP\nhint: got a TLS record: try wss://\n"),
            "escape sequence": (answer(b"HTTP/1.1 404 \x1b[31mred\r\n\r\n"), 6,
                                no_http + "a control character in the reason phrase\n" + NOT_A_SERVER),
        })

    def test_no_response(self):
        self.check_rows({
            "silence": (say_nothing, 4,
                        "wscope: {url}: timed out: no answer to the upgrade request\n", b"",
                        ("--handshake-timeout", "0.3")),
            "the end": (answer(b""), 6,
                        "wscope: {url}: upgrade failed: the connection was closed before the handshake\n"),
            "the end within it": (answer(b"HTTP/1.1 101 Switching Protocols\r\nUpgr"), 6,
                                  "wscope: {url}: upgrade failed: the connection was closed during the handshake\n"),
            "a reset": (reset_after_the_request, 6,
                        "wscope: {url}: upgrade failed: connection reset by peer\n"
                        "hint: if it wants TLS, try wss://\n"),
        })


class UpgradingWithoutEnd(Table):
    @staticmethod
    def run_client(*arguments, **options):
        result = run_in_little_memory(*arguments, **options)
        return result._replace(stderr=re.sub(r"; \d+ had come", "", result.stderr))  # by chance

    def test_ends(self):
        too_long = ("wscope: {url}: upgrade failed: a head of more than 65536 bytes (--max-header)\n"
                    "hint: --max-header allows more\n")
        refused = ("wscope: upgrade refused: HTTP 404 Not Found\n"
                   "hint: 404: is this the path of the WebSocket endpoint?\n")
        found = b"HTTP/1.1 101 Switching Protocols\r\n"
        not_found = b"HTTP/1.1 404 Not Found\r\n"
        self.check_rows({
            "status line": (answer_for_ever(b"HTTP/1.1 101 ", b"x"), 6, too_long),
            "field": (answer_for_ever(found + b"X: ", b"x"), 6, too_long),
            "fields": (answer_for_ever(found, b"X: y\r\n"), 6, too_long),
            "body": (answer_for_ever(not_found + b"\r\n", b"x"), 6, refused),
            "chunks": (answer_for_ever(not_found + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), 6, refused),
            "trailers": (answer_for_ever(not_found + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"), 6,
                         refused),
            "hints": (answer_for_ever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), 6,
                      "wscope: {url}: invalid upgrade response: the interim responses (1xx) have no end\n"),
        })


class Open(Table):
    def test_lost(self):
        words = "wscope: connection lost: "
        ended = words + "without a Close from the peer\n"
        cut = ended[:-1] + "; the last message is incomplete: 3 bytes of a text message came\n"
        self.check_rows({
            "the end": (lost(), 8, ended),
            "within a message": (lost(send(TEXT, b"hel", fin=False)), 8, cut, b"hel"),
            "within a frame": (lost(lambda peer: peer.write(b"\x81\x05hel")), 8, cut, b"hel"),
            "within the head of a frame": (lost(send(TEXT, b"one"), lambda peer: peer.write(b"\x81")), 8, ended,
                                           b"one\n"),
            "a reset": (reset_after_a_frame, 8, words + "connection reset by peer\n", b"", ("--eof", "hold"), b"x\n"),
            "a reset while we send": (reset_after_a_frame, 8, words + "connection reset by peer\n", b"", (),
                                      MANY_LINES),
            "the end while we send": (half_close_after_a_frame, 8, ended, b"", (), MANY_LINES),
            "no answer to our Close": (never_close, 8, words + "the peer did not answer the Close\n", b"",
                                       ("--eof", "close", "--close-timeout", "0.3")),
        })

    def test_lost_to_a_peer_that_has_stopped_reading(self):
        stuck, gone = threading.Event(), threading.Event()

        def script(peer):
            peer.accept()
            stuck.wait(DEADLINE)
            half_close(peer)
            gone.wait(DEADLINE)
        with scripted(script) as server:
            client = start("--close-timeout", "0.3", server.url)
            feed(client.stdin, MANY_LINES * 4)
            self.assert_waits(client)
            stuck.set()
            client.wait(DEADLINE)
            gone.set()
        result = finish(client)
        self.assertEqual((result.status, result.stdout), (8, b""))
        self.assertRegex(result.stderr, r"^wscope: connection lost: without a Close from the peer"
                                        r"(, after [0-9.]+ s of silence)?\n$")

    def test_closed_by_the_peer(self):
        closed = "wscope: closed by the peer: "
        self.check_rows({
            "1000": (opened(lambda peer: peer.close(1000, "fine")), 0, ""),
            "1001": (opened(lambda peer: peer.close(1001)), 0, ""),
            "no code": (opened(send(CLOSE)), 0, ""),
            "1011": (opened(lambda peer: peer.close(1011, "on fire")), 9, closed + "1011 (internal error) on fire\n"),
            "1013": (opened(send(TEXT, b"x"), lambda peer: peer.close(1013)), 9, closed + "1013 (try again later)\n",
                     b"x\n"),
            "4321": (opened(lambda peer: peer.close(4321)), 9, closed + "4321 (private use)\n"),
            "escape sequence": (opened(lambda peer: peer.close(3000, "\x1b]0;title\x07\n\u202eright\x9b")), 9,
                                closed + "3000 (registered) \\x1b]0;title\\x07\\x0a\\u{{202e}}right\\x9b\n"),
        })

    def test_broken_protocol(self):
        broken = "wscope: the peer broke the protocol: "
        sent = "; we sent 1002\n"
        self.check_rows({
            "reserved opcode": (opened(send(TEXT, b"one"), send(3)), 7, broken + "frame with the reserved opcode 3" + sent, b"one\n"),
            "masked": (opened(send(TEXT, b"x", masked=True)), 7, broken + "masked text frame from a server" + sent),
            "bad UTF-8": (opened(send(TEXT, b"ab\xffcd")), 7, broken + "text that is not UTF-8: byte ff at offset 2; we sent 1007\n"),
            "compressed, not agreed": (opened(send(TEXT, deflated(b"hello"), rsv=4)), 7,
                                       broken + "text frame with RSV1, which nothing agreed on uses here" + sent),
            "fragmented control": (opened(send(PING, b"", fin=False)), 7, broken + "ping frame without FIN" + sent),
            "nothing to continue": (opened(send(CONTINUATION, b"x")), 7,
                                    broken + "continuation frame without a message" + sent),
            "message in a message": (opened(send(BINARY, b"a", fin=False), send(BINARY, b"b")), 7,
                                     broken + "binary frame inside a fragmented message" + sent, b"a"),
            "long length": (opened(lambda peer: peer.write(b"\x82\x7e\x00\x01a")), 7,
                            broken + "binary frame of 1 byte whose length is not in its shortest form" + sent),
            "code 1005": (opened(lambda peer: peer.close(1005)), 7, broken + "Close with the code 1005 (no status), which may not be sent" + sent),
            "half a code": (opened(send(CLOSE, b"\x03")), 7, broken + "close frame with a payload of one byte" + sent),
        })

    def test_a_broken_protocol_is_told_to_the_peer(self):
        def script(peer):
            peer.accept()
            peer.send(3)
            return peer.finish()
        with scripted(script) as server:
            self.assertEqual(run("--eof", "hold", server.url).status, 7)
        self.assertEqual(server.result, b"\x03\xeareserved opcode")


if __name__ == "__main__":
    unittest.main()
