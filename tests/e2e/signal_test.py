"""SIGINT and SIGTERM: the first says goodbye, the second does not wait."""

import signal
import socket
import threading
import time
import unittest

from peer import CLOSE, TEXT, connected, dialed, encode, scripted, silent_port
from support import DEADLINE, Case, Server, eventually, feed, finish, is_stopped, read_exactly, start

GOING_AWAY = b"\x03\xe9"


class Client(Case):
    def interrupted(self, script, *numbers, arguments=()):
        """The result of a run that gets these signals once it has printed a line, each after the last took effect."""
        with scripted(script) as server:
            process = start(*arguments, server.url)
            self.assertEqual(process.stdout.readline(), b"ready\n")
            for number, effect in numbers:
                process.send_signal(number)
                if effect:
                    self.assertTrue(effect.wait(DEADLINE))
            result = finish(process)
        return result, server.result

    def test_once_closes_properly(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"ready")
            return peer.finish()
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(number):
                result, close = self.interrupted(script, (number, None))
                self.assertEqual(result, (status, b"", ""))
                self.assertEqual(close, GOING_AWAY)

    def test_what_comes_before_the_answer_to_the_close_is_printed(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"ready")
            close = peer.read_frame()
            peer.send(TEXT, b"late")
            peer.send(CLOSE, close.payload)
        result, _ = self.interrupted(script, (signal.SIGINT, None))
        self.assertEqual(result, (130, b"late\n", ""))

    def test_twice_ends_at_once(self):
        closing = threading.Event()

        def script(peer):
            peer.accept()
            peer.send(TEXT, b"ready")
            close = peer.read_frame()
            closing.set()
            peer.read_rest()
            return close.payload
        result, close = self.interrupted(script, (signal.SIGINT, closing), (signal.SIGTERM, None),
                                         arguments=("--close-timeout", "0"))
        self.assertEqual(result, (130, b"", ""))
        self.assertEqual(close, GOING_AWAY)

    def test_a_peer_that_never_answers_is_not_waited_for_long(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"ready")
            peer.read_rest()
        result, _ = self.interrupted(script, (signal.SIGINT, None), arguments=("--close-timeout", "0.3"))
        self.assertEqual(result, (130, b"", ""))

    def test_while_the_handshake_is_awaited_ends_at_once(self):
        asked = threading.Event()

        def script(peer):
            head = peer.read_head()
            asked.set()
            return head, peer.read_rest()
        with scripted(script) as server:
            process = start(server.url)
            self.assertTrue(asked.wait(DEADLINE))
            process.send_signal(signal.SIGINT)
            self.assertEqual(finish(process), (130, b"", ""))

    def test_while_connecting_ends_at_once(self):
        with silent_port() as port:
            before = connections_under_way(port)
            process = start(f"127.0.0.1:{port}")
            eventually(lambda: connections_under_way(port) > before)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(finish(process), (143, b"", ""))

    def test_while_nobody_reads_stdout_ends_at_the_second(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"ready")
            try:
                while True:
                    peer.send(TEXT, bytes(1 << 16))
            except OSError:
                pass
        with scripted(script) as server:
            process = start("--close-timeout", "0.3", server.url)
            self.assertEqual(process.stdout.readline(), b"ready\n")
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGTERM)
            self.assertIn(process.wait(DEADLINE), (130, 143))
            finish(process)


def connections_under_way(port):
    """How many sockets have asked to connect to the port and got no answer (state 02, SYN_SENT)."""
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table][1:]
    return sum(row[2] == f"0100007F:{port:04X}" and row[3] == "02" for row in rows)


class Stopped(Case):
    """SIGSTOP, as CTRL+Z does it, and SIGCONT."""

    LINES = b"".join(b"%07d " % i * 100 + b"\n" for i in range(50_000))

    def test_in_the_middle_of_a_transfer_loses_nothing(self):
        with Server() as server:
            client = start(server.url)
            feed(client.stdin, self.LINES)
            received = b""
            for stopped, other in ((client, server.process), (server.process, client)) * 2:
                received += read_exactly(client.stdout, 1_000_000)
                stopped.send_signal(signal.SIGSTOP)
                eventually(lambda: is_stopped(stopped))
                self.assert_waits(other)
                stopped.send_signal(signal.SIGCONT)
            received += read_exactly(client.stdout, len(self.LINES) - len(received))
            self.assert_bytes(received, self.LINES)
            self.assert_small(client)
            self.assert_small(server.process)
            self.assertEqual(finish(client), (0, b"", ""))

    def test_longer_than_the_silence_that_ends_it_loses_nothing(self):
        def script(peer):
            peer.accept()
            peer.read_frame()
            process.send_signal(signal.SIGSTOP)
            eventually(lambda: is_stopped(process))
            begin = time.monotonic()
            eventually(lambda: time.monotonic() - begin > 0.5)
            for i in range(1000):
                peer.send(TEXT, b"%d" % i)
            process.send_signal(signal.SIGCONT)
            return peer.finish()
        with scripted(script) as server:
            process = start("-w", "0.3", server.url)
            result = finish(process, b"go on\n")
        self.assertEqual(result, (0, b"".join(b"%d\n" % i for i in range(1000)), ""))


class Goodbye(Case):
    """The server's."""

    def test_every_client_is_told(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                server = Server()
                with connected(server) as one, connected(server) as two, dialed(server) as silent:
                    one.send(TEXT, b"echo")
                    self.assertEqual(one.read_frame().payload, b"echo")
                    server.process.send_signal(number)
                    self.assertEqual([one.finish(), two.finish(), silent.read_rest()], [GOING_AWAY, GOING_AWAY, b""])
                self.assertEqual(finish(server.process), (0, b"", ""))

    def test_nobody_new_is_let_in(self):
        server = Server()
        with connected(server) as client:
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(client.read_frame().payload, GOING_AWAY)
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection((server.host, server.port))
            client.send(CLOSE, GOING_AWAY)
            self.assertEqual(client.read_rest(), b"")
        self.assertEqual(finish(server.process), (0, b"", ""))

    def test_a_client_that_never_answers_is_not_waited_for_long(self):
        server = Server("echo", "--close-timeout", "0.3", "0")
        with connected(server) as client:
            begin = time.monotonic()
            self.assertEqual(server.stop(), (0, b"", ""))
            self.assertLess(time.monotonic() - begin, 9)
            self.assertEqual(client.read_frame().payload, GOING_AWAY)

    def test_a_reader_of_stdout_that_has_stopped_is_not_waited_for_long(self):
        for arguments in (["listen"], ["listen", "--json"]):
            with self.subTest(arguments):
                server = Server(*arguments, "--close-timeout", "0.3", "0")
                with connected(server) as client:
                    client.socket.settimeout(0.3)
                    with self.assertRaises(TimeoutError):  # it is read no more, as nothing can be printed
                        client.write(encode(TEXT, b"x" * 1000, masked=True) * 50_000)
                    begin = time.monotonic()
                    server.process.send_signal(signal.SIGTERM)
                    self.assertEqual((server.process.wait(DEADLINE), server.process.stderr.read()), (0, b""))
                    self.assertLess(time.monotonic() - begin, 9)
                server.process.communicate()

    def test_a_second_signal_does_not_wait(self):
        server = Server("echo", "--close-timeout", "0", "0")
        with connected(server) as client:
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(client.read_frame().payload, GOING_AWAY)
            self.assertEqual(server.stop(signal.SIGINT), (130, b"", ""))


if __name__ == "__main__":
    unittest.main()
