"""Terminals to run the real binary on: Screen, tmux's, which shows what a person would see; and Pty, which has every
byte that was printed."""

import contextlib
import fcntl
import os
import pathlib
import pty
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time

from support import DEADLINE, ENVIRONMENT

HAVE_TMUX = shutil.which("tmux") is not None
POLL = 0.01  # seconds
# Runs the command, leaves its exit status and the terminal's modes before and behind it in a folder, and keeps the
# terminal. The traps keep the shell alive when Ctrl-C is for the command; what is trapped is not inherited.
SHELL = r"""
trap : INT QUIT TSTP
folder=$1
shift
stty -g > "$folder/before.new"
mv "$folder/before.new" "$folder/before"
"$@"
status=$?
stty -g > "$folder/after"
echo "$status" > "$folder/status.new"
mv "$folder/status.new" "$folder/status"
printf '[exit %s]\n' "$status"
trap '' INT QUIT TSTP
exec sleep 100000
"""


def without_end(lines):
    """The lines without white space and empty lines at their ends."""
    lines = [line.rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines


class Screen:
    """A command on a terminal of `columns` by `rows` that calls itself `terminal`, until the `with` block ends. When
    the command has ended, "[exit STATUS]" is on the screen, and exit_status(), modes_before() and modes_after() tell
    the rest."""

    def __init__(self, columns=80, rows=24, command=("cat",), env=None, terminal="screen-256color"):
        self.folder = tempfile.TemporaryDirectory(prefix="wscope-screen-")
        self.path = pathlib.Path(self.folder.name)
        self.socket = str(self.path / "socket")
        self.environment = {**ENVIRONMENT, "LC_ALL": "C.UTF-8", **(env or {})}
        self.environment.pop("TMUX", None)
        # In the foreground it ends with us, whatever happens.
        self.server = subprocess.Popen(["tmux", "-u", "-D", "-S", self.socket, "-f", "/dev/null"],
                                       env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
        try:
            self.begin(columns, rows, terminal, command)
        except BaseException:
            self.end()
            raise

    def begin(self, columns, rows, terminal, command):
        end = time.monotonic() + DEADLINE
        while self.run("show-options", "-g", "status", check=False).returncode != 0:
            if time.monotonic() > end or self.server.poll() is not None:
                raise AssertionError("tmux does not begin")
            time.sleep(POLL)
        options = (("status", "off"), ("default-terminal", terminal), ("history-limit", "1000000"),
                   ("default-size", f"{columns}x{rows}"))
        for option in options:
            self.run("set-option", "-g", *option)
        self.run("set-option", "-s", "escape-time", "0")
        self.run("new-session", "-d", "-x", str(columns), "-y", str(rows), "--",
                 "sh", "-c", SHELL, "sh", str(self.path), *command)
        self.run("set-option", "-g", "window-size", "manual")  # with this, tmux 3.3a crashes when a session begins
        self.wait_for(lambda _: (self.path / "before").exists())

    def __enter__(self):
        return self

    def __exit__(self, _, failure, __):
        with contextlib.suppress(AssertionError, OSError, subprocess.SubprocessError):
            if failure:
                failure.add_note("\n".join(["on the screen was", *self.scrollback()[-100:]]))
        self.end()

    def end(self):
        """Ends the terminal, which hangs up on the command."""
        self.server.terminate()
        try:
            self.server.wait(10)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        self.folder.cleanup()

    def run(self, *arguments, then=(), stdin=None, check=True):
        """A command of tmux, and `then` another one, without anything between them."""
        # A semicolon at the end of an argument would end the command.
        escaped = [argument[:-1] + "\\;" if argument.endswith(";") else argument for argument in arguments]
        if then:
            escaped += [";", *then]
        process = subprocess.run(["tmux", "-u", "-N", "-S", self.socket, *escaped], env=self.environment, input=stdin,
                                 stdin=None if stdin is not None else subprocess.DEVNULL, capture_output=True,
                                 timeout=DEADLINE)
        if check and process.returncode != 0:
            raise AssertionError(f"tmux {' '.join(arguments)[:200]}: {process.stderr.decode()}")
        return process

    # --- what a person does

    def keys(self, *names):
        """Presses keys by tmux's names: "Enter", "C-c", "M-Enter", "Left"."""
        self.run("send-keys", *names)

    def type(self, text):
        """Types the characters of a text, a line feed as Ctrl-J."""
        for at in range(0, len(text), 1000):
            self.run("send-keys", "-l", "--", text[at:at + 1000])

    def send(self, data):
        """These bytes, as they are."""
        for at in range(0, len(data), 1000):
            self.run("send-keys", "-H", *(f"{byte:02x}" for byte in data[at:at + 1000]))

    def paste(self, text):
        """Pastes a text, in brackets if the command has asked for them; line feeds become carriage returns."""
        self.run("load-buffer", "-b", "pasted", "-", stdin=text.encode())
        self.run("paste-buffer", "-d", "-p", "-b", "pasted")

    def resize(self, columns, rows):
        self.run("resize-window", "-x", str(columns), "-y", str(rows))

    # --- what a person sees

    def capture(self, *options):
        # A line ends in a line feed; others may be part of one (U+0085, U+2028).
        return self.run("capture-pane", "-p", *options).stdout.decode().split("\n")

    def lines(self):
        """The rows of the screen, without white space behind them and without empty ones at the end."""
        return without_end(self.capture())

    def scrollback(self, joined=False):
        """What has left the screen at its top, then the screen. `joined`: rows that were wrapped are one line."""
        return without_end(self.capture("-S", "-", *(["-J"] if joined else [])))

    def styled(self):
        """The rows of the screen with SGR sequences."""
        return without_end(self.capture("-e"))

    def cursor(self):
        """Its column and row, from 0. Behind a full row it is on that row's last column or behind it."""
        x, y = self.run("display-message", "-p", "#{cursor_x} #{cursor_y}").stdout.split()
        return int(x), int(y)

    def snapshot(self):
        """The cursor and the rows, of one moment."""
        answer = self.run("display-message", "-p", "#{cursor_x} #{cursor_y} #{history_size}",
                          then=("capture-pane", "-p"))
        place, *rows = answer.stdout.decode().split("\n")
        x, y, history = map(int, place.split())
        return (x, y), history, without_end(rows)

    def wait_for(self, condition, timeout=DEADLINE):
        """Waits until a text is on the screen, or until condition(self) holds; returns the latter."""
        end = time.monotonic() + timeout
        while True:
            lines = self.lines()
            if isinstance(condition, str):
                found = any(condition in line for line in lines)
            else:
                found = condition(self)
            if found:
                return found
            if time.monotonic() > end:
                raise AssertionError("\n".join([f"{condition!r} never came; on the screen is", *lines]))
            time.sleep(POLL)

    def wait_still(self, seconds=0.2, timeout=DEADLINE):
        """Waits until nothing has changed for so long; returns the rows."""
        end = time.monotonic() + timeout
        before, since = self.snapshot(), time.monotonic()
        while time.monotonic() - since < seconds:
            if time.monotonic() > end:
                raise AssertionError("\n".join(["it changes all the time; on the screen is", *before[2]]))
            time.sleep(POLL)
            now = self.snapshot()
            if now != before:
                before, since = now, time.monotonic()
        return before[2]

    # --- the terminal and the end

    @contextlib.contextmanager
    def device(self):
        name = self.run("display-message", "-p", "#{pane_tty}").stdout.decode().strip()
        fd = os.open(name, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            yield fd
        finally:
            os.close(fd)

    def modes(self):
        """The terminal's modes now, as termios.tcgetattr() has them."""
        with self.device() as fd:
            return termios.tcgetattr(fd)

    def told_size(self):
        """The columns and rows as the command can know them: tmux reflows at once, and tells later."""
        with self.device() as fd:
            size = os.get_terminal_size(fd)
            return size.columns, size.lines

    def modes_before(self):
        """The modes before the command, as `stty -g` has them."""
        return (self.path / "before").read_text()

    def modes_after(self):
        return (self.path / "after").read_text()

    def exit_status(self, timeout=DEADLINE):
        """Waits until the command has ended and the screen says so."""
        status = self.path / "status"
        self.wait_for(lambda _: status.exists(), timeout)
        number = int(status.read_text())
        self.wait_for(lambda shown: f"[exit {number}]" in "".join(shown.lines()), timeout)
        return number


class Pty:
    """A command with a pseudo terminal of its own, until the `with` block ends. `output` is all that it has printed, as
    far as it was read."""

    def __init__(self, command, columns=80, rows=24, env=None, terminal="xterm-256color"):
        self.ours, self.theirs = pty.openpty()
        self.output = bytearray()
        self.resize(columns, rows)
        self.before = self.modes()
        environment = {**ENVIRONMENT, "LC_ALL": "C.UTF-8", "TERM": terminal, **(env or {})}
        self.process = subprocess.Popen(command, env=environment, stdin=self.theirs, stdout=self.theirs,
                                        stderr=self.theirs, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(self.theirs, termios.TIOCSCTTY, 0))
        os.set_blocking(self.ours, False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.hang_up()

    def hang_up(self):
        for fd in (self.ours, self.theirs):
            with contextlib.suppress(OSError):
                os.close(fd)

    def modes(self):
        return termios.tcgetattr(self.theirs)

    def resize(self, columns, rows):
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds=0):
        """Reads what there is, waiting for it as long; whether there was any."""
        if not select.select([self.ours], [], [], seconds)[0]:
            return False
        with contextlib.suppress(BlockingIOError):
            self.output += os.read(self.ours, 1 << 16)
        return True

    def write(self, data, timeout=DEADLINE):
        """Types bytes, reading meanwhile, so that neither side waits for the other."""
        end = time.monotonic() + timeout
        while data:
            readable, writable, _ = select.select([self.ours], [self.ours], [], max(0, end - time.monotonic()))
            if not readable and not writable:
                raise AssertionError(f"{len(data)} bytes could not be typed")
            if readable:
                self.read()
            if writable:
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self.ours, data):]

    def wait_for(self, condition, timeout=DEADLINE, start=0):
        """Reads until some bytes have come, behind `start` of the output, or condition(output) holds; the output's size
        then."""
        end = time.monotonic() + timeout
        while True:
            found = self.output.find(condition, start) >= 0 if isinstance(condition, bytes) else condition(self.output)
            if found:
                return len(self.output)
            if not self.read(max(0, end - time.monotonic())) and time.monotonic() >= end:
                raise AssertionError(f"{condition!r} never came, only {bytes(self.output[-2000:])!r}")

    def read_for(self, seconds):
        """Reads all that comes in so many seconds, and returns it."""
        begin, end = len(self.output), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)
        return bytes(self.output[begin:])

    def signal(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def finish(self, timeout=DEADLINE):
        """Reads to the end of the command; its exit status, negative if a signal ended it."""
        end = time.monotonic() + timeout
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise AssertionError(f"it does not end; it said {bytes(self.output[-2000:])!r}")
            self.read(POLL)
        while self.read():
            pass
        return self.process.returncode
