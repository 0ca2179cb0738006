"""Messages of a gigabyte, either way and of either type, in constant memory."""

import functools
import itertools
import signal
import unittest
import zlib

from peer import BINARY, CONTINUATION, TEXT, connected, encode, frame_head, scripted
from support import DEADLINE, Case, Server, feed, finish, read_exactly, sanitized, start

COUNT = 32 if sanitized() else 1024  # of the blocks that a message consists of


def payload_reader(peer, opcode):
    """A function that reads so many bytes of the message that comes, however its frames are cut."""
    pending = bytearray()
    opcodes = itertools.chain([opcode], itertools.repeat(CONTINUATION))

    def read(size):
        while len(pending) < size:
            frame = peer.read_frame()
            if frame.opcode != next(opcodes):
                raise AssertionError(f"not the message: {frame}")
            pending.extend(frame.payload)
        data = bytes(pending[:size])
        del pending[:size]
        return data
    return read


class Gigabyte:
    """What both types have in common."""

    opcode: int
    block: bytes  # without a line end
    options: list
    line_end: bytes

    def setUp(self):
        super().setUp()
        signal.alarm(3 * DEADLINE)

    def check_blocks(self, read):
        for _ in range(COUNT):
            self.assert_bytes(read(len(self.block)), self.block)

    def check_stdout(self, client):
        self.check_blocks(functools.partial(read_exactly, client.stdout))
        self.assert_small(client)

    def frame(self, masked):
        return [frame_head(self.opcode, COUNT * len(self.block), masked=masked), *[self.block] * COUNT]

    def test_from_stdin_to_the_echo_and_back_to_stdout(self):
        with Server() as server:
            client = start("--no-compress", *self.options, server.url)
            feed(client.stdin, *[self.block] * COUNT, b"\n")
            self.check_stdout(client)
            self.assert_small(server.process)
            self.assertEqual(finish(client), (0, self.line_end, ""))

    def test_in_one_frame_to_a_client(self):
        def script(peer):
            peer.accept()
            for piece in self.frame(masked=False):
                peer.write(piece)
            return peer.finish()
        with scripted(script) as server:
            client = start("--eof", "close", server.url)
            self.check_stdout(client)
            self.assertEqual(finish(client), (0, self.line_end, ""))

    def test_in_one_frame_to_the_echo_and_back(self):
        with Server() as server, connected(server) as client:
            client.write_meanwhile(*self.frame(masked=True))
            self.check_blocks(payload_reader(client, self.opcode))
            self.assert_small(server.process)

    def test_that_is_a_few_megabytes_on_the_wire(self):
        compressor = zlib.compressobj(wbits=-15)
        deflated = compressor.compress(self.block) + compressor.flush(zlib.Z_FULL_FLUSH)

        def script(peer):
            peer.accept("Sec-WebSocket-Extensions: permessage-deflate")
            peer.write(encode(self.opcode, (deflated * COUNT)[:-4], rsv=4))
            return peer.finish()
        with scripted(script) as server:
            client = start("--eof", "close", server.url)
            self.check_stdout(client)
            self.assertEqual(finish(client), (0, self.line_end, ""))


class OfText(Gigabyte, Case):
    opcode = TEXT
    block = "Größe zählt, 大きさも, 😀. ".encode() * 29_200
    options = []
    line_end = b"\n"


class OfBytes(Gigabyte, Case):
    opcode = BINARY
    block = bytes(range(11, 256)) * 4_300
    options = ["--binary"]
    line_end = b""


if __name__ == "__main__":
    unittest.main()
