"""What is typed in the REPL: keys of emacs and vi, history, search, completion, pastes, an editor."""

import fcntl
import json
import termios

from repl import BANNER, Remote, ReplCase, main
from support import BINARY, eventually


class Keys(ReplCase):
    def press(self, screen, keys):
        """Words are typed, names in angle brackets are keys."""
        for key in keys:
            if key.startswith("<"):
                screen.keys(key[1:-1])
            else:
                screen.type(key)

    def check(self, screen, remote, keys, text, cursor):
        """After these keys there are a text and a cursor, and Enter sends that."""
        with self.subTest(keys):
            sent = len(remote.texts())
            self.press(screen, keys)
            screen.wait_for(lambda shown: shown.lines()[-1] == ("> " + text).rstrip() and
                            shown.cursor()[0] == 2 + cursor)
            screen.keys("Enter")
            eventually(lambda: len(remote.texts()) > sent)
            self.assertEqual(remote.texts()[-1], text)

    def test_of_emacs(self):
        with self.connected() as (screen, remote):
            for keys, text, cursor in (
                (["hello"], "hello", 5),
                (["hello", "<BSpace>", "<C-h>"], "hel", 3),
                (["hello", "<Left>", "<Left>", "X"], "helXlo", 4),
                (["hello", "<C-b>", "<C-b>", "<C-f>", "X"], "hellXo", 5),
                (["hello", "<Home>", "X", "<End>", "Y"], "XhelloY", 7),
                (["hello", "<C-a>", "<C-d>", "<DC>"], "llo", 0),
                (["one two three", "<M-b>", "<M-b>", "<C-k>", "x"], "one x", 5),
                (["one two three", "<C-w>", "<C-w>", "x"], "one x", 5),
                (["one two", "<C-Left>", "<C-Left>", "<C-Right>", "X"], "oneX two", 4),
                (["one two", "<M-BSpace>", "<C-y>", "<C-y>"], "one twotwo", 10),
                (["one two", "<C-u>", "x", "<C-y>"], "xone two", 8),
                (["one two", "<C-a>", "<M-d>", "<C-e>", "<C-y>"], " twoone", 7),
                (["abc", "<C-t>"], "acb", 3),
                (["one two", "<M-b>", "<M-t>"], "two one", 7),
                (["word", "<M-b>", "<M-u>"], "WORD", 4),
                (["abc", "<C-_>", "<C-_>", "x"], "x", 1),
                (["abc", "<C-a>", "<IC>", "xy", "<IC>", "z"], "xyzc", 3),
                (["<M-3>", "x"], "xxx", 3),
                (["漢字😀é", "<Left>", "<Left>", "<BSpace>"], "漢😀é", 2),
                (["e\u0301x", "<Left>", "<BSpace>", "a"], "ax", 1),
                (["a", "<C-v>", "<C-a>", "b"], "a\x01b", None),
            ):
                if cursor is None:
                    continue
                self.check(screen, remote, keys, text, cursor)

    def test_that_insert_control_characters(self):
        with self.connected() as (screen, remote):
            self.press(screen, ["a", "<C-v>", "<C-a>", "b"])
            self.expect_end(screen, "> a^Ab")
            screen.keys("Enter")
            self.expect_texts(remote, "a\x01b")

    def test_of_vi(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "/set keymap vi")
            self.expect_end(screen, "> /set keymap vi", ">")

            def leave_insertion(column):
                screen.keys("Escape")
                screen.wait_for(lambda shown: shown.cursor()[0] == column)

            for typed, keys, text, cursor in (
                ("hello", ["x"], "hell", 3),
                ("one two", ["b", "dw", "p"], "one two", 6),
                ("one two", ["0", "cw", "1"], "1 two", 1),
                ("one two three", ["0", "2", "w", "D"], "one two ", 7),
                ("abc", ["0", "i", "x"], "xabc", 1),
                ("abc", ["I", "x"], "xabc", 1),
                ("abc", ["0", "a", "x"], "axbc", 2),
                ("abc", ["0", "A", "x"], "abcx", 4),
                ("abc", ["0", "~", "~"], "ABc", 2),
                ("abc", ["0", "rx", "u"], "abc", 0),
                ("one two", ["0", "ft", "x"], "one wo", 4),
                ("old", ["cc", "new"], "new", 3),
                ("ab", ["0", "3", "ix"], "xab", 1),
            ):
                screen.type(typed)
                leave_insertion(2 + len(typed) - 1)
                self.check(screen, remote, keys, text, cursor)
            screen.type("newest")
            leave_insertion(7)
            screen.type("kk")
            self.expect_end(screen, "> new")
            screen.type("j")
            self.expect_end(screen, "> xab")
            self.enter(screen)
            screen.keys("C-c")

    def test_that_are_split(self):
        """A key comes in pieces, and so does a character."""
        with Remote() as remote, self.pty(remote.url) as terminal:
            for byte in "é漢😀".encode():
                terminal.write(bytes([byte]))
                terminal.read_for(0.01)
            terminal.write(b"\x1b")
            terminal.read_for(0.02)
            terminal.write(b"[Dx\r")
            eventually(lambda: remote.texts())
            self.assertEqual(remote.texts(), ["é漢x😀"])

    def test_alt_enter(self):
        with self.connected() as (screen, remote):
            self.press(screen, ["one", "<M-Enter>", "two", "<Up>", "X"])
            self.expect(screen, "> oneX", "  two" if screen.lines()[-1].startswith("  ") else "two")
            self.assertEqual(remote.texts(), [])
            screen.keys("Enter")
            self.expect_texts(remote, "oneX\ntwo")


class History(ReplCase):
    def session(self, remote, *lines, arguments=()):
        with self.screen(*arguments, remote.url) as screen:
            self.enter(screen, *lines, "/quit")
            self.assertEqual(screen.exit_status(), 0)

    def test_is_kept(self):
        with Remote() as remote:
            self.session(remote, "first", "second", "second", "grüß 漢")
            with self.screen(remote.url) as screen:
                for line in ("/quit", "grüß 漢", "second", "first", "first"):
                    screen.keys("Up")
                    self.expect(screen, "> " + line)
                screen.keys("Down")
                self.expect(screen, "> second")
                screen.keys("M-<")
                self.expect(screen, "> first")
                screen.keys("M->")
                self.expect(screen, ">")
            self.assertEqual((self.folder / "state/wscope/history").stat().st_mode & 0o777, 0o600)

    def test_of_several_lines(self):
        with Remote() as remote:
            with self.screen(remote.url) as screen:
                screen.type("one")
                screen.keys("M-Enter")
                self.enter(screen, "two\\three", "/quit")
                self.assertEqual(screen.exit_status(), 0)
            with self.screen(remote.url) as screen:
                screen.keys("Up", "Up", "Enter")
                self.expect_texts(remote, "one\ntwo\\three", "one\ntwo\\three")

    def test_no_history(self):
        with Remote() as remote:
            self.session(remote, "first")
            before = (self.folder / "state/wscope/history").read_bytes()
            with self.screen("--no-history", remote.url) as screen:
                self.enter(screen, "secret")
                screen.keys("Up")
                self.expect(screen, "> secret", "> secret")
                screen.keys("Up", "Up", "C-u")
                self.enter(screen, "/quit")
                self.assertEqual(screen.exit_status(), 0)
            self.assertEqual((self.folder / "state/wscope/history").read_bytes(), before)

    def test_has_no_secrets(self):
        with Remote() as remote:
            self.session(remote, "first", " begins with a blank", "/conect --user me:hunter2 wss://h")
            self.assertEqual((self.folder / "state/wscope/history").read_text(), "first\n/quit\n")

    def test_that_another_process_has_locked(self):
        path = self.folder / "state/wscope/history"
        path.parent.mkdir(parents=True)
        path.write_text("old\n")
        with path.open() as file, Remote() as remote:
            fcntl.flock(file, fcntl.LOCK_EX)
            with self.screen(remote.url) as screen:
                self.enter(screen, "one", "two")
                self.expect_texts(remote, "one", "two")
                screen.keys("Up", "Up", "Up")
                self.expect_end(screen, "> old")
                fcntl.flock(file, fcntl.LOCK_UN)
                screen.keys("C-u")
                self.enter(screen, "/quit")
                self.assertEqual(screen.exit_status(), 0)
        self.assertEqual(path.read_text(), "old\none\ntwo\n/quit\n")

    def test_of_two_processes(self):
        with Remote() as remote:
            with self.screen(remote.url) as one, self.screen(remote.url) as other:
                self.enter(one, "from one")
                self.enter(other, "from the other")
                self.enter(one, "/quit")
                self.enter(other, "/quit")
                one.exit_status()
                other.exit_status()
            text = (self.folder / "state/wscope/history").read_text()
            self.assertIn("from one", text)
            self.assertIn("from the other", text)

    def test_search(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "apple one", "đčř two", "apple three")
            self.expect_texts(remote, "apple one", "đčř two", "apple three")
            typed = ["> apple one", "> đčř two", "> apple three"]
            screen.keys("C-r")
            screen.type("app")
            self.expect(screen, *typed, "(reverse-i-search)`app': apple three")
            remote.send("a message")
            self.expect(screen, *typed, "< a message", "(reverse-i-search)`app': apple three")
            screen.type("le")
            screen.keys("C-r")
            self.expect(screen, *typed, "< a message", "(reverse-i-search)`apple': apple one")
            screen.keys("C-g")
            self.expect(screen, *typed, "< a message", ">")
            screen.keys("C-r")
            screen.type("đč")
            self.expect(screen, *typed, "< a message", "(reverse-i-search)`đč': đčř two")
            screen.keys("C-e")
            self.expect(screen, *typed, "< a message", "> đčř two")
            screen.keys("C-u", "C-r")
            screen.type("nothing")
            screen.wait_for("(failed reverse-i-search)`n")
            screen.keys("C-c")
            self.expect_end(screen, ">")
            screen.keys("C-r")
            screen.type("one")
            screen.keys("Enter")
            self.expect_texts(remote, "apple one", "đčř two", "apple three", "apple one")


class Completion(ReplCase):
    def check(self, screen, typed, shown):
        with self.subTest(typed):
            screen.type(typed)
            screen.keys("Tab")
            self.wait_for_input(screen, shown)
            screen.keys("C-a", "C-k")
            self.wait_for_input(screen, "")

    def wait_for_input(self, screen, text):
        """Until this is typed, the cursor behind it; choices may be below."""
        def is_there(shown):
            (x, y), _, lines = shown.snapshot()
            return x == 2 + len(text) and y < len(lines) and lines[y] == ("> " + text).rstrip()
        screen.wait_for(is_there, 5)

    def test_of_words(self):
        (self.folder / "some file.txt").write_text("")
        (self.folder / "folder").mkdir()
        with self.connected() as (screen, _):
            self.enter(screen, "/connect ws://127.0.0.1:1/some/path")
            self.expect_end(screen, "error: ws://127.0.0.1:1/some/path: connection refused", ">")
            for typed, shown in (
                ("/fra", "/fra"),
                ("/frag", "/fragment "),
                ("/disc", "/disconnect "),
                ("/connect --no-comp", "/connect --no-compress "),
                ("/listen --broad", "/listen --broadcast "),
                ("/connect ws://127", "/connect ws://127.0.0.1:1/some/path "),
                ("/connect ech", "/connect echo: "),
                (f"/file {self.folder}/so", f"/file {self.folder}/some file.txt "),
                (f"/file {self.folder}/fol", f"/file {self.folder}/folder/"),
                (f"/binary @{self.folder}/so", f"/binary @{self.folder}/some file.txt "),
                ("/show time", "/show timestamps "),
                ("/show timestamps r", "/show timestamps relative "),
                ("/set k", "/set keymap "),
                ("/use ", "/use "),
                ("/use a", "/use all "),
                ("/use 1", "/use 1 "),
                ("/help conn", "/help connect"),
                ("/close 101", "/close 101"),
                ("no command", "no command"),
            ):
                self.check(screen, typed, shown)

    def test_list_on_the_second_tab(self):
        with self.connected() as (screen, remote):
            screen.type("/con")
            screen.keys("Tab")
            self.expect(screen, "> /connect")
            screen.keys("Tab")
            self.expect(screen, "> /connect", "/connect  /connections")
            remote.send("a message", "and one more")
            self.expect(screen, "< a message", "< and one more", "> /connect", "/connect  /connections")
            screen.type("i")
            self.expect(screen, "< a message", "< and one more", "> /connecti")
            screen.keys("Tab")
            self.expect(screen, "< a message", "< and one more", "> /connections")

    def test_numbers_of_connections(self):
        with self.connected() as (screen, remote):
            self.enter(screen, f"/connect {remote.url}")
            self.expect_end(screen, "[2] " + BANNER, "[2] >")
            screen.type("/use ")
            screen.keys("Tab", "Tab")
            self.expect_end(screen, "[2] > /use", "1  2  all")


class Pastes(ReplCase):
    def test_of_five_lines_are_one_message(self):
        text = "one\n\ttwo\nthree \x1b[31m\n\nfive"
        with self.connected() as (screen, remote):
            screen.type("<>")
            screen.keys("Left")
            screen.paste(text)
            screen.wait_for("five>")
            remote.send("meanwhile")
            screen.wait_for("< meanwhile")
            self.assertEqual(remote.frames, [])
            screen.keys("Enter")
            self.expect_texts(remote, "<" + text + ">")

    def test_of_much_are_not_cut(self):
        text = json.dumps([{"number": number, "text": "x" * 50} for number in range(1300)], indent=1)
        self.assertGreater(len(text), 100 << 10)
        with self.connected() as (screen, remote):
            screen.paste(text)
            screen.wait_for(lambda s: s.lines()[-1].endswith("]"))
            screen.keys("Enter")
            self.expect_texts(remote, text)
            remote.send("answer")
            self.expect_end(screen, "< answer", ">")

    def test_of_much_in_one_line(self):
        text = json.dumps({"text": "y" * (100 << 10)})
        with self.connected() as (screen, remote):
            screen.paste(text)
            screen.wait_for(lambda shown: shown.lines()[-1].endswith('"}'))
            screen.keys("Enter")
            self.expect_texts(remote, text)

    def test_that_come_in_pieces(self):
        data = b"\x1b[200~one\r\ntwo\x1b[201~"
        with Remote() as remote, self.pty(remote.url) as terminal:
            for byte in data:
                terminal.write(bytes([byte]))
                terminal.read_for(0.002)
            terminal.write(b"\r")
            eventually(lambda: remote.texts())
            self.assertEqual(remote.texts(), ["one\ntwo"])

    def test_that_do_not_end_stop_nothing(self):
        with Remote() as remote, self.pty(remote.url) as terminal:
            terminal.write(b"\x1b[200~one\r")
            remote.send("a message")
            terminal.wait_for(b"< a message")
            self.assertEqual(remote.texts(), [])
            terminal.write(b"two\x1b[201~\r")
            eventually(lambda: remote.texts())
            self.assertEqual(remote.texts(), ["one\ntwo"])


class Editor(ReplCase):
    def test_edit(self):
        editor = self.script("editor", f'cp "$1" {self.folder}/given; printf "line 1\\nline 2\\n" > "$1"\n')
        with self.connected(env={"EDITOR": editor}) as (screen, remote):
            self.enter(screen, "/edit some text")
            screen.wait_for("line 2")
            self.assertEqual((self.folder / "given").read_text(), "some text")
            self.assertEqual(remote.texts(), [])
            screen.keys("Enter")
            self.expect_texts(remote, "line 1\nline 2")

    def test_ctrl_x_ctrl_e(self):
        editor = self.script("editor", 'tr a-z A-Z < "$1" > "$1.new" && mv "$1.new" "$1"\n')
        with self.connected(env={"EDITOR": editor}) as (screen, remote):
            screen.type("shout")
            screen.keys("C-x", "C-e")
            self.expect(screen, "> SHOUT")
            screen.type("!")
            screen.keys("Enter")
            self.expect_texts(remote, "SHOUT!")

    def test_has_the_terminal_as_it_was(self):
        editor = self.script("editor", f'stty -g > {self.folder}/modes; printf "asked: "; read answer\n'
                                       'printf "%s" "$answer" > "$1"\n')
        with self.connected(env={"EDITOR": editor}) as (screen, remote):
            self.enter(screen, "/edit")
            screen.wait_for("asked:")
            remote.send("meanwhile")
            self.enter(screen, "typed there")
            screen.wait_for("< meanwhile")
            self.expect_end(screen, "> typed there")
            self.assertEqual((self.folder / "modes").read_text(), screen.modes_before())
            self.assertEqual(remote.texts(), [])

    def test_that_fails_changes_nothing(self):
        with self.connected(env={"EDITOR": self.script("editor", 'echo x > "$1"; sleep 0.3; exit 1\n')}) as (screen, _):
            screen.type("kept")
            screen.keys("C-x", "C-e")
            screen.wait_for(lambda shown: shown.modes()[3] & termios.ECHO)
            screen.wait_for(lambda shown: not shown.modes()[3] & termios.ECHO)
            screen.type("!")
            self.expect_end(screen, "error: the editor has failed: nothing is changed", "> kept!")

    def test_that_fails_keeps_what_was_typed_behind_the_command(self):
        with self.connected(env={"EDITOR": "false"}) as (screen, remote):
            self.enter(screen, "/edit some text")
            self.expect_end(screen, "> /edit some text", "error: the editor has failed: nothing is changed",
                            "> some text")
            screen.keys("Enter")
            self.expect_texts(remote, "some text")

    def test_that_cannot_begin_keeps_it_too(self):
        with self.connected(env={"TMPDIR": "/nowhere/at/all"}) as (screen, _):
            self.enter(screen, "/edit some text")
            screen.wait_for("error: /nowhere/at/all/wscope-")
            self.expect_end(screen, "> some text")


if __name__ == "__main__":
    main()
