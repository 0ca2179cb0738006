"""What the end-to-end tests share: the binary under test, its processes and how long anything may take."""

import atexit
import collections
import functools
import os
import pathlib
import pty
import re
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

BINARY = os.path.abspath(sys.argv.pop(1))
DEADLINE = 120  # seconds for anything that has to happen, beside other tests and under sanitizers
MEMORY_LIMIT = 16 << 20
ECHO_HOLDS = 40 << 20  # what an echo may hold for one client that does not read, and what it takes to move that
# What a test is told through its environment, and what programs need to run at all. All else, from proxies, certificates
# and colours to the terminal, belongs to whoever starts the tests.
KEPT = re.compile(r"PATH|TMPDIR|(LD|DYLD)_\w+|PYTHON\w*|NODE_PATH|\w+SAN_OPTIONS|(GCOV|LLVM|WSCOPE)_\w+")


def like_nobodys_child():
    """Makes this process, and so every one that it starts, what it is whoever has started it: no signal ignored or
    blocked, nothing closed that is standard, no terminal of its starter's, an environment without news. Returns that."""
    for number in signal.valid_signals():
        # Python itself ignores these, and has its processes not ignore them.
        if signal.getsignal(number) is signal.SIG_IGN and number not in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    while (fd := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(fd)
    os.umask(0o022)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    home = tempfile.TemporaryDirectory(prefix="wscope-home-")
    atexit.register(home.cleanup)
    kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
    os.environ.clear()
    os.environ.update({"PATH": os.defpath, **kept, "HOME": home.name, "LC_ALL": "C"})
    return dict(os.environ)


ENVIRONMENT = like_nobodys_child()

Result = collections.namedtuple("Result", "status stdout stderr")


@functools.cache
def sanitized():
    """Whether the binary was built with AddressSanitizer, which takes memory of its own."""
    return b"__asan_init" in pathlib.Path(BINARY).read_bytes()


def start(*arguments, **options):
    """The binary as a process; pipes unless told otherwise."""
    # Unbuffered: what readline() took beyond its line, communicate() would never see.
    # In a session of its own it has no terminal that it could ask.
    usual = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "bufsize": 0,
             "env": ENVIRONMENT, "start_new_session": True}
    return subprocess.Popen([BINARY, *arguments], **{**usual, **options})


def finish(process, stdin=None):
    """Waits for the end of a process, giving it `stdin` (bytes) meanwhile."""
    with process:
        try:
            out, err = process.communicate(stdin, timeout=DEADLINE)
        except BaseException:
            process.kill()
            raise
    return Result(process.returncode, out, err.decode() if err is not None else None)


def run_watched(*arguments, **options):
    """The binary to its end, with a terminal as its stderr: what came of it, and what was said there."""
    ours, theirs = pty.openpty()
    said = bytearray()

    def read():
        try:
            while piece := os.read(ours, 4096):
                said.extend(piece)
        except OSError:
            pass  # the other side is closed
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    process = start(*arguments, stderr=theirs, **options)
    os.close(theirs)
    result = finish(process)
    reader.join(5)
    os.close(ours)
    return result, said.decode()


def run(*arguments, stdin=b"", **options):
    """The binary to its end."""
    return finish(start(*arguments, **options), stdin)


def shell(script, *arguments, stdin=b""):
    """`script` for sh, in which "$@" is the binary with its arguments."""
    process = subprocess.Popen(["sh", "-c", script, "sh", BINARY, *arguments], env=ENVIRONMENT, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    return finish(process, stdin)


def read_exactly(stream, size):
    """`size` bytes from a pipe."""
    data = bytearray()
    while len(data) < size:
        ready, _, _ = select.select([stream], [], [], DEADLINE)
        piece = os.read(stream.fileno(), min(size - len(data), 1 << 20)) if ready else b""
        if not piece:
            raise AssertionError(f"{len(data)} of {size} bytes")
        data += piece
    return bytes(data)


def feed(stream, *pieces):
    """Writes to a pipe that nobody may be reading yet; the thread ends by itself."""
    def write():
        try:
            stream.writelines(pieces)
            stream.flush()
        except (BrokenPipeError, ValueError):
            pass
    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def eventually(condition, timeout=DEADLINE):
    """Waits until `condition()` holds, looking again and again."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it never happened")
        select.select([], [], [], 0.005)


def peak_memory(process):
    """Bytes, the most the process has ever had resident."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+) kB", status).group(1)) << 10


def processor_seconds(process):
    """What the process has computed so far, to a hundredth."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_stopped(process):
    """Whether SIGSTOP has come through."""
    return pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


class Serving:
    """A `process` that serves until it is stopped, and has nothing to say of it."""

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return finish(self.process)

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        if self.process.returncode is not None:
            return
        result = self.stop()
        if failure is None and result != (0, b"", ""):
            raise AssertionError(f"the server ended with {result}")


class Server(Serving):
    """A serving `wscope`, on any port that is free, ready once this is made. `pin`: of the certificate that it has made
    for itself, if it has."""

    LINE = re.compile(r"Listening on (wss?)://(.+):(\d+)/ \(press CTRL\+C to quit\)\n")
    PIN = re.compile(r"The certificate is self-signed: clients trust it with --pin (sha256//[A-Za-z0-9+/]{43}=)\n")

    def __init__(self, *arguments, **options):
        self.process = start(*(arguments or ("echo", "0")), **{"stdin": subprocess.DEVNULL, **options})
        self.line = self.process.stderr.readline().decode()
        match = self.LINE.fullmatch(self.line)
        if not match:
            self.process.kill()
            raise AssertionError(f"not ready: {self.line!r}")
        self.host, self.port = match[2].strip("[]"), int(match[3])
        self.url = f"{match[1]}://{match[2]}:{match[3]}/"
        self.pin = None
        if match[1] == "wss" and "--cert" not in arguments:
            line = self.process.stderr.readline().decode()
            match = self.PIN.fullmatch(line)
            if not match:
                self.process.kill()
                raise AssertionError(f"no pin: {line!r}")
            self.pin = match[1]


class Case(unittest.TestCase):
    """A test that takes bounded time."""

    maxDiff = 4000

    def setUp(self):
        def give_up(*_):
            raise TimeoutError(f"more than {DEADLINE} seconds")
        signal.signal(signal.SIGALRM, give_up)
        signal.alarm(DEADLINE)
        self.addCleanup(signal.alarm, 0)

    def assert_small(self, process):
        """Bounded memory, whatever passed through it."""
        if sanitized():
            return
        words = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes().split(b"\0")
        echoes = not {b"echo", b"echo:", b"--echo"}.isdisjoint(words)
        self.assertLess(peak_memory(process), MEMORY_LIMIT + echoes * ECHO_HOLDS)

    def assert_waits(self, *processes):
        """Once everything is stuck, whoever waits does not compute."""
        def rest():
            before = [processor_seconds(process) for process in processes]
            select.select([], [], [], 0.25)
            after = [processor_seconds(process) for process in processes]
            return all(b - a <= 0.03 for a, b in zip(before, after))
        eventually(rest)

    def assert_bytes(self, actual, expected):
        """Equality of much, without printing it."""
        if actual != expected:
            at = next((i for i, (a, b) in enumerate(zip(actual, expected)) if a != b), min(len(actual), len(expected)))
            self.fail(f"{len(actual)} bytes for {len(expected)}, different at {at}: "
                      f"{actual[at:at + 40]!r} for {expected[at:at + 40]!r}")
