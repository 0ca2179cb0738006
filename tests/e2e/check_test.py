"""wscope check: clean against our own server, and each wrong one is told by its case alone."""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

from faulty import FaultyServer, make
from support import Case, Server, finish, run, run_watched, sanitized, start

SCHEMA = pathlib.Path(__file__).with_name("junit.xsd")
QUICK = ("--case-timeout", "2" if sanitized() else "0.5", "--retries", "0", "--report", "json")


class Judged(Server):
    """A server that has much to say of what is done to it."""

    def __exit__(self, *_):
        self.stop()


def results(*arguments, status=None):
    """What came of each case, by its id; and the summary."""
    result = run("check", *QUICK, *arguments)
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    if status is not None and result.status != status:
        raise AssertionError(result)
    return {one["id"]: one for one in objects[:-1]}, objects[-1]


class Clean(Case):
    def test_our_own_server(self):
        with Judged("echo", "0") as server:
            began = time.monotonic()
            cases, summary = results(server.url, status=0)
            self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(summary["warned"], 0, [one for one in cases.values() if one["verdict"] == "warn"])
        self.assertGreater(summary["passed"], 260)
        self.assertTrue(summary["echo"])

    def test_our_own_server_with_tls_and_a_subprotocol(self):
        with Judged("echo", "--tls", "--subprotocol", "chat", "0") as server:
            cases, summary = results(server.url, "--pin", server.pin, "--subprotocol", "chat", status=0)
        # Nobody else vouches for a certificate that was made in memory.
        self.assertEqual({name for name, one in cases.items() if one["verdict"] == "warn"}, {"tls.certificate"})
        self.assertEqual(cases["sub.last"]["verdict"], "pass")
        self.assertNotIn("close.half", cases)

    def test_a_server_that_does_not_echo(self):
        with Judged("listen", "0") as server:
            cases, summary = results(server.url, "--only", "frame.*,frag.*,sec.*", status=0)
        self.assertFalse(summary["echo"])
        self.assertEqual(cases["frame.text-1"]["verdict"], "skip")
        self.assertEqual(cases["frag.3"]["verdict"], "pass")
        self.assertEqual(cases["sec.origin-foreign"]["verdict"], "pass")

    def test_the_embedded_server(self):
        self.assertEqual(run("check", "echo:", "--only", "hs.basic").status, 0)


class Reports(Case):
    def report(self, *arguments):
        return run("check", "echo:", "--only", "hs.basic,sub.choice,hs.plain-get", *arguments)

    def test_text(self):
        result = self.report()
        self.assertEqual((result.status, result.stderr), (0, ""))
        text = result.stdout.decode()
        self.assertRegex(text, r"^wscope check echo:   3 cases, 4 at a time, it echoes\n")
        self.assertRegex(text, r"SKIP  sub\.choice .* no subprotocol is known: give --subprotocol\n")
        self.assertRegex(text, r"\n3 cases: 1 passed, 0 failed, 1 informational, 1 skipped in \d\.\d s\n$")

    def test_several_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            result = self.report("--report", f"junit:{path}/x.xml", "--report", f"md:{path}/x.md", "--report", "tap")
            self.assertTrue(result.stdout.startswith(b"TAP version 14\n1..3\n"))
            self.assertIn("| INFO | `hs.plain-get` |", (path / "x.md").read_text())
            tree = xml.etree.ElementTree.parse(path / "x.xml")
            self.assertEqual([one.get("name") for one in tree.iter("testcase")], ["hs.basic", "hs.plain-get", "sub.choice"])
            if shutil.which("xmllint"):
                checked = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, path / "x.xml"], capture_output=True,
                                         check=False)
                self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_a_reader_that_goes_away_and_frames(self):
        result = run("check", "echo:", "--only", "hs.basic", "-vv")
        self.assertRegex(result.stderr, r"\* hs\.basic\n> GET / HTTP/1\.1\n")
        self.assertIn(b"PASS  hs.basic", result.stdout)
        process = start("check", "echo:", "-v")
        process.stdout.close()
        process.stdout = None
        self.assertEqual(process.wait(20), 0)
        process.stderr.close()
        process.stdin.close()


class Progress(Case):
    def said(self, *arguments):
        """What is said on stderr, a terminal."""
        result, said = run_watched("check", "--only", "frame.opcode-3,frame.opcode-4", "--echo", "yes", "--case-timeout",
                                   "1.5", "--retries", "0", *arguments)
        self.assertEqual(result.status, 11)
        self.assertNotIn(b"\x1b", result.stdout)
        return said

    def test_how_far_it_is_is_told_on_a_terminal_and_taken_away(self):
        line = r"[01] of 2 cases, 0 failed\x1b\[K\r"
        fault = make(from_client=lambda self, one: b"" if one.opcode == 3 else one.raw)
        with Judged("echo", "0") as right, FaultyServer(fault, right.port) as wrong:
            self.assertRegex(self.said(wrong.url), rf"\A({line})+\x1b\[K\Z")
            self.assertNotIn("cases", self.said(wrong.url, "-vv"))
        client = str(pathlib.Path(__file__).with_name("faulty_client.py"))
        said = self.said("--listen", "0", "--", sys.executable, "-I", "-S", client, "{url}", "opcode-3")
        self.assertRegex(said, rf"\A({line})+\x1b\[K\Z")


class Words(Case):
    def test_the_list(self):
        result = run("check", "--list")
        self.assertEqual(result.status, 0)
        self.assertRegex(result.stdout.decode(), r"^hs\.basic +S +MUST +4\.2\.2 \(5\) +the plain GET\n")
        for line in run("check", "--list", "--json", "--only", "c*").stdout.splitlines():
            self.assertTrue(json.loads(line)["id"].startswith("c"))

    def test_what_is_no_case_or_no_number(self):
        for arguments in (["--only", "nothing"], ["--rfc", "1"], ["--level", "all"], ["--report", "x"], ["--jobs", "0"],
                          ["--case-timeout", "0"], ["--path-unknown", "x"], ["--only", "a,"]):
            with self.subTest(arguments):
                result = run("check", *arguments, "echo:")
                self.assertEqual((result.status, result.stdout), (2, b""), result)
                self.assertEqual(result.stderr.count("wscope: "), 1)
        self.assertEqual(run("check").status, 2)

    def test_levels_make_the_status(self):
        with Judged("echo", "0") as server:
            self.assertEqual(run("check", server.url, "--only", "sec.*").status, 0)
            self.assertEqual(run("check", server.url, "--only", "sec.*", "--level", "info").status, 11)

    def test_a_baseline(self):
        fault = make(response=lambda self, head, _: head.replace(b"HTTP/1.1 101", b"HTTP/1.0 101"))
        with Judged("echo", "0") as right, FaultyServer(fault, right.port) as wrong, \
                tempfile.TemporaryDirectory() as folder:
            def status(url, *arguments):
                only = ("--only", "hs.reply-version,hs.basic", "--echo", "yes")
                return run("check", url, *only, *arguments).status

            path = f"{folder}/known"
            self.assertEqual(status(wrong.url, "--write-baseline", path), 11)
            self.assertEqual(pathlib.Path(path).read_text().splitlines()[1:], ["hs.reply-version fail"])
            self.assertEqual(status(wrong.url, "--baseline", path), 0)
            self.assertEqual(status(right.url, "--baseline", path), 0)
            self.assertEqual(status(right.url, "--baseline", path, "--strict-baseline"), 11)
            pathlib.Path(path).write_text("hs.basic fail\n")
            self.assertEqual(status(wrong.url, "--baseline", path), 11)

    def test_there_is_no_server(self):
        refused = run("check", "ws://127.0.0.1:1/")
        self.assertEqual((refused.status, refused.stdout), (4, b""), refused)
        self.assertEqual(run("check", "ws://nothing.invalid/").status, 3)
        with Judged("echo", "--path", "/x", "0") as server:
            self.assertEqual(run("check", server.url).status, 6)
        with Judged("echo", "--tls", "0") as server:
            self.assertEqual(run("check", server.url).status, 5)

    def test_a_server_that_dies(self):
        class Mortal(FaultyServer):
            def relay(self, client):
                head = client.recv(65536, 2)
                if b"WebSocket\r\n" in head:
                    self.listener.close()
                super().relay(client)
        with Judged("echo", "0") as right, Mortal(make(), right.port) as wrong:
            cases, summary = results(wrong.url, "--only", "hs.value-case,hs.body-length,frame.*", "--jobs", "1", status=11)
        self.assertGreater(summary["errors"], 10)
        self.assertEqual(len(cases), summary["cases"])

    def test_a_signal(self):
        with Judged("echo", "0") as server:
            process = start("check", server.url, "--slow", "--only", "ctl.peer-pings,hs.basic")
            self.assertTrue(process.stdout.readline())
            process.send_signal(signal.SIGINT)
            result = finish(process)
        self.assertEqual(result.status, 130)
        self.assertIn(b"interrupted: ", result.stdout)


if __name__ == "__main__":
    unittest.main()
