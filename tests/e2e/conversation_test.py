"""Conversations in a pipe: --expect, --lockstep, --reply, and what is shown of them."""

import unittest

from peer import TEXT, close_payload, connected, encode, scripted
from support import DEADLINE, Case, Server, run

NORMAL = close_payload(1000)
LOGIN = ("-x", "hello", "--expect", r'"id":(\d+)', "-x", '{"id":{{1}}}', "--until", ".type == 'welcome'")


def login(peer):
    """A script: gives an id, welcomes whoever comes back with it, and returns what it has received."""
    peer.accept()
    received = [peer.read_message()[1]]
    peer.send(TEXT, b'{"id":12345678901234567890}')
    received.append(peer.read_message()[1])
    peer.send(TEXT, b'{"type":"welcome"}')
    frame = peer.read_frame()
    peer.send(frame.opcode, frame.payload)
    return received + [frame.payload]


class Conversation(Case):
    def test_of_steps(self):
        with scripted(login) as server:
            result = run(*LOGIN, server.url)
        self.assertEqual(result, (0, b'{"id":12345678901234567890}\n{"type":"welcome"}\n', ""))
        self.assertEqual(server.result, [b"hello", b'{"id":12345678901234567890}', NORMAL])

    def test_that_is_not_as_expected(self):
        result = run("-x", "a", "--expect", "b", "--eof", "close", "--json", "--expect-timeout", "0.1", "echo:")
        self.assertEqual((result.status, result.stderr),
                         (11, "wscope: expected b: 0.1 s are over (--expect-timeout)\n"))
        self.assertIn(b'"ok":false,"expected":"b",', result.stdout)
        self.assertNotIn(b'"event":"error"', result.stdout)

    def test_shows_where_a_match_is_wrong(self):
        self.assertEqual(run("--expect", ".type = 'done'", "echo:"),
                         (2, b"", "wscope: --expect: expected and, or or a comparison\n  .type = 'done'\n        ^\n"
                                  "hint: == asks whether two values are equal\n"))

    def test_line_by_line(self):
        self.assertEqual(run("--lockstep", "echo:", stdin=b"one\ntwo\nthree"), (0, b"one\ntwo\nthree\n", ""))


class Replies(Case):
    def test_count_for_each_client_by_itself(self):
        with Server("listen", "--reply", "^x={{n}}", "--select", "nothing", "127.0.0.1:0") as server:
            with connected(server) as one, connected(server) as other:
                for client, answer in (one, b"1"), (one, b"2"), (other, b"1"), (one, b"3"):
                    client.send(TEXT, b"x")
                    self.assertEqual(client.read_message(), (TEXT, answer))

    def test_wait_for_who_does_not_read_them(self):
        """Nor is that one read, and none of them is lost."""
        payload, answer = b"x" * 50_000, "y" * 50_000
        with Server("listen", "--reply", "^x=" + answer, "--select", "nothing", "127.0.0.1:0") as server:
            with connected(server) as client:
                client.socket.settimeout(1)
                sent, frame = 0, encode(TEXT, payload, masked=True)
                left = b""
                try:
                    while sent < 10_000:
                        left = left or frame
                        left = left[client.socket.send(left):]
                        sent += not left
                except TimeoutError:
                    pass
                self.assertLess(sent, 10_000)
                client.socket.settimeout(DEADLINE)
                if left:
                    client.write_meanwhile(left)
                for _ in range(sent + bool(left)):
                    self.assertEqual(client.read_message(), (TEXT, answer.encode()))


if __name__ == "__main__":
    unittest.main()
