"""The commands of the REPL in the manual, made of what /help says: manual_commands.py PROJECT BINARY writes them."""

import os
import pathlib
import re
import subprocess
import sys
import textwrap

MANUAL = "man/wscope-repl.1"
BEGIN = '.\\" From here on made by tests/lint/manual_commands.py of what /help says.\n'
END = '.\\" To here.\n'


def help_of(binary, *names):
    """What /help NAME prints."""
    return subprocess.run([binary, "--commands", "-"], input=" ".join(("/help", *names)), capture_output=True,
                          text=True, check=True).stderr


def mdoc(text):
    """A line of text that means nothing else; a new one for every sentence."""
    text = re.sub("`([^`]+)`", r"\\(oq\1\\(cq", text.replace("\\", "\\e"))
    sentences = re.sub(r"(?<=\.) (?=\S)", "\n", text).split("\n")
    lines = [line for sentence in sentences for line in textwrap.wrap(sentence, 79, break_on_hyphens=False)]
    return "".join(("\\&" if line.startswith((".", "'")) else "") + line + "\n" for line in lines)


def item(usage, text):
    summary, *details = text
    end = "" if summary.endswith(".") else "."
    yield f".It Li {usage}\n{mdoc(summary[0].upper() + summary[1:] + end)}"
    rows = [line.split(None, 1) for line in details if line.startswith("  ")]
    yield mdoc(" ".join(line for line in details if not line.startswith("  ")))
    if rows:
        yield ".Bl -tag -width timestamps -compact\n"
        for name, meaning in rows:
            yield f".It Cm {name}\n{mdoc(meaning)}"
        yield ".El\n"


def commands(binary):
    """The list of all commands, in the order of /help."""
    usages = re.findall(r"^  (/.+?)(?: {2,}.*)?$", help_of(binary), re.M)
    text = ".Bl -tag -width Ds\n"
    for usage in usages:
        said = help_of(binary, usage.split()[0])
        if not said.startswith(f"{usage}:"):
            raise ValueError(f"/help {usage.split()[0]} begins otherwise than /help has it")
        text += "".join(item(usage, said.removeprefix(f"{usage}:").strip().splitlines()))
    return f"{BEGIN}{text}.El\n{END}"


def split(manual):
    """What is before the commands, they, and what is behind them."""
    begin, end = manual.index(BEGIN), manual.index(END) + len(END)
    return manual[:begin], manual[begin:end], manual[end:]


def main(project, binary):
    path = pathlib.Path(project) / MANUAL
    before, _, behind = split(path.read_text())
    path.write_text(before + commands(os.path.abspath(binary)) + behind)


if __name__ == "__main__":
    main(*sys.argv[1:])
