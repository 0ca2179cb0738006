"""Passwords and passphrases that are asked for: on the terminal, which does not show them and is then as it was."""

import contextlib
import fcntl
import os
import signal
import socket
import tempfile
import termios
import unittest

import authority
from peer import header, scripted
from repl import BANNER, Remote, ReplCase
from screen import HAVE_TMUX
from secure import scripted_tls, server_context
from support import BINARY, DEADLINE, Case, eventually, finish, run, start
from terminal_test import Terminal

SECRET = b"s3cret \xc3\xa4"


def polite(peer):
    """A script: accepts, and answers the Close. Returns the request."""
    request = peer.accept()
    peer.finish()
    return request


def shows_input(terminal):
    return bool(terminal.state()[0][3] & termios.ECHO)


class Asking(Case):
    @contextlib.contextmanager
    def asked(self, prompt, *arguments):
        """A process whose terminal is this one, once it has asked."""
        with Terminal() as terminal:
            modes = termios.tcgetattr(terminal.theirs)
            modes[3] |= termios.ECHO
            termios.tcsetattr(terminal.theirs, termios.TCSANOW, modes)
            before = terminal.state()
            process = start(*arguments, pass_fds=[terminal.theirs], start_new_session=True,
                            preexec_fn=lambda: fcntl.ioctl(terminal.theirs, termios.TIOCSCTTY, 0))
            self.assertEqual(terminal.read_until(prompt), prompt)
            eventually(lambda: not shows_input(terminal))
            yield terminal, process
            process.wait(DEADLINE)
            self.assertEqual(terminal.state(), before)

    def rest(self, terminal):
        """What else is on the terminal."""
        os.set_blocking(terminal.ours, False)
        with contextlib.suppress(BlockingIOError):
            return os.read(terminal.ours, 1 << 16)
        return b""


class Passwords(Asking):
    def test_are_sent(self):
        with scripted(polite) as server:
            with self.asked(b"Password for user: ", "-u", "user", "--eof", "close", server.url) as (terminal, process):
                terminal.type(SECRET + b"\n")
                self.assertEqual(finish(process), (0, b"", ""))
                self.assertEqual(self.rest(terminal), b"\r\n")
        self.assertEqual(header(server.result, "Authorization"), "Basic dXNlcjpzM2NyZXQgw6Q=")

    def test_leave_stdin_alone(self):
        def script(peer):
            peer.accept()
            message = peer.read_message()
            peer.finish()
            return message
        with scripted(script) as server:
            with self.asked(b"Password for user: ", "-u", "user", "--eof", "close", server.url) as (terminal, process):
                terminal.type(SECRET + b"\n")
                self.assertEqual(finish(process, b"a line\n"), (0, b"", ""))
        self.assertEqual(server.result, (1, b"a line"))

    def test_of_a_user_that_is_nasty(self):
        with self.asked(b"Password for us\\u{202e}er: ", "-u", "us\u202eer", "ws://127.0.0.1:1/") as (_, process):
            process.send_signal(signal.SIGTERM)

    def test_are_not_asked_for_if_there_is_no_terminal(self):
        result = run("-u", "s3cret", "ws://127.0.0.1:1/", start_new_session=True)
        self.assertEqual(result, (2, b"", "wscope: --user: no terminal to ask for the password on\n"))

    def test_may_be_empty(self):
        with scripted(polite) as server:
            self.assertEqual(run("-u", "user:", "--eof", "close", server.url, start_new_session=True), (0, b"", ""))
        self.assertEqual(header(server.result, "Authorization"), "Basic dXNlcjo=")


class Passphrases(Asking):
    def arguments(self, *more):
        identity = authority.client()
        self.prompt = f"Passphrase for {identity.encrypted_key}: ".encode()
        return "--cert", identity.certificate, "--key", identity.encrypted_key, "--passphrase", *more

    def test_unlock_a_key(self):
        with scripted_tls(server_context(authority.good(), authority.root()), polite) as server:
            arguments = self.arguments("--cacert", authority.root().certificate, "--eof", "close", server.url)
            with self.asked(self.prompt, *arguments) as (terminal, process):
                terminal.type(authority.PASSPHRASE.encode() + b"\n")
                self.assertEqual(finish(process), (0, b"", ""))
                self.assertNotIn(b"s3cret", self.rest(terminal))
        self.assertIn("Upgrade: websocket", server.result)

    def test_that_are_wrong(self):
        arguments = self.arguments("wss://127.0.0.1:1/")
        with self.asked(self.prompt, *arguments) as (terminal, process):
            terminal.type(b"s3cret\n")
            self.assertEqual(finish(process), (
                2, b"", f"wscope: {authority.client().encrypted_key}: the passphrase is wrong\n"))

    def test_of_a_server(self):
        arguments = self.arguments("0")
        with self.asked(self.prompt, "echo", "--tls", *arguments) as (terminal, process):
            terminal.type(authority.PASSPHRASE.encode() + b"\n")
            self.assertRegex(process.stderr.readline(), b"^Listening on wss://")
            process.terminate()
            self.assertEqual(finish(process), (0, b"", ""))

    def test_are_not_asked_for_if_there_is_no_terminal(self):
        result = run(*self.arguments("wss://127.0.0.1:1/"), start_new_session=True)
        self.assertEqual(result, (2, b"", "wscope: --passphrase: no terminal to ask for it on\n"))


class Interrupted(Asking):
    COMMAND = "-u", "user", "ws://127.0.0.1:1/"
    PROMPT = b"Password for user: "

    def test_with_ctrl_c(self):
        with self.asked(self.PROMPT, *self.COMMAND) as (terminal, process):
            terminal.type(b"half a pass\x03")
            self.assertEqual(finish(process), (130, b"", ""))
            self.assertNotIn(b"half", self.rest(terminal))

    def test_with_signals(self):
        for number, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(number), self.asked(self.PROMPT, *self.COMMAND) as (_, process):
                process.send_signal(number)
                self.assertEqual(finish(process), (status, b"", ""))

    def test_in_a_script_with_ctrl_c(self):
        with tempfile.NamedTemporaryFile() as script, socket.create_server(("127.0.0.1", 0)) as nobody:
            script.write(b"/connect -u user ws://127.0.0.1:%d/\nhi\n" % nobody.getsockname()[1])
            script.flush()
            with self.asked(self.PROMPT, "--commands", script.name) as (terminal, process):
                terminal.type(b"\x03")
                self.assertEqual(finish(process), (130, b"", ""))
            nobody.setblocking(False)
            self.assertRaises(BlockingIOError, nobody.accept)

    def test_with_ctrl_d(self):
        """No password is none."""
        with self.asked(self.PROMPT, *self.COMMAND) as (terminal, process):
            terminal.type(b"\x04")
            result = finish(process)
            self.assertEqual((result.status, result.stdout), (2, b""))


@unittest.skipUnless(HAVE_TMUX, "tmux is not there")
class OfAPerson(ReplCase):
    """Who sees nothing of what is typed, may change the window, and leave with Ctrl-Z."""

    ASKS = "Password for user:"

    def asks(self, screen, times=1):
        screen.wait_for(lambda shown: sum(row.startswith(self.ASKS) for row in shown.lines()) == times)
        screen.wait_for(lambda shown: not shown.modes()[3] & termios.ECHO and shown.modes()[3] & termios.ICANON)

    def shell(self):
        return self.screen(command=("bash", "--norc", "--noediting", "-i"), ready="$", env={"PS1": "$ "})

    def stop_and_go_on(self, screen, modes):
        """In the shell, which has its modes back, and in another window."""
        screen.type("s3c")
        screen.resize(100, 30)
        eventually(lambda: screen.told_size() == (100, 30))
        screen.keys("C-z")
        screen.wait_for("Stopped")
        self.assertEqual(screen.modes(), modes)
        self.enter(screen, "fg")
        self.asks(screen, 2)
        screen.type("s3c")
        screen.resize(90, 30)
        eventually(lambda: screen.told_size() == (90, 30))
        screen.type("ret")
        screen.keys("Enter")

    def test_at_the_start(self):
        with scripted(polite) as server, self.shell() as screen:
            before = screen.modes()
            self.enter(screen, f"{BINARY} -u user {server.url}")
            self.asks(screen)
            self.stop_and_go_on(screen, before)
            screen.wait_for(BANNER)
            self.enter(screen, "/quit")
            self.expect_end(screen, 'Disconnected (code: 1000, reason: "")', "$")
            self.assertEqual(screen.modes(), before)
        self.assertEqual(header(server.result, "Authorization"), "Basic dXNlcjpzM2NyZXQ=")

    def test_in_a_session(self):
        with Remote() as remote, scripted(polite) as server, self.shell() as screen:
            before = screen.modes()
            self.enter(screen, f"{BINARY} {remote.url}")
            screen.wait_for(BANNER)
            self.enter(screen, f"/connect -u user {server.url}")
            self.asks(screen)
            self.stop_and_go_on(screen, before)
            screen.wait_for("[2] " + BANNER)
            self.enter(screen, "/quit")
            self.expect_end(screen, "$")
        self.assertEqual(header(server.result, "Authorization"), "Basic dXNlcjpzM2NyZXQ=")

    def test_is_interrupted_with_ctrl_c(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/connect -u user ws://127.0.0.1:1/")
            self.asks(screen)
            screen.keys("C-c")
            self.expect_end(screen, "error: /connect: interrupted", ">")
            self.enter(screen, "still here")
            self.expect_texts(remote, "still here")

    def test_ends_with_the_session(self):
        for number, status in ((signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(number), Remote() as remote, self.pty(remote.url) as terminal:
                terminal.write(b"/connect -u user ws://127.0.0.1:1/\r")
                terminal.wait_for(self.ASKS.encode())
                terminal.signal(number)
                self.assertEqual(terminal.finish(), status)
                self.assertEqual(remote.close_code(), 1001)
                self.assertEqual(terminal.modes(), terminal.before)

    def test_for_the_passphrase_of_a_server(self):
        identity = authority.client()
        with self.connected() as (screen, _):
            self.enter(screen, f"/listen 0 --tls --cert {identity.certificate} --key {identity.encrypted_key} "
                               "--passphrase")
            screen.wait_for("Passphrase for ")
            screen.wait_for(lambda shown: shown.modes()[3] & termios.ICANON)
            screen.type(authority.PASSPHRASE)
            screen.keys("Enter")
            screen.wait_for("Listening on wss://")


if __name__ == "__main__":
    unittest.main()
