"""The binary against another implementation over sockets: what that one is told to do, and the cases for each of them.

An implementation is an object with
  talk(url, plan)   connects to `url` as a client, follows the plan and returns its Talk
  serve(plan)       a context: a server for one client, with its `url` and, behind the context, its `talk`
"""

import collections
import concurrent.futures
import contextlib
import dataclasses
import pathlib
import random
import re
import socket
import sys
import typing

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

from support import DEADLINE, Case, Server, run, sanitized

# What the implementation heard: its messages (str and bytes), the payloads of Pongs, the Close's (code, reason), and the
# Sec-WebSocket-Extensions of the response, "" if there is none.
Talk = collections.namedtuple("Talk", "messages pongs close extensions")


@dataclasses.dataclass
class Plan:
    """What the implementation does once the connection is open."""

    says: list = ()  # messages: str, bytes, or a list of either, which is its fragments
    hears: int = 0  # messages it waits for, and for a Pong to each Ping, before it closes
    close: typing.Optional[tuple] = None  # (code, reason); None: the other side closes
    pings: bool = False  # one between any two fragments, their payloads b"0", b"1" and so on
    deflate: typing.Optional[dict] = None  # permessage-deflate with these parameters; True is one without a value


class Served:
    def __init__(self, port):
        self.url = f"ws://127.0.0.1:{port}/"
        self.talk = None


@contextlib.contextmanager
def serve_on_a_thread(serve, plan):
    """What `serve(listener, plan)` returns becomes the talk."""
    with socket.create_server(("127.0.0.1", 0)) as listener, concurrent.futures.ThreadPoolExecutor(1) as pool:
        listener.settimeout(DEADLINE)
        served = Served(listener.getsockname()[1])
        talk = pool.submit(serve, listener, plan)
        yield served
        served.talk = talk.result(DEADLINE)


def fragments(message):
    return message if isinstance(message, list) else [message]


def whole(messages):
    """What is heard of messages that were said."""
    return [type(parts[0])().join(parts) for parts in map(fragments, messages)]


def printed(messages):
    return b"".join(m.encode() + b"\n" if isinstance(m, str) else m for m in whole(messages))


def header_of(parameters):
    return "; ".join(name if value is True else f"{name}={value}" for name, value in parameters.items())


def parameters_of(extensions):
    """The parameters of permessage-deflate that were agreed on; None if it was not agreed on."""
    name, *parameters = re.split(r"\s*;\s*", extensions)
    if name != "permessage-deflate":
        return None
    pairs = (parameter.partition("=") for parameter in parameters)
    return {name: int(value) if value else True for name, _, value in pairs}


MIB = 1 << 20
LARGE = [MIB] if sanitized() else [MIB, 16 * MIB]
TEXTS = ["", "ASCII", "déjà vu, 日本語, 😀\U0010ffff", "\0\r\t", "x" * 125, "x" * 126, "ß" * 33000, ""]
BINARIES = [b"", bytes(range(256)), b"\xff" * 65535, b"\xfe" * 65536, b""]
FRAGMENTED = [
    ["one", " ", "日本語", "", " 😀"],
    [b"\0", b"", bytes(range(256)) * 300, b"\xff"],
    ["", "", "empty ends", ""],
    ["x" * 70000, "ß" * 40000],
]


def repetitive(period, size):
    """Text of `size` characters that only repeats itself at the distance `period`."""
    unit = "".join(random.Random(period).choices("abcdefghijklmnopqrstuvwxyzß", k=period))
    return (unit * (size // period + 1))[:size]


# At distances for small windows and for large ones, within a message and from one to the next.
COMPRESSIBLE = [
    repetitive(300, 3000),
    repetitive(3000, 30000),
    "short",
    repetitive(700, 5000).encode(),
    "",
    b"",
    [repetitive(3000, 4000), "", repetitive(20000, 70000)],
    repetitive(20000, 20000),
    repetitive(12000, 70000).encode(),
]

CLOSE_NAMES = {
    1000: "normal closure",
    1001: "going away",
    1002: "protocol error",
    1003: "unsupported data",
    1007: "invalid frame payload data",
    1008: "policy violation",
    1009: "message too big",
    1010: "mandatory extension",
    1011: "internal error",
    1012: "service restart",
    1013: "try again later",
    1014: "bad gateway",
    3000: "registered",
    4999: "private use",
}

SERVER_TAKEOVER, CLIENT_TAKEOVER = "server_no_context_takeover", "client_no_context_takeover"
SERVER_BITS, CLIENT_BITS = "server_max_window_bits", "client_max_window_bits"
WINDOW_BITS = (9, 15) if sanitized() else range(9, 16)
DEFLATE_PARAMETERS = [
    {},
    {SERVER_TAKEOVER: True},
    {CLIENT_TAKEOVER: True},
    *({SERVER_BITS: bits} for bits in WINDOW_BITS),
    *({CLIENT_BITS: bits} for bits in WINDOW_BITS),
    {SERVER_TAKEOVER: True, CLIENT_TAKEOVER: True, SERVER_BITS: 9, CLIENT_BITS: 10},
]


class Cases:
    """What both roles have in common. `implementation` is the other side."""

    implementation = None
    # What the implementation does not bear, or cannot be made to do.
    bears_controls_in_compressed = True  # between the fragments of a message
    demands = {SERVER_TAKEOVER, CLIENT_TAKEOVER, SERVER_BITS, CLIENT_BITS}  # of its server, though not offered
    unknown_codes = ()  # of a Close

    def assert_messages(self, talk, said):
        heard = [(type(message), len(message)) for message in talk.messages]
        self.assertEqual(heard, [(type(message), len(message)) for message in said])
        for actual, expected in zip(talk.messages, said):
            if actual != expected:
                self.fail(f"a message differs: {actual[:40]!r} for {expected[:40]!r}")

    def assert_pongs(self, talk, plan):
        pings = sum(len(fragments(message)) - 1 for message in plan.says) if plan.pings else 0
        self.assertEqual(talk.pongs, [b"%d" % number for number in range(pings)])

    def assert_close(self, talk, close):
        """Both say the same."""
        if close[0] not in self.unknown_codes:
            self.assertEqual(talk.close, close)

    def assert_agreed(self, talk, wanted):
        agreed = parameters_of(talk.extensions)
        self.assertIsNotNone(agreed, talk.extensions)
        self.assertEqual({name: agreed.get(name) for name in wanted}, wanted)


class ClientCases(Cases):
    """Ours is the client, theirs the server."""

    def pipe(self, plan, *options, stdin=b""):
        with self.implementation.serve(plan) as served:
            result = run(*options, served.url, stdin=stdin)
        return result, served.talk

    def exchange(self, plan, lines, *options):
        """The lines are heard there, what the plan says is printed here, and their server closes."""
        plan.hears, plan.close = len(lines), (1000, "")
        stdin = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
        result, talk = self.pipe(plan, *options, "--eof", "hold", stdin=stdin)
        self.assertEqual((result.status, result.stderr), (0, ""))
        self.assert_bytes(result.stdout, printed(plan.says))
        self.assert_messages(talk, lines)
        self.assert_pongs(talk, plan)
        self.assert_close(talk, plan.close)
        return talk

    def test_text(self):
        talk = self.exchange(Plan(TEXTS), TEXTS, "--no-compress")
        self.assertEqual(talk.extensions, "")

    def test_binary(self):
        lines = [binary.replace(b"\n", b"") for binary in BINARIES]
        self.exchange(Plan(BINARIES), lines, "--binary")

    def test_fragments_with_controls_between_them(self):
        self.exchange(Plan(FRAGMENTED, pings=True), ["one"], "--no-compress")

    def test_compressed_fragments(self):
        plan = Plan(FRAGMENTED, pings=self.bears_controls_in_compressed, deflate={})
        self.assert_agreed(self.exchange(plan, ["one"]), {})

    def test_deflate_as_the_server_wants_it(self):
        for parameters in DEFLATE_PARAMETERS:
            with self.subTest(**parameters):
                lines = [text for text in whole(COMPRESSIBLE) if isinstance(text, str)]
                talk = self.exchange(Plan(COMPRESSIBLE, deflate=parameters), lines)
                wanted = {name: value for name, value in parameters.items() if name in self.demands}
                self.assert_agreed(talk, wanted)

    def test_deflate_as_we_want_it(self):
        for parameters in DEFLATE_PARAMETERS:
            with self.subTest(**parameters):
                lines = [*map(self.to_line, whole(COMPRESSIBLE))]
                options = ["--compress", header_of(parameters)] if parameters else []
                talk = self.exchange(Plan(COMPRESSIBLE, deflate={}), lines, "--binary", *options)
                self.assert_agreed(talk, parameters)

    @staticmethod
    def to_line(message):
        return (message.encode() if isinstance(message, str) else message).replace(b"\n", b"")

    def test_large_messages(self):
        for size in LARGE:
            for options, deflate in (["--no-compress"], None), ([], {}):
                with self.subTest(size=size, deflate=deflate):
                    text, binary = large_text(size), large_binary(size)
                    self.exchange(Plan([text], deflate=deflate), [text], *options)
                    self.exchange(Plan([binary], deflate=deflate), [self.to_line(binary)], "--binary", *options)

    def test_every_close_code_is_told(self):
        for code, name in CLOSE_NAMES.items():
            for reason in ("", "why: ß"):
                with self.subTest(code=code, reason=reason):
                    result, talk = self.pipe(Plan(["last words"], close=(code, reason)), "--eof", "hold")
                    line = f"wscope: closed by the peer: {code} ({name}) {reason}".rstrip() + "\n"
                    ending = (0, "") if code in (1000, 1001) else (9, line)
                    self.assertEqual((result.status, result.stderr), ending)
                    self.assertEqual(result.stdout, b"last words\n")
                    self.assert_close(talk, (code, reason))

    def test_our_close(self):
        result, talk = self.pipe(Plan(hears=1), "--eof", "close", stdin=b"one")
        self.assertEqual(result, (0, b"", ""))
        self.assertEqual(talk, (["one"], [], (1000, ""), ""))


class ServerCases(Cases):
    """Ours is the echo server, theirs the client."""

    def converse(self, plan):
        with Server() as server:
            return self.implementation.talk(server.url, plan)

    def exchange(self, plan):
        plan.hears, plan.close = len(plan.says), plan.close or (1000, "")
        talk = self.converse(plan)
        self.assert_messages(talk, whole(plan.says))
        self.assert_pongs(talk, plan)
        self.assert_close(talk, plan.close)
        return talk

    def test_text(self):
        talk = self.exchange(Plan(TEXTS))
        self.assertEqual(talk.extensions, "")

    def test_binary(self):
        self.exchange(Plan(BINARIES))

    def test_fragments_with_controls_between_them(self):
        self.exchange(Plan(FRAGMENTED, pings=True))

    def test_compressed_fragments(self):
        plan = Plan(FRAGMENTED, pings=self.bears_controls_in_compressed, deflate={})
        self.assert_agreed(self.exchange(plan), {})

    def test_deflate(self):
        for parameters in DEFLATE_PARAMETERS:
            with self.subTest(**parameters):
                # The window of a client is its own affair; the server takes any without a word.
                wanted = {name: value for name, value in parameters.items() if name != CLIENT_BITS}
                self.assert_agreed(self.exchange(Plan(COMPRESSIBLE, deflate=parameters)), wanted)

    def test_large_messages(self):
        for size in LARGE:
            for deflate in None, {}:
                with self.subTest(size=size, deflate=deflate):
                    self.exchange(Plan([large_text(size), large_binary(size)], deflate=deflate))

    def test_every_close_code_is_answered(self):
        for code in CLOSE_NAMES:
            with self.subTest(code=code):
                self.exchange(Plan(["one"], close=(code, "why: ß")))


def large_text(size):
    return ("日本語 and ASCII, " * (size // 18 + 1)).encode()[:size].decode(errors="ignore")


def large_binary(size):
    return (bytes(number * number * 31 >> 5 & 255 for number in range(65521)) * (size // 65521 + 1))[:size]
