"""A line filter on a terminal, which wscope still is where what comes is counted or searched: lines are typed in the line
editor, whatever their length, and nothing the peer sends is obeyed by the terminal. repl_test.py has the rest."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import unittest

from peer import BINARY, TEXT, scripted
from support import DEADLINE, Case, Server, eventually, finish, start


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
            data += self.read(1, data)
        return data

    def read_text(self, end):
        """What was printed, without what moves the cursor, until it matched `end`."""
        data, text = b"", b""
        while not re.search(end, text, re.DOTALL):
            data += self.read(65536, text)
            text = re.sub(rb"\x1b\[[?\d;]*[A-Za-z]", b"", data)
        return text

    def look(self):
        """Reads what has come to the screen."""
        while select.select([self.ours], [], [], 0)[0]:
            os.read(self.ours, 65536)
        return True

    def unread(self):
        """How many bytes that were typed wait to be read, by somebody whose screen is looked at."""
        self.look()
        waiting = fcntl.ioctl(self.theirs, termios.FIONREAD, bytes(4))
        return int.from_bytes(waiting, sys.byteorder)

    def read(self, most, before):
        if not select.select([self.ours], [], [], DEADLINE)[0]:
            raise AssertionError(f"only {before!r}")
        return os.read(self.ours, most)

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
            for line in (b"hello", "grüß".encode(), b"/ping"):
                terminal.type(line + b"\r")
                terminal.read_text(line + b"\r+\n.*" + line + b"\r+\n")
            self.assertEqual(finish(process)[::2], (0, ""))

    def test_a_line_may_be_long_wherever_what_comes_goes(self):
        line = b"x" * 6000
        for arguments, elsewhere in ((("--json",), False), (("--one",), False), (("--one",), True), ((), True)):
            came = []

            def script(peer):
                peer.accept()
                came.append(peer.read_frame().payload)
                peer.finish()
            with self.subTest(arguments), scripted(script) as server:
                with Terminal() as terminal:
                    stdout = subprocess.DEVNULL if elsewhere else terminal.theirs
                    process = start(*arguments, server.url, stdin=terminal.theirs, stdout=stdout)
                    terminal.read_text(b"> ")
                    for begin in range(0, len(line), 500):
                        terminal.type(line[begin:begin + 500])
                        eventually(lambda: not terminal.unread())
                    terminal.type(b"\r")
                    eventually(lambda: terminal.look() and came)
                    self.assertEqual(came, [line])
                    process.terminate()
                    finish(process)

    def test_messages_go_to_a_stdout_elsewhere_and_the_rest_is_shown(self):
        with Server() as server, Terminal() as terminal:
            process = start("--no-history", server.url, stdin=terminal.theirs)
            terminal.read_text(b"Connected")
            terminal.type(b"hello\r")
            self.assertEqual(process.stdout.readline(), b"hello\n")
            terminal.type(b"/ping\r")
            terminal.read_text(b" ms")
            terminal.type(b"/help ping\r")
            shown = terminal.read_text(b"/ping")
            self.assertNotIn(b"< hello", shown)
            terminal.type(b"\x04")
            terminal.read_text(b"Disconnected .code: 1000")
            self.assertEqual(finish(process), (0, b"", ""))
            self.assertEqual(terminal.state(), terminal.before)

    def test_whoever_reads_stdout_elsewhere_may_go(self):
        with Server() as server, Terminal() as terminal:
            process = start("--no-history", server.url, stdin=terminal.theirs)
            terminal.read_text(b"Connected")
            process.stdout.close()
            self.assertEqual(process.wait(DEADLINE), 0)
            self.assertEqual(terminal.state(), terminal.before)
            process.stderr.close()

    def test_ctrl_d_is_the_end_of_the_input(self):
        with Server() as server, self.session(server.url, "--json", "--eof", "close") as (terminal, process):
            terminal.type(b"hello\r")
            terminal.read_text(b'"data":"hello"}\r+\n')
            terminal.type(b"\x04")
            terminal.read_text(b'"clean":true,"initiator":"local"}\r+\n')
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
        with scripted(script) as server, self.session("--no-stdin", server.url, "--count", "3") as (terminal, process):
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
        with scripted(script) as server, self.session("--no-stdin", server.url, "--one") as (terminal, process):
            first, second = terminal.read_until(b"\n"), terminal.read_until(b"\n")
            self.assertRegex(first, rb"^ *0000  30 31 32 .* 3f  \|0123456789:;<=>\?\|\r\n$")
            self.assertRegex(second, rb"^ *0010  40 41 1b +\|@A\.\|\r\n$")
            self.assertEqual(finish(process)[::2], (0, ""))

    def test_modes_and_flags_are_as_before_after_a_signal(self):
        with Server() as server:
            for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
                with self.subTest(number), self.session(server.url, "--count", "9") as (terminal, process):
                    terminal.type(b"hello\r")
                    terminal.read_text(b"hello\r+\n.*hello\r+\n")
                    self.assertNotEqual(terminal.state(), terminal.before)
                    process.send_signal(number)
                    self.assertEqual(finish(process)[::2], (status, ""))

    def test_a_terminal_that_hangs_up_ends_it(self):
        with Server() as server:
            terminal = Terminal()
            process = start(server.url, "--count", "9", stdin=terminal.theirs, stdout=terminal.theirs)
            terminal.type(b"hello\r")
            terminal.read_text(b"hello\r+\n.*hello\r+\n")
            os.close(terminal.theirs)
            os.close(terminal.ours)
            self.assertIn(process.wait(DEADLINE), (1, 11))
            finish(process)


if __name__ == "__main__":
    unittest.main()
