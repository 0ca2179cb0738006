"""The REPL from the banner to the end: what wscat's users know, and a terminal that is as before."""

import contextlib
import fcntl
import os
import pathlib
import re
import resource
import signal
import socket
import sys
import threading
import unittest

from peer import BINARY as BINARY_FRAME
from peer import PING, TEXT, close_payload, scripted
from repl import BANNER, Remote, ReplCase, main
from screen import Pty
from support import BINARY, DEADLINE, eventually, sanitized


def status_of_crash(number, otherwise):
    """What a signal ends it with; AddressSanitizer has its own way with SIGSEGV."""
    return 1 if number == signal.SIGSEGV and sanitized() else otherwise


def children_of(process):
    return pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()


def binary_under(process):
    """The process of the binary below this one."""
    for child in children_of(process):
        if os.readlink(f"/proc/{child}/exe") == os.path.realpath(BINARY):
            return int(child)
        if found := binary_under(child):
            return found
    return None


def process_of(screen):
    pane = screen.run("display-message", "-p", "#{pane_pid}").stdout.decode().strip()
    return binary_under(pane)


class Habits(ReplCase):
    """What a user of wscat sees."""

    def test_a_session(self):
        block = (
            "Connected (press CTRL+C to quit)\n"
            "> hi\n"
            "< hi\n"
            "> /ping\n"
            "< pong 0.08 ms\n"
            "> /close 1000 done\n"
            'Disconnected (code: 1000, reason: "done")\n')
        with self.screen("echo:") as screen:
            answers = 0
            for line in block.splitlines():
                if not line.startswith("> "):
                    continue
                self.enter(screen, line[2:])
                answers += line != "> /close 1000 done"
                screen.wait_for(lambda shown, n=answers: sum(row.startswith("< ") for row in shown.lines()) == n)
            self.assertEqual(screen.exit_status(), 0)
            shown = "\n".join(screen.lines()[:-1]) + "\n"
            self.assertEqual(re.sub(r"[\d.]+ ms", "0.08 ms", shown), block)

    def test_banner_and_messages(self):
        with self.connected() as (screen, remote):
            self.expect(screen, ">")
            self.enter(screen, "hi")
            self.expect_texts(remote, "hi")
            remote.send("hello")
            self.expect(screen, "> hi", "< hello", ">")

    def test_disconnected(self):
        with self.connected() as (screen, remote):
            remote.peer().close(1000, "done")
            self.assertEqual(screen.exit_status(), 0)
            self.expect(screen, 'Disconnected (code: 1000, reason: "done")', "[exit 0]")

    def test_c_and_l(self):
        with Remote() as remote, self.screen("-c", remote.url) as screen:
            self.expect(screen, ">")
        with self.screen("-l", "0", ready="Listening on ws://127.0.0.1:") as screen:
            self.assertRegex(screen.lines()[0], r"^Listening on ws://127\.0\.0\.1:\d+/ \(press CTRL\+C to quit\)$")
            self.expect_end(screen, "(no clients) >")

    def test_show_ping_pong(self):
        with self.connected("-P") as (screen, remote):
            remote.peer().send(PING, b"are you there")
            self.expect(screen, '< ping "are you there"', ">")

    def test_without_it_they_are_silent(self):
        with self.connected() as (screen, remote):
            remote.peer().send(PING, b"are you there")
            remote.send("done")
            self.expect(screen, "< done", ">")

    def test_execute_and_wait(self):
        def answer(peer):
            peer.accept()
            heard = peer.read_frame().payload
            peer.send(TEXT, b"answer")
            return heard, peer.finish()
        with scripted(answer) as server, self.screen("-x", "first", "-w", "0.5", server.url, ready="answer") as screen:
            self.assertEqual(screen.exit_status(), 0)
            self.assertEqual(screen.lines()[:1], ["answer"])  # as in a pipe
        self.assertEqual(server.result, (b"first", close_payload(1000)))

    def test_execute_and_stay(self):
        with self.connected("-x", "first", "--stdin") as (screen, remote):
            self.expect_texts(remote, "first")
            self.expect(screen, "> first", ">")
            self.enter(screen, "second")
            self.expect_texts(remote, "first", "second")

    def test_binary_lines(self):
        with self.connected("--binary") as (screen, remote):
            self.enter(screen, "hi")
            eventually(lambda: [(frame.opcode, frame.payload) for frame in remote.frames] == [(BINARY_FRAME, b"hi")])

    def test_slash(self):
        with self.connected("--slash") as (screen, remote):
            self.enter(screen, "/ping x")
            screen.wait_for('< pong "x" ')
            self.assertEqual([frame.opcode for frame in remote.frames], [PING])

    def test_unconnected(self):
        with self.screen(ready="/connect URL or /listen PORT") as screen:
            self.enter(screen, "hi")
            self.expect_end(screen, "(not connected) > hi", "error: not connected", "hint: /connect URL", "(not connected) >")
            self.enter(screen, "/quit")
            self.assertEqual(screen.exit_status(), 0)

    def test_no_connection(self):
        with self.screen("ws://127.0.0.1:1/", ready="[exit 4]") as screen:
            self.assertEqual(screen.exit_status(), 4)
            self.assertIn("wscope: ", screen.lines()[0])

    def test_another_code_is_told(self):
        with self.connected() as (screen, remote):
            remote.peer().close(4001, "mine")
            self.assertEqual(screen.exit_status(), 9)
            self.assertEqual(screen.lines()[1:3], ['< close 4001 (private use) "mine"',
                                                   'Disconnected (code: 4001, reason: "mine")'])


class Stay(ReplCase):
    """The session ends with the first connection, unless the person has closed that."""

    def test_after_its_connection_was_closed(self):
        with self.connected() as (screen, _):
            self.enter(screen, "/disconnect")
            screen.wait_for("Disconnected (code: 1000")
            self.enter(screen, "/connections")
            self.expect_end(screen, "(not connected) > /connections", "not connected", "(not connected) >")

    def test_not_after_another_one_was_closed(self):
        with self.connected() as (screen, remote), Remote() as other:
            self.enter(screen, "/disconnect 7", "/disconnect :1", "/connect " + other.url)
            screen.wait_for("[2] Connected")
            self.enter(screen, "/disconnect 2")
            screen.wait_for("[2] Disconnected")
            remote.peer().close(1000)
            self.assertEqual(screen.exit_status(), 0)


class End(ReplCase):
    """However it ends, the terminal is as it was."""

    def check(self, end, status, begun=lambda screen: None):
        with self.connected() as (screen, remote):
            self.assertNotEqual(screen.modes()[3], 0)
            screen.type("half a li")
            screen.wait_for("> half a li")
            begun(screen)
            end(screen, remote)
            self.assertEqual(screen.exit_status(), status)
            self.assertEqual(screen.modes_after(), screen.modes_before())
            return screen.lines(), remote

    def test_quit(self):
        def end(screen, remote):
            screen.keys("C-u")
            self.enter(screen, "/quit")
            self.assertEqual(remote.close_code(), 1000)
        self.check(end, 0)

    def test_ctrl_c_clears_and_then_quits(self):
        def end(screen, remote):
            screen.keys("C-c")
            self.expect(screen, "> half a li^C", ">")
            screen.keys("C-c")
            self.assertEqual(remote.close_code(), 1000)
        lines, _ = self.check(end, 0)
        self.assertEqual(lines[3:], ['Disconnected (code: 1000, reason: "")', "[exit 0]"])

    def test_ctrl_d_on_an_empty_line(self):
        def end(screen, remote):
            screen.keys("C-d", "C-u", "C-d")
            self.assertEqual(remote.close_code(), 1000)
        self.check(end, 0)

    def test_server(self):
        lines, _ = self.check(lambda _, remote: remote.peer().close(1000), 0)
        self.assertIn("> half a li", lines)

    def test_connection_lost(self):
        self.check(lambda _, remote: remote.peer().socket.shutdown(socket.SHUT_RDWR), 8)

    def test_signals(self):
        for number, status in ((signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(number):
                def end(screen, remote, number=number):
                    os.kill(process_of(screen), number)
                    self.assertEqual(remote.close_code(), 1001)
                self.check(end, status)

    def test_crashes(self):
        for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGQUIT):
            with self.subTest(number):
                lines, _ = self.check(lambda screen, _, number=number: os.kill(process_of(screen), number),
                                      status_of_crash(number, 128 + number))
                if not sanitized():  # which prints more than a screenful
                    self.assertIn("> half a li", lines)

    def test_bytes_and_flags(self):
        """Bracketed paste is off at the end, and what the shell shares is as before."""
        for name, end, status in (("quit", b"\x15/quit\r", 0), ("ctrl-c", b"\x03", 0),
                                  ("TERM", signal.SIGTERM, 143), ("HUP", signal.SIGHUP, 129),
                                  ("SEGV", signal.SIGSEGV, status_of_crash(signal.SIGSEGV, -signal.SIGSEGV)),
                                  ("ABRT", signal.SIGABRT, -signal.SIGABRT)):
            with self.subTest(name), Remote() as remote, self.pty(remote.url) as terminal:
                flags = fcntl.fcntl(terminal.theirs, fcntl.F_GETFL)
                self.assertFalse(flags & os.O_NONBLOCK)
                self.assertNotEqual(terminal.modes(), terminal.before)
                terminal.write(b"half")
                terminal.wait_for(b"half")
                if name == "ctrl-c":
                    terminal.write(end)
                    terminal.wait_for(b"half^C")
                if isinstance(end, bytes):
                    terminal.write(end)
                else:
                    terminal.signal(end)
                self.assertEqual(terminal.finish(), status)
                self.assertEqual(terminal.modes(), terminal.before)
                self.assertEqual(fcntl.fcntl(terminal.theirs, fcntl.F_GETFL), flags)
                self.assertGreater(terminal.output.rfind(b"\x1b[?2004l"), terminal.output.rfind(b"\x1b[?2004h"))

    def test_terminal_that_hangs_up(self):
        with Remote() as remote, self.pty(remote.url) as terminal:
            terminal.hang_up()
            self.assertEqual(terminal.process.wait(DEADLINE), 129)
            self.assertEqual(remote.close_code(), 1001)

    @unittest.skipIf(sanitized() or sys.platform != "linux", "needs all the memory there is, and prlimit()")
    def test_out_of_memory(self):
        large = self.folder / "large"
        with large.open("wb") as file:
            file.truncate(8 << 20)
        with Remote() as remote, self.pty(remote.url) as terminal:
            terminal.wait_for(b"\x1b[?2004h")
            pages = int(pathlib.Path(f"/proc/{terminal.process.pid}/statm").read_text().split()[0])
            most = pages * resource.getpagesize() + (1 << 20)
            resource.prlimit(terminal.process.pid, resource.RLIMIT_AS, (most, most))
            terminal.write(f"/file {large}\r".encode())
            self.assertEqual(terminal.finish(), 1)
            self.assertEqual(terminal.modes(), terminal.before)
            self.assertTrue(terminal.output.endswith(b"wscope: out of memory\r\n"), terminal.output[-100:])
            self.assertGreater(terminal.output.rfind(b"\x1b[?2004l"), terminal.output.rfind(b"\x1b[?2004h"))

    def test_killed_while_stopped(self):
        with Remote() as remote, self.screen(command=("bash", "--norc", "--noediting", "-i"), ready="$",
                                             env={"PS1": "$ "}) as screen:
            self.enter(screen, f"{BINARY} {remote.url}")
            screen.wait_for(BANNER)
            screen.keys("C-z")
            screen.wait_for("Stopped")
            self.enter(screen, "kill %1")
            self.assertEqual(remote.close_code(), 1001)
            self.wait_for_job(screen, "Exit 143")

    def test_ctrl_z(self):
        with Remote() as remote, self.screen(command=("bash", "--norc", "--noediting", "-i"), ready="$",
                                             env={"PS1": "$ "}) as screen:
            before = screen.modes()
            self.enter(screen, f"{BINARY} {remote.url}")
            screen.wait_for(BANNER)
            screen.type("half")
            screen.wait_for("> half")
            screen.keys("C-z")
            screen.wait_for("Stopped")
            self.assertEqual(screen.modes(), before)
            remote.send("meanwhile")
            self.enter(screen, "echo from the shell")
            self.expect_end(screen, "$ echo from the shell", "from the shell", "$")
            self.enter(screen, "fg")
            screen.wait_for("< meanwhile")
            screen.type(" a line")
            self.expect_end(screen, "< meanwhile", "> half a line")
            screen.keys("Enter")
            self.expect_texts(remote, "half a line")
            self.enter(screen, "/quit")
            self.expect_end(screen, "> /quit", 'Disconnected (code: 1000, reason: "")', "$")
            self.assertEqual(screen.modes(), before)

    def wait_for_stop(self, screen):
        return self.wait_for_job(screen, "Stopped")

    def wait_for_job(self, screen, state):
        """Until the shell knows that a job in the background is in this state, as it says when it asks for a line."""
        for _ in range(DEADLINE):
            with contextlib.suppress(AssertionError):
                return screen.wait_for(state, 1)
            screen.keys("Enter")
        self.fail("it does not stop")

    def test_from_the_background(self):
        """The modes to be put back are not those that the shell edits its own line with."""
        with self.screen(command=("bash", "--norc", "-i"), ready="$", env={"PS1": "$ "}) as screen:
            self.enter(screen, f"sh -c '{BINARY} listen 0; stty -a > {self.folder}/modes' &")
            self.wait_for_stop(screen)
            self.enter(screen, "fg")
            screen.wait_for("Listening on")
            self.enter(screen, "/quit")
            eventually(lambda: (self.folder / "modes").exists() and (self.folder / "modes").stat().st_size)
            modes = (self.folder / "modes").read_text().split()
            for mode in ("icanon", "echo", "icrnl"):
                self.assertIn(mode, modes)


# What is shorter than the screen is shown without a pager.
LONG = "first\n" + "x" * 5000


class Programs(ReplCase):
    """What ends while a pager or an editor has the terminal waits for it."""

    ASK = 'printf "asked: "; read answer\n'

    def test_the_connection_ends_under_a_pager(self):
        with self.connected(env={"PAGER": self.script("pager", self.ASK)}) as (screen, remote):
            remote.send(LONG)
            screen.wait_for("< first")
            self.enter(screen, "/last")
            screen.wait_for("asked:")
            remote.send("meanwhile")
            remote.peer().close(1000, "done")
            screen.wait_still(0.5)
            self.enter(screen, "typed there")
            self.assertEqual(screen.exit_status(), 0)
            self.assertEqual(screen.lines()[-4:], ["asked: typed there", "< meanwhile",
                                                   'Disconnected (code: 1000, reason: "done")', "[exit 0]"])
            self.assertEqual(screen.modes_after(), screen.modes_before())

    def test_nothing_is_left_of_what_a_pager_has_shown(self):
        folder = self.folder / "temporary"
        folder.mkdir()
        pager = self.script("pager", f'ls {folder} > {self.folder}/during\n')
        with self.connected(env={"PAGER": pager, "TMPDIR": str(folder)}) as (screen, remote):
            remote.send(LONG)
            screen.wait_for("< first")
            self.enter(screen, "/last", "behind it")
            self.expect_texts(remote, "behind it")
            self.assertRegex((self.folder / "during").read_text(), "^wscope-")
            self.assertEqual(list(folder.iterdir()), [])

    def test_the_connection_ends_under_an_editor(self):
        editor = self.script("editor", self.ASK + 'printf "%s" "$answer" > "$1"\n')
        with self.connected(env={"EDITOR": editor}) as (screen, remote):
            self.enter(screen, "/edit")
            screen.wait_for("asked:")
            remote.peer().close(1011)
            screen.wait_still(0.5)
            self.enter(screen, "the draft")
            self.assertEqual(screen.exit_status(), 9)
            self.assertIn("> the draft", screen.lines())
            self.assertIn('Disconnected (code: 1011, reason: "")', screen.lines())
        self.assertIn("the draft", next((self.folder / "state").rglob("history")).read_text())

    def test_signals_end_the_program_too(self):
        pager = self.script("pager", f'trap "touch {self.folder}/ended; stty sane; exit" TERM HUP\n'
                                     'stty -echo; echo paging; while :; do sleep 0.05; done\n')
        for number, status in ((signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(number), self.connected(env={"PAGER": pager}) as (screen, remote):
                remote.send(LONG)
                screen.wait_for("< first")
                self.enter(screen, "/last")
                screen.wait_for("paging")
                os.kill(process_of(screen), number)
                self.assertEqual(screen.exit_status(), status)
                self.assertTrue((self.folder / "ended").exists())
                self.assertEqual(remote.close_code(), 1001)
                (self.folder / "ended").unlink()

    def test_that_do_not_end_are_left_at_the_second_signal(self):
        pager = self.script("pager", 'trap "" TERM\necho $$ paging; exec sleep 60\n')
        with self.connected(env={"PAGER": pager}) as (screen, remote):
            remote.send(LONG)
            screen.wait_for("< first")
            self.enter(screen, "/last")
            screen.wait_for("paging")
            left = next(line for line in screen.lines() if "paging" in line).split()[0]
            process = process_of(screen)
            os.kill(process, signal.SIGTERM)
            self.assertEqual(remote.close_code(), 1001)
            screen.wait_still(0.5)
            os.kill(process, signal.SIGTERM)
            self.assertEqual(screen.exit_status(), 143)
            os.kill(int(left), signal.SIGKILL)

    def test_one_after_the_other(self):
        pager = self.script("pager", f'exec >> {self.folder}/paged; echo begins; sleep 0.3; cat "$1"; echo ends\n')
        script = self.folder / "script"
        script.write_text("/last\nbetween\n/last\n")
        with self.connected(env={"PAGER": pager}) as (screen, remote):
            remote.send(LONG)
            screen.wait_for("< first")
            self.enter(screen, f"/source {script}")
            eventually(lambda: (self.folder / "paged").exists())
            self.assertEqual(remote.texts(), [])
            self.expect_texts(remote, "between")
            eventually(lambda: (self.folder / "paged").read_text() == f"begins\n{LONG}\nends\n" * 2)
            self.expect_end(screen, "> between", ">")


class Terminals(ReplCase):
    def test_dumb(self):
        with Remote() as remote, self.pty(remote.url, terminal="dumb") as terminal:
            terminal.write(b"hello\x1b[D\x7fL")
            terminal.wait_for(b"L")
            remote.send("while\x1btyping")
            terminal.wait_for(b"while\\x1btyping")
            terminal.write(b"\r")
            eventually(lambda: remote.texts() == ["helLo"])
            terminal.write(b"/pi\t\r")
            terminal.wait_for(b"< pong ")
            terminal.write(b"\x04")
            self.assertEqual(terminal.finish(), 0)
            self.assertNotIn(b"\x1b", terminal.output)
            self.assertEqual(terminal.modes(), terminal.before)

    def test_dumb_shows(self):
        with self.connected(terminal="dumb") as (screen, remote):
            screen.type("hello")
            self.expect_end(screen, "> hello")
            remote.send("one", "two")
            self.expect(screen, "< one", "< two", "> hello")
            screen.keys("Enter")
            self.expect_texts(remote, "hello")

    def test_other_terminals(self):
        for name in ("vt100", "linux", "screen", "xterm-256color", "unknown-terminal"):
            with self.subTest(name), Remote() as remote, self.pty(remote.url, terminal=name) as terminal:
                terminal.write("grüß\r".encode())
                eventually(lambda: remote.texts() == ["grüß"])
                terminal.write(b"\x04")
                self.assertEqual(terminal.finish(), 0)

    def test_20_columns(self):
        with Remote() as remote, self.screen(remote.url, columns=20, rows=10, ready="to quit)") as screen:
            text = "A line of more than twenty columns."
            screen.type(text)
            rows = [("> " + text)[at:at + 20].rstrip() for at in range(0, len(text) + 2, 20)]
            self.expect_end(screen, *rows)
            remote.send("an answer that is longer than that")
            self.expect_end(screen, "< an answer that is", "longer than that", *rows)
            screen.keys("Enter")
            self.expect_texts(remote, text)
            self.enter(screen, "/close 1000 x")
            self.assertEqual(screen.exit_status(), 0)

    def test_that_is_not_read(self):
        """A terminal that is stopped keeps neither Pings nor the end waiting."""
        with Remote() as remote, self.pty(remote.url) as terminal:
            done = threading.Thread(target=remote.send, args=["x" * 50] * 20000, daemon=True)
            done.start()
            threading.Event().wait(0.5)
            remote_pings = len(remote.frames)
            terminal.signal(signal.SIGTERM)
            self.assertEqual(terminal.process.wait(DEADLINE), 143)
            self.assertEqual(terminal.modes(), terminal.before)
            self.assertEqual(remote_pings, 0)

    def test_pipes_have_no_prompt(self):
        with Remote() as remote:
            terminal = Pty(["sh", "-c", '"$@" < /dev/null', "sh", BINARY, "--eof", "close", remote.url],
                           env=self.environment())
            with terminal:
                self.assertEqual(terminal.finish(), 0)
                self.assertEqual(bytes(terminal.output), b"")


if __name__ == "__main__":
    main()
