"""What tests of programs behind a WebSocket share: which of them are there still, and what they have said."""

import os
import pathlib
import re
import sys

from peer import CLOSE
from support import DEADLINE, eventually

PYTHON = sys.executable


def state_of(process):
    """R, S, Z …; empty: there is no such process, not even a dead one."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def runs(process):
    return state_of(process) not in ("", "Z")


def children_of(process):
    """The numbers of all children, also dead ones."""
    children = set()
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == process:
            children.add(int(path.parent.name))
    return children


def gone(process):
    """Waits until there is no such process, nor its corpse."""
    eventually(lambda: state_of(process) == "")


def numbers(text):
    return [int(number) for number in re.findall(rb"\d+", text)]


def read_close(client):
    """The Close that comes next, as (code, reason)."""
    frame = client.read_frame()
    if frame.opcode != CLOSE:
        raise AssertionError(f"not a Close: {frame}")
    return int.from_bytes(frame.payload[:2], "big"), frame.payload[2:].decode()


def python(script, *arguments):
    """The words of a command that runs a script of Python, unbuffered."""
    return [PYTHON, "-uc", script, *arguments]


def descriptors_of(process):
    return {int(name) for name in os.listdir(f"/proc/{process}/fd")}


__all__ = ["DEADLINE", "PYTHON", "children_of", "descriptors_of", "gone", "numbers", "python", "read_close", "runs",
           "state_of"]
