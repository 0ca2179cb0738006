"""`wscope check --listen` against clients of other people: what each of them gets right, it says so.

What they get wrong is in CONTRIBUTING.md: `wscope check --listen 0 -- python3 clients/echo.py LIBRARY {url}`.
"""

import json
import pathlib
import subprocess
import sys
import unittest

import node_support
from conversations_support import support

CLIENTS = pathlib.Path(__file__).resolve().parent / "clients"
PYTHON = ("websockets", "websocket", "aiohttp", "tornado", "httpx_ws")
NODE = ("ws", "undici", "websocket", "faye-websocket")
CASES = "c.request,c.accept-wrong,frame.text-126,frame.binary-125,frag.3,ctl.ping-125,utf8.valid-*,close.1000,inv.*"


def has(module):
    return not subprocess.run([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL, check=False).returncode


FOUND = [(library, (sys.executable, str(CLIENTS / "echo.py"), library)) for library in PYTHON if has(library)]
if node_support.NODE:
    FOUND += [(library, (node_support.NODE, str(CLIENTS / "echo.js"), library)) for library in NODE
              if node_support.has(library)]
if not FOUND:
    print("SKIPPED: no client library of Python or Node is installed")
    sys.exit(77)
# httpx-ws takes any answer for an opening.
TAKES_ANY_ACCEPT = {"httpx_ws"}


class Clients(unittest.TestCase):
    maxDiff = None

    def test_what_others_get_right(self):
        for library, command in FOUND:
            with self.subTest(library):
                result = support.run("check", "--listen", "0", "--only", CASES, "--report", "json", "--", *command,
                                     "{url}", env=node_support.ENVIRONMENT)
                cases = [json.loads(line) for line in result.stdout.splitlines()][:-1]
                self.assertEqual(len(cases), 20, result)
                wrong = {one["id"]: one["seen"] for one in cases if one["verdict"] not in ("pass", "skip")}
                if library in TAKES_ANY_ACCEPT:
                    wrong.pop("c.accept-wrong", None)
                self.assertEqual(wrong, {})


if __name__ == "__main__":
    unittest.main()
