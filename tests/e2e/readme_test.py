"""The examples of README.md do what is said there. Each indented line under "## Use" is run by sh and has a row here.

Only hosts and ports are replaced: ws://example.com and :8080 by what is scripted here, and a server listens on port 0.
"""

import collections
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

import support
from peer import BINARY, CLOSE, TEXT, close_payload, connected, dialed, scripted
from support import Case, finish

USE = re.search(r"^## Use\n(.*?)^## ", (pathlib.Path(__file__).parents[2] / "README.md").read_text(), re.M | re.S)[1]
EXAMPLES = [re.sub(r" {2,}#.*", "", line[4:]) for line in USE.splitlines() if line.startswith("    ")]
FILES = {"lines.txt": b"one\ntwo\n", "photo.jpg": bytes(range(256)) * 1000, "log": b"started\nready\n",
         "answers.txt": b"welcome\n", "site/index.html": b"<p>chat"}
NORMAL = (CLOSE, close_payload(1000))
ECHOES = [(TEXT, b"one"), (BINARY, b"\xff\x00"), (TEXT, b""), NORMAL]


# --- what is at the other side


def answer(*messages, path="/"):
    """A script: sends these once it has received a message. Its result is all that it has received."""
    def script(peer):
        wants_path(path, peer.accept())
        received = [peer.read_message()]
        if received[0][0] == CLOSE:
            peer.send(*received[0])
            return received
        for message in messages:
            peer.send(TEXT, message)
        return received + rest(peer)
    return script


def feed(*messages, closes=True, path="/feed"):
    """A script: sends these at once. Its result is all that it has received."""
    def script(peer):
        wants_path(path, peer.accept())
        for message in messages:
            peer.send(TEXT, message)
        if closes:
            peer.close()
        return rest(peer, answers=not closes)
    return script


def asks_who_comes(peer):
    """A script: gives an id and welcomes whoever comes back with it."""
    wants_path("/", peer.accept())
    received = [peer.read_message()]
    peer.send(TEXT, b"id=s7")
    received.append(peer.read_message())
    peer.send(TEXT, b"welcome")
    return received + rest(peer)


def wants_path(path, request):
    if request.split()[1] != path:
        raise AssertionError(request)


def rest(peer, answers=True):
    received = []
    while not received or received[-1][0] != CLOSE:
        received.append(peer.read_message())
    if answers:
        peer.send(*received[-1])
    return received


def asks_for_echoes(path):
    """A script: sends messages and wants them back, one by one, then closes."""
    def script(peer):
        wants_path(path, peer.accept())
        received = []
        for message in ((TEXT, b"one"), (BINARY, b"\xff\x00"), (TEXT, b"")):
            peer.send(*message)
            received.append(peer.read_message())
        peer.close()
        return received + rest(peer, answers=False)
    return script


def asks_a_program(peer):
    """A script: sends a line and takes one."""
    wants_path("/", peer.accept())
    peer.send(TEXT, b"ping")
    received = [peer.read_message()]
    peer.close()
    return received + rest(peer, answers=False)


def is_answered(server):
    with connected(server) as client:
        client.send(BINARY, b"\xff")
        return client.read_message() == (BINARY, b"\xff")


def hears_the_log(server):
    with connected(server) as client:
        return [client.read_message() for _ in range(2)] == [(TEXT, b"started"), (TEXT, b"ready")]


def hears_the_other(server):
    with connected(server) as client, connected(server) as other:
        client.send(TEXT, b"hello")
        return other.read_message() == (TEXT, b"hello")


def hears_the_other_of_a_page(server):
    with dialed(server) as browser:
        browser.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        page = browser.read_rest()
    return page.endswith(b"\r\n\r\n<p>chat") and hears_the_other(server)


def is_answered_by_a_program(server):
    with connected(server) as client:
        client.send(TEXT, b"hello")
        return client.read_message() == (TEXT, b"you said: hello")


def is_welcome_and_says_bye(server):
    with connected(server) as client:
        welcome = client.read_message()
        client.send(TEXT, b"hello")
        client.send(TEXT, b"bye")
        client.close()
        return [welcome, client.read_message()] == [(TEXT, b"welcome"), NORMAL]


def is_answered_by_rule(server):
    with connected(server) as client:
        client.send(TEXT, b"nothing to answer")
        client.send(TEXT, b'{"id":1.50,"method":"add"}')
        return client.read_message() == (TEXT, b'{"id":1.50}')


def connects(server):
    with connected(server):
        return True


# --- the rows

# With another side: its script and what that has to return. What is printed may be a pattern.
Client = collections.namedtuple("Client", "script received stdout stderr", defaults=(b"", ""))
Alone = collections.namedtuple("Alone", "stdout")
# `talk(server)` is what its clients do. It ends with the last of them, or else by SIGTERM, and leaves `files`.
Server = collections.namedtuple("Server", "talk stdout ends files", defaults=(b"", False, {}))

HANDSHAKE_AND_FRAMES = re.compile(
    r"\* trying .*\n> GET / HTTP/1\.1\n.*\n< HTTP/1\.1 101 Switching Protocols\n"
    r".* > TEXT fin len=5 mask=.*\n +\"hello\"\n.* < CLOSE fin len=2\n"
    r".*\* closed: sent 1000 \(OK\); then received 1000 \(OK\)\n"
    r"\* sent 1 message, 5 B; received 1, 2 B; \d\.\d\d s\n", re.S)

ROWS = {
    "echo hello | wscope ws://example.com/chat":
        Client(answer(b"hi", path="/chat"), [(TEXT, b"hello"), NORMAL], b"hi\n"),
    "wscope --no-stdin :8080/feed":
        Client(feed(b"one", b"two"), [NORMAL], b"one\ntwo\n"),
    "wscope -b --eof close :8080 < lines.txt":
        Client(answer(), [(BINARY, b"one"), (BINARY, b"two"), NORMAL]),
    """wscope -x '{"op":"list"}' --one :8080/api""":
        Client(answer(b"[]", path="/api"), [(TEXT, b'{"op":"list"}'), NORMAL], b"[]\n"),
    """wscope -x start --until '"state":"(done|failed)"' :8080""":
        Client(answer(b'{"state":"running"}', b'{"state":"failed"}', b"later"), [(TEXT, b"start"), NORMAL],
               b'{"state":"running"}\n{"state":"failed"}\n'),
    "wscope --no-stdin --until '.n > 7' --pick .n :8080/feed":
        Client(feed(b'{"n":6}', b"[]", b'{"n":7.00}', b'{"n":8}', b'{"n":9}', closes=False), [NORMAL],
               b"6\n7.00\n8\n"),
    "wscope -x hi --expect 'id=(.*)' -x 'as {{1}}' -1 --only :8080":
        Client(asks_who_comes, [(TEXT, b"hi"), (TEXT, b"as s7"), NORMAL], b"welcome\n"),
    "wscope --no-stdin --count 3 :8080/feed":
        Client(feed(b"one", b"two", b"three", b"four", closes=False), [NORMAL], b"one\ntwo\nthree\n"),
    "wscope -x ping --one --timeout 5 :8080 > /dev/null && echo up":
        Client(answer(b"pong"), [(TEXT, b"ping"), NORMAL], b"up\n"),
    """wscope --no-stdin --every 300 '{"type":"PING"}' :8080""":
        Client(feed(path="/"), [NORMAL]),
    "wscope --rate 100 :8080 < lines.txt":
        Client(answer(b"thanks"), [(TEXT, b"one"), (TEXT, b"two"), NORMAL], b"thanks\n"),
    r"wscope -x ping --one --write-out '%{stdout}%{time_open}\n' :8080":
        Client(answer(b"pong"), [(TEXT, b"ping"), NORMAL], re.compile(rb"pong\n0\.\d{6}\n")),
    "wscope --echo ':8080/run?case=1'":
        Client(asks_for_echoes("/run?case=1"), ECHOES),
    """mkfifo f; wscope --json --in json --eof hold :8080 <>f | grep --line-buffered '"event":"[tb]' >f""":
        Client(asks_for_echoes("/"), ECHOES),
    "wscope -b --in whole :8080/upload < photo.jpg":
        Client(answer(b"thanks", path="/upload"), [(BINARY, FILES["photo.jpg"]), NORMAL], b"thanks\n"),
    r"printf 'two\nlines\0' | wscope -0 echo:":
        Alone(b"two\nlines\0"),
    r"printf 'user\r\npass\r\n' | wscope --keep-newline :8080":
        Client(answer(b"welcome"), [(TEXT, b"user\r\n"), (TEXT, b"pass\r\n"), NORMAL], b"welcome\n"),
    r"wscope --escape -x '\x1b[A\r' --one :8080":
        Client(answer(b"ready"), [(TEXT, b"\x1b[A\r"), NORMAL], b"ready\n"),
    "echo '48 65 6c 6c 6f' | wscope --format hex echo:":
        Alone(b"48656c6c6f\n"),
    "wscope --json --no-stdin :8080/feed | jq -r 'select(.event == \"text\").data'":
        Client(feed(b"one", b"two"), [NORMAL], b"one\ntwo\n"),
    """echo '{"type":"ping"}' | wscope --in json --json echo: | jq 'select(.event == "pong").rtt_ms'""":
        Alone(re.compile(rb"\d+(\.\d+)?\n")),
    """echo '{"type":"close","code":4000,"reason":"enough"}' | wscope --in json :8080""":
        Client(answer(), [(CLOSE, close_payload(4000, "enough"))]),
    "echo hello | wscope -vv :8080":
        Client(answer(b"hi"), [(TEXT, b"hello"), NORMAL], b"hi\n", HANDSHAKE_AND_FRAMES),
    r"printf 'hello\n/ping\n/close 1000 bye\n' | wscope --commands - echo:":
        Alone(b"hello\n"),
    r"""printf 'connect echo:\nsend hi\nexpect "hi"\n' | wscope run -""":
        Alone(re.compile(rb"ok 1 - - # \d\.\d\d s\n1 passed, 0 failed, \d\.\d s\n")),
    "wscope check echo:":
        Alone(re.compile(rb"wscope check echo: .*\n3\d\d cases: \d+ passed, 0 failed, [\w, ]* in \d+\.\d s\n", re.S)),
    "echo 818537fa213d7f9f4d5158 | wscope decode":
        Alone(re.compile(rb"> TEXT fin len=5 mask=37fa213d\n  0000  81 85 37 fa .*\n +\"Hello\"\n")),
    "wscope encode --text Hello --close 1000 --out c":
        Alone(re.compile(rb"static const unsigned char frames\[\] = \{\n  0x81, 0x85, (0x..,\s+){17}\};\n")),
    "wscope ping -c 3 echo:":
        Alone(re.compile(rb"PING ws://.*\n.*\n(pong seq=\d time=.* ms\n){3}--- .* ---\n3 pings, 3 pongs, 0 % lost, .*\n.*\n")),
    "wscope echo":
        Server(is_answered),
    "wscope echo 0.0.0.0:0":
        Server(is_answered),
    "tail -f log | wscope listen 8080":
        Server(hears_the_log),
    "wscope listen --broadcast 8080":
        Server(hears_the_other),
    "wscope listen --broadcast --www site 8080":
        Server(hears_the_other_of_a_page),
    "wscope listen 8080 -- sed -u 's/^/you said: /'":
        Server(is_answered_by_a_program),
    "wscope :8080 -- sed -u 's/ping/pong/'":
        Client(asks_a_program, [(TEXT, b"pong"), NORMAL]),
    "wscope listen --once 8080 < answers.txt > messages.txt":
        Server(is_welcome_and_says_bye, ends=True, files={"messages.txt": b"hello\nbye\n"}),
    """wscope listen --reply '.id={"id":{{.id}}}' 8080""":
        Server(is_answered_by_rule, b'nothing to answer\n{"id":1.50,"method":"add"}\n'),
    "wscope listen --json 8080 | jq -r --unbuffered 'select(.event == \"open\").peer'":
        Server(connects, re.compile(rb"127\.0\.0\.1:\d+\n")),
}

# --- running them

# For sh, where $0 is the binary: the process id is the first line on stderr.
PRELUDE = """wscope() { sh -c 'echo $$ >&2; exec "$@"' sh "$0" "$@"; }\n"""


class Running:
    """An example that sh runs, in a folder with the files."""

    def __init__(self, line, folder):
        for name, content in FILES.items():
            pathlib.Path(folder, name).parent.mkdir(exist_ok=True)
            pathlib.Path(folder, name).write_bytes(content)
        # Unbuffered: what is read here, finish() would not see.
        self.process = subprocess.Popen(["sh", "-c", PRELUDE + line, support.BINARY], cwd=folder, bufsize=0,
                                        env=support.ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, start_new_session=True)
        self.pid = int(self.process.stderr.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()

    def wait_for_port(self):
        match = support.Server.LINE.fullmatch(self.process.stderr.readline().decode())
        self.host, self.port = match[2], int(match[3])


class Examples(Case):
    def each(self, kind, check):
        for line, row in ROWS.items():
            if isinstance(row, kind):
                with self.subTest(line), tempfile.TemporaryDirectory() as folder:
                    if "jq" in line and not shutil.which("jq"):
                        self.skipTest("jq is not installed")
                    check(line, row, folder)

    def check_end(self, running, row, stderr=""):
        result = finish(running.process)
        self.assertEqual(result.status, 0, result.stderr)
        for printed, wanted in ((result.stdout, row.stdout), (result.stderr, stderr)):
            if isinstance(wanted, re.Pattern):
                self.assertTrue(wanted.fullmatch(printed), printed)
            else:
                self.assertEqual(printed, wanted)

    def check_alone(self, line, row, folder):
        with Running(line, folder) as running:
            self.check_end(running, row)

    def check_client(self, line, row, folder):
        with scripted(row.script) as server:
            port = re.search(r":\d+", server.url)[0]
            line = line.replace("ws://example.com/", server.url).replace(":8080", port)
            with Running(line, folder) as running:
                self.check_end(running, row, row.stderr)
        self.assertEqual(server.result, row.received)

    def check_server(self, line, row, folder):
        with Running(re.sub(r"wscope echo$", "wscope echo 0", line.replace(" 8080", " 0")), folder) as running:
            running.wait_for_port()
            self.assertTrue(row.talk(running))
            if not row.ends:
                os.kill(running.pid, signal.SIGTERM)
            self.check_end(running, row)
        for name, content in row.files.items():
            self.assertEqual(pathlib.Path(folder, name).read_bytes(), content)

    def test_are_the_rows(self):
        self.assertEqual(sorted(EXAMPLES), sorted(ROWS))

    def test_without_another_side(self):
        self.each(Alone, self.check_alone)

    def test_of_clients(self):
        self.each(Client, self.check_client)

    def test_of_servers(self):
        self.each(Server, self.check_server)


if __name__ == "__main__":
    unittest.main()
