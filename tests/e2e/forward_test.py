"""wscope forward: sockets, stdin and stdout through a WebSocket."""

import contextlib
import os
import re
import select
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from peer import BINARY, CLOSE, CONTINUATION, TEXT, close_payload, closed_port, reject, scripted
from support import DEADLINE, Case, Server, Serving, eventually, finish, read_exactly, run, sanitized, start

NORMAL, GOING_AWAY = close_payload(1000), close_payload(1001)


class Forward(Serving):
    """`wscope forward` that listens, ready once this is made."""

    LINE = re.compile(r"Listening on (?:unix:(.+)|(?:udp:)?\[?([^\]]+?)\]?:(\d+)) for (\S+) "
                      r"\(press CTRL\+C to quit\)\n")

    def __init__(self, *arguments, **options):
        self.process = start("forward", *arguments, **{"stdin": subprocess.DEVNULL, **options})
        self.line = self.process.stderr.readline().decode()
        match = self.LINE.fullmatch(self.line)
        if not match:
            self.process.kill()
            raise AssertionError(f"not ready: {self.line!r}")
        self.path, self.host, self.port, self.url = match.groups()

    def connect(self):
        if self.path:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(DEADLINE)
            connection.connect(self.path)
            return connection
        return socket.create_connection((self.host, int(self.port)), DEADLINE)


def read_all(connection):
    pieces = []
    while piece := connection.recv(1 << 16):
        pieces.append(piece)
    return b"".join(pieces)


def accepted(script):
    """A script of a server that has shaken hands."""
    def whole(peer):
        peer.request = peer.accept()
        return script(peer)
    return whole


class Sockets(Case):
    def test_bytes_of_a_connection_are_binary_messages(self):
        def script(peer):
            request = peer.accept()
            peer.send(TEXT, b"hello ")
            peer.send(BINARY, b"wor", fin=False)
            peer.send(CONTINUATION, b"ld")
            frame = peer.read_frame()
            self.assertEqual(peer.finish(), NORMAL)
            return request, frame
        with scripted(script) as served, Forward("-w", "0.2", "0", served.url + "path") as forward:
            self.assertEqual(forward.url, served.url + "path")
            with forward.connect() as connection:
                data = b""
                while len(data) < 11:
                    data += connection.recv(100)
                self.assertEqual(data, b"hello world")
                connection.sendall(b"\0\xffbytes")
                connection.shutdown(socket.SHUT_WR)
                self.assertEqual(connection.recv(1), b"")
        request, frame = served.result
        self.assertIn("GET /path HTTP/1.1", request)
        self.assertNotIn("permessage-deflate", request)
        self.assertEqual((frame.opcode, frame.payload), (BINARY, b"\0\xffbytes"))

    def test_each_connection_has_its_own(self):
        with Server("echo", "0") as echo, Forward("0", echo.url) as forward:
            connections = [forward.connect() for _ in range(20)]
            for i, connection in enumerate(connections):
                connection.sendall(b"%d!" % i)
            for i, connection in enumerate(connections):
                expected = b"%d!" % i
                self.assertEqual(connection.recv(len(expected), socket.MSG_WAITALL), expected)
                connection.close()

    def test_a_unix_domain_socket(self):
        with tempfile.TemporaryDirectory() as folder, Server("echo", "0") as echo:
            path = f"{folder}/sock"
            with Forward(f"unix:{path}", echo.url) as forward:
                self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
                with forward.connect() as connection:
                    connection.sendall(b"through")
                    self.assertEqual(connection.recv(7, socket.MSG_WAITALL), b"through")
            self.assertFalse(os.path.exists(path))

    def test_options_of_the_connection(self):
        def script(peer):
            request = peer.accept("Sec-WebSocket-Protocol: binary")
            peer.close()
            peer.read_rest()
            return request
        with scripted(script) as served, Forward("-H", "X-Key: value", "-s", "binary", "--auth", "me:secret",
                                                 "0", served.url) as forward:
            with forward.connect() as connection:
                self.assertEqual(connection.recv(1), b"")
                connection.close()
        for line in ("X-Key: value", "Sec-WebSocket-Protocol: binary", "Authorization: Basic bWU6c2VjcmV0"):
            self.assertIn(line, served.result)

    def test_what_is_not_there_is_told_once_a_second_and_listening_goes_on(self):
        with closed_port() as port:
            with Forward("0", f"ws://127.0.0.1:{port}/") as forward:
                begin = time.monotonic()
                for _ in range(20):
                    with self.assertRaises(ConnectionResetError), forward.connect() as connection:
                        connection.recv(1)
                seconds = time.monotonic() - begin
                result = forward.stop()
        self.assertEqual((result.status, result.stdout), (0, b""))
        lines = result.stderr.splitlines()
        self.assertIn("connection refused", lines[0])
        self.assertLessEqual(len(lines), 1 + seconds)

    def test_a_refusal_resets_the_connection(self):
        with scripted(reject("403 Forbidden", body=b"no")) as served, Forward("0", served.url) as forward:
            with self.assertRaises(ConnectionResetError), forward.connect() as connection:
                connection.recv(1)
            self.assertIn("HTTP 403", forward.stop().stderr)

    def test_much_goes_both_ways(self):
        size = 24 << 20
        data = os.urandom(1 << 20) * (size >> 20)
        with Server("echo", "0") as echo, Forward("0", echo.url) as forward:
            with forward.connect() as connection:
                threading.Thread(target=connection.sendall, args=(data,), daemon=True).start()
                came = bytearray()
                while len(came) < size:
                    came += connection.recv(1 << 18)
            self.assert_bytes(bytes(came), data)
            self.assert_small(forward.process)

    def test_max_clients(self):
        with Server("echo", "0") as echo, Forward("--max-clients", "1", "0", echo.url) as forward:
            with forward.connect() as one:
                one.sendall(b"x")
                self.assertEqual(one.recv(1), b"x")
                with forward.connect() as two:
                    self.assertEqual(two.recv(1), b"")

    def test_a_signal_is_1001_for_all(self):
        def script(peer):
            peer.accept()
            peer.send(BINARY, b"x")
            return peer.finish()
        with scripted(script) as served:
            forward = Forward("0", served.url)
            with forward.connect() as connection:
                self.assertEqual(connection.recv(1), b"x")
                self.assertEqual(forward.stop(), (0, b"", ""))
                self.assertEqual(connection.recv(1), b"")
        self.assertEqual(served.result, GOING_AWAY)


class Ends(Case):
    def forwarded(self, script, *options):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        served = stack.enter_context(scripted(accepted(script)))
        forward = stack.enter_context(Forward(*options, "0", served.url))
        return served, forward, stack.enter_context(forward.connect())

    def test_after_the_local_end_the_peer_is_heard(self):
        def script(peer):
            self.assertEqual(peer.read_frame().payload, b"question")
            for word in (b"a ", b"slow ", b"answer"):
                time.sleep(0.2)
                peer.send(BINARY, word)
            return peer.finish()
        served, forward, connection = self.forwarded(script, "-w", "0.5")
        connection.sendall(b"question")
        connection.shutdown(socket.SHUT_WR)
        self.assertEqual(read_all(connection), b"a slow answer")
        eventually(lambda: served.results)
        self.assertEqual(served.result, NORMAL)

    def test_or_it_is_a_close_at_once(self):
        def script(peer):
            self.assertEqual(peer.read_frame().payload, b"question")
            frame = peer.read_frame()
            peer.send(BINARY, b"an answer", fin=False)
            peer.send(CONTINUATION, b" in between")
            peer.close(1000)
            peer.read_rest()
            return frame
        served, forward, connection = self.forwarded(script, "--eof", "close")
        connection.sendall(b"question")
        connection.shutdown(socket.SHUT_WR)
        self.assertEqual(read_all(connection), b"an answer in between")
        eventually(lambda: served.results)
        self.assertEqual(served.result[:2], (CLOSE, NORMAL))

    def test_close_1000_closes_a_half(self):
        def script(peer):
            peer.send(BINARY, b"all")
            peer.close(1000)
            frames = []
            while not frames or frames[-1].opcode != CLOSE:
                frames.append(peer.read_frame())
            return frames
        served, forward, connection = self.forwarded(script)
        self.assertEqual(read_all(connection), b"all")
        connection.sendall(b"the rest")
        connection.close()
        eventually(lambda: served.results)
        *data, close = served.result
        self.assertEqual(b"".join(frame.payload for frame in data), b"the rest")
        self.assertEqual([frame.fin for frame in data], [False] * (len(data) - 1) + [True])
        self.assertEqual(close.payload, NORMAL)

    def test_a_local_reader_that_is_gone_is_1001(self):
        def script(peer):
            with contextlib.suppress(OSError):
                while True:
                    peer.send(BINARY, bytes(1000))
                    ready, _, _ = select.select([peer.socket], [], [], 0.01)
                    if ready:
                        return peer.read_frame()
        served, forward, connection = self.forwarded(script)
        connection.recv(10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
        eventually(lambda: served.results)
        self.assertEqual(served.result[:2], (CLOSE, GOING_AWAY))

    def test_a_loss_and_another_code_reset_the_local_side(self):
        for name, script in {"4000": lambda peer: (peer.close(4000), peer.read_rest()),
                             "reset": lambda peer: peer.reset()}.items():
            with self.subTest(name), scripted(accepted(script)) as served:
                forward = Forward("0", served.url)
                with self.assertRaises(ConnectionResetError), forward.connect() as connection:
                    connection.recv(1)
                self.assertEqual(forward.stop().status, 0)

    def test_between_two_of_ours_a_half_can_be_closed(self):
        def script(peer):
            data = read_all(peer.socket)
            time.sleep(0.1)
            peer.write(data[::-1])
            return data
        with socket.create_server(("127.0.0.1", 0)) as listener, scripted(script, listener=listener) as served, \
                Server("listen", "--relay", f"tcp:127.0.0.1:{served.port}", "0") as relay, \
                Forward("--eof", "close", "0", relay.url) as forward:
            with forward.connect() as connection:
                connection.sendall(b"stressed")
                connection.shutdown(socket.SHUT_WR)
                self.assertEqual(read_all(connection), b"desserts")
        self.assertEqual(served.result, b"stressed")


class Datagrams(Case):
    def source(self, forward):
        connection = socket.socket(type=socket.SOCK_DGRAM)
        connection.settimeout(DEADLINE)
        connection.connect((forward.host, int(forward.port)))
        self.addCleanup(connection.close)
        return connection

    def test_each_source_has_a_connection_and_its_answers(self):
        with Server("echo", "0") as echo, Forward("udp:0", echo.url) as forward:
            self.assertIn("Listening on udp:127.0.0.1:", forward.line)
            sources = [self.source(forward) for _ in range(5)]
            for i, source in enumerate(sources):
                for j in range(3):
                    source.send(b"%d %d" % (i, j))
            for i, source in enumerate(sources):
                self.assertEqual([source.recv(100) for _ in range(3)], [b"%d %d" % (i, j) for j in range(3)])

    def test_answers_come_from_the_address_that_was_asked(self):
        with Server("echo", "0") as echo, Forward("udp:0.0.0.0:0", echo.url) as forward:
            forward.host = "127.0.0.2"
            source = self.source(forward)  # which hears of that address alone
            source.send(b"x")
            self.assertEqual(source.recv(10), b"x")

    def test_an_idle_source_is_closed_and_may_come_again(self):
        def script(peer):
            peer.accept()
            frame = peer.read_frame()
            return frame.payload, peer.finish()
        with scripted(script, script) as served, Forward("--idle", "0.3", "udp:0", served.url) as forward:
            source = self.source(forward)
            for data in (b"one", b"two"):
                source.send(data)
                eventually(lambda: any(result[0] == data for result in served.results))
            self.assertEqual(served.results, [(b"one", NORMAL), (b"two", NORMAL)])

    def test_there_are_no_more_sources_than_may_be(self):
        with Server("echo", "0") as echo, Forward("--max-clients", "1", "udp:0", echo.url) as forward:
            one, two = self.source(forward), self.source(forward)
            one.send(b"x")
            self.assertEqual(one.recv(10), b"x")
            two.send(b"y")
            one.send(b"z")
            self.assertEqual(one.recv(10), b"z")
            two.settimeout(0.1)
            self.assertRaises(TimeoutError, two.recv, 10)

    def test_a_url_that_fails_is_tried_once_a_second(self):
        with closed_port() as port:
            forward = Forward("udp:0", f"ws://127.0.0.1:{port}/")
            source = self.source(forward)
            begin = time.monotonic()
            for _ in range(50):
                source.send(b"x")
                time.sleep(0.005)
            result = forward.stop()
            seconds = time.monotonic() - begin
        self.assertEqual(result.status, 0)
        self.assertIn("connection refused", result.stderr)
        self.assertLessEqual(len(result.stderr.splitlines()), 1 + seconds)


class Stdio(Case):
    def test_stdin_and_stdout_are_forwarded(self):
        with Server("echo", "0") as echo:
            data = os.urandom(3 << 20)
            result = run("forward", "-w", "0.5", "-", echo.url, stdin=data)
            self.assertEqual((result.status, result.stderr), (0, ""))
            self.assert_bytes(result.stdout, data)

    def test_stdout_comes_to_its_end_as_the_peer_says(self):
        def script(peer):
            peer.send(BINARY, b"all")
            peer.close(1000)
            frame = peer.read_frame()
            while frame.opcode != CLOSE:
                frame = peer.read_frame()
            return frame.payload
        with scripted(accepted(script)) as served:
            process = start("forward", "-", served.url)
            self.assertEqual(process.stdout.read(), b"all")  # to its end, while stdin is open
            self.assertEqual(finish(process, b"rest"), (0, b"", ""))
        self.assertEqual(served.result, NORMAL)

    def test_exit_statuses_are_those_of_connect(self):
        with closed_port() as port:
            result = run("forward", "-", f"ws://127.0.0.1:{port}/")
            self.assertEqual(result.status, 4)
            self.assertIn("connection refused", result.stderr)
        with scripted(reject("403 Forbidden")) as served:
            self.assertEqual(run("forward", "-", served.url).status, 6)
        with scripted(accepted(lambda peer: (peer.close(4000, "no"), peer.read_rest()))) as served:
            process = start("forward", "-", served.url)
            result = finish_open(process)
            self.assertEqual(result.status, 9)
            self.assertIn("4000", result.stderr)
        with scripted(accepted(lambda peer: peer.reset())) as served:
            self.assertEqual(finish_open(start("forward", "-", served.url)).status, 8)

    def test_it_ends_at_once_when_its_pipes_are_closed_or_its_starter_hangs_up(self):
        def closes_pipes(process):
            process.stdout.close()
            process.stdin.close()

        def hangs_up(process):
            process.send_signal(signal.SIGHUP)

        def script(peer):
            peer.accept()
            peer.send(BINARY, b"x")
            frame = peer.read_frame()  # which is not answered
            peer.read_rest()
            return frame.payload

        def time_to_leave(leave, status):
            with scripted(script) as served:
                process = start("forward", "-", served.url)
                self.assertEqual(read_exactly(process.stdout, 1), b"x")
                begin = time.monotonic()
                leave(process)
                self.assertEqual(process.wait(DEADLINE), status)
                took = time.monotonic() - begin
                for pipe in (process.stdin, process.stdout, process.stderr):
                    pipe.close()
            self.assertEqual(served.result, GOING_AWAY)
            return took
        for name, leave, status in (("pipes", closes_pipes, 0), ("hang-up", hangs_up, 129),
                                    ("SIGTERM", lambda process: process.terminate(), 143)):
            with self.subTest(name):
                limit = 1 if sanitized() else 0.2  # on a machine that may be busy: of one of some
                self.assertTrue(any(time_to_leave(leave, status) <= limit for _ in range(10)))

    def test_back_pressure(self):
        def script(peer):
            peer.write_meanwhile(*[b"\x82\x7f" + (1 << 20).to_bytes(8, "big") + bytes(1 << 20)] * 64)
            eventually(lambda: self.reads)
            peer.close()
            peer.read_rest()
        self.reads = []
        with scripted(accepted(script)) as served:
            process = start("forward", "-", served.url)
            read_exactly(process.stdout, 1)
            self.assert_waits(process)
            self.assert_small(process)
            self.assertEqual(len(read_exactly(process.stdout, (64 << 20) - 1)), (64 << 20) - 1)
            self.reads.append(True)
            self.assertEqual(finish(process).status, 0)


class Raw(Case):
    def test_connect_has_raw_bytes_too(self):
        with Server("echo", "0") as echo:
            data = os.urandom(1 << 20)
            result = run("--in", "raw", "--out", "raw", echo.url, stdin=data)
            self.assert_bytes(result.stdout, data)


class Usage(Case):
    def test_what_makes_no_sense(self):
        for arguments in ([], ["-"], ["0"], ["0", "ws://localhost", "more"], ["--reconnect", "0", "ws://localhost"],
                          ["nonsense", "ws://localhost"], ["udp:", "ws://localhost"], ["udp:unix:/x", "ws://localhost"],
                          ["--unix-mode", "600", "0", "ws://localhost"],
                          ["0", "ftp://me:secret@localhost"]):
            with self.subTest(arguments):
                result = run("forward", *arguments)
                self.assertEqual((result.status, result.stdout), (2, b""), result.stderr)
                self.assertNotIn("secret", result.stderr)

    def test_an_address_in_use_is_an_error(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            result = run("forward", f"127.0.0.1:{listener.getsockname()[1]}", "ws://localhost")
            self.assertEqual((result.status, result.stdout), (1, b""))
            self.assertIn("in use", result.stderr)


def finish_open(process):
    """The end of a process whose stdin stays open until then."""
    with contextlib.ExitStack() as stack:
        process.wait(DEADLINE)
        return finish(process)


if __name__ == "__main__":
    unittest.main()
