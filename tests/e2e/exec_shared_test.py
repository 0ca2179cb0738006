"""listen --exec-mode shared: one program that speaks for the server."""

import contextlib
import json
import os
import unittest

from peer import BINARY, PING, REQUEST, TEXT, connected, dialed, encode
from programs import children_of, python, read_close, runs
from support import Case, Server, eventually, finish, run

MODE = ("listen", "--exec-mode", "shared", "0")

# Says what it hears to whom the message names: "all TEXT", "but TEXT", "2,3 TEXT"; other words are commands.
HALL = r"""
import base64, json, sys
def say(**what): print(json.dumps(what), flush=True)
heard = []
for line in sys.stdin:
    event = json.loads(line)
    kind, number = event["event"], event["conn"]
    heard.append([kind, number, event.get("target"), event.get("code")])
    if kind == "binary":
        say(type="binary", base64=event["base64"], conn=number)
    if kind != "text": continue
    word, _, text = event["data"].partition(" ")
    if word == "all": say(type="text", data=text)
    elif word == "but": say(event="text", data=text, **{"except": number})
    elif word == "heard": say(type="text", data=json.dumps(heard), conn=number)
    elif word == "ping": say(type="ping", data=text, conn=[number])
    elif word == "close": say(type="close", code=4000, reason=text, conn=number)
    elif word == "closeall": say(type="close")
    elif word == "bad": sys.stdout.write(text + "\n"); say(type="text", data="good", conn=number)
    elif word == "exit": sys.exit(int(text))
    elif word == "kill": import os; os.kill(os.getpid(), 9)
    else: say(type="text", data=text, conn=[int(n) for n in word.split(",")])
"""


def hall(*options):
    return Server(*MODE[:-1], *options, "0", "--", *python(HALL))


def leave(client, code=1000):
    """Answers a Close, and is gone."""
    client.close(code)
    client.read_rest()
    client.socket.close()


class Hall(Case):
    def test_it_says_to_whom(self):
        with hall() as server, connected(server) as one, connected(server) as two, connected(server) as three:
            one.send(TEXT, b"all hello")
            for client in (one, two, three):
                self.assertEqual(client.read_message(), (TEXT, b"hello"))
            one.send(TEXT, b"but others")
            one.send(TEXT, b"1,3,3,99 some")
            one.send(TEXT, b"99 nobody")
            one.send(BINARY, b"\xff\0")
            self.assertEqual(one.read_message(), (TEXT, b"some"))
            self.assertEqual(one.read_message(), (BINARY, b"\xff\0"))
            self.assertEqual(two.read_message(), (TEXT, b"others"))
            self.assertEqual(three.read_message(), (TEXT, b"others"))
            self.assertEqual(three.read_message(), (TEXT, b"some"))
            one.send(TEXT, b"ping p")
            self.assertEqual(one.read_frame()[:2], (PING, b"p"))

    def test_open_comes_first_and_closed_last(self):
        with hall() as server:
            with dialed(server) as client:
                client.write(REQUEST.replace("GET /", "GET /a?b=%20").encode() + b"\r\n")
                self.assertIn(" 101 ", client.read_head())
                client.send(TEXT, b"1 x")
                self.assertEqual(client.read_message(), (TEXT, b"x"))
                client.close(4321)
                self.assertEqual(read_close(client), (4321, ""))
                client.read_rest()
            with connected(server) as lost:
                lost.send(TEXT, b"2 x")
                self.assertEqual(lost.read_message(), (TEXT, b"x"))
            with connected(server) as client:
                def heard():
                    client.send(TEXT, b"heard")
                    return [event for event in json.loads(client.read_message()[1]) if event[0] != "text"]
                eventually(lambda: len(heard()) == 5)
                events = heard()
                self.assertEqual([event for event in events if event[1] == 1],
                                 [["open", 1, "/a?b=%20", None], ["closed", 1, None, 4321]])
                self.assertEqual([event[::3] for event in events if event[1] == 2],
                                 [["open", None], ["closed", 1006]])
                self.assertEqual([event[:3] for event in events if event[1] == 3], [["open", 3, "/"]])

    def test_it_sees_the_request_but_not_the_servers_credentials(self):
        script = """
import json, sys
event = json.loads(sys.stdin.readline())
print(json.dumps({"type": "text", "data": json.dumps([event["headers"], event["url"], event["protocol"]])}), flush=True)
sys.stdin.read()
"""
        with Server(*MODE[:-1], "--auth", "ann:secret", "-s", "chat", "0", "--", *python(script)) as server, \
                connected(server, "Cookie: a=b", "Authorization: Basic YW5uOnNlY3JldA==",
                          "Sec-WebSocket-Protocol: chat") as client:
            headers, url, protocol = json.loads(client.read_message()[1])
            self.assertIn(["Cookie", "a=b"], headers)
            self.assertNotIn("Authorization", dict(headers))
            self.assertEqual((url, protocol), ("ws://localhost/", "chat"))

    def test_it_closes_one_or_all(self):
        with hall() as server, connected(server) as one, connected(server) as two:
            one.send(TEXT, b"close bye")
            self.assertEqual(read_close(one), (4000, "bye"))
            two.send(TEXT, b"2 still")
            self.assertEqual(two.read_message(), (TEXT, b"still"))
            two.send(TEXT, b"closeall")
            self.assertEqual(two.read_frame()[:2], (8, b""))
            one.close(4000)
            two.send(8)
            one.read_rest()
            two.read_rest()

    def test_a_bad_line_is_said_and_the_next_counts(self):
        with hall("--max-size", "1000") as server, connected(server) as client:
            for line in ("hello", '{"type":"open"}'):
                client.send(TEXT, b"bad " + line.encode())
                self.assertEqual(client.read_message(), (TEXT, b"good"))
            client.close()
            client.read_rest()
            self.assertEqual(server.stop()[::2], (
                0, "wscope: output is not a JSON object: line 1, at offset 0\n"
                "wscope: output asks for something that cannot be sent: line 3, at offset 50\n"))

    def test_a_line_that_is_too_long_is_passed_over(self):
        script = """
import sys
sys.stdin.readline()
sys.stdout.write('{"type":"text","data":"' + "x" * 100000 + '"}\\n{"type":"text","data":"next"}\\n')
sys.stdout.flush()
sys.stdin.read()
"""
        with Server(*MODE[:-1], "--max-size", "1000", "0", "--", *python(script)) as server, \
                connected(server) as client:
            self.assertEqual(client.read_message(), (TEXT, b"next"))
            client.close()
            client.read_rest()
            self.assertEqual(server.stop()[::2], (
                0, "wscope: output has a message of more than 1000 bytes: line 1, at offset 0\n"))


class Ends(Case):
    def test_its_end_is_the_servers(self):
        for word, close, status, line in ((b"exit 0", (1000, ""), 0, ""),
                                          (b"exit 3", (1011, "exit status 3"), 1, "exit status 3\n"),
                                          (b"kill", (1011, "signal SIGKILL"), 1, "signal SIGKILL\n")):
            with self.subTest(word), hall() as server, connected(server) as one, connected(server) as two:
                one.send(TEXT, word)
                for client in (one, two):
                    self.assertEqual(read_close(client), close)
                    leave(client, close[0])
                result = finish(server.process)
                self.assertEqual(result[:2], (status, b""))
                self.assertTrue(result.stderr.endswith(line), result.stderr)

    def test_what_it_says_last_is_sent(self):
        script = """
import sys
sys.stdin.readline()
sys.stdout.write("".join('{"type":"text","data":"%d"}\\n' % n for n in range(5000)))
"""
        with Server(*MODE, "--", *python(script)) as server, connected(server) as client:
            for number in range(5000):
                self.assertEqual(client.read_message(), (TEXT, b"%d" % number))
            self.assertEqual(read_close(client), (1000, ""))
            leave(client)
            self.assertEqual(finish(server.process), (0, b"", ""))

    def test_a_program_that_ends_before_anybody_comes(self):
        result = run(*MODE, "--exec", "exit 7")
        self.assertEqual((result.status, result.stdout), (1, b""))
        self.assertRegex(result.stderr, r"exit status 7\n\Z")

    def test_a_signal_says_goodbye_to_all_and_the_program_hears_of_it(self):
        script = """
import json, sys
for line in sys.stdin:
    sys.stderr.write(json.loads(line)["event"] + "\\n")
sys.stderr.write("end\\n")
"""
        with Server(*MODE, "--", *python(script)) as server, connected(server) as client:
            (process,) = children_of(server.process.pid)
            self.assertEqual(server.process.stderr.readline(), b"[0] open\n")
            server.process.terminate()
            self.assertEqual(read_close(client), (1001, ""))
            leave(client, 1001)
            self.assertEqual(finish(server.process), (0, b"", "[0] closed\n[0] end\n"))
            self.assertFalse(runs(process))

    def test_it_begins_before_the_server_listens(self):
        with Server(*MODE, "--", "sleep", "100") as server:
            self.assertEqual(len(children_of(server.process.pid)), 1)


class Room(Case):
    def test_a_program_that_does_not_read_stops_the_clients(self):
        script = r"""
import os, sys
while not os.path.exists(sys.argv[1]):
    import time; time.sleep(0.01)
total = 0
for line in sys.stdin:
    if '"text"' in line: total += 1
    if '"last"' in line: print('{"type":"text","data":"%d"}' % total, flush=True)
"""
        go = f"/tmp/wscope-shared-{os.getpid()}"
        with Server(*MODE, "--", *python(script, go)) as server, connected(server) as client:
            try:
                message, count = b"x" * 1000, 20000
                client.write_meanwhile(encode(TEXT, message, masked=True) * count, encode(TEXT, b"last", masked=True))
                client.socket.settimeout(0.3)
                with self.assertRaises(TimeoutError):
                    client.read_frame()
                self.assert_small(server.process)
                with dialed(server) as late:  # who comes meanwhile waits
                    late.write(REQUEST.encode() + b"\r\n")
                    self.assertEqual(server.process.stderr.readline(),
                                     b"wscope: clients wait: the program does not read its input\n")
                    open(go, "w").close()
                    self.assertIn(" 101 ", late.read_head())
                    client.socket.settimeout(100)
                    self.assertEqual(client.read_message(), (TEXT, b"%d" % (count + 1)))
            finally:
                os.unlink(go)

    def test_a_client_that_does_not_read_is_left_out(self):
        script = r"""
import sys
block = "x" * 30000
for line in sys.stdin:
    if '"event":"text"' in line:
        for n in range(1000): print('{"type":"text","data":"%d %s"}' % (n, block))
        sys.stdout.flush()
"""
        with Server(*MODE[:-1], "--slow", "drop", "0", "--", *python(script)) as server, \
                connected(server) as slow, connected(server) as quick:
            quick.send(TEXT, b"go")
            for number in range(1000):
                self.assertEqual(quick.read_message()[1].split()[0], b"%d" % number)
            self.assertIn(b"client 1: reads too slowly", server.process.stderr.readline())
            slow.socket.close()

    def test_everybody_is_told_by_one_program(self):
        script = r"""
import sys
opened = 0
for line in sys.stdin:
    opened += '"event":"open"' in line
    if opened == 10: break
for n in range(2000): sys.stdout.write('{"type":"text","data":"%d"}\n' % n)
sys.stdout.flush()
sys.stdin.read()
"""
        with Server(*MODE, "--", *python(script)) as server, contextlib.ExitStack() as stack:
            clients = [stack.enter_context(connected(server)) for _ in range(10)]
            for client in clients:
                for number in range(2000):
                    self.assertEqual(client.read_message(), (TEXT, b"%d" % number))

    def test_a_program_that_hears_nothing(self):
        """Its input closed, it goes on."""
        with Server(*MODE, "--exec", "exec <&-; while sleep 0.02; do echo '{\"type\":\"text\",\"data\":\"tick\"}'; done") \
                as server, connected(server) as client:
            client.send(TEXT, b"dropped")
            for _ in range(3):
                self.assertEqual(client.read_message(), (TEXT, b"tick"))


if __name__ == "__main__":
    unittest.main()
