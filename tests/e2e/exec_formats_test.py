"""-- PROGRAM: what messages are to a program, and what it writes is to the other side, in each format."""

import base64
import json
import os
import unittest

from peer import BINARY, CONTINUATION, PING, PONG, TEXT, connected, encode, scripted
from programs import children_of, python, read_close
from support import Case, Server, eventually, run


def served(form, *program, options=()):
    words = program if len(program) > 1 else ("--exec", program[0])
    dashes = () if words[0] == "--exec" else ("--",)
    return Server("listen", "--exec-format", form, *options, "0", *dashes, *words)


class Formats(Case):
    def test_nul(self):
        with served("nul", "cat") as server, connected(server) as client:
            client.send(TEXT, b"two\nlines")
            self.assertEqual(client.read_message(), (TEXT, b"two\nlines"))
            client.send(BINARY, b"a\0b")
            self.assertEqual([client.read_message() for _ in range(2)], [(TEXT, b"a"), (TEXT, b"b")])
            client.close()
            client.read_rest()
            eventually(lambda: not children_of(server.process.pid))
            self.assertRegex(server.stop().stderr, r"the program sees several\n\Z")

    def test_base64_both_ways(self):
        with served("base64", "cat") as server, connected(server) as client:
            data = bytes(range(256)) * 1000
            client.send_meanwhile(BINARY, data)
            self.assertEqual(client.read_message(), (BINARY, data))
            client.send(BINARY, data[:1000], fin=False)
            client.send(CONTINUATION, data[1000:2001])
            self.assertEqual(client.read_message(), (BINARY, data[:2001]))
            client.send(TEXT, b"text")
            self.assertEqual(client.read_message(), (BINARY, b"text"))
            client.send(BINARY, b"")
            self.assertEqual(client.read_message(), (BINARY, b""))

    def test_base64_that_is_none_closes_with_1011(self):
        with served("base64", "echo aGk=; echo a; exec cat") as server, connected(server) as client:
            self.assertEqual(client.read_message(), (BINARY, b"hi"))
            self.assertEqual(read_close(client), (1011, "output is not base64"))
            client.close(1011)
            client.read_rest()
            eventually(lambda: not children_of(server.process.pid))
            self.assertIn("at offset 5", server.stop().stderr)

    def test_whole_is_one_message_in_fragments(self):
        for option, opcode in ((), TEXT), (("-b",), BINARY):
            with self.subTest(option), served("whole", "head -c 7", options=option) as server, \
                    connected(server) as client:
                client.send(TEXT, b"one\n")
                client.send(BINARY, b"two")
                self.assertEqual(client.read_message(), (opcode, b"one\ntwo"))
                self.assertEqual(read_close(client), (1000, ""))
            with self.subTest(option), served("whole", "echo one; read -r line; echo $line", options=option) as server, \
                    connected(server) as client:
                frame = client.read_frame()
                self.assertEqual((frame.opcode, frame.payload, frame.fin), (opcode, b"one\n", False))
                client.send(TEXT, b"two\n")
                frame = client.read_frame()
                self.assertEqual((frame.opcode, frame.payload, frame.fin), (CONTINUATION, b"two\n", False))
                frame = client.read_frame()
                self.assertEqual((frame.opcode, frame.payload, frame.fin), (CONTINUATION, b"", True))
        with served("whole", "echo one; echo two") as server, connected(server) as client:
            self.assertEqual(client.read_message(), (TEXT, b"one\ntwo\n"))
            self.assertEqual(read_close(client), (1000, ""))
        with served("whole", ":") as server, connected(server) as client:
            self.assertEqual(client.read_message(), (TEXT, b""))

    def test_raw_is_binary_or_text_of_whole_characters(self):
        with served("raw", r"printf 'a\342\202'; sleep 0.1; printf '\254b'", options=("-t",)) as server, \
                connected(server) as client:
            self.assertEqual(client.read_message(), (TEXT, b"a"))
            self.assertEqual(client.read_message(), (TEXT, "€b".encode()))
            self.assertEqual(read_close(client), (1000, ""))

    def test_json(self):
        script = r"""
import json, sys
for line in sys.stdin:
    event = json.loads(line)
    kind = event["event"]
    sys.stderr.write(" ".join([kind, event.get("data", ""), str(event.get("conn")), str(event.get("code"))]) + "\n")
    if kind == "open": print(json.dumps({"type": "text", "data": event["target"]}), flush=True)
    if kind == "text": print(event["data"], flush=True)
"""
        with served("json", *python(script)) as server:
            with connected(server) as client:
                self.assertEqual(client.read_message(), (TEXT, b"/"))
                for sent, opcode, payload in (({"type": "text", "data": "a\nb"}, TEXT, b"a\nb"),
                                              ({"type": "binary", "base64": "/w=="}, BINARY, b"\xff"),
                                              ({"type": "ping", "data": "p"}, PING, b"p"),
                                              ({"type": "pong"}, PONG, b"")):
                    client.send(TEXT, json.dumps(sent).encode())
                    frame = client.read_frame()
                    self.assertEqual((frame.opcode, frame.payload), (opcode, payload))
                client.send(PING, b"ours")
                self.assertEqual(client.read_frame()[:2], (PONG, b"ours"))
                client.send(PONG, b"p")
                client.send(TEXT, b'{"type":"close","code":4000,"reason":"bye"}')
                self.assertEqual(read_close(client), (4000, "bye"))
                client.close(4000)
                client.read_rest()
            eventually(lambda: not children_of(server.process.pid))
            lines = server.stop().stderr.splitlines()
            kinds = [line.split()[1] for line in lines]
            self.assertEqual(kinds, ["open", "text", "text", "text", "text", "ping", "pong", "text", "closed"])
            self.assertTrue(all(" None " in line for line in lines), lines)
            self.assertIn("[1] ping ours None None", lines)
            self.assertIn("[1] closed  None 4000", lines)

    def test_json_of_a_client(self):
        script = r"""
import json, sys
for line in sys.stdin:
    event = json.loads(line)
    if event["event"] == "open": print(json.dumps({"type": "text", "data": event["target"]}), flush=True)
    if event["event"] == "ping": print(json.dumps({"type": "close", "code": 1000, "reason": event["data"]}), flush=True)
    sys.stderr.write(event["event"] + " " + str(event.get("conn")) + "\n")
"""

        def serve(peer):
            peer.accept()
            heard = peer.read_message()
            peer.send(PING, b"p")
            pong, close = peer.read_frame(), read_close(peer)
            peer.close()
            peer.read_rest()
            return heard, pong.payload, close
        with scripted(serve) as server:
            result = run("--exec-format", "json", server.url + "a?b", "--", *python(script))
            self.assertEqual(result, (0, b"", "[1] open None\n[1] ping None\n[1] closed None\n"))
        self.assertEqual(server.result, ((TEXT, b"/a?b"), b"p", (1000, "p")))

    def test_json_of_a_program_that_speaks_first(self):
        script = r"""
import json, sys
print('{"type":"text","data":"first"}', flush=True)
print(json.dumps({"type": "text", "data": json.loads(sys.stdin.readline())["target"]}), flush=True)
"""
        with served("json", *python(script), options=("--exec-early=100",)) as server, connected(server) as client:
            self.assertEqual(client.read_message(), (TEXT, b"first"))
            self.assertEqual(client.read_message(), (TEXT, b"/"))
            self.assertEqual(read_close(client), (1000, ""))

    def test_json_that_is_none_closes_with_1011(self):
        with served("json", "echo hello; exec cat") as server, connected(server) as client:
            self.assertEqual(read_close(client), (1011, "output is not a JSON object"))
            client.close(1011)
            client.read_rest()
            eventually(lambda: not children_of(server.process.pid))
            self.assertIn("line 1, at offset 0", server.stop().stderr)

    def test_a_long_line_goes_out_as_it_comes(self):
        script = "import sys, time\nfor _ in range(200): sys.stdout.write('x' * 100000)\nprint()\n"
        with Server("listen", "0", "--", *python(script)) as server, connected(server) as client:
            frame = client.read_frame()
            self.assertEqual((frame.opcode, frame.fin), (TEXT, False))
            size, frames = len(frame.payload), 1
            while not frame.fin:
                frame = client.read_frame()
                size, frames = size + len(frame.payload), frames + 1
            self.assertEqual(size, 20_000_000)
            self.assertGreater(frames, 100)
            self.assert_small(server.process)


class Streams(Case):
    def test_binary_both_ways_without_deadlock(self):
        size = 16 << 20
        with served("raw", "cat") as server, connected(server) as client:
            block = os.urandom(1 << 18)
            client.write_meanwhile(*[encode(BINARY, block, masked=True)] * (size >> 18))
            data = bytearray()
            while len(data) < size:
                data += client.read_message()[1]
            self.assertTrue(bytes(data) == block * (size >> 18))
            self.assert_small(server.process)

    def test_one_message_larger_than_all_pipes(self):
        with served("raw", "cat") as server, connected(server) as client:
            data = os.urandom(1 << 16) * 160
            client.send_meanwhile(BINARY, data)
            got = bytearray()
            while len(got) < len(data):
                got += client.read_message()[1]
            self.assertTrue(bytes(got) == data)
            self.assert_small(server.process)

    def test_a_program_that_writes_before_it_reads(self):
        script = "import sys\nsys.stdout.write('y' * 4000000 + '\\n')\nfor line in sys.stdin: print(len(line))\n"
        with Server("listen", "0", "--", *python(script)) as server, connected(server) as client:
            client.send_meanwhile(TEXT, b"x" * 3_000_000)
            self.assertEqual(len(client.read_message()[1]), 4_000_000)
            self.assertEqual(client.read_message(), (TEXT, b"3000001"))

    def test_thousands_of_lines(self):
        count = 20_000
        lines = b"".join(b"line %d\n" % n for n in range(count))
        with Server("listen", "0", "--", "cat") as server:
            result = run("--count", str(count), server.url, stdin=lines)
            self.assertEqual((result.status, result.stdout == lines), (0, True))

    def test_a_program_that_dies_in_the_middle(self):
        with Server("listen", "0", "--exec", "read -r line; echo $line; printf half; kill -9 $$") as server, \
                connected(server) as client:
            client.send(TEXT, b"first")
            client.write(encode(TEXT, b"x" * 5_000_000, masked=True)[:1_000_000])
            self.assertEqual(client.read_message(), (TEXT, b"first"))
            self.assertEqual(client.read_message(), (TEXT, b"half"))
            self.assertEqual(read_close(client), (1011, "signal SIGKILL"))
            client.socket.close()
            eventually(lambda: not children_of(server.process.pid))
            self.assertRegex(server.stop().stderr, r"\A(wscope: client 1: the last message is incomplete: .*\n)?\Z")

    def test_stderr_does_not_come_between_the_pieces_of_a_line(self):
        script = r"""
import os, sys
os.write(1, b"x" * 300000)
for n in range(3): os.write(2, b"said %d\n" % n)
sys.stdin.readline()
os.write(1, b"y\n")
os.write(2, b"last\n")
"""
        with Server("listen", "--exec-stderr", "send", "0", "--", *python(script)) as server, \
                connected(server) as client:
            first = client.read_frame()
            self.assertFalse(first.fin)
            client.send(TEXT, b"go on")
            rest = first.payload
            while True:
                frame = client.read_frame()
                rest += frame.payload
                if frame.fin:
                    break
            self.assertEqual(json.loads(rest), {"stream": "stdout", "data": "x" * 300000 + "y"})
            said = [json.loads(client.read_message()[1])["data"] for _ in range(4)]
            self.assertEqual(said, ["said 0", "said 1", "said 2", "last"])
            self.assertEqual(read_close(client), (1000, ""))

    def test_lines_of_both_streams(self):
        with Server("listen", "--exec-stderr", "send", "0", "--exec",
                    r"echo out; sleep 0.1; printf 'e\377\n' >&2; sleep 0.1; echo; exec cat >&2") as server, \
                connected(server) as client:
            messages = [json.loads(client.read_message()[1]) for _ in range(3)]
            client.send(TEXT, "grüße".encode())  # only now: two pipes have no order
            messages.append(json.loads(client.read_message()[1]))
            self.assertEqual(messages, [{"stream": "stdout", "data": "out"},
                                        {"stream": "stderr", "base64": base64.b64encode(b"e\xff").decode()},
                                        {"stream": "stdout", "data": ""}, {"stream": "stderr", "data": "grüße"}])


if __name__ == "__main__":
    unittest.main()
