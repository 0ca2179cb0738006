"""A server that runs out of descriptors: it says so, goes on, and lets clients in again when it has some."""

import contextlib
import resource
import select
import signal
import sys
import unittest

from peer import TEXT, dialed
from support import Case, Server, finish

FULL = b"wscope: no more clients for now: too many open files\n"
FREE = b"wscope: clients can come again\n"
LIMIT = 24
PATIENT = ("--handshake-timeout", "0")


def limit():
    """In the child, before it becomes the server."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, LIMIT))


class Descriptors(Case):
    def check_echo(self, client, text):
        client.send(TEXT, text)
        self.assertEqual(client.read_message(), (TEXT, text))

    def test_that_run_out_are_said_once_and_so_is_the_end_of_that(self):
        for arguments in (("echo", "0", *PATIENT), ("listen", "0", "--json", *PATIENT)):
            with self.subTest(arguments[0]), contextlib.ExitStack() as stack:
                server = stack.enter_context(Server(*arguments, preexec_fn=limit))
                clients = [stack.enter_context(dialed(server)) for _ in range(LIMIT)]
                self.assertEqual(server.process.stderr.readline(), FULL)
                self.assert_waits(server.process)
                self.assertEqual(select.select([server.process.stderr], [], [], 0.3)[0], [])
                clients[0].connect()
                for client in clients[: LIMIT // 2]:
                    client.socket.close()
                self.assertEqual(server.process.stderr.readline(), FREE)
                for client in clients[LIMIT // 2 :]:
                    client.connect()
                if arguments[0] == "echo":
                    for client in clients[LIMIT // 2 :]:
                        self.check_echo(client, b"x")
                server.process.send_signal(signal.SIGTERM)
                for client in clients[LIMIT // 2 :]:
                    client.finish()
                result = finish(server.process)
                self.assertEqual((result.status, result.stderr), (0, ""))

    @unittest.skipUnless(sys.platform == "linux", "needs prlimit()")
    def test_that_become_fewer_than_there_are_clients_end_nothing(self):
        with Server("echo", "0") as server, contextlib.ExitStack() as stack:
            clients = [stack.enter_context(dialed(server)) for _ in range(10)]
            for client in clients:
                client.connect()
            _, most = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (4, most))
            for number, client in enumerate(clients):
                self.check_echo(client, b"%d" % number)
            self.assert_waits(server.process)
            late = stack.enter_context(dialed(server))
            self.assertEqual(server.process.stderr.readline(), FULL)
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (most, most))
            late.connect()
            self.check_echo(late, b"late")
            self.assertEqual(server.process.stderr.readline(), FREE)
            server.process.send_signal(signal.SIGTERM)
            for client in [*clients, late]:
                client.finish()
            self.assertEqual(finish(server.process), (0, b"", ""))


if __name__ == "__main__":
    unittest.main()
