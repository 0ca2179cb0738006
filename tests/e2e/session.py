"""A session with frame dumps, as a person sees it, as man/session.svg: session.py BINARY writes that.

It is what README.md shows. session_test.py proves that it is still so.
"""

import html
import pathlib
import re

SVG = pathlib.Path(__file__).parents[2] / "man" / "session.svg"
COMMAND = "wscope echo:"
TYPED = ("hi", "/hex on", "Hello", "/ping", "/hex off", '{"op": "list", "n": [1, 2.50]}', "/last 2", "/close 1000 done")
COLUMNS, ROWS = 78, 60
# Of the colours that every terminal has, as they look on black.
COLORS = {31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 34: "#79c0ff", 35: "#d2a8ff", 36: "#56d4dd"}
WIDTH, HEIGHT, MARGIN = 8.4, 18, 16


def record():
    """The rows of the session, with their SGR sequences."""
    from screen import Screen
    from support import BINARY
    rows = ["$ " + COMMAND]
    with Screen(COLUMNS, ROWS, (BINARY, *COMMAND.split()[1:]), {"VISUAL": "", "NO_COLOR": ""}) as screen:
        screen.wait_for("Connected")
        for line in TYPED:
            screen.type(line)
            screen.keys("Enter")
            screen.wait_still()
        screen.exit_status()
        rows += [row for row in screen.styled() if "[exit " not in row]
    return rows


def spans(row):
    """(text, style) of the pieces of a row, where style is what SVG calls it."""
    style = {}
    for at, piece in enumerate(re.split(r"\x1b\[([\d;]*)m", row)):
        if at % 2 == 0:
            if piece:
                yield piece, "".join(f' {name}="{value}"' for name, value in sorted(style.items()))
            continue
        for number in map(int, piece.split(";") if piece else ["0"]):
            if number in (0, 39):
                style.pop("fill", None)
            if number == 0:
                style.clear()
            elif number == 1:
                style["font-weight"] = "bold"
            elif number == 2:
                style["fill-opacity"] = "0.6"
            elif number in COLORS:
                style["fill"] = COLORS[number]


def svg(rows):
    width, height = 2 * MARGIN + COLUMNS * WIDTH, 2 * MARGIN + len(rows) * HEIGHT
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" font-size="14" '
           'font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" fill="#e6edf3">\n'
           f"<title>{COMMAND}, with its frames in hex</title>\n"
           '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n')
    for number, row in enumerate(rows, 1):
        pieces = "".join(f"<tspan{style}>{html.escape(text, quote=False)}</tspan>" for text, style in spans(row))
        yield f'<text x="{MARGIN}" y="{MARGIN + number * HEIGHT - 5}" xml:space="preserve">{pieces}</text>\n'
    yield "</svg>\n"


def text_of(image):
    """What stands in an image, line by line."""
    return [html.unescape(re.sub(r"<[^>]*>", "", line)) for line in image.splitlines() if line.startswith("<text ")]


def without_chance(line):
    """A line without what is different each time: times, masks, ports, and the bytes that were masked."""
    line = re.sub(r"\d\d:\d\d:\d\d\.\d+", "TIME", line)
    line = re.sub(r"[+-]?\d+\.\d+ ms", "N ms", line)
    line = re.sub(r"mask=[0-9a-f]{8}", "mask=MASK", line)
    return re.sub(r"^(  [0-9a-f]{4}  [0-9a-f]{2} [0-9a-f]{2})  ?.*", r"\1", line).rstrip()


if __name__ == "__main__":
    SVG.write_text("".join(svg(record())))
