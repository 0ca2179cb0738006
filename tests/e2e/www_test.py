"""Files beside the WebSocket: what curl gets, what nobody gets, and connections that go on."""

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import time
import unittest

from peer import TEXT, dialed, header
from support import Case, DEADLINE, ENVIRONMENT, Server, finish, run, sanitized, start

UPGRADE = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")


def curl(*arguments):
    """(exit status, bytes)"""
    result = subprocess.run(["curl", "-sS", "--path-as-is", "--max-time", str(DEADLINE), *arguments], env=ENVIRONMENT,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return result.returncode, result.stdout


def get(target, *lines, method="GET", host="localhost"):
    return "".join(line + "\r\n" for line in (f"{method} {target} HTTP/1.1", "Host: " + host, *lines, "")).encode()


class Files(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        outside = pathlib.Path(folder.name)
        self.folder = outside / "www"
        (self.folder / "sub").mkdir(parents=True)
        (self.folder / "bare").mkdir()
        (outside / "secret").write_text("secret")
        (self.folder / "a.txt").write_text("hello\n")
        (self.folder / "sub" / "index.html").write_text("<p>sub")
        self.large = os.urandom(1 << 20) * 3 + b"end"
        (self.folder / "large.bin").write_bytes(self.large)

    def serve(self, *arguments, service="listen"):
        return Server(service, "--www", str(self.folder), *arguments, "0")

    def answer(self, client, method="GET"):
        """(status, head, body) of the next answer on a connection."""
        head = client.read_head()
        status = int(head.split()[1])
        size = 0 if method == "HEAD" or status in (101, 304) else int(header(head, "Content-Length"))
        return status, head, client.take(size)

    def ask(self, server, target, *lines, method="GET"):
        with dialed(server) as client:
            client.write(get(target, *lines, method=method))
            return self.answer(client, method)


class Pages(Files):
    def test_are_what_curl_gets(self):
        with self.serve() as server:
            base = f"http://127.0.0.1:{server.port}"
            self.assertEqual(curl(base + "/a.txt"), (0, b"hello\n"))
            code, body = curl(base + "/large.bin")
            self.assertEqual(code, 0)
            self.assert_bytes(body, self.large)
            self.assertEqual(curl("-L", base + "/sub"), (0, b"<p>sub"))
            # Over one connection.
            code, out = curl("-w", "%{num_connects}\n", base + "/a.txt", base + "/a.txt")
            self.assertEqual((code, out), (0, b"hello\n1\nhello\n0\n"))
            head = curl("-I", base + "/large.bin")[1].decode()
            self.assertEqual(header(head, "Content-Length"), str(len(self.large)))
            self.assertEqual(header(head, "Content-Type"), "application/octet-stream")
            tag = header(head, "ETag")
            self.assertRegex(tag, f'^"{len(self.large)}-[0-9]+"$')
            status = ("-o", os.devnull, "-w", "%{http_code}")
            self.assertEqual(curl(*status, "-H", "If-None-Match: " + tag, base + "/large.bin"), (0, b"304"))
            self.assertEqual(curl(*status, "-z", header(head, "Last-Modified"), base + "/large.bin"), (0, b"304"))
            self.assertEqual(curl(*status, "-r", "0-1", base + "/a.txt"), (0, b"200"))
            self.assertEqual(curl("--http2", base + "/a.txt"), (0, b"hello\n"))
            self.assertEqual(curl(*status, "-d", "x", base + "/a.txt"), (0, b"405"))
            self.assertEqual(curl(*status, "-X", "GET", "-d", "x", base + "/a.txt"), (0, b"400"))

    def test_over_tls_are_the_same(self):
        with self.serve("--tls") as server:
            code, body = curl("-k", f"https://127.0.0.1:{server.port}/large.bin")
            self.assertEqual(code, 0)
            self.assert_bytes(body, self.large)

    def test_of_what_is_not_to_be_had_are_not_there(self):
        (self.folder / "out").symlink_to("../secret")
        (self.folder / "absolute").symlink_to(self.folder / "a.txt")
        (self.folder / "near").symlink_to("a.txt")
        (self.folder / ".hidden").write_text("hidden")
        os.mkfifo(self.folder / "pipe")
        (self.folder / ".well-known").mkdir()
        (self.folder / ".well-known" / "x").write_text("x")
        with self.serve() as server:
            for target in ("/../secret", "/%2e%2e/secret", "/sub/../../secret", "/..%2fsecret", "/out", "/absolute",
                           "/.hidden", "/pipe", "/nowhere", "/a.txt/", "//a.txt", "/a.txt%00", "/sub//index.html",
                           "/..\\secret", "/%5c..%5csecret", "/bare/", "//evil.example/sub"):
                with self.subTest(target):
                    status, head, body = self.ask(server, target)
                    self.assertEqual(status, 404)
                    self.assertIsNone(header(head, "Location"))
                    self.assertEqual((header(head, "Content-Type"), body),
                                     ("text/plain; charset=utf-8", b"there is nothing here\n"))
            for target, expected in (("/%zz", 400), ("/near", 200), ("/.well-known/x", 200), ("/sub/", 200)):
                with self.subTest(target):
                    self.assertEqual(self.ask(server, target)[0], expected)
            _, head, _ = self.ask(server, "/sub?a=%0d%0ab")
            self.assertEqual(header(head, "Location"), "/sub/?a=%0d%0ab")
            # The server's own page, as there is no index.html.
            self.assertIn(b"<title>wscope", self.ask(server, "/")[2])
            (self.folder / "index.html").write_text("mine")
            self.assertEqual(self.ask(server, "/")[2], b"mine")

    def test_are_listed_if_that_is_asked_for(self):
        (self.folder / "bare" / "<b>&").write_text("")
        with self.serve("--www-list") as server:
            status, head, body = self.ask(server, "/bare/")
            self.assertEqual(status, 200)
            self.assertIn(b'<a href="./%3Cb%3E%26">&lt;b&gt;&amp;</a>', body)
            self.assertIn("default-src 'none'", header(head, "Content-Security-Policy"))
            self.assertIn(b'href="./bare/"', self.ask(server, "/")[2])

    def test_are_guarded_as_the_rest(self):
        with self.serve("--auth", "a:b", "--path", "/ws") as server:
            self.assertEqual(self.ask(server, "/a.txt")[0], 401)
            self.assertEqual(self.ask(server, "/a.txt", "Authorization: Basic YTpi")[0], 200)
            with dialed(server) as client:
                client.write(get("/a.txt", "Authorization: Basic YTpi", host="rebind.evil"))
                self.assertEqual(self.answer(client)[0], 403)
            self.assertEqual(run("--user", "a:b", "--eof", "close", server.url + "ws"), (0, b"", ""))
            server.stop()

    def test_beside_an_echo_too(self):
        with self.serve("--echo", "--allow-host", "app.example") as server:
            self.assertEqual(self.ask(server, "/a.txt")[2], b"hello\n")
            for host, status in (("app.example", 200), ("rebind.evil", 403)):  # which it has not said itself
                with dialed(server) as client:
                    client.write(get("/a.txt", host=host))
                    self.assertEqual(self.answer(client)[0], status)
            self.assertEqual(run("--no-stdin", "-x", "hi", "-1", server.url), (0, b"hi\n", ""))
            server.stop()

    def test_beside_a_program_too(self):
        with self.serve("--exec", "cat") as server:
            self.assertEqual(self.ask(server, "/a.txt")[2], b"hello\n")
            self.assertEqual(run("--no-stdin", "-x", "hi", "-1", server.url), (0, b"hi\n", ""))
            self.assertEqual(self.ask(server, "/a.txt")[2], b"hello\n")

    def test_of_a_session_too(self):
        process = start("listen", "--www", str(self.folder), "--commands", "-", "0")
        process.stdin.write(b"/wait 60\n")
        port = re.search(rb"Listening on ws://(.*):(\d+)/", process.stderr.readline())[2]
        self.assertEqual(curl(f"http://127.0.0.1:{int(port)}/a.txt"), (0, b"hello\n"))
        process.kill()
        finish(process)
        nowhere = str(self.folder / "nowhere")
        result = run("listen", "--www", nowhere, "--commands", "-", "0")
        self.assertEqual((result.status, result.stderr), (1, f"wscope: {nowhere}: no such file or directory\n"))

    def test_are_dumped_as_what_they_are(self):
        with self.serve("--echo", "-vv") as server, dialed(server) as client:
            client.write(get("/a.txt") + get("/", *UPGRADE) + b"\x81\x82\0\0\0\0hi")
            self.answer(client)
            self.answer(client)
            self.assertEqual(client.read_message(), (TEXT, b"hi"))
            client.socket.close()
            lines = server.stop().stderr.splitlines()
        for line in ("< GET /a.txt HTTP/1.1", "> HTTP/1.1 200 OK", "< GET / HTTP/1.1",
                     "> HTTP/1.1 101 Switching Protocols"):
            self.assertEqual(lines.count(line), 1)
        self.assertEqual(len([line for line in lines if "TEXT fin len=2" in line]), 2)

    def test_need_a_folder(self):
        nowhere = str(self.folder / "nowhere")
        self.assertEqual(run("listen", "--www", nowhere, "0"),
                         (1, b"", f"wscope: {nowhere}: no such file or directory\n"))
        self.assertEqual(run("listen", "--www-list", "0"),
                         (2, b"", "wscope: --www-list needs --www\nhint: try wscope --help\n"))


class Connections(Files):
    def test_take_requests_in_order_and_then_an_upgrade(self):
        with self.serve("--echo") as server, dialed(server) as client:
            hello = b"\x81\x85\0\0\0\0hello"
            client.write(get("/a.txt") + get("/large.bin") + get("/nowhere", method="HEAD") + get("/sub/") +
                         get("/", *UPGRADE) + hello)
            self.assertEqual(self.answer(client)[2], b"hello\n")
            self.assert_bytes(self.answer(client)[2], self.large)
            self.assertEqual(self.answer(client, "HEAD")[0], 404)
            self.assertEqual(self.answer(client)[2], b"<p>sub")
            self.assertEqual(self.answer(client)[0], 101)
            self.assertEqual(client.read_message(), (TEXT, b"hello"))
            client.close()
            client.read_rest()

    def test_end_with_what_says_so(self):
        with self.serve() as server:
            with dialed(server) as client:
                client.write(get("/a.txt", "Connection: close"))
                status, head, _ = self.answer(client)
                self.assertEqual((status, header(head, "Connection")), (200, "close"))
                self.assertEqual(client.read_rest(), b"")
            with dialed(server) as client:
                client.write(b"GET /a.txt HTTP/1.0\r\nHost: localhost\r\n\r\n")
                self.assertEqual(self.answer(client)[0], 200)
                self.assertEqual(client.read_rest(), b"")
            with dialed(server) as client:
                client.write(get("/a.txt") + b"GET /a.txt HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + get("/a.txt"))
                self.assertEqual([self.answer(client)[0] for _ in range(2)], [200, 400])
                self.assertEqual(client.read_rest(), b"")
            # Who closes the sending half early is answered all the same.
            with dialed(server) as client:
                client.write(get("/large.bin") + get("/a.txt"))
                client.socket.shutdown(socket.SHUT_WR)
                self.assert_bytes(self.answer(client)[2], self.large)
                self.assertEqual(self.answer(client)[2], b"hello\n")

    def test_wait_no_longer_for_a_head_than_for_a_handshake(self):
        with self.serve("--handshake-timeout", "0.3") as server:
            for more in (b"", b"GET /a.t"):
                with dialed(server) as client:
                    client.write(get("/a.txt") + more)
                    self.assertEqual(self.answer(client)[0], 200)
                    self.assertEqual(client.read_rest(), b"")

    def test_that_take_nothing_hold_nothing(self):
        (self.folder / "huge.bin").write_bytes(b"")
        os.truncate(self.folder / "huge.bin", 1 << 30)
        with self.serve() as server, contextlib.ExitStack() as stack:
            lazy = [stack.enter_context(dialed(server)) for _ in range(20)]
            for client in lazy:
                client.write(get("/huge.bin"))
                self.assertEqual(int(client.read_head().split()[1]), 200)
            self.assertEqual(self.ask(server, "/a.txt")[2], b"hello\n")
            self.assert_waits(server.process)
            self.assert_small(server.process)
            for client in lazy:
                client.reset()
            self.assertEqual(self.ask(server, "/a.txt")[2], b"hello\n")

    @unittest.skipIf(sanitized(), "it waits for half a minute, and is about nothing that a sanitizer sees")
    def test_that_take_nothing_for_half_a_minute_are_cut_off(self):
        size = 64 << 20
        with open(self.folder / "huge.bin", "wb") as huge:
            huge.truncate(size)
        with self.serve() as server, dialed(server) as late, dialed(server) as too_late:
            for client in (late, too_late):
                client.write(get("/huge.bin", "Connection: close"))
                self.assertIn(" 200 ", client.read_head())
            time.sleep(25)
            self.assertEqual(len(late.read_rest()), size)
            time.sleep(8)
            self.assertLess(len(too_late.read_rest()), size)

    def test_do_not_hide_that_a_file_has_changed(self):
        path = self.folder / "growing.bin"
        path.write_bytes(bytes(16 << 20))
        for size in (100, 32 << 20):
            os.truncate(path, 16 << 20)
            with self.serve() as server, dialed(server) as client:
                client.write(get("/growing.bin") + get("/a.txt"))
                head = client.read_head()
                self.assertEqual(header(head, "Content-Length"), str(16 << 20))
                client.take(100)
                os.truncate(path, size)
                rest = client.read_rest() if size == 100 else client.take((16 << 20) - 100)
                self.assertEqual(rest.count(b"\0"), len(rest))
                if size == 100:
                    self.assertLess(len(rest), (16 << 20) - 100)
                else:
                    self.assertEqual(self.answer(client)[2], b"hello\n")

    def test_end_with_the_server(self):
        (self.folder / "huge.bin").write_bytes(b"")
        os.truncate(self.folder / "huge.bin", 1 << 30)
        with self.serve() as server, dialed(server) as client:
            client.write(get("/huge.bin"))
            client.read_head()
            self.assertEqual(server.stop(), (0, b"", ""))


if __name__ == "__main__":
    unittest.main()
