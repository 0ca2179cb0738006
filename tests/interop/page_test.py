"""The page of a server in Chromium, and which pages Chromium may have talk to a server."""

import contextlib
import http.server
import json
import pathlib
import socket
import sys
import tempfile
import threading
import unittest
import urllib.parse

from conversations_devtools_test import CHROMIUM, browser, page_of
from peer import Peer
from support import Case, DEADLINE, Server, eventually

EVERYWHERE = "--host-resolver-rules=MAP *.example 127.0.0.1, MAP *.evil 127.0.0.1"


class Tab:
    """A page of the browser, through its DevTools."""

    def __init__(self, connection, url):
        self.peer = Peer(connection, client=True)
        self.peer.write((f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").encode())
        assert " 101 " in self.peer.read_head()
        self.calls = 0
        self.events = []

    def call(self, method, **parameters):
        self.calls += 1
        self.peer.send(1, json.dumps({"id": self.calls, "method": method, "params": parameters}).encode())
        while True:
            message = json.loads(self.peer.read_message()[1])
            if message.get("id") == self.calls:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def go(self, url):
        self.call("Page.navigate", url=url)
        host = urllib.parse.urlsplit(url).netloc

        def is_there():
            try:
                return self.evaluate("document.readyState === 'complete' && location.host") == host
            except AssertionError:  # the page before is just going
                return False
        eventually(is_there)

    def press(self, key, **more):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, **more)

    def can_talk_to(self, url):
        """Whether a WebSocket of this page gets to it."""
        return self.evaluate("new Promise(told => { const socket = new WebSocket(%s); socket.onopen = () => told(true);"
                             "socket.onerror = () => told(false) })" % json.dumps(url))


@contextlib.contextmanager
def tab(*options):
    with browser(*options) as address:
        url = urllib.parse.urlsplit(page_of(address))
        with socket.create_connection((url.hostname, url.port), DEADLINE) as connection:
            yield Tab(connection, url)


class Page(Case):
    def test_talks_to_its_server(self):
        with Server("listen", "--echo", "0") as server, tab() as page, tempfile.TemporaryDirectory() as folder:
            page.call("Log.enable")
            page.go(f"http://127.0.0.1:{server.port}/")
            state = "document.getElementById('state').textContent"
            log = "[...document.querySelectorAll('#log li')].map(row => row.className + ' ' + row.textContent)"

            def see(*rows):
                eventually(lambda: page.evaluate(log)[-len(rows):] == list(rows))

            eventually(lambda: page.evaluate(state) == f"connected to ws://127.0.0.1:{server.port}/")
            # Typed: the cursor is where a message is written.
            page.call("Input.insertText", text="<b>hello</b>")
            page.press("Enter", windowsVirtualKeyCode=13, text="\r")
            see("out > <b>hello</b>", "in < <b>hello</b>")
            page.press("ArrowUp", windowsVirtualKeyCode=38)
            self.assertEqual(page.evaluate("document.activeElement.value"), "<b>hello</b>")
            # Clicked, and binary.
            page.evaluate("kind.value = 'hex', line.value = '00 ff 0x41', document.getElementById('send').click()")
            dump = "3 bytes\n0000  00 ff 41".ljust(8 + 6 + 49) + "|..A|"
            see("out > " + dump, "in < " + dump)
            page.evaluate("line.value = '0', document.getElementById('send').click()")
            see("note not pairs of hexadecimal digits")
            file = pathlib.Path(folder) / "a file"
            file.write_bytes(bytes(5000))
            root = page.call("DOM.getDocument")["root"]["nodeId"]
            node = page.call("DOM.querySelector", nodeId=root, selector="#file")["nodeId"]
            page.call("DOM.setFileInputFiles", files=[str(file)], nodeId=node)
            eventually(lambda: page.evaluate(log)[-1].startswith("in < 5000 bytes\n0000  00 00 "))
            self.assertEqual(page.evaluate(log)[-2], "out > a file, 5000 bytes")
            self.assertTrue(page.evaluate(log)[-1].endswith("\n… 3976 bytes more"))
            # Closed as the person wants, and connected again.
            page.evaluate("code.value = 4001, reason.value = 'done', document.getElementById('close').click()")
            eventually(lambda: page.evaluate(state) == "closed: 4001 done")
            self.assertTrue(page.evaluate("document.getElementById('send').disabled"))
            page.evaluate("document.querySelector('#connection button').click()")
            eventually(lambda: page.evaluate(state).startswith("connected to "))
            # It comes back by itself if it is to.
            page.evaluate("again.click()")
            page.evaluate("code.value = 1000, document.getElementById('close').click()")
            see(f"note connected to ws://127.0.0.1:{server.port}/")
            self.assertEqual([event["params"]["entry"]["text"] for event in page.events
                              if event["method"] == "Log.entryAdded"], [])

    def test_finds_the_one_path_there_is(self):
        with tempfile.TemporaryDirectory() as folder, Server("listen", "--echo", "--www", folder, "--path", "/a&b",
                                                             "0") as server, tab() as page:
            page.go(f"http://127.0.0.1:{server.port}/")
            eventually(lambda: page.evaluate("document.getElementById('state').textContent") ==
                       f"connected to ws://127.0.0.1:{server.port}/a&b")

    def test_fits_on_a_phone(self):
        with Server("listen", "--echo", "0") as server, tab() as page:
            page.call("Emulation.setDeviceMetricsOverride", width=360, height=640, deviceScaleFactor=2, mobile=True)
            page.go(f"http://127.0.0.1:{server.port}/")
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 360)
            low = page.evaluate("[...document.querySelectorAll('button, select, textarea, .button')]"
                                ".filter(control => control.getBoundingClientRect().height < 40).map(c => c.id)")
            self.assertEqual(low, [])
            for scheme in ("dark", "light"):
                page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
                colour = page.evaluate("getComputedStyle(document.getElementById('log')).color")
                self.assertEqual(colour, "rgb(255, 255, 255)" if scheme == "dark" else "rgb(0, 0, 0)")


class OtherSite(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>another site</title>")

    def log_message(self, *_):
        pass


class Guard(Case):
    def test_lets_in_pages_of_its_own_and_of_this_machine_alone(self):
        site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), OtherSite)
        threading.Thread(target=site.serve_forever, daemon=True).start()
        self.addCleanup(site.server_close)
        self.addCleanup(site.shutdown)
        other = site.server_address[1]
        with Server("listen", "0") as server, tab(EVERYWHERE) as page:
            ours, url = server.port, f"ws://127.0.0.1:{server.port}/"
            for own in ("127.0.0.1", "localhost"):
                page.go(f"http://{own}:{ours}/")
                self.assertTrue(page.can_talk_to(f"ws://{own}:{ours}/"))
            page.go(f"http://localhost:{other}/")
            self.assertTrue(page.can_talk_to(url))
            page.go(f"http://www.example:{other}/")
            self.assertFalse(page.can_talk_to(url))
            page.go(f"http://rebind.evil:{other}/")
            self.assertFalse(page.can_talk_to(f"ws://rebind.evil:{ours}/"))
            # The name has come to mean this machine: origin and host are the same then.
            page.go(f"http://rebind.evil:{ours}/")
            self.assertEqual(page.evaluate("document.body.innerText").strip(),
                             "web pages of other sites are not let in here")
            self.assertFalse(page.can_talk_to(f"ws://rebind.evil:{ours}/"))
            self.assertEqual(page.evaluate("fetch('/').then(answer => answer.status)"), 403)
            lines = server.stop().stderr.splitlines()
        self.assertEqual(lines, [f"wscope: refused http://www.example:{other}: a web page of another site "
                                 "(allow it with --origin)",
                                 f"wscope: refused http://rebind.evil:{other}: a web page of another site "
                                 "(allow it with --origin)",
                                 "wscope: refused host rebind.evil: not our name (allow it with --allow-host)"])


class Files(Case):
    PAGE = ("<!DOCTYPE html><title>a chat</title><script type=module src=chat.js></script>"
            "<link rel=stylesheet href=style.css>")
    SCRIPT = ("const socket = new WebSocket(location.href.replace('http', 'ws'));"
              "socket.onopen = () => socket.send('hello');"
              "socket.onmessage = ({ data }) => document.title = data;")

    def test_make_a_page_that_talks_to_its_server(self):
        with tempfile.TemporaryDirectory() as name, Server("listen", "--echo", "--www", name, "0") as server, \
                tab() as page:
            folder = pathlib.Path(name)
            (folder / "index.html").write_text(self.PAGE)
            (folder / "chat.js").write_text(self.SCRIPT)
            (folder / "style.css").write_text("body { color: rgb(1, 2, 3) }")
            page.go(f"http://127.0.0.1:{server.port}/")
            eventually(lambda: page.evaluate("document.title") == "hello")
            self.assertEqual(page.evaluate("getComputedStyle(document.body).color"), "rgb(1, 2, 3)")
            # Asked again, it is not sent again.
            self.assertEqual(page.evaluate("fetch('chat.js', { cache: 'no-cache' }).then(a => a.text())"), self.SCRIPT)


if __name__ == "__main__":
    if not CHROMIUM:
        print("SKIPPED: chromium is not installed")
        sys.exit(77)
    unittest.main()
