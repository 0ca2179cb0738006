"""Whether the documents say what is so: docs.py PROJECT BINARY OPTION_ROWS

What `wscope COMMAND --help` prints is true. The manual and the completion of each shell must have the same options,
with the same values; the completions are asked in their shells. What options.py makes of the table of options, and
manual_commands.py of the REPL's /help, is in them as it is made. Exit statuses and JSON events are those of the source,
and no text there names an option that there is not.
"""

import collections
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import manual_commands
import options as made_options
import shells

COMMANDS = made_options.COMMANDS
# A command whose options are those of another program.
FOREIGN_COMMANDS = ("curl",)
# Behind `wscope` alone: options of connect, and these.
WITHOUT_COMMAND = ("-V", "--version", "--generate", "-l", "--listen")
COMPLETIONS = made_options.COMPLETIONS
# Options that nothing else begins like, of one command or another.
BEGUN = ("--max-frame", "--set-file", "--sample", "--from", "--fragment")
# An end in good order, and the signals.
STATUSES_OF_NO_ERROR = {0, 129, 130, 143}

# `value` is empty for a flag; `choices` are the words it may be, if only some; `optional`: --name or --name=value.
Option = collections.namedtuple("Option", "names value choices optional", defaults=[False])


def letters(text):
    return re.sub(r"[^a-z0-9]", "", text.lower())


# --- wscope COMMAND --help


def read_help(text):
    """Lines such as "  -w,--wait SECONDS           how long" and "  --reconnect[=MAX]"."""
    options = []
    for line in text.splitlines():
        match = re.match(r"  (-[^\s\[]+)(?:\[=([\w|]+)\]| (?!Excludes:)('[^']*'|\S+(?: [A-Z]+(?= |$))?))?(?: |$)", line)
        if match:
            value = match[2] or match[3] or ""
            choices = tuple(value.split("|")) if re.fullmatch("[a-z0-9.|]+", value) else ()
            options.append(Option(tuple(match[1].split(",")), letters(value), choices, match[2] is not None))
    return options


def helps_of(binary):
    """{command: its options}"""
    return {command: read_help(subprocess.run([binary, command, "--help"], capture_output=True, text=True,
                                              check=True).stdout) for command in COMMANDS}


# --- the manual


def read_item(line):
    """An option as in ".It Fl w , Fl -wait Ar seconds" and ".It Fl -reconnect Ns Op = Ns Ar max"."""
    names, words = [], []
    tokens = iter(line.split()[1:])
    for token in tokens:
        if token == "Fl":
            names.append("-" + next(tokens))
        elif token not in (",", "|", "Ar", "Cm", "Ns", "Op"):
            words.append(token)
    return Option(tuple(names), letters("".join(words)), tuple(word for word in words if word != "=") if " Cm " in line else (), re.search(r"Fl \S+ Ns Op = ", line) is not None)


def sections(manual):
    """(title, lines) of each section and subsection."""
    parts = re.split(r"^\.S[hs] (.*)\n", manual, flags=re.M)
    return [(title, text.splitlines()) for title, text in zip(parts[1::2], parts[2::2])]


def manual_options(manual, commands, command):
    """Those of the sections "Options of connect", "Options of listen and echo", "Options of all commands"; or, in the
    manual of one command, "OPTIONS". `manual` is all of its pages."""
    for title, lines in sections(manual):
        heading = (".Sh " if title == "OPTIONS" else ".Ss ") + title
        if command in (made_options.subject_of(heading, commands) or ()):
            yield from (read_item(line) for line in lines if line.startswith(".It Fl "))


def differences(wanted, found):
    missing = {option.names: option for option in wanted}
    for option in found:
        same = missing.pop(option.names, None)
        spelling = ",".join(option.names)
        if same is None:
            yield f"{spelling} is no option, or has other spellings, or is there twice"
        elif option != same:
            yield f"{spelling} takes {option[1:]}, --help says {same[1:]}"
    for names in missing:
        yield f"{','.join(names)} is missing"


def check_manual(project, helps):
    for pages, commands in made_options.MANUALS.items():
        manual = made_options.read_pages(project, pages)
        for command in commands:
            for difference in differences(helps[command], manual_options(manual, commands, command)):
                yield f"{', '.join(pages)}: {command}: {difference}"


def check_format(project):
    manuals = sorted((project / "man").glob("*.1"))
    run = subprocess.run(["mandoc", "-T", "lint", "-W", "style", *manuals], capture_output=True, text=True)
    own = re.compile(rf"referenced manual not found: Xr ({'|'.join(path.stem for path in manuals)}) 1( |$)")
    yield from (line for line in run.stdout.splitlines() if not own.search(line))  # which need not be installed


# --- exit statuses


def check_statuses(project):
    source = (project / "src" / "streams" / "outcome.cc").read_text()
    wanted = {int(status) for status in re.findall(r"return (\d+);", source)} | STATUSES_OF_NO_ERROR
    manual = dict(sections((project / "man" / "wscope.1").read_text()))["EXIT STATUS"]
    items = "\n".join(line for line in manual if line.startswith(".It "))
    rows = "\n".join(re.findall(r"^\| ([\d, ]+) \|", (project / "README.md").read_text(), re.M))
    for name, text in (("man/wscope.1", items), ("README.md", rows)):
        found = [int(status) for status in re.findall(r"\d+", text)]
        if sorted(found) != sorted(wanted):
            yield f"{name}: exit statuses {sorted(found)}, outcome.cc has {sorted(wanted)}"


# --- JSON events


def header_events(header):
    """{event: its keys}, from comments such as "/// text: `dir`, `data`; binary: `dir`, `base64`."."""
    events = {}
    header = re.sub(r"^ +///", "///", header, flags=re.M)
    for line in re.sub(r"\n/// (?!(?:\w+, )*\w+: )", " ", header).splitlines():
        if re.match(r"/// (?:\w+, )*\w+: ", line):
            for part in re.split(r"; (?=\w+: `)", line.removeprefix("/// ")):
                names, _, text = part.partition(": ")
                events.update({name: sorted(re.findall(r"`(\w+)`", text)) for name in names.split(", ")})
    return events


def manual_events(manual):
    """The same, from the items of the section and the .Va in them."""
    events, names = {}, []
    for line in dict(sections(manual))["JSON EVENTS"]:
        if line.startswith(".It Cm "):
            names = line.removeprefix(".It Cm ").split(" , ")
            events.update({name: [] for name in names})
        elif line.startswith(".Va "):
            for name in names:
                events[name] = sorted([*events[name], line.split()[1]])
    return events


# {manual: headers in whose comments its events are}
EVENTS = {"man/wscope.1": ("src/view/json_events.h",),
          "man/wscope-decode.1": ("src/view/decode_events.h", "src/decode/statistics.h")}


def check_events(project):
    for manual, headers in EVENTS.items():
        wanted = {}
        for header in headers:
            wanted.update(header_events((project / header).read_text()))
        found = manual_events((project / manual).read_text())
        for name in sorted(wanted.keys() | found.keys()):
            if wanted.get(name) != found.get(name):
                yield f"{manual}: event {name}: keys {found.get(name)}, {' or '.join(headers)} has {wanted.get(name)}"


# --- the commands of the REPL


def check_slash_commands(project, binary):
    _, found, _ = manual_commands.split((project / manual_commands.MANUAL).read_text())
    for line in difflib.unified_diff(found.splitlines(), manual_commands.commands(binary).splitlines(), n=0):
        if line.startswith(("+", "-")) and not line.startswith(("+++", "---")):
            yield f"{manual_commands.MANUAL}: not what tests/lint/manual_commands.py makes: {line}"


# --- options


def check_made(project, rows):
    """Whether what is made of the rows is there."""
    try:
        made = made_options.made(project, rows)
    except ValueError as error:
        yield str(error)
        return
    for name, text in made.items():
        for line in difflib.unified_diff((project / name).read_text().splitlines(), text.splitlines(), n=0):
            if line.startswith(("+", "-")) and not line.startswith(("+++", "---")):
                yield f"{name}: not what tests/lint/options.py makes: {line}"


def check_texts(project, rows):
    """Whether options that texts of the source name are those of the table."""
    names = {name for row in rows for name in row.names}
    for path in sorted((project / "src").rglob("*.cc")):
        code = re.sub(r"^ *//.*", "", path.read_text(), flags=re.M)
        for literal in re.findall(r'"((?:[^"\\\n]|\\.)*)"', code):
            for name in re.findall(r"(?<![\w-])--[a-z][\w-]*", literal):
                if name not in names:
                    yield f"src/{path.parent.name}/{path.name}: {name} is no option"


# --- completions


def questions(helps, rows, shell):
    """(command line, what is to be offered to complete it). fish knows no words that may be left out."""
    files = {name for row in rows if row.kind in ("file", "socket") for name in row.names}
    may_be_files = {name for row in rows if row.kind == "text_or_file" for name in row.names}
    lines = {"wscope": helps["connect"], **{f"wscope {command}": helps[command] for command in COMMANDS}}
    yield "wscope ", {*COMMANDS, *FOREIGN_COMMANDS, "echo:"}
    yield "wscope run ", {"file"}
    yield "wscope decode ", {"file"}
    for line, options in lines.items():
        names = {name for option in options for name in option.names}
        begun = next(name for name in BEGUN if name in names)
        yield f"{line} -", names.union(WITHOUT_COMMAND) if line == "wscope" else names
        for option in options:
            values = {"echo:"} if option.value == "url" else set(option.choices)
            if not files.isdisjoint(option.names):
                values = {"file"}
            for name in set(option.names) - {"-h", "--help"}:
                if option.optional or not option.value:
                    yield f"{line} {name} {begun[:-2]}", {begun}
                else:
                    yield f"{line} {name} ", values
                if option.value and name.startswith("--") and not (option.optional and shell == "fish"):
                    yield f"{line} {name}=", values
                if name in may_be_files:
                    yield f"{line} {name} @fi", {"file"}


def check_completion(project, helps, rows, shell, line=None):
    """All there is to complete, or that line alone."""
    path = project / COMPLETIONS[shell]
    wanted = dict(questions(helps, rows, shell))
    if line:
        wanted = {line: wanted[line]}
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "file").touch()
        found = getattr(shells, f"offers_of_{shell}")(path, list(wanted), folder)
    for line, words in wanted.items():
        offered = {word.removeprefix("@") for word in found[line]}
        if offered != words:
            yield (f'completions/{path.name}: "{line}" is offered {sorted(offered - words)} too much and not '
                   f"{sorted(words - offered)}")


def check(project, binary, helps, rows, tool, line=None):
    """What `tool` checks, where None is this program alone; of what it completes, `line` alone if that is given."""
    if tool in COMPLETIONS:
        yield from check_completion(project, helps, rows, tool, line)
    elif tool:
        yield from check_format(project)
    else:
        yield from check_manual(project, helps)
        yield from check_made(project, rows)
        yield from check_texts(project, rows)
        yield from check_statuses(project)
        yield from check_events(project)
        yield from check_slash_commands(project, binary)


def installed_tools():
    yield None
    for tool in ("mandoc", *COMPLETIONS):
        if shutil.which(tool):
            yield tool
        else:
            print(f"SKIPPED: {tool} is not installed")


def main(project, binary, option_rows):
    project, binary = pathlib.Path(project).resolve(), os.path.abspath(binary)
    helps, rows = helps_of(binary), made_options.rows_of(os.path.abspath(option_rows))
    faults = [fault for tool in installed_tools() for fault in check(project, binary, helps, rows, tool)]
    print(*faults, f"{sum(map(len, helps.values()))} options, {len(faults)} faults", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
