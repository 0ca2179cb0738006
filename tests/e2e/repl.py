"""The REPL on a terminal, and the other end of its connections while a test goes on."""

import contextlib
import pathlib
import socket
import stat
import sys
import tempfile
import threading
import unittest

from peer import CLOSE, PING, PONG, TEXT, Peer, encode
from screen import HAVE_TMUX, Pty, Screen
from support import BINARY, DEADLINE, Case, eventually

BANNER = "Connected (press CTRL+C to quit)"
SKIPPED = 77


class Remote:
    """A server that answers Pings and Closes, keeps what comes, and sends when the test says so. `headers`: of its
    answers to upgrades."""

    def __init__(self, *headers):
        self.headers = headers
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}/"
        self.peers = []
        self.frames = []  # of all clients, but for what follows a frame that is none
        self.server = threading.Thread(target=self.serve, daemon=True)
        self.server.start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self.read, args=(self.listener.accept()[0],), daemon=True).start()

    def read(self, connection):
        peer = Peer(connection, client=False)
        with contextlib.suppress(OSError, EOFError), connection:
            peer.accept(*self.headers)
            connection.settimeout(None)  # a person may take their time
            self.peers.append(peer)
            while True:
                frame = peer.read_frame()
                if frame.opcode == PING:
                    peer.send(PONG, frame.payload)
                if frame.opcode == CLOSE:
                    peer.send(CLOSE, frame.payload)
                self.frames.append(frame)
                if frame.opcode == CLOSE:
                    connection.shutdown(socket.SHUT_WR)
                    return

    def peer(self, number=0):
        eventually(lambda: len(self.peers) > number)
        return self.peers[number]

    def send(self, *texts):
        """Text messages to its first client."""
        self.peer().write(b"".join(encode(TEXT, text.encode() if isinstance(text, str) else text) for text in texts))

    def texts(self):
        return [frame.payload.decode() for frame in list(self.frames) if frame.opcode == TEXT]

    def close_code(self):
        """Waits for a Close."""
        eventually(lambda: any(frame.opcode == CLOSE for frame in list(self.frames)))
        payload = next(frame.payload for frame in self.frames if frame.opcode == CLOSE)
        return int.from_bytes(payload[:2], "big")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # Whoever is in accept() would go on with whatever gets the descriptor next: another Remote.
        self.listener.shutdown(socket.SHUT_RD)
        self.server.join(DEADLINE)
        self.listener.close()
        for peer in self.peers:
            with contextlib.suppress(OSError):
                peer.socket.shutdown(socket.SHUT_RDWR)


class ReplCase(Case):
    """With a folder of its own, in which the history is kept, too."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="wscope-repl-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def environment(self, more=None):
        return {"XDG_STATE_HOME": str(self.folder / "state"), "VISUAL": "", "NO_COLOR": "", **(more or {})}

    @contextlib.contextmanager
    def screen(self, *arguments, env=None, ready=None, command=None, **options):
        """The REPL, once it is connected or shows `ready`."""
        with Screen(command=command or (BINARY, *arguments), env=self.environment(env), **options) as screen:
            screen.wait_for(ready or BANNER)
            yield screen

    @contextlib.contextmanager
    def pty(self, *arguments, env=None, ready=BANNER, **options):
        """The same with every byte that it prints, without colours."""
        with Pty([BINARY, *arguments], env=self.environment({"NO_COLOR": "1", **(env or {})}), **options) as terminal:
            terminal.wait_for(ready.encode())
            yield terminal

    @contextlib.contextmanager
    def connected(self, *arguments, headers=(), **options):
        """The REPL on a connection to a Remote."""
        with Remote(*headers) as remote, self.screen(*arguments, remote.url, **options) as screen:
            remote.peer()
            yield screen, remote

    def script(self, name, text):
        """An executable for sh in the folder."""
        path = self.folder / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    def expect(self, screen, *lines, lead=BANNER):
        """Waits until exactly these lines are on the screen, below the first one."""
        self.expect_all(screen, [lead, *lines] if lead else list(lines))

    def expect_all(self, screen, lines):
        with contextlib.suppress(AssertionError):
            screen.wait_for(lambda shown: shown.lines() == lines, DEADLINE / 3)
            return
        self.assertEqual("\n".join(screen.lines()), "\n".join(lines))

    def expect_end(self, screen, *lines):
        """The same of the last lines on the screen."""
        with contextlib.suppress(AssertionError):
            screen.wait_for(lambda shown: shown.lines()[-len(lines):] == list(lines), DEADLINE / 3)
            return
        self.assertEqual("\n".join(screen.lines()[-len(lines):]), "\n".join(lines))

    def expect_texts(self, remote, *texts):
        """Waits until exactly these messages have come to the server."""
        with contextlib.suppress(AssertionError):
            end = list(texts)
            eventually(lambda: len(remote.texts()) >= len(end), DEADLINE / 3)
        self.assertEqual(remote.texts(), list(texts))

    def enter(self, screen, *lines):
        """Types lines."""
        for line in lines:
            screen.type(line)
            screen.keys("Enter")


def main():
    if not HAVE_TMUX:
        print("tmux is not there")
        sys.exit(SKIPPED)
    unittest.main()
