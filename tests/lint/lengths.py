"""Small files, small functions: lengths.py PROJECT

Fails on a file of more than 500 lines or a function of more than 60. Functions are found by matching braces, which is
exact enough for formatted code: at the level of namespaces and classes, a block whose head has parentheses is one.
"""

import pathlib
import re
import statistics
import sys

FILE_LINES = 500
FUNCTION_LINES = 60

# Comments, raw strings, strings and characters (but not the separator in 1'000), whose braces do not count.
OPAQUE = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r'|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.S,
)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*", re.M | re.S)
SCOPE = re.compile(r"\b(namespace|extern|class|struct|union|enum)\b[^()]*$")
NAME = re.compile(r"([~\w:]+)\s*\(")


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def block_end(code, at):
    """The position behind the brace that closes the one at `at`."""
    depth = 0
    for brace in re.finditer(r"[{}]", code[at:]):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return at + brace.end()
    return len(code)


def functions(code):
    """(name, first line, lines) of every function definition; lambdas belong to the function around them."""
    code = DIRECTIVE.sub(blank, OPAQUE.sub(blank, code))
    start = 0
    at = 0
    while at < len(code):
        if code[at] in ";}":
            start = at + 1
        elif code[at] == "{":
            head = code[start:at]
            if SCOPE.search(head):
                start = at + 1
            else:
                at = block_end(code, at)
                if re.match(r"\s*[,{(]", code[at:]):  # a braced member initializer, or a lambda that is called
                    continue
                name = NAME.search(head)
                if name:
                    first = code.count("\n", 0, start + len(head) - len(head.lstrip())) + 1
                    yield name.group(1), first, code.count("\n", 0, at) + 2 - first
                start = at
                continue
        at += 1


def main(project):
    project = pathlib.Path(project)
    files, blocks = [], []
    paths = [path for part in ("src", "tests") for path in (project / part).rglob("*.*")]
    for path in sorted(path for path in paths if path.suffix in (".h", ".cc", ".py")):
        text, name = path.read_text(), path.relative_to(project)
        files.append((text.count("\n"), name))
        if path.suffix != ".py":
            blocks += [(lines, f"{name}:{first}: {function}") for function, first, lines in functions(text)]
    faults = [f"{name}: {lines} lines" for lines, name in files if lines > FILE_LINES]
    faults += [f"{where}: {lines} lines" for lines, where in blocks if lines > FUNCTION_LINES]
    print(*faults, sep="\n", end="\n" if faults else "")
    for what, rows in (("files", files), ("functions", blocks)):
        lengths = [lines for lines, _ in rows]
        print(f"{len(rows)} {what}: median {statistics.median(lengths):.0f} lines, longest {max(lengths)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
