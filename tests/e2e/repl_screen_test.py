"""What comes while a line is typed: it appears above, the line stays, and nothing foreign reaches the terminal."""

import contextlib
import json
import pathlib
import re
import select
import statistics
import subprocess
import sys
import threading
import time

from peer import BINARY, TEXT, close_payload, closed_port, encode, reject, scripted
from repl import BANNER, Remote, ReplCase, main
from screen import Pty
from support import BINARY as PROGRAM
from support import DEADLINE, eventually

# All that may be on the way to the terminal besides text.
OWN_SEQUENCES = re.compile(rb"\x1b\[(\?2026[hl]|\?2004[hl]|\?7[hl]|[0-9;]*m|[0-9]*[ABCDGJKP]|[0-9;]*H|6n)")
# Of the output, behind a key that was pressed: some rounds of the loop, with a read of the socket each.
MOST_BEFORE_ECHO = 1 << 20
HOSTILE = (
    b"\x1b[2J\x1b[H\x1b]0;title\x07", b"\x1b]52;c;cm0gLXJm\x07", b"\x1bP+q544e\x1b\\", b"\x1b[?1049h\x1bc\x1b[6n",
    "\u009b31mred\u009d0;x\u009c".encode(), "\u202eabc\u2066def\u2069\u200f\u061c".encode(), b"over\rwritten\b\b\x7f",
    b"\x00nul\x0e\x0f\x05\x07", b"a\tb\x0bc\x0c", "e" .encode() + "\u0301".encode() * 500,
    "\u2028\u2029\ufeff\u0085".encode(),
)


class WhileTyping(ReplCase):
    def test_messages_appear_above(self):
        with self.connected() as (screen, remote):
            text = "abcdefghij" * 25
            rows = [("> " + text)[at:at + 80] for at in range(0, 252, 80)]
            for at in range(0, 250, 50):
                screen.type(text[at:at + 50])
                remote.send(f"message {at}")
            messages = [f"< message {at}" for at in range(0, 250, 50)]
            self.expect(screen, *messages, *rows)
            screen.keys("Home", *["Right"] * 10)
            remote.send("and this")
            screen.type("X")
            changed = "> " + text[:10] + "X" + text[10:]
            self.expect(screen, *messages, "< and this", *(changed[at:at + 80] for at in range(0, 253, 80)))
            self.assertEqual(screen.cursor()[0], 13)
            screen.keys("Enter")
            self.expect_texts(remote, text[:10] + "X" + text[10:])

    def test_input_around_the_width(self):
        for size in (77, 78, 79, 80, 157, 158, 159):
            with self.subTest(size), self.connected() as (screen, remote):
                text = "x" * (size - 1) + "y"
                screen.type(text)
                shown = "> " + text
                rows = [shown[at:at + 80] for at in range(0, len(shown), 80)]
                self.expect(screen, *rows)
                remote.send("a message")
                self.expect(screen, "< a message", *rows)
                x, y = screen.cursor()
                self.assertEqual((x, y), (len(shown) % 80, 2 + len(shown) // 80))
                screen.keys("BSpace")
                self.expect(screen, "< a message", *(shown[at:min(at + 80, size + 1)] for at in range(0, size + 1, 80)))

    def test_wide_characters(self):
        with self.connected(columns=40) as (screen, remote):
            text = "漢字" * 9 + "a😀é" + "語"
            screen.type(text)
            # 2 + 36 + 1 columns, so that the emoji does not fit behind them.
            self.expect(screen, "> " + "漢字" * 9 + "a", "😀é語")
            remote.send("wide " + "漢" * 20)
            self.expect(screen, "< wide " + "漢" * 16, "漢" * 4, "> " + "漢字" * 9 + "a", "😀é語")
            self.assertEqual(screen.cursor(), (5, 4))
            screen.keys("Left", "Left", "Left")
            screen.wait_for(lambda shown: shown.cursor() == (0, 4))
            screen.keys("BSpace")
            self.expect_end(screen, "> " + "漢字" * 9 + "😀", "é語")
            screen.keys("Enter")
            self.expect_texts(remote, "漢字" * 9 + "😀é語")

    def test_input_of_several_lines(self):
        with self.connected() as (screen, remote):
            screen.paste("one\ntwo\nthree")
            screen.wait_for("three")
            before = screen.lines()[1:]
            remote.send("a message")
            self.expect(screen, "< a message", *before)
            screen.keys("Up", "C-a")
            screen.type("X")
            remote.send("another")
            self.expect(screen, "< a message", "< another", before[0], before[1].replace("two", "Xtwo"), before[2])
            screen.keys("Enter")
            self.expect_texts(remote, "one\nXtwo\nthree")

    def test_prompt_at_the_top_and_the_bottom(self):
        with self.connected(rows=8) as (screen, remote):
            screen.keys("C-l")
            self.expect_all(screen, [">"])
            screen.type("y" * 170)
            rows = ["> " + "y" * 78, "y" * 80, "y" * 12]
            self.expect_all(screen, rows)
            remote.send(*(f"message {number}" for number in range(20)))
            self.expect_all(screen, [f"< message {number}" for number in range(15, 20)] + rows)
            scrollback = screen.scrollback()
            for number in range(20):
                self.assertEqual(scrollback.count(f"< message {number}"), 1)
            self.assertEqual(sum("y" in row for row in scrollback), 3)

    def test_input_larger_than_the_screen(self):
        with self.connected(rows=6, columns=40) as (screen, remote):
            text = "".join(f"{number:05}" for number in range(100))
            screen.type(text)
            screen.wait_for("00099")
            remote.send("a message")
            screen.wait_still()
            screen.keys("C-a")
            screen.type("X")
            screen.wait_for("> X00000")
            screen.keys("Enter")
            self.expect_texts(remote, "X" + text)
            self.assertEqual(sum("< a message" in row for row in screen.scrollback()), 1)

    def resize(self, screen, columns):
        """What is painted before wscope can know is for the old size."""
        screen.resize(columns, 24)
        screen.wait_for(lambda shown: shown.told_size() == (columns, 24))

    def test_resize(self):
        with self.connected() as (screen, remote):
            text = "abcdefghi " * 9 + "end"
            screen.type(text)
            for number, columns in enumerate((60, 40, 33, 80, 20, 100)):
                self.resize(screen, columns)
                remote.send(f"message {number}")
                screen.type(str(number))
                text += str(number)
                screen.wait_for(lambda shown, n=number: any(f"< message {n}" in row for row in shown.lines()))
                shown = "> " + text
                rows = [shown[at:at + columns].rstrip() for at in range(0, len(shown), columns)]
                self.expect_end(screen, *rows)
                screen.wait_for(lambda s, n=len(shown), c=columns: s.cursor()[0] == n % c)
            scrollback = screen.scrollback(joined=True)
            self.assertEqual([row.rstrip() for row in scrollback[:-1]],
                             [BANNER, *(f"< message {number}" for number in range(6))])
            screen.keys("Enter")
            self.expect_texts(remote, text)

    def test_resize_with_choices_and_while_searching(self):
        with self.connected() as (screen, remote):
            self.enter(screen, "what is searched")
            screen.type("/con")
            screen.keys("Tab", "Tab")
            screen.wait_for("/connect  /connections")
            self.resize(screen, 50)
            remote.send("one")
            self.expect(screen, "> what is searched", "< one", "> /connect", "/connect  /connections")
            screen.keys("C-u", "C-r")
            screen.type("sea")
            screen.wait_for("`sea'")
            self.resize(screen, 30)
            remote.send("two")
            self.expect_end(screen, "< one", "< two", "(reverse-i-search)`sea': what", "is searched")
            self.resize(screen, 80)
            remote.send("three")
            self.expect(screen, "> what is searched", "< one", "< two", "< three",
                        "(reverse-i-search)`sea': what is searched")
            screen.keys("C-g")
            self.expect(screen, "> what is searched", "< one", "< two", "< three", ">")

    def test_resize_of_the_height(self):
        with self.connected(rows=15) as (screen, remote):
            remote.send(*(f"message {number}" for number in range(30)))
            screen.type("typed")
            screen.wait_for("< message 29")
            for rows in (8, 20, 4, 15):
                screen.resize(80, rows)
                remote.send(f"with {rows} rows")
                screen.wait_for(f"< with {rows} rows")
                self.expect_end(screen, f"< with {rows} rows", "> typed")
            self.assertEqual(screen.scrollback(),
                             [BANNER, *(f"< message {number}" for number in range(30)),
                              *(f"< with {rows} rows" for rows in (8, 20, 4, 15)), "> typed"])


class Floods(ReplCase):
    COUNT = 100_000

    def flood(self, remote):
        data = b"".join(encode(TEXT, b"m %d" % number) for number in range(self.COUNT))
        thread = threading.Thread(target=remote.peer().write, args=(data,), daemon=True)
        thread.start()
        return thread

    def test_keys_are_echoed(self):
        """Without losing anything. How long it takes depends on what else the machine does; how much is printed before
        the echo does not: what waits in the terminal, and the command's next piece."""
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(subprocess.Popen(  # this process has enough to do
                [sys.executable, pathlib.Path(__file__).with_name("flood.py"), PROGRAM], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, text=True))
            stack.callback(server.kill)
            terminal = stack.enter_context(self.pty(server.stdout.readline().strip()))
            terminal.wait_for(b"< m 100\r")
            delays, before, typed = [], [], "QRSTUVWXYZEFIL"
            for letter in typed.encode():
                start, searched = len(terminal.output), len(terminal.output) - 20
                began = time.monotonic()
                terminal.write(bytes([letter]))
                while letter not in OWN_SEQUENCES.sub(b"", bytes(terminal.output[searched:])):
                    self.assertLess(time.monotonic() - began, DEADLINE)
                    searched = max(searched, len(terminal.output) - 200)
                    terminal.read(DEADLINE)
                delays.append(time.monotonic() - began)
                before.append(len(terminal.output) - start)
                terminal.read_for(0.05)
            server.stdin.write("\n")
            server.stdin.flush()
            while not select.select([server.stdout], [], [], 0)[0]:
                terminal.read(0.01)
            sent = int(server.stdout.readline())
            terminal.wait_for(f"< m {sent - 1}\r".encode(), start=max(0, len(terminal.output) - 4096))
            print(f"{sent} messages; echo of a key meanwhile: median {1000 * statistics.median(delays):.1f} ms, "
                  f"most {1000 * max(delays):.1f} ms, behind at most {max(before)} bytes")
            self.assertLess(max(before), MOST_BEFORE_ECHO)
            plain = OWN_SEQUENCES.sub(b"", bytes(terminal.output))
            self.assertEqual([int(number) for number in re.findall(rb"< m (\d+)\r", plain)], list(range(sent)))
            terminal.write(b"\r")
            self.assertEqual(server.stdout.readline(), f"{typed}\n")

    def test_nothing_is_lost(self):
        with self.connected() as (screen, remote):
            self.flood(remote)
            screen.wait_for("< m ")
            screen.type("typed meanwhile")
            screen.wait_for(f"< m {self.COUNT - 1}")
            self.expect_end(screen, f"< m {self.COUNT - 1}", "> typed meanwhile")
            self.assert_bytes("\n".join(screen.scrollback()),
                              "\n".join([BANNER, *(f"< m {number}" for number in range(self.COUNT)),
                                         "> typed meanwhile"]))
            screen.keys("C-u")
            self.enter(screen, "/status")
            screen.wait_for(f"received    {self.COUNT} messages, ")

    def test_ctrl_c_is_heard(self):
        with self.connected() as (screen, remote):
            self.flood(remote)
            screen.wait_for("< m ")
            screen.keys("C-c")
            self.assertIn(screen.exit_status(20), (0,))
            self.assertEqual(screen.modes_after(), screen.modes_before())


class LongMessages(ReplCase):
    def test_are_cut_and_paged(self):
        pager = self.script("pager", f'cat "$1" > {self.folder}/paged\n')
        with self.connected(env={"PAGER": pager}, rows=12) as (screen, remote):
            text = "".join(f"{number:06} " for number in range(1000))
            remote.send(text)
            screen.wait_for("more bytes: /last shows all")
            lines = screen.lines()
            self.assertEqual(lines[0], BANNER)
            self.assertTrue(lines[1].startswith("< 000000 000001"))
            shown = len("".join(row.ljust(80) for row in lines[1:-2])) - 2
            left = int(re.fullmatch(r"  … (\d+) more bytes: /last shows all", lines[-2])[1])
            self.assertLessEqual(abs(shown + left - len(text)), 80)
            self.enter(screen, "/last")
            eventually(lambda: (self.folder / "paged").exists() and (self.folder / "paged").stat().st_size > len(text))
            self.assertEqual((self.folder / "paged").read_text(), text + "\n")
            self.expect_end(screen, "> /last", ">")
            self.enter(screen, "/show whole on")
            self.expect_end(screen, "> /show whole on", "whole on", ">")
            remote.send(text)
            screen.wait_for("000999")
            shown = "".join(row.ljust(80) for row in screen.scrollback()).rsplit("< ", 1)[1]
            self.assertEqual(shown.split(), [*text.split(), ">"])

    def test_of_many_lines(self):
        with self.connected(rows=12) as (screen, remote):
            remote.send("\n".join(str(number) for number in range(100)))
            self.expect(screen, "< 0", *(f"  {number}" for number in range(1, 9)),
                        f"  … {len(''.join(str(n) + 'x' for n in range(9, 100))) - 1} more bytes: /last shows all", ">")

    def test_binary(self):
        with self.connected() as (screen, remote):
            remote.peer().send(BINARY, bytes(range(20)))
            self.expect(screen, "< binary, 20 bytes",
                        "  0000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  |................|",
                        "  0010  10 11 12 13                                       |....|", ">")


class Hostile(ReplCase):
    def check(self, output):
        plain = OWN_SEQUENCES.sub(b"", bytes(output))
        self.assertIsNone(re.search(rb"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f]", plain))
        text = plain.decode()  # and it is UTF-8
        self.assertIsNone(re.search("[\u0080-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]", text))

    def test_bytes_do_not_reach_the_terminal(self):
        with Remote() as remote, self.pty(remote.url) as terminal:
            terminal.write(b"typed")
            for number, message in enumerate(HOSTILE):
                remote.send(message, f"after {number}")
                terminal.wait_for(f"< after {number}\r".encode())
            for number, message in enumerate(HOSTILE):
                remote.peer().send(9, message[:125])
                remote.peer().send(BINARY, message)
            remote.send("after the binary ones")
            terminal.wait_for(b"after the binary ones\r")
            terminal.write(b"\x15/show control on\r/hex on\r/json on\r")
            for number, message in enumerate(HOSTILE):
                remote.send(message, b'{"a": ' + json.dumps(message.decode(), ensure_ascii=False).encode() + b"}", f"again {number}")
                remote.peer().send(9, message[:100])
            terminal.wait_for(f"again {len(HOSTILE) - 1}".encode())
            remote.peer().send(8, close_payload(4000, "\x1b[31mbad\u202e"))
            self.assertEqual(terminal.finish(), 9)
            self.check(terminal.output)
            self.assertIn(rb"\x1b[31mbad\u{202e}", terminal.output)

    def test_what_is_shown(self):
        with self.connected() as (screen, remote):
            for message, shown in (
                (HOSTILE[0], [r"< \x1b[2J\x1b[H\x1b]0;title\x07"]),
                (HOSTILE[1], [r"< \x1b]52;c;cm0gLXJm\x07"]),
                (HOSTILE[4], [r"< \x9b31mred\x9d0;x\x9c"]),
                (HOSTILE[5], [r"< \u{202e}abc\u{2066}def\u{2069}\u{200f}\u{61c}"]),
                (HOSTILE[6], [r"< over\x0dwritten\x08\x08\x7f"]),
                (HOSTILE[7], [r"< \x00nul\x0e\x0f\x05\x07"]),
                (b"> /quit\n> fake", ["< > /quit", "  > fake"]),
            ):
                with self.subTest(message):
                    self.expect_end(screen, ">")
                    screen.keys("C-l")
                    self.expect_all(screen, [">"])
                    remote.send(message)
                    self.expect_all(screen, [*shown, ">"])

    def test_sizes(self):
        with self.connected() as (screen, remote):
            screen.type("typed")
            remote.send("x" * (1 << 20), "\n" * 10000, "e" + "\u0301" * 100000, "\t" * 5000, "after")
            self.expect_end(screen, "< after", "> typed")
            scrollback = screen.scrollback()
            self.assertLess(len(scrollback), 110)
            self.assertEqual(sum("> typed" in row for row in scrollback), 1)

    def test_heads(self):
        with Remote("X-Evil: red\u009b\u202e") as remote, self.pty("-v", remote.url) as terminal:
            terminal.write(b"/status\r")
            terminal.wait_for(b"received ")
            terminal.write(b"\x04")
            self.assertEqual(terminal.finish(), 0)
            self.check(terminal.output)

    def test_a_wait_to_reconnect_counts_down(self):
        with closed_port() as port, self.screen("--reconnect", f"ws://127.0.0.1:{port}/",
                                                ready="(reconnecting in 2 s) >") as screen:
            screen.wait_for("(reconnecting in 1 s) >")
            screen.keys("C-c")
            self.assertEqual(screen.exit_status(), 0)

    def test_refusals(self):
        refuse = reject("403 \x1b[31mNo", "X-Evil: \u009b", body=b"\x1b]0;title\x07 and \xc2\x9b\n" + b"a line\n" * 5000)
        with scripted(refuse) as server, Pty([PROGRAM, "-v", server.url], env=self.environment()) as terminal:
            self.assertEqual(terminal.finish(), 6)
            self.check(terminal.output)
            self.assertLess(terminal.output.count(b"a line"), 200)  # only the beginning


if __name__ == "__main__":
    main()
