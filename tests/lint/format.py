"""Whether .clang-format has been applied: format.py PROJECT

Versions of clang-format differ in details, so only the one we use judges.
"""

import pathlib
import shutil
import subprocess
import sys

VERSION = "14"


def main(project):
    tool = shutil.which(f"clang-format-{VERSION}") or shutil.which("clang-format")
    version = subprocess.run([tool, "--version"], capture_output=True, text=True).stdout if tool else ""
    if f"version {VERSION}." not in version:
        print(f"SKIPPED: clang-format {VERSION} is not installed")
        return 77
    files = [path for part in ("src", "tests") for path in pathlib.Path(project, part).rglob("*.*")]
    sources = sorted(path for path in files if path.suffix in (".h", ".cc"))
    return subprocess.run([tool, "--dry-run", "--Werror", *sources]).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
