"""What the tests of conversations share: the examples of the manual pages, which are what they try, and their runs."""

import pathlib
import re
import shlex
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "e2e"))

import support

MAN = TESTS.parent / "man"
ESCAPES = {r"\e": "\\", r"\&": "", r"\-": "-", r"\(dq": '"', r"\(aq": "'"}


def example(page, words):
    """The one under EXAMPLES of this page that has `words` in it."""
    text = (MAN / page).read_text().partition("\n.Sh EXAMPLES\n")[2].partition("\n.Sh ")[0]
    blocks = re.findall(r"^\.Bd -literal.*\n((?:.*\n)*?)\.Ed$", text, re.M)
    found = [block for block in blocks if words in block]
    if len(found) != 1:
        raise AssertionError(f"{page}: {len(found)} examples have {words!r}")
    return re.sub(r"\\(?:\(..|.)", lambda escape: ESCAPES[escape[0]], found[0])


def example_script(name):
    """The one of wscope-run(1) whose first line is its name as a comment; of 12 lines at most."""
    text = example("wscope-run.1", f"# {name}\n")
    lines = text.count("\n")
    if lines > 12:
        raise AssertionError(f"{name} has {lines} lines")
    return text


def example_line(words, url, **variables):
    """The command of wscope-connect(1) that has `words` in it, for sh, with `url` for the one of example.com."""
    command = example("wscope-connect.1", words)
    command, count = re.subn(r"'?wss?://example\.com[^\s']*'?", lambda _: shlex.quote(url), command)
    if count != 1 or not command.startswith("wscope "):
        raise AssertionError(command)
    assignments = [f"{name}={shlex.quote(value)}\n" for name, value in variables.items()]
    return "".join(assignments) + re.sub(r"^wscope\b", '"$@"', command)


def run_script(script, url, *options):
    """Other tests beside it may take their time."""
    return support.run("run", "--within", str(support.DEADLINE / 2), "--url", url, *options, "-", stdin=script.encode())


class Case(support.Case):
    def assert_passes(self, script, url, *options):
        result = run_script(script, url, *options)
        self.assertEqual((result.status, result.stderr), (0, ""), result.stdout.decode()[:4000])
