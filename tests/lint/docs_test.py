"""Proves that docs.py notices: plants differences in a copy of the documents. docs_test.py PROJECT BINARY OPTION_ROWS"""

import pathlib
import re
import shutil
import sys
import tempfile

import docs

MANUAL, REPL, RUN = "man/wscope.1", "man/wscope-repl.1", "man/wscope-run.1"
DECODE = "man/wscope-decode.1"
CONNECT, LISTEN = "man/wscope-connect.1", "man/wscope-listen.1"
PAGES = f"{CONNECT}, {LISTEN}, {MANUAL}"
BASH, FISH, ZSH = (docs.COMPLETIONS[shell] for shell in ("bash", "fish", "zsh"))
# Who is to notice: (file, what is replaced, by what, the complaint)
PLANTED = {
    None: (
        (CONNECT, ".It Fl -until Ar match\n", "", f"{PAGES}: connect: --until is missing"),
        (LISTEN, ".It Fl -slow Cm drop | close\n", "", f"{PAGES}: listen: --slow is missing"),
        (LISTEN, ".It Fl -once\n", ".It Fl -once\n.It Fl -twice\n", f"{PAGES}: echo: --twice is no option"),
        (CONNECT, "Fl w , Fl -wait", "Fl -wait", f"{PAGES}: connect: -w,--wait is missing"),
        (CONNECT, "Cm wait | close | hold", "Cm wait | close", f"{PAGES}: connect: --eof takes ('waitclose', ('wait', 'close'), False)"),
        (CONNECT, "Fl -reconnect Ns Op = Ns Ar max", "Fl -reconnect Ar max",
         f"{PAGES}: connect: --reconnect takes ('max', (), False)"),
        (CONNECT, "Fl -count Ar N", "Fl -count", f"{PAGES}: connect: --count takes"),
        (LISTEN, "Options of listen\n", "Options of listen and echo\n", f"{PAGES}: echo: --slow is no option"),
        (MANUAL, ".It 7\n", ".It 12\n", f"{MANUAL}: exit statuses [0, 1, 2, 3, 4, 5, 6, 8"),
        (MANUAL, ".It Cm fail\n", ".It Cm failed\n", f"{MANUAL}: event fail: keys None"),
        (MANUAL, ".Va rtt_ms ,\n", ".Va rtt ,\n", f"{MANUAL}: event pong: keys"),
        (RUN, ".It Fl -bail\n", "", f"{RUN}: run: --bail is missing"),
        (RUN, ".It Fl -bail\n", ".It Fl -fail\n", f"{RUN}: .It Fl -fail is no option of run"),
        ("README.md", "| 11 |", "| 12 |", "README.md: exit statuses [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12"),
        ("src/streams/outcome.cc", "return 9;", "return 19;", "README.md: exit statuses"),
        (REPL, ".It Li /raw ", ".It Li /rare ", "manual_commands.py makes: -.It Li /rare HEX"),
        (REPL, "(4 is RSV1)", "(1 is RSV1)", "manual_commands.py makes: +rsv is a number from 0 to 7 (4 is RSV1)."),
        (CONNECT, ".It Fl -until Ar match\n", ".It Fl -until Ar expression\n",
         "options.py makes: +.It Fl -until Ar match"),
        (CONNECT, ".It Fl -until Ar match\n", "", "options.py makes: +.It Fl -until Ar match"),
        (LISTEN, ".It Fl -slow ", ".It Fl -quick ", ".It Fl -quick Cm drop | close is no option of listen"),
        (BASH, "'drop close'", "'drop keep'", "options.py makes: +        listen) _wscope_words 'drop close'"),
        (FISH, "-s q -l quiet", "-l quiet", "options.py makes: -complete -c wscope -n '__wscope_is ping' -l quiet"),
        (ZSH, "(1.2 1.3)", "(1.3)", "options.py makes: +    '--tls-min=["),
        ("src/cli/request.cc", '"--user wants', '"--usr wants', "src/cli/request.cc: --usr is no option"),
        (DECODE, ".Va needs :\n", ".Va wants :\n", f"{DECODE}: event cut: keys ['dir', 'hex', 'offset', 'wants']"),
        ("src/view/decode_events.h", "/// hole: bytes", "/// gap: bytes", f"{DECODE}: event gap: keys None"),
        ("src/decode/statistics.h", "`fragmented`, ", "", f"{DECODE}: event stats: keys"),
        ("src/view/json_events.h", "/// fail: we", "/// fail, failed: we", f"{MANUAL}: event failed: keys None"),
    ),
    "mandoc": (
        (MANUAL, ".Ed\n.Sh SEE ALSO", ".Sh SEE ALSO", "missing end of block"),
        (RUN, ".Xr wscope 1", ".Xr wscop 1", "referenced manual not found: Xr wscop 1"),
    ),
    "bash": (
        (BASH, " --until ", " ", f"{BASH}: \"wscope -\" is offered [] too much and not ['--until']"),
        (BASH, "'drop close'", "'drop keep'", f'{BASH}: "wscope listen --slow "'),
        (BASH, " --timeout | ", " ", f'{BASH}: "wscope --timeout "'),
    ),
    "fish": (
        (FISH, " -l broadcast ", " -l broadcasts ", f'{FISH}: "wscope listen -"'),
        (FISH, "'wait close hold'", "'wait close'", f'{FISH}: "wscope forward --eof "'),
        (FISH, "-s H -l header -x", "-s H -l header", f'{FISH}: "wscope echo -H @fi"'),
    ),
    "zsh": (
        (ZSH, "'--show=[", "'--shows=[", f'{ZSH}: "wscope echo -"'),
        (ZSH, "(lines nul whole raw hex base64 json)", "(lines)", f'{ZSH}: "wscope --in "'),
    ),
}
# An option that is in no document.
ADDED = docs.Option(("--planted",), "", ())


def expect(complaint, copy, binary, helps, rows, tool, line=None):
    if tool in docs.COMPLETIONS and not line:
        line = re.search('"(wscope [^"]*)"', complaint)[1]
    faults = list(docs.check(copy, binary, helps, rows, tool, line))
    assert any(complaint in fault for fault in faults), f"not noticed: {complaint}, but {faults}"
    print(f"noticed: {complaint}")


def main(project, binary, option_rows):
    helps, rows = docs.helps_of(binary), docs.made_options.rows_of(option_rows)
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        for name in {plant[0] for plants in PLANTED.values() for plant in plants}.union(*docs.made_options.MANUALS):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(pathlib.Path(project) / name, copy / name)
        for tool in docs.installed_tools():
            for name, old, new, complaint in PLANTED[tool]:
                path = copy / name
                before = path.read_text()
                assert old in before, f"{name}: there is no {old!r}"
                path.write_text(before.replace(old, new, 1))
                expect(complaint, copy, binary, helps, rows, tool)
                path.write_text(before)
            if tool != "mandoc":
                expect("--planted", copy, binary, dict(helps, echo=[*helps["echo"], ADDED]), rows, tool, "wscope echo -")


if __name__ == "__main__":
    main(*sys.argv[1:])
