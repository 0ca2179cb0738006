"""Messages for many clients of a server: --broadcast, and clients that do not keep up (--slow)."""

import contextlib
import subprocess
import unittest

from peer import BINARY, CLOSE, CONTINUATION, PING, TEXT, close_payload, connected, encode
from support import DEADLINE, Case, Server, feed, run

LINES = [b"%d " % i + b"x" * 8000 for i in range(5000)]
STDIN = b"\n".join(LINES) + b"\n"


class Broadcast(Case):
    def test_goes_to_all_others_as_it_is(self):
        with Server("listen", "--broadcast", "0") as server:
            with connected(server) as one, connected(server) as two, connected(server) as three:
                one.send(TEXT, "grüß".encode())
                one.send(BINARY, b"\xff\0")
                one.send(TEXT, b"frag", fin=False)
                one.send(PING, b"between")
                one.send(CONTINUATION, b"ment")
                one.send(BINARY)
                for client in (two, three):
                    self.assertEqual([client.read_message() for _ in range(4)], [
                        (TEXT, "grüß".encode()), (BINARY, b"\xff\0"), (TEXT, b"fragment"), (BINARY, b"")])
                two.send(TEXT, b"answer")
                self.assertEqual(three.read_message(), (TEXT, b"answer"))
                one.read_frame()  # the Pong
                self.assertEqual(one.read_message(), (TEXT, b"answer"))

    def test_prints_nothing_and_reads_nothing(self):
        server = Server("listen", "--broadcast", "0", stdin=subprocess.PIPE)
        with connected(server) as one, connected(server) as two:
            feed(server.process.stdin, b"not for clients\n")
            one.send(TEXT, b"x")
            self.assertEqual(two.read_message(), (TEXT, b"x"))
        self.assertEqual(server.stop(), (0, b"", ""))

    def test_to_fifty(self):
        with Server("listen", "--broadcast", "0") as server, contextlib.ExitStack() as stack:
            clients = [stack.enter_context(connected(server)) for _ in range(50)]
            for i, client in enumerate(clients):
                client.send(TEXT, b"%d" % i)
            for i, client in enumerate(clients):
                messages = {client.read_message() for _ in range(49)}
                self.assertEqual(messages, {(TEXT, b"%d" % j) for j in range(50) if j != i})

    def test_of_what_it_cannot_pass_on_is_a_usage_error(self):
        for arguments in (("--in", "hex"), ("--out", "raw"), ("-0",), ("--format", "lines")):
            for service in ("--broadcast", "--echo"):
                with self.subTest(service, arguments=arguments):
                    self.assertEqual(run("listen", service, *arguments, "0").status, 2)
        self.assertEqual(run("listen", "--broadcast", "--echo", "0").status, 2)


class SlowClients(Case):
    """One client reads, one does not."""

    def read(self, client, lines):
        for line in lines:
            if client.read_message() != (TEXT, line):
                raise AssertionError(line[:10])

    def say_on_stdin(self, server, reader, _):
        feed(server.process.stdin, STDIN)
        self.read(reader, LINES)

    def say_as_a_client(self, server, reader, stack):
        """No faster than the reader."""
        sender = stack.enter_context(connected(server))
        for i in range(0, len(LINES), 50):
            sender.write(b"".join(encode(TEXT, line, masked=True) for line in LINES[i : i + 50]))
            self.read(reader, LINES[i : i + 50])

    def check(self, slow, after):
        for say, arguments in ((self.say_on_stdin, ()), (self.say_as_a_client, ("--broadcast",))):
            with self.subTest(arguments):
                server = Server("listen", "--slow", slow, *arguments, "0", stdin=subprocess.PIPE)
                self.addCleanup(server.process.kill)
                with contextlib.ExitStack() as stack:
                    lazy = stack.enter_context(connected(server))
                    reader = stack.enter_context(connected(server))
                    say(server, reader, stack)
                    self.assert_small(server.process)
                    after(lazy, reader, server.process.stderr.readline().decode())
                self.assertEqual(server.stop(), (0, b"", ""))

    def test_are_closed(self):
        def after(lazy, reader, note):
            self.assertEqual(note, "wscope: client 1: reads too slowly: closed\n")
            count = 0
            while (message := lazy.read_message()) == (TEXT, LINES[count]):
                count += 1
            self.assertEqual(message, (CLOSE, close_payload(1008, "reading too slowly")))
            reader.send(PING, b"still here")
            self.assertEqual(reader.read_frame().payload, b"still here")
        self.check("close", after)

    def test_miss_messages(self):
        def after(lazy, reader, note):
            self.assertEqual(note, "wscope: client 1: reads too slowly: messages are left out\n")
            lazy.socket.settimeout(0.5)
            received = []
            with contextlib.suppress(TimeoutError):
                while True:
                    received.append(lazy.read_message())
            self.assertLess(len(received), len(LINES))
            numbers = [int(text.split()[0]) for _, text in received]
            self.assertEqual(numbers, sorted(set(numbers)))
            self.assertEqual(received, [(TEXT, LINES[number]) for number in numbers])
        self.check("drop", after)

    def test_that_keep_up_again_get_messages_again(self):
        server = Server("listen", "--slow", "drop", "0", stdin=subprocess.PIPE)
        self.addCleanup(server.process.kill)
        with connected(server) as lazy, connected(server) as reader:
            feed(server.process.stdin, STDIN)
            self.read(reader, LINES)
            lazy.socket.settimeout(0.5)
            with contextlib.suppress(TimeoutError):
                while True:
                    lazy.read_message()
            feed(server.process.stdin, b"again\n")
            lazy.socket.settimeout(DEADLINE)
            self.assertEqual([lazy.read_message(), reader.read_message()], [(TEXT, b"again")] * 2)
        self.assertEqual(server.stop(), (0, b"", "wscope: client 1: reads too slowly: messages are left out\n"
                                                 "wscope: client 1: keeps up again\n"))


if __name__ == "__main__":
    unittest.main()
