"""A client that does not read: others do not wait for it, and memory does not grow for it."""

import random
import select
import unittest

from peer import BINARY, TEXT, connected, encode
from support import DEADLINE, Case, Server

SIZE = 64 << 20


class SlowClient(Case):
    def fill(self, client, data):
        """Sends until the server takes no more; what it has taken."""
        client.socket.setblocking(False)
        sent = 0
        while sent < len(data) and select.select([], [client.socket], [], 0.5)[1]:
            sent += client.socket.send(data[sent : sent + (1 << 20)])
        return sent

    def assert_ends_within_a_message(self, server, client):
        """What the client has sent last was cut off, and maybe between two messages."""
        result = server.stop()
        self.assertEqual((result.status, result.stdout), (0, b""))
        self.assertRegex(result.stderr, rf"\A(wscope: client {client}: the last message is incomplete: .*\n)?\Z")

    def test_holds_nobody_up_and_loses_nothing(self):
        payload = random.Random(1).randbytes(1 << 20) * (SIZE >> 20)
        data = encode(BINARY, payload, masked=True)
        with Server() as server, connected(server) as slow, connected(server) as other:
            sent = self.fill(slow, data)
            self.assertLess(sent, len(data))
            self.assert_waits(server.process)
            self.assert_small(server.process)
            for i in range(100):
                other.send(TEXT, b"%d" % i)
                self.assertEqual(other.read_message(), (TEXT, b"%d" % i))
            slow.socket.settimeout(DEADLINE)
            slow.write_meanwhile(data[sent:])
            opcode, echoed = slow.read_message()
            self.assertEqual(opcode, BINARY)
            self.assert_bytes(echoed, payload)
            self.assert_small(server.process)
            other.send(TEXT, b"end")
            self.assertEqual(other.read_message(), (TEXT, b"end"))

    def test_of_many_small_messages_neither(self):
        data = b"".join(encode(TEXT, b"message %d" % i, masked=True) for i in range(1000))
        data *= -(-SIZE // len(data))  # as much as above: sockets and answers that may wait are 36 MB where buffers grow
        with Server() as server, connected(server) as slow, connected(server) as other:
            self.assertLess(self.fill(slow, data), len(data))
            self.assert_small(server.process)
            other.send(TEXT, b"x")
            self.assertEqual(other.read_message(), (TEXT, b"x"))
            self.assert_ends_within_a_message(server, 1)

    def test_that_goes_away_is_forgotten(self):
        data = encode(BINARY, bytes(SIZE), masked=True)
        with Server() as server, connected(server) as other:
            with connected(server) as slow:
                self.assertLess(self.fill(slow, data), len(data))
                slow.reset()
            other.send(TEXT, b"x")
            self.assertEqual(other.read_message(), (TEXT, b"x"))
            other.close()
            other.read_rest()
            self.assert_ends_within_a_message(server, 2)


if __name__ == "__main__":
    unittest.main()
