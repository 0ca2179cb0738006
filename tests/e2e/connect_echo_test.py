"""wscope connect --echo: every message comes back, for suites that test clients."""

import json
import signal
import threading
import unittest

from peer import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, scripted
from support import DEADLINE, Case, feed, finish, run, start


def conversation(*messages, code=1000):
    """A script: sends messages, wants each back, then closes."""
    def script(peer):
        request = peer.accept()
        for message in messages:
            peer.send(*message)
            back = peer.read_frame()
            if (back.opcode, back.payload, back.fin) != (*message, True):
                raise AssertionError(f"{len(message[1])} bytes came back as {back.opcode}, {len(back.payload)} bytes")
        peer.close(code)
        frame = peer.read_frame()
        return request, frame.opcode, frame.payload
    return script


class Echo(Case):
    def check(self, script, *arguments, status=0, stdout=b"", stderr=""):
        with scripted(script) as server:
            self.assertEqual(run("--echo", *arguments, server.url, stdin=b"not read"), (status, stdout, stderr))
        return server.result

    def test_messages_come_back_as_they_are(self):
        messages = (TEXT, "gr\u00fc\u00dfe".encode()), (BINARY, b"\xff\x00"), (TEXT, b""), (BINARY, bytes(1 << 20))
        for options in ((), ("--no-compress",), ("-v",)):
            with scripted(conversation(*messages)) as server:
                result = run("--echo", *options, server.url)
            self.assertEqual((result.status, result.stdout), (0, b""), result.stderr)
            self.assertEqual(server.result[1:], (CLOSE, close_payload(1000)))

    def test_the_end_is_that_of_the_peer(self):
        self.check(conversation((TEXT, b"a"), code=4000), status=9,
                   stderr="wscope: closed by the peer: 4000 (private use)\n")

    def test_it_may_end_after_some(self):
        def script(peer):
            peer.accept()
            for text in (b"a", b"b"):
                peer.send(TEXT, text)
            return [peer.read_message() for _ in range(2)] + [peer.finish()]
        self.assertEqual(self.check(script, "--count", "2"), [(TEXT, b"a"), (TEXT, b"b"), close_payload(1000)])

    def test_fragments_come_back_as_one_message_and_control_frames_pass(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"Hel", fin=False)
            peer.send(PING, b"ping")
            peer.send(CONTINUATION, b"lo")
            frames = [peer.read_frame() for _ in range(2)]
            peer.close()
            return [frame[:3] for frame in frames]
        self.assertEqual(self.check(script), [(PONG, b"ping", True), (TEXT, b"Hello", True)])

    def test_nothing_of_an_invalid_message_comes_back(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"valid so far " * 10_000, fin=False)
            peer.send(CONTINUATION, b"\xff", fin=False)  # the message need not end
            return peer.read_frame()[:2]
        with scripted(script) as server:
            result = run("--echo", server.url)
        self.assertEqual((result.status, result.stdout), (7, b""))
        opcode, payload = server.result
        self.assertEqual((opcode, payload[:2]), (CLOSE, (1007).to_bytes(2, "big")))

    def test_the_peer_may_send_much_before_it_reads(self):
        message = bytes(range(256)) * (1 << 15)  # 8 MiB

        def script(peer):
            peer.accept()
            for _ in range(2):
                peer.send(BINARY, message)
            same = [peer.read_message() == (BINARY, message) for _ in range(2)]
            peer.close()
            return same
        self.assertEqual(self.check(script), [True, True])

    def test_too_long_a_message_is_1009(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, b"12345")
            return peer.read_frame()[:2]
        with scripted(script) as server:
            self.assertEqual(run("--echo", "--max-size", "4", server.url).status, 7)
        self.assertEqual(server.result[1][:2], (1009).to_bytes(2, "big"))

    def test_json_tells_both_directions(self):
        with scripted(conversation((TEXT, b"a"))) as server:
            result = run("--echo", "--json", "--show", "sent", server.url)
        events = [json.loads(line) for line in result.stdout.splitlines()]
        texts = [(event["dir"], event["data"]) for event in events if event["event"] == "text"]
        self.assertEqual((result.status, sorted(texts)), (0, [("in", "a"), ("out", "a")]))

    def test_a_signal_closes(self):
        started = threading.Event()

        def script(peer):
            peer.accept()
            peer.send(TEXT, b"a")
            peer.read_message()
            started.wait(DEADLINE)
            process.send_signal(signal.SIGINT)
            return peer.finish()
        with scripted(script) as server:
            process = start("--echo", server.url)
            started.set()
            self.assertEqual(finish(process), (130, b"", ""))
        self.assertEqual(server.result, close_payload(1001))

    def test_it_works_in_a_session(self):
        with scripted(conversation((TEXT, b"a"), (BINARY, b"b"))) as server:
            result = run("--commands", "-", "--echo", server.url)
        self.assertEqual(result.status, 0, result.stderr)
        self.assertEqual(server.result[1:], (CLOSE, close_payload(1000)))


if __name__ == "__main__":
    unittest.main()
