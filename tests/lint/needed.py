#!/usr/bin/env python3
"""needed.py PROGRAM: that the loader is not asked for a library at each start that can be done without.

Loading one takes a twentieth of the time to start, and 300 KB.
"""
import re
import subprocess
import sys

DONE_WITHOUT = ("libm.", "libstdc++.", "libgcc_s.")

dynamic = subprocess.run(["readelf", "--dynamic", sys.argv[1]], capture_output=True, text=True, check=True).stdout
needed = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)
superfluous = [name for name in needed if name.startswith(DONE_WITHOUT)]
if superfluous:
    sys.exit(f"the program needs {' and '.join(superfluous)}: std::from_chars for a double does, and functions of <cmath>")
