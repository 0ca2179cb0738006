"""What is held of messages: an echo for clients that write before they read, how much all of it may be, and what comes
of memory that cannot be had."""

import contextlib
import os
import re
import resource
import select
import selectors
import socket
import subprocess
import tempfile
import unittest
import zlib

from peer import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, connected, encode, header, scripted
from support import DEADLINE, MEMORY_LIMIT, Case, Server, eventually, peak_memory, read_exactly, run, sanitized

MIB = 1 << 20
HELD = "more than {} bytes of messages would have to be held (--max-held); we sent 1013"
TRY_AGAIN = b"\x03\xf5"


def deflated(data, level=9):
    compressor = zlib.compressobj(level, wbits=-15)
    return (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def deflated_piece(data):
    """What can be repeated."""
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH)


def limit_memory(size):
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))


def payload_of(size):
    return bytes(range(251)) * (size // 251) + bytes(size % 251)


def send_some(connection, data):
    """As much as is taken at once; how much that was."""
    try:
        return connection.send(data)
    except BlockingIOError:
        return 0


class Echo(Case):
    def test_of_a_client_that_writes_all_before_it_reads(self):
        whole = payload_of(16 * MIB)
        for arguments in (["echo", "0"], ["listen", "--echo", "0"], ["listen", "--echo", "--json", "0"]):
            with self.subTest(arguments):
                server = Server(*arguments, stdout=subprocess.DEVNULL)
                with connected(server) as client:
                    client.write(encode(BINARY, whole, masked=True))
                    frame = client.read_frame()
                    self.assertEqual((frame.opcode, frame.fin), (BINARY, True))
                    self.assert_bytes(frame.payload, whole)
                self.assertEqual(server.stop(), (0, None, ""))

    def test_of_one_that_writes_many_messages_before_it_reads(self):
        message = payload_of(MIB)
        for fin in (True, False):
            with self.subTest(fin=fin), Server() as server, connected(server) as client:
                data = encode(BINARY, message, masked=True, fin=fin)
                more = data if fin else encode(CONTINUATION, message, masked=True, fin=False)
                client.write(data + more * 11 + (b"" if fin else encode(CONTINUATION, b"end", masked=True)))
                client.send(PING, b"behind all")
                for number in range(12):
                    frame = client.read_frame()
                    self.assertEqual((frame.opcode, frame.fin), (CONTINUATION if number and not fin else BINARY, fin))
                    self.assert_bytes(frame.payload, message)
                if not fin:
                    self.assertEqual(client.read_frame()[:3], (CONTINUATION, b"end", True))
                self.assertEqual(client.read_frame()[:2], (PONG, b"behind all"))

    def test_keeps_the_frames_of_a_message(self):
        text = b"hello hello " * (MIB // 12)
        with Server() as server:
            with connected(server) as client:
                for sizes in ((MIB,), (100_000, 1, 200_000), (3, 4)):
                    for number, size in enumerate(sizes):
                        client.send(CONTINUATION if number else TEXT, b"x" * size, fin=number == len(sizes) - 1)
                    heard = [client.read_frame() for _ in sizes]
                    self.assertEqual([len(frame.payload) for frame in heard], list(sizes))
                    self.assertTrue(heard[-1].fin)
            with connected(server, "Sec-WebSocket-Extensions: permessage-deflate") as client:
                client.send(TEXT, deflated(text), rsv=4)
                frame = client.read_frame()
                self.assertEqual((frame.opcode, frame.fin, frame.rsv), (TEXT, True, 4))
                self.assert_bytes(zlib.decompressobj(wbits=-15).decompress(frame.payload + b"\0\0\xff\xff"), text)

    def test_of_a_frame_that_is_too_long_to_hold_comes_in_pieces(self):
        payload = payload_of(3 * MIB)
        with Server("echo", "--max-held", "1M", "0") as server, connected(server) as client:
            client.send_meanwhile(BINARY, payload)
            frames = [client.read_frame()]
            while not frames[-1].fin:
                frames.append(client.read_frame())
            self.assertGreater(len(frames), 1)
            self.assertTrue(all(frame.payload for frame in frames))
            self.assert_bytes(b"".join(frame.payload for frame in frames), payload)
            self.assert_small(server.process)

    def test_of_many_that_write_before_they_read_goes_on_one_after_the_other(self):
        # Together they want four times what there is.
        message = payload_of(MIB)
        data = encode(BINARY, message, masked=True) * 2
        with Server("echo", "--max-size", "4M", "--max-held", "64M", "0") as server, contextlib.ExitStack() as stack:
            clients = [stack.enter_context(connected(server)) for _ in range(32)]
            selector = stack.enter_context(selectors.DefaultSelector())
            for client in clients:
                client.socket.setblocking(False)
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
                selector.register(client.socket, selectors.EVENT_WRITE, [client, 0])
            done = 0
            while done < len(clients):
                for key, _ in selector.select(DEADLINE):
                    key.data[1] += send_some(key.fileobj, data[key.data[1] : key.data[1] + (1 << 18)])
                    if key.data[1] < len(data):
                        continue
                    selector.unregister(key.fileobj)
                    client = key.data[0]
                    client.socket.settimeout(DEADLINE)
                    for _ in range(2):
                        self.assert_bytes(client.read_message()[1], message)
                    done += 1
            if not sanitized():
                self.assertLess(peak_memory(server.process), MEMORY_LIMIT + (32 << 20))

    def test_of_a_mebibyte_for_500_clients_at_once(self):
        data = memoryview(encode(BINARY, payload_of(MIB), masked=True) + encode(PING, b"behind it", masked=True))
        end = encode(PONG, b"behind it")
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        room = bytearray(MIB)
        with Server() as server, contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
            for _ in range(500):
                client = stack.enter_context(connected(server)).socket
                client.setblocking(False)
                for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):  # so that it is the server who has to hold it
                    client.setsockopt(socket.SOL_SOCKET, option, 1 << 15)
                selector.register(client, selectors.EVENT_WRITE, [0, 0, b""])
            while selector.get_map():
                for key, ready in selector.select(DEADLINE):
                    client, state = key.fileobj, key.data
                    if ready & selectors.EVENT_WRITE:
                        state[0] += send_some(client, data[state[0] : state[0] + (1 << 16)])
                        if state[0] == len(data):
                            selector.modify(client, selectors.EVENT_READ, state)
                        continue
                    size = client.recv_into(room)
                    self.assertGreater(size, 0)
                    state[1] += size
                    state[2] = (state[2] + room[max(0, size - len(end)) : size])[-len(end) :]
                    if state[2] == end:
                        selector.unregister(client)
                        self.assertGreater(state[1], MIB)
            if not sanitized():
                self.assertLess(peak_memory(server.process), MEMORY_LIMIT + 64 * MIB)

    def test_names_a_client_that_stays_stuck_once(self):
        data = memoryview(encode(BINARY, bytes(60_000), masked=True) * 500)
        server = Server("echo", "--max-size", "1M", "--ping-interval", "60", "--ping-timeout", "0.2", "0")
        with connected(server) as client:
            client.socket.setblocking(False)
            sent = [0]

            def is_named():
                size = send_some(client.socket, data[sent[0] :])
                sent[0] += size
                return size == 0 and select.select([server.process.stderr], [], [], 0)[0]
            eventually(is_named)
            line = server.process.stderr.readline().decode()
            self.assertRegex(line, r"^wscope: client 1: does not read its answers: \d+ bytes wait for it\n$")
            client.reset()
        status, out, err = server.stop()
        self.assertEqual((status, out), (0, b""))
        self.assertNotIn("does not read", err)


class Held(Case):
    def hold(self, server, count, size):
        """Clients that have sent all but the end of a message that inflates to `size`."""
        start = deflated(bytes(size))
        clients = [self.enter(connected(server, "Sec-WebSocket-Extensions: permessage-deflate")) for _ in range(count)]
        for client in clients:
            client.write(encode(BINARY, start, masked=True, fin=False, rsv=4) + encode(PING, b"read", masked=True))
        return clients

    def enter(self, context):
        entered = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return entered

    def split(self, clients):
        """Who is heard, and who was closed."""
        alive, closed = [], []
        for client in clients:
            frame = client.read_frame()
            if frame.opcode == CLOSE:
                self.assertEqual(frame.payload[:2], TRY_AGAIN)
                closed.append(client)
            else:
                self.assertEqual(frame[:2], (PONG, b"read"))
                alive.append(client)
        return alive, closed

    def test_by_all_clients_of_a_server_has_a_limit(self):
        size = 2_000_000
        server = Server("listen", "--out", "hex", "--max-held", "16M", "0")
        self.addCleanup(server.stop)
        alive, closed = self.split(self.hold(server, 12, size))
        self.assertGreaterEqual(len(alive), 4)
        self.assertGreaterEqual(len(closed), 3)
        for _ in closed:
            line = server.process.stderr.readline().decode()
            self.assertRegex(line, r"^wscope: client \d+: " + re.escape(HELD.format(16 * MIB)) + r"\n$")
        alive[0].send(CONTINUATION, b"")
        self.assertEqual(read_exactly(server.process.stdout, 2 * size), b"0" * 2 * size)

    @unittest.skipIf(sanitized(), "needs all the memory there is")
    def test_is_less_than_what_the_system_gives(self):
        server = Server("listen", "0", stdout=subprocess.DEVNULL, preexec_fn=limit_memory(400 << 20))
        self.addCleanup(server.stop)
        alive, closed = self.split(self.hold(server, 40, 15_000_000))
        self.assertGreaterEqual(len(alive), 12)
        self.assertGreaterEqual(len(closed), 20)
        for client in alive:
            client.send(PING, b"still here")
            self.assertEqual(client.read_frame()[:2], (PONG, b"still here"))

    def test_by_a_client_has_a_limit(self):
        def script(peer):
            peer.accept()
            peer.write(encode(TEXT, b"x" * 600_000, fin=False) + encode(CONTINUATION, b"x" * 600_000))
            frame = peer.read_frame()
            peer.send(CLOSE, frame.payload)
            return frame.payload
        with scripted(script) as server:
            result = run("--json", "--max-held", "1M", "--eof", "hold", server.url)
        self.assertEqual((result.status, result.stderr.splitlines()[-1]), (7, f"wscope: {HELD.format(MIB)}"))
        self.assertEqual(server.result[:2], TRY_AGAIN)


@unittest.skipIf(sanitized(), "needs all the memory there is")
class OutOfMemory(Case):
    WORDS = "wscope: out of memory\n"

    def test_costs_a_server_one_connection(self):
        server = Server("listen", "--max-held", "4G", "--max-size", "1G", "0", stdout=subprocess.DEVNULL,
                        preexec_fn=limit_memory(200 << 20))
        with connected(server) as other:
            with connected(server, "Sec-WebSocket-Extensions: permessage-deflate") as client:
                with contextlib.suppress(OSError):
                    client.write(encode(BINARY, deflated_piece(bytes(16 * MIB)) * 20, masked=True, fin=False, rsv=4))
                lines = [server.process.stderr.readline().decode() for _ in range(2)]
                self.assertIn("wscope: client 2: out of memory: the connection is lost\n", lines)
            other.send(PING, b"still here")
            self.assertEqual(other.read_frame()[:2], (PONG, b"still here"))
        self.assertEqual(server.stop(), (0, None, ""))

    def test_ends_a_client(self):
        def script(peer):
            peer.accept()
            with contextlib.suppress(OSError):
                peer.write(encode(BINARY, bytes(300 * MIB)))
        with scripted(script) as server:
            result = run("--until", "x", "--max-size", "1G", "--eof", "hold", server.url,
                         preexec_fn=limit_memory(200 << 20))
        self.assertEqual((result.status, result.stderr), (1, self.WORDS))

    def test_of_what_comes_from_stdin_ends_a_client(self):
        result = run("--in", "hex", "--max-size", "1G", "echo:", stdin=b"0" * (200 * MIB),
                     preexec_fn=limit_memory(200 << 20))
        self.assertEqual((result.status, result.stderr), (1, self.WORDS))


class Files(Case):
    def test_without_an_end_are_refused(self):
        for arguments in (["--ca", "/dev/zero"], ["--cert", "/dev/zero"], ["--key", "/dev/zero", "--cert", "/dev/zero"],
                          ["-H", "@/dev/zero"]):
            with self.subTest(arguments):
                result = run(*arguments, "wss://127.0.0.1:1/")
                self.assertIn(result.status, (1, 2))
                self.assertIn("/dev/zero: has more than 16777216 bytes", result.stderr)

    def test_of_cookies_may_be_pipes_and_have_an_end(self):
        with tempfile.TemporaryDirectory() as folder:
            pipe = f"{folder}/pipe"
            os.mkfifo(pipe)
            for path, feeder in (("/dev/zero", "true"), (pipe, f"exec cat /dev/zero >{pipe}")):
                with self.subTest(path), subprocess.Popen(["sh", "-c", feeder], stderr=subprocess.DEVNULL):
                    result = run("--cookie", f"@{path}", "ws://127.0.0.1:1/",
                                 preexec_fn=None if sanitized() else limit_memory(100 << 20))
                    self.assertEqual(result, (1, b"", f"wscope: {path}: has more than 16777216 bytes\n"))

            def script(peer):
                request = peer.accept()
                peer.finish()
                return request
            with scripted(script) as server, subprocess.Popen(["sh", "-c", f"echo a=b >{pipe}"]):
                self.assertEqual(run("--cookie", f"@{pipe}", "--eof", "close", server.url), (0, b"", ""))
            self.assertEqual(header(server.result, "Cookie"), "a=b")


if __name__ == "__main__":
    unittest.main()
