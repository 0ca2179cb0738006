"""wscope check --listen: clean against our own client, each wrong one is told by its case alone; and Autobahn's drivers."""

import base64
import json
import os
import pathlib
import re
import signal
import socket
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from support import BINARY, Case, finish, run, start

CLIENT = str(pathlib.Path(__file__).with_name("faulty_client.py"))
PYTHON = (sys.executable, "-I", "-S")  # which begins sooner
QUICK = ("--case-timeout", "2", "--retries", "0", "--report", "json")


def results(*arguments, command):
    """What came of each case, by its id; the summary; and the exit status."""
    result = run("check", "--listen", "0", *QUICK, *arguments, "--", *command)
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    if not objects:
        raise AssertionError(result)
    return {one["id"]: one for one in objects[:-1]}, objects[-1], result.status


def bad(cases):
    return {name: one["seen"] for name, one in cases.items() if one["verdict"] in ("fail", "error")}


# The faults of faulty_client.py, the cases that are run, and those of them that fail.
FAULTS = {
    "no-host": ("c.request,c.key", {"c.request"}),
    "version-8": ("c.request,c.key", {"c.request"}),
    "key-15": ("c.request,c.key,c.no-body", {"c.key"}),
    "one key": ("c.request,c.key,c.no-body", {"c.key"}),
    "key-twice": ("c.request,c.offer-*,c.key,c.no-body", {"c.key"}),
    "protocol-twice": ("c.request,c.offer-*", {"c.offer-grammar"}),
    "bad-offer": ("c.request,c.offer-*", {"c.offer-pmd"}),
    "early": ("c.request,c.waits", {"c.waits"}),
    "no-interim": ("c.early-hints,c.status-404", {"c.early-hints"}),
    "status-404": ("c.status-40*", {"c.status-404"}),
    "status-503": ("c.status-50*", {"c.status-503"}),
    "accept-wrong": ("c.accept-*,c.upgrade-*", {"c.accept-wrong"}),
    "accept-none": ("c.accept-*", {"c.accept-none"}),
    "accept-case": ("c.accept-*", {"c.accept-case"}),
    "no-trim": ("c.accept-*", {"c.accept-space"}),
    "upgrade-none": ("c.upgrade-*,c.connection-*", {"c.upgrade-none"}),
    "upgrade-other": ("c.upgrade-*,c.connection-*", {"c.upgrade-other"}),
    "connection-none": ("c.upgrade-*,c.connection-*", {"c.connection-none"}),
    "connection-whole": ("c.upgrade-*,c.connection-*", {"c.connection-list"}),
    "exact-case": ("c.case,c.request", {"c.case"}),
    "ext-unasked": ("c.ext-*", {"c.ext-unasked"}),
    "ext-malformed": ("c.ext-*", {"c.ext-malformed"}),
    "protocol-unasked": ("c.protocol-*", {"c.protocol-unasked"}),
    "protocol-two": ("c.protocol-*", {"c.protocol-two"}),
    "one-read": ("c.split,c.request", {"c.split"}),
    "loses-early": ("c.early-frame,c.request", {"c.early-frame"}),
    "one-mask": ("frame.text-*,c.masks,inv.*", {"c.masks"}),
    "counted-masks": ("ctl.ping-10,c.masks,inv.*", {"c.masks"}),
    "no-mask": ("ctl.ping-125,inv.*", {"inv.mask"}),
    "long-lengths": ("ctl.ping-empty,inv.*", {"inv.length"}),
    "sends-rsv": ("ctl.ping-empty,inv.*", {"inv.rsv"}),
    "sends-1005": ("close.1000,inv.*", {"inv.close-code"}),
    "data-after-close": ("close.data-after,inv.*", {"inv.after-close"}),
    "masked": ("frame.masked,frame.split,frame.rsv-2", {"frame.masked"}),
    "opcode-3": ("frame.opcode-*", {"frame.opcode-3"}),
    "rsv-2": ("frame.rsv-*", {"frame.rsv-2"}),
    "no-echo": ("frame.text-*,frame.binary-125,frag.1-byte", {"frame.text-1"}),
    "echo-type": ("frame.text-*,frag.echo-type,frame.binary-125", {"frame.text-1"}),
    "lone-continuation": ("frag.l*,frag.a*,frag.n*,frag.empty-*", {"frag.lone-continuation-fin"}),
    "message-inside": ("frag.l*,frag.n*,frag.?", {"frag.new-text-inside"}),
    "short-pong": ("ctl.ping-empty,ctl.ping-1*,ctl.ping-binary", {"ctl.ping-125"}),
    "long-control": ("ctl.ping-1*,ctl.*-fragmented,close.reason-*", {"ctl.ping-126"}),
    "control-fragment": ("ctl.ping-1*,ctl.*-fragmented", {"ctl.ping-fragmented"}),
    "any-utf8": ("utf8.bad-f*,utf8.truncated-2,utf8.across", {"utf8.bad-ff"}),
    "any-code": ("close.bad-*,close.len-1,close.1000", {"close.bad-1005"}),
    "wrong-code": ("close.3*,close.4*", {"close.3999"}),
    "no-close": ("close.empty,close.100*,close.len-1", {"close.empty"}),
    "wide-window": ("pmdx.client-window,pmdx.text", {"pmdx.client-window"}),
    "keeps-context": ("pmdx.no-context,pmdx.text", {"pmdx.no-context"}),
    "dies": ("ctl.ping-empty,ctl.ping-125", {"ctl.ping-125"}),
}


class Programs(Case):
    def test_our_own_client(self):
        cases, summary, status = results(command=(BINARY, "connect", "--echo", "{url}"))
        self.assertEqual(bad(cases), {})
        self.assertEqual(status, 0)
        self.assertTrue(summary["echo"])
        self.assertGreater(summary["passed"], 180)
        self.assertEqual(summary["warned"], 0, [one for one in cases.values() if one["verdict"] == "warn"])

    def test_a_client_without_a_fault(self):
        cases, _, status = results("--only", "c.*,ctl.*,frame.*,inv.*", "--skip", "frame.binary-1m,ctl.ping-in-transfer",
                                   command=(*PYTHON, CLIENT, "{url}"))
        self.assertEqual(bad(cases), {})
        self.assertEqual(status, 0)

    def test_each_fault_is_told_by_its_case(self):
        def failed(fault):
            cases, _, status = results("--echo", "yes", "--only", FAULTS[fault][0],
                                       command=(*PYTHON, CLIENT, "{url}", fault))
            return bad(cases), status

        with ThreadPoolExecutor(2) as pool:
            for fault, (cases, status) in zip(FAULTS, pool.map(failed, FAULTS)):
                with self.subTest(fault):
                    self.assertEqual(set(cases), FAULTS[fault][1], cases)
                    self.assertEqual(status, 11)

    def test_a_client_that_compresses(self):
        cases, _, status = results("--only", "pmdx.*", "--skip", "pmdx.burst",
                                   command=(*PYTHON, CLIENT, "{url}", "deflate"))
        self.assertEqual(cases["pmdx.client-window"]["verdict"], "pass")
        self.assertEqual(cases["pmdx.no-context"]["verdict"], "pass")

    def test_a_client_that_connects_again(self):
        for fault, verdict, words in (("reconnects", "warn", "it connects again after 0.2"), ("backs-off", "pass", ""),
                                      ("", "skip", "it does not connect again")):
            cases, _, _ = results("--only", "c.backoff", "--slow", "--echo", "no",
                                  command=(*PYTHON, CLIENT, "{url}", fault))
            self.assertEqual(cases["c.backoff"]["verdict"], verdict, cases)
            self.assertIn(words, cases["c.backoff"]["seen"])

    def test_the_frames_are_shown(self):
        result = run("check", "--listen", "0", "-vv", "--echo", "no", "--only", "ctl.ping-binary", "--",
                     *PYTHON, CLIENT, "{url}")
        self.assertEqual(result.status, 0, result)
        self.assertIn("* ctl.ping-binary\n< GET /ctl.ping-binary HTTP/1.1\n", result.stderr)
        self.assertIn("\n> HTTP/1.1 101 ", result.stderr)
        self.assertRegex(result.stderr, r"\n[0-9:.]+ > PING (.*\n)+[0-9:.]+ < PONG ")
        self.assertNotIn("not whole", result.stderr)

    def test_a_client_that_closes_tcp_first_is_warned_of(self):
        cases, _, status = results("--echo", "no", "--only", "close.tcp-wait,close.1000",
                                   command=(*PYTHON, CLIENT, "{url}", "fin-first"))
        self.assertEqual(cases["close.tcp-wait"]["verdict"], "warn")
        self.assertEqual(cases["close.1000"]["verdict"], "pass")
        self.assertEqual(status, 0)

    def test_the_url_is_in_the_environment(self):
        cases, _, _ = results("--echo", "no", "--only", "ctl.ping-125",
                              command=("sh", "-c", f'exec {sys.executable} {CLIENT} "$WSCOPE_URL"'))
        self.assertEqual(cases["ctl.ping-125"]["verdict"], "pass")

    def test_one_that_dies_of_a_case(self):
        cases, _, _ = results("--echo", "no", "--only", "ctl.ping-125",
                              command=(*PYTHON, CLIENT, "{url}", "dies"))
        self.assertIn("the client died: signal SIGABRT", cases["ctl.ping-125"]["seen"])

    def test_one_that_does_not_connect(self):
        result = run("check", "--listen", "0", "--", "sh", "-c", "echo no way >&2; exit 3")
        self.assertEqual(result.status, 4)
        self.assertIn("the program ended before it connected (exit status 3: no way)", result.stderr)

    def test_what_cannot_be_meant(self):
        for arguments, words in ((("--listen", "0", "ws://localhost/"), "--listen"), (("--listen", "0", "--"), "--"),
                                 (("--listen", "x"), "x"), (("--report", "autobahn", "--listen", "0"), "autobahn:DIR"),
                                 (("--listen", "0", "--", "/nowhere/client"), "/nowhere/client")):
            result = run("check", *arguments)
            self.assertIn(result.status, (1, 2), arguments)
            self.assertIn(words, result.stderr)
            self.assertEqual(result.stdout, b"")


class Driver:
    """A client that is driven as Autobahn's test drivers are: raw, and for small frames only."""

    def __init__(self, port, path):
        self.socket = socket.create_connection(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        self.head = b""
        while not self.head.endswith(b"\r\n\r\n"):
            line = self.file.readline()
            if not line:
                break
            self.head += line

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def frames(self):
        """Answers and yields what comes up to the Close, which it answers, too."""
        while True:
            head = self.file.read(2)
            if len(head) < 2:
                return
            size = head[1] & 127
            if size == 126:
                size = int.from_bytes(self.file.read(2), "big")
            payload = self.file.read(size)
            opcode = head[0] & 15
            if opcode in (1, 2, 8, 9):
                self.send(10 if opcode == 9 else opcode, payload)
            if opcode == 8:
                return
            if opcode < 8:
                yield payload

    def send(self, opcode, payload):
        size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        self.socket.sendall(bytes([0x80 | opcode]) + size + bytes(4) + payload)


def say(port, path):
    with Driver(port, path) as driver:
        return list(driver.frames())


def refusal(port, path):
    with Driver(port, path) as driver:
        return driver.head.split(b" ")[1]


class AsAutobahn(Case):
    def listening(self, *arguments):
        process = start("check", "--listen", "127.0.0.1:0", "--case-timeout", "2", *arguments)
        return process, int(re.search(rb":(\d+)$", process.stderr.readline().strip())[1])

    def test_a_driver(self):
        with tempfile.TemporaryDirectory() as folder:
            process, port = self.listening("--only", "frame.text-1,frame.text-125,ctl.ping-empty,frame.opcode-3,pmdx.text",
                                           "--report", f"autobahn:{folder}/reports")
            count = int(say(port, "/getCaseCount")[0])
            self.assertEqual(count, 5)
            ids = [json.loads(say(port, f"/getCaseInfo?case={i}")[0])["id"] for i in range(1, count + 1)]
            self.assertEqual(ids, ["frame.text-1", "frame.text-125", "frame.opcode-3", "ctl.ping-empty", "pmdx.text"])
            for i in range(1, count + 1):
                say(port, f"/runCase?case={i}&agent=My%20Agent")
                self.assertEqual(json.loads(say(port, f"/getCaseStatus?case={i}&agent=My%20Agent")[0]),
                                 {"behavior": "OK"})
            say(port, "/updateReports?agent=My%20Agent&shutdownOnComplete=true")
            result = finish(process)
            self.assertEqual(result.status, 11, result)
            self.assertIn(b"FAIL  frame.opcode-3", result.stdout)
            self.judge_reports(pathlib.Path(folder, "reports"))

    def judge_reports(self, folder):
        index = json.loads((folder / "index.json").read_text())
        self.assertEqual(list(index), ["My Agent"])
        cases = index["My Agent"]
        self.assertEqual({name: one["behavior"] for name, one in cases.items()},
                         {"frame.text-1": "OK", "frame.text-125": "OK", "frame.opcode-3": "FAILED",
                          "ctl.ping-empty": "OK", "pmdx.text": "UNIMPLEMENTED"})
        self.assertEqual(cases["ctl.ping-empty"]["behaviorClose"], "OK")
        self.assertEqual(cases["ctl.ping-empty"]["remoteCloseCode"], 1000)
        for name, one in cases.items():
            self.assertEqual(one["reportfile"], f"my_agent_case_{name.replace('.', '_')}.json")
            whole = json.loads((folder / one["reportfile"]).read_text())
            self.assertLessEqual({"id", "agent", "description", "expectation", "result", "resultClose", "wirelog",
                                  *one}, set(whole))
            self.assertEqual(whole["id"], name)

    def test_what_is_wrong_is_refused(self):
        process, port = self.listening()
        for path in ("/", "/runCase?case=1", "/runCase?agent=a", "/runCase?case=0&agent=a", "/runCase?case=x&agent=a",
                     "/runCase?casetuple=none&agent=a", "/getCaseInfo", "/updateReports"):
            self.assertEqual(refusal(port, path), b"400", path)
        say(port, "/runCase?casetuple=ctl.ping-125&agent=a")
        process.send_signal(signal.SIGTERM)
        result = finish(process)
        self.assertEqual(result.status, 128 + signal.SIGTERM)
        self.assertIn(b"1 passed", result.stdout)

    def test_a_server_is_stopped(self):
        process, port = self.listening()
        say(port, "/stopServer")
        self.assertEqual(finish(process).status, 0)


if __name__ == "__main__":
    unittest.main()
