"""wscope decode with captures by tcpdump and dumpcap of what others said, and with what a browser saved."""

import base64
import json
import pathlib
import signal
import struct
import tempfile
import unittest

from support import DEADLINE, MEMORY_LIMIT, Case, feed, finish, peak_memory, run, sanitized, start
from tshark import TSHARK, frames_by_tshark

CAPTURES = pathlib.Path(__file__).resolve().parent / "captures"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
# What is in each: (stream, from the client, opcode, FIN, length), and a message that is shown.
FRAMES = {
    # tcpdump on lo: wscope echo, with permessage-deflate and without.
    "echo.pcap": [
        (0, True, TEXT, True, 5), (0, True, TEXT, True, 0), (0, True, TEXT, True, 52),
        (0, False, TEXT, True, 5), (0, False, TEXT, True, 0), (0, False, TEXT, True, 52),
        (0, True, CLOSE, True, 2), (0, False, CLOSE, True, 2),
        (1, True, BINARY, True, 936), (1, False, BINARY, True, 936), (1, True, CLOSE, True, 2),
        (1, False, CLOSE, True, 2)],
    # tcpdump on any, with nanoseconds: Node's ws, all of it compressed.
    "ws.pcap": [
        (0, True, TEXT, True, 5), (0, True, TEXT, True, 35), (0, False, TEXT, True, 21), (0, False, PING, True, 1),
        (0, True, PONG, True, 1), (0, False, TEXT, True, 5), (0, False, BINARY, True, 7), (0, False, TEXT, True, 14),
        (0, False, BINARY, True, 7), (0, True, CLOSE, True, 2), (0, False, CLOSE, True, 2)],
    # dumpcap on lo: python3-websockets with itself.
    "websockets.pcapng": [
        (0, True, TEXT, True, 7), (0, False, TEXT, True, 7), (0, True, TEXT, False, 9), (0, True, 0, False, 10),
        (0, True, 0, False, 11), (0, True, 0, True, 1), (0, False, TEXT, True, 14), (0, True, PING, True, 4),
        (0, False, PONG, True, 4), (0, True, BINARY, True, 206), (0, False, BINARY, True, 206),
        (0, True, CLOSE, True, 6), (0, False, CLOSE, True, 6)],
}
HANDSHAKE = (b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", b"HTTP/1.1 101 S\r\nUpgrade: websocket\r\n\r\n")


def decode(*arguments, stdin=b""):
    return run("decode", *map(str, arguments), stdin=stdin)


def events(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def frames_of(result):
    return [(event["conn"], event["dir"] == "out", event["opcode"], event["fin"], event["length"])
            for event in events(result) if event["event"] == "frame"]


class Talk:
    """A conversation as a pcap file of raw IPv4 that a test writes."""

    HEADER = struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)

    def __init__(self, port=80):
        self.ports, self.next = (40000, port), [1000, 5000]

    def packet(self, sender, payload=b"", flags=0x10):
        other = 1 - sender
        tcp = struct.pack(">HHIIBBHHH", self.ports[sender], self.ports[other], self.next[sender] & 0xffffffff,
                          self.next[other] & 0xffffffff, 0x50, flags, 0xffff, 0, 0) + payload
        ip = struct.pack(">BBHHHBBH4B4B", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, 10, 0, 0, sender, 10, 0, 0, other) + tcp
        self.next[sender] += len(payload)
        return struct.pack("<IIII", 1, 0, len(ip), len(ip)) + ip

    def handshake(self):
        return self.packet(0, HANDSHAKE[0]) + self.packet(1, HANDSHAKE[1])


class Captures(Case):
    def test_what_real_programs_said(self):
        for name, frames in FRAMES.items():
            with self.subTest(name):
                result = decode(CAPTURES / name, "--json")
                self.assertEqual((result.status, result.stderr), (0, ""))
                self.assertEqual(frames_of(result), frames)
                self.assertEqual(decode(CAPTURES / name, "--strict", "--stats").status, 0)
                content = (CAPTURES / name).read_bytes()
                for event in events(result):
                    if event["event"] == "frame":
                        self.assertEqual(content[event["offset"]:][:2].hex(), event["hex"][:4])

    @unittest.skipUnless(TSHARK, "tshark is not installed")
    def test_tshark_says_the_same(self):
        for name, frames in FRAMES.items():
            with self.subTest(name):
                for client in (True, False):
                    self.assertEqual([frame for frame in frames_by_tshark(CAPTURES / name) if frame[1] == client],
                                     [frame for frame in frames if frame[1] == client])

    def test_what_is_shown(self):
        result = decode(CAPTURES / "ws.pcap", "--from", "pcap")
        self.assertEqual(result.status, 0)
        text = result.stdout.decode()
        self.assertRegex(text, r"\[0\] 127\.0\.0\.1:\d+ > 127\.0\.0\.1:19002\n> GET / HTTP/1\.1\n")
        self.assertIn("< HTTP/1.1 101 Switching Protocols\n", text)
        self.assertRegex(text, r"\[0\] \S+ < TEXT fin rsv1 len=21 \(deflated, 19 B as text\)\n")
        self.assertIn('"{"hello":"from ws"}"\n', text)

    def test_a_pipe_and_one_stream_of_it(self):
        content = (CAPTURES / "echo.pcap").read_bytes()
        self.assertEqual(frames_of(decode("--json", stdin=content)), FRAMES["echo.pcap"])
        only = decode("--json", "--stream", "1", stdin=content)
        self.assertEqual(frames_of(only), [frame for frame in FRAMES["echo.pcap"] if frame[0] == 1])
        none = decode("--port", "1", stdin=content)
        self.assertEqual((none.status, none.stdout), (1, b""))
        self.assertRegex(none.stderr, r"^wscope: standard input: no WebSocket in it: 2 TCP streams\n$")

    def test_a_stream_without_its_handshake(self):
        talk = Talk()
        file = talk.HEADER + talk.packet(1, b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00")
        result = decode(stdin=file)
        self.assertEqual((result.status, result.stderr), (
            1, "wscope: standard input: no WebSocket in it: 1 TCP stream (1 other)\n"
               "hint: --port or --stream reads a connection without its opening handshake\n"))
        self.assertEqual(decode("--port", "80", stdin=file).status, 7)
        result = decode("--port", "80", "--deflate", "", stdin=file)
        self.assertEqual(result.status, 0)
        self.assertIn(b"(deflated, 5 B as text)", result.stdout)

    def test_what_cannot_be_read(self):
        talk = Talk(443)
        file = talk.HEADER + talk.packet(0, b"\x16\x03\x01\x02\x00")
        result = decode(stdin=file)
        self.assertEqual((result.status, result.stdout), (1, b"stream 0: TLS, cannot be read\n"))
        self.assertEqual(result.stderr.splitlines()[0],
                         "wscope: standard input: no WebSocket in it: 1 TCP stream (1 TLS)")
        # Beside what can be read, whatever is printed.
        readable = Talk()
        file += readable.handshake() + readable.packet(1, b"\x81\x02hi")
        said = "stream 0: TLS, cannot be read\n"
        result = decode(stdin=file)
        self.assertEqual((result.status, result.stderr), (0, ""))
        self.assertIn(said, result.stdout.decode())
        result = decode("--stats", stdin=file)
        self.assertEqual((result.status, result.stderr), (0, "wscope: standard input: " + said))
        for options in (("--json",), ("--json", "--stats")):
            result = decode(*options, stdin=file)
            event = json.loads(result.stdout.splitlines()[0])
            self.assertEqual((event["event"], event["conn"], event["message"]),
                             ("unreadable", 0, "TLS, cannot be read"))
            self.assertEqual((result.status, result.stderr), (0, ""))
        self.assertEqual(decode("--from", "pcap", stdin=b"what is this").stderr,
                         "wscope: standard input: byte 0: neither pcap nor pcapng: it begins with 77686174\n")
        damaged = talk.HEADER + Talk().handshake() + b"\xff" * 16
        result = decode(stdin=damaged)
        self.assertEqual((result.status, result.stderr), (
            1, f"wscope: standard input: byte {len(damaged) - 16}: a packet of 4294967295 bytes\n"))
        self.assertIn(b"> GET / HTTP/1.1\n", result.stdout)

    def test_holes_and_an_end_inside_a_packet(self):
        talk = Talk()
        file = talk.HEADER + talk.handshake() + talk.packet(1, b"\x82\x0aabc")
        talk.packet(1, b"defg")  # lost
        file += talk.packet(1, b"hij\x81\x02hi") + talk.packet(0)
        result = decode(stdin=file)
        self.assertEqual(result.status, 0)
        self.assertIn(b"4 bytes of it missing\n", result.stdout)
        self.assertIn(b'"hi"\n', result.stdout)
        result = decode(stdin=file[:-5])
        self.assertEqual(result.status, 0)
        self.assertIn(b"the capture ends inside a packet: it needs at least 5 more bytes\n", result.stdout)
        self.assertEqual(decode("--strict", stdin=file[:-5]).status, 7)

    def test_a_large_capture_takes_the_memory_of_a_small_one(self):
        talk = Talk()
        frame = b"\x82\x7e\x05\x78" + bytes(1400)
        process = start("decode", "--stats", "-")
        piece = [talk.HEADER + talk.handshake()]
        count = 32 << 10
        pieces = piece + [talk.packet(1, frame) for _ in range(count)]
        thread = feed(process.stdin, *pieces)
        thread.join(DEADLINE)
        memory = peak_memory(process)
        result = finish(process)
        self.assertEqual(result.status, 0)
        self.assertRegex(result.stdout.decode(), rf"(?m)^frames +{count} ")
        if not sanitized():
            self.assertLess(memory, 2 * MEMORY_LIMIT)

    def test_a_signal_ends_a_live_capture(self):
        talk = Talk()
        process = start("decode", "-")
        process.stdin.write(talk.HEADER + talk.handshake() + talk.packet(1, b"\x81\x02hi"))
        shown = b""
        while b'"hi"' not in shown:  # though the input has not ended
            shown += process.stdout.readline()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(DEADLINE), 130)
        finish(process)

    def test_what_a_browser_saved(self):
        har = json.dumps({"log": {"version": "1.2", "entries": [{"_resourceType": "fetch"}, {
            "_resourceType": "websocket", "startedDateTime": "2026-11-30T09:12:01.000Z",
            "_webSocketMessages": [
                {"type": "send", "time": 1796029921.5, "opcode": 1, "data": "Hello"},
                {"type": "receive", "time": 1796029921.75, "opcode": 2, "data": base64.b64encode(b"\x00\x01").decode()}],
            "request": {"method": "GET", "url": "wss://example.com/chat", "httpVersion": "HTTP/1.1",
                        "headers": [{"name": "Host", "value": "example.com"}, {"name": "Cookie", "value": "secret"}]},
            "response": {"status": 101, "statusText": "Switching Protocols", "headers": []}}]}}).encode()
        with tempfile.NamedTemporaryFile(suffix=".har") as file:
            file.write(har)
            file.flush()
            result = decode(file.name, "--json")
        self.assertEqual((result.status, result.stderr), (0, ""))
        messages = [{key: event[key] for key in event if key != "conn"} for event in events(result)[2:]]
        self.assertEqual(messages, [
            {"event": "text", "time": "2026-11-30T09:12:01.500000Z", "dir": "out", "data": "Hello"},
            {"event": "binary", "time": "2026-11-30T09:12:01.750000Z", "dir": "in", "base64": "AAE="}])
        shown = decode("--from", "har", stdin=har)
        self.assertEqual(shown.status, 0)
        self.assertIn(b"> GET /chat HTTP/1.1\n> Host: example.com\n> Cookie: ***\n", shown.stdout)
        self.assertIn(b'> TEXT fin len=5\n', shown.stdout)
        empty = decode(stdin=b'{"log":{"entries":[{}]}}')
        self.assertEqual((empty.status, empty.stderr),
                         (1, "wscope: standard input: no WebSocket in it: 1 other entry\n"))
        cut = decode(stdin=har[:200])
        self.assertEqual((cut.status, cut.stderr), (1, "wscope: standard input: byte 200: the JSON text ends too early\n"))


if __name__ == "__main__":
    unittest.main()
