"""Node as the other side: where it is, and what it finds its modules with."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys

from conversations_support import support

DEBIAN_NODE = "/usr/bin/node"
NODE = DEBIAN_NODE if os.path.exists(DEBIAN_NODE) else shutil.which("node")
SCRIPTS = pathlib.Path(__file__).resolve().parent / "node"
# Where Debian has packages of Node, which a node of another origin does not know.
PATHS = [path for path in (os.environ.get("NODE_PATH"), "/usr/share/nodejs") if path]
ENVIRONMENT = dict(os.environ, NODE_PATH=os.pathsep.join(PATHS))


def has(module):
    return not subprocess.run([NODE, "-e", f"require('{module}')"], env=ENVIRONMENT, stderr=subprocess.DEVNULL).returncode


def skip_without(package, *modules):
    """Ends the test unless Node has `modules`. `package` says what is missing."""
    if not NODE:
        print("SKIPPED: node is not installed")
        sys.exit(77)
    if not all(map(has, modules)):
        print(f"SKIPPED: {package} is not installed where NODE_PATH says")
        sys.exit(77)


@contextlib.contextmanager
def serving(name):
    """The script as a server, which tells its port and ends with its stdin. As a value, its `host:port`."""
    process = subprocess.Popen([NODE, SCRIPTS / name], env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        try:
            yield f"127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()
            process.wait(support.DEADLINE)


def meet(script, client):
    """What comes of a script for `wscope run` that tells its URL before anything else, and of the client that is given
    that: (Result, (status, stdout, stderr))."""
    process = support.start("run", "--within", str(support.DEADLINE / 2), "-")
    process.stdin.write(script.encode())
    process.stdin.close()
    process.stdin = None
    url = process.stderr.readline().decode().strip()
    met = subprocess.run([NODE, SCRIPTS / client, url], env=ENVIRONMENT, capture_output=True, text=True,
                         timeout=support.DEADLINE)
    return support.finish(process), (met.returncode, met.stdout, met.stderr)
