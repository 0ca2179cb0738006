"""--every, --rate, --timestamps, --write-out and the figures of -v: when messages go, and how it went."""

import json
import re
import tempfile
import time
import unittest

from peer import CLOSE, TEXT, close_payload, closed_port, connected, reject, scripted
from support import Case, Server, run

STAMP = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z "


class Every(Case):
    def test_is_sent_beside_stdin(self):
        self.assertEqual(run("--no-stdin", "--every", "0.02", "tick", "--count", "3", "echo:"),
                         (0, b"tick\n" * 3, ""))
        out = run("--every", "0.01", "tick", "--until", "tick", "echo:", stdin=b"line\n").stdout
        self.assertEqual(out, b"line\ntick\n")

    def test_goes_to_each_client_of_a_server(self):
        with Server("listen", "--every", "0.02", "tick", "--every", "0.03", "tock", "0") as server:
            with connected(server) as one, connected(server) as other:
                for client in (one, other):
                    self.assertEqual([client.read_message() for _ in range(2)], [(TEXT, b"tick"), (TEXT, b"tock")])

    def test_may_be_anything_that_is_sent(self):
        def script(peer):
            peer.accept()
            frames = [peer.read_frame()[:2]]
            while frames[-1][0] != CLOSE:
                frames.append(peer.read_frame()[:2])
            peer.send(*frames[-1])
            return frames[0], frames[-1]
        with scripted(script) as server:
            result = run("--no-stdin", "--in", "json", "--every", "0.01", '{"type":"text","data":"bye"}', "--every",
                         "0.02", '{"type":"close","code":1000}', server.url)
        self.assertEqual((result, server.result),
                         ((0, b"", ""), ((TEXT, b"bye"), (CLOSE, close_payload(1000)))))


class Rate(Case):
    def test_is_kept_and_nothing_is_lost(self):
        lines = b"".join(b"%d\n" % i for i in range(20))
        began = time.monotonic()
        self.assertEqual(run("--rate", "200", "--eof", "close", "echo:", stdin=lines), (0, lines, ""))
        self.assertGreaterEqual(time.monotonic() - began, 19 / 200)

    def test_holds_for_a_server(self):
        def listen(*arguments):
            with Server("listen", "--once", "--eof", "close", *arguments, "0", stdin=open(lines.name, "rb")) as server:
                with connected(server) as client:
                    began = time.monotonic()
                    received = [client.read_message()[1] for _ in range(5)]
                    took = time.monotonic() - began
                    client.close()
                    client.read_rest()
                server.process.wait()
            return received, took
        with tempfile.NamedTemporaryFile() as lines:
            lines.write(b"a\nb\nc\nd\ne\n")
            lines.flush()
            received, took = listen("--rate", "50")
        self.assertEqual(received, [b"a", b"b", b"c", b"d", b"e"])
        self.assertGreater(took, 0.05)


class Timestamps(Case):
    def test_stand_in_front_of_messages(self):
        for arguments, stamp in (((), STAMP), (("--timestamps=relative",), rb"\+\d+\.\d{6} ")):
            with self.subTest(arguments):
                result = run("--eof", "close", *(arguments or ("--timestamps",)), "echo:", stdin=b"a\n\n")
                self.assertEqual((result.status, result.stderr), (0, ""))
                self.assertRegex(result.stdout, rb"\A" + stamp + rb"a\n" + stamp + rb"\n\Z")


class WriteOut(Case):
    FORMAT = r"%{http_code} %{close_code} %{close_reason} %{messages_in}/%{messages_out} %{bytes_in}/%{bytes_out}\n"

    def test_says_how_it_went(self):
        def script(peer):
            peer.accept()
            for _ in range(2):
                peer.send(*peer.read_message())
            peer.close(4000, "bye")
            peer.read_rest()
        with scripted(script) as server:
            result = run("--write-out", self.FORMAT, "--eof", "hold", server.url, stdin="grüß\nb\n".encode())
        self.assertEqual(result, (9, "grüß\nb\n".encode(), "wscope: closed by the peer: 4000 (private use) bye\n"
                                  "101 4000 bye 2/2 7/7\n"))

    def test_says_it_of_a_failure_too(self):
        with scripted(reject("403 Forbidden")) as server:
            result = run("--write-out", r"%{http_code} %{exitcode} %{remote_ip}\n", server.url)
        self.assertEqual((result.status, result.stderr.splitlines()[-1]), (6, "403 6 127.0.0.1"))
        with closed_port() as port:
            result = run("--write-out", "%{stdout}%{json}", f"127.0.0.1:{port}")
        known = json.loads(result.stdout)
        self.assertEqual((result.status, known["exitcode"], known["http_code"], known["close_code"]), (4, 4, 0, None))
        self.assertEqual(result.stderr.splitlines()[0], "wscope: " + known["errormsg"])
        self.assertEqual(known["url"], f"ws://127.0.0.1:{port}/")

    def test_times_follow_each_other(self):
        result = run("--write-out", "%{stdout}%{time_connect} %{time_open} %{time_starttransfer} %{time_total}",
                     "-x", "a", "--one", "--out", "raw", "echo:")
        times = [float(word) for word in result.stdout.removeprefix(b"a").split()]
        self.assertEqual((result.status, len(times), times), (0, 4, sorted(times)))

    def test_is_checked_before_anything_is_done(self):
        result = run("--write-out", "%{size}", "echo:")
        self.assertEqual((result.status, result.stderr),
                         (2, "wscope: --write-out: there is no %{size}\nhint: try wscope --help\n"))


class Figures(Case):
    def test_are_the_last_line_of_v(self):
        result = run("-v", "--eof", "close", "echo:", stdin=b"x" * 999 + b"\nyy\n")
        self.assertEqual(result.status, 0)
        self.assertRegex(result.stderr, r"\n\* sent 2 messages, 1\.0 kB; received 2, 1\.0 kB; \d+\.\d\d s\n$")

    def test_are_none_without_a_connection(self):
        with closed_port() as port:
            result = run("-v", f"127.0.0.1:{port}")
        self.assertEqual((result.status, re.findall(r"\* sent", result.stderr)), (4, []))


if __name__ == "__main__":
    unittest.main()
