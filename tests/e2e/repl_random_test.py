"""The screen of the REPL against a model: typing, resizing and receiving at random, and some screens as files."""

import contextlib
import os
import pathlib
import random
import re
import signal
import time
import unicodedata

from peer import BINARY, PING, TEXT
from repl import BANNER, Remote, ReplCase, main
from support import DEADLINE

SECONDS = float(os.environ.get("WSCOPE_RANDOM_SECONDS", "10"))
SESSION_SECONDS = 3
SEED = int(os.environ.get("WSCOPE_RANDOM_SEED", "0")) or time.time_ns()
SCREENS = pathlib.Path(__file__).parent / "screens"
UPDATE = bool(os.environ.get("WSCOPE_UPDATE_SCREENS"))
ASCII = "abcdefghijk" * 3
LETTERS = ASCII + "éß漢字😀"
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate"


def width_of(character):
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def layout(text, columns):
    """The rows of a text that wraps, and the cell of what follows it."""
    rows, x = [""], 0
    for character in text:
        if x + width_of(character) > columns:
            rows.append("")
            x = 0
        rows[-1] += character
        x += width_of(character)
    if x == columns:
        rows.append("")
        x = 0
    return rows, x


class Model:
    """What should be on the screen."""

    def __init__(self):
        self.messages = []
        self.text = ""
        self.cursor = 0
        self.killed = ""

    def insert(self, text):
        self.text = self.text[:self.cursor] + text + self.text[self.cursor:]
        self.cursor += len(text)

    def move(self, by):
        self.cursor = min(max(self.cursor + by, 0), len(self.text))

    def erase(self):
        if self.cursor:
            self.text = self.text[:self.cursor - 1] + self.text[self.cursor:]
            self.cursor -= 1

    def rows_and_cursor(self, columns):
        """The last rows of the screen, and the cursor's column and its row in them."""
        rows, _ = layout("> " + self.text, columns)
        before, x = layout("> " + self.text[:self.cursor], columns)
        y = len(before) - 1
        behind = self.text[self.cursor:]
        if behind and x + width_of(behind[0]) > columns:  # it stands on what is behind it
            x, y = 0, y + 1
        return [row.rstrip() for row in rows], (x, y)


class Random(ReplCase):
    def text(self, size):
        return "".join(self.random.choices(self.letters, k=size))

    def step(self, screen, remote, model):
        kind = self.random.randrange(11)
        if kind < 4:
            text = self.text(self.random.randrange(1, 12))
            model.insert(text)
            screen.type(text)
        elif kind == 4:
            for _ in range(self.random.randrange(1, 8)):
                model.erase()
                screen.keys("BSpace")
        elif kind == 5:
            by = self.random.randrange(-8, 9)
            model.move(by)
            if by:
                screen.keys("-N", str(abs(by)), "Left" if by < 0 else "Right")
        elif kind == 6:
            to_begin = self.random.randrange(2)
            model.move(-len(model.text) if to_begin else len(model.text))
            screen.keys("Home" if to_begin else "End")
        elif kind == 7 and len(model.text) > 100:
            screen.keys("C-e", "C-u")
            model.text, model.cursor = "", 0
        else:
            for _ in range(self.random.choice((1, 1, 3, 40))):
                message = f"{len(model.messages)}:" + self.text(self.random.choice((1, 20, 90)))
                model.messages.append(message)
                remote.send(message)

    def resize(self, screen):
        """What is painted before the command can know is painted for the old size, so it is told before it goes on."""
        self.columns, self.rows = self.random.randrange(24, 100), self.random.randrange(12, 40)
        screen.resize(self.columns, self.rows)
        screen.wait_for(lambda shown: shown.told_size() == (self.columns, self.rows))

    def is_right(self, screen, model):
        rows, (x, y) = model.rows_and_cursor(self.columns)
        cursor, _, lines = screen.snapshot()
        shown = [line.rstrip() for line in lines]
        # The last row may be an empty one, on which the cursor waits.
        while rows and not rows[-1]:
            rows.pop()
        begin = len(shown) - len(rows)
        return begin >= 0 and shown[begin:] == rows and cursor == (x, begin + y)

    def compare(self, screen, model):
        expected = "".join([BANNER, *(f"<{message}" for message in model.messages), ">" + model.text]).replace(" ", "")

        def all_text():
            return "".join(row.replace(" ", "") for row in screen.scrollback())
        with contextlib.suppress(AssertionError):
            return screen.wait_for(lambda _: self.is_right(screen, model) and all_text() == expected, 15)
        self.assertEqual(all_text(), expected)
        self.fail("the input or the cursor is wrong")

    def test_screen_is_as_it_should_be(self):
        signal.alarm(int(SECONDS) + DEADLINE)
        self.random = random.Random(SEED)
        self.resizes = 0
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for letters, resizes in ((ASCII, True), (LETTERS, False), (LETTERS, True)):
                with self.subTest(seed=SEED, letters=letters, resizes=resizes):
                    self.letters, self.columns, self.rows = letters, 80, 24
                    with self.connected() as (screen, remote):
                        self.check(screen, remote, resizes)
        print(f"{self.resizes} resizes")

    def check(self, screen, remote, resizes):
        model, steps, end = Model(), 0, time.monotonic() + SESSION_SECONDS
        while time.monotonic() < end:
            if resizes and self.random.randrange(3) == 0:
                self.resize(screen)
                self.resizes += 1
            for _ in range(self.random.randrange(1, 6)):
                self.step(screen, remote, model)
                steps += 1
            try:
                self.compare(screen, model)
            except AssertionError as failure:
                rows, cursor = model.rows_and_cursor(self.columns)
                failure.add_note("\n".join([f"step {steps}, {self.columns} columns; wanted {cursor} in", *rows]))
                raise
        screen.keys("Enter")
        if model.text:
            self.expect_texts(remote, model.text)


class Screens(ReplCase):
    """Whole screens, as they were looked at once. WSCOPE_UPDATE_SCREENS=1 writes them anew."""

    def check(self, name, screen, *more):
        rows = "\n".join(screen.wait_still()) + "\n"
        for pattern, shown in (*more, (r"\d\d:\d\d:\d\d\.\d+", "09:12:01.123"), (r"[\d.]+ ms", "0.08 ms"),
                               (r"min [\d.]+, max [\d.]+ of", "min 0.08, max 0.08 of"),
                               (r"127\.0\.0\.1:\d+", "127.0.0.1:8080"), (r"mask=[0-9a-f]{8}", "mask=37fa213d"),
                               (r"(Sec-WebSocket-\w+: )[\w+/]{20,}=*", r"\1KEY"),
                               (r"open for    [\d.]+", "open for    0.1"),
                               (r"User-Agent: .*", "User-Agent: wscope"), (re.escape(str(self.folder)), "FOLDER")):
            rows = re.sub(pattern, shown, rows)
        path = SCREENS / f"{name}.txt"
        if UPDATE:
            path.write_text(rows)
        self.assertEqual(rows, path.read_text())

    def test_help(self):
        with self.connected(rows=70, columns=100) as (screen, _):
            self.enter(screen, "/help")
            screen.wait_for("Tab completes")
            self.check("help", screen)

    def test_help_show(self):
        with self.connected() as (screen, _):
            self.enter(screen, "/help show", "/help frame", "/show")
            screen.wait_for("timestamps off")
            self.check("help_show", screen)

    def test_status(self):
        with self.connected(rows=40) as (screen, remote):
            remote.send("hello")
            screen.wait_for("< hello")
            self.enter(screen, "/ping")
            screen.wait_for("< pong")
            self.enter(screen, "/status")
            screen.wait_for("< Sec-WebSocket-Accept")
            self.check("status", screen)

    def test_dump(self):
        with self.connected(headers=[DEFLATE]) as (screen, remote):
            self.enter(screen, "/hex on")
            self.expect_end(screen, "> /hex on", "frames on", ">")
            remote.peer().send(TEXT, bytes.fromhex("f248cdc9c90700"), rsv=4)
            screen.wait_for("< Hello")
            self.enter(screen, "/frame ping mask=37fa213d Hello")
            screen.wait_for("< PONG")
            remote.peer().send(BINARY, bytes(range(40)))
            screen.wait_for("< binary")
            self.check("dump", screen)

    def test_mistakes(self):
        with self.connected() as (screen, _):
            self.enter(screen, "/clsoe", "/close x", "/connect --nonsense", "/use 7", "/file /nowhere")
            screen.wait_for("/nowhere: no such file")
            self.check("mistakes", screen)

    def test_completion(self):
        with self.connected(columns=60) as (screen, remote):
            screen.type("/")
            screen.keys("Tab", "Tab")
            screen.wait_for("/use")
            remote.send("a message above")
            screen.wait_for("< a message above")
            self.check("completion", screen)

    def test_search(self):
        with self.connected() as (screen, remote):
            self.enter(screen, '{"op":"list"}', '{"op":"watch"}')
            self.expect_texts(remote, '{"op":"list"}', '{"op":"watch"}')
            screen.keys("C-r")
            screen.type("li")
            remote.send('{"items":[]}')
            screen.wait_for('< {"items":[]}')
            self.check("search", screen)

    def test_several(self):
        with Remote() as one, Remote() as two, self.screen(one.url) as screen:
            self.enter(screen, f"/connect {two.url}")
            screen.wait_for("[2] Connected")
            one.send("from one")
            screen.wait_for("[1] < from one")
            two.send("from two\nin two lines")
            screen.wait_for("[2] < from two")
            self.enter(screen, "/use all")
            screen.wait_for("[all] >")
            self.enter(screen, "/connections")
            screen.wait_for("* [2]")
            self.check("several", screen)

    def test_hostile(self):
        with self.connected() as (screen, remote):
            screen.type("typed")
            remote.send("\x1b[2J\x1b]52;c;cm0=\x07", "\u202eright to left", "a\rb\x7f\u009b31m", "漢字 wide 😀",
                        "two\nlines")
            remote.peer().send(PING, b"\x1b[31m")
            screen.wait_for("  lines")
            self.check("hostile", screen)

    def test_wrapped(self):
        with self.connected(columns=40, rows=12) as (screen, remote):
            remote.send("{" + ",".join(f'"key{number}": {number}' for number in range(60)) + "}")
            screen.wait_for("/last shows all")
            screen.type("a line that is longer than the screen is wide, which wraps")
            screen.wait_for("which wraps")
            self.check("wrapped", screen)


if __name__ == "__main__":
    main()
