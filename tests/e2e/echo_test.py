"""The echo server: where it listens, what it sends back, and to how many."""

import contextlib
import os
import random
import resource
import signal
import socket
import unittest
import zlib

from peer import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Peer, close_payload, connected, dialed, header
from support import Case, Server, eventually, finish, peak_memory, run, sanitized


def can_bind(family, host):
    with contextlib.suppress(OSError), socket.socket(family) as probe:
        probe.bind((host, 0))
        return True
    return False


HAS_IPV6 = can_bind(socket.AF_INET6, "::1")


class Listening(Case):
    def test_is_announced_in_one_line(self):
        with Server("echo", "0") as server:
            self.assertEqual(server.line, f"Listening on ws://127.0.0.1:{server.port}/ (press CTRL+C to quit)\n")
            self.assertNotEqual(server.port, 0)

    def test_is_on_loopback_only(self):
        with Server() as server:
            for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                if family == socket.AF_INET or HAS_IPV6:
                    with self.subTest(host), socket.create_connection((host, server.port)) as client:
                        self.assertEqual(client.family, family)
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.2", server.port))

    def test_at_an_address(self):
        cases = {"127.0.0.2:0": "127.0.0.2", "0.0.0.0:0": "0.0.0.0", "localhost:0": "127.0.0.1"}
        if HAS_IPV6:
            cases.update({"[::1]:0": "[::1]", "[::]:0": "[::]"})
        for address, shown in cases.items():
            with self.subTest(address), Server("echo", address) as server:
                self.assertEqual(server.line, f"Listening on ws://{shown}:{server.port}/ (press CTRL+C to quit)\n")
                with connected(server) as client:
                    client.send(TEXT, b"hello")
                    self.assertEqual(client.read_message(), (TEXT, b"hello"))

    def test_at_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.assertEqual(run("echo", f"127.0.0.1:{port}"),
                             (1, b"", f"wscope: 127.0.0.1:{port}: address already in use\n"))
        with Server() as server:
            result = run("echo", str(server.port))
        self.assertEqual((result.status, result.stdout), (1, b""))
        self.assertRegex(result.stderr, rf"^wscope: (127\.0\.0\.1|\[::1\]):{server.port}: address already in use\n$")

    def test_listen_echo_is_the_same(self):
        with Server("listen", "--echo", "0") as server, connected(server) as client:
            client.send(BINARY, b"bytes")
            self.assertEqual(client.read_frame()[:2], (BINARY, b"bytes"))
            client.close()
            self.assertEqual(client.read_frame()[:2], (CLOSE, close_payload(1000)))

    def test_again_at_once_at_the_same_port(self):
        with Server() as server, connected(server) as client:
            client.close()
            client.read_rest()
        with Server("echo", str(server.port)) as again:
            self.assertEqual(again.line, server.line)


class Echo(Case):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def test_keeps_the_type(self):
        with connected(self.server) as client:
            for message in ((TEXT, "grüß".encode()), (BINARY, b"\xff\0"), (TEXT, b""), (BINARY, b"")):
                client.send(*message)
                self.assertEqual(client.read_message(), message)

    def test_joins_no_messages_and_loses_no_fragment(self):
        with connected(self.server) as client:
            client.send(TEXT, b"frag", fin=False)
            client.send(PING, b"between")
            client.send(CONTINUATION, b"", fin=False)
            client.send(CONTINUATION, b"ment", fin=True)
            client.send(BINARY, b"next")
            self.assertEqual(client.read_frame()[:3], (TEXT, b"frag", False))
            self.assertEqual(client.read_frame()[:2], (PONG, b"between"))
            self.assertEqual(client.read_frame()[:3], (CONTINUATION, b"ment", True))
            self.assertEqual(client.read_message(), (BINARY, b"next"))

    def test_answers_a_ping_with_its_payload(self):
        with connected(self.server) as client:
            for payload in (b"", b"\xff" * 125):
                client.send(PING, payload)
                self.assertEqual(client.read_frame(), (PONG, payload, True, 0, False))

    def test_ignores_a_pong(self):
        with connected(self.server) as client:
            client.send(PONG, b"unasked")
            client.send(TEXT, b"text")
            self.assertEqual(client.read_message(), (TEXT, b"text"))

    def test_answers_a_close_with_its_code(self):
        for payload in (b"", close_payload(1000), close_payload(1001, "bye"), close_payload(4000, "ä")):
            with self.subTest(payload), connected(self.server) as client:
                client.send(CLOSE, payload)
                self.assertEqual(client.read_frame().payload[:2], payload[:2])
                self.assertEqual(client.read_rest(), b"")

    def test_fails_a_client_that_breaks_the_protocol(self):
        for code, send in {
            1002: lambda client: client.send(TEXT, b"not masked", masked=False),
            1007: lambda client: client.send(TEXT, b"\xc0"),
        }.items():
            with self.subTest(code), connected(self.server) as client:
                send(client)
                frame = client.read_frame()
                self.assertEqual((frame.opcode, frame.payload[:2]), (CLOSE, close_payload(code)))
                self.assertEqual(client.read_rest(), b"")
                self.assertIn(f"; we sent {code}\n", self.server.process.stderr.readline().decode())

    def test_of_large_messages(self):
        for size in (125, 126, 65535, 65536, 1 << 20, 16 << 20):
            payload = random.Random(size).randbytes(size)
            with self.subTest(size), connected(self.server) as client:
                client.send_meanwhile(BINARY, payload)
                opcode, echoed = client.read_message()
                self.assertEqual(opcode, BINARY)
                self.assert_bytes(echoed, payload)
                self.assert_small(self.server.process)

    def test_reaches_a_client_that_has_ended_its_half(self):
        messages = [b"message %d" % i * 10 for i in range(1000)]
        with connected(self.server) as client:
            for message in messages:
                client.send(TEXT, message)
            client.socket.shutdown(socket.SHUT_WR)
            self.assertEqual([client.read_message() for _ in messages], [(TEXT, message) for message in messages])
            self.assertEqual(client.read_rest(), b"")

    def test_compresses_if_the_client_does(self):
        text = b"hello hello hello hello " * 100
        compressor = zlib.compressobj(wbits=-15)
        compressed = (compressor.compress(text) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]
        with connected(self.server, "Sec-WebSocket-Extensions: permessage-deflate") as client:
            client.send(TEXT, compressed, rsv=4)
            frame = client.read_frame()
            self.assertEqual((frame.opcode, frame.rsv), (TEXT, 4))
            self.assertLess(len(frame.payload), 200)
            inflater = zlib.decompressobj(wbits=-15)
            self.assertEqual(inflater.decompress(frame.payload + b"\0\0\xff\xff"), text)
            client.send(TEXT, text)
            frame = client.read_frame()
            self.assertEqual((frame.rsv, frame.payload), (0, text))

    def test_compresses_as_hard_as_it_is_wanted(self):
        text = " ".join(str(number * number) for number in range(2000)).encode()
        sizes = []
        for level in "1", "9":
            with Server("echo", "0", "--compress-level", level) as server, \
                    connected(server, "Sec-WebSocket-Extensions: permessage-deflate") as client:
                compressor = zlib.compressobj(wbits=-15)
                client.send(TEXT, (compressor.compress(text) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4], rsv=4)
                frame = client.read_frame()
                self.assertEqual(zlib.decompressobj(wbits=-15).decompress(frame.payload + b"\0\0\xff\xff"), text)
                sizes.append(len(frame.payload))
        self.assertLess(sizes[1], sizes[0])

    def test_agrees_to_the_deflate_that_is_offered(self):
        for offer, answer in {
            "permessage-deflate": "permessage-deflate",
            "permessage-deflate; client_max_window_bits": "permessage-deflate",
            "permessage-deflate; server_no_context_takeover": "permessage-deflate; server_no_context_takeover",
            "permessage-deflate; server_max_window_bits=10": "permessage-deflate; server_max_window_bits=10",
            "permessage-deflate; unknown, permessage-deflate": "permessage-deflate",
            "permessage-bzip2": None,
        }.items():
            with self.subTest(offer), dialed(self.server) as client:
                response = client.connect("Sec-WebSocket-Extensions: " + offer)
                self.assertEqual(header(response, "Sec-WebSocket-Extensions"), answer)


class BeforeReading(Case):
    def test_two_of_the_longest_messages_come_back(self):
        longest = bytes(16 << 20)
        with Server() as server, socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)  # the server has to hold it
            connection.connect((server.host, server.port))
            client = Peer(connection, client=True)
            client.connect()
            for _ in range(2):
                client.send(BINARY, longest)
            for _ in range(2):
                kind, payload = client.read_message()
                self.assertEqual((kind, len(payload)), (BINARY, len(longest)))


class Many(Case):
    def test_clients_at_once(self):
        with Server() as server, contextlib.ExitStack() as stack:
            clients = [stack.enter_context(connected(server)) for _ in range(200)]
            for i, client in enumerate(clients):
                client.send(TEXT, b"client %d" % i)
                client.send(BINARY, bytes(5000))
            for i, client in reversed(list(enumerate(clients))):
                self.assertEqual(client.read_message(), (TEXT, b"client %d" % i))
                self.assertEqual(client.read_message(), (BINARY, bytes(5000)))
            self.assert_small(server.process)
            for client in clients:
                client.close()
                self.assertEqual(client.read_frame()[:2], (CLOSE, close_payload(1000)))

    def test_two_thousand_at_once_are_told_goodbye(self):
        count = 2000
        self.allow_descriptors(2 * count + 200)
        server = Server("echo", "--close-timeout", "0", "0")  # clients this slow are not to be given up
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(connected(server)) for _ in range(count)]
            for i, client in enumerate(clients):
                client.send(TEXT, b"client %d" % i)
            for i, client in enumerate(clients):
                self.assertEqual(client.read_message(), (TEXT, b"client %d" % i))
            self.assert_waits(server.process)
            if not sanitized():
                self.assertLess(peak_memory(server.process), 24 << 20)
            server.process.send_signal(signal.SIGTERM)
            for client in clients:
                self.assertEqual(client.finish(), close_payload(1001))
        self.assertEqual(finish(server.process), (0, b"", ""))

    def allow_descriptors(self, count):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < count:
            self.skipTest(f"{hard} descriptors at most")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))

    def test_that_come_and_go_leave_nothing_behind(self):
        with Server() as server:
            before = len(os.listdir(f"/proc/{server.process.pid}/fd"))
            for i in range(300):
                with connected(server) as client:
                    client.send(TEXT, b"x")
                    self.assertEqual(client.read_message(), (TEXT, b"x"))
                    if i % 3 == 0:
                        client.reset()
                    elif i % 3 == 1:
                        client.close()
                        client.read_frame()
            eventually(lambda: len(os.listdir(f"/proc/{server.process.pid}/fd")) == before)


if __name__ == "__main__":
    unittest.main()
