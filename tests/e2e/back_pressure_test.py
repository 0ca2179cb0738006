"""A slow stdin, stdout or peer beside fast ones: the fast ones wait, nothing is lost, memory stays small, and waiting
costs nothing."""

import signal
import threading
import unittest
import zlib

from peer import CLOSE, CONTINUATION, TEXT, encode, scripted
from support import DEADLINE, Case, Server, eventually, feed, finish, is_stopped, read_exactly, start

# More than all buffers of the system together.
LINES = [b"%07d " % i * 100 for i in range(50_000)]
TEXT_OF_LINES = b"\n".join(LINES) + b"\n"
LONG_LINE = b" ".join(LINES) + b"\n"
FRAMES = b"".join(encode(TEXT, line) for line in LINES)
LONG_FRAME = encode(TEXT, LONG_LINE[:-1])


def read_lines(peer):
    """The messages up to the Close, which is answered, as lines."""
    lines = []
    while (message := peer.read_message())[0] != CLOSE:
        lines.append(message[1] + b"\n")
    peer.send(CLOSE, message[1])
    return b"".join(lines)


class SlowPeer(Case):
    def check_stops_stdin(self, stdin, held_back):
        """`held_back` waits for an event, accepts and reads."""
        go = threading.Event()

        def script(peer):
            held_back(peer, go)
            return read_lines(peer)
        with scripted(script) as server:
            client = start("--no-compress", "--eof", "close", server.url)
            feed(client.stdin, stdin)
            self.assert_waits(client)
            self.assert_small(client)
            go.set()
            self.assertEqual(finish(client), (0, b"", ""))
        self.assert_bytes(server.result, stdin)

    def test_that_does_not_read_stops_stdin(self):
        def held_back(peer, go):
            peer.accept()
            go.wait(DEADLINE)
        for name, stdin in (("lines", TEXT_OF_LINES), ("one line", LONG_LINE)):
            with self.subTest(name):
                self.check_stops_stdin(stdin, held_back)

    def test_that_does_not_accept_stops_stdin(self):
        def held_back(peer, go):
            go.wait(DEADLINE)
            peer.accept()
        self.check_stops_stdin(TEXT_OF_LINES, held_back)

    def test_that_sends_in_pieces_is_printed_in_pieces(self):
        pieces = [encode(TEXT, b"hello")[:1], encode(TEXT, b"hello")[1:4], b"llo", encode(TEXT, b"wor", fin=False),
                  encode(CONTINUATION, b"ld")[:3], b"d"]
        printed = [b"", b"he", b"llo\n", b"wor", b"l", b"d\n"]
        turns = [threading.Event() for _ in pieces]

        def script(peer):
            peer.accept()
            for turn, piece in zip(turns, pieces):
                turn.wait(DEADLINE)
                peer.write(piece)
            return peer.finish()
        with scripted(script) as server:
            client = start("-w", "1", server.url)
            for turn, piece in zip(turns, printed):
                turn.set()
                self.assertEqual(read_exactly(client.stdout, len(piece)), piece)
                self.assert_waits(client)
            self.assertEqual(finish(client), (0, b"", ""))

    def test_that_only_reads_once_it_has_said_everything_does_not_stop_both(self):
        def script(peer):
            peer.accept()
            peer.write(FRAMES)
            return read_lines(peer)
        with scripted(script) as server:
            client = start("--eof", "close", server.url)
            result = finish(client, TEXT_OF_LINES)
        self.assert_bytes(result.stdout, TEXT_OF_LINES)
        self.assert_bytes(server.result, TEXT_OF_LINES)
        self.assertEqual((result.status, result.stderr), (0, ""))


class SlowStdin(Case):
    def test_sends_each_line_once_it_is_there(self):
        with Server() as server:
            client = start(server.url)
            for line in (b"first\n", "z wölf\n".encode(), b"\n"):
                for byte in line[:-1]:
                    client.stdin.write(bytes([byte]))
                    client.stdin.flush()
                self.assert_waits(client, server.process)
                client.stdin.write(line[-1:])
                client.stdin.flush()
                self.assertEqual(read_exactly(client.stdout, len(line)), line)
            self.assertEqual(finish(client), (0, b"", ""))

    def test_does_not_hold_up_what_comes(self):
        def script(peer):
            peer.accept()
            peer.write(FRAMES)
            return read_lines(peer)
        with scripted(script) as server:
            client = start("--eof", "close", server.url)
            client.stdin.write(b"half")
            client.stdin.flush()
            self.assert_bytes(read_exactly(client.stdout, len(TEXT_OF_LINES)), TEXT_OF_LINES)
            self.assert_waits(client)
            self.assert_small(client)
            self.assertEqual(finish(client, b" and half"), (0, b"", ""))
        self.assertEqual(server.result, b"half and half\n")


class SlowStdout(Case):
    def test_stops_the_peer(self):
        for name, frames, printed in (("messages", FRAMES, TEXT_OF_LINES), ("one message", LONG_FRAME, LONG_LINE)):
            with self.subTest(name), scripted(lambda peer: self.send_all(peer, frames)) as server:
                client = start("--eof", "close", server.url)
                self.assert_waits(client)
                self.assert_small(client)
                self.assert_bytes(read_exactly(client.stdout, len(printed)), printed)
                self.assert_small(client)
                self.assertEqual(finish(client), (0, b"", ""))

    def send_all(self, peer, frames):
        peer.accept()
        peer.write(frames)
        peer.finish()

    def test_stops_the_peer_of_a_script_and_the_silence_too(self):
        message = bytes(1 << 20)
        packer = zlib.compressobj(wbits=-15)
        packed = encode(TEXT, (packer.compress(message) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4], rsv=4)
        for name, frames, printed, silence in (("messages", FRAMES, TEXT_OF_LINES, "0"),
                                               ("small ones on the wire", packed * 50, (message + b"\n") * 50, "0.2")):
            asked_to_close = threading.Event()

            def script(peer):
                peer.accept("Sec-WebSocket-Extensions: permessage-deflate")
                writer = threading.Thread(target=peer.write, args=[frames], daemon=True)
                writer.start()
                close = peer.read_frame()
                asked_to_close.set()
                writer.join()
                peer.send(CLOSE, close.payload)
            with self.subTest(name), scripted(script) as server:
                client = start("--commands", "/dev/null", "--wait", silence, server.url)
                self.assert_waits(client)
                closes = silence == "0"
                self.assertEqual(asked_to_close.wait(DEADLINE if closes else 0.3), closes)
                self.assert_small(client)
                self.assert_bytes(read_exactly(client.stdout, len(printed)), printed)
                self.assertEqual(finish(client), (0, b"", ""))

    def test_stops_stdin_by_way_of_the_echo(self):
        with Server() as server:
            client = start(server.url)
            feed(client.stdin, TEXT_OF_LINES)
            self.assert_waits(client, server.process)
            self.assert_small(client)
            self.assert_bytes(read_exactly(client.stdout, len(TEXT_OF_LINES)), TEXT_OF_LINES)
            self.assert_small(client)
            self.assert_small(server.process)
            self.assertEqual(finish(client), (0, b"", ""))

    def test_does_not_hold_up_what_goes(self):
        """Even if it is stuck: stdin and the peer's reading half have nothing to do with it."""
        all_read = threading.Event()

        def script(peer):
            peer.accept()
            peer.write_meanwhile(FRAMES)
            received = b"".join(peer.read_frame().payload + b"\n" for _ in LINES)
            all_read.set()
            peer.finish()
            return received
        with scripted(script) as server:
            client = start("--eof", "close", server.url)
            feed(client.stdin, TEXT_OF_LINES)
            self.assertTrue(all_read.wait(DEADLINE))
            self.assert_waits(client)
            self.assert_small(client)
            self.assert_bytes(read_exactly(client.stdout, len(TEXT_OF_LINES)), TEXT_OF_LINES)
            self.assertEqual(finish(client), (0, b"", ""))
        self.assert_bytes(server.result, TEXT_OF_LINES)


class Stopped(Case):
    """By SIGSTOP, as CTRL+Z does it, and going on with SIGCONT."""

    def test_in_the_middle_of_a_transfer_loses_nothing(self):
        with Server() as server:
            client = start(server.url)
            feed(client.stdin, TEXT_OF_LINES)
            received = b""
            for stopped, other in ((client, server.process), (server.process, client)):
                received += read_exactly(client.stdout, 1_000_000)
                stopped.send_signal(signal.SIGSTOP)
                eventually(lambda: is_stopped(stopped))
                self.assert_waits(other)
                stopped.send_signal(signal.SIGCONT)
            received += read_exactly(client.stdout, len(TEXT_OF_LINES) - len(received))
            self.assert_bytes(received, TEXT_OF_LINES)
            self.assert_small(client)
            self.assert_small(server.process)
            self.assertEqual(finish(client), (0, b"", ""))


if __name__ == "__main__":
    unittest.main()
