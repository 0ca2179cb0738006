"""wscope decode and wscope encode: bytes and frames, offline."""

import base64
import json
import os
import pty
import select
import signal
import subprocess
import tempfile
import unittest

from support import BINARY, DEADLINE, ENVIRONMENT, Case, Server, run, start

HELLO = bytes.fromhex("818537fa213d7f9f4d5158")
SHOWN = b"""> TEXT fin len=5 mask=37fa213d
  0000  81 85 37 fa 21 3d 7f 9f  4d 51 58                 |..7.!=..MQX|
        "Hello"
"""


def decode(stdin, *options):
    return run("decode", *options, stdin=stdin)


def dump_by(*command):
    """What a program of others makes of a frame; nothing if it is not there."""
    try:
        return subprocess.run(command, input=HELLO, capture_output=True, check=True).stdout
    except FileNotFoundError:
        return None


class Decode(Case):
    def test_every_shape(self):
        for shape in (HELLO, HELLO.hex().encode(), HELLO.hex(" ").encode() + b"\n", base64.b64encode(HELLO),
                      repr(HELLO).encode(), SHOWN,
                      b'{"event":"frame","dir":"out","length":5,"hex":"%s"}\n' % HELLO.hex().encode()):
            with self.subTest(shape):
                self.assertEqual(decode(shape), (0, SHOWN, ""))

    def test_dumps_of_other_programs(self):
        for command in (("xxd",), ("xxd", "-p"), ("xxd", "-i"), ("hexdump", "-C"), ("od", "-t", "x1"),
                        ("od", "-A", "d", "-t", "x1z"), ("od", "-A", "n", "-t", "x1"), ("base64",)):
            dump = dump_by(*command)
            if dump is not None:
                with self.subTest(command):
                    self.assertEqual(decode(dump), (0, SHOWN, ""))

    def test_a_violation(self):
        result = decode(b"0900")
        self.assertEqual(result.status, 7)
        self.assertEqual(result.stdout.splitlines()[2:], [
            b"        ^^", b"        violation of RFC 6455 5.5 at 0: ping frame without FIN"])
        self.assertEqual(result.stderr, "wscope: standard input: 1 violation\n")
        result = decode(b"c107f248cdc9c90700")
        self.assertEqual((result.status, result.stderr), (
            7, "wscope: standard input: 1 violation\nhint: --deflate '' reads compressed messages\n"))
        self.assertEqual(decode(b"c107f248cdc9c90700", "--deflate", "").status, 0)
        self.assertEqual(decode(HELLO, "--role", "server").status, 7)

    def test_an_end_that_is_missing(self):
        result = decode(b"810c48656c6c6f")
        self.assertEqual((result.status, result.stderr), (0, ""))
        self.assertTrue(result.stdout.endswith(b"        needs 7 more bytes\n"))
        result = decode(b"810c48656c6c6f", "--strict")
        self.assertEqual((result.status, result.stderr),
                         (7, "wscope: standard input: ends inside a frame or a message\n"))

    def test_what_cannot_be_read(self):
        for stdin, why in ((b"81 85\n37 z!", '2:4: "z" is no hexadecimal digit; nor is it base64, JSON or bytes\n'
                                          "hint: --from says what it is"),
                           (b"", "no WebSocket: it is empty"),
                           (b"# nothing\n", "no WebSocket: no bytes of one are in it"),
                           (b"HTTP/1.1 403 Forbidden\r\n\r\n", "no WebSocket: HTTP response 403 Forbidden"),
                           (bytes.fromhex("160301020001000001"), "no WebSocket: TLS, which cannot be read")):
            with self.subTest(stdin):
                self.assertEqual(decode(stdin), (1, b"", f"wscope: standard input: {why}\n"))
        result = decode(HELLO.hex().encode() + b"\n8", "--from", "hex")
        self.assertEqual(result, (1, SHOWN, "wscope: standard input: 2:1: a byte has two digits\n"))
        result = run("decode", "/nowhere")
        self.assertEqual((result.status, result.stderr), (1, "wscope: /nowhere: no such file or directory\n"))

    def test_a_conversation_of_ours(self):
        with Server("echo", "0") as server:
            lines = b"Hello\n" + b"Hello" * 400 + b"\n" + os.urandom(400).hex().encode() + b"\n"
            dumped = run("connect", "-vv", server.url, stdin=lines)
            recorded = run("connect", "--frames", "--json", "-v", server.url, stdin=lines)
        for stdin, options in ((dumped.stderr.encode(), ("--from", "hex")), (recorded.stdout, ())):
            result = decode(stdin, *options)
            self.assertEqual((result.status, result.stderr), (0, ""))
            self.assertEqual(result.stdout.count(b"(deflated, 2000 B as text)"), 2, result.stdout)
            self.assertEqual(result.stdout.count(b'"Hello"\n'), 2, result.stdout)

    def test_json(self):
        events = [json.loads(line) for line in decode(b"0900" + HELLO.hex().encode(), "--json").stdout.splitlines()]
        self.assertEqual([event["event"] for event in events], ["frame", "violation", "frame", "violation"])
        self.assertEqual(events[2]["hex"], HELLO.hex())
        self.assertEqual(events[1]["section"], "RFC 6455 5.5")
        again = decode(decode(HELLO, "--json").stdout)
        self.assertEqual(again.stdout.split(b"\n", 1)[1], SHOWN.split(b"\n", 1)[1])

    def test_numbers(self):
        result = decode(HELLO * 3, "--stats")
        self.assertEqual(result.status, 0)
        self.assertRegex(result.stdout, rb"> text +3 +15 +5 +5 +5\n")
        self.assertRegex(result.stdout, rb"violations +0\n")

    def test_frames_are_shown_as_they_come(self):
        process = start("decode", "--from", "hex")
        process.stdin.write(HELLO.hex().encode() + b"\n")
        ready, _, _ = select.select([process.stdout], [], [], DEADLINE)
        self.assertEqual(os.read(process.stdout.fileno(), 1000), SHOWN)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(DEADLINE), 130)
        process.communicate()

    def test_nobody_reads(self):
        process = start("decode", "--from", "raw")
        process.stdout.close()
        self.assertEqual(process.wait(DEADLINE), 0)
        self.assertEqual(process.stderr.read(), b"")
        process.stdin.close()
        process.stderr.close()

    def test_constant_memory(self):
        process = start("decode", "--stats")
        frame = b"\x82\x7f" + (1 << 27).to_bytes(8, "big")
        process.stdin.write(frame)
        piece = bytes(1 << 20)
        for _ in range(128):
            process.stdin.write(piece)
        small = b"\x01\x03Hel\x89\x00\x80\x02lo" * 10000
        for _ in range(20):
            process.stdin.write(small)
        self.assert_small(process)
        out, err = process.communicate()
        self.assertEqual((process.returncode, err), (0, b""))
        self.assertRegex(out, rb"frames +600001 ")

    def test_progress(self):
        with tempfile.NamedTemporaryFile() as file:
            os.truncate(file.name, 8 << 30)
            controller, terminal = pty.openpty()
            process = start("decode", "--stats", "--from", "raw", file.name, stderr=terminal)
            os.close(terminal)
            shown = b""
            while True:
                ready, _, _ = select.select([controller], [], [], DEADLINE)
                try:
                    piece = os.read(controller, 4096)
                except OSError:  # it has ended
                    break
                if not piece:
                    break
                shown += piece
                if b" of 8.6 GB, " in shown and process.poll() is None:
                    process.send_signal(signal.SIGINT)
            process.communicate()
            os.close(controller)
        self.assertRegex(shown, rb"\A(\S+ [kMG]B of 8.6 GB, \d+ %\x1b\[K\r)+\x1b\[K\Z")


class Encode(Case):
    def test_items(self):
        result = run("encode", "--mask", "37fa213d", "--text", "Hello", "--ping", "--close", "1000", "bye")
        self.assertEqual(result, (0, b"818537fa213d7f9f4d5158\n898037fa213d\n888537fa213d3412434452\n", ""))

    def test_outputs(self):
        options = ("encode", "--role", "server", "--text", "Hello", "--ping", "x")
        frames = b"\x81\x05Hello\x89\x01x"
        self.assertEqual(run(*options).stdout, b"810548656c6c6f\n890178\n")
        self.assertEqual(run(*options, "--out", "raw").stdout, frames)
        self.assertEqual(run(*options, "--out", "base64").stdout, b"gQVIZWxsbw==\niQF4\n")
        self.assertEqual(run(*options, "--out", "c").stdout,
                         b"static const unsigned char frames[] = {\n  0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f,\n"
                         b"  0x89, 0x01, 0x78,\n};\n")
        wanted = decode(frames).stdout
        for kind in ("hex", "raw", "base64", "c"):
            with self.subTest(kind):
                self.assertEqual(decode(run(*options, "--out", kind).stdout).stdout, wanted)

    def test_raw_never_on_a_terminal(self):
        controller, terminal = pty.openpty()
        process = start("encode", "--ping", "--out", "raw", stdout=terminal)
        os.close(terminal)
        _, err = process.communicate()
        self.assertEqual((process.returncode, err), (
            2, b"wscope: --out raw is not for a terminal\nhint: send it into a pipe or a file\n"))
        os.close(controller)

    def test_json(self):
        lines = b'{"type":"text","data":"Hello"}\n\n{"type":"close","code":1000,"reason":"bye"}\n'
        result = run("encode", "--in", "json", "--role", "server", stdin=lines)
        self.assertEqual(result, (0, b"810548656c6c6f\n880503e8627965\n", ""))
        result = run("encode", "--in", "json", "--role", "server", stdin=lines + b"{")
        self.assertEqual((result.status, result.stdout), (1, b"810548656c6c6f\n880503e8627965\n"))
        self.assertRegex(result.stderr, r"\Awscope: standard input:4: ")

    def test_any_frame(self):
        result = run("encode", "--role", "server", "--frame", "3 fin=0 rsv=5 len=200 width=64 abc", "--frame",
                     "ping mask=01020304")
        self.assertEqual(result.stdout, b"537f00000000000000c8616263\n898001020304\n")

    def test_a_large_frame_is_the_same_again(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(os.urandom(1 << 20))
            file.flush()
            process = subprocess.Popen([BINARY, "encode", "--binary", "@" + file.name, "--fragment", "1000", "--out",
                                        "raw"], env=ENVIRONMENT, stdout=subprocess.PIPE)
            result = run("decode", "--stats", stdin=process.communicate()[0])
        self.assertEqual(result.status, 0)
        self.assertRegex(result.stdout, rb"messages +1  0 text, 1 binary, 1 in fragments, the largest of 1048576 bytes")


if __name__ == "__main__":
    unittest.main()
