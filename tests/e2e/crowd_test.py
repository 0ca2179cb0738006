"""A server with more clients than a person would count."""

import contextlib
import random
import resource
import select
import signal
import socket
import struct
import sys
import time
import unittest

from peer import CLOSE, REQUEST, TEXT, Peer, close_payload, encode
from support import DEADLINE, Case, Server, finish, peak_memory, sanitized

UPGRADE = (REQUEST + "\r\n").encode()
SPARE = 200  # descriptors for all else


def as_many_descriptors_as_may_be():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return (most if most != resource.RLIM_INFINITY else 1 << 20) - SPARE


class Crowd:
    """Many clients, each at the other end of a socket, whose answers are read as they come."""

    def __init__(self, server):
        self.server = server
        self.peers = {}
        self.heard = {}
        self.ended = set()
        self.poll = select.poll()

    def come(self, count):
        """So many clients more, which have asked for the upgrade; what they are called by."""
        numbers = []
        for _ in range(count):
            client = socket.create_connection((self.server.host, self.server.port), DEADLINE)
            client.send(UPGRADE)
            client.setblocking(False)
            self.peers[client.fileno()] = client
            self.heard[client.fileno()] = b""
            self.poll.register(client, select.POLLIN)
            numbers.append(client.fileno())
        return numbers

    def say(self, numbers, data):
        for number in numbers:
            self.peers[number].send(data)

    def hear_until(self, numbers, is_enough):
        """Reads until all of `numbers` have heard what is enough, or their streams have ended."""
        left = {n for n in numbers if n not in self.ended and not is_enough(self.heard[n])}
        end = time.monotonic() + DEADLINE
        while left and time.monotonic() < end:
            for number, _ in self.poll.poll(100):
                try:
                    piece = self.peers[number].recv(1 << 14)
                except ConnectionError:
                    piece = b""
                if not piece:
                    self.poll.unregister(number)
                    self.ended.add(number)
                self.heard[number] += piece
                if not piece or is_enough(self.heard[number]):
                    left.discard(number)
        if left:
            raise AssertionError(f"{len(left)} of {len(numbers)} have heard nothing")

    def hear_answers(self, numbers):
        """Of the handshakes; nothing is behind them yet."""
        self.hear_until(numbers, lambda heard: heard.endswith(b"\r\n\r\n"))
        for number in numbers:
            if not self.heard[number].startswith(b"HTTP/1.1 101 "):
                raise AssertionError(self.heard[number])
            self.heard[number] = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for client in self.peers.values():
            client.close()


class Clients(Case):
    def test_of_a_thousand_each_hears_that_the_server_goes(self):
        for arguments in (("echo", "0"), ("listen", "0", "--broadcast")):
            with self.subTest(arguments), Server(*arguments, "--close-timeout", "0.5") as server, Crowd(server) as crowd:
                clients = crowd.come(1000)
                crowd.hear_answers(clients)
                server.process.send_signal(signal.SIGTERM)
                goodbye = encode(CLOSE, close_payload(1001))
                crowd.hear_until(clients, lambda heard: heard.startswith(goodbye))
                self.assertEqual({crowd.heard[client] for client in clients}, {goodbye})
                # Some never answer, and keep it for no longer than was said.
                crowd.say(clients[:900], encode(CLOSE, close_payload(1001), masked=True))
                begin = time.monotonic()
                self.assertEqual(finish(server.process), (0, b"", ""))
                self.assertLess(time.monotonic() - begin, 0.5 + (10 if sanitized() else 3))

    def test_of_relays_each_hears_that_the_server_goes_and_its_target_that_it_has_gone(self):
        with socket.create_server(("127.0.0.1", 0), backlog=400) as listener, contextlib.ExitStack() as stack:
            target = f"tcp:127.0.0.1:{listener.getsockname()[1]}"
            server = stack.enter_context(Server("listen", "--relay", target, "0", "--close-timeout", "0.5"))
            crowd = stack.enter_context(Crowd(server))
            clients = crowd.come(400)
            targets = [stack.enter_context(listener.accept()[0]) for _ in clients]
            crowd.hear_answers(clients)
            crowd.say(clients, encode(TEXT, b"last words", masked=True))
            server.process.send_signal(signal.SIGTERM)
            goodbye = encode(CLOSE, close_payload(1001))
            crowd.hear_until(clients, lambda heard: heard.startswith(goodbye))
            crowd.say(clients[:300], encode(CLOSE, close_payload(1001), masked=True))  # the others never answer
            self.assertEqual(finish(server.process), (0, b"", ""))
            for connection in targets:
                connection.settimeout(DEADLINE)
                self.assertEqual(connection.recv(10, socket.MSG_WAITALL), b"last words")

    def test_of_thousands_cost_little_and_are_served(self):
        idle = min(10_000, as_many_descriptors_as_may_be() - 2000)
        with Server("echo", "0") as server, Crowd(server) as crowd:
            crowd.hear_answers(crowd.come(idle))
            active = crowd.come(2000)
            crowd.hear_answers(active)
            for i in range(5):
                text = b"message %d" % i
                crowd.say(active, encode(TEXT, text, masked=True))
                crowd.hear_until(active, lambda heard: heard.endswith(text))
            expected = b"".join(encode(TEXT, b"message %d" % i) for i in range(5))
            self.assertEqual({crowd.heard[client] for client in active}, {expected})
            self.assert_waits(server.process)
            if not sanitized():
                self.assertLess(peak_memory(server.process), (8 << 20) + (idle + 2000) * 3000)

    def test_that_come_and_go_at_any_moment_leave_nothing(self):
        chance = random.Random(1)
        with Server("listen", "0", "--broadcast") as server, socket.create_connection((server.host, server.port)) as one:
            regular = Peer(one, client=True)
            regular.write(UPGRADE)
            regular.read_head()
            for _ in range(20):
                with contextlib.ExitStack() as stack:
                    for _ in range(100):
                        client = stack.enter_context(socket.create_connection((server.host, server.port)))
                        data = UPGRADE + encode(TEXT, bytes(200), masked=True) + encode(CLOSE, masked=True)
                        client.send(data[: chance.randrange(len(data) + 1)])
                        if chance.random() < 0.5:
                            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with socket.create_connection((server.host, server.port)) as last:
                other = Peer(last, client=True)
                other.write(UPGRADE)
                other.read_head()
                other.send(TEXT, b"the last one")
                while regular.read_message() != (TEXT, b"the last one"):
                    pass
                self.assert_small(server.process)
                self.assert_waits(server.process)
                server.process.send_signal(signal.SIGTERM)
                for peer in (regular, other):
                    while peer.read_frame().opcode != CLOSE:
                        pass
                    peer.close(1001)
                    peer.socket.close()
            self.assertEqual(finish(server.process).status, 0)


if __name__ == "__main__":
    unittest.main()
