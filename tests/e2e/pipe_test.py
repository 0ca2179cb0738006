"""wscope as a filter: lines in, messages out, nothing lost."""

import os
import pathlib
import re
import time
import unittest

from peer import BINARY, TEXT, closed_port, encode, scripted, silent_port
from support import DEADLINE, Case, Server, feed, finish, read_exactly, run, shell, start

NUMBERS = b"".join(b"%d %x\n" % (i, i * i) for i in range(100_000))
# A million of all sizes; one that is lost or moved is noticed.
LENGTHS = [30_000 if i % 99_991 == 0 else 200 if i % 997 == 0 else i % 13 for i in range(1_000_000)]
LINES = "".join(f"{i:x}{'ä€😀z' * size}\n" if i % 7 else "\n" for i, size in enumerate(LENGTHS)).encode()
# As text that compresses somewhat, without line ends.
LONG = NUMBERS.replace(b"\n", b";")


def collected(*arguments, stdin):
    """What a server receives from a run with this input, as (opcode, payload)."""
    def script(peer):
        peer.accept()
        messages = []
        while (message := peer.read_message())[0] in (TEXT, BINARY):
            messages.append(message)
        peer.close()
        return messages
    with scripted(script) as server:
        result = run("--eof", "close", *arguments, server.url, stdin=stdin)
    if result != (0, b"", ""):
        raise AssertionError(result)
    return server.result


class EmbeddedEcho(Case):
    def test_a_line_comes_back(self):
        self.assertEqual(run("echo:", stdin=b"hello\n"), (0, b"hello\n", ""))

    def test_the_first_command_line_of_the_readme_ends_so(self):
        readme = (pathlib.Path(__file__).parents[2] / "README.md").read_text()
        command = re.search(r"&& echo (\S+) \| build/release/wscope (\S+)$", readme, re.M)
        self.assertEqual(run(command[2], stdin=command[1].encode() + b"\n"), (0, b"hello\n", ""))

    def test_bytes_come_back(self):
        data = bytes(range(11, 256)) + bytes(10)
        self.assertEqual(run("--binary", "--eof", "close", "echo:", stdin=data), (0, data, ""))


class ThereAndBack(Case):
    def test_a_million_lines(self):
        with Server() as server:
            result = run("--eof", "close", server.url, stdin=LINES)
        self.assert_bytes(result.stdout, LINES)
        self.assertEqual((result.status, result.stderr), (0, ""))

    def test_lines_as_binary_messages(self):
        with Server() as server:
            result = run("-b", "--eof", "close", server.url, stdin=NUMBERS)
        self.assert_bytes(result.stdout, NUMBERS.replace(b"\n", b""))
        self.assertEqual((result.status, result.stderr), (0, ""))

    def test_a_line_longer_than_any_buffer(self):
        line = (LONG * 4)[: 5 << 20]
        with Server() as server:
            result = run("--eof", "close", server.url, stdin=line)
        self.assert_bytes(result.stdout, line + b"\n")
        self.assertEqual((result.status, result.stderr), (0, ""))

    def test_a_line_of_24_mib_in_bounded_memory(self):
        line = (LONG * 18)[: 24 << 20] + b"\n"
        with Server() as server:
            client = start("--eof", "close", server.url)
            feed(client.stdin, line)
            self.assert_bytes(read_exactly(client.stdout, len(line)), line)
            self.assert_small(client)
            self.assert_small(server.process)
            self.assertEqual(finish(client), (0, b"", ""))


class Lines(Case):
    def test_each_is_a_message(self):
        cases = {
            b"": [],
            b"one\ntwo\n": [b"one", b"two"],
            b"\n\n": [b"", b""],
            b"one\n\ntwo\n": [b"one", b"", b"two"],
            b"one\nlast": [b"one", b"last"],
            b"one\r\ntwo\r\r\n\r\n": [b"one", b"two\r", b""],
            b"\r": [b"\r"],
            "ä€😀\n".encode(): ["ä€😀".encode()],
            b"nul \0 too\n": [b"nul \0 too"],
        }
        for stdin, messages in cases.items():
            with self.subTest(stdin):
                self.assertEqual(collected(stdin=stdin), [(TEXT, message) for message in messages])

    def test_of_bytes_need_not_be_text(self):
        self.assertEqual(collected("-b", stdin=b"\xff\xfe\n\x80"), [(BINARY, b"\xff\xfe"), (BINARY, b"\x80")])

    def test_none_waits_for_more_input(self):
        def script(peer):
            peer.accept()
            peer.take(100_000 * len(encode(TEXT, masked=True)))
            peer.close()
            peer.read_frame()
        with scripted(script) as server:
            client = start(server.url)
            feed(client.stdin, b"\n" * 100_000)
            self.assertEqual(client.wait(DEADLINE), 0)
            self.assertEqual(finish(client), (0, b"", ""))

    def test_that_are_not_text_end_it_after_those_before_them(self):
        def script(peer):
            peer.accept()
            return [peer.read_frame().payload, peer.read_frame().payload, peer.finish()]
        with scripted(script) as server:
            result = run(server.url, stdin=b"one\ntwo\n\xff\nfour\n")
        self.assertEqual(result, (1, b"",
                                  "wscope: standard input: line 3 is not UTF-8\nhint: send bytes with --binary\n"))
        self.assertEqual(server.result, [b"one", b"two", b"\x03\xe9"])


class Messages(Case):
    def test_are_printed_untouched(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"\x1b[31mred\x07")
            peer.send(TEXT, b"")
            peer.send(TEXT, b"two\nlines")
            peer.send(BINARY, b"\xff\0")
            peer.close()
            peer.finish()
        with scripted(script) as server:
            result = run("--eof", "hold", server.url)
        self.assertEqual(result, (0, b"\x1b[31mred\x07\n\ntwo\nlines\n\xff\0", ""))

    def test_come_as_they_come(self):
        with Server() as server:
            client = start("--eof", "close", server.url)
            for line in (b"one\n", b"two\n"):
                client.stdin.write(line)
                client.stdin.flush()
                self.assertEqual(client.stdout.readline(), line)
            self.assertEqual(finish(client), (0, b"", ""))


class Interrupted(Case):
    def test_that_take_longer_than_the_silence_are_no_silence(self):
        def script(peer):
            peer.accept()
            for i in range(8):
                peer.send(0 if i else TEXT, b"x", fin=False)
                time.sleep(0.1)
            peer.send(0, b"y")
            peer.finish()
        for arguments in ((), ("--until", "y"), ("--commands", "-")):
            with self.subTest(arguments), scripted(script) as server:
                self.assertEqual(run("-w", "0.4", *arguments, server.url, stdin=b""), (0, b"xxxxxxxxy\n", ""))

    def test_head_ends_it_like_any_filter(self):
        with Server() as server:
            result = shell('{ "$@"; echo $? >&2; } | head -1', server.url, stdin=NUMBERS * 10)
        self.assertEqual(result, (0, NUMBERS[:4], "0\n"))

    def test_a_pipe_that_nobody_reads_any_more_ends_it_without_a_trace(self):
        with Server() as server:
            client = start(server.url)
            feed(client.stdin, NUMBERS * 10)
            self.assertEqual(client.stdout.readline(), NUMBERS[:4])
            client.stdout.close()
            self.assertEqual(client.stderr.read(), b"")
            client.stderr.close()
            client.wait()
            self.assertIn(client.returncode, (0, 141))
            client.stdin.close()

    def test_a_full_disk_is_an_error(self):
        for arguments in ((), ("--json", "--eof", "hold")):
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                client = self.begin(*arguments, "echo:", stdout=full)
                self.assertEqual(finish(client, b"hello\n")[::2],
                                 (1, "wscope: standard output: no space left on device\n"))

    def begin(self, *arguments, **options):
        client = start(*arguments, **options)
        self.addCleanup(client.kill)
        return client

    def test_events_that_nobody_reads_any_more_end_it_too(self):
        with Server() as server:
            client = self.begin("--json", "--eof", "hold", server.url)
            self.assertIn(b'"connecting"', client.stdout.readline())
            self.assertIn(b'"open"', client.stdout.readline())
            client.stdout.close()  # which is noticed although nothing is to be printed
            self.assertEqual(client.stderr.read(), b"")
            self.assertIn(client.wait(), (0, 141))
            client.stdin.close()
            client.stderr.close()

    def unread(self):
        """The writing end of a pipe that nobody reads."""
        reading, writing = os.pipe()
        os.close(reading)
        return os.fdopen(writing, "wb")

    def test_events_that_nobody_reads_end_it_at_once_while_nothing_is_open(self):
        with silent_port() as port, self.unread() as out:
            client = self.begin("--json", f"127.0.0.1:{port}", stdout=out)
            self.assertEqual(finish(client), (0, None, ""))
        with scripted(lambda peer: peer.read_rest()) as proxy, self.unread() as out:
            client = self.begin("--json", "--proxy", f"http://127.0.0.1:{proxy.port}", "ws://made-up.example/",
                                stdout=out)
            self.assertEqual(finish(client), (0, None, ""))
        with closed_port() as port, open("/dev/full", "wb") as full:
            client = self.begin("--json", "--reconnect", f"ws://127.0.0.1:{port}/", stdout=full)
            self.assertEqual(finish(client).status, 1)


if __name__ == "__main__":
    unittest.main()
