"""The commands of the REPL on a terminal: what they do and show, mistakes, several connections, servers."""

import re
import socket

from peer import BINARY, CLOSE, CONTINUATION, PING, PONG, REQUEST, TEXT, connected, dialed, scripted
from repl import BANNER, Remote, ReplCase, main
from screen import Pty
from support import BINARY as PROGRAM, run
from support import eventually

DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate"
NUMBER = re.compile(r"\d+\.\d+ ms")


class Place:
    """Of a listening REPL, for connected()."""

    host = "127.0.0.1"

    def __init__(self, screen):
        line = next(row for row in screen.lines() if "Listening on" in row)
        self.port = int(re.search(r":(\d+)/", line)[1])


class Sending(ReplCase):
    def frames(self, *lines):
        """What the commands send."""
        with self.connected("--no-compress") as (screen, remote):
            self.enter(screen, *lines, "/send the end")
            eventually(lambda: "the end" in remote.texts())
            self.expect_end(screen, "> /send the end", ">")
            return [frame for frame in remote.frames if frame.payload != b"the end"], screen.lines()

    def test_messages(self):
        (self.folder / "file").write_bytes("grüß\n".encode())
        frames, lines = self.frames("//slash", "/send /text", "/text same", "/binary 00 ff", "/binary base64:YWI=",
                                    f"/binary @{self.folder}/file", f"/file {self.folder}/file", "/fragment 2 abc",
                                    "/resend", "/resend #7")
        grüß = "grüß\n".encode()
        self.assertEqual([frame[:3] for frame in frames], [
            (TEXT, b"/slash", True), (TEXT, b"/text", True), (TEXT, b"same", True), (BINARY, b"\0\xff", True),
            (BINARY, b"ab", True), (BINARY, grüß, True), (TEXT, grüß, True), (TEXT, b"ab", False),
            (CONTINUATION, b"c", True), (TEXT, b"abc", True), (TEXT, grüß, True)])
        self.assertNotIn("error", "\n".join(lines))

    def test_frames(self):
        frames, _ = self.frames("/ping", "/ping data", "/pong", "/pong x", "/frame 3 fin=0 rsv=2 odd",
                                "/frame text mask=00000000 hex:6869", "/raw 81 80 00000000")
        self.assertEqual([(frame.opcode, frame.payload, frame.fin, frame.rsv) for frame in frames], [
            (PING, b"", True, 0), (PING, b"data", True, 0), (PONG, b"", True, 0), (PONG, b"x", True, 0),
            (3, b"odd", False, 2), (TEXT, b"hi", True, 0), (TEXT, b"", True, 0)])

    def test_pong_shows_the_round_trip(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/ping", "/ping data")
            screen.wait_for('< pong "data"')
            self.assertEqual([NUMBER.sub("N ms", line) for line in screen.lines()[1:]],
                             ["> /ping", "> /ping data", "< pong N ms", '< pong "data" N ms', ">"]
                             if screen.lines()[2] == "> /ping data" else
                             ["> /ping", "< pong N ms", "> /ping data", '< pong "data" N ms', ">"])
            self.enter(screen, "/status")
            screen.wait_for("round trip ")

    def test_close(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/close 4001 bye bye")
            self.assertEqual(screen.exit_status(), 0)
            self.expect(screen, "> /close 4001 bye bye", 'Disconnected (code: 4001, reason: "bye bye")', "[exit 0]")
            self.assertEqual(remote.close_code(), 4001)

    def test_source_and_wait(self):
        (self.folder / "script").write_text("one\n/wait 0.2\ntwo\n/nonsense\nthree\n")
        with self.connected() as (screen, remote):
            self.enter(screen, f"/source {self.folder}/script")
            self.expect_texts(remote, "one", "two", "three")
            self.expect_end(screen, "> one", "> two", f"error: {self.folder}/script:4: /nonsense: no such command",
                            "hint: /help lists the commands; a text that begins with / is typed with //", "> three",
                            ">")

    def test_ctrl_c_ends_a_wait(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/wait 1000", "never")
            self.expect_end(screen, "> never", ">")
            screen.keys("C-c")
            self.enter(screen, "at once")
            self.expect_texts(remote, "at once")

    def test_help(self):
        with self.connected(rows=80, columns=120) as (screen, _):
            self.enter(screen, "/help")
            screen.wait_for("Tab completes, Ctrl-R searches")
            names = re.findall(r"^  /(\w+)", "\n".join(screen.lines()), re.MULTILINE)
            self.assertEqual(len(names), 44)
            for name in names:
                screen.keys("C-l")
                self.expect_all(screen, [">"])
                self.enter(screen, "/help " + name)
                screen.wait_for(lambda shown, n=name: any(re.match(f"/{n}( .*)?:", row) for row in shown.lines()))

    def test_save_and_clear(self):
        with self.connected() as (screen, remote):
            remote.peer().send(BINARY, b"\0\xff")
            screen.wait_for("00 ff")
            self.enter(screen, f"/save {self.folder}/saved")
            screen.wait_for("2 bytes in ")
            self.assertEqual((self.folder / "saved").read_bytes(), b"\0\xff")
            self.enter(screen, "/clear")
            self.expect_all(screen, [">"])


class Mistakes(ReplCase):
    def test_name_the_argument_and_show_the_usage(self):
        with self.connected() as (screen, _):
            for line, error, hint in (
                ("/clsoe", "/clsoe: no such command", "/close?; a text that begins with / is typed with //"),
                ("/", "/: no such command", "/help lists the commands; a text that begins with / is typed with //"),
                ("/close abc", '/close: "abc" is no close code', "/close [CODE [REASON]]"),
                ("/close 70000", '/close: "70000" is no close code', "/close [CODE [REASON]]"),
                ("/binary 0", "/binary: wants pairs of hexadecimal digits", "/binary HEX|base64:DATA|@FILE"),
                ("/raw", "/raw: wants bytes", "/raw HEX|base64:DATA|@FILE"),
                ("/file", "/file: wants a file", "/file PATH"),
                ("/fragment 0 x", "/fragment: SIZE is a number of bytes from 1", "/fragment SIZE TEXT"),
                ("/hex maybe", '/hex: wants on or off, not "maybe"', "/hex [on|off]"),
                ("/resend x", "/resend: wants the number of an entry", "/resend [N]"),
                ("/resend", "/resend: nothing was sent", None),
                ("/last", "/last: no message has come", None),
                ("/save", "/save: wants a file", "/save FILE"),
                ("/use", "/use: wants the number of a connection, or all", "/use N|all"),
                ("/use 9", "there is no connection 9", "/connections lists them"),
                ("/disconnect 9", "there is no connection 9", "/connections lists them"),
                ("/disconnect :1", "nothing listens at :1", "/connections lists them"),
                ("/status 9", "there is no connection 9", "/connections lists them"),
                ("/wait x", "/wait: wants seconds", "/wait SECONDS"),
                ("/set keymap nano", "/set: knows keymap emacs and keymap vi", "/set [NAME [VALUE]|keymap emacs|vi]"),
                ("/help nonsense", '/help: "nonsense" is no command', "/help [COMMAND|keys]"),
                ("/quit now", "/quit: takes no arguments", "/quit"),
                ("/show nonsense", '"nonsense" cannot be shown',
                 "/show frames|timestamps|control|json|ascii|whole|numbers [on|off]"),
                ("/show timestamps never", "/show: timestamps: wants on, off or relative", "/show [WHAT [on|off|relative]]"),
            ):
                with self.subTest(line):
                    self.enter(screen, line)
                    hints = ["hint: " + hint] if hint else []
                    self.expect_end(screen, "> " + line, "error: " + error, *hints, ">")

    def test_of_files(self):
        with self.connected() as (screen, remote):
            remote.send("to be saved")
            screen.wait_for("< to be saved")
            for line, path in (("/file /nowhere", "/nowhere"), ("/binary @/nowhere", "/nowhere"),
                               ("/source /nowhere", "/nowhere"), ("/save /nowhere/file", "/nowhere/file")):
                self.enter(screen, line)
                screen.wait_for(lambda shown, last=f"error: {path}: no such file or directory":
                                [row.lower() for row in shown.lines()[-2:]] == [last, ">"])

    def test_of_connections(self):
        with self.connected() as (screen, _):
            for line, error in (("/connect", "URL"), ("/connect --nonsense x", "--nonsense"), ("/connect 'a", ""),
                                ("/listen x", "x"), ("/listen --nonsense 0", "--nonsense")):
                with self.subTest(line):
                    self.enter(screen, line)
                    screen.wait_for(lambda s, e=error, l=line: s.lines()[-1] == ">" and s.lines()[-2:][0] != "> " + l and
                                    any(row.startswith("error: ") and e in row for row in s.lines()[-4:]))
                    screen.keys("C-l")
                    self.expect_all(screen, [">"])


class Several(ReplCase):
    def test_connections_are_numbered(self):
        with Remote() as one, Remote() as two, self.screen(one.url) as screen:
            self.enter(screen, f"/connect {two.url}")
            self.expect(screen, f"> /connect {two.url}", "[2] " + BANNER, "[2] >")
            two.peer()
            self.enter(screen, "to two", "/use 1")
            self.expect_end(screen, "[2] > to two", "[2] > /use 1", "[1] >")
            self.enter(screen, "to one", "/use all")
            self.expect_end(screen, "[1] > /use all", "[all] >")
            self.enter(screen, "to all")
            self.expect_texts(one, "to one", "to all")
            self.expect_texts(two, "to two", "to all")
            one.send("from one")
            self.expect_end(screen, "[1] < from one", "[all] >")
            two.send("from two")
            self.expect_end(screen, "[1] < from one", "[2] < from two", "[all] >")
            self.enter(screen, "/connections")
            self.expect_end(screen, f"* [1] to {one.url}, open", f"* [2] to {two.url}, open", "[all] >")
            self.enter(screen, "/disconnect 1")
            self.expect_end(screen, '[1] Disconnected (code: 1000, reason: "")', ">")
            self.enter(screen, "/disconnect")
            self.expect_end(screen, 'Disconnected (code: 1000, reason: "")', "(not connected) >")
            self.enter(screen, "nobody")
            self.expect_end(screen, "(not connected) > nobody", "error: not connected", "hint: /connect URL", "(not connected) >")
            self.enter(screen, "/connections", "/quit")
            self.assertEqual(screen.exit_status(), 0)
            self.assertIn("not connected", screen.lines())

    def test_two_clients_of_a_listener(self):
        with self.screen("listen", "0", ready="Listening on") as screen:
            place = Place(screen)
            self.enter(screen, "nobody hears")
            self.expect_end(screen, "(no clients) > nobody hears", "error: no client is connected", "(no clients) >")
            with connected(place) as one:
                screen.wait_for("Client connected from 127.0.0.1:")
                with connected(place) as two:
                    screen.wait_for("[2] Client connected from 127.0.0.1:")
                    self.expect_end(screen, "[all] >")
                    self.enter(screen, "to all")
                    for client in (one, two):
                        self.assertEqual(client.read_message(), (TEXT, b"to all"))
                    one.send(TEXT, b"from one")
                    self.expect_end(screen, "[1] < from one", "[all] >")
                    two.send(TEXT, b"from two")
                    self.expect_end(screen, "[2] < from two", "[all] >")
                    self.enter(screen, "/use 2", "only two")
                    self.assertEqual(two.read_message(), (TEXT, b"only two"))
                    self.expect_end(screen, "[2] > only two", "[2] >")
                    two.close(1000, "bye")
                self.expect_end(screen, '[2] Disconnected (code: 1000, reason: "bye")', ">")
                self.enter(screen, "still")  # to nobody else
                self.expect_end(screen, "error: connection 2 is gone", "hint: /use N", "> still")
                screen.keys("C-c")
                self.enter(screen, "/use all", "still")
                self.assertEqual(one.read_message(), (TEXT, b"still"))
                screen.keys("C-c")
                self.assertEqual(one.finish()[:2], (1001).to_bytes(2, "big"))
            self.assertEqual(screen.exit_status(), 0)

    def test_a_page_of_another_site_is_not_let_in(self):
        for arguments, ready in ((("listen", "0"), "Listening on"), ((), "/connect URL or /listen PORT")):
            with self.subTest(arguments), self.screen(*arguments, ready=ready) as screen:
                if not arguments:
                    self.enter(screen, "/listen 0")
                    screen.wait_for("Listening on")
                with dialed(Place(screen)) as page:
                    page.write(REQUEST.encode() + b"Origin: https://evil.example\r\n\r\n")
                    self.assertTrue(page.read_head().startswith("HTTP/1.1 403 "))
                screen.wait_for("refused https://evil.example: a web page of another site")
                self.assertNotIn("Client connected", "\n".join(screen.lines()))
                screen.keys("C-c")

    def test_a_client_that_does_not_read_makes_no_other_wait(self):
        size = 1 << 20
        (self.folder / "large").write_bytes(b"x" * size)
        for policy, words in (("drop", "messages are left out"), ("close", "closed")):
            with self.subTest(policy), self.screen("listen", "--slow", policy, "0", ready="Listening on") as screen:
                with connected(Place(screen)), connected(Place(screen)) as other:
                    screen.wait_for("[2] Client connected")
                    for _ in range(16):
                        self.enter(screen, f"/file {self.folder}/large")
                        self.assertEqual(other.read_message(), (TEXT, b"x" * size))
                    screen.wait_for("reads too slowly: " + words)
                    self.enter(screen, "to all", "/help quit")
                    self.assertEqual(other.read_message(), (TEXT, b"to all"))
                    screen.wait_for("/quit: close everything")
                screen.keys("C-c")

    def test_a_client_and_a_server_at_once(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/listen 0")
            screen.wait_for("Listening on ws://127.0.0.1:")
            self.expect_end(screen, ">")
            place = Place(screen)
            self.enter(screen, "to the server")
            self.expect_texts(remote, "to the server")
            with connected(place) as client:
                screen.wait_for("[2] Client connected from")
                self.expect_end(screen, "[1] >")
                client.send(TEXT, b"hi")
                self.expect_end(screen, "[2] < hi", "[1] >")
                self.enter(screen, "/connections")
                self.assertRegex("\n".join(screen.wait_still()),
                                 rf"  listening on ws://127.0.0.1:{place.port}/\n\* \[1\] to {remote.url}, open\n"
                                 r"  \[2\] from 127.0.0.1:\d+, open\n\[1\] >$")
                self.enter(screen, f"/disconnect :{place.port}")
                self.assertEqual(client.finish()[:2], (1001).to_bytes(2, "big"))
            screen.wait_for("[2] Disconnected (code: 1001")

    def test_a_silent_server_keeps_only_its_own_lines_waiting(self):
        with self.connected() as (screen, remote), socket.create_server(("127.0.0.1", 0)) as silent:
            self.enter(screen, f"/connect :{silent.getsockname()[1]}", "for two", "/use 1", "for one", "/ping x")
            screen.wait_for('[1] < pong "x" ')
            self.assertEqual(remote.texts(), ["for one"])
            self.enter(screen, "/disconnect 2")
            screen.wait_for('error: "for two" was not sent: connection 2 is not open')
            self.assertEqual(remote.texts(), ["for one"])
            self.enter(screen, f"/connect :{silent.getsockname()[1]}", "never", "/help quit", "/quit")
            self.assertEqual(screen.exit_status(), 0)
            self.assertIn("/quit: close everything and end", screen.lines())

    def test_what_waited_for_a_connection_that_failed_goes_to_no_other(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/connect -x secret ws://127.0.0.1:1/")
            screen.wait_for('error: "secret" was not sent: connection 2 is not open')
            self.enter(screen, "/use 1", "open")
            self.expect_texts(remote, "open")

    def test_abort_ends_without_a_close(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/abort")
            self.expect_end(screen, 'Disconnected (code: 1006, reason: "")', "(not connected) >")
            self.enter(screen, "hi")
            self.expect_end(screen, "error: not connected", "hint: /connect URL", "(not connected) >")
            self.assertNotIn(CLOSE, [frame.opcode for frame in remote.frames])

    def test_a_connection_that_does_not_answer_the_close_takes_no_lines(self):
        with scripted(lambda peer: (peer.accept(), peer.read_frame(), peer.read_rest())) as server:
            with self.screen(server.url, ready="Connected") as screen:
                self.enter(screen, "/close")
                self.expect_end(screen, "(closing, Ctrl-C again ends) >")
                self.enter(screen, "lost?")
                self.expect_end(screen, "error: connection 1 is closing", "(closing, Ctrl-C again ends) > lost?")
                screen.keys("C-c")
                self.expect_end(screen, "(closing, Ctrl-C again ends) >")
                screen.keys("C-c")
                self.assertEqual(screen.exit_status(), 0)

    def test_a_refused_connection_is_told(self):
        with self.connected() as (screen, _):
            self.enter(screen, "/connect ws://127.0.0.1:1/")
            screen.wait_for(lambda shown: any(row.startswith("error: ") and "efused" in row for row in shown.lines()))
            self.expect_end(screen, ">")


class Connections(ReplCase):
    def test_outlive_their_end_if_that_is_asked_for(self):
        with self.screen("--stay", "echo:") as screen:
            self.enter(screen, "/close")
            self.expect_end(screen, 'Disconnected (code: 1000, reason: "")', "(not connected) >")
            self.enter(screen, "/reconnect")
            screen.wait_for(lambda shown: shown.lines()[-2:] == ["Connected (press CTRL+C to quit)", ">"])
            self.enter(screen, "/pause")
            self.expect_end(screen, "> /pause", "paused: nothing is read until /pause", "(paused) >")
            self.enter(screen, "hi", "/show handshake", "/pause")
            screen.wait_for("< hi")
            self.assertIn("  < HTTP/1.1 101 Switching Protocols", screen.lines())
            self.enter(screen, "/quit")
            self.assertEqual(screen.exit_status(), 0)

    def test_outlive_nothing_in_a_pipe(self):
        self.assertEqual(run("--stay", "echo:"), (2, b"", "wscope: --stay is for a person at a terminal\n"))


class Seeing(ReplCase):
    def test_hex(self):
        with self.connected(headers=[DEFLATE]) as (screen, remote):
            self.enter(screen, "/hex on")
            self.expect_end(screen, "> /hex on", "frames on", ">")
            remote.peer().send(TEXT, bytes.fromhex("f248cdc9c90700"), rsv=4)
            screen.wait_for("< Hello")
            self.enter(screen, "/frame text mask=37fa213d Hello", "/hex off", "/send unseen")
            screen.wait_for("> /send unseen")
            self.expect_end(screen, "> /hex off", "frames off", "> /send unseen", ">")
            lines = [re.sub(r"\d\d:\d\d:\d\d\.\d{6}", "09:12:01.123981", line) for line in screen.lines()]
        self.assertEqual(lines[3:-4], [
            "09:12:01.123981 < TEXT fin rsv1 len=7 (deflated, 5 B as text)",
            "  0000  c1 07 f2 48 cd c9 c9 07  00                       |...H.....|",
            '        "Hello"',
            "< Hello",
            "> /frame text mask=37fa213d Hello",
            "09:12:01.123981 > TEXT fin len=5 mask=37fa213d",
            "  0000  81 85 37 fa 21 3d 7f 9f  4d 51 58                 |..7.!=..MQX|",
            '        "Hello"'])

    def test_timestamps(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/show timestamps on")
            self.expect_end(screen, "> /show timestamps on", "timestamps on", ">")
            remote.send("one")
            self.assertRegex(screen.wait_for(lambda s: [row for row in s.lines() if row.endswith("< one")])[0],
                             r"^\d\d:\d\d:\d\d\.\d{3} < one$")
            self.enter(screen, "/show timestamps relative")
            self.expect_end(screen, "> /show timestamps relative", "timestamps relative", ">")
            remote.send("two", "three")
            self.assertRegex(screen.wait_for(lambda s: [row for row in s.lines() if row.endswith("< three")])[0],
                             r"^\+0\.0\d\d < three$")
            self.enter(screen, "/show timestamps off")
            self.expect_end(screen, "> /show timestamps off", "timestamps off", ">")
            remote.send("four")
            self.expect_end(screen, "< four", ">")

    def test_json(self):
        with self.connected() as (screen, remote):
            remote.send('{"b":1.50,"a":[]}')
            self.expect(screen, '< {"b":1.50,"a":[]}', ">")
            self.enter(screen, "/json on")
            self.expect_end(screen, "> /json on", "json on", ">")
            remote.send('{"b":1.50,"a":[1]}', "no {json}")
            self.expect_end(screen, "< {", '    "b": 1.50,', '    "a": [', "      1", "    ]", "  }", "< no {json}", ">")
            self.enter(screen, "/json off", "/show")
            screen.wait_for("  json off")

    def test_control(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/show control on")
            self.expect_end(screen, "> /show control on", "control on", ">")
            remote.peer().send(PING, b"p\x1b")
            remote.peer().send(PONG, b"")
            self.expect_end(screen, r'< ping "p\x1b"', "< pong (unasked)", ">")
            remote.peer().close(1000, "done")
            self.assertEqual(screen.exit_status(), 0)
            self.assertIn('< close 1000 (OK) "done"', screen.lines())

    def test_status(self):
        with self.connected(rows=50) as (screen, remote):
            remote.send("äb")
            screen.wait_for("< äb")
            self.enter(screen, "hi", "/ping")
            screen.wait_for("< pong ")
            self.enter(screen, "/status")
            screen.wait_for("Sec-WebSocket-Accept")
            text = "\n".join(screen.wait_still())
            for line in ("connection  1, client, open", f"url         {remote.url}", "subprotocol none",
                         "extensions  none", "sent        1 message, 2 bytes", "received    1 message, 3 bytes",
                         "  > GET / HTTP/1.1", "  < HTTP/1.1 101 Switching Protocols"):
                self.assertIn(line, text)
            self.assertRegex(text, r"round trip  [\d.]+ ms, min [\d.]+, max [\d.]+ of 1\n")

    def test_show_frames_from_the_start(self):
        with self.connected("--frames") as (screen, remote):
            remote.send("x")
            self.assertRegex("\n".join(screen.wait_for(lambda s: s.lines() if s.lines()[-2] == "< x" else None)),
                             r"\n[\d:.]+ < TEXT fin len=1\n  0000  81 01 78 +\|\.\.x\|\n        \"x\"\n< x\n>$")

    def colours(self, *arguments, env=None, terminal="xterm-256color"):
        with Remote() as remote, Pty([PROGRAM, *arguments, remote.url], env={**self.environment(), **(env or {})},
                                     terminal=terminal) as pty:
            pty.wait_for(b"CTRL+C")
            remote.send("message")
            pty.wait_for(b"message")
            pty.write(b"\x04")
            self.assertEqual(pty.finish(), 0)
            return bool(re.search(rb"\x1b\[[0-9;]+m", bytes(pty.output)))

    def test_colours(self):
        self.assertTrue(self.colours())
        self.assertTrue(self.colours("--color", "always"))
        self.assertFalse(self.colours("--color", "never"))
        self.assertFalse(self.colours(env={"NO_COLOR": "1"}))
        self.assertTrue(self.colours("--color", "always", env={"NO_COLOR": "1"}))
        self.assertFalse(self.colours(terminal="dumb"))


if __name__ == "__main__":
    main()
