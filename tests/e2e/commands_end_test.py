"""How --commands ends, and what slow others are to it: as a client or a server in a pipe."""

import pathlib
import signal
import socket
import tempfile
import threading
import time
import unittest
import zlib

from peer import CLOSE, TEXT, Peer, connected, encode, scripted
from support import DEADLINE, Case, Server, eventually, finish, read_exactly, run, start

NOTHING = ("--commands", "/dev/null")
GOING_AWAY = b"\x03\xe9"
UNANSWERED = "wscope: connection lost: the peer did not answer the Close\n"
# More than all buffers of the system together.
MESSAGE = b"%099d" % 7 * 1000
MESSAGES = 200


def mute(peer):
    """A script: accepts and says nothing more, not even a Close."""
    peer.accept()
    peer.read_rest()


class SlowOthers(Case):
    def test_who_does_not_read_stdout_loses_nothing(self):
        asked_to_close = threading.Event()

        def script(peer):
            peer.accept()
            writer = threading.Thread(target=lambda: peer.write(encode(TEXT, MESSAGE) * MESSAGES), daemon=True)
            writer.start()
            close = peer.read_frame()
            asked_to_close.set()
            writer.join()
            peer.send(CLOSE, close.payload)
        for silence in ("0.2", "0"):
            with self.subTest(silence), scripted(script) as server:
                process = start(*NOTHING, "--wait", silence, server.url)
                if silence != "0":
                    self.assertFalse(asked_to_close.wait(1))
                self.assert_waits(process)
                self.assert_small(process)
                printed = (MESSAGE + b"\n") * MESSAGES
                self.assert_bytes(read_exactly(process.stdout, len(printed)), printed)
                self.assertEqual(finish(process), (0, b"", ""))

    def test_messages_that_were_small_on_the_wire_wait_for_stdout_too(self):
        message = bytes(1 << 20)
        packer = zlib.compressobj(wbits=-15)
        packed = encode(TEXT, (packer.compress(message) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4], rsv=4)

        def script(peer):
            peer.accept("Sec-WebSocket-Extensions: permessage-deflate")
            peer.write(packed * 50)
            peer.finish()
        with scripted(script) as server:
            process = start(*NOTHING, "--wait", "0.2", server.url)
            self.assert_waits(process)
            self.assert_small(process)
            printed = (message + b"\n") * 50
            self.assert_bytes(read_exactly(process.stdout, len(printed)), printed)
            self.assertEqual(finish(process), (0, b"", ""))

    def test_a_peer_that_reads_slowly_gets_all_of_it_before_the_silence_begins(self):
        go = threading.Event()

        def script(peer):
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)  # not more than the second message
            peer.accept()
            first = peer.read_message()
            go.wait()
            second = peer.read_message()
            peer.finish()
            return len(first[1]), len(second[1])
        with tempfile.TemporaryDirectory() as folder:
            big, commands, words = (pathlib.Path(folder, name) for name in ("big", "commands", "words"))
            big.write_bytes(b"x" * 9_000_000)
            commands.write_text(f"/file {big}\n/file {big}\n")
            with scripted(script) as server, words.open("wb") as stderr:
                process = start("--commands", commands, "--no-compress", "--frames", "--dump-size", "8", "-w", "0.1",
                                server.url, stderr=stderr)
                eventually(lambda: words.read_bytes().count(b"> TEXT") == 2)
                self.assert_waits(process)
                time.sleep(0.5)
                told = words.read_bytes()
                go.set()
                self.assertEqual(finish(process).status, 0)
            self.assertEqual((told.count(b"CLOSE"), words.read_bytes().count(b"> CLOSE")), (0, 1))
        self.assertEqual(server.result, (9_000_000, 9_000_000))

    def test_a_handshake_that_takes_longer_than_the_silence_is_waited_for(self):
        for option in (("-w", "0.1"), ("--eof", "close")):
            def script(peer):
                time.sleep(0.5)
                peer.accept()
                peer.send(TEXT, b"hello")
                return peer.finish()
            with self.subTest(option), scripted(script) as server:
                self.assertEqual(run(*NOTHING, *option, server.url), (0, b"hello\n", ""))
            self.assertEqual(server.result, b"\x03\xe8")
            self.assertEqual(run(*NOTHING, *option, "ws://127.0.0.1:1/").status, 4)

    def test_after_a_signal_what_nobody_reads_is_dropped(self):
        interrupted, enough = threading.Event(), threading.Event()

        def script(peer):
            peer.accept()
            peer.send(TEXT, b"ready")
            message, sent = encode(TEXT, bytes(1 << 16)), 0
            try:
                while True:
                    peer.write(message)
                    sent += interrupted.is_set()
                    if sent == 2000:
                        enough.set()
            except OSError:
                pass
        with scripted(script) as server:
            process = start(*NOTHING, "--close-timeout", "0", server.url)
            self.assertEqual(process.stdout.readline(), b"ready\n")
            self.assert_waits(process)
            process.send_signal(signal.SIGINT)
            interrupted.set()
            self.assertTrue(enough.wait(DEADLINE))
            self.assert_small(process)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(DEADLINE), 130)
            finish(process)


class TheEnd(Case):
    def test_what_goes_wrong_after_our_own_close_counts(self):
        for option in (("--eof", "close"), ("-w", "0.1")):
            with self.subTest(option), scripted(mute) as server:
                result = run(*NOTHING, *option, "--close-timeout", "0.2", server.url)
                self.assertEqual(result, (8, b"", UNANSWERED))

    def test_what_goes_wrong_after_a_quit_does_not(self):
        with scripted(mute) as server:
            result = run("--commands", "-", "--close-timeout", "0.2", server.url, stdin=b"hi\n/quit\n")
        self.assertEqual(result, (0, b"", ""))

    def test_what_cannot_be_printed_any_more_counts(self):
        def script(peer):
            peer.accept()
            close = peer.read_frame()
            peer.send(TEXT, b"late")
            peer.send(CLOSE, close.payload)
        with scripted(script) as server, open("/dev/full", "wb") as full:
            result = run(*NOTHING, "--eof", "close", server.url, stdout=full)
        self.assertEqual((result.status, result.stderr), (1, "wscope: standard output: no space left on device\n"))

    def test_comes_when_the_time_is_over_whoever_is_waited_for(self):
        for close_timeout in ("0", "30"):
            with self.subTest(close_timeout), scripted(mute) as server:
                result = run(*NOTHING, "--timeout", "0.5", "--eof", "close", "--close-timeout", close_timeout,
                             server.url)
                self.assertEqual(result, (10, b"", f"wscope: {server.url}: not over in 0.5 s (--timeout)\n"))

    def test_a_signal_does_not_wait_for_what_is_closing_already(self):
        closing = threading.Event()

        def script(peer):
            peer.accept()
            peer.read_frame()
            closing.set()
            peer.read_rest()
        with scripted(script) as server:
            process = start(*NOTHING, "--eof", "close", "--close-timeout", "0", server.url)
            self.assertTrue(closing.wait(DEADLINE))
            process.send_signal(signal.SIGINT)
            self.assertEqual(finish(process), (130, b"", ""))


class Servers(Case):
    def test_are_ended_by_a_signal_with_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                server = Server("listen", *NOTHING, "0")
                with connected(server) as client:
                    server.process.send_signal(number)
                    self.assertEqual(client.finish(), GOING_AWAY)
                self.assertEqual(finish(server.process), (0, b"", ""))

    def test_are_ended_at_once_by_a_second_signal_with_its_number(self):
        server = Server("listen", *NOTHING, "--close-timeout", "0", "0")
        with connected(server) as client:
            server.process.send_signal(signal.SIGINT)
            self.assertEqual(client.read_frame().payload, GOING_AWAY)
            self.assertEqual(server.stop(signal.SIGTERM), (143, b"", ""))

    def test_of_one_client_end_as_that_does(self):
        def lost(client):
            client.socket.shutdown(socket.SHUT_WR)
            client.read_rest()

        def failing(client):
            client.send(3)
            client.read_rest()

        def closing(client):
            client.close(4000, "bye")
            client.read_rest()

        def normal(client):
            client.close()
            client.read_rest()
        lost_words = "wscope: connection lost: without a Close from the peer\n"
        for script, status, words in ((lost, 8, lost_words), (failing, 7, "wscope: the peer broke the protocol: "),
                                      (closing, 9, "wscope: closed by the peer: 4000 "), (normal, 0, "")):
            with self.subTest(script.__name__):
                server = Server("listen", "--once", *NOTHING, "0")
                with connected(server) as client:
                    script(client)
                result = finish(server.process)
                self.assertEqual((result.status, result.stdout), (status, b""))
                self.assertTrue(result.stderr.startswith(words), result.stderr)
                self.assertEqual(bool(result.stderr), bool(words))

    def test_of_one_client_end_a_script_that_has_begun_them(self):
        process = start("--commands", "-")
        process.stdin.write(b"/listen --once 0\n")
        port = int(Server.LINE.fullmatch(process.stderr.readline().decode())[3])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            Peer(connection, client=True).connect()
        self.assertEqual(process.wait(DEADLINE), 8)
        self.assertEqual(finish(process)[1:], (b"", "wscope: connection lost: without a Close from the peer\n"))


if __name__ == "__main__":
    unittest.main()
