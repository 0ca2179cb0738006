"""How a run ends, through the whole program: each way once, with all that is seen of it outside. The rules, and each
front with all of its ways, are in tests/unit/session."""

import json
import signal
import socket
import threading
import unittest

from json_test import read_to_the_close
from peer import CLOSE, TEXT, Peer, close_payload, connected, encode, scripted
from support import DEADLINE, Case, Server, finish, run, start

KINDS = {1: "io", 7: "protocol", 10: "timeout"}  # of the event error; what the others are about is told otherwise
SCRIPT = ("--commands", "/dev/null")
NORMAL, GOING_AWAY = close_payload(1000), close_payload(1001)
LATE = ((TEXT, b"in fra", False), (0, b"gments", True))


def peer(*says, late=(), answers=True):
    """A script: accepts, says this, reads up to the Close, says what is `late`, and answers. Returns what was read."""
    def script(peer):
        peer.accept()
        for opcode, payload in says:
            peer.send(opcode, payload)
        received = [peer.read_frame()]
        while received[-1].opcode != CLOSE:
            received.append(peer.read_frame())
        for opcode, payload, fin in late:
            peer.send(opcode, payload, fin=fin)
        if answers and CLOSE not in (opcode for opcode, _ in says):
            peer.send(CLOSE, received[-1].payload)
        elif not answers:
            peer.read_rest()
        return [frame.payload for frame in received]
    return script


# What the peer does, the arguments, stdin (None: it stays open); the status, stdout, stderr, what the peer has read.
ROWS = {
    "silence": (peer(), ("-w", "0.1"), b"one\n", 0, b"", "", [b"one", NORMAL]),
    "the end of stdin": (peer(late=LATE), ("--eof", "close"), b"a\nb", 0, b"in fragments\n", "", [b"a", b"b", NORMAL]),
    "the peer, which was waited for": (peer((TEXT, b"x"), (CLOSE, GOING_AWAY + b"bye")), ("--eof=hold", "-w", "0"), b"",
                                       0, b"x\n", "", [GOING_AWAY + b"bye"]),
    "the peer, though there may be more": (peer((TEXT, b"x"), (CLOSE, b"")), (), None, 0, b"x\n", "", [b""]),
    "the peer of who only listens": (peer((TEXT, b"x"), (CLOSE, NORMAL)), ("--no-stdin",), b"not for it\n", 0, b"x\n",
                                     "", [NORMAL]),
    "a number of messages": (peer((TEXT, b"1"), (TEXT, b"2")), ("--one",), None, 0, b"1\n", "", [NORMAL]),
    "a time": (peer((TEXT, b"x")), ("--for", "0.1"), None, 0, b"x\n", "", [NORMAL]),
    "a time, too early": (peer(), ("--for", "0.1", "--one"), None, 11, b"",
                          "received 0 of 1 messages: 0.1 s are over (--for)", [NORMAL]),
    "--timeout": (peer(), ("--timeout", "0.5"), None, 10, b"", "{url}: not over in 0.5 s (--timeout)", [GOING_AWAY]),
    "a code": (peer((CLOSE, close_payload(4000, "why"))), (), None, 9, b"",
               "closed by the peer: 4000 (private use) why", [close_payload(4000, "why")]),
    "a broken protocol": (peer((TEXT, b"x"), (3, b"")), (), None, 7, b"x\n",
                          "the peer broke the protocol: frame with the reserved opcode 3; we sent 1002",
                          [close_payload(1002, "reserved opcode")]),
    "no answer": (peer(answers=False), ("--eof", "close", "--close-timeout", "0.1"), b"", 8, b"",
                  "connection lost: the peer did not answer the Close", [NORMAL]),
    "no answer, of a script": (peer(answers=False), (*SCRIPT, "-w", "0", "--close-timeout", "0.1"), b"", 8, b"",
                               "connection lost: the peer did not answer the Close", [NORMAL]),
    "bad input": (peer(), (), b"one\n\xff\n", 1, b"", "standard input: line 2 is not UTF-8", [b"one", GOING_AWAY]),
}


def run_row(script, arguments, stdin):
    """The result, of stderr the first line, what the peer has read, and the URL."""
    with scripted(script) as server:
        process = start(*arguments, server.url)
        if stdin is None:
            process.wait(DEADLINE)
        result = finish(process, stdin)
    return result, result.stderr.split("\n")[0].removeprefix("wscope: "), server.result, server.url


class Ends(Case):
    def test_by(self):
        for name, (script, arguments, stdin, status, stdout, words, heard) in ROWS.items():
            with self.subTest(name):
                result, said, read, url = run_row(script, arguments, stdin)
                self.assertEqual((result.status, result.stdout, said, read),
                                 (status, stdout, words.format(url=url), heard))

    def test_are_told_in_events(self):
        """The event closed, and of what is an error there the same words."""
        for name, (script, arguments, stdin, status, _, words, heard) in ROWS.items():
            with self.subTest(name):
                result, said, _, url = run_row(script, ("--json", *arguments), stdin)
                self.assertEqual((result.status, said), (status, words.format(url=url)))
                events = [json.loads(line) for line in result.stdout.splitlines()]
                if status in KINDS:
                    error = events.pop()
                    self.assertEqual([error[key] for key in ("event", "conn", "kind", "message", "exit")],
                                     ["error", 1, KINDS[status], said, status])
                if status == 11:
                    expect = events.pop()
                    self.assertEqual([expect[key] for key in ("event", "ok", "message")], ["expect", False, said])
                if status != 10:  # where nobody waits for the end
                    code = 1006 if status == 8 else int.from_bytes(heard[-1][:2] or close_payload(1005))
                    self.assertEqual((events[-1]["event"], events[-1]["code"]), ("closed", code))


class Signals(Case):
    def test_say_goodbye_and_a_second_one_does_not_wait(self):
        for arguments in ((), ("--commands", "-")):
            for numbers, status in (((signal.SIGINT,), 130), ((signal.SIGTERM,), 143),
                                    ((signal.SIGINT, signal.SIGTERM), 130)):
                closing = threading.Event()

                def script(peer):
                    peer.accept()
                    peer.send(TEXT, b"ready")
                    close = read_to_the_close(peer)
                    closing.set()
                    if len(numbers) == 1:
                        peer.send(TEXT, b"late")
                        peer.send(CLOSE, close.payload)
                        peer.socket.shutdown(socket.SHUT_WR)
                    peer.read_rest()
                    return close.payload
                with self.subTest(numbers, arguments=arguments), scripted(script) as server:
                    process = start("--close-timeout", "0", *arguments, server.url)
                    self.assertEqual(process.stdout.readline(), b"ready\n")
                    for number in numbers:
                        process.send_signal(number)
                        self.assertTrue(closing.wait(DEADLINE))
                    self.assertEqual(finish(process), (status, b"late\n" if len(numbers) == 1 else b"", ""))
                self.assertEqual(server.result, GOING_AWAY)

    def test_of_servers_end_them_well_and_a_second_one_does_not_wait(self):
        for arguments in (("echo",), ("listen", *SCRIPT)):
            for numbers, status in (((signal.SIGINT,), 0), ((signal.SIGTERM,), 0),
                                    ((signal.SIGINT, signal.SIGTERM), 143)):
                with self.subTest(numbers, arguments=arguments):
                    server = Server(*arguments, "--close-timeout", "0", "0")
                    with connected(server) as one, connected(server) as other:
                        server.process.send_signal(numbers[0])
                        if len(numbers) == 1:
                            self.assertEqual([client.finish() for client in (one, other)], [GOING_AWAY] * 2)
                        else:
                            self.assertEqual(one.read_frame().payload, GOING_AWAY)
                            server.process.send_signal(numbers[1])
                        self.assertEqual(finish(server.process), (status, b"", ""))

    def test_while_nobody_reads_drop_what_comes(self):
        interrupted, enough = threading.Event(), threading.Event()

        def script(peer):
            peer.accept()
            peer.send(TEXT, b"ready")
            message, sent = encode(TEXT, bytes(1 << 16)), 0
            try:
                while True:
                    peer.write(message)
                    sent += interrupted.is_set()
                    if sent == 200:
                        enough.set()
            except OSError:
                pass
        with scripted(script) as server:
            process = start(*SCRIPT, "--close-timeout", "0", server.url)
            self.assertEqual(process.stdout.readline(), b"ready\n")
            self.assert_waits(process)
            process.send_signal(signal.SIGINT)
            interrupted.set()
            self.assertTrue(enough.wait(DEADLINE))
            self.assert_small(process)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(DEADLINE), 130)
            finish(process)

    def test_of_a_server_that_nobody_reads(self):
        server = Server("listen", "--close-timeout", "0.1", "0")
        with connected(server) as client:
            client.send_meanwhile(TEXT, b"x" * (4 << 20))
            self.assert_waits(server.process)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual((server.process.wait(DEADLINE), server.process.stderr.read()), (0, b""))
        server.process.communicate()


class ServersOfOne(Case):
    def test_end_a_script_as_their_client_does(self):
        for arguments, stdin in ((("listen", "--once", *SCRIPT, "0"), b""),
                                 (("--commands", "-"), b"/listen --once 0\n")):
            with self.subTest(arguments):
                process = start(*arguments)
                process.stdin.write(stdin)
                port = int(Server.LINE.fullmatch(process.stderr.readline().decode())[3])
                with socket.create_connection(("127.0.0.1", port)) as connection:
                    Peer(connection, client=True).connect()
                self.assertEqual(process.wait(DEADLINE), 8)
                self.assertEqual(finish(process)[1:], (b"", "wscope: connection lost: without a Close from the peer\n"))


if __name__ == "__main__":
    unittest.main()
