"""The client of python3-websockets on a Unix domain socket, and on a connection that Python's http.client has had pages
of before."""

import asyncio
import http.client
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

from support import Case, DEADLINE, Server, finish, start

try:
    import websockets
except ImportError:
    print("SKIPPED: python3-websockets is not installed")
    sys.exit(77)


async def converse(sock):
    async with websockets.connect("ws://localhost/", sock=sock) as connection:
        for message in ("text", b"\xff\x00", ""):
            await connection.send(message)
            assert await asyncio.wait_for(connection.recv(), DEADLINE) == message
        await connection.close(4000, "done")
        return connection.close_code


class Sockets(Case):
    def test_of_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "socket")
            process = start("echo", "unix:" + path, stdin=subprocess.DEVNULL)
            self.assertIn(b"Listening on", process.stderr.readline())
            client = socket.socket(socket.AF_UNIX)
            client.connect(path)
            self.assertEqual(asyncio.run(converse(client)), 4000)
            process.terminate()
            self.assertEqual(finish(process), (0, b"", ""))

    def test_that_had_pages_before(self):
        with tempfile.TemporaryDirectory() as folder, Server("listen", "--echo", "--www", folder, "0") as server:
            for name in ("a", "b"):
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(name.encode() * 100_000)
            browser = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
            for name in ("a", "b", "a"):
                browser.request("GET", "/" + name)
                answer = browser.getresponse()
                self.assertEqual((answer.status, answer.read()), (200, name.encode() * 100_000))
            browser.request("HEAD", "/a")
            self.assertEqual(browser.getresponse().getheader("Content-Length"), "100000")
            client, browser.sock = browser.sock, None
            client.setblocking(False)
            self.assertEqual(asyncio.run(converse(client)), 4000)


if __name__ == "__main__":
    unittest.main()
