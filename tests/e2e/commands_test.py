"""The commands of the REPL without a terminal: --commands FILE."""

import json
import os
import pathlib
import signal
import socket
import tempfile
import unittest

from peer import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, reject, scripted
from support import ENVIRONMENT, Case, eventually, finish, peak_memory, run, sanitized, shell, start


def collect(peer):
    """A script of a server: accepts, answers a Ping, and returns the frames up to a Close, which it answers."""
    peer.accept()
    frames = []
    while True:
        frame = peer.read_frame()
        frames.append(frame)
        if frame.opcode == PING:
            peer.send(PONG, frame.payload)
        if frame.opcode == CLOSE:
            peer.send(CLOSE, frame.payload)
            return frames


def waits_for(process, path):
    """Whether the process has opened a file and sleeps."""
    folder = pathlib.Path(f"/proc/{process.pid}")
    try:
        opened = any(os.readlink(fd) == str(path) for fd in (folder / "fd").iterdir())
    except FileNotFoundError:  # another file, which it has just closed
        return False
    return opened and (folder / "stat").read_text().rpartition(")")[2].split()[0] == "S"


def in_short(frames):
    return [(frame.opcode, frame.payload) for frame in frames]


class Commands(Case):
    def obey(self, *lines, arguments=()):
        """The frames that a script sends, and how the run ended."""
        with scripted(collect) as server:
            result = run("--commands", "-", "--eof", "close", *arguments, server.url,
                         stdin="\n".join(lines).encode())
        return server.result, result

    def check(self, lines, frames, status=0):
        sent, result = self.obey(*lines)
        self.assertEqual(in_short(sent), [*frames, (CLOSE, close_payload(1000))])
        self.assertEqual((result.status, result.stdout, result.stderr), (status, b"", ""))

    def test_send_messages(self):
        self.check(["hi", "//slash", "/send /text", "/text", "/binary 00 ff", "/binary base64:YWI="],
                   [(TEXT, b"hi"), (TEXT, b"/slash"), (TEXT, b"/text"), (TEXT, b""), (BINARY, b"\0\xff"),
                    (BINARY, b"ab")])

    def test_send_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "file")
            path.write_bytes("grüß\n".encode())
            self.check([f"/file {path}", f"/binary @{path}"],
                       [(TEXT, "grüß\n".encode()), (BINARY, "grüß\n".encode())])

    def test_send_control_frames(self):
        self.check(["/ping", "/ping data", "/pong", "/pong x"],
                   [(PING, b""), (PING, b"data"), (PONG, b""), (PONG, b"x")])

    def test_send_fragments(self):
        sent, _ = self.obey("/fragment 2 abcde")
        self.assertEqual([(frame.opcode, frame.fin, frame.payload) for frame in sent[:3]],
                         [(TEXT, False, b"ab"), (CONTINUATION, False, b"cd"), (CONTINUATION, True, b"e")])

    def test_close_with_code_and_reason(self):
        sent, result = self.obey("/close 4001 bye bye")
        self.assertEqual(in_short(sent), [(CLOSE, close_payload(4001, "bye bye"))])
        self.assertEqual(result.status, 0)

    def test_build_any_frame(self):
        def script(peer):
            peer.accept()
            return bytes(peer.take(len(wanted)))
        wanted = b"\x41\x05hello" + b"\x03\x02\xab\xcd" + b"\x89\x7e\x00\x01x" + b"\x81\x05ab" + b"raw\xff"
        with scripted(script) as server:
            run("--commands", "-", "--no-compress", "--eof", "close", "--close-timeout", "0.1", server.url,
                stdin=b"/frame text rsv=4 fin=0 mask=no hello\n/frame 3 fin=0 mask=no hex:abcd\n"
                      b"/frame ping width=16 mask=no x\n/frame text mask=no len=5 ab\n/raw 72 61 77 ff\n")
        self.assertEqual(server.result, wanted)

    def test_resend(self):
        self.check(["one", "two", "/resend", "/resend 1"],
                   [(TEXT, b"one"), (TEXT, b"two"), (TEXT, b"two"), (TEXT, b"one")])
        self.check(["/fragment 9 fragments", "/resend"], [(TEXT, b"fragments"), (TEXT, b"fragments")])

    def test_what_was_said_can_be_looked_at_and_recorded(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "recording")
            lines = f"one\n/wait 0.3\n/last 9\n/log {path}\n/last #1\n/diff 1 2\n/log off\n"
            result = run("--commands", "-", "--eof", "close", "echo:", stdin=lines.encode())
            self.assertEqual((result.status, result.stdout), (0, b"one\n"))
            self.assertRegex(result.stderr, r"\A1 > \d\d:\d\d:\d\d\.\d{3} text one\n"
                                            r"2 < \d\d:\d\d:\d\d\.\d{3} \+\d+\.\d ms text one\n"
                                            rf"2 entries in {path}, and what comes\none\n#1 and #2 are the same\n"
                                            rf"no more in {path}\n\Z")
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            again = run("--in", "json", "--eof", "close", "echo:", stdin=path.read_bytes())
        self.assertEqual(again, (0, b"one\n", ""))

    def test_what_is_kept_of_a_message_is_an_event(self):
        lines = ["hi", "/expect (h)i", "/capture first = /(h)/", "/capture token = text", "/quit"]
        result = run("--json", "--commands", "-", "echo:", stdin="\n".join(lines).encode())
        events = [json.loads(line) for line in result.stdout.splitlines()]
        kept = [(event["name"], event["value"]) for event in events if event["event"] == "capture"]
        self.assertEqual(kept, [("first", "h"), ("token", "***")], result)

    def test_of_a_file_in_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            inner, outer = pathlib.Path(folder, "inner"), pathlib.Path(folder, "outer")
            inner.write_text("\r\ntwo\r\n\nthree")
            outer.write_text(f"one\n\n/source {inner}\n\nfour\n")
            with scripted(collect) as server:
                result = run("--commands", str(outer), "--eof", "close", server.url)
            self.assertEqual(in_short(server.result)[:-1], [(TEXT, b"one"), (TEXT, b"two"), (TEXT, b"three"),
                                                            (TEXT, b"four")])
            self.assertEqual(result, (0, b"", ""))

    def test_of_a_file_of_many_short_lines_take_little_memory(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "script")
            path.write_text("/connections\n/wait 1000\n" + "x\n" * 4_000_000)
            with start("--commands", "-") as process:
                process.stdin.write(f"/source {path}\n".encode())
                self.assertEqual(process.stderr.readline(), b"not connected\n")
                if not sanitized():
                    self.assertLess(peak_memory(process), 64 << 20)
                process.kill()

    def test_wait(self):
        self.check(["/wait 0.2", "late"], [(TEXT, b"late")])

    def test_of_a_pipe(self):
        with scripted(collect) as server:
            result = shell("""(sleep 0.1; echo hi; sleep 0.1; echo ho) | "$@" """, "--commands", "/dev/stdin", "-H",
                           "@/dev/null", "--eof", "close", server.url)
        self.assertEqual(in_short(server.result)[:-1], [(TEXT, b"hi"), (TEXT, b"ho")])
        self.assertEqual(result, (0, b"", ""))

    def test_connect(self):
        with scripted(collect) as server:
            result = run("--commands", "-", stdin=f"/connect -s chat '{server.url}x y'\n".encode())
            self.assertEqual((result.status, result.stderr.count("\n")), (1, 2))
            result = run("--commands", "-", stdin=f"/connect --no-compress {server.url}\nhi\n/close 1001\n".encode())
        self.assertEqual(in_short(server.result), [(TEXT, b"hi"), (CLOSE, close_payload(1001))])
        self.assertEqual(result, (0, b"", ""))

    def test_print_answers_like_a_pipe(self):
        result = run("--commands", "-", "--eof", "close", "echo:", stdin=b"one\n/ping\n/binary 0aff\ntwo\n")
        self.assertEqual(result, (0, b"one\n\n\xfftwo\n", ""))
        result = run("--commands", "-", "--out", "hex", "echo:", stdin=b"one\n/quit\n")
        self.assertEqual((result.status, result.stderr), (0, ""))

    def test_tell_what_a_client_has_asked_for(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        url = f"ws://127.0.0.1:{port}/chat?a=b"
        result = run("listen", "--commands", "-", "--json", str(port),
                     stdin=f"/connect -H 'X-A: b' {url}\n/wait 0.3\n/status 2\n/disconnect all\n".encode())
        opened = {event["conn"]: event for event in map(json.loads, result.stdout.splitlines())
                  if event["event"] == "open"}
        self.assertEqual(opened[2]["url"], url)
        self.assertIn(["X-A", "b"], opened[2]["headers"])
        self.assertIn(f"url         {url}\n", result.stderr)

    def test_use_several_connections(self):
        script = (b"/connect echo:\na\n/connect echo:\nb\n/use all\nc\n/use 1\nd\n/use 2\n/close\n/wait 0.2\n"
                  b"/connections\n/use 1\n/close\n")
        result = run("--commands", "-", stdin=script)
        self.assertEqual(sorted(result.stdout.split()), [b"a", b"b", b"c", b"c", b"d"])
        self.assertIn("  [1] to ws://127.0.0.1:", result.stderr)
        self.assertNotIn("[2]", result.stderr)
        self.assertEqual(result.status, 0)

    def test_go_to_the_connection_that_is_meant_or_end_the_script(self):
        result = run("--commands", "-", stdin=b"/connect echo:\n/connect echo:\n/close\n/wait 0.2\nfor-two\n")
        self.assertEqual(result, (1, b"", "wscope: standard input:5: connection 2 is not open\n"))

    def test_show_frames(self):
        result = run("--commands", "-", "--eof", "close", "echo:", stdin=b"/hex on\nhi\n/hex off\nho\n")
        self.assertRegex(result.stderr, r'> TEXT fin len=2 mask=')
        self.assertIn('"hi"', result.stderr)
        self.assertNotIn('> TEXT fin len=2 mask', result.stderr.split('"hi"')[-1])

    def test_switch_off_what_an_option_has_switched_on(self):
        result = run("--commands", "-", "--eof", "close", "--frames", "echo:", stdin=b"hi\n/wait 0.2\n/hex\nho\n")
        self.assertIn('"hi"', result.stderr)
        self.assertNotIn('"ho"', result.stderr)

    def test_measure_every_ping(self):
        result = run("--commands", "-", "--eof", "close", "--json", "echo:", stdin=b"/ping a\n/ping b\n")
        pongs = [event for event in map(json.loads, result.stdout.splitlines()) if event["event"] == "pong"]
        self.assertEqual([(pong["data"], "rtt_ms" in pong) for pong in pongs], [("a", True), ("b", True)])

    def test_print_events_without_a_url(self):
        result = run("--commands", "-", "--json", stdin=b"/connect echo:\nhi\n/close\n")
        events = [json.loads(line)["event"] for line in result.stdout.splitlines()]
        self.assertEqual(events, ["connecting", "open", "text", "close", "closed"])

    def test_find_files_at_home(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "file").write_text("one")
            pathlib.Path(folder, "script").write_text("/binary @~/file\n")
            result = run("--commands", "-", "--eof", "close", "echo:", env={**ENVIRONMENT, "HOME": folder},
                         stdin=b"/file ~/file\n/source ~/script\n/wait 0.3\n/save ~/saved\n")
            self.assertEqual((result.status, result.stdout), (0, b"one\none"))
            self.assertEqual(pathlib.Path(folder, "saved").read_text(), "one")

    def test_help_and_status(self):
        result = run("--commands", "-", "--eof", "close", "echo:", stdin=b"/help\n/help close\nhi\n/wait 0.2\n/status\n")
        self.assertIn("  /close [CODE [REASON]]", result.stderr)
        for line in ("connection  1, client, open", "extensions  permessage-deflate", "  > GET / HTTP/1.1",
                     "  < HTTP/1.1 101 ", "sent        1 message, 2 bytes", "received    1 message, 2 bytes"):
            self.assertIn(line, result.stderr)

    def test_save(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "saved")
            result = run("--commands", "-", "--eof", "close", "echo:", stdin=f"/binary 00ff\n/wait 0.3\n/save {path}\n".encode())
            self.assertEqual(path.read_bytes(), b"\0\xff")
            self.assertEqual(result.status, 0)


class Mistakes(Case):
    def check(self, script, *words):
        result = run("--commands", "-", "echo:", stdin=script)
        self.assertEqual(result.status, 1)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 2 if "hint: " in result.stderr else 1, result.stderr)
        return result

    def test_name_the_line_and_what_comes_before_is_done(self):
        result = self.check(b"one\n/clsoe\ntwo\n", "wscope: standard input:2: /clsoe: no such command",
                            "hint: /close?; a text that begins with / is typed with //")
        self.assertEqual(result.stdout, b"one\n")

    def test_of_arguments_show_the_usage(self):
        for line, words, hint in (
            ("/close abc", '/close: "abc" is no close code', "/close [CODE [REASON]]"),
            ("/binary 0", "/binary: wants pairs of hexadecimal digits", "/binary HEX|base64:DATA|@FILE"),
            ("/frame nonsense", '/frame: "nonsense" is no opcode', "/frame OPCODE"),
            ("/fragment x y", "/fragment: SIZE is a number", "/fragment SIZE TEXT"),
            ("/wait x", "/wait: wants seconds", "/wait SECONDS"),
            ("/use 9", "there is no connection 9", "/connections lists them"),
            ("/last", "/last: no message has come", ""),
            ("/edit", "/edit: needs a terminal", ""),
            ("/quit now", "/quit: takes no arguments", "/quit"),
            ("/close 999", "close code that may not be sent", "/frame close hex:03e7"),
            ("/file /nowhere", "/nowhere: no such file", ""),
            ("/source /nowhere", "/nowhere: no such file", ""),
        ):
            with self.subTest(line):
                self.check(line.encode(), "wscope: standard input:1: ", words, f"hint: {hint}" if hint else "")

    def test_what_would_never_end_is_no_file(self):
        with tempfile.TemporaryDirectory() as folder:
            pipe = pathlib.Path(folder, "pipe")
            os.mkfifo(pipe)
            for line in (f"/file {pipe}", f"/binary @{pipe}", f"/frame text @{pipe}", f"/raw @{pipe}",
                         f"/source {pipe}", "/file /dev/zero"):
                with self.subTest(line):
                    path = line.split()[-1].lstrip("@")
                    self.check(line.encode(), f"wscope: standard input:1: {path}: is not a regular file\n")
            result = run("--commands", "-", "echo:", stdin=f"hi\n/wait 0.2\n/save {pipe}\n".encode())
            self.assertEqual(result, (1, b"hi\n", f"wscope: standard input:3: {pipe}: is not a regular file\n"))

    def test_what_is_no_text_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "bad.txt")
            path.write_bytes(b"one\n\xff\n")
            self.assertEqual(run("--commands", str(path), "echo:"),
                             (1, b"one\n", f"wscope: {path}: line 2 is not UTF-8\n"))

    def test_of_options_that_are_not_about_one_connection(self):
        for options in ("--count 1", "--timeout 1", "--frames", "-v", "--json", "--commands x"):
            with self.subTest(options):
                self.check(f"/connect {options} echo:".encode(), "wscope: standard input:1: /connect: -",
                           "is about the whole session, not about one connection", "hint: /connect URL [OPTIONS]")
        self.check(b"/listen 0 --json", "/listen: --json is about the whole session")

    def test_of_options_that_a_script_has_no_use_for(self):
        for options in (("--count", "1"), ("--one",), ("--until", "x"), ("--in", "hex"), ("--stdin",)):
            with self.subTest(options):
                result = run("--commands", "-", *options, "echo:", stdin=b"hi\n")
                self.assertEqual((result.status, result.stdout), (2, b""))
                self.assertIn(options[0], result.stderr)
        result = run("--commands", "-", "--timeout", "1", stdin=b"hi\n")
        self.assertEqual(result, (2, b"", "wscope: no URL for --timeout\nhint: try wscope --help\n"))

    def test_without_a_connection(self):
        result = run("--commands", "-", stdin=b"hi\n")
        self.assertEqual(result, (1, b"", "wscope: standard input:1: not connected\nhint: /connect URL\n"))

    def test_of_the_file(self):
        result = run("--commands", "/nowhere/script", "echo:")
        self.assertEqual((result.status, result.stdout), (1, b""))
        self.assertIn("/nowhere/script: no such file", result.stderr.lower())

    def test_before_there_is_a_session_are_events_too(self):
        certificate = ("--cert", "/nowhere/c", "--key", "/nowhere/k")
        for status, kind, arguments in ((1, "io", ("--commands", "/nowhere/script", "echo:")),
                                        (2, "usage", ("-u", "joe", "echo:")),
                                        (1, "io", ("listen", "--tls", *certificate, "0"))):
            with self.subTest(arguments):
                result = run(*arguments, "--json")
                self.assertEqual(result.status, status)
                only, = map(json.loads, result.stdout.splitlines())
                self.assertEqual([only[key] for key in ("event", "conn", "kind", "exit")], ["error", 0, kind, status])
                self.assertIn(only["message"], result.stderr)
                self.assertEqual(run(*arguments)[:2], (status, b""))

    def test_a_pipe_without_an_end_can_be_interrupted(self):
        with tempfile.TemporaryDirectory() as folder:
            pipe = pathlib.Path(folder, "pipe")
            os.mkfifo(pipe)
            for arguments, status in ((("--commands", str(pipe), "echo:"), 143),
                                      (("-H", f"@{pipe}", "echo:"), -signal.SIGTERM),
                                      (("--ca", str(pipe), "wss://127.0.0.1:1/"), 143)):
                with self.subTest(arguments):
                    process = start(*arguments)
                    eventually(lambda: waits_for(process, pipe))
                    process.send_signal(signal.SIGTERM)
                    self.assertEqual(finish(process).status, status)

    def test_no_url_and_no_script(self):
        self.assertEqual(run().status, 2)
        self.assertEqual(run("--no-history").status, 2)

    def test_a_connection_that_fails_has_its_own_status(self):
        result = run("--commands", "-", "ws://127.0.0.1:1/", stdin=b"hi\n")
        self.assertEqual((result.status, result.stdout), (4, b""))

    def test_a_refusal_is_told_in_full(self):
        script = b"/connect echo:\n/connect %s\nhi\n"
        headers = ["Content-Type: text/plain", "Content-Length: 7"]
        with scripted(reject("404 Not Found", headers[0], body=b"nowhere")) as server:
            result = run("--commands", "-", "--json", stdin=script % server.url.encode())
        last = json.loads(result.stdout.splitlines()[-1])
        self.assertEqual(result.status, 6)
        self.assertEqual([last[key] for key in ("event", "conn", "kind", "exit", "status", "headers", "body")],
                         ["error", 2, "http", 6, 404, [line.split(": ") for line in headers], "nowhere"])
        with scripted(reject("404 Not Found", body=b"nowhere\x1b")) as server:
            result = run("--commands", "-", "-v", server.url, stdin=b"hi")
        self.assertEqual(result.stderr.splitlines()[-3:-1],
                         ["nowhere\\x1b", "wscope: upgrade refused: HTTP 404 Not Found: nowhere\\x1b"])

    def test_what_is_wrong_with_a_line_is_no_connections(self):
        result = run("--commands", "-", "--json", "echo:", stdin=b"/use 2\n")
        last = json.loads(result.stdout.splitlines()[-1])
        self.assertEqual([last[key] for key in ("event", "conn", "kind", "exit")], ["error", 0, "io", 1])

    def test_an_upgrade_that_is_refused_has_its_own_status(self):
        def garbage(peer):
            peer.read_head()
            peer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
            peer.read_rest()
        for script, words in ((reject("404 Not Found"), "wscope: upgrade refused: HTTP 404 Not Found\n"),
                              (garbage, ": upgrade failed: this is not an HTTP response\n")):
            for line in ("hi", "/ping"):
                with self.subTest(words, line=line), scripted(script) as server:
                    result = run("--commands", "-", server.url, stdin=line.encode())
                    self.assertEqual((result.status, result.stdout), (6, b""))
                    self.assertIn(words, result.stderr)


if __name__ == "__main__":
    unittest.main()
