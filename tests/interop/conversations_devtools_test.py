"""Conversations with Chromium over its DevTools protocol: answers among events, and a picture of several MB."""

import contextlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import urllib.request

from conversations_support import Case, example_line, example_script
from support import DEADLINE, eventually, run, shell

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome",
                                                "chromium-headless-shell"))), None)
WIDTH, HEIGHT = 1600, 1200
PAGE = """<title>noise</title><body style="margin:0"><canvas id="c" width="%d" height="%d" style="display:block"></canvas>
<script>
  const context = c.getContext('2d'), image = context.createImageData(c.width, c.height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let n = 0; n < pixels.length; ++n) pixels[n] = Math.random() * 0x1000000 | 0xff000000;
  context.putImageData(image, 0, 0);
</script>
""" % (WIDTH, HEIGHT)
# Behind the manual's: answers in another order than the requests, an error, and a message that is large on its way there.
MORE = """
connect {{url}}
send {"id":11,"method":"Runtime.evaluate","params":{"awaitPromise":true,"expression":"new Promise(f => setTimeout(f, 300, 'late'))"}}
send {"id":12,"method":"Runtime.evaluate","params":{"expression":"document.title + 6 * 7"}}
send {"id":13,"method":"No.such"}
next json .id == 12 and .result.result.value == "noise42"
next json .id == 13 and .error.code == -32601
next json .id == 11 and .result.result like {"type":"string","value":"late"}
send {"id":14,"method":"Runtime.evaluate","params":{"expression":"'@'.repeat(20000000)","returnByValue":true}}
expect fail 1009
"""


@contextlib.contextmanager
def browser(*more):
    """`host:port` of its DevTools. `more` are options."""
    with tempfile.TemporaryDirectory(prefix="wscope-chromium-", ignore_cleanup_errors=True) as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
                   "--remote-debugging-port=0", f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT}", *more]
        process = subprocess.Popen([CHROMIUM, *options, "about:blank"], env=dict(os.environ, HOME=profile),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with process:
            try:
                port = pathlib.Path(profile) / "DevToolsActivePort"
                eventually(lambda: process.poll() is not None or port.exists() and port.read_text().count("\n"))
                yield f"127.0.0.1:{int(port.read_text().split()[0])}"
            finally:
                process.terminate()


def page_of(address):
    """The ws URL of the page that is open."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://{address}/json", timeout=DEADLINE) as answer:
        return next(target["webSocketDebuggerUrl"] for target in json.load(answer) if target["type"] == "page")


class DevTools(Case):
    def test_in_a_script_and_a_line(self):
        with browser() as address, tempfile.TemporaryDirectory() as folder:
            page, picture = pathlib.Path(folder) / "page.html", pathlib.Path(folder) / "page.png"
            page.write_text(PAGE)
            url = page_of(address)
            self.assert_passes(example_script("devtools.ws"), url, "--set", f"page={page.as_uri()}")
            self.assert_passes(MORE, url)
            script = example_line("captureScreenshot", url).replace("> page.png", f"> {picture}")
            self.assertEqual(shell(script), (0, b"", ""))
            data = picture.read_bytes()
        self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", data[16:24])
        self.assertEqual(width, WIDTH)
        self.assertGreater(height, HEIGHT * 0.8)  # less what the browser takes for itself
        self.assertGreater(len(data), 5e6 * height / HEIGHT)



if __name__ == "__main__":
    if not CHROMIUM:
        print("SKIPPED: chromium is not installed")
        sys.exit(77)
    unittest.main()
