"""wscope run as its users run it: how it ends, what it prints where, what it waits for."""

import os
import pathlib
import signal
import tempfile
import unittest

from support import Case, finish, run, start

PASSES = 'connect echo:\nsend hi\nexpect "hi"\n'
WAITS = "listen 127.0.0.1:0\necho waits\naccept within 600\n"


class Run(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return name

    def test_of_stdin(self):
        result = run("run", "-", stdin=PASSES.encode())
        self.assertEqual(result.status, 0, result)
        self.assertRegex(result.stdout, rb"^ok 1 - - # \d")
        self.assertEqual(result.stderr, "")

    def test_says_where_what_is_wrong(self):
        result = run("run", "-", stdin=b"connect echo:\n  expect json .a = 1\n")
        self.assertEqual((result.status, result.stdout), (2, b""))
        self.assertEqual(result.stderr.splitlines(), [
            "wscope: -:2:18: expected within S", "  expect json .a = 1", "                 ^",
            "hint: == asks whether two values are equal"])

    def test_of_what_is_not_there(self):
        result = run("run", "nowhere.ws", cwd=self.folder)
        self.assertEqual((result.status, result.stdout), (1, b""))
        self.assertIn("nowhere.ws: ", result.stderr)

    def test_paths_are_those_of_the_script(self):
        (self.folder / "sub").mkdir()
        (self.folder / "sub/more").mkdir()
        self.write("sub/data", "from a file")
        self.write("sub/more/data", "from another")
        self.write("sub/more/b.ws", "file data\nexpect @data\n")
        self.write("sub/a.ws", "connect echo:\nfile data\nexpect @data\ninclude more/b.ws\nsend {\"a\":1}\nexpect json\nsnapshot s\n")
        result = run("run", "--update", "sub/a.ws", cwd=self.folder)
        self.assertEqual(result.status, 0, result)
        self.assertEqual((self.folder / "sub/s.snap").read_text(), '{\n  "a": 1\n}\n')

    def test_a_signal_ends_it_with_a_report(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(number), start("run", "-", self.write("b.ws", PASSES), cwd=self.folder) as process:
                process.stdin.write(WAITS.encode())
                process.stdin.close()
                process.stdin = None
                self.assertEqual(process.stderr.readline(), b"waits\n")
                process.send_signal(number)
                result = finish(process)
                self.assertEqual(result.status, status, result)
                self.assertIn(b"interrupted", result.stdout)

    def test_stdout_without_a_reader(self):
        script = self.write("a.ws", PASSES + "echo waits\nwait 600\n")
        with start("run", "--report", "json", script, cwd=self.folder) as process:
            self.assertEqual(process.stderr.readline(), b"waits\n")
            process.stdout.close()
            process.stdout = None
            process.send_signal(signal.SIGTERM)
            self.assertIn(finish(process).status, (0, 143, -signal.SIGTERM))  # it may be at its end by then

    def test_programs_do_not_outlive_it(self):
        script = self.write("a.ws", "exec echo $$ >&2; sleep 600\n")
        with start("run", script, cwd=self.folder) as process:
            pid = int(process.stderr.readline())
            process.send_signal(signal.SIGINT)
            self.assertEqual(finish(process).status, 130)
        self.assertFalse(os.path.exists(f"/proc/{pid}"))

    def test_shows_frames_on_stderr(self):
        result = run("run", "-v", self.write("a.ws", PASSES), cwd=self.folder)
        self.assertEqual(result.status, 0, result)
        self.assertIn("a.ws [1] ", result.stderr)
        self.assertIn("> TEXT fin len=2", result.stderr)

    def test_values_come_from_the_command_line(self):
        script = self.write("a.ws", "connect {{url}}\nsend {{who}} {{env.PLACE}}\nexpect \"{{who}} {{env.PLACE}}\"\n")
        self.write("values", "# comment\nwho=nobody\n")
        environment = {**os.environ, "PLACE": "here"}
        result = run("run", "--url", "echo:", "--set-file", "values", "--set", "who=me", script, cwd=self.folder,
                     env=environment)
        self.assertEqual(result.status, 0, result)


if __name__ == "__main__":
    unittest.main()
