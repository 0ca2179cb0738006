"""The REPL when it asks for a secret, and when its session is to end or to go on."""

import pathlib
import re
import resource
import signal
import sys
import termios
import types
import unittest

import authority
from peer import TEXT, connected, header, reject, scripted
from repl import BANNER, Remote, ReplCase, main
from support import BINARY, eventually, sanitized

ASKS = "Password for joe: "
INTERRUPTED = "error: /connect: interrupted"
JOE = "Basic am9lOnMzY3JldA=="
PASTE_ON, PASTE_OFF = b"\x1b[?2004h", b"\x1b[?2004l"  # bracketed


def polite(peer):
    """A script: accepts, and answers the Close. Returns the request."""
    request = peer.accept()
    peer.finish()
    return request


class Asking(ReplCase):
    """On a terminal, whose window changes and which Ctrl-Z leaves."""

    def asks(self, screen, times=1):
        """Until it does, and nothing of what is typed is shown."""
        screen.wait_for(lambda shown: sum(row.startswith(ASKS.rstrip()) for row in shown.lines()) == times)
        screen.wait_for(lambda shown: not shown.modes()[3] & termios.ECHO and shown.modes()[3] & termios.ICANON)

    def test_goes_on_in_another_window_at_the_start(self):
        with scripted(polite) as server, self.pty("-u", "joe", server.url, ready=ASKS) as terminal:
            eventually(lambda: not terminal.modes()[3] & termios.ECHO)
            terminal.write(b"s3c")
            terminal.resize(100, 30)
            terminal.read_for(0.2)
            terminal.write(b"ret\n")
            terminal.wait_for(BANNER.encode())
            terminal.write(b"/quit\r")
            self.assertEqual(terminal.finish(), 0)
            self.assertNotIn(b"s3c", terminal.output)
        self.assertEqual(header(server.result, "Authorization"), JOE)

    def test_goes_on_in_another_window_of_a_session(self):
        with self.connected() as (screen, _), scripted(polite) as server:
            self.enter(screen, f"/connect -u joe {server.url}")
            self.asks(screen)
            screen.type("s3c")
            screen.resize(100, 30)
            eventually(lambda: screen.told_size() == (100, 30))
            screen.type("ret")
            screen.keys("Enter")
            screen.wait_for("[2] " + BANNER)
            self.enter(screen, "/disconnect 2")
            screen.wait_for("[2] Disconnected")
        self.assertEqual(header(server.result, "Authorization"), JOE)

    def stop_and_go_on(self, screen, modes):
        screen.keys("C-z")
        screen.wait_for("Stopped")
        self.assertEqual(screen.modes(), modes)
        self.enter(screen, "fg")
        self.asks(screen, 2)
        screen.type("s3cret")
        screen.keys("Enter")

    def shell(self):
        return self.screen(command=("bash", "--norc", "--noediting", "-i"), ready="$", env={"PS1": "$ "})

    def test_is_left_with_ctrl_z_at_the_start(self):
        with scripted(polite) as server, self.shell() as screen:
            before = screen.modes()
            self.enter(screen, f"{BINARY} -u joe {server.url}")
            self.asks(screen)
            self.stop_and_go_on(screen, before)
            screen.wait_for(BANNER)
            self.enter(screen, "/quit")
            self.expect_end(screen, 'Disconnected (code: 1000, reason: "")', "$")
            self.assertEqual(screen.modes(), before)
        self.assertEqual(header(server.result, "Authorization"), JOE)

    def test_is_left_with_ctrl_z_in_a_session(self):
        with Remote() as remote, scripted(polite) as server, self.shell() as screen:
            before = screen.modes()
            self.enter(screen, f"{BINARY} {remote.url}")
            screen.wait_for(BANNER)
            self.enter(screen, f"/connect -u joe {server.url}")
            self.asks(screen)
            self.stop_and_go_on(screen, before)
            screen.wait_for("[2] " + BANNER)
            self.enter(screen, "/quit")
            self.expect_end(screen, "$")
        self.assertEqual(header(server.result, "Authorization"), JOE)

    def test_is_interrupted_with_ctrl_c(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/connect -u joe ws://127.0.0.1:1/")
            self.asks(screen)
            screen.keys("C-c")
            self.expect_end(screen, INTERRUPTED, ">")
            self.enter(screen, "still here")
            self.expect_texts(remote, "still here")

    def test_ends_with_the_session(self):
        for number, status in ((signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(number), Remote() as remote, self.pty(remote.url) as terminal:
                terminal.write(b"/connect -u joe ws://127.0.0.1:1/\r")
                terminal.wait_for(ASKS.encode())
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


class Ends(ReplCase):
    def test_of_a_server_upon_a_signal(self):
        with self.pty("listen", "0", ready="Listening on ") as terminal:
            terminal.signal(signal.SIGTERM)
            self.assertEqual(terminal.finish(), 0)

    def test_of_a_server_upon_another_signal(self):
        """The first one is waited for by a program that does not end."""
        pager = self.script("pager", 'trap "" TERM\necho paging; exec sleep 60\n')
        with self.pty("listen", "0", ready="press CTRL+C", env={"PAGER": pager}) as terminal:
            port = int(re.search(rb"ws://127\.0\.0\.1:(\d+)/", terminal.output)[1])
            with connected(types.SimpleNamespace(host="127.0.0.1", port=port)) as client:
                client.send(TEXT, b"a message")
                terminal.wait_for(b"< a message")
                terminal.write(b"/last\r")
                terminal.wait_for(b"paging")
                terminal.signal(signal.SIGTERM)
                client.finish()
                terminal.signal(signal.SIGTERM)
                self.assertEqual(terminal.finish(), 143)

    def test_only_behind_a_script(self):
        script = self.folder / "script"
        script.write_text("/close\n/wait 0.5\n/connect echo:\nhi\n")
        with self.connected() as (screen, _):
            self.enter(screen, f"/source {script}")
            screen.wait_for("< hi")
            self.enter(screen, "still here")
            screen.wait_for("< still here")

    def test_behind_a_script_that_goes_on_with_nothing(self):
        script = self.folder / "script"
        script.write_text("/close\n/wait 0.5\n/help quit\n")
        with self.connected() as (screen, _):
            self.enter(screen, f"/source {script}")
            self.assertEqual(screen.exit_status(), 0)
            self.assertTrue(any(line.startswith("/quit") for line in screen.lines()), screen.lines())

    def test_behind_a_wait_with_what_was_wrong(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/wait 1")
            remote.peer().close(4001, "mine")
            self.assertEqual(screen.exit_status(), 9)

    def test_without_what_is_typed_then(self):
        """The server that is to be left does not answer."""
        def deaf(peer):
            peer.accept()
            peer.read_frame()
            peer.socket.recv(1)
        with scripted(deaf) as server, self.pty(server.url) as terminal, Remote() as other:
            terminal.write(b"\x04")
            terminal.write(f"/connect {other.url}\r".encode())
            self.assertEqual(terminal.finish(), 0)
            self.assertEqual(other.peers, [])


    @unittest.skipIf(sanitized() or sys.platform != "linux", "needs all the memory there is, and prlimit()")
    def test_with_the_terminal_as_it_was_when_there_is_no_memory(self):
        large = self.folder / "large"
        with large.open("wb") as file:
            file.truncate(8 << 20)
        with Remote() as remote, self.pty(remote.url) as terminal:
            terminal.wait_for(PASTE_ON)
            self.assertNotEqual(terminal.modes(), terminal.before)
            pages = int(pathlib.Path(f"/proc/{terminal.process.pid}/statm").read_text().split()[0])
            most = pages * resource.getpagesize() + (1 << 20)
            resource.prlimit(terminal.process.pid, resource.RLIMIT_AS, (most, most))
            terminal.write(f"/file {large}\r".encode())
            self.assertEqual(terminal.finish(), 1)
            self.assertEqual(terminal.modes(), terminal.before)
            self.assertTrue(terminal.output.endswith(b"wscope: out of memory\r\n"), terminal.output[-100:])
            self.assertGreater(terminal.output.rfind(PASTE_OFF), terminal.output.rfind(PASTE_ON))


class Refusals(ReplCase):
    def test_show_the_beginning_of_their_body(self):
        refuse = reject("403 Forbidden", body=b"a line\n" * 5000)
        with scripted(refuse) as server, self.pty("-v", server.url, ready="a line") as terminal:
            self.assertEqual(terminal.finish(), 6)
            self.assertLess(terminal.output.count(b"a line"), 200)


if __name__ == "__main__":
    main()
