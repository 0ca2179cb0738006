"""Words that must not be in the source: words.py PROJECT"""

import pathlib
import re
import sys

# (pattern, files it is about, why)
RULES = (
    (r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", r"^(src|tests|third_party|\.ci)/", "finish it or leave it out"),
    (r"\b_?(quick_)?exit\s*\(", r"^src/(?!app/main\.cc|process/launch\.cc)", "only main ends the process, and a child that could not become another program"),
    (r"\bthrow\b(?! std::bad_alloc\(\))", r"^src/", "failures are values, but for lack of memory"),
    (r"\bshared_ptr\b", r"^src/(?!net/resolver\.)", "everything has one owner, but for what a thread shares"),
    (r"\bfriend\b(?!.*\boperator\b)", r"^src/", "no friends but operators"),
    (r"\badd_(option|flag)(_function|_callback)?\s*\(|include <CLI/", r"^src/(?!cli/option_parser\.cc)",
     "an option is a row of src/cli/option_table.h"),
    (r"\bsystem_clock::now\b", r"^src/(base|http|ws|wire|view)/", "time is an argument there"),
    (r"\b(Clock|steady_clock)::now\b", r"^src/(?!net/poller\.h)", "time is an argument, and the Poller knows it"),
)
SUFFIXES = (".h", ".cc", ".py", ".txt", ".cmake", ".in", "")


def faults(project):
    for part in ("src", "tests", "third_party", ".ci"):
        for path in sorted((project / part).rglob("*")):
            name = path.relative_to(project).as_posix()
            rules = [(re.compile(p), why) for p, about, why in RULES if re.match(about, name)]
            if not path.is_file() or path.suffix not in SUFFIXES or "/corpus/" in name:
                continue
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                yield from (f"{name}:{number}: {m.group()}: {why}" for p, why in rules if (m := p.search(line)))


def main(project):
    found = list(faults(pathlib.Path(project)))
    print(*found, f"{len(found)} faults", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
