"""The session that README.md shows: what is in man/session.svg is what is on the screen."""

import sys
import unittest

import session
from screen import HAVE_TMUX
from support import Case

SKIPPED = 77


class Session(Case):
    def test_is_as_the_image_has_it(self):
        shown = session.text_of(session.SVG.read_text())
        seen = session.text_of("".join(session.svg(session.record())))
        self.assertEqual("\n".join(map(session.without_chance, shown)), "\n".join(map(session.without_chance, seen)))

    def test_colours_become_colours(self):
        self.assertEqual(list(session.spans("a\x1b[34m<\x1b[0m b\x1b[1;32mc\x1b[39md")),
                         [("a", ""), ("<", ' fill="#79c0ff"'), (" b", ""),
                          ("c", ' fill="#7ee787" font-weight="bold"'), ("d", ' font-weight="bold"')])


if __name__ == "__main__":
    if not HAVE_TMUX:
        print("SKIPPED: tmux is not installed")
        sys.exit(SKIPPED)
    unittest.main()
