"""A server in a pipe: stdin to every client, what they say to stdout; and --broadcast and --once."""

import array
import contextlib
import fcntl
import signal
import socket
import subprocess
import termios
import unittest

from peer import BINARY, CLOSE, PING, PONG, TEXT, close_payload, connected, encode
from support import DEADLINE, Case, Server, eventually, feed, finish, read_exactly, run

GOING_AWAY = close_payload(1001)


def waiting(pipe):
    """Bytes that were written to a pipe and not read yet."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


class Pipe(Case):
    def serve(self, *arguments):
        server = Server("listen", *arguments, "0", stdin=subprocess.PIPE)
        self.addCleanup(server.process.__exit__, None, None, None)
        self.addCleanup(server.process.kill)
        return server

    def say(self, server, data):
        server.process.stdin.write(data)
        server.process.stdin.flush()

    def stop(self, server, stdout=b"", stderr=""):
        server.process.send_signal(signal.SIGTERM)
        self.assertEqual(finish(server.process), (0, stdout, stderr))


class Lines(Pipe):
    def test_go_to_every_client_and_come_from_each(self):
        server = self.serve()
        with connected(server) as one, connected(server) as two:
            self.say(server, "grüß\n\nlast\n".encode())
            for client in (one, two):
                self.assertEqual([client.read_frame()[:2] for _ in range(3)],
                                 [(TEXT, "grüß".encode()), (TEXT, b""), (TEXT, b"last")])
            for client, text in ((two, b"from two"), (one, b"from one")):
                client.send(TEXT, text)
                self.assertEqual(server.process.stdout.readline(), text + b"\n")
            one.send(BINARY, b"\xff\0")
            self.assertEqual(read_exactly(server.process.stdout, 2), b"\xff\0")
        self.stop(server)

    def test_in_other_formats(self):
        for arguments, stdin, message, stdout in (
            (("-b",), b"\xff\n", (BINARY, b"\xff"), b"a\nb\n"), (("-0",), b"x\ny\0", (TEXT, b"x\ny"), b"a\nb\0"),
            (("--format", "hex"), b"00ff\n", (BINARY, b"\0\xff"), b"610a62\n"),
            (("--format", "base64", "-t"), b"YQ==\n", (TEXT, b"a"), b"YQpi\n"),
            (("--out", "raw"), b"x\n", (TEXT, b"x"), b"a\nb")):
            with self.subTest(arguments):
                server = self.serve(*arguments)
                with connected(server) as client:
                    self.say(server, stdin)
                    self.assertEqual(client.read_message(), message)
                    client.send(TEXT, b"a\nb")
                    self.assertEqual(read_exactly(server.process.stdout, len(stdout)), stdout)
                self.stop(server)

    def test_of_json_may_name_a_client(self):
        server = self.serve("--in", "json")
        with connected(server) as one, connected(server) as two:
            for line in (b'{"type":"text","data":"to two","conn":2}\n', b'{"type":"binary","base64":"/w==","conn":1}\n',
                         b'{"type":"text","data":"to nobody","conn":3}\n', b'{"type":"ping","data":"p"}\n',
                         b'{"type":"text","data":"to all"}\n',
                         b'{"type":"close","code":4000,"reason":"bye","conn":1}\n',
                         b'{"type":"text","data":"to who is left"}\n', b'{"type":"close"}\n'):
                self.say(server, line)
            self.assertEqual([one.read_frame()[:2] for _ in range(4)], [
                (BINARY, b"\xff"), (PING, b"p"), (TEXT, b"to all"), (CLOSE, close_payload(4000, "bye"))])
            self.assertEqual([two.read_frame()[:2] for _ in range(5)], [
                (TEXT, b"to two"), (PING, b"p"), (TEXT, b"to all"), (TEXT, b"to who is left"), (CLOSE, b"")])
        self.stop(server)

    def test_wait_for_the_first_client(self):
        server = self.serve()
        lines = [b"%d" % i for i in range(5000)]
        feed(server.process.stdin, b"\n".join(lines) + b"\n")
        eventually(lambda: waiting(server.process.stdin) > 20_000)
        self.assert_waits(server.process)
        self.assertGreater(waiting(server.process.stdin), 20_000)
        with connected(server) as client:
            self.assertEqual([client.read_frame().payload for _ in lines], lines)
            client.close()
            client.read_rest()
        feed(server.process.stdin, b"next\n")
        with connected(server) as client:
            self.assertEqual(client.read_frame().payload, b"next")
        self.stop(server)

    def test_that_have_ended_do_not_end_it(self):
        server = self.serve()
        server.process.stdin.write(b"last")
        server.process.stdin.close()
        with connected(server) as one:
            self.assertEqual(one.read_frame().payload, b"last")
            one.send(TEXT, b"first")
            self.assertEqual(server.process.stdout.readline(), b"first\n")
        with connected(server) as two:
            two.send(TEXT, b"second")
            self.assertEqual(server.process.stdout.readline(), b"second\n")
            two.send(PING, b"?")
            self.assertEqual(two.read_frame()[:2], (PONG, b"?"))
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(two.finish(), GOING_AWAY)
        self.assertEqual((server.process.wait(DEADLINE), server.process.stderr.read()), (0, b""))

    def test_that_are_not_text_end_it_after_those_before_them(self):
        server = self.serve()
        with connected(server) as one, connected(server) as two:
            self.say(server, b"one\n\xff\nthree\n")
            for client in (one, two):
                self.assertEqual((client.read_frame().payload, client.finish()), (b"one", GOING_AWAY))
        self.assertEqual(finish(server.process), (
            1, b"", "wscope: standard input: line 2 is not UTF-8\nhint: send bytes with --binary\n"))

    def test_as_a_whole_are_for_one_connection(self):
        self.assertEqual(run("listen", "--in", "whole", "0"), (
            2, b"", "wscope: --in whole is for one connection: wscope connect\nhint: try wscope --help\n"))

    def test_of_fifty_clients(self):
        server = self.serve()
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(connected(server)) for _ in range(50)]
            for i, client in enumerate(clients):
                client.send(TEXT, b"%d" % i)
            lines = {server.process.stdout.readline() for _ in clients}
            self.assertEqual(lines, {b"%d\n" % i for i in range(50)})
            self.say(server, b"to all\n")
            self.assertEqual([client.read_frame().payload for client in clients], [b"to all"] * 50)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual([client.finish() for client in clients], [GOING_AWAY] * 50)
        self.assertEqual(finish(server.process), (0, b"", ""))


class Ending(Pipe):
    def test_stdout_that_nobody_reads_any_more_ends_it_without_a_trace(self):
        for arguments in ((), ("--json",), ("--json", "--broadcast")):
            with self.subTest(arguments):
                server = self.serve(*arguments)
                with connected(server) as one, connected(server) as two:
                    server.process.stdout.close()
                    one.send(TEXT, b"x")
                    frames = [peer.read_frame() for peer in (one, two)]
                    if "--broadcast" in arguments and frames[1].opcode == TEXT:
                        frames[1] = two.read_frame()
                    self.assertEqual([frame[:2] for frame in frames], [(CLOSE, GOING_AWAY)] * 2)
                    for peer in (one, two):
                        peer.send(CLOSE, GOING_AWAY)
                        self.assertEqual(peer.read_rest(), b"")
                self.assertEqual(server.process.stderr.read(), b"")
                self.assertIn(server.process.wait(DEADLINE), (0, 141))

    def test_a_second_signal_does_not_wait(self):
        server = self.serve("--close-timeout", "0")
        with connected(server) as client:
            server.process.send_signal(signal.SIGINT)
            self.assertEqual(client.read_frame().payload, GOING_AWAY)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(finish(server.process), (143, b"", ""))

    def test_a_signal_while_nobody_reads_stdout(self):
        server = self.serve("--close-timeout", "0.3")
        with connected(server) as client:
            client.send_meanwhile(TEXT, b"x" * (4 << 20))
            self.assert_waits(server.process)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(client.read_frame().payload, GOING_AWAY)
            server.process.send_signal(signal.SIGTERM)
            self.assertIn(server.process.wait(DEADLINE), (0, 143))

    def test_a_slow_reader_of_stdout_holds_the_clients_and_loses_nothing(self):
        server = self.serve()
        lines = [[b"%d %d " % (i, j) * 200 for j in range(10_000)] for i in range(2)]
        with connected(server) as one, connected(server) as two:
            for client, texts in zip((one, two), lines):
                client.write_meanwhile(b"".join(encode(TEXT, text, masked=True) for text in texts))
            self.assert_waits(server.process)
            self.assert_small(server.process)
            size = sum(len(text) + 1 for texts in lines for text in texts)
            received = read_exactly(server.process.stdout, size).split(b"\n")
            for number, texts in zip((b"0 ", b"1 "), lines):
                self.assertEqual([line for line in received if line.startswith(number)] == texts, True)
            self.assert_small(server.process)
        self.stop(server)


class Once(Pipe):
    def check(self, end, status, words=""):
        server = self.serve("--once", "--close-timeout", "0.3")
        with connected(server) as client:
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection((server.host, server.port))
            self.say(server, b"hello\n")
            self.assertEqual(client.read_frame().payload, b"hello")
            client.send(TEXT, b"hi")
            end(client)
        self.assertEqual(finish(server.process), (status, b"hi\n", words))

    def test_ends_with_its_client(self):
        lost = "wscope: connection lost: "
        for name, end, status, words in (
            ("closed", lambda client: (client.close(), client.read_rest()), 0, ""),
            ("going away", lambda client: (client.close(1001, "bye"), client.read_rest()), 0, ""),
            ("no code", lambda client: (client.send(CLOSE), client.read_rest()), 0, ""),
            ("another code", lambda client: (client.close(4000, "bye"), client.read_rest()), 9,
             "wscope: closed by the peer: 4000 (private use) bye\n"),
            ("broken", lambda client: (client.send(3), client.read_rest()), 7,
             "wscope: the peer broke the protocol: frame with the reserved opcode 3; we sent 1002\n"),
            ("gone", lambda client: client.socket.close(), 8, lost + "without a Close from the peer\n"),
        ):
            with self.subTest(name):
                self.check(end, status, words)

    def test_is_not_over_with_somebody_who_is_not_let_in(self):
        server = self.serve("--once")
        for _ in range(3):
            with socket.create_connection((server.host, server.port), DEADLINE) as browser:
                browser.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertTrue(browser.recv(100).startswith(b"HTTP/1.1 200 OK\r\n"))
        with connected(server) as client:
            client.close()
            client.read_rest()
        self.assertEqual(finish(server.process), (0, b"", ""))

    def test_of_the_other_services(self):
        for service in ("--echo", "--broadcast"):
            with self.subTest(service):
                server = self.serve("--once", service)
                with connected(server) as client:
                    client.close()
                    client.read_rest()
                self.assertEqual(finish(server.process), (0, b"", ""))

    def test_a_signal_is_a_clean_end(self):
        server = self.serve("--once")
        with connected(server) as client:
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(client.finish(), GOING_AWAY)
        self.assertEqual(finish(server.process), (0, b"", ""))


class AtTheEndOfInput(Pipe):
    def test_the_server_goes_on_unless_it_is_told_to_end(self):
        for arguments in (("--eof", "close"), ("--eof", "wait", "-w", "0.2"), ("-w", "0.2")):
            server = self.serve(*arguments)
            with connected(server) as one, connected(server) as two:
                self.say(server, b"last\n")
                server.process.stdin.close()
                server.process.stdin = None
                for client in (one, two):
                    self.assertEqual(client.read_frame()[:2], (TEXT, b"last"))
                    self.assertEqual(client.read_frame()[:2], (CLOSE, close_payload(1000)))
                    client.send(CLOSE, close_payload(1000))
            self.assertEqual(finish(server.process), (0, b"", ""))


if __name__ == "__main__":
    unittest.main()
