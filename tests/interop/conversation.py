"""Random conversations between our side and theirs: what one says is what the other hears, whatever the pieces."""

import argparse
import collections
import dataclasses
import random
import sys
import time

from side import Ours, Pipes, Side

TEXT, BINARY = 1, 2
CLOSE_CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999)
WORDS = ("wscope ", "ß", "déjà vu ", "日本語", "😀", "\0", "\n", "ẞ\u0301", "a" * 40, "\U0010ffff")


@dataclasses.dataclass
class Ways:
    """What the test of a library chooses for one conversation, and what the library does not bear."""

    theirs: Side
    settings: list  # of ours: (key, value)
    whole_code_points: bool = False  # its fragments of text are str
    no_controls_in_compressed: bool = False  # between fragments
    no_ping_after_close: bool = False  # of its own


def payload(rng, is_text):
    size = rng.choice((0, 1, 5, 125, 126, 300, 3000)) if rng.random() < 0.98 else rng.choice((65535, 65536, 90000))
    size = rng.randint(0, size) if rng.random() < 0.5 else size
    if is_text:
        text = "".join(rng.choices(WORDS, k=min(size, 300)))
        return (text * (size // 300 + 1))[:size].encode()
    return rng.randbytes(size) if rng.random() < 0.5 else (rng.randbytes(7) * size)[:size]


def cut(rng, data, is_text, whole_code_points):
    count = rng.choice((1, 1, 1, 2, 3, 5))
    if is_text and whole_code_points:
        text = data.decode()
        places = [len(text[: rng.randint(0, len(text))].encode()) for _ in range(count - 1)]
    else:
        places = [rng.randint(0, len(data)) for _ in range(count - 1)]
    places = [0, *sorted(places), len(data)]
    return [data[begin:end] for begin, end in zip(places, places[1:])]


class Speaker:
    """What one side is going to say, in turns: nothing else is said by it within a turn."""

    def __init__(self, rng, side, ways):
        self.side = side
        self.messages, self.pings, self.pongs = [], [], []
        self.turns = []
        is_ours = isinstance(side, Ours)
        whole_code_points = ways.whole_code_points and not is_ours
        in_one_turn = is_ours and ways.no_controls_in_compressed and side.compresses
        for _ in range(rng.choice((0, 1, 3, 8))):
            self._add_control(rng)
            self._add_message(rng, whole_code_points, in_one_turn)
        self.turns.reverse()

    def _add_message(self, rng, whole_code_points, in_one_turn):
        is_text = rng.random() < 0.5
        data = payload(rng, is_text)
        self.messages.append(data.decode() if is_text else data)
        compress = rng.random() < 0.8
        fragments = cut(rng, data, is_text, whole_code_points)
        frames = []
        for number, fragment in enumerate(fragments):
            opcode = 0 if number else TEXT if is_text else BINARY
            frames.append((self.side.send, opcode, fragment, number == len(fragments) - 1, compress))
        if in_one_turn:
            self.turns.append(frames)
            return
        for frame in frames:
            self.turns.append([frame])
            self._add_control(rng)

    def _add_control(self, rng):
        if rng.random() < 0.8:
            return
        data = rng.randbytes(rng.choice((0, 4, 125)))
        is_ping = rng.random() < 0.7
        (self.pings if is_ping else self.pongs).append(data)
        self.turns.append([(self.side.ping if is_ping else self.side.pong, data)])

    def speak(self):
        for act, *arguments in self.turns.pop():
            act(*arguments)


def carry(rng, sender, receiver):
    count = rng.choice((1, 7, 100, 5000, 1 << 20)) if len(sender.output) < 2000 else rng.choice((1000, 1 << 20))
    data = sender.take(rng.randint(1, count))
    if data:
        receiver.receive(data)


def carry_all(rng, sender, receiver):
    while sender.output:
        carry(rng, sender, receiver)


def shake_hands(rng, ours, theirs):
    client, server = (ours, theirs) if ours.is_client else (theirs, ours)
    carry_all(rng, client, server)
    carry_all(rng, server, client)
    assert ours.opened and theirs.opened, "the handshake is not complete"
    assert (ours.subprotocol or None) == theirs.subprotocol, (ours.subprotocol, theirs.subprotocol)
    assert ours.compresses == theirs.compresses, ours.extensions


def talk(rng, speakers):
    ours, theirs = (speaker.side for speaker in speakers)
    while any(speaker.turns for speaker in speakers):
        speaker = rng.choice(speakers)
        if speaker.turns:
            speaker.speak()
        if rng.random() < 0.7:
            carry(rng, *rng.choice(((ours, theirs), (theirs, ours))))


def close(rng, ours, theirs, ways):
    """One of them closes, or both at once. Whether everything said before can be expected to be answered."""
    closers = rng.choice(((ours,), (theirs,), (ours, theirs)))
    settled = rng.random() < 0.5
    while settled and (ours.output or theirs.output):
        carry_all(rng, ours, theirs)
        carry_all(rng, theirs, ours)
    if ways.no_ping_after_close and theirs in closers:
        carry_all(rng, ours, theirs)
    said = {}
    for closer in closers:
        code = rng.choice((None, *CLOSE_CODES))
        reason = "" if code is None else "".join(rng.choices(WORDS, k=rng.choice((0, 3))))[:30]
        closer.close(code, reason)
        said[closer] = (1005, "") if code is None else (code, reason)
    while ours.output or theirs.output:
        carry_all(rng, ours, theirs)
        carry_all(rng, theirs, ours)
    first = said.get(ours) or said[theirs]
    assert theirs.close_received == first, ("theirs", theirs.close_received, first)
    assert ours.close_received == (said.get(theirs) or first), ("ours", ours.close_received, said)
    end(ours, theirs)
    assert ours.ended == (True, ours not in closers), ours.ended
    return settled


def end(ours, theirs):
    """The server ends the stream first (RFC 6455 section 7.1.1)."""
    server, client = (theirs, ours) if ours.is_client else (ours, theirs)
    assert server.half_closed
    client.receive_eof()
    assert client.half_closed
    server.receive_eof()


def converse(rng, pipes, ours_is_client, choose_ways):
    ways = choose_ways(rng, ours_is_client)
    settings = [*ways.settings, ("whole_up_to", str(rng.choice((0, 1, 200, 1 << 20))))]
    ours = Ours(ours_is_client, pipes, settings)
    theirs = ways.theirs
    shake_hands(rng, ours, theirs)
    speakers = Speaker(rng, ours, ways), Speaker(rng, theirs, ways)
    talk(rng, speakers)
    answered = close(rng, ours, theirs, ways)
    for speaker, other in (speakers, speakers[::-1]):
        heard = other.side
        assert heard.messages == speaker.messages, "messages differ"
        assert heard.pings == speaker.pings, "Pings differ"
        # The answers to the Pings of the one that hears, and what the speaker said unasked.
        pongs = collections.Counter(other.pings + speaker.pongs)
        heard_pongs = collections.Counter(heard.pongs)
        assert not heard_pongs - pongs, "Pongs that nobody sent"
        assert not answered or heard_pongs == pongs, "Pongs are missing"
    return ours.compresses, sum(len(speaker.messages) for speaker in speakers)


def run(choose_ways):
    """The main of a test: `choose_ways(rng, ours_is_client)` makes their side and the settings of ours."""
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", help="the executable that is our side")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    pipes = Pipes(arguments.peer)
    started = time.monotonic()
    compressed = messages = 0
    for seed in range(arguments.seed, arguments.seed + arguments.count):
        try:
            agreed, said = converse(random.Random(seed), pipes, seed % 2 == 0, choose_ways)
        except Exception:
            print(f"conversation failed, to repeat it: --seed {seed} --count 1", file=sys.stderr)
            raise
        compressed += agreed
        messages += said
    status = pipes.close()
    seconds = time.monotonic() - started
    print(f"{arguments.count} conversations, {compressed} compressed, {messages} messages, {seconds:.1f} s")
    return status


def choose_parameters(rng, server_bits, client_bits):
    """Parameters of permessage-deflate that one side may want: {name: value or None}."""
    wanted = {name: None for name in ("server_no_context_takeover", "client_no_context_takeover") if rng.random() < 0.3}
    if rng.random() < 0.5:
        wanted["server_max_window_bits"] = rng.choice(server_bits)
    if rng.random() < 0.7:
        wanted["client_max_window_bits"] = rng.choice((None, *client_bits))
    return wanted


def deflate_settings(rng, wanted):
    """The settings that make ours want these parameters."""
    text = "; ".join(name if value is None else f"{name}={value}" for name, value in wanted.items())
    return [("deflate", text), ("min_size", str(rng.choice((0, 0, 64))))]


def choose_subprotocols(rng):
    return rng.sample(("chat", "superchat", "v1.json"), rng.choice((0, 1, 3)))
