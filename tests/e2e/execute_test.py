"""Messages from the command line, and runs that end by count or by time."""

import unittest

from peer import BINARY, TEXT, scripted
from support import Case, run


def send(count, then=None):
    """A script: sends so many messages, then does `then`, else waits for the Close."""
    def script(peer):
        peer.accept()
        for i in range(count):
            peer.send(TEXT, b"%d" % i)
        if then:
            then(peer)
        return peer.finish()
    return script


class Executing(Case):
    def test_messages_come_first_and_stdin_is_left_alone(self):
        self.assertEqual(run("-x", "a", "--execute", "", "-x", "b", "--eof", "close", "echo:", stdin=b"c\n"),
                         (0, b"a\n\nb\n", ""))

    def test_stdin_goes_on_if_asked(self):
        self.assertEqual(run("-x", "a", "--stdin", "--eof", "close", "echo:", stdin=b"b\nc"), (0, b"a\nb\nc\n", ""))

    def test_binary(self):
        def script(peer):
            peer.accept()
            message = peer.read_message()
            peer.finish()
            return message

        with scripted(script) as server:
            self.assertEqual(run("-b", "-x", "a", "--eof", "close", server.url), (0, b"", ""))
        self.assertEqual(server.result, (BINARY, b"a"))

    def test_text_is_utf8(self):
        status, out, err = run("-x", b"\xff", "echo:")
        self.assertEqual((status, out, err.split("\n")[0]), (2, b"", "wscope: --execute: not UTF-8"))


class Counting(Case):
    def test_it_ends_after_the_last_one(self):
        for options in (("--count", "3"), ("--count=3", "-w", "-1")):
            with scripted(send(10)) as server:
                self.assertEqual(run(*options, server.url), (0, b"0\n1\n2\n", ""))
            self.assertEqual(server.result, b"\x03\xe8")
        with scripted(send(2)) as server:
            self.assertEqual(run("-1", server.url), (0, b"0\n", ""))

    def test_fewer_are_a_failure(self):
        silence = "0.2 s of silence\nhint: -w SECONDS waits longer"
        for then, why in ((None, silence), (lambda peer: peer.close(1000), "the peer closed (1000)")):
            with scripted(send(2, then)) as server:
                self.assertEqual(run("--count", "3", "-w", "0.2", server.url),
                                 (11, b"0\n1\n", f"wscope: received 2 of 3 messages: {why}\n"))

    def test_a_count_is_a_positive_number(self):
        for count in ("0", "-1", "x", "1.5"):
            self.assertEqual(run("--count", count, "echo:")[0], 2)
        self.assertEqual(run("--count", "2", "--one", "echo:")[0], 2)


class TimingOut(Case):
    def test_a_run_that_ends_before_is_none_the_wiser(self):
        self.assertEqual(run("-x", "a", "-1", "--timeout", "60", "echo:"), (0, b"a\n", ""))


if __name__ == "__main__":
    unittest.main()
