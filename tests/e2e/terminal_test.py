"""A line filter on a terminal, which wscope still is where what comes is counted or searched: nothing the peer sends is
obeyed by the terminal. repl_test.py has the rest."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import termios
import unittest

from peer import BINARY, TEXT, scripted
from support import DEADLINE, Case, Server, finish, start


class Terminal:
    """A pseudo terminal without echo of its own, so that all that is read from it was printed."""

    def __init__(self):
        self.ours, self.theirs = pty.openpty()
        modes = termios.tcgetattr(self.theirs)
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(self.theirs, termios.TCSANOW, modes)
        self.before = self.state()

    def state(self):
        return termios.tcgetattr(self.theirs), fcntl.fcntl(self.theirs, fcntl.F_GETFL)

    def type(self, data):
        os.write(self.ours, data)

    def read_until(self, end):
        """What was printed, up to and with `end`; line feeds come as CRLF."""
        data = b""
        while not data.endswith(end):
            if not select.select([self.ours], [], [], DEADLINE)[0]:
                raise AssertionError(f"only {data!r}")
            data += os.read(self.ours, 1)
        return data

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.ours)
        os.close(self.theirs)


class OnATerminal(Case):
    @contextlib.contextmanager
    def session(self, url, *arguments):
        with Terminal() as terminal:
            process = start(url, *arguments, stdin=terminal.theirs, stdout=terminal.theirs)
            yield terminal, process
            finish(process)
            self.assertEqual(terminal.state(), terminal.before)

    def test_lines_go_there_and_back(self):
        with Server() as server, self.session(server.url, "--count", "3") as (terminal, process):
            for line in (b"hello", "grüß".encode(), b""):
                terminal.type(line + b"\n")
                self.assertEqual(terminal.read_until(b"\n"), line + b"\r\n")
            self.assertEqual(finish(process)[::2], (0, ""))

    def test_a_line_that_ctrl_d_ends_is_one(self):
        with Server() as server, self.session(server.url, "--one") as (terminal, process):
            terminal.type(b"no line feed\x04\x04")
            self.assertEqual(terminal.read_until(b"\n"), b"no line feed\r\n")
            self.assertEqual(finish(process)[::2], (0, ""))

    def test_text_is_escaped(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"\x1b[31mred\x07\x7f\tand\ntwo lines")
            peer.send(TEXT, "\u202eright to left\u009b ä€😀".encode())
            euro = "€".encode()
            peer.send(TEXT, euro[:1], fin=False)
            peer.send(0, euro[1:] + b"\x1b", fin=False)
            peer.send(0, b"c")
            peer.finish()
        with scripted(script) as server, self.session(server.url, "--count", "3") as (terminal, process):
            self.assertEqual(terminal.read_until(b"\\x1bc\r\n").decode(),
                             "\\x1b[31mred\\x07\\x7f\tand\r\ntwo lines\r\n"
                             "\\u{202e}right to left\\x9b ä€😀\r\n"
                             "€\\x1bc\r\n")
            self.assertEqual(finish(process)[::2], (0, ""))

    def test_bytes_are_a_hex_dump(self):
        def script(peer):
            peer.accept()
            peer.send(BINARY, bytes(range(0x30, 0x42)) + b"\x1b")
            peer.finish()
        with scripted(script) as server, self.session(server.url, "--one") as (terminal, process):
            first, second = terminal.read_until(b"\n"), terminal.read_until(b"\n")
            self.assertRegex(first, rb"^ *0000  30 31 32 .* 3f  \|0123456789:;<=>\?\|\r\n$")
            self.assertRegex(second, rb"^ *0010  40 41 1b +\|@A\.\|\r\n$")
            self.assertEqual(finish(process)[::2], (0, ""))

    def test_modes_and_flags_are_as_before_after_a_signal(self):
        with Server() as server:
            for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
                with self.subTest(number), self.session(server.url, "--count", "9") as (terminal, process):
                    terminal.type(b"hello\n")
                    terminal.read_until(b"hello\r\n")
                    self.assertEqual(terminal.state(), terminal.before)
                    process.send_signal(number)
                    self.assertEqual(finish(process)[::2], (status, ""))

    def test_a_terminal_that_hangs_up_ends_it(self):
        with Server() as server:
            terminal = Terminal()
            process = start(server.url, "--count", "9", stdin=terminal.theirs, stdout=terminal.theirs)
            terminal.type(b"hello\n")
            terminal.read_until(b"hello\r\n")
            os.close(terminal.theirs)
            os.close(terminal.ours)
            self.assertIn(process.wait(DEADLINE), (1, 11))
            finish(process)


if __name__ == "__main__":
    unittest.main()
