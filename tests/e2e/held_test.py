"""Whatever a peer floods or drips, and whoever does not read, --timeout and one signal are obeyed, and soon.

Soon is two seconds, not counting those in which the system let others run though this one would (see waited).
"""

import concurrent.futures
import contextlib
import itertools
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import unittest
import zlib

import authority
from peer import BINARY, CLOSE, PING, TEXT, Peer, encode, frame_head, silent_port
from secure import server_context
from support import DEADLINE, Case, feed, start

SOON = 2
TIMEOUT = 1  # seconds, as --timeout
AT_ONCE = 8  # rows that run at the same time
SIGNALLED = 128 + signal.SIGTERM


def waited(process):
    """The seconds for which a process has been ready to run while the system ran others."""
    fields = pathlib.Path(f"/proc/{process.pid}/schedstat").read_text().split()
    return int(fields[1]) / 1e9


def wait_for_end(process):
    """Waits until a process has ended, and leaves it for others to wait for. False if that takes too long."""
    end = time.monotonic() + DEADLINE / 2
    while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def time_to_end(process, signalled, began):
    """How long it takes a process to obey: `signalled`, from now on; otherwise, what it took beyond TIMEOUT since it
    `began`. It has ended then, or is killed."""
    others = 0
    if signalled:
        others, began = waited(process), time.monotonic()
        process.terminate()
    ended = wait_for_end(process)
    late = time.monotonic() - began - (waited(process) - others) - (0 if signalled else TIMEOUT)
    if not ended:
        process.kill()
    process.wait()
    return late if ended else DEADLINE


def flood(*pieces):
    """Says what is in `pieces` again and again, as fast as it is taken."""
    unit = b"".join(pieces)
    unit *= max(1, (1 << 16) // len(unit))

    def talk(peer):
        while True:
            peer.write(unit)
    return talk


def drip(data):
    """Says it byte by byte, again and again."""
    def talk(peer):
        for byte in itertools.cycle(data):
            peer.write(bytes([byte]))
            time.sleep(0.01)
    return talk


def once(first, then):
    def talk(peer):
        peer.write(first)
        then(peer)
    return talk


def silence(peer):
    peer.read_rest()


def asked(then):
    """Behind a request: of the client, or for the proxy."""
    def talk(peer):
        peer.read_head()
        then(peer)
    return talk


def opened(then, *headers):
    def talk(peer):
        peer.accept(*headers)
        then(peer)
    return talk


def closing(then):
    """Behind the client's Close, which is not answered."""
    def talk(peer):
        peer.accept()
        while peer.read_frame().opcode != CLOSE:
            pass
        then(peer)
    return talk


def greeted(then):
    """Behind the greeting of a SOCKS client."""
    def talk(peer):
        peer.take(3)
        then(peer)
    return talk


def bomb():
    """A compressed message of much, that is little on the wire."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(bytes(1 << 22)) + packer.flush(zlib.Z_SYNC_FLUSH)
    return encode(BINARY, data[:-4], rsv=4)


INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"
FIELDS = b"".join(b"X-%d: y\r\n" % i for i in range(1000))
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nX: y\r\n"
CHUNKED = REFUSAL + b"Transfer-Encoding: chunked\r\n\r\n"
DEFLATED = "Sec-WebSocket-Extensions: permessage-deflate"
# The head of a record, and of the handshake message in it, that say they are long.
TLS_BEGINNING = bytes.fromhex("1603030400" "02000300" "0303")

HTTP_PROXY, SOCKS_PROXY = ("--proxy", "http://{}", "ws://target.test/"), ("--proxy", "socks5h://{}", "ws://target.test/")
PLAIN, SECURE, OPEN, CLOSING = ("ws://{}/",), ("-n", "wss://{}/"), ("ws://{}/",), (
    "--eof", "close", "--close-timeout", "60", "ws://{}/")

# What the client is doing, what the peer does, how it is called, with which statuses it may end before its time.
STATES = {
    "proxy, 1xx flood": (asked(flood(INTERIM)), HTTP_PROXY, {4}),
    "proxy, 1xx drip": (asked(drip(INTERIM)), HTTP_PROXY, {4}),
    "proxy, field flood": (asked(once(b"HTTP/1.1 200 OK\r\n", flood(FIELDS))), HTTP_PROXY, {4}),
    "proxy, field drip": (asked(once(b"HTTP/1.1 200 OK\r\n", drip(FIELDS))), HTTP_PROXY, {4}),
    "proxy, silence": (silence, HTTP_PROXY, set()),
    "SOCKS, flood": (greeted(flood(b"\x05\x00")), SOCKS_PROXY, {4}),
    "SOCKS, drip": (greeted(once(b"\x05\x00\x05\x00\x00\x03\xff", drip(b"x"))), SOCKS_PROXY, {4, 6, 8}),
    "TLS, flood": (once(TLS_BEGINNING, flood(b"x")), SECURE, {5}),
    "TLS, records flood": (flood(bytes.fromhex("140303000101")), SECURE, {5}),
    "TLS, alerts flood": (flood(bytes.fromhex("15030300020100")), SECURE, {5}),
    "TLS, drip": (once(TLS_BEGINNING, drip(b"x")), SECURE, {5}),
    "TLS, silence": (silence, SECURE, set()),
    "head, 1xx flood": (asked(flood(INTERIM)), PLAIN, {6}),
    "head, 1xx drip": (asked(drip(INTERIM)), PLAIN, {6}),
    "head, field flood": (asked(once(b"HTTP/1.1 101 S\r\n", flood(FIELDS))), PLAIN, {6}),
    "head, field drip": (asked(once(b"HTTP/1.1 101 S\r\n", drip(FIELDS))), PLAIN, {6}),
    "head, silence": (silence, PLAIN, set()),
    "body, flood": (asked(once(REFUSAL + b"\r\n", flood(b"x" * 1000))), PLAIN, {6}),
    "body, chunks flood": (asked(once(CHUNKED, flood(b"1\r\nx\r\n"))), PLAIN, {6}),
    "body, drip": (asked(once(REFUSAL + b"\r\n", drip(b"x"))), PLAIN, {6}),
    "body, chunks drip": (asked(once(CHUNKED, drip(b"1;y=z\r\nx\r\n"))), PLAIN, {6}),
    "open, message flood": (opened(flood(encode(TEXT, b"x"))), OPEN, set()),
    "open, ping flood": (opened(flood(encode(PING, b"x"))), OPEN, set()),
    "open, endless message": (opened(once(frame_head(TEXT, 1 << 40), flood(b"x"))), OPEN, set()),
    "open, empty fragments flood": (
        opened(once(encode(TEXT, fin=False), flood(encode(0, fin=False)))), OPEN, set()),
    "open, bomb flood": (opened(flood(bomb()), DEFLATED), OPEN, set()),
    "open, drip": (opened(drip(encode(TEXT, b"xxxx"))), OPEN, set()),
    "open, --json flood": (opened(flood(encode(TEXT, b"x"))), ("--json", *OPEN), set()),
    "open, --json bomb flood": (opened(flood(bomb()), DEFLATED), ("--json", *OPEN), set()),
    "open, --until flood": (opened(flood(encode(TEXT, b"a" * 10_000))), ("--until", "a.*b.*c", *OPEN), set()),
    "open, --frames flood": (opened(flood(encode(PING, b"x"))), ("--frames", *OPEN), set()),
    "closing, message flood": (closing(flood(encode(TEXT, b"x"))), CLOSING, set()),
    "closing, ping flood": (closing(flood(encode(PING, b"x"))), CLOSING, set()),
    "closing, drip": (closing(drip(encode(TEXT, b"xxxx"))), CLOSING, set()),
    "closing, silence": (closing(silence), CLOSING, set()),
}


def ends(signalled, by_itself):
    """The statuses of what is signalled or timed out. A signal kills what has ended `by_itself` and is about to exit."""
    return ({SIGNALLED} | ({-signal.SIGTERM} if by_itself else set())) if signalled else {10}


class Row:
    """A client, and the peer that it is left alone with."""

    def __init__(self, name, talk, arguments, tls=None):
        self.name, self.talk, self.tls = name, talk, tls
        self.begun = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.arguments = [argument.format(self.address) for argument in arguments]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError, EOFError):
            connection, _ = self.listener.accept()
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                peer = Peer(connection, client=False)
                write = peer.write

                def note(data):
                    self.begun.set()
                    write(data)
                peer.write = note
                self.talk(peer)

    def run(self, *arguments, signalled, **streams):
        """The exit status, and how long it took from when it should have ended."""
        closes = "--eof" in self.arguments
        usual = {"stdin": subprocess.DEVNULL if closes else subprocess.PIPE, "stdout": subprocess.DEVNULL,
                 "stderr": subprocess.DEVNULL}
        began = time.monotonic()
        with self.listener, start(*arguments, *self.arguments, **{**usual, **streams}) as client:
            if signalled:
                self.begun.wait(SOON)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    client.wait(0.3)  # it is in the middle of it
                if client.returncode is not None:  # it needed no signal
                    return client.returncode, 0
            late = time_to_end(client, signalled, began)
        return client.returncode, late


class Held(Case):
    def check(self, rows):
        """`rows`: (name, statuses, function that runs it)."""
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            ends = [(name, statuses, pool.submit(run)) for name, statuses, run in rows]
            found = [(name, statuses, *end.result()) for name, statuses, end in ends]
        for name, statuses, status, late in found:
            with self.subTest(name):
                self.assertIn(status, statuses)
                self.assertLess(late, SOON)

    def rows(self, signalled, *arguments):
        for name, (talk, how, statuses) in STATES.items():
            def run(name=name, talk=talk, how=how):
                return Row(name, talk, how).run(*arguments, signalled=signalled)
            yield name, statuses | ends(signalled, bool(statuses)), run

    def test_timeout_is_obeyed_in_every_state(self):
        self.check(self.rows(False, "--timeout", str(TIMEOUT)))

    def test_a_signal_is_obeyed_in_every_state(self):
        self.check(self.rows(True))

    def test_both_are_obeyed_while_nothing_answers(self):
        with silent_port() as port:
            def run(signalled, *arguments):
                row = Row("silent", silence, (f"ws://127.0.0.1:{port}/",))
                return row.run(*arguments, signalled=signalled)
            self.check([("timeout", {10}, lambda: run(False, "--timeout", str(TIMEOUT))),
                        ("signal", {SIGNALLED}, lambda: run(True))])

    def test_both_are_obeyed_inside_tls(self):
        context = server_context(authority.good())

        def run(talk, signalled, *arguments):
            return Row("tls", talk, SECURE, context).run(*arguments, signalled=signalled)
        talks = {"flood": opened(flood(encode(TEXT, b"x"))), "drip": opened(drip(encode(TEXT, b"xxxx"))),
                 "proxy": asked(flood(INTERIM))}
        rows = []
        for name, talk in talks.items():
            rows.append((name, {10, 6}, lambda talk=talk: run(talk, False, "--timeout", str(TIMEOUT))))
            rows.append((name, {6} | ends(True, True), lambda talk=talk: run(talk, True)))
        self.check(rows)

    def test_a_proxy_inside_tls_that_floods(self):
        context = server_context(authority.good())

        def run(signalled, *arguments):
            row = Row("proxy", asked(flood(INTERIM)), ("-n", "--proxy", "https://{}", "ws://target.test/"), context)
            return row.run(*arguments, signalled=signalled)
        self.check([("timeout", {10, 4}, lambda: run(False, "--timeout", str(TIMEOUT))),
                    ("signal", {4} | ends(True, True), lambda: run(True))])

    def test_connect_timeout_is_obeyed_by_what_a_proxy_floods(self):
        def run():
            row = Row("proxy", asked(drip(INTERIM)), HTTP_PROXY)
            return row.run("--connect-timeout", str(TIMEOUT), signalled=False)
        self.check([("connect-timeout", {4}, run)])

    def test_a_script_obeys(self):
        def run(signalled, *arguments):
            row = Row("script", opened(flood(encode(TEXT, b"x"))), ("--commands", "/dev/stdin", "ws://{}/"))
            return row.run(*arguments, signalled=signalled)
        self.check([("timeout", {10}, lambda: run(False, "--timeout", str(TIMEOUT))),
                    ("signal", {SIGNALLED}, lambda: run(True))])


class NobodyReads(Case):
    def end(self, stream, signalled, *arguments):
        reader, writer = os.pipe()
        began = time.monotonic()
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: writer}
        with start("echo:", *arguments, **streams) as client:
            os.close(writer)
            feed(client.stdin, b"x" * 200 + b"\n", *[b"x" * 200 + b"\n"] * 20_000)
            if signalled:
                time.sleep(0.5)
            late = time_to_end(client, signalled, began)
        os.close(reader)
        self.assertLess(late, SOON)
        return client.returncode

    def test_stdout(self):
        self.assertEqual(self.end("stdout", False, "--timeout", str(TIMEOUT)), 10)
        self.assertEqual(self.end("stdout", True), SIGNALLED)
        self.assertEqual(self.end("stdout", True, "--json"), SIGNALLED)

    def test_stderr(self):
        for options in (["-vv"], ["--frames"]):
            self.assertEqual(self.end("stderr", False, "--timeout", str(TIMEOUT), *options), 10)
            self.assertEqual(self.end("stderr", True, *options), SIGNALLED)

    def test_a_server_serves_on(self):
        reader, writer = os.pipe()
        with start("echo", "0", "-vv", stdin=subprocess.DEVNULL, stderr=writer) as server:
            os.close(writer)
            line = b""
            while not line.endswith(b"\n"):
                line += os.read(reader, 1)
            port = int(line.split(b":")[2].split(b"/")[0])
            for _ in range(20):
                with socket.create_connection(("127.0.0.1", port), DEADLINE) as connection:
                    peer = Peer(connection, client=True)
                    peer.connect()
                    peer.send(BINARY, bytes(60_000))
                    self.assertEqual(len(peer.read_message()[1]), 60_000)
            server.terminate()
            self.assertEqual(server.wait(DEADLINE), 0)
        os.close(reader)


if __name__ == "__main__":
    unittest.main()
