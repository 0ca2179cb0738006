"""One side of a conversation: what it was told, and the bytes it wants to send.

Ours is a process at the end of pipes.
"""

import struct
import subprocess


class Side:
    """What both sides have in common. Text messages are kept as str, binary ones as bytes."""

    def __init__(self, is_client):
        self.is_client = is_client
        self.output = bytearray()  # for the other side
        self.opened = False
        self.subprotocol = None
        self.compresses = False  # permessage-deflate was agreed on
        self.messages = []
        self.pings = []
        self.pongs = []
        self.close_received = None  # (code, reason)
        self.half_closed = False  # nothing more will be sent
        self._pieces = []

    def take(self, count):
        taken = bytes(self.output[:count])
        del self.output[:count]
        return taken

    def _add_piece(self, piece, is_text, finished):
        self._pieces.append(piece)
        if finished:
            message = b"".join(self._pieces)
            self.messages.append(message.decode() if is_text else message)
            self._pieces = []


class Pipes:
    """The process, which holds one conversation after another."""

    def __init__(self, path):
        self._process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, letter, rest=b""):
        """Gives a command; the records (letter, rest) that answer it."""
        self._process.stdin.write(letter + struct.pack("!I", len(rest)) + rest)
        self._process.stdin.flush()
        while True:
            letter, size = struct.unpack("!cI", self._process.stdout.read(5))
            if letter == b".":
                return
            yield letter, self._process.stdout.read(size)

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        return self._process.wait()


class Ours(Side):
    def __init__(self, is_client, pipes, settings):
        super().__init__(is_client)
        self._pipes = pipes
        self.extensions = ""
        self.ended = None  # (clean, the other side closed first)
        role = ("role", "client" if is_client else "server")
        self._ask(b"N", "\n".join(" ".join(pair) for pair in [role, *settings]).encode())

    def receive(self, data):
        self._ask(b"D", data)

    def receive_eof(self):
        self._ask(b"E")

    def send(self, opcode, data, finished, compress):
        self._ask(b"S", bytes([opcode, finished | compress << 1]) + data)

    def ping(self, payload):
        self._ask(b"I", payload)

    def pong(self, payload):
        self._ask(b"O", payload)

    def close(self, code, reason):
        self._ask(b"C", b"" if code is None else struct.pack("!H", code) + reason.encode())

    def _ask(self, letter, rest=b""):
        for letter, told in self._pipes.ask(letter, rest):
            self._hear(letter, told)

    def _hear(self, letter, told):
        if letter == b"W":
            self.output += told
        elif letter == b"U":
            self.opened = True
            self.subprotocol, self.extensions = told.decode().split("\n")
            self.compresses = self.extensions != ""
        elif letter == b"M":
            first, finished = told[1] & 1, told[1] & 2
            assert bool(first) == (not self._pieces), "a piece is out of order"
            self._add_piece(told[2:], told[0] == 1, finished)
        elif letter == b"I":
            self.pings.append(told)
        elif letter == b"O":
            self.pongs.append(told)
        elif letter == b"C":
            assert self.close_received is None, "a second Close"
            self.close_received = struct.unpack("!H", told[:2])[0], told[2:].decode()
        elif letter == b"H":
            self.half_closed = True
        elif letter == b"X":
            assert self.ended is None, "a second end"
            self.ended = bool(told[0] & 1), bool(told[0] & 2)
        else:
            raise AssertionError("ours failed: " + told.decode())
