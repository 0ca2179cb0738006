"""Conversations in the REPL: what is expected, answered and said by itself."""

import json
import re
import socket

from peer import TEXT, scripted
from repl import ReplCase, main
from support import eventually, run

EXPECTING = "(expecting, Ctrl-C gives up) >"


def without_times(lines):
    return [re.sub(r"after \d+\.\d{3} s$", "after 0.041 s", line) for line in lines]


def echo(peer):
    """A script of a server: says hello and sends messages back until a Close, which it answers."""
    peer.accept()
    greet_and_echo(peer)


def greet_and_echo(peer):
    peer.send(TEXT, b"hello")
    while True:
        frame = peer.read_frame()
        if frame.opcode != TEXT:
            peer.send(frame.opcode, frame.payload)
            return
        peer.send(TEXT, frame.payload)


class Expecting(ReplCase):
    def test_lines_wait_until_it_has_come(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/expect ack", "never before", "/use 1")
            self.expect(screen, "> /expect ack", f"{EXPECTING} never before", "waits until what is expected has come",
                        f"{EXPECTING} /use 1", EXPECTING)
            remote.send("no", "ack")
            self.expect_texts(remote, "never before")
            screen.wait_for(lambda shown: without_times(shown.lines())[-4:] == [
                "< no", "< ack", "* matched #2 after 0.041 s", ">"])

    def test_what_has_come_is_looked_at(self):
        with self.connected() as (screen, remote):
            remote.send("ack")
            screen.wait_for("< ack")
            self.enter(screen, "/expect ack")
            self.expect_end(screen, "> /expect ack", "* matched #1 after 0.000 s", ">")

    def test_ctrl_c_gives_up_and_keeps_the_line(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/expect ack", "not sent")
            screen.wait_for("waits until what is expected has come")
            screen.type("typed")
            self.expect_end(screen, f"{EXPECTING} typed")
            screen.keys("C-c")
            self.expect_end(screen, "error: expected ack: given up", 'error: not sent: "not sent"', "> typed")
            screen.keys("Enter")
            self.expect_texts(remote, "typed")

    def test_it_does_not_come(self):
        with self.connected() as (screen, _):
            self.enter(screen, "/expect ack within 0.2")
            self.expect_end(screen, "error: expected ack: 0.2 s are over", ">")
            self.enter(screen, "/expect .a = 1")
            self.expect_end(screen, "error: /expect: expected and, or or a comparison", "  .a = 1", "     ^",
                            "hint: == asks whether two values are equal", ">")

    def test_the_connection_ends(self):
        with self.connected("--stay") as (screen, remote):
            self.enter(screen, "/expect ack")
            screen.wait_for(EXPECTING)
            remote.peer().close(1000, "bye")
            screen.wait_for("error: expected ack: connection 1 is gone")
            self.expect_end(screen, "(not connected) >")

    def test_a_file_ends(self):
        (self.folder / "script").write_text("one\n/expect ack within 0.1\ntwo\n")
        with self.connected() as (screen, remote):
            self.enter(screen, f"/source {self.folder}/script")
            self.expect_end(screen, "> one", f"error: {self.folder}/script:2: expected ack: 0.1 s are over", ">")
            self.enter(screen, "three")
            self.expect_texts(remote, "one", "three")


class Rules(ReplCase):
    def test_answer_and_send_again_and_again(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/reply ^2$=3", "/reply .id={{.id}}!", "/every 0.3 tick {{n}}", "/reply")
            self.expect_end(screen, "> /reply", "  1  ^2$=3", "  2  .id={{.id}}!", ">")
            remote.send("2", '{"id":7}')
            screen.wait_for("> 7!")
            eventually(lambda: "tick 2" in remote.texts())
            self.enter(screen, "/every off", "/reply off 1")
            screen.wait_for("reply 1 off")
            remote.send("2", '{"id":8}')
            screen.wait_for("> 8!")
        self.assertEqual(remote.texts()[:2], ["3", "7!"])
        self.assertEqual(remote.texts().count("3"), 1)
        self.assertIn("tick 1", remote.texts())

    def test_a_mock(self):
        """A server that answers whoever comes."""
        with self.screen("listen", "0", ready="Listening") as screen:
            port = re.search(r":(\d+)/", "\n".join(screen.lines()))[1]
            self.enter(screen, "/reply hello=who are you?")
            self.expect_end(screen, "(no clients) > /reply hello=who are you?", "(no clients) >")
            self.assertEqual(run("-x", "hello", "--one", f"ws://127.0.0.1:{port}"), (0, b"who are you?\n", ""))


class Values(ReplCase):
    def test_are_filled_in(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/set name Ann", "{{name}}", "/vars on", "hi {{name}}")
            self.expect_texts(remote, "{{name}}", "hi Ann")
            remote.send('{"token":"a b"}')
            screen.wait_for('< {"token":"a b"}')
            self.enter(screen, "/capture token = .token", "{{token|url}}", "/set")
            self.expect_end(screen, "  token = \"a b\"", "> {{token|url}}", "> /set", "  name = Ann", '  token = "a b"',
                            ">")
            self.expect_texts(remote, "{{name}}", "hi Ann", "a%20b")

    def test_that_are_not_there_leave_the_line(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/vars on", "hi {{nam}}")
            self.expect_end(screen, "> hi {{nam}}", "error: {{nam}} stands for nothing", "  hi {{nam}}", "     ^",
                            "hint: \\{{ stands for {{", "> hi {{nam}}")
            screen.keys("C-u", "Up")
            self.expect_end(screen, "> hi {{nam}}")
            self.assertEqual(remote.texts(), [])

    def test_what_was_matched(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/vars on", r"/expect token (\w+)", "login {{1}}")
            remote.send("token abc")
            self.expect_texts(remote, "login abc")


class Choosing(ReplCase):
    def test_filter_and_mute(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/filter a", "/mute b")
            self.expect_end(screen, "> /mute b", "mute b", ">")
            remote.send("a", "ab", "c", "aa")
            screen.wait_for("< aa")
            self.assertEqual([row for row in screen.lines() if row.startswith("< ")], ["< a", "< aa"])
            self.enter(screen, "/search [bc]")
            screen.wait_for(lambda shown: shown.lines()[-2].endswith("text c"))
            self.assertRegex(screen.lines()[-3], r"^2 < [\d:.]+ text ab$")


class Refused(ReplCase):
    def test_each_has_a_line_and_a_handshake(self):
        with self.screen("listen", "--path", "/here", "--max-clients", "1", "0", ready="Listening") as screen:
            port = re.search(r":(\d+)/", "\n".join(screen.lines()))[1]
            for url, line in ((f"ws://127.0.0.1:{port}/there", "404 Not Found"),):
                self.assertEqual(run("--one", url)[0], 6)
                screen.wait_for(lambda shown, line=line: any(
                    re.fullmatch(rf"refused 127\.0\.0\.1:\d+: {line}", row) for row in shown.lines()))
            self.enter(screen, "/show handshake")
            screen.wait_for("  > HTTP/1.1 404 Not Found")
            self.assertIn("  < GET /there HTTP/1.1", screen.lines())
            with socket.create_connection(("127.0.0.1", int(port))) as garbage:
                garbage.sendall(b"garbage\r\n\r\n")
                screen.wait_for(lambda shown: any(
                    re.match(r"refused 127\.0\.0\.1:\d+: 400 ", row) for row in shown.lines()))
            with socket.create_connection(("127.0.0.1", int(port))):
                pass  # who says nothing is not refused
            with socket.create_connection(("127.0.0.1", int(port))) as other:
                other.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                screen.wait_for(lambda shown: any("405 Method Not Allowed" in row for row in shown.lines()))
            refused = [row for row in screen.lines() if row.startswith("refused 127")]
            self.assertEqual(len(refused), 3)


class Scripts(ReplCase):
    """--commands."""

    def commands(self, text, *options, script=echo):
        with scripted(script) as server:
            return run(*options, "--commands", "-", server.url, stdin=text.encode())

    def test_steps(self):
        status, out, err = self.commands("/expect hello\none\n/expect ^one$\ntwo\n/expect .\n")
        self.assertEqual((status, out), (0, b"hello\none\ntwo\n"))
        self.assertEqual(without_times(err.splitlines()), [
            f"* matched #{number} after 0.041 s" for number in (1, 3, 5)])

    def test_one_is_not_met(self):
        status, out, err = self.commands("one\n/expect two within 0.1\nthree\n")
        self.assertEqual((status, out), (11, b"hello\none\n"))
        self.assertEqual(err, "wscope: standard input:2: expected two: 0.1 s are over\n")

    def test_events(self):
        status, out, _ = self.commands("/expect hello\n/expect two within 0.1\n", "--json")
        events = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(status, 11)
        self.assertEqual([(event["ok"], event["expected"], event["conn"], event.get("message"))
                          for event in events if event["event"] == "expect"],
                         [(True, "hello", 1, None),
                          (False, "two", 1, "standard input:2: expected two: 0.1 s are over")])
        self.assertNotIn("error", [event["event"] for event in events])

    def test_the_peer_closes(self):
        for code, status, words in ((1000, 11, "standard input:1: expected two: connection 1 is gone"),
                                    (4403, 9, "closed by the peer: 4403 (private use) no; expected two")):
            def close(peer, code=code):
                peer.accept()
                peer.close(code, "no")
                peer.read_rest()
            with self.subTest(code):
                self.assertEqual(self.commands("/expect two\n", script=close), (status, b"", f"wscope: {words}\n"))

    def test_answers(self):
        def hello_when_asked(peer):  # by when the rule is there
            peer.accept()
            self.assertEqual(peer.read_message(), (TEXT, b"say it"))
            greet_and_echo(peer)
        status, out, _ = self.commands("/reply hello=hi\nsay it\n/expect ^hi\n", "--json", "--show", "sent",
                                       script=hello_when_asked)
        events = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(status, 0)
        self.assertEqual([(event["event"], event.get("rule"), event.get("data")) for event in events[2:7]],
                         [("text", None, "say it"), ("text", None, "hello"), ("reply", 1, None), ("text", None, "hi"),
                          ("text", None, "hi")])

    def test_it_is_not_over_in_time(self):
        status, _, err = self.commands("/expect two within 60\n", "--timeout", "0.3")
        self.assertEqual(status, 10)
        self.assertRegex(err, r"not over in 0\.3 s \(--timeout\); expected two\n$")


if __name__ == "__main__":
    main()
