"""wscope check --evidence: what was sent and seen of a case, and a script that shows it alone; and --seed."""

import json
import os
import pathlib
import stat
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from check_faults_test import FAULTS, SLOW
from check_test import Judged, results
from faulty import FaultyServer
from support import BINARY, Case, ENVIRONMENT, run

# Of each kind of script one, and more.
SHOWN = ("HTTP/1.0 101", "any key", "any Host", "POST, too", "only one token of Connection", "unmasked frames",
         "a reserved opcode", "text for binary", "another Pong", "bad UTF-8", "1000 to a bad code",
         "1002 to a good code", "garbage is skipped", "masked frames", "a bad parameter agreed")


class Evidence(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # Scripts find wscope itself by its name.
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "wscope").symlink_to(BINARY)
        self.environment = {**ENVIRONMENT, "PATH": f"{self.folder / 'bin'}:{ENVIRONMENT['PATH']}"}

    def script(self, path, url):
        return run("run", "--url", url, path, env=self.environment)

    def test_a_script_fails_where_its_case_does_and_passes_elsewhere(self):
        def shown(name):
            fault, only, failing = FAULTS[name]
            folder = self.folder / name.replace(" ", "-").replace("/", "-")
            with FaultyServer(fault, right.port) as wrong:
                results(wrong.url, "--only", only, "--skip", SLOW, "--echo", "yes", "--evidence", str(folder))
                return {case: (self.script(folder / f"{case}.ws", wrong.url), self.script(folder / f"{case}.ws", right.url))
                        for case in failing}, sorted(one.name for one in folder.iterdir())

        with Judged("echo", "0") as right, ThreadPoolExecutor(3) as pool:
            for name, (scripts, files) in zip(SHOWN, pool.map(shown, SHOWN)):
                for case, (wrong, passed) in scripts.items():
                    with self.subTest(name, case=case):
                        self.assertEqual(wrong.status, 11, wrong)
                        self.assertEqual(passed.status, 0, passed)
                        self.assertIn(f"{case}.ndjson", files)

    def test_what_was_sent_and_seen_is_read_by_decode_and_encode(self):
        fault, only, _ = FAULTS["bad UTF-8"]
        with Judged("echo", "0") as right, FaultyServer(fault, right.port) as wrong:
            results(wrong.url, "--only", only, "--skip", SLOW, "--echo", "yes", "--evidence", str(self.folder))
        self.assertEqual([one.name for one in self.folder.glob("*.*")],
                         [name for name in os.listdir(self.folder) if name.startswith("utf8.bad-eda080.")])
        lines = (self.folder / "utf8.bad-eda080.ndjson").read_text().splitlines()
        events = [json.loads(line) for line in lines]
        self.assertEqual([one["event"] for one in events[:4]], ["recording", "head", "head", "open"])
        self.assertEqual(events[-1]["event"], "expect")
        self.assertEqual((events[-1]["ok"], events[-1]["expected"]), (False, "failed, 1007"))
        self.assertIn({"event": "frame", "dir": "out", "opcode": 1, "length": 3},
                      [{key: one.get(key) for key in ("event", "dir", "opcode", "length")} for one in events])
        decoded = run("decode", "--from", "json", self.folder / "utf8.bad-eda080.ndjson")
        self.assertIn(b"TEXT fin len=3", decoded.stdout)
        encoded = run("encode", "--in", "json", "--mask", "none", stdin="\n".join(lines).encode())
        self.assertEqual((encoded.status, encoded.stderr), (0, ""))
        self.assertIn(b"8908", encoded.stdout)  # the Ping that it has answered
        self.assertTrue(stat.S_ISREG(os.lstat(self.folder / "utf8.bad-eda080.ws").st_mode))

    def test_of_a_client_there_are_events(self):
        client = (sys.executable, "-I", "-S", str(pathlib.Path(__file__).with_name("faulty_client.py")), "{url}", "rsv-2")
        result = run("check", "--listen", "0", "--case-timeout", "2", "--retries", "0", "--echo", "yes", "--only",
                     "frame.rsv-1,frame.rsv-2", "--evidence", str(self.folder / "new"), "--", *client)
        self.assertEqual(result.status, 11, result)
        self.assertEqual(os.listdir(self.folder / "new"), ["frame.rsv-2.ndjson"])
        events = [json.loads(line) for line in (self.folder / "new" / "frame.rsv-2.ndjson").read_text().splitlines()]
        self.assertEqual([(one["event"], one.get("dir")) for one in events[:4]],
                         [("recording", None), ("head", "in"), ("head", "out"), ("open", None)])
        self.assertIn(("frame", "out", 2), [(one["event"], one.get("dir"), one.get("rsv")) for one in events])

    def test_where_nothing_can_be_written(self):
        (self.folder / "file").touch()
        for place in ("file", "none/none"):
            with self.subTest(place):
                result = run("check", "echo:", "--only", "hs.basic", "--evidence", str(self.folder / place))
                self.assertEqual((result.status, result.stdout), (1, b""))
                self.assertEqual(result.stderr.count("\n"), 1, result.stderr)

    def test_secrets_are_in_no_file(self):
        fault, only, failing = FAULTS["any key"]
        with Judged("echo", "0") as right, FaultyServer(fault, right.port) as wrong:
            results(wrong.url, "--only", only, "--skip", SLOW, "--echo", "yes", "--evidence", str(self.folder), "--bearer",
                    "verysecret", "-H", "X-Plain: plain")
            script = self.folder / f"{next(iter(failing))}.ws"
            self.assertIn("-H 'X-Plain: plain'", script.read_text())
            self.assertEqual(self.script(script, wrong.url).status, 11)
        for path in self.folder.glob("*.*"):
            self.assertNotIn("verysecret", path.read_text(), path)


class Seed(Case):
    def test_the_same_seed_sends_the_same_bytes(self):
        def sent(*arguments):
            cases, _ = results("echo:", "--only", "hs.basic,hs.key-twice,frame.rsv-*,ctl.*,pmdx.text", *arguments)
            return {name: one["sent_hex"] for name, one in cases.items()}

        first = sent("--seed", "5")
        again = sent("--seed", "5", "--jobs", "1")
        # In front of that there is the port, which is another one each time.
        keys = [[bytes.fromhex(one[name]).split(b"Key: ")[-1] for name in one] for one in (first, again, sent())]
        self.assertEqual(keys[0], keys[1])
        self.assertNotEqual(keys[0], keys[2])

    def test_it_is_told(self):
        text = run("check", "echo:", "--only", "hs.basic", "--seed", "77").stdout.decode()
        self.assertRegex(text, r"^wscope check echo:   1 case, 4 at a time, it echoes, seed 77\n")
        self.assertNotIn("seed", run("check", "echo:", "--only", "hs.basic").stdout.decode())
        one = json.loads(run("check", "echo:", "--only", "hs.basic", "--report", "json").stdout.splitlines()[0])
        self.assertRegex(one["again"], r"^wscope check echo: --only hs\.basic --seed \d+ -vv$")
        self.assertEqual(run("check", "echo:", "--seed", "x").status, 2)


if __name__ == "__main__":
    unittest.main()
