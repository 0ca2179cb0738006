"""wscope run: what the reports say of scripts, as those who read them do."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

from support import Case, run

SCHEMA = pathlib.Path(__file__).with_name("junit.xsd")
SCRIPTS = {
    "passes.ws": 'connect echo:\nsend hi\nexpect "hi"\n',
    "fails.ws": '## open #1\nconnect echo:\nsend <a & "b">\n## wait\nexpect "b" within 0.1\n## end\ncheck 1 == 1\n',
    "skips.ws": 'skip needs <more> & "more"\n',
}
# (file, section, result)
RESULTS = [("passes.ws", "passes.ws", "passed"), ("fails.ws", "open #1", "passed"), ("fails.ws", "wait", "failed"),
           ("fails.ws", "end", "skipped"), ("skips.ws", "skips.ws", "skipped")]
PLACE = r"fails\.ws:5:\d+: "


class Reports(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name, script in SCRIPTS.items():
            (self.folder / name).write_text(script)

    def report(self, *options):
        """What is printed; the exit status is that of a failure."""
        result = run("run", *options, *SCRIPTS, cwd=self.folder)
        self.assertEqual(result.status, 11, result)
        return result.stdout.decode()

    def test_as_text(self):
        lines = self.report().splitlines()
        self.assertRegex(lines[0], r"^ok 1 - passes\.ws # \d+\.\d\d s$")
        self.assertRegex(lines[1], "^" + PLACE)
        self.assertRegex(lines[-3], r"^not ok 2 - fails\.ws # \d+\.\d\d s$")
        self.assertEqual(lines[-2], 'ok 3 - skips.ws # SKIP needs <more> & "more"')
        self.assertRegex(lines[-1], r"^1 passed, 1 failed, 1 skipped, \d+\.\d s$")

    def test_as_tap(self):
        text = self.report("--report", "tap")
        lines = text.splitlines()
        self.assertEqual(lines[:2], ["TAP version 14", "1..3"])
        points = [line for line in lines if re.match("(not )?ok ", line)]
        self.assertEqual(points, ["ok 1 - passes.ws", "not ok 2 - fails.ws",
                                  'ok 3 - skips.ws # SKIP needs <more> & "more"'])
        block = re.search(r"^not ok 2 .*\n  ---\n((?:  .*\n)*?)  \.\.\.\n", text, re.M)[1]
        values = dict(re.findall(r"^  (\w+): (.*)$", block, re.M))
        self.assertEqual((json.loads(values["file"]), values["line"]), ("fails.ws", "5"))
        self.assertIn('"b"', json.loads(values["expected"]))

    def test_as_tap_with_sections(self):
        lines = self.report("--report", "tap", "-v").splitlines()
        begin = lines.index("# Subtest: fails.ws")
        self.assertEqual([line for line in lines[begin:] if re.match(r" {4}(1\.\.|(not )?ok )", line)],
                         ["    1..3", r"    ok 1 - open \#1", "    not ok 2 - wait", "    ok 3 - end # SKIP"])

    def test_as_json(self):
        events = [json.loads(line) for line in self.report("--report", "json").splitlines()]
        tests = [event for event in events if event["event"] == "test"]
        self.assertEqual([(test["file"], test["name"], test["result"]) for test in tests], RESULTS)
        self.assertRegex(tests[2]["message"], "^" + PLACE)
        self.assertTrue(all(event["file"] in SCRIPTS for event in events), events)

    def test_a_script_that_cannot_be_read_is_an_event(self):
        (self.folder / "bad.ws").write_text("connect echo:\nsent hi\n")
        for name, status, kind in (("bad.ws", 2, "usage"), ("none.ws", 1, "io")):
            for options in ((), ("--dry-run",)):
                with self.subTest(name, options=options):
                    result = run("run", "--report", "json", *options, "passes.ws", name, cwd=self.folder)
                    self.assertEqual(result.status, status)
                    event = json.loads(result.stdout)
                    self.assertEqual([event[key] for key in ("event", "kind", "exit", "file", "conn")],
                                     ["error", kind, status, name, 0])
                    self.assertTrue(result.stderr.startswith(f"wscope: {event['message']}\n"), result)
                    self.assertEqual(run("run", "--report", "tap", *options, name, cwd=self.folder).stdout, b"")

    def test_as_junit(self):
        printed = self.report("--report", "junit:report.xml")
        self.assertTrue(printed.startswith("ok 1 - passes.ws"), printed)
        report = self.folder / "report.xml"
        suites = xml.etree.ElementTree.parse(report).getroot()
        found = []
        for suite in suites:
            for case in suite:
                result = {"failure": "failed", "skipped": "skipped"}.get(next((child.tag for child in case), ""), "passed")
                found.append((suite.get("name"), case.get("name"), result))
        self.assertEqual(found, RESULTS)
        counts = [[suite.get(key) for key in ("tests", "failures", "skipped")] for suite in suites]
        self.assertEqual(counts, [["1", "0", "0"], ["3", "1", "1"], ["1", "0", "1"]])
        self.assertEqual(suites[2][0][0].get("message"), 'needs <more> & "more"')
        self.assertRegex(suites[1][1][0].get("message"), "^" + PLACE)
        self.check_schema(report)

    def check_schema(self, report):
        if not shutil.which("xmllint"):
            self.skipTest("no xmllint here")
        checked = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, report], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)


if __name__ == "__main__":
    unittest.main()
