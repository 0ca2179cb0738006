"""README.md's table beside others: its tasks are those of peers/commands.txt, and what it says of wscope is so.

The others' columns are made by peers/run.py, where they are installed.
"""

import importlib.util
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import support  # noqa: E402

SPECIFICATION = importlib.util.spec_from_file_location("run", HERE / "peers" / "run.py")
run = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(run)
README = (HERE.parents[1] / "README.md").read_text()


def table_of(text):
    """{task: {tool: what the table says}}"""
    lines = text[text.index("| | wscope |"):].split("\n\n")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: dict(zip(rows[0][1:], row[1:])) for row in rows[2:]}


class Peers(unittest.TestCase):
    maxDiff = None

    def test_every_cell_has_a_command(self):
        table = table_of(README)
        self.assertEqual(list(table), list(run.tasks()))
        self.assertEqual(set(table), set(run.JUDGES))
        for task, commands in run.tasks().items():
            self.assertEqual(tuple(commands), run.TOOLS, task)
            self.assertEqual(tuple(table[task]), run.TOOLS, task)
            self.assertLessEqual(set(table[task].values()), {"yes", "no", "-"})

    def test_what_is_said_of_wscope_is_so(self):
        with tempfile.TemporaryDirectory() as folder:
            found = run.table(["wscope"], run.path_for(support.BINARY, None, folder))
        said = {task: row["wscope"] for task, row in table_of(README).items()}
        self.assertEqual({task: row["wscope"] for task, row in found.items()}, said)


if __name__ == "__main__":
    unittest.main()
