"""How programs behind a server end: nobody is left, no client waits for nothing, and memory is bounded meanwhile."""

import os
import random
import signal
import struct
import tempfile
import time
import unittest

from peer import BINARY, CLOSE, PING, TEXT, connected, encode
from programs import children_of, descriptors_of, gone, numbers, python, read_close, runs, state_of
from support import Case, Server, eventually

STUBBORN = "trap '' HUP TERM; echo $$; while :; do sleep 0.05; done"


class OfTheProgram(Case):
    def test_the_client_hears_how(self):
        for script, close in (("echo bye", (1000, "")), ("echo bye; exit 3", (1011, "exit status 3")),
                              ("echo bye; kill -SEGV $$", (1011, "signal SIGSEGV"))):
            with self.subTest(script), Server("listen", "0", "--exec", script) as server:
                with connected(server) as client:
                    self.assertEqual(client.read_message(), (TEXT, b"bye"))
                    self.assertEqual(read_close(client), close)
                    client.close()
                    self.assertEqual(client.read_rest(), b"")
                self.assertFalse(children_of(server.process.pid))

    def test_its_grandchildren_die_with_it_and_who_left_its_group_lives(self):
        script = ("sleep 1000 & echo $!; (sleep 1000 & echo $!; exec sleep 1000) & echo $!; "
                  "setsid sleep 1000 & echo left $!; sleep 0.2; exit 0")
        with Server("listen", "0", "--exec", script) as server, connected(server) as client:
            lines = [client.read_message()[1] for _ in range(4)]
            self.assertEqual(read_close(client), (1000, ""))
            left = numbers(next(line for line in lines if line.startswith(b"left")))[0]
            for line in lines:
                if not line.startswith(b"left"):
                    eventually(lambda process=int(line): not runs(process))
            self.assertTrue(runs(left))
            os.kill(left, signal.SIGKILL)

    def test_who_left_the_group_and_holds_its_output_holds_nobody_up(self):
        script = "setsid sh -c 'while echo more; do sleep 0.01; done' & echo $!; sleep 0.1; exit 0"
        with Server("listen", "0", "--exec", script) as server, connected(server) as client:
            # Which of the two says something first is luck.
            left = next(found[0] for found in iter(lambda: numbers(client.read_message()[1]), None) if found)
            while (frame := client.read_frame()).opcode != CLOSE:
                pass
            self.assertEqual(frame.payload[:2], b"\x03\xe8")
            eventually(lambda: not runs(left))  # it gets a SIGPIPE

    def test_all_that_it_wrote_comes_however_slowly_it_is_read(self):
        data = random.Random(7).randbytes(1 << 20).hex().encode()  # 2 MiB, nothing that compresses well
        with tempfile.NamedTemporaryFile() as file:
            file.write((data + b"\n") * 4)
            file.flush()
            with Server("listen", "0", "--", "cat", file.name) as server, connected(server) as client:
                self.assert_waits(server.process)
                self.assert_small(server.process)
                for _ in range(4):
                    self.assert_bytes(client.read_message()[1], data)
                self.assertEqual(read_close(client), (1000, ""))


class OfTheClient(Case):
    def start(self, script, *options):
        server = Server("listen", *options, "0", "--exec", script)
        self.addCleanup(server.process.kill)
        return server

    def test_the_program_gets_the_end_of_its_input(self):
        with tempfile.TemporaryDirectory() as folder:
            trace = os.path.join(folder, "trace")
            with self.start(f"cat >{trace}; echo end >>{trace}") as server:
                with connected(server) as client:
                    client.send(TEXT, b"last")
                    client.close()
                    self.assertEqual(read_close(client), (1000, ""))
                eventually(lambda: os.path.exists(trace) and open(trace).read() == "last\nend\n")
                eventually(lambda: not children_of(server.process.pid))

    def test_then_signals(self):
        for trap, status in (("trap 'echo hup >&2; exit' HUP", "hup"), ("trap '' HUP; trap 'echo term >&2; exit' TERM", "term")):
            with self.subTest(trap), self.start(f"{trap}; echo $$; while :; do sleep 0.01; done", "--kill-after",
                                                "1") as server:
                with connected(server) as client:
                    client.read_message()
                # Its shell may tell of a sleep that has got the signal, too.
                while (line := server.process.stderr.readline()) != f"[1] {status}\n".encode():
                    self.assertRegex(line, rb"\A\[1\] \w+\n\Z")
                eventually(lambda: not children_of(server.process.pid))

    def test_at_last_the_kill_also_of_grandchildren(self):
        script = "trap '' HUP TERM; sh -c 'echo $$; while :; do sleep 0.05; done' & echo $$; while :; do sleep 0.05; done"
        with self.start(script, "--kill-after", "0.2") as server:
            with connected(server) as client:
                processes = numbers(client.read_message()[1] + b" " + client.read_message()[1])
            for process in processes:
                eventually(lambda process=process: not runs(process))
            eventually(lambda: not children_of(server.process.pid))

    def test_at_once_with_0(self):
        with self.start(STUBBORN, "--kill-after", "0") as server:
            with connected(server) as client:
                process = numbers(client.read_message()[1])[0]
                client.close()
                client.read_rest()
                gone(process)

    def test_a_stopped_program_ends_too(self):
        with self.start("echo $$; kill -STOP $$", "--kill-after", "1") as server:
            with connected(server) as client:
                process = numbers(client.read_message()[1])[0]
                eventually(lambda: state_of(process) == "T")
            gone(process)

    def test_a_reset_is_noticed_while_the_client_is_not_read(self):
        with self.start("echo $$; exec sleep 1000") as server:
            with connected(server) as client:
                process = numbers(client.read_message()[1])[0]
                client.socket.settimeout(0.3)
                with self.assertRaises(TimeoutError):
                    while True:
                        client.write(encode(BINARY, bytes(1 << 16), masked=True))
                self.assert_small(server.process)
                self.assertTrue(runs(process))
                client.reset()
                gone(process)
            result = server.stop()
            self.assertRegex(result.stderr, r"\A(wscope: client 1: the last message is incomplete: .*\n)?\Z")

    def test_what_it_said_before_a_close_is_given_to_a_slow_program(self):
        script = ("import os, time, sys\nsize = 0\nos.write(1, b'ready')\ntime.sleep(0.3)\n"
                  "while data := os.read(0, 1 << 14):\n  size += len(data); time.sleep(0.001)\n"
                  "sys.stderr.write(f'{size}\\n')")
        server = Server("listen", "--exec-format", "raw", "0", "--", *python(script))
        self.addCleanup(server.process.kill)
        with server:
            with connected(server) as client:
                client.read_message()
                client.write(encode(BINARY, bytes(1_000_000), masked=True))
                client.close()
                self.assertEqual(read_close(client)[0], 1000)
            self.assertEqual(server.process.stderr.readline(), b"[1] 1000000\n")
            eventually(lambda: not children_of(server.process.pid))


class OfTheServer(Case):
    def test_a_signal_ends_all_programs(self):
        server = Server("listen", "--kill-after", "0.3", "0", "--exec", STUBBORN)
        with connected(server) as one, connected(server) as other:
            processes = numbers(one.read_message()[1] + b" " + other.read_message()[1])
            server.process.terminate()
            for client in (one, other):
                self.assertEqual(read_close(client), (1001, ""))
                client.close(1001)
                client.socket.close()
            self.assertEqual(server.process.wait(60), 0)
        self.assertFalse(any(runs(process) for process in processes))

    def test_without_a_limit_it_is_five_seconds(self):
        server = Server("listen", "--close-timeout", "0.1", "--kill-after", "-1", "0", "--exec",
                        "trap '' HUP; echo $$; exec 2>&-; cat; sleep 1000")
        with connected(server) as client:
            process = numbers(client.read_message()[1])[0]
            began = time.monotonic()
            server.process.terminate()
            self.assertEqual(server.process.wait(60), 0)
            self.assertGreater(time.monotonic() - began, 0.9)  # SIGTERM
        self.assertFalse(runs(process))

    def test_a_second_signal_kills_them(self):
        server = Server("listen", "--kill-after", "60", "0", "--exec", STUBBORN)
        with connected(server) as client:
            process = numbers(client.read_message()[1])[0]
            server.process.send_signal(signal.SIGINT)
            self.assertEqual(read_close(client), (1001, ""))
            self.assertTrue(runs(process))
            server.process.send_signal(signal.SIGINT)
            self.assertEqual(server.process.wait(60), 130)
        self.assertFalse(runs(process))

    def test_a_hang_up_ends_them_as_other_signals_do(self):
        server = Server("listen", "--close-timeout", "0.1", "--kill-after", "1", "0", "--exec",
                        "trap 'echo told >&2; exit' HUP; echo ready; while :; do sleep 0.01; done")
        with connected(server) as client:
            client.read_message()
            result = server.stop(signal.SIGHUP)
        self.assertEqual((result.status, result.stdout), (0, b""))
        self.assertIn("[1] told\n", result.stderr)  # what a program says last is shown, too

    def test_a_death_hangs_them_up(self):
        server = Server("listen", "0", "--exec", "echo $$; exec sleep 1000")
        with connected(server) as client:
            process = numbers(client.read_message()[1])[0]
            server.process.kill()
            server.process.communicate()
            eventually(lambda: not runs(process))

    def test_one_program_that_will_not_end_holds_no_other_client_up(self):
        with Server("listen", "--kill-after", "1", "0", "--exec", "trap '' HUP TERM; cat; exec sleep 1000") as server:
            with connected(server) as one:
                one.send(TEXT, b"x")
                one.read_message()
            with connected(server) as other:
                other.send(TEXT, b"y")
                self.assertEqual(other.read_message(), (TEXT, b"y"))
            eventually(lambda: not children_of(server.process.pid))


    def test_nothing_is_left_of_many_clients_however_they_go(self):
        server = Server("listen", "--kill-after", "0.2", "0", "--exec", "echo ready; exec cat")
        before = len(descriptors_of(server.process.pid))
        for i in range(30):
            with connected(server) as client:
                client.read_message()
                client.send(BINARY, bytes(1 << 16), fin=i % 2 == 0)
                if i % 3 == 0:
                    client.close()
                elif i % 3 == 1:
                    client.reset()
        eventually(lambda: not children_of(server.process.pid))
        eventually(lambda: len(descriptors_of(server.process.pid)) <= before)
        self.assert_small(server.process)
        self.assertEqual(server.stop().status, 0)


class Pressure(Case):
    def test_a_program_that_does_not_read_stops_the_client_and_its_pings(self):
        with Server("listen", "--ping-interval", "0.05", "--ping-timeout", "0.1", "0", "--exec",
                    "echo ready; sleep 1; exec wc -c") as server, connected(server) as client:
            self.assertEqual(client.read_message(), (TEXT, b"ready"))
            client.socket.settimeout(60)
            client.write_meanwhile(*[encode(BINARY, bytes(1 << 16), masked=True)] * 64,
                                   encode(CLOSE, struct.pack(">H", 1000), masked=True))
            while (frame := client.read_frame()).opcode == PING:
                pass
            self.assertEqual((frame.opcode, frame.payload[:2]), (CLOSE, b"\x03\xe8"))

    def test_both_ways_at_once_without_a_deadlock(self):
        size = 4 << 20
        data = random.Random(5).randbytes(size)
        with Server("listen", "--exec-format", "raw", "0", "--", "cat") as server, connected(server) as client:
            pieces = [encode(BINARY, data[i : i + 100_000], masked=True) for i in range(0, size, 100_000)]
            client.write_meanwhile(*pieces)
            got = bytearray()
            while len(got) < size:
                got += client.read_message()[1]
            self.assert_bytes(bytes(got), data)
            self.assert_small(server.process)

    def test_an_endless_program_waits_for_its_client(self):
        with Server("listen", "0", "--", "yes", "x" * 100) as server:
            with connected(server) as client:
                self.assertEqual(client.read_message(), (TEXT, b"x" * 100))
                self.assert_waits(server.process)
                self.assert_small(server.process)
                with connected(server) as other:
                    self.assertEqual(other.read_message(), (TEXT, b"x" * 100))
            eventually(lambda: not children_of(server.process.pid))

    def test_a_long_line_in_constant_memory(self):
        size = 32 << 20
        with Server("listen", "--no-compress", "0", "--exec", f"head -c {size} /dev/zero; echo; echo end") as server:
            with connected(server) as client:
                opcode, line = client.read_message()
                self.assertEqual((opcode, len(line)), (TEXT, size))
                self.assertEqual(client.read_message(), (TEXT, b"end"))
                self.assert_small(server.process)


if __name__ == "__main__":
    unittest.main()
