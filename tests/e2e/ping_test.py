"""wscope ping: round-trip times, of peers that answer and of those that do not."""

import json
import re
import signal
import threading
import time
import unittest

from peer import PING, PONG, TEXT, closed_port, scripted
from support import Case, Server, eventually, finish, run, start

TIME = r"\d+\.\d{3}"
HEADING = r"PING (ws://127\.0\.0\.1:\d+/) \(127\.0\.0\.1:\d+\), 8 bytes\n"
WAY = r"dns \d+\.\d  tcp \d+\.\d  upgrade \d+\.\d  total \d+\.\d ms\n"
FIGURES = rf"rtt min/avg/max/mdev {TIME}/{TIME}/{TIME}/{TIME} ms   p50 {TIME}  p90 {TIME}  p99 {TIME}\n"


def pings(peer, count):
    """Shakes hands, and reads so many Pings."""
    peer.accept()
    frames = [peer.read_frame() for _ in range(count)]
    assert all(frame.opcode == PING for frame in frames), frames
    return [frame.payload for frame in frames]


def lines_of(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def events(result, name):
    return [event for event in lines_of(result) if event["event"] == name]


class Answers(Case):
    def test_each_has_a_line_and_all_have_a_summary(self):
        with Server() as server:
            result = run("ping", "-c", "3", "-i", "0.05", server.url)
        answers = "".join(rf"pong seq={number} time={TIME} ms\n" for number in (1, 2, 3))
        self.assertRegex(result.stdout.decode(), rf"\A{HEADING}{WAY}{answers}--- \1 ---\n"
                         rf"3 pings, 3 pongs, 0 % lost, 1\d\d ms\n{FIGURES}\Z")
        self.assertEqual((result.status, result.stderr), (0, ""))

    def test_quiet_is_the_summary(self):
        with Server() as server:
            result = run("ping", "-q", "-c", "100", "-i", "0", server.url)
        self.assertRegex(result.stdout.decode(), rf"\A{HEADING}{WAY}--- \1 ---\n100 pings, 100 pongs, 0 % lost, .*\n{FIGURES}\Z")

    def test_a_payload_is_number_run_and_filler(self):
        for size, pattern in ((8, b"\0\0\0%c...."), (11, b"\0\0\0%c....\x08\x09\x0a"), (4, b"\0\0\0%c"), (2, b"\0%c"), (0, b"")):
            def script(peer):
                payloads = []
                peer.accept()
                for _ in range(2):
                    frame = peer.read_frame()
                    payloads.append(frame.payload)
                    peer.send(PONG, frame.payload)
                peer.finish()
                return payloads
            with self.subTest(size=size), scripted(script) as served:
                self.assertEqual(run("ping", "-c", "2", "-i", "0", "-s", str(size), served.url).status, 0)
            for number, payload in enumerate(served.result, 1):
                wanted = pattern % number if b"%c" in pattern else pattern
                self.assertRegex(payload, re.compile(rb"\A" + wanted.replace(b"\x08\x09\x0a", rb"\x08\x09\x0a") + rb"\Z", re.S))
            if size >= 8:
                self.assertEqual(served.result[0][4:8], served.result[1][4:8])

    def test_events_are_pongs_and_a_summary(self):
        with Server() as server:
            result = run("ping", "--json", "-c", "2", "-i", "0", server.url)
        pongs = events(result, "pong")
        self.assertEqual([event["seq"] for event in pongs], [1, 2])
        self.assertTrue(all(event["rtt_ms"] >= 0 for event in pongs))
        summary, = events(result, "summary")
        self.assertEqual([summary[key] for key in ("pings", "pongs", "lost", "skipped", "dup", "late")], [2, 2, 0, 0, 0, 0])
        self.assertLessEqual(summary["min_ms"], summary["p50_ms"])
        self.assertLessEqual(summary["p99_ms"], summary["max_ms"])

    def test_texts_answer_texts(self):
        for arguments, wanted in ((["--text"], rb"0000000\d[0-9a-f]{8}"), (["--text={\"id\":{{seq}}}"], rb'{"id":\d}'),
                                  (["--text", "n {{seq}}"], rb"n \d")):
            def script(peer):
                peer.accept()
                texts = []
                for _ in range(2):
                    frame = peer.read_frame()
                    texts.append(frame.payload)
                    peer.send(TEXT, b"something else")
                    peer.send(TEXT, frame.payload[:2], fin=False)
                    peer.send(0, frame.payload[2:])
                peer.finish()
                return texts
            with self.subTest(arguments=arguments), scripted(script) as served:
                result = run("ping", "-c", "2", "-i", "0", *arguments, served.url)
                self.assertEqual(result.status, 0, result)
                self.assertIn(b"2 pings, 2 pongs, 0 % lost", result.stdout)
                self.assertIn(b"of the server: 2 messages dropped\n", result.stdout)
            for text in served.result:
                self.assertRegex(text, wanted)

    def test_what_the_server_sends_is_answered_dropped_and_counted(self):
        def script(peer):
            peer.accept()
            peer.send(PING, b"mine")
            peer.send(TEXT, b"hello" * 100000)
            payloads = []
            while len(payloads) < 2:
                frame = peer.read_frame()
                payloads.append((frame.opcode, frame.payload))
                if frame.opcode == PING:
                    peer.send(PONG, frame.payload)
            peer.finish()
            return payloads
        with scripted(script) as served:
            result = run("ping", "-c", "1", served.url)
        self.assertIn((PONG, b"mine"), served.result)
        self.assertIn(b"of the server: 1 ping answered, 1 message dropped\n", result.stdout)
        self.assertEqual(result.status, 0)


class Wrong(Case):
    def test_a_later_pong_skips_and_a_second_one_is_a_duplicate(self):
        def script(peer):
            first, second, third = pings(peer, 3)
            peer.send(PONG, b"to none")
            peer.send(PONG, third)
            peer.send(PONG, first)
            peer.send(PONG, first)
            peer.finish()
        with scripted(script) as served:
            result = run("ping", "-c", "3", "-i", "0.01", served.url)
        self.assertEqual(re.findall(rb"pong seq=(\d) (?:time=\S+ ms)?(?:\((\w+)\))?", result.stdout),
                         [(b"3", b""), (b"1", b""), (b"1", b"dup")])
        self.assertIn(b"3 pings, 2 pongs, 0 % lost", result.stdout)
        self.assertIn(b"\n1 skipped, 1 dup, 1 that answer none\n", result.stdout)
        self.assertEqual(result.status, 0)

    def test_who_does_not_answer_has_lost_them(self):
        def script(peer):
            _, second = pings(peer, 2)
            peer.send(PONG, second)
            third = peer.read_frame().payload
            time.sleep(0.3)  # longer than it waits
            peer.send(PONG, third)
            fourth = peer.read_frame().payload
            peer.send(PONG, fourth)
            peer.finish()
        with scripted(script) as served:
            result = run("ping", "-c", "4", "-i", "0.25", "-W", "0.2", served.url)
        out = result.stdout.decode()
        self.assertIn("lost seq=1: no answer in 0.2 s\n", out)
        self.assertIn("lost seq=3: no answer in 0.2 s\n", out)
        self.assertRegex(out, rf"pong seq=3 time={TIME} ms \(late\)\n")
        self.assertIn("4 pings, 2 pongs, 50 % lost", out)
        self.assertEqual(result.status, 11)
        self.assertEqual(result.stderr, f"wscope: {served.url}: 2 of 4 pings are lost\n")

    def test_losses_are_events(self):
        def script(peer):
            pings(peer, 1)
            peer.finish()
        with scripted(script) as served:
            result = run("ping", "--json", "-c", "1", "-W", "0.1", served.url)
        self.assertEqual([(event["seq"], event["message"]) for event in events(result, "lost")], [(1, "no answer in 0.1 s")])
        self.assertIsNone(events(result, "summary")[0]["avg_ms"])
        self.assertEqual(result.status, 11)

    def test_the_server_closes(self):
        for code, arguments, status in ((1000, (), 11), (1000, ("-c", "5"), 11), (4000, (), 9)):
            def script(peer):
                first, _ = pings(peer, 2)
                peer.send(PONG, first)
                peer.close(code, "bye")
                peer.read_rest()
            with self.subTest(code=code), scripted(script) as served:
                result = run("ping", "-i", "0.05", *arguments, served.url)
                self.assertIn(b"lost seq=2: the connection is over\n", result.stdout)
                self.assertRegex(result.stdout, rb"\n\d+ pings, 1 pong, (?!0)[\d.]+ % lost")
                self.assertEqual(result.status, status)

    def test_a_count_that_is_not_reached_is_a_failure(self):
        def script(peer):
            first, = pings(peer, 1)
            peer.send(PONG, first)
            peer.close(1000, "bye")
            peer.read_rest()
        with scripted(script) as served:
            result = run("ping", "-c", "2", "-i", "10", served.url)
        self.assertIn(b"1 ping, 1 pong, 0 % lost", result.stdout)
        self.assertEqual(result.stderr, f'wscope: {served.url}: 1 of 2 pings were answered: the peer closed (1000 "bye")\n')
        self.assertEqual(result.status, 11)

    def test_without_a_connection_there_is_nothing_to_sum_up(self):
        with closed_port() as port:
            result = run("ping", f"127.0.0.1:{port}")
        self.assertEqual((result.status, result.stdout), (4, b""))

    def test_a_flood_of_pongs_takes_no_memory(self):
        def script(peer):
            first, = pings(peer, 1)
            block = b"".join(bytes([0x8a, 8]) + payload for payload in (first, b"12345678")) * 10000
            for _ in range(20):
                peer.write(block)
            peer.read_rest()
        with scripted(script) as served:
            process = start("ping", "-q", "-c", "2", "-i", "0.3", "-W", "1", served.url)
            out = process.stdout.readline() + process.stdout.readline()
            self.assertRegex(out, rb"^PING ")
            self.assert_small(process)
            process.send_signal(signal.SIGINT)
            self.assertIn(b"1 pong, ", finish(process).stdout)


class Ends(Case):
    def test_interrupt_is_how_it_ends(self):
        with Server() as server:
            process = start("ping", "-i", "0.05", server.url)
            eventually(lambda: b"seq=2" in process.stdout.readline())
            process.send_signal(signal.SIGQUIT)
            self.assertRegex(process.stderr.readline(), rb"^\d+ pings, \d+ pongs, 0 % lost, min/avg/max ")
            process.send_signal(signal.SIGINT)
            result = finish(process)
        self.assertIn(b" 0 % lost, ", result.stdout)
        self.assertEqual((result.status, result.stderr), (0, ""))

    def test_open_pings_are_neither_answered_nor_lost(self):
        sent = threading.Event()

        def script(peer):
            pings(peer, 1)
            sent.set()
            peer.finish()
        with scripted(script) as served:
            process = start("ping", served.url)
            process.stdout.readline()
            process.stdout.readline()
            eventually(sent.is_set)
            process.send_signal(signal.SIGINT)
            result = finish(process)
        self.assertIn(b"1 ping, 0 pongs, 0 % lost, ", result.stdout)
        self.assertIn(b"\n1 open\n", result.stdout)
        self.assertEqual(result.status, 0)

    def test_a_terminated_run_says_so(self):
        with Server() as server:
            process = start("ping", server.url)
            eventually(lambda: b"seq=1" in process.stdout.readline())
            process.terminate()
            result = finish(process)
        self.assertIn(b"1 ping, 1 pong, 0 % lost, ", result.stdout)
        self.assertEqual(result.status, 143)

    def test_nobody_reads_on(self):
        with Server() as server:
            process = start("ping", "-i", "0.01", server.url)
            process.stdout.readline()
            process.stdout.close()
            self.assertEqual(process.wait(timeout=60), 0)
            self.assertEqual(process.stderr.read(), b"")
            process.stderr.close()
            process.stdin.close()

    def test_the_time_of_all_may_be_limited(self):
        with Server() as server:
            result = run("ping", "-q", "--timeout", "0.3", server.url)
        self.assertIn(b"1 ping, 1 pong, ", result.stdout)
        self.assertEqual(result.status, 10)


class Opens(Case):
    ROW = rf" +(\d+) +- +{TIME} +- +{TIME} +{TIME}\n"

    def test_each_has_a_connection_of_its_own(self):
        with Server() as server:
            result = run("ping", "--open", "-c", "3", "-i", "0", server.url)
        out = result.stdout.decode()
        self.assertEqual(re.findall(self.ROW, out), ["1", "2", "3"])
        self.assertRegex(out, r"\APING ws://\S+, 8 bytes, each on a new connection\n +seq +dns +tcp +tls +upgrade +pong ms\n")
        self.assertIn("3 pings, 3 pongs, 0 % lost, ", out)
        self.assertRegex(out, r"\ntcp min/avg/max/mdev .*\nupgrade min/avg/max/mdev .*\nrtt min/avg/max/mdev ")
        self.assertEqual((result.status, result.stderr), (0, ""))

    @staticmethod
    def answer(peer):
        payload, = pings(peer, 1)
        peer.send(PONG, payload)
        peer.finish()

    @staticmethod
    def refuse(peer):
        peer.read_head()
        peer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        peer.socket.close()

    def test_one_that_is_refused_is_lost(self):
        with scripted(self.answer, self.refuse, self.answer) as served:
            result = run("ping", "--open", "-c", "3", "-i", "0", served.url)
        out = result.stdout.decode()
        self.assertEqual(re.findall(self.ROW, out), ["1", "3"])
        self.assertRegex(out, r"\n     2  lost: upgrade refused: HTTP 403 Forbidden\n")
        self.assertIn("3 pings, 2 pongs, 33.3 % lost, ", out)
        self.assertEqual(result.status, 11)

    def test_if_all_are_refused_the_last_one_is_why(self):
        with scripted(self.refuse, self.refuse) as served:
            result = run("ping", "--open", "--json", "-c", "2", "-i", "0", served.url)
        self.assertEqual([event["seq"] for event in events(result, "lost")], [1, 2])
        self.assertEqual(result.status, 6)
        self.assertIn("403", result.stderr)

    def test_one_that_is_silent_does_not_hold_up_others(self):
        kept = []

        def silent(peer):
            pings(peer, 1)
            kept.append(peer.socket.dup())  # so that it stays open
        with scripted(silent, self.answer) as served:
            result = run("ping", "--open", "-c", "2", "-i", "0.05", "-W", "0.6", served.url)
        out = result.stdout.decode()
        kept[0].close()
        self.assertLess(out.index("     2 "), out.index("     1  lost: no answer in 0.6 s\n"))
        self.assertEqual(result.status, 11)


class Usage(Case):
    def test_what_makes_no_sense_is_said(self):
        for arguments, words in (((), "URL"), (("a", "b"), "ping wants one URL"), (("-s", "126", "a"), "--size wants 0 to 125"),
                                 (("--text={{nothing}}", "a"), "--text: "), (("--text=x", "-s", "3", "a"), "--size is of"),
                                 (("-c", "0", "a"), "--count wants")):
            with self.subTest(arguments=arguments):
                result = run("ping", *arguments)
                self.assertEqual((result.status, result.stdout), (2, b""))
                self.assertIn(words, result.stderr)

    def test_colours_are_a_choice(self):
        with Server() as server:
            plain = run("ping", "-c", "1", server.url)
            coloured = run("ping", "-c", "1", "--color", "always", server.url)
        self.assertNotIn(b"\x1b", plain.stdout)
        self.assertIn(b"\x1b[32m0 % lost\x1b[0m", coloured.stdout)


if __name__ == "__main__":
    unittest.main()
