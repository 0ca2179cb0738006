"""listen --relay: sockets behind a WebSocket, and how both end."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import tempfile
import time
import unittest

from peer import (BINARY, CLOSE, CONTINUATION, KEY, PING, PONG, TEXT, close_payload, closed_port, connected, dialed,
                  encode)
from relaying import GOING_AWAY, NORMAL, Relay, how_it_ends, read_all, request, target
from support import DEADLINE, Server, eventually, finish


class Bytes(Relay):
    def test_a_read_is_a_binary_message(self):
        def script(peer):
            peer.write(b"\0\xff one")
            self.assertEqual(peer.take(2), b"go")
            peer.write(b"two")
            return read_all(peer.socket)
        server, served = self.relay(script)
        with connected(server) as client:
            self.assertEqual(client.read_frame()[:2], (BINARY, b"\0\xff one"))
            client.send(BINARY, b"go")
            self.assertEqual(client.read_frame()[:2], (BINARY, b"two"))
            client.send(CLOSE)
            self.assertEqual(client.read_rest(), encode(CLOSE))
        self.stop(server)

    def test_data_of_any_message_is_written(self):
        server, served = self.relay(lambda peer: read_all(peer.socket))
        with connected(server) as client:
            client.send(TEXT, "grüß".encode())
            client.send(BINARY, b"\n", fin=False)
            client.send(PING, b"x")
            client.send(CONTINUATION, b"\0", fin=False)
            client.send(CONTINUATION, b"", fin=True)
            client.send(TEXT, b"")
            client.close(1001)
            self.assertEqual(client.read_frame()[:2], (PONG, b"x"))
            self.assertEqual(client.read_rest(), encode(CLOSE, GOING_AWAY))
        eventually(lambda: served.results)
        self.assertEqual(served.result, "grüß".encode() + b"\n\0")
        self.stop(server)

    def test_a_unix_domain_socket_is_a_target(self):
        with tempfile.TemporaryDirectory() as folder:
            server, served = self.relay(lambda peer: peer.write(peer.take(5)[::-1]), path=f"{folder}/a=b.sock")
            with connected(server) as client:
                client.send(TEXT, b"abcde")
                self.assertEqual(client.read_frame()[:2], (BINARY, b"edcba"))
                self.assertEqual(client.finish(), NORMAL)
            self.stop(server)

    def test_much_goes_both_ways_at_once(self):
        size = 24 << 20
        data = os.urandom(1 << 20) * (size >> 20)

        def script(peer):
            peer.write_meanwhile(data)
            came = peer.take(size)
            peer.take(1)
            return came
        server, served = self.relay(script)
        with connected(server) as client:
            client.write_meanwhile(*(encode(BINARY, data[at:at + 100_000], masked=True)
                                     for at in range(0, size, 100_000)), encode(BINARY, b"!", masked=True))
            came = bytearray()
            while len(came) < size:
                frame = client.read_frame()
                self.assertEqual(frame.opcode, BINARY)
                self.assertLessEqual(len(frame.payload), 64 << 10)
                came += frame.payload
            self.assert_bytes(bytes(came), data)
            self.assertEqual(client.finish(), NORMAL)
        self.assert_bytes(served.result, data)
        self.assert_small(server.process)
        self.stop(server)

    def test_many_small_messages_arrive(self):
        server, served = self.relay(lambda peer: read_all(peer.socket))
        with connected(server) as client:
            words = [f"{i} ".encode() for i in range(20000)]
            client.write(b"".join(encode(TEXT, word, masked=True) for word in words))
            client.close(1001)
            self.assertEqual(client.read_rest(), encode(CLOSE, GOING_AWAY))
        eventually(lambda: served.results)
        self.assert_bytes(served.result, b"".join(words))
        self.stop(server)

    def test_stdin_is_not_read_and_stdout_is_empty(self):
        with target(lambda peer: peer.write(peer.take(1))) as served:
            result_of = Server("listen", "--relay", served.name, "0", stdin=-1)
            with result_of as server:
                server.process.stdin.write(b"not for anybody\n")
                with connected(server) as client:
                    client.send(TEXT, b"x")
                    self.assertEqual(client.read_frame()[:2], (BINARY, b"x"))
                    self.assertEqual(client.finish(), NORMAL)

    def test_json_has_what_happens(self):
        server, served = self.relay(lambda peer: peer.write(peer.take(1)), options=["--json"])
        with connected(server) as client:
            client.send(BINARY, b"x")
            client.read_frame()
            client.finish()
        events = [json.loads(line) for line in server.stop().stdout.splitlines()]
        self.assertEqual([event["event"] for event in events], ["listening", "open", "binary", "close", "closed"])
        self.assertEqual(events[2]["base64"], "eA==")

    def test_the_system_asks_for_a_silent_target(self):
        def script(peer):
            ends = ["0100007F:%04X" % end[1] for end in (peer.socket.getpeername(), peer.socket.getsockname())]
            peer.take(1)  # by then the relay has seen to it
            rows = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()]
            return [row[5] for row in rows if row[1:3] == ends]
        server, served = self.relay(script)
        with connected(server) as client:
            client.send(TEXT, b"x")
            client.finish()
        self.assertEqual([timer[:2] for timer in served.result], ["02"])  # the keepalive timer
        self.stop(server)


class Ends(Relay):
    def test_the_end_of_the_target_is_a_close(self):
        def script(peer):
            peer.write(b"bye")
            peer.socket.shutdown(socket.SHUT_WR)
            return how_it_ends(peer)
        server, served = self.relay(script)
        with connected(server) as client:
            self.assertEqual(client.read_frame()[:2], (BINARY, b"bye"))
            self.assertEqual(client.read_frame()[:2], (CLOSE, NORMAL))
            client.send(TEXT, b"what comes before the Close ")
            client.send(TEXT, b"is written")
            client.close()
            self.assertEqual(client.read_rest(), b"")
        eventually(lambda: served.results)
        self.assertEqual(served.result, (b"what comes before the Close is written", "end"))
        self.stop(server)

    def test_close_1000_is_the_end_of_a_half(self):
        def script(peer):
            peer.write(b"before")
            data = read_all(peer.socket)  # to the end
            for piece in (b"the ", b"rest: ", data):
                peer.write(piece)
                peer.take(0)
                time.sleep(0.02)
            return data
        server, served = self.relay(script)
        with connected(server) as client:
            self.assertEqual(client.read_frame()[:2], (BINARY, b"before"))
            client.send(TEXT, b"question")
            client.close(1000, "done")
            first = client.read_frame()
            self.assertEqual((first.opcode, first.fin), (BINARY, False))
            rest = first.payload
            while (frame := client.read_frame()).opcode != CLOSE:
                self.assertEqual(frame.opcode, CONTINUATION)
                rest += frame.payload
                last = frame
            self.assertTrue(last.fin)
            self.assertEqual((rest, frame.payload), (b"the rest: question", NORMAL))
            self.assertEqual(client.read_rest(), b"")
        self.assertEqual(served.result, b"question")
        self.stop(server)

    def test_the_rest_has_the_close_timeout(self):
        server, served = self.relay(lambda peer: (read_all(peer.socket), peer.write(b"x"), how_it_ends(peer)),
                                    options=["--close-timeout", "0.3"])
        with connected(server) as client:
            client.close()
            frames = [client.read_frame() for _ in range(3)]
            self.assertEqual([frame.opcode for frame in frames], [BINARY, CONTINUATION, CLOSE])
            self.assertEqual([frame.fin for frame in frames], [False, True, True])
            self.assertEqual(frames[2].payload, NORMAL)
            self.assertEqual(client.read_rest(), b"")
        self.stop(server)

    def test_close_1001_or_without_a_code_closes_at_once(self):
        for payload in (GOING_AWAY, b""):
            with self.subTest(payload), target(how_it_ends) as served:
                server = self.serve("--relay", served.name)
                with connected(server) as client:
                    client.send(TEXT, b"all of it")
                    client.send(CLOSE, payload)
                    self.assertEqual(client.read_rest(), encode(CLOSE, payload))
                eventually(lambda: served.results)
                self.assertEqual(served.result, (b"all of it", "end"))
                self.stop(server)

    def test_another_code_and_a_loss_reset_the_target(self):
        def fail(client):
            client.write(b"\xff\xff\xff")
            self.assertEqual(client.read_frame().opcode, CLOSE)
        for name, leave in {"4000": lambda client: client.close(4000), "1011": lambda client: client.close(1011),
                            "end": lambda client: client.socket.close(), "reset": lambda client: client.reset(),
                            "broken protocol": fail}.items():
            with self.subTest(name), target(how_it_ends) as served:
                server = self.serve("--relay", served.name)
                with connected(server) as client:
                    leave(client)
                    eventually(lambda: served.results)
                self.assertEqual(served.result[1], "reset")
                result = server.stop()
                self.assertEqual((result.status, result.stdout), (0, b""))

    def test_a_target_that_resets_is_named(self):
        def script(peer):
            peer.take(1)
            peer.reset()
        server, served = self.relay(script)
        with connected(server) as client:
            client.send(TEXT, b"x")
            self.assertEqual(client.read_frame()[:2], (CLOSE, close_payload(1011, "connection reset")))
            client.close(1011)
            self.assertEqual(client.read_rest(), b"")
        self.stop(server)

    def test_one_that_goes_while_it_is_written_to_is_noticed(self):
        def script(peer):
            peer.take(1)
            peer.socket.close()  # with bytes unread or yet to come: a reset
        server, served = self.relay(script)
        with connected(server) as client:
            client.send(BINARY, bytes(100_000))
            self.assertIn(client.read_frame()[:2], [(CLOSE, NORMAL), (CLOSE, close_payload(1011, "connection reset"))])
            with contextlib.suppress(ConnectionError):
                for _ in range(100):
                    client.send(BINARY, bytes(100_000))  # which nobody takes any more
                client.close()
        server.process.send_signal(signal.SIGTERM)
        self.assertEqual(finish(server.process).status, 0)

    def test_a_server_that_ends_says_1001_and_hands_on_what_has_come(self):
        server, served = self.relay(how_it_ends)
        with connected(server) as client:
            client.send(TEXT, b"first")
            client.send(PING)
            self.assertEqual(client.read_frame().opcode, PONG)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(client.read_frame()[:2], (CLOSE, GOING_AWAY))
            client.send(TEXT, b" last")
            client.close(1001)
            self.assertEqual(client.read_rest(), b"")
        self.assertEqual(finish(server.process), (0, b"", ""))
        eventually(lambda: served.results)
        self.assertEqual(served.result, (b"first last", "end"))

    def test_a_server_that_ends_waits_for_nobody_in_vain(self):
        server, served = self.relay(how_it_ends, options=["--close-timeout", "0.3"])
        with connected(server) as client:
            client.send(TEXT, b"x")
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(finish(server.process).status, 0)
        eventually(lambda: served.results)

    def test_once_ends_when_all_is_handed_on(self):
        size = 4 << 20

        def script(peer):
            peer.take(1)
            self.assertEqual(len(peer.take(10)), 10)
            time.sleep(0.2)  # a slow one
            return 11 + len(peer.read_rest())
        server, served = self.relay(script, options=["--once"])
        with connected(server) as client:
            client.write(b"".join(encode(BINARY, bytes(1 << 16), masked=True) for _ in range(size >> 16)))
            client.close(1001)
            self.assertEqual(client.read_rest(), encode(CLOSE, GOING_AWAY))
        self.assertEqual(finish(server.process), (0, b"", ""))
        eventually(lambda: served.results)
        self.assertEqual(served.result, size)

    def test_one_error_touches_no_other_client(self):
        def broken(peer):
            peer.take(1)
            peer.reset()
        with target(lambda peer: peer.write(peer.take(4))) as good, target(broken) as bad, \
                closed_port() as port:
            server = self.serve("--relay", good.name, "--relay", f"/bad={bad.name}",
                                "--relay", f"/no=tcp:127.0.0.1:{port}")
            with connected(server) as one:
                self.assertEqual(request(server, "/no")[0], 502)
                with dialed(server) as other:
                    other.write(f"GET /bad HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
                    other.read_head()
                    other.send(TEXT, b"x")
                    self.assertEqual(other.read_frame()[:2], (CLOSE, close_payload(1011, "connection reset")))
                one.send(TEXT, b"four")
                self.assertEqual(one.read_frame()[:2], (BINARY, b"four"))
                self.assertEqual(one.finish(), NORMAL)
            server.stop()


class BackPressure(Relay):
    def test_a_client_that_does_not_read_keeps_the_target_waiting(self):
        size = 64 << 20

        def script(peer):
            peer.socket.settimeout(DEADLINE)
            peer.write(bytes(size))
        server, served = self.relay(script)
        with connected(server) as client:
            self.assert_waits(server.process)
            self.assertFalse(served.results)
            self.assert_small(server.process)
            came = 0
            while (frame := client.read_frame()).opcode != CLOSE:
                came += len(frame.payload)
            self.assertEqual((came, frame.payload), (size, NORMAL))
        self.assert_small(server.process)
        server.stop()

    def test_a_target_that_does_not_read_keeps_the_client_waiting(self):
        size = 64 << 20

        def script(peer):
            self.ready.append(peer)
            eventually(lambda: self.reads)
            return len(read_all(peer.socket))
        self.ready, self.reads = [], []
        server, served = self.relay(script)
        with connected(server) as client:
            client.write_meanwhile(encode(BINARY, bytes(size), masked=True), encode(CLOSE, GOING_AWAY, masked=True))
            eventually(lambda: self.ready)
            self.assert_waits(server.process)
            self.assert_small(server.process)
            self.reads.append(True)
            self.assertEqual(client.read_rest(), encode(CLOSE, GOING_AWAY))
        eventually(lambda: served.results)
        self.assertEqual(served.result, size)
        self.assert_small(server.process)
        self.stop(server)


if __name__ == "__main__":
    unittest.main()
