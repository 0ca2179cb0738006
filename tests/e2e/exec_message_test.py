"""listen --exec-mode message: a process a message."""

import json
import os
import select
import socket
import struct
import threading
import unittest

from peer import BINARY, PING, PONG, TEXT, connected, encode, scripted
from programs import children_of, gone, numbers, read_close, runs
from support import Case, Server, eventually, finish, run

MODE = ("listen", "--exec-mode", "message", "0")


class Messages(Case):
    def test_a_message_is_the_input_and_the_output_the_answer(self):
        with Server(*MODE, "--", "tr", "a-z", "A-Z") as server, connected(server) as client:
            client.send(TEXT, b"one\ntwo\n")
            self.assertEqual(client.read_message(), (TEXT, b"ONE\nTWO\n"))
            client.send(BINARY, b"\xff\0a")
            self.assertEqual(client.read_message(), (BINARY, b"\xff\0A"))
            client.send(TEXT, b"")
            self.assertEqual(client.read_message(), (TEXT, b""))
            client.send(TEXT, b"in ", fin=False)
            client.send(0, b"two")
            self.assertEqual(client.read_message(), (TEXT, b"IN TWO"))
            self.assertFalse(children_of(server.process.pid))

    def test_answers_have_the_type_that_is_asked_for(self):
        for option, opcode in (("-b", BINARY), ("-t", TEXT)):
            with self.subTest(option), Server(*MODE, option, "--", "cat") as server, connected(server) as client:
                for sent in (TEXT, BINARY):
                    client.send(sent, b"x")
                    self.assertEqual(client.read_message(), (opcode, b"x"))

    def test_answers_come_in_order_one_process_at_a_time(self):
        script = "read -r n; sleep 0.0$n; echo $n $$"
        with Server(*MODE, "--exec", script) as server, connected(server) as client:
            client.write(b"".join(encode(TEXT, b"%d\n" % n, masked=True) for n in (9, 1, 5, 1)))
            answers = [numbers(client.read_message()[1]) for _ in range(4)]
            self.assertEqual([number for number, _ in answers], [9, 1, 5, 1])
            self.assertEqual(len({process for _, process in answers}), 4)

    def test_clients_do_not_wait_for_each_other(self):
        with Server(*MODE, "--exec", "read -r word; [ $word = slow ] && sleep 100; echo $word") as server, \
                connected(server) as slow, connected(server) as quick:
            slow.send(TEXT, b"slow\n")
            eventually(lambda: children_of(server.process.pid))
            quick.send(TEXT, b"quick\n")
            self.assertEqual(quick.read_message(), (TEXT, b"quick\n"))
            slow.send(PING, b"still heard")
            self.assertEqual(slow.read_frame()[:2], (PONG, b"still heard"))
            left = children_of(server.process.pid)
            slow.close()
            self.assertEqual(read_close(slow), (1000, ""))
            for process in left:
                gone(process)

    def test_what_fails_has_no_answer_and_a_line(self):
        script = "read -r word; case $word in exit) echo half; exit 3;; kill) kill -9 $$;; *) echo $word;; esac"
        with Server(*MODE, "--exec", script) as server, connected(server) as client:
            for word in (b"exit", b"kill", b"good"):
                client.send(TEXT, word + b"\n")
            self.assertEqual(client.read_message(), (TEXT, b"good\n"))
            client.close()
            client.read_rest()
            self.assertEqual(server.stop()[::2], (0, "wscope: client 1: a message has no answer: exit status 3\n"
                                                  "wscope: client 1: a message has no answer: signal SIGKILL\n"))

    def test_large_ones_both_ways_at_once(self):
        size = 8 << 20
        with Server(*MODE, "--", "cat") as server, connected(server) as client:
            data = os.urandom(1 << 16) * (size >> 16)
            client.send_meanwhile(BINARY, data)
            opcode, answer = client.read_message()
            self.assertEqual((opcode, answer == data), (BINARY, True))

    def test_a_program_that_does_not_read_its_message(self):
        with Server(*MODE, "--exec", "echo done") as server, connected(server) as client:
            writer = threading.Thread(target=client.send, args=(TEXT, b"x" * (4 << 20)))
            writer.start()
            self.assertEqual(client.read_message(), (TEXT, b"done\n"))
            writer.join()
            client.send(TEXT, b"again")
            self.assertEqual(client.read_message(), (TEXT, b"done\n"))

    def test_an_answer_that_is_too_long_is_none(self):
        with Server(*MODE, "--max-size", "1000", "--exec",
                    "read -r n; head -c $n /dev/zero | tr '\\0' x") as server, connected(server) as client:
            client.send(TEXT, b"1001\n")
            client.send(TEXT, b"1000\n")
            self.assertEqual(client.read_message(), (TEXT, b"x" * 1000))
            client.close()
            client.read_rest()
            self.assertEqual(server.stop()[::2], (0, "wscope: client 1: a message has no answer: output has more than "
                                                  "1000 bytes (--max-size)\n"))

    def test_text_that_is_not_utf8_closes_with_1011(self):
        with Server(*MODE, "--exec", r"printf 'b\377d'") as server, connected(server) as client:
            client.send(TEXT, b"?")
            self.assertEqual(read_close(client), (1011, "output is not UTF-8"))
            client.close(1011)
            client.read_rest()
            self.assertRegex(server.stop().stderr, r"\Awscope: client 1: output is not UTF-8: byte ff at offset 1\n")

    def test_above_the_most_it_waits_in_order(self):
        script = "read -r word; echo $word; [ $word = stay ] && while [ ! -e \"$GO\" ]; do sleep 0.01; done; :"
        go = f"/tmp/wscope-go-{os.getpid()}"
        with Server(*MODE, "--exec-max", "1", "--exec-env", f"GO={go}", "--exec", script) as server, \
                connected(server) as one, connected(server) as two, connected(server) as three:
            try:
                one.send(TEXT, b"stay\n")
                eventually(lambda: children_of(server.process.pid))
                two.send(TEXT, b"two\n")
                two.send(PING, b"is not read")
                three.send(TEXT, b"three\n")
                self.assertEqual(len(children_of(server.process.pid)), 1)
                self.assertEqual(select.select([two.socket, three.socket], [], [], 0.1)[0], [])
                open(go, "w").close()
                self.assertEqual(one.read_message(), (TEXT, b"stay\n"))
                self.assertEqual(three.read_message(), (TEXT, b"three\n"))
                self.assertEqual({two.read_frame()[:2] for _ in range(2)}, {(TEXT, b"two\n"), (PONG, b"is not read")})
            finally:
                os.unlink(go)

    def test_who_resets_the_connection_ends_its_process(self):
        with Server(*MODE, "--exec", "exec sleep 100") as server, connected(server) as client:
            client.send(TEXT, b"x")
            eventually(lambda: children_of(server.process.pid))
            (process,) = children_of(server.process.pid)
            client.send(TEXT, b"waits, so that nothing is read")
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.socket.close()
            gone(process)

    def test_requests_are_in_the_environment(self):
        with Server(*MODE, "--exec", "echo $WSCOPE_CONN $REQUEST_URI $HTTP_X_A") as server, \
                connected(server, "X-A: 1") as client:
            for _ in range(2):
                client.send(TEXT, b"")
                self.assertEqual(client.read_message(), (TEXT, b"1 / 1\n"))

    def test_events_tell_of_each_process(self):
        server = Server(*MODE, "--json", "--exec", "echo said >&2; cat")
        with server, connected(server) as client:
            client.send(TEXT, b"x")
            self.assertEqual(client.read_message(), (TEXT, b"x"))
            client.close()
            client.read_rest()
            result = server.stop()
        events = [json.loads(line) for line in result.stdout.splitlines()]
        found = [(event["state"], event.get("data"), event.get("status")) for event in events
                 if event["event"] == "exec"]
        self.assertEqual(found, [("start", None, None), ("stderr", "said", None), ("exit", None, 0)])
        self.assertEqual(result.stderr, "[1] said\n")

    def test_a_signal_ends_all(self):
        with Server(*MODE, "--kill-after", "0.5", "--exec", "trap '' HUP TERM; while :; do sleep 1; done") as server, \
                connected(server) as client:
            client.send(TEXT, b"x")
            eventually(lambda: children_of(server.process.pid))
            (process,) = children_of(server.process.pid)
            server.process.terminate()
            self.assertEqual(read_close(client), (1001, ""))
            client.close(1001)
            client.read_rest()
            client.socket.close()
            self.assertEqual(finish(server.process)[:2], (0, b""))
            self.assertFalse(runs(process))

    def test_hundreds(self):
        count = 300
        with Server(*MODE, "--", "cat") as server:
            lines = b"".join(b"%d\n" % n for n in range(count))
            result = run("--count", str(count), server.url, stdin=lines)
            self.assertEqual((result.status, result.stdout), (0, lines))


class Connect(Case):
    def test_a_client_answers_too(self):
        def ask(peer):
            peer.accept()
            peer.send(TEXT, b"one", fin=False)
            peer.send(0, b" two")
            peer.send(BINARY, b"three")
            answers = [peer.read_message() for _ in range(2)]
            peer.send_meanwhile(BINARY, b"x" * (6 << 20))
            answers.append(len(peer.read_message()[1]))
            peer.close()
            peer.read_rest()
            return answers
        with scripted(ask) as server:
            result = run("--exec-mode", "message", server.url, "--", "tr", "a-z", "A-Z")
            self.assertEqual(result, (0, b"", ""))
        self.assertEqual(server.result, [(TEXT, b"ONE TWO"), (BINARY, b"THREE"), 6 << 20])

    def test_one_that_fails_is_status_1(self):
        def ask(peer):
            peer.accept()
            peer.send(TEXT, b"3\n")
            peer.send(TEXT, b"0\n")
            answer = peer.read_message()
            peer.close()
            peer.read_rest()
            return answer
        with scripted(ask) as server:
            result = run("--exec-mode", "message", server.url, "--exec", "read -r n; echo $n; exit $n")
            self.assertEqual((result.status, result.stdout), (1, b""))
            self.assertIn("a message has no answer: exit status 3\n", result.stderr)
        self.assertEqual(server.result, (TEXT, b"0\n"))


if __name__ == "__main__":
    unittest.main()
