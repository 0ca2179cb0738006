"""The version that packaging/version.cmake makes of a work tree, its tags and what it is told."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).parents[2] / "packaging" / "version.cmake"
WHO = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
       for what, value in (("NAME", "x"), ("EMAIL", "x@example"), ("DATE", "1700000000 +0000"))}
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "SOURCE_DATE_EPOCH"))}
ENVIRONMENT |= {**WHO, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@unittest.skipUnless(shutil.which("git"), "git is not installed")
class Version(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        self.tree = self.folder / "tree"
        self.tree.mkdir()

    def git(self, *arguments):
        return subprocess.run(["git", "-C", self.tree, *arguments], check=True, capture_output=True, text=True,
                              env=ENVIRONMENT).stdout.strip()

    def commit(self):
        with open(self.tree / "file", "a", encoding="utf-8") as file:
            file.write("line\n")
        self.git("add", "file")
        self.git("commit", "--quiet", "--no-gpg-sign", "--message", "x")
        return self.git("rev-parse", "HEAD")

    def made(self, version="1.2.0", commit="", epoch=None, source=None):
        """(full version, commit, date)"""
        output = self.folder / "out" / "version.h"
        subprocess.run(["cmake", f"-Dsource={source or self.tree}", f"-Dversion={version}", f"-Dcommit={commit}",
                        f"-Doutput={output}", "-P", SCRIPT], check=True,
                       env={**ENVIRONMENT, **({"SOURCE_DATE_EPOCH": epoch} if epoch else {})})
        return tuple(re.findall(r'"(.*)"', output.read_text()))

    def test_without_git_it_is_what_it_is_told(self):
        self.assertEqual(self.made(), ("1.2.0", "unknown", "unknown"))
        self.assertEqual(self.made(commit="abc1234", epoch="86400"), ("1.2.0", "abc1234", "1970-01-02"))

    def test_before_the_first_tag_it_counts_from_the_beginning(self):
        self.git("init", "--quiet")
        self.commit()
        commit = self.commit()
        self.assertEqual(self.made(), (f"1.2.0-dev.2+g{commit[:12]}", commit, "2023-11-14"))
        self.assertEqual(self.made(epoch="86400")[2], "1970-01-02")

    def test_at_its_tag_it_is_the_version_itself(self):
        self.git("init", "--quiet")
        commit = self.commit()
        self.git("tag", "v1.2.0")
        self.assertEqual(self.made(), ("1.2.0", commit, "2023-11-14"))
        (self.tree / "file").write_text("changed")
        self.assertEqual(self.made()[0], f"1.2.1-dev.0+g{commit[:12]}.dirty")

    def test_between_tags_it_is_the_next_one(self):
        self.git("init", "--quiet")
        self.commit()
        self.git("tag", "v1.2.0")
        commit = self.commit()
        self.assertEqual(self.made("1.3.0")[0], f"1.3.0-dev.1+g{commit[:12]}")
        self.assertEqual(self.made()[0], f"1.2.1-dev.1+g{commit[:12]}")

    def test_files_that_git_does_not_know_do_not_make_it_dirty(self):
        self.git("init", "--quiet")
        commit = self.commit()
        (self.tree / "other").touch()
        self.assertEqual(self.made()[0], f"1.2.0-dev.1+g{commit[:12]}")

    def test_the_work_tree_around_it_is_somebody_elses(self):
        self.git("init", "--quiet")
        self.commit()
        (self.tree / "unpacked").mkdir()
        self.assertEqual(self.made(source=self.tree / "unpacked"), ("1.2.0", "unknown", "unknown"))

    def test_the_same_version_leaves_the_file_alone(self):
        self.made()
        before = (self.folder / "out" / "version.h").stat().st_mtime_ns
        self.made()
        self.assertEqual((self.folder / "out" / "version.h").stat().st_mtime_ns, before)


if __name__ == "__main__":
    unittest.main()
