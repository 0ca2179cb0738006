"""The options in the manuals and in the completions, made of the rows of src/cli/option_table.h.

options.py PROJECT OPTION_ROWS writes them; OPTION_ROWS is the program of option_rows.cc.

The manuals' text is written by hand: made are the lines that begin an item, and for a row without one an item that says
what --help says. The completions are made between two marks.
"""

import collections
import pathlib
import re
import subprocess
import sys
import textwrap

import manual_commands

# {pages: commands whose options they have together}. What several of those commands have is in one of the pages only.
MANUALS = {("man/wscope-connect.1", "man/wscope-listen.1", "man/wscope.1"): ("connect", "listen", "echo"),
           ("man/wscope-forward.1",): ("forward",), ("man/wscope-ping.1",): ("ping",), ("man/wscope-run.1",): ("run",),
           ("man/wscope-check.1",): ("check",), ("man/wscope-decode.1",): ("decode", "encode")}
# Between pages that are read as one: no line of a page is so.
PAGE_END = "\f\n"
COMPLETIONS = {"bash": "completions/wscope.bash", "fish": "completions/wscope.fish", "zsh": "completions/_wscope"}
BEGIN = "# From here on made by tests/lint/options.py of src/cli/option_table.h.\n"
END = "# To here.\n"
COMMANDS = tuple(command for commands in MANUALS.values() for command in commands)
# The argument that is no option is another way to say the same.
FIRST_ARGUMENT = ("--connect", "--listen")
LONGEST_SUMMARY = 60
# Behind which nothing else matters.
ANSWERS = ("--help", "--version", "--generate")

Row = collections.namedtuple("Row", "names commands group kind value given excludes help")


def rows_of(program):
    lines = subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = []
    for line in lines:
        names, commands, group, kind, value, given, excludes, text = line.split("\t")
        rows.append(Row(tuple(names.split(",")), tuple(commands.split(",")), group, kind, value, given,
                        tuple(excludes.split(",")) if excludes else (), text))
    return rows


def long_names(row):
    return [name for name in row.names if name.startswith("--")]


def row_of(rows, command, name):
    return next((row for row in rows if command in row.commands and name in row.names), None)


def summary(row):
    """What of the help can stand alone, as completions have it."""
    condition, _, rest = row.help.partition(": ") if row.help.startswith("with") else ("", "", row.help)
    text = (condition and condition + ": ") + re.split(r"; |: | \(", rest)[0]
    return text if len(text) <= LONGEST_SUMMARY else text.split(", ")[0]


# --- the manuals


def read_pages(project, pages):
    """Their text, as one."""
    return PAGE_END.join((project / page).read_text() for page in pages)


def item(row):
    """As in ".It Fl w , Fl -wait Ar seconds"."""
    names = " , ".join("Fl " + name[1:] for name in row.names)
    value = row.value.strip("'")
    value = value if len(value) == 1 or row.kind in ("size", "url") else value.lower()
    if row.kind == "none":
        return f".It {names}"
    if row.kind == "choice" and row.given == "in_one_word":
        return f".It {names} Ns Op = Ns Cm {' | '.join(row.value.split('|'))}"
    if row.kind == "choice":
        return f".It {names} Cm {' | '.join(row.value.split('|'))}"
    if row.given == "in_one_word":
        return f".It {names} Ns Op = Ns Ar {value}"
    value = re.sub(r"\[([:=])(\w+)\]$", r" Ns Op \1 Ns Ar \2", value)
    if "Ns" not in value:
        value = value.replace(": ", " : ").replace("=", " Ns = Ns Ar ")
    return f".It {names} Ar " + value


def subject_of(line, commands):
    """The commands that ".Ss Options of connect and listen" is about, or ".Sh OPTIONS" in the manual of one command."""
    if line == ".Sh OPTIONS" and len(commands) == 1:
        return commands
    if not line.startswith(".Ss Options of "):
        return None
    words = line.removeprefix(".Ss Options of ").split()
    return commands if "all" in words else tuple(word for word in words if word != "and")


def item_of(rows, subject, line):
    """As the rows have it of the options that a line names."""
    names = {"-" + name for name in re.findall(r"Fl (\S+)", line)}
    own = {command: {item(row) for row in rows if command in row.commands and names & set(row.names)}
           for command in subject}
    items = set.union(*own.values())
    if len(items) != 1 or not all(own.values()):
        raise ValueError(f"{line} is no option of {' and '.join(subject)}")
    return items.pop()


def with_items(manual, commands, rows):
    """The manual of some commands, of any number of pages, with the lines that begin items as the rows have them, and
    items that were missing."""
    lines, subject, found = [], None, {}
    for line in manual.split("\n"):
        if line.startswith((".Ss ", ".Sh ")):
            subject = subject_of(line, commands)
        if subject and line.startswith(".It Fl "):
            line = item_of(rows, subject, line)
            found.update({(line, command): subject for command in subject})
        lines.append(line)
    before = None
    for row in rows:
        missing = [command for command in commands if command in row.commands and (item(row), command) not in found]
        if missing:
            insert(lines, row, commands, before)
            found.update({(item(row), command): missing for command in missing})
        before = row if set(row.commands) & set(commands) else before
    return "\n".join(lines)


def insert(lines, row, commands, before):
    """An item, behind that of the row before if it is about the same commands, else at the end of a list of theirs."""
    subject = tuple(command for command in commands if command in row.commands)
    headings = [at for at, line in enumerate(lines) if subject_of(line, commands) == subject]
    if not headings:
        raise ValueError(f"no list of options of {' and '.join(subject)} for {','.join(row.names)}")
    ends = [next(at for at in range(heading, len(lines)) if lines[at] == ".El" and
                 balanced(lines[heading:at])) for heading in headings]
    place = ends[0]
    for heading, end in zip(headings, ends):
        items = [at for at in range(heading, end) if lines[at].startswith(".It Fl ")]
        at = next((at for at in items if before and lines[at] == item(before)), None)
        if at is not None:
            place = next((behind for behind in items if behind > at), end)
    text = manual_commands.mdoc(row.help[0].upper() + row.help[1:] + ".").rstrip("\n").split("\n")
    lines[place:place] = [item(row), *text]


def balanced(lines):
    """Whether all lists but one have ended."""
    return sum(line.startswith(".Bl ") for line in lines) - lines.count(".El") == 1


# --- completions


def wrapped(words, indent, between=" "):
    """Words with something between them, in lines."""
    width = 118 - len(indent)
    return textwrap.wrap(between.join(words), width, break_long_words=False, break_on_hyphens=False)


def bash(rows):
    yield "_wscope_options() {\n  case $1 in\n"
    for command in (*COMMANDS, "alone"):
        own = [row for row in rows if command in row.commands and (command != "alone" or "connect" not in row.commands)]
        names = wrapped([name for row in own for name in row.names], "      ")
        yield f"    {command})\n      echo '" + "\n        ".join(names) + "'\n      ;;\n"
    yield "  esac\n}\n\n"
    yield ("# The value of option $1 of command $4, of which $2 was typed, behind $3: = or nothing; fails if it takes none\n"
           "# there.\n"
           "_wscope_value() {\n  case $1 in\n")
    actions = {"file": 'mapfile -t COMPREPLY < <(compgen -f -- "$2")',
               "socket": 'mapfile -t COMPREPLY < <(compgen -f -- "$2")',
               "directory": 'mapfile -t COMPREPLY < <(compgen -d -- "$2")',
               "text_or_file": 'if [[ $2 == @* ]]; then _wscope_files "${2#@}"; fi',
               "url": '_wscope_words echo: "$2"'}
    by_name = {}  # {name: {action: commands}}
    for row in rows:
        action = actions.get(row.kind, "true")
        if row.kind == "choice":
            action = f"_wscope_words '{' '.join(row.value.split('|'))}' \"$2\""
        if row.given == "in_one_word":
            action = "[[ $3 ]]" + (f" && {action}" if action != "true" else "")  # fails, but behind =
        for name in row.names:
            by_name.setdefault(name, {}).setdefault("false" if row.kind == "none" else action, []).extend(row.commands)
    names_by_action = {}
    for name, own in by_name.items():
        if len(own) == 1:
            names_by_action.setdefault(*own, []).append(name)
            continue
        lines = "".join(f"        {' | '.join(dict.fromkeys(commands))}) {action} ;;\n" for action, commands in own.items())
        yield f"    {name})\n      case $4 in\n{lines}      esac\n      ;;\n"
    names_by_action.pop("false", None)
    for action, names in names_by_action.items():
        lines = wrapped(names, "      ", " | ")
        yield "    " + " \\\n      ".join(lines) + f")\n      {action}\n      ;;\n"
    yield "    *) return 1 ;;\n  esac\n}\n"


def fish(rows):
    values = {"file": " -r -F", "socket": " -r -F", "directory": " -x -a '(__wscope_directories)'", "url": " -x -a echo:",
              "text_or_file": " -x -a '(__wscope_files)'", "none": ""}
    for row in rows:
        named = [command for command in COMMANDS if command in row.commands]
        condition = "__wscope_is " + " ".join(named) if named else ""
        if "alone" in row.commands and "connect" not in row.commands:
            condition = "__wscope_begins" + ("; or " + condition if condition else "")
        condition = "" if set(named) == set(COMMANDS) else f" -n '{condition}'"
        names = "".join(f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in row.names)
        value = values.get(row.kind, " -x")
        if row.kind == "choice":
            value = f" -x -a '{' '.join(row.value.split('|'))}'"
        if row.given == "in_one_word":
            value = ""
        text = summary(row)
        text = (text[0].upper() + text[1:]).replace("'", "\\'")
        yield f"complete -c wscope{condition}{names}{value} -d '{text}'\n"


def zsh_spec(rows, row):
    """As in '(--count -1 --one)'{-1,--one}'[close after one received message]'."""
    def escaped(text):
        return re.sub(r"([:\[\]])", r"\\\1", text)

    others = {name for name in row.excludes}
    others.update(long_names(other)[0] for other in rows if set(other.excludes) & set(row.names) and
                  set(row.commands) <= set(other.commands))
    excluded = [] if row.given == "repeatedly" or len(row.names) == 1 else list(row.names)
    for other in rows:
        if set(other.commands) & set(row.commands) and set(other.names) & others:
            excluded += [name for name in other.names if name not in excluded]
    if set(FIRST_ARGUMENT) & set(row.names):
        excluded.append("1")
    if set(ANSWERS) & set(row.names):
        excluded = ["-", "*"]
    takes = row.kind != "none"
    in_one_word = row.given == "in_one_word"
    names = [name + ("" if not takes else "=-" if in_one_word else "=" if name.startswith("--") else "+")
             for name in row.names]
    actions = {"file": "_files", "socket": "_files", "directory": "_path_files -/", "url": "(echo\\:)",
               "text_or_file": "_wscope_or_file", "choice": f"({' '.join(row.value.split('|'))})"}
    labels = {"choice": long_names(row)[0][2:], "size": "bytes, or with K, M or G", "number": "number", "url": "URL"}
    value = escaped(labels.get(row.kind, row.value.strip("'").lower()))
    behind = f"[{escaped(summary(row))}]"
    if takes:
        behind += ("::" if in_one_word else ":") + value
        behind += f":{actions[row.kind]}" if row.kind in actions else ""
        behind += f' "{value}"' if row.kind == "text_or_file" else ""
    before = (f"({' '.join(excluded)})" if excluded else "") + ("*" if row.given == "repeatedly" else "")
    behind = behind.replace("'", "'\\''")
    if len(names) == 1:
        return f"'{before}{names[0]}{behind}'"
    return (f"'{before}'" if before else "") + "{" + ",".join(names) + "}" + f"'{behind}'"


def zsh(rows):
    yield "# Adds the options of command $1.\n_wscope_specs() {\n"
    for commands in dict.fromkeys(row.commands for row in rows):
        own = [command for command in commands if command != "alone" or "connect" not in commands]
        yield f"  [[ $1 == ({'|'.join(own)}) ]] && specs+=(\n"
        yield from (f"    {zsh_spec(rows, row)}\n" for row in rows if row.commands == commands)
        yield "  )\n"
    yield "}\n"


def split(text):
    """What is before the marks, what is between them, and what is behind them."""
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    return text[:begin], text[begin:end], text[end:]


def made(project, rows):
    """{file: its text as it is to be}"""
    texts = {}
    for pages, commands in MANUALS.items():
        try:
            texts.update(zip(pages, with_items(read_pages(project, pages), commands, rows).split(PAGE_END)))
        except ValueError as error:
            raise ValueError(f"{', '.join(pages)}: {error}") from error
    for shell, make in (("bash", bash), ("fish", fish), ("zsh", zsh)):
        before, _, behind = split((project / COMPLETIONS[shell]).read_text())
        texts[COMPLETIONS[shell]] = before + "".join(make(rows)) + behind
    return texts


def main(project, program):
    project = pathlib.Path(project)
    for name, text in made(project, rows_of(program)).items():
        (project / name).write_text(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
