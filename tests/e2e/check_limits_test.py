"""wscope check measures: limits are found where they are, and what is odd about habits or TLS is told by its case."""

import contextlib
import json
import re
import socket
import ssl
import threading
import unittest

import authority
from check_test import Judged
from faulty import CLOSE, PONG, FaultyServer, frame, make
from secure import server_context
from support import ENVIRONMENT, Case, run

OLD = ssl.TLSVersion.TLSv1


def results(*arguments, status=None):
    """What came of each case, by its id; and the summary. There is time for large messages."""
    result = run("check", "--case-timeout", "3", "--retries", "0", "--report", "json", *arguments)
    if status is not None and result.status != status:
        raise AssertionError(result)
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    return {one["id"]: one for one in objects[:-1]}, objects[-1]


def notable(cases):
    return {name for name, one in cases.items() if one["verdict"] in ("fail", "warn", "error")}


class Limits(Case):
    def test_where_they_are(self):
        with Judged("echo", "--max-size", "100000", "--max-header", "8192", "0") as server:
            cases, summary = results(server.url, "--only", "limit.*,pmdx.limit", status=0)
        self.assertEqual(notable(cases), set())
        self.assertTrue(99000 <= cases["limit.message"]["measured"] <= 100000, cases["limit.message"])
        self.assertRegex(cases["limit.message"]["seen"], r" B \(1009, (at the header|after it)\)$")
        self.assertEqual(cases["limit.frame"]["seen"], "same")
        self.assertEqual(cases["limit.inflated"]["seen"], "same, counted after inflating")
        self.assertTrue(8000 <= cases["limit.head"]["measured"] <= 8192, cases["limit.head"])
        self.assertIn("(431)", cases["limit.head"]["seen"])
        self.assertEqual(cases["limit.too-big-code"]["verdict"], "pass")
        self.assertEqual(cases["pmdx.limit"]["verdict"], "pass")
        self.assertTrue(summary["limits"].startswith("message "), summary)

    def test_discovering(self):
        with Judged("echo", "--max-size", "64K", "0") as server:
            result = run("check", "--discover", "--skip", "limit.head,limit.fragments", server.url)
            self.assertEqual((result.status, result.stderr), (0, ""))
            self.assertRegex(result.stdout.decode(), re.compile(
                r"\Awscope check ws://\S+\n\n+  limits   message 65 536 B \(1009, at the header\) · frame same · inflated "
                r"same, counted after inflating\n  net      round trip [^\n]* · two messages: [^\n]* · IPv4 answers, IPv6 "
                r"[^\n]*\n  server   permessage-deflate, windows 9-15, context takeover both ways\n\n9 cases: "))
            cases, _ = results("--discover", "--skip", "limit.*", server.url, status=0)
            self.assertEqual({one["verdict"] for one in cases.values()}, {"info"})
            self.assertEqual(run("check", "--discover", "--only", "hs.*", server.url).status, 2)

    def test_silence(self):
        with Judged("echo", "0") as server:
            cases, _ = results("--only", "limit.idle", "--slow", "--idle-max", "0.3", server.url, status=0)
        self.assertRegex(cases["limit.idle"]["seen"], "^none in ")

    def test_a_code_of_its_own(self):
        fault = make(from_server=lambda self, one: frame(CLOSE, b"\x03\xf0") if one.code == 1009 else one.raw)
        with Judged("echo", "--max-size", "4K", "0") as right, FaultyServer(fault, right.port) as wrong:
            cases, _ = results(wrong.url, "--only", "limit.message,limit.too-big-code", "--echo", "yes")
        self.assertEqual(notable(cases), {"limit.too-big-code"})
        self.assertEqual(cases["limit.message"]["measured"], 4096)


class Habits(Case):
    def test_a_proxy_that_collects(self):
        def collect(self, one):
            if one.opcode != PONG:
                return one.raw
            held = getattr(self, "held", b"") + one.raw
            whole = len(held) >= 5 * len(one.raw)
            self.held = b"" if whole else held
            return held if whole else b""

        with Judged("echo", "0") as right, FaultyServer(make(from_server=collect), right.port) as wrong:
            cases, _ = results(wrong.url, "--only", "net.buffering,net.redirect", "--echo", "yes")
        self.assertEqual(notable(cases), {"net.buffering"}, cases)

    def test_a_redirect(self):
        def redirect(self, head, request):
            if b"Upgrade: " in request:
                return head
            return b"HTTP/1.1 301 Moved Permanently\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n"

        with Judged("echo", "0") as right, FaultyServer(make(response=redirect), right.port) as wrong:
            cases, _ = results(wrong.url, "--only", "net.redirect", "--echo", "yes")
        self.assertEqual(cases["net.redirect"]["seen"], "301 Moved Permanently to https://elsewhere/")


class TlsFront:
    """TLS as Python has it, in front of a server of ours. It ends without close_notify."""

    def __init__(self, context, behind):
        self.context, self.behind = context, behind
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"wss://127.0.0.1:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.relay, args=(client,), daemon=True).start()

    def relay(self, client):
        with client, contextlib.suppress(OSError):
            secure = self.context.wrap_socket(client, server_side=True, suppress_ragged_eofs=True)
            with secure, socket.create_connection(("127.0.0.1", self.behind)) as server:
                there = threading.Thread(target=self.pump, args=(secure, server), daemon=True)
                there.start()
                self.pump(server, secure)
                # Neither is closed as long as somebody reads it.
                socket.socket.shutdown(secure, socket.SHUT_RD)
                there.join()

    @staticmethod
    def pump(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sink, socket.SHUT_WR)


class Tls(Case):
    def test_our_own(self):
        with Judged("echo", "--tls", "0") as server:
            cases, summary = results(server.url, "--pin", server.pin, "--only", "tls.*,h2.*,net.redirect", status=0)
        self.assertEqual(notable(cases), {"tls.certificate"}, cases)
        self.assertIn("self-signed", cases["tls.certificate"]["seen"])
        self.assertEqual(summary["tls"], "TLS 1.3, ALPN http/1.1")
        self.assertEqual(cases["h2.setting"]["seen"], "wscope has no HTTP/2 yet")

    def front(self, only, identity, trust, **options):
        with Judged("echo", "0") as server, TlsFront(server_context(identity, **options), server.port) as front:
            return results(front.url, *trust, "--only", only)[0]

    def test_what_is_odd(self):
        good = authority.good()
        trust = ("-k",)
        rows = (
            (good, {"least": OLD, "ciphers": "ALL:@SECLEVEL=0"}, "tls.version-*,tls.alpn-http11",
             {"tls.version-10", "tls.version-11"}),
            (good, {}, "tls.certificate,tls.alpn-*,tls.small-records", {"tls.certificate"}),
            (good, {}, "tls.close-notify,tls.version-*,tls.plain-text", {"tls.close-notify"}),
        )
        for identity, options, only, expected in rows:
            with self.subTest(only):
                self.assertEqual(notable(self.front(only, identity, trust, **options)), expected)
        cases = self.front("tls.alpn-*", good, trust, protocols=["h2"])
        self.assertIn("h2", cases["tls.alpn-h2-http11"]["seen"])
        self.assertEqual(cases["tls.alpn-h2-http11"]["verdict"], "skip")

    def test_certificates(self):
        environment = ENVIRONMENT | {"SSL_CERT_FILE": authority.root().certificate}
        for identity, verdict, seen in ((authority.good(), b"PASS", b"for localhost, 127.0.0.1, ::1, until 2099-12-31"),
                                        (authority.expired(), b"WARN", b"expired"),
                                        (authority.wrong_name(), b"WARN", b"elsewhere.example")):
            with Judged("echo", "0") as server, TlsFront(server_context(identity), server.port) as front:
                result = run("check", "-k", "-v", "--only", "tls.certificate", front.url, env=environment)
            self.assertRegex(result.stdout, verdict + b" +tls.certificate .*" + seen)


if __name__ == "__main__":
    unittest.main()
