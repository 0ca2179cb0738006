"""The end of the input and of the connection: --eof, --wait, --close-timeout and the order of things."""

import os
import time
import unittest

from peer import CLOSE, PING, PONG, TEXT, scripted
from support import DEADLINE, Case, feed, finish, run, start

NORMAL = b"\x03\xe8"


def messages_and_close(peer):
    """A script: what is received up to the Close, which is answered."""
    peer.accept()
    received = []
    while (frame := peer.read_frame()).opcode != CLOSE:
        received.append(frame.payload)
    peer.send(CLOSE, frame.payload)
    return [*received, frame.payload]


class AtTheEndOfInput(Case):
    def test_wait_closes_once_the_peer_has_been_silent(self):
        def script(peer):
            begin = time.monotonic()
            peer.accept()
            peer.read_frame()
            return peer.finish(), time.monotonic() - begin
        with scripted(script) as server:
            self.assertEqual(run("-w", "0.2", server.url, stdin=b"one\n"), (0, b"", ""))
        close, seconds = server.result
        self.assertEqual(close, NORMAL)
        self.assertGreaterEqual(seconds, 0.2)

    def test_wait_is_the_default_and_takes_a_second(self):
        def script(peer):
            begin = time.monotonic()
            peer.accept()
            peer.read_frame()
            return peer.finish(), time.monotonic() - begin
        with scripted(script) as server:
            self.assertEqual(run(server.url, stdin=b"one\n"), (0, b"", ""))
        self.assertEqual(server.result[0], NORMAL)
        self.assertGreaterEqual(server.result[1], 1)

    def test_each_message_of_the_peer_begins_the_silence_anew(self):
        def script(peer):
            begin = time.monotonic()
            peer.accept()
            peer.read_frame()
            for i in range(12):
                peer.socket.settimeout(0.1)
                try:
                    return f"closed after {i} messages: {peer.read_frame()}"
                except TimeoutError:
                    peer.send(TEXT, b"%d" % i)
            peer.socket.settimeout(None)
            peer.finish()
            return time.monotonic() - begin
        with scripted(script) as server:
            self.assertEqual(run("-w", "1", server.url, stdin=b"x"), (0, b"".join(b"%d\n" % i for i in range(12)), ""))
        self.assertGreater(server.result, 2)

    def test_wait_0_closes_at_once(self):
        with scripted(messages_and_close) as server:
            self.assertEqual(run("-w", "0", server.url, stdin=b"one\ntwo"), (0, b"", ""))
        self.assertEqual(server.result, [b"one", b"two", NORMAL])

    def test_wait_minus_1_stays_until_the_peer_closes(self):
        def script(peer):
            peer.accept()
            peer.read_frame()
            peer.send(TEXT, b"late")
            peer.close()
            return peer.read_frame()
        for option in (["-w", "-1"], ["--wait=-1"], ["--eof", "hold"], ["--eof=hold", "-w", "0"]):
            with self.subTest(option), scripted(script) as server:
                self.assertEqual(run(*option, server.url, stdin=b"one"), (0, b"late\n", ""))
            self.assertEqual(server.result.payload, NORMAL)

    def test_everything_is_sent_before_the_close(self):
        lines = [b"%d" % i for i in range(20_000)]
        for option in (["--eof", "close"], ["-w", "0"]):
            with self.subTest(option), scripted(messages_and_close) as server:
                self.assertEqual(run(*option, server.url, stdin=b"\n".join(lines)), (0, b"", ""))
            self.assertEqual(server.result, [*lines, NORMAL])

    def test_a_reply_between_the_close_and_its_answer_is_printed(self):
        def script(peer):
            peer.accept()
            while peer.read_frame().opcode != CLOSE:
                pass
            peer.send(TEXT, b"in fra", fin=False)
            peer.send(0, b"gments")
            peer.send(CLOSE, NORMAL)
        for option in (["--eof", "close"], ["-w", "0"]):
            with self.subTest(option), scripted(script) as server:
                self.assertEqual(run(*option, server.url, stdin=b"one"), (0, b"in fragments\n", ""))

    def test_nothing_to_send_is_an_end_too(self):
        for option in (["--eof", "close"], ["-w", "0"]):
            with self.subTest(option), scripted(messages_and_close) as server:
                self.assertEqual(run(*option, server.url), (0, b"", ""))
            self.assertEqual(server.result, [NORMAL])

    def test_input_that_has_not_ended_keeps_the_connection(self):
        def script(peer):
            peer.accept()
            peer.send(PING, b"are you there")
            pong = peer.read_frame()
            peer.send(TEXT, b"now")
            return pong.opcode, pong.payload, peer.read_frame().payload, peer.finish()
        with scripted(script) as server:
            process = start("-w", "0", server.url)
            self.assertEqual(process.stdout.readline(), b"now\n")
            self.assertEqual(finish(process, b"last"), (0, b"", ""))
        self.assertEqual(server.result, (PONG, b"are you there", b"last", NORMAL))


class BeforeTheConnectionIsOpen(Case):
    def test_input_is_kept(self):
        def script(peer):
            peer.fill(1)  # the request is on its way
            os.write(writer, b"two\n")
            os.close(writer)
            return messages_and_close(peer)
        reader, writer = os.pipe()
        os.write(writer, b"one\n")
        with scripted(script) as server:
            process = start("--eof", "close", server.url, stdin=reader)
            os.close(reader)
            self.assertEqual(finish(process), (0, b"", ""))
        self.assertEqual(server.result, [b"one", b"two", NORMAL])

    def test_a_message_right_behind_the_handshake_is_not_lost(self):
        def script(peer):
            whole = bytearray()
            peer.write = whole.extend  # so that all of it arrives together
            peer.accept()
            peer.send(TEXT, b"early")
            peer.close()
            peer.socket.sendall(whole)
            return peer.read_frame().payload
        with scripted(script) as server:
            self.assertEqual(run("--eof", "hold", server.url, stdin=b""), (0, b"early\n", ""))
        self.assertEqual(server.result, NORMAL)

    def test_a_handshake_in_many_pieces_is_one(self):
        def script(peer):
            send = peer.socket.sendall
            peer.write = lambda data: [send(data[i:i + 1]) for i in range(len(data))]
            return messages_and_close(peer)
        with scripted(script) as server:
            self.assertEqual(run("--eof", "close", server.url, stdin=b"one"), (0, b"", ""))
        self.assertEqual(server.result, [b"one", NORMAL])


class WithASilentPeer(Case):
    def test_no_line_waits_for_more_input(self):
        def script(peer):
            peer.accept()
            for _ in range(100_000):
                peer.read_frame()
            peer.close()
            peer.read_frame()
        with scripted(script) as server:
            process = start(server.url)
            feed(process.stdin, b"\n" * 100_000)
            self.assertEqual(process.wait(DEADLINE), 0)
            self.assertEqual(finish(process), (0, b"", ""))

    def test_more_than_the_system_buffers_arrives(self):
        lines = [b"%d" % i * 300 for i in range(10_000, 20_000)]
        for option in (["--eof", "close"], ["-w", "0"]):
            with self.subTest(option), scripted(messages_and_close) as server:
                self.assertEqual(run("-b", *option, server.url, stdin=b"\n".join(lines)), (0, b"", ""))
            self.assertEqual([len(message) for message in server.result], [1500] * 10_000 + [2])


class ThePeersClose(Case):
    def test_ends_it_though_input_has_not_ended(self):
        def script(peer):
            peer.accept()
            peer.close(1001, "bye")
            return peer.read_frame().payload
        with scripted(script) as server:
            process = start(server.url)
            self.assertEqual(process.wait(), 0)
            self.assertEqual(finish(process), (0, b"", ""))
        self.assertEqual(server.result, b"\x03\xe9bye")

    def test_is_waited_for_while_it_says_more(self):
        def script(peer):
            peer.accept()
            peer.read_frame()
            for i in range(1000):
                peer.send(TEXT, b"%d" % i)
            peer.send(CLOSE, NORMAL)
        with scripted(script) as server:
            result = run("--eof", "close", server.url)
        self.assertEqual(result, (0, b"".join(b"%d\n" % i for i in range(1000)), ""))

    def test_is_waited_for_no_longer_than_the_close_timeout(self):
        def script(peer):
            peer.accept()
            peer.read_rest()
        with scripted(script) as server:
            begin = time.monotonic()
            result = run("--eof", "close", "--close-timeout", "0.3", server.url)
            self.assertLess(time.monotonic() - begin, 9)
        self.assertEqual(result, (8, b"", "wscope: connection lost: the peer did not answer the Close\n"))


class WithoutInput(Case):
    def test_what_comes_is_printed_until_the_peer_closes_and_stdin_is_left_alone(self):
        def script(peer):
            peer.accept()
            time.sleep(1.5)  # longer than the usual silence
            peer.send(TEXT, b"late")
            peer.send(CLOSE, NORMAL)
            return peer.read_frame()[:2]
        with scripted(script) as server:
            self.assertEqual(run("--no-stdin", server.url, stdin=b"ignored\n"), (0, b"late\n", ""))
        self.assertEqual(server.result, (CLOSE, NORMAL))


class AfterATime(Case):
    def test_it_is_over_whoever_says_more(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"one")
            while (frame := peer.read_frame()).opcode != CLOSE:
                pass
            peer.send(CLOSE, frame.payload)
            return frame.payload
        for arguments in ((), ("--no-stdin",), ("-x", "a", "--stdin")):
            with scripted(script) as server:
                begin = time.monotonic()
                process = start("--for", "0.3", *arguments, server.url)
                self.assertEqual(process.wait(DEADLINE), 0)
                self.assertGreaterEqual(time.monotonic() - begin, 0.3)
                self.assertEqual(finish(process), (0, b"one\n", ""))
            self.assertEqual(server.result, NORMAL)

    def test_what_has_not_come_by_then_is_a_failure(self):
        with scripted(messages_and_close) as server:
            result = run("--for", "0.2", "--one", server.url)
        self.assertEqual(result, (11, b"", "wscope: received 0 of 1 messages: 0.2 s are over (--for)\n"))


if __name__ == "__main__":
    unittest.main()
