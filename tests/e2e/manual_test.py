"""The examples of the manual that need nobody else, as they are on echo:, are run by sh and end well."""

import pathlib
import re
import shutil
import tempfile
import unittest

from support import Case, shell

MANUALS = sorted((pathlib.Path(__file__).parents[2] / "man").glob("*.1"))


def plain(line):
    """What a line of mdoc shows."""
    return line.replace("\\&", "").replace("\\-", "-").replace("\\(dq", '"').replace("\\e", "\\")


def examples():
    """(page, command) of all that stand on a line by themselves, or in a block, and are on echo:."""
    for path in MANUALS:
        text = path.read_text()
        blocks = re.findall(r"^\.Bd -literal.*\n((?:.*\n)*?)\.Ed", text, re.M)
        lines = re.findall(r"^\.Dl (.*)", text, re.M) + [line.removeprefix("$ ") for block in blocks
                                                        for line in block.replace("\\e\n", "").splitlines()]
        for line in map(plain, lines):
            if re.match(r"(wscope|echo|printf) ", line) and re.search(r" echo:( |$)", line):
                yield path.name, line


class Manual(Case):
    def test_examples_end_well(self):
        found = list(examples())
        self.assertGreaterEqual(len(found), 4)
        for page, line in found:
            with self.subTest(page=page, line=line), tempfile.TemporaryDirectory() as folder:
                if "jq" in line and not shutil.which("jq"):
                    continue
                pathlib.Path(folder, "photo.jpg").write_bytes(bytes(range(256)))
                result = shell(f'wscope() {{ "$wscope" "$@"; }}; wscope=$1; cd {folder}; {line}')
                self.assertEqual(result.status, 0, result)
                self.assertNotEqual(result.stdout, b"")


if __name__ == "__main__":
    unittest.main()
