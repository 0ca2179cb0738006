"""Proves that layers.py notices: plants faults in a copy of the project. layers_test.py PROJECT LAYERS_TXT"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

LINT = pathlib.Path(__file__).with_name("layers.py")


def lint(project, table):
    run = subprocess.run([sys.executable, "-B", LINT, project, table], capture_output=True, text=True)
    return run.returncode, run.stdout


def plant(copy, table, path, text, complaint):
    """Appends `text` to a file of the copy, wants the complaint, and takes it back."""
    before = path.read_text() if path.exists() else None
    path.write_text((before or "") + text)
    status, output = lint(copy, table)
    if before is None:
        path.unlink()
    else:
        path.write_text(before)
    assert status == 1 and complaint in output, f"{text!r} in {path.name} went unnoticed:\n{output}"
    print(f"noticed: {complaint}")


def main(project, table):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        for part in ("src", "tests/unit"):
            shutil.copytree(pathlib.Path(project) / part, copy / part)
        base, tests = copy / "src" / "base", copy / "tests" / "unit" / "base"
        header = base / "buffer.h"
        plant(copy, table, header, '#include "ws/frame.h"\n', 'base must not include "ws/frame.h"')
        plant(copy, table, header, "#  include <zlib.h>\n", "base must not include <zlib.h>")
        plant(copy, table, header, "#include <netdb.h>\n", "base must not include <netdb.h>")
        plant(copy, table, base / "stray.cc", "\n", "src/base/stray.cc: not listed")
        plant(copy, table, tests / "stray_test.cc", "\n", "stray_test.cc: not listed")


if __name__ == "__main__":
    main(*sys.argv[1:])
