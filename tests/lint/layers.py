"""Checks src and tests/unit against the table that the layer() calls write: layers.py PROJECT LAYERS_TXT

- An #include names a header of the file's own layer, of a layer it uses, of the C++ library, of fmt, or one listed
  under EXTERNAL.
- Every source, header and unit test is listed.
- Every source has its unit test, and every unit test its source or header.
"""

import fnmatch
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*(([<"])([^>"]+)[>"])')
CPP_LIBRARY = re.compile(r"^[a-z_]+$")


def read_table(path):
    """{layer: {"uses": [...], "external": [...], "files": [...], "tests": [...]}}"""
    table = {}
    for line in path.read_text().splitlines():
        key, *words = line.split()
        if key == "layer":
            row = table.setdefault(words[0], {})
        else:
            row[key] = words
    return table


def allowed(layer, row, quote, header):
    if quote == '"':
        return header.split("/")[0] in [layer, *row["uses"]]
    patterns = ["fmt/*", *row["external"]]
    return bool(CPP_LIBRARY.match(header)) or any(fnmatch.fnmatch(header, p) for p in patterns)


def check_includes(src, table):
    for layer, row in table.items():
        for path in sorted((src / layer).iterdir()):
            if path.suffix not in (".h", ".cc"):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                include = INCLUDE.match(line)
                if include and not allowed(layer, row, *include.group(2, 3)):
                    yield f"src/{layer}/{path.name}:{number}: {layer} must not include {include.group(1)}"


def check_lists(project, table):
    for layer, row in table.items():
        folders = ((project / "src" / layer, row["files"]), (project / "tests" / "unit" / layer, row["tests"]))
        for folder, listed in folders:
            present = [p.name for p in folder.glob("*.*") if p.suffix in (".h", ".cc") and p.name != "main.cc"]
            if folder.parent.name == "unit":
                present = [name for name in present if name.endswith(".cc")]
            for name in sorted(set(present) - set(listed)):
                yield f"{folder.relative_to(project)}/{name}: not listed in src/{layer}/CMakeLists.txt"


# Tests of something that all units of a layer share: each deadline after an hour of silence.
ACROSS = {"silence"}


def check_tests(table):
    for layer, row in table.items():
        units = {pathlib.Path(name).stem for name in row["files"]}
        sources = {pathlib.Path(name).stem for name in row["files"] if name.endswith(".cc")}
        tested = {name.removesuffix("_test.cc") for name in row["tests"]}
        for unit in sorted(sources - tested):
            yield f"src/{layer}/{unit}.cc: has no unit test tests/unit/{layer}/{unit}_test.cc"
        parts = {unit for unit in tested if any(unit.startswith(of + "_") for of in units)}  # one side of a unit
        for unit in sorted(tested - units - parts - ACROSS):
            yield f"tests/unit/{layer}/{unit}_test.cc: mirrors no file of src/{layer}"


def main(project, table_path):
    project, table = pathlib.Path(project), read_table(pathlib.Path(table_path))
    faults = [*check_includes(project / "src", table), *check_lists(project, table), *check_tests(table)]
    print(*faults, f"{len(table)} layers, {len(faults)} faults", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
