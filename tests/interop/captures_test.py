"""wscope decode and tshark on what tcpdump captures of our own echo, of Node's ws, of python3-websockets and of Chromium:
the same frames. And what Chromium's DevTools tell of a WebSocket, as a HAR file."""

import asyncio
import contextlib
import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import node_support
from conversations_devtools_test import CHROMIUM
from page_test import tab
from support import ENVIRONMENT, Case, Server, eventually, run
from tshark import TSHARK, frames_by_tshark

try:
    import websockets
except ImportError:
    websockets = None

TCPDUMP = shutil.which("tcpdump", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/bin")
CLOSE = 8
# Of several lengths, some of which compress; in pieces, as a file of 100 KB takes more than a segment.
SAID = [{"type": "text", "data": "Hello"}, {"type": "text", "data": ""}, {"type": "ping", "data": "p"},
        {"type": "text", "data": "again and " * 100}, {"type": "binary", "base64": "AAEC/w=="},
        {"type": "text", "data": "".join(chr(0x20 + i * i % 0x5f) for i in range(100_000))}]


# What a page says, and hears again.
TALK = """new Promise((told, failed) => {
  const socket = new WebSocket(%s), heard = [];
  const said = %s.map(([text, bytes]) => bytes ? Uint8Array.from(atob(bytes), c => c.charCodeAt()) : text);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => said.forEach(message => socket.send(message));
  socket.onmessage = ({data}) => {
    heard.push(typeof data === 'string' ? data : btoa(String.fromCharCode(...new Uint8Array(data))));
    if (heard.length === said.length) socket.close(1000, 'done');
  };
  socket.onerror = failed;
  socket.onclose = ({code}) => told([code, socket.extensions, heard]);
})"""


class Capture:
    """tcpdump on the loopback interface, as long as this lives."""

    def __init__(self, file, port, *options):
        self.process = subprocess.Popen(
            [TCPDUMP, "-i", "lo", "-U", "--immediate-mode", "-B", "16384", "-s", "0", "-w", file, *options, "tcp", "port",
             str(port)], env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        line = b"?"
        while line and b"listening on" not in line:
            line = self.process.stderr.readline()
        self.runs = bool(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate()


def skip_unless_there():
    if not TCPDUMP or not TSHARK:
        print(f"SKIPPED: {'tshark' if TCPDUMP else 'tcpdump'} is not installed")
        sys.exit(77)
    with Capture(os.devnull, 1) as capture:
        if not capture.runs:
            print("SKIPPED: tcpdump may not capture on lo")
            sys.exit(77)


@contextlib.contextmanager
def websockets_echo():
    """Of python3-websockets, on a thread. As a value, its port."""
    loop = asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()
    ports = []

    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    async def serve():
        async with websockets.serve(echo, "127.0.0.1", 0) as server:
            ports.append(server.sockets[0].getsockname()[1])
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait()
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


def frames_by_us(file, *options):
    result = run("decode", "--json", *options, file)
    frames = [json.loads(line) for line in result.stdout.splitlines()]
    return result.status, [(frame["conn"], frame["dir"] == "out", frame["opcode"], frame["fin"], frame["length"])
                           for frame in frames if frame["event"] == "frame"]


def har_of(events, url):
    """What these events of DevTools' Network domain say of the WebSocket at `url`, as DevTools write it when a person
    exports a HAR file: that is code of the window that they are in, which a browser without windows does not have, so
    this is no export of a browser."""
    def named(name):
        return [event["params"] for event in events if event["method"] == f"Network.webSocket{name}"]

    identity = next(event["requestId"] for event in named("Created") if event["url"] == url)
    request, response = (next(event for event in named(name) if event["requestId"] == identity)
                         for name in ("WillSendHandshakeRequest", "HandshakeResponseReceived"))
    clock = request["wallTime"] - request["timestamp"]
    messages = [{"type": kind, "time": event["timestamp"] + clock, "opcode": event["response"]["opcode"],
                 "data": event["response"]["payloadData"]}
                for kind, name in (("send", "FrameSent"), ("receive", "FrameReceived")) for event in named(name)
                if event["requestId"] == identity]
    started = datetime.datetime.fromtimestamp(request["wallTime"], datetime.timezone.utc)

    def fields(headers):
        return [{"name": name, "value": value} for name, value in headers.items()]

    sizes = {"headersSize": -1, "bodySize": -1}
    return {"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": [], "entries": [{
        "_initiator": {"type": "script"}, "_priority": None, "_resourceType": "websocket",
        "_webSocketMessages": sorted(messages, key=lambda message: message["time"]), "cache": {}, "connection": "80",
        "request": {"method": "GET", "url": url, "httpVersion": "HTTP/1.1", "cookies": [], "queryString": [],
                    "headers": fields(request["request"]["headers"]), **sizes},
        "response": {"status": response["response"]["status"], "statusText": response["response"]["statusText"],
                     "httpVersion": "HTTP/1.1", "headers": fields(response["response"]["headers"]), "cookies": [],
                     "content": {"size": 0, "mimeType": "x-unknown"}, "redirectURL": "", **sizes},
        "serverIPAddress": "127.0.0.1", "startedDateTime": started.isoformat(), "time": 1.0, "timings": {}}]}}


class Captures(Case):
    def check_streams(self, file):
        """Of each stream and direction both say the same. Returns our frames."""
        status, frames = frames_by_us(file)
        self.assertEqual(status, 0)
        theirs = frames_by_tshark(file)
        for stream in {frame[0] for frame in frames + theirs}:
            for client in (True, False):
                with self.subTest(stream=stream, client=client):
                    self.assertEqual([frame for frame in frames if frame[:2] == (stream, client)],
                                     [frame for frame in theirs if frame[:2] == (stream, client)])
        self.assertEqual(run("decode", "--strict", "--stats", file).status, 0)
        return frames

    def check(self, port, *options):
        stdin = "".join(json.dumps(line) + "\n" for line in SAID).encode()
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "file")
            with Capture(file, port, *options) as capture:
                self.assertTrue(capture.runs)
                for more in ([], ["--no-compress"]):
                    result = run("--in", "json", "--count", "5", *more, f"ws://127.0.0.1:{port}/chat", stdin=stdin)
                    self.assertEqual(result.status, 0, result.stderr)
                eventually(lambda: [frame[2] for frame in frames_by_us(file)[1]].count(CLOSE) == 4)
            frames = self.check_streams(file)
            for way in ((0, True), (0, False), (1, True), (1, False)):
                self.assertGreaterEqual([frame[:2] for frame in frames].count(way), 7)

    def test_our_echo(self):
        with Server() as server:
            self.check(server.port)

    def test_nanoseconds(self):
        with Server() as server:
            self.check(server.port, "--time-stamp-precision=nano")

    @unittest.skipUnless(node_support.NODE and node_support.has("ws"), "node-ws is not installed")
    def test_ws_of_node(self):
        with node_support.serving("echo.js") as address:
            self.check(int(address.rpartition(":")[2]))

    @unittest.skipUnless(CHROMIUM, "Chromium is not installed")
    def test_chromium(self):
        said = [[line.get("data"), line.get("base64")] for line in SAID if line["type"] != "ping"]
        words = [text if text is not None else data for text, data in said]
        with Server() as server, tempfile.TemporaryDirectory() as folder:
            file, url = os.path.join(folder, "file"), f"ws://127.0.0.1:{server.port}/talk"
            with Capture(file, server.port) as capture, tab() as page:
                self.assertTrue(capture.runs)
                page.call("Network.enable")
                page.go(f"http://127.0.0.1:{server.port}/")  # which talks to the server, too
                code, extensions, heard = page.evaluate(TALK % (json.dumps(url), json.dumps(said)))
                self.assertEqual((code, heard), (1000, words))
                self.assertIn("permessage-deflate", extensions)

                def told():
                    page.evaluate("0")
                    return "Network.webSocketClosed" in [event["method"] for event in page.events]
                eventually(told)
                eventually(lambda: [frame[2] for frame in frames_by_us(file)[1]].count(CLOSE) >= 2)
                har = har_of(page.events, url)
            frames = self.check_streams(file)
            self.assertEqual([frame[1] for frame in frames if frame[2] == CLOSE][:2], [True, False])
            shown = run("decode", file).stdout.decode()
            self.assertIn("(deflated, 1000 B as text)", shown)
            file = os.path.join(folder, "talk.har")
            pathlib.Path(file).write_text(json.dumps(har))
            events = [json.loads(line) for line in run("decode", "--json", file).stdout.splitlines()]
        messages = [event for event in events if event["event"] in ("text", "binary")]
        for direction in ("out", "in"):
            self.assertEqual([event.get("data", event.get("base64")) for event in messages
                              if event["dir"] == direction], words)
        self.assertEqual([event["dir"] for event in events if event["event"] == "head"], ["out", "in"])

    @unittest.skipUnless(websockets, "python3-websockets is not installed")
    def test_websockets_of_python(self):
        with websockets_echo() as port:
            self.check(port)


if __name__ == "__main__":
    skip_unless_there()
    unittest.main()
