"""connect URL -- PROGRAM; and programs behind TLS and on terminals."""

import signal
import unittest

import authority
from peer import BINARY, TEXT, close_payload, connected, scripted
from programs import children_of, gone, numbers, python, read_close, runs
from support import Case, Server, eventually, finish, run, start


class Connect(Case):
    def test_a_program_speaks_with_a_server(self):
        result = run("echo:", "--", "sh", "-c", 'echo one; read a; echo "got $a" >&2; test "$a" = one')
        self.assertEqual(result, (0, b"", "[1] got one\n"))

    def test_stdin_is_not_read_and_stdout_not_written(self):
        process = start("echo:", "--exec", "echo x; read a")
        self.assertEqual(process.wait(60), 0)
        self.assertEqual((process.stdout.read(), process.stderr.read()), (b"", b""))
        process.communicate()

    def test_a_program_that_fails_is_status_1_unless_the_connection_says_more(self):
        result = run("echo:", "--", "sh", "-c", "exit 3")
        self.assertEqual(result, (1, b"", "wscope: sh: exit status 3\n"))
        result = run("echo:", "--", "sh", "-c", "kill -KILL $$")
        self.assertEqual(result, (1, b"", "wscope: sh: signal SIGKILL\n"))

        def refuse(peer):
            peer.accept()
            peer.close(4000, "no")
            peer.read_rest()
        with scripted(refuse) as server:
            result = run(server.url, "--", "sh", "-c", "cat; exit 3")
            self.assertEqual(result.status, 9)

    def test_a_program_that_is_not_there(self):
        self.assertEqual(run("echo:", "--", "there-is-none"),
                         (1, b"", "wscope: there-is-none: there is no such program\n"))

    def test_the_peer_leaves(self):
        def serve(peer):
            peer.accept()
            process = numbers(peer.read_message()[1])[0]
            peer.send(TEXT, b"last words")
            peer.close(1000)
            peer.read_rest()
            return process
        with scripted(serve) as server:
            result = run("--kill-after", "0.2", server.url, "--exec", "trap '' HUP TERM; echo $$; cat >&2; sleep 1000")
            self.assertEqual(result, (0, b"", "[1] last words\n"))  # who is killed because of that has not failed
        gone(server.result)

    def test_environment(self):
        def serve(peer):
            peer.accept("Sec-WebSocket-Protocol: chat")
            lines = [peer.read_message()[1].decode() for _ in range(4)]
            peer.finish()
            return lines
        with scripted(serve) as server:
            script = 'echo "$WSCOPE_CONN"; echo "$WSCOPE_URL"; echo "$WSCOPE_SUBPROTOCOL"; echo "$REMOTE_ADDR$HTTP_HOST"'
            self.assertEqual(run("-s", "chat", server.url + "a?b", "--exec", script).status, 0)
        self.assertEqual(server.result, ["1", server.url + "a?b", "chat", ""])

    def test_reconnect_has_a_process_a_connection(self):
        def lose(peer):
            peer.accept()
            message = peer.read_message()
            peer.reset()
            return message

        def serve(peer):
            peer.accept()
            message = peer.read_message()
            peer.send(TEXT, b"enough")
            peer.finish()
            return message
        with scripted(lose, serve) as server:
            result = run("--reconnect", server.url, "--exec", "echo $$; read a; exit 0")
            self.assertEqual((result.status, result.stdout), (0, b""))
        processes = [numbers(message)[0] for _, message in server.results]
        self.assertEqual(len(set(processes)), 2)
        for process in processes:
            gone(process)

    def test_a_signal_ends_the_program(self):
        def serve(peer):
            peer.accept()
            process = numbers(peer.read_message()[1])[0]
            client.send_signal(signal.SIGINT)
            close = peer.read_frame().payload
            peer.send(8, close)
            peer.socket.shutdown(1)
            return process, close
        with scripted(serve) as server:
            client = start("--kill-after", "0.2", server.url, "--exec",
                           "trap '' HUP TERM; echo $$; while :; do sleep 0.01; done")
            self.assertEqual(finish(client).status, 130)
        process, close = server.result
        self.assertEqual(close, close_payload(1001))
        self.assertFalse(runs(process))

    def test_between_two_of_ours(self):
        with Server("listen", "--exec-format", "raw", "0", "--", "cat") as server:
            size = 3 << 20
            script = (f"import os, sys, threading\ndata = os.urandom({size})\n"
                      "threading.Thread(target=lambda: sys.stdout.buffer.write(data)).start()\n"
                      f"got = sys.stdin.buffer.read({size})\nsys.exit(0 if got == data else 5)")
            result = run("--exec-format", "raw", server.url, "--", *python(script))
            self.assertEqual(result, (0, b"", ""))
            eventually(lambda: not children_of(server.process.pid))

    def test_usage(self):
        for arguments in (("-x", "a"), ("--count", "1"), ("--no-stdin",), ("--eof", "close"), ("--in", "raw"),
                          ("--exec-mode", "shared")):
            with self.subTest(arguments):
                self.assertEqual(run("ws://127.0.0.1:1/", *arguments, "--", "cat").status, 2)


class Secure(Case):
    def test_what_tls_tells_a_program(self):
        with Server("listen", "--tls", "0", "--exec", "echo $HTTPS; echo $WSCOPE_URL; cat") as server:
            result = run("--pin", server.pin, "--count", "3", "-x", "hello", server.url)
            self.assertEqual(result, (0, f"on\n{server.url}\nhello\n".encode(), ""))


    def test_the_certificate_of_a_client(self):
        ours, theirs = authority.good(), authority.client()
        root = authority.root().certificate
        with Server("listen", "--tls", "--cert", ours.certificate, "--key", ours.key, "--client-ca", root, "0", "--exec",
                    'echo "$SSL_CLIENT_S_DN"') as server:
            result = run("--cacert", root, "--cert", theirs.certificate, "--key", theirs.key, "--one", server.url)
            self.assertEqual(result.status, 0, result.stderr)
            self.assertRegex(result.stdout, rb"\ACN ?= ?\S")


class Terminal(Case):
    def test_a_program_on_a_terminal(self):
        with Server("listen", "--pty=33x99", "0", "--exec", "test -t 0 -a -t 1 -a -t 2 && stty size; echo $TERM; cat") as server:
            with connected(server) as client:
                said = b""
                while said.count(b"\n") < 2:
                    opcode, data = client.read_message()
                    self.assertEqual(opcode, BINARY)
                    said += data
                self.assertEqual(said, b"33 99\r\nxterm-256color\r\n")
                client.send(TEXT, b"typed\n")
                while not said.endswith(b"typed\r\ntyped\r\n"):
                    said += client.read_message()[1]
                client.send(BINARY, b"\x04")  # ^D
                self.assertEqual(read_close(client), (1000, ""))

    def test_ctrl_c_and_a_hang_up(self):
        with Server("listen", "--pty", "-t", "0", "--exec", "echo $$; exec sleep 1000") as server:
            with connected(server) as client:
                self.assertEqual(client.read_message()[0], TEXT)
                client.send(TEXT, b"\x03")
                while (frame := client.read_frame()).opcode != 8:
                    pass
                self.assertEqual(frame.payload[2:], b"signal SIGINT")
            with connected(server) as client:
                process = numbers(client.read_message()[1])[0]
            gone(process)

    def test_resize(self):
        with Server("listen", "--pty", "--exec-format", "json", "0", "--exec",
                    "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.01; done") as server:
            with connected(server) as client:
                said = b""
                while b"ready" not in said:
                    said += client.read_message()[1]
                client.send(TEXT, b'{"type":"resize","cols":77,"rows":55}')
                while b"55 77" not in said:
                    said += client.read_message()[1]


if __name__ == "__main__":
    unittest.main()
