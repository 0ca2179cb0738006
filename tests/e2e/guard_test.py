"""Who may come: web pages of other sites, rebound names, half a handshake, and what the page of a server allows."""

import base64
import hashlib
import json
import re
import signal
import socket
import subprocess
import unittest

from peer import REQUEST, TEXT, connected, dialed, header
from support import Case, Server, finish, run, start

EVIL = "Origin: https://evil.example"
OWN = "Host: 127.0.0.1:{0.port}"
HANDSHAKE = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
SERVICES = (("listen",), ("listen", "--broadcast"), ("listen", "--once"), ("listen", "--json"),
            ("listen", "--in", "json"))
REFUSED = "wscope: refused https://evil.example: a web page of another site (allow it with --origin)\n"


def answer(server, *lines, start="GET / HTTP/1.1"):
    """(status, head, body); of an upgrade no body."""
    with dialed(server) as client:
        client.write("".join(line.format(server) + "\r\n" for line in (start, *lines, "")).encode())
        head = client.read_head()
        status = int(head.split()[1])
        return status, head, b"" if status == 101 else client.read_rest()


def status(server, *lines, **choices):
    return answer(server, *lines, **choices)[0]


class Pages(Case):
    def test_of_other_sites_get_nothing_of_a_server_that_has_something(self):
        for service in SERVICES:
            with self.subTest(service), Server(*service, "0", stdin=subprocess.PIPE) as server:
                for page in (EVIL, "Origin: null", "Origin: http://rebind.evil"):
                    host = "Host: rebind.evil" if "rebind" in page else OWN
                    code, head, body = answer(server, host, *HANDSHAKE, page, "Sec-Fetch-Site: cross-site")
                    self.assertEqual(code, 403)
                    self.assertEqual((header(head, "Content-Type"), header(head, "X-Content-Type-Options")),
                                     ("text/plain; charset=utf-8", "nosniff"))
                    self.assertNotIn(b"evil", body)
                # A program notices nothing, and the server goes on.
                with connected(server) as client:
                    if "--in" not in service and "--broadcast" not in service:
                        server.process.stdin.write(b"a line\n")
                        self.assertEqual(client.read_message(), (TEXT, b"a line"))
                    client.close()
                    client.read_rest()
                if "--once" not in service:
                    server.process.send_signal(signal.SIGTERM)
                result = finish(server.process)
                self.assertEqual(result.stderr, REFUSED +
                                 "wscope: refused null: a file or a sandboxed frame (--origin null lets in every "
                                 "site's)\nwscope: refused host rebind.evil: not our name (allow it with "
                                 "--allow-host)\n")
                if "--json" not in service:
                    self.assertEqual(result.stdout, b"")

    def test_are_told_of_as_events(self):
        with Server("listen", "--json", "0") as server:
            for _ in range(2):
                self.assertEqual(status(server, OWN, *HANDSHAKE, EVIL), 403)
            result = server.stop()
        events = [event for event in map(json.loads, result.stdout.splitlines()) if event["event"] == "refused"]
        self.assertEqual([event["conn"] for event in events], [1, 2])
        for event in events:
            self.assertEqual((event["status"], event["origin"], event["host"]),
                             (403, "https://evil.example", f"127.0.0.1:{server.port}"))
            self.assertRegex(event["peer"], r"^127\.0\.0\.1:\d+$")
            self.assertTrue(event["message"].startswith("refused https://evil.example: "))
        self.assertEqual(result.stderr, REFUSED)

    def test_of_other_sites_start_no_program(self):
        with Server("listen", "--exec", "cat", "0") as server:
            self.assertEqual(status(server, OWN, *HANDSHAKE, EVIL, "Sec-Fetch-Site: cross-site"), 403)
            self.assertEqual(status(server, "Host: rebind.evil", *HANDSHAKE, "Origin: http://rebind.evil"), 403)
            self.assertEqual(status(server, "Host: rebind.evil"), 403)
            self.assertEqual(status(server, OWN, *HANDSHAKE, "Origin: http://localhost:3000"), 101)
            self.assertEqual(server.stop().stderr, REFUSED + "wscope: refused host rebind.evil: not our name "
                                                             "(allow it with --allow-host)\n")

    def test_may_talk_to_an_echo(self):
        for service in (("echo",), ("listen", "--echo")):
            with self.subTest(service), Server(*service, "0") as server:
                self.assertEqual(status(server, "Host: rebind.evil", *HANDSHAKE, EVIL, "Sec-Fetch-Site: none"), 101)
                self.assertEqual(status(server, "Host: rebind.evil"), 200)
        with Server("echo", "--origin", "https://a.example", "0") as server:
            self.assertEqual(status(server, OWN, *HANDSHAKE, EVIL), 403)
            self.assertEqual(status(server, OWN, *HANDSHAKE, "Origin: https://a.example"), 101)
            self.assertEqual(status(server, "Host: rebind.evil"), 200)
            self.assertEqual(server.stop().stderr, REFUSED)

    def test_of_this_machine_and_of_the_server_are_let_in(self):
        with Server("listen", "0") as server:
            for origin in ("http://127.0.0.1:{0.port}", "http://localhost:3000", "https://x.localhost",
                           "http://[::1]:1"):
                with self.subTest(origin):
                    self.assertEqual(status(server, OWN, *HANDSHAKE, "Origin: " + origin), 101)
            for host in ("localhost", "x.localhost:1", "box", "10.0.0.1", "[::1]:{0.port}"):
                with self.subTest(host):
                    self.assertEqual(status(server, "Host: " + host), 200)

    def test_are_let_in_as_the_options_have_it(self):
        with Server("listen", "--origin", "HTTPS://App.example:443", "--origin", "none", "--allow-host", "App.example",
                    "0") as server:
            self.assertEqual(status(server, OWN, *HANDSHAKE, "Origin: https://app.example"), 101)
            self.assertEqual(status(server, OWN, *HANDSHAKE), 101)
            self.assertEqual(status(server, "Host: app.example:8080"), 200)
            self.assertEqual(server.stop(), (0, b"", ""))
        for options in (("--origin", "*"), ("--origin", "https://evil.example", "--allow-host", "*")):
            with self.subTest(options), Server("listen", *options, "0") as server:
                self.assertEqual(status(server, OWN, *HANDSHAKE, EVIL), 101)
                self.assertEqual(status(server, "Host: rebind.evil"), 200)
        for options, words in (
            (("--allow-host", "app.example:80"),
             'wscope: --allow-host wants a name without a port, not "app.example:80"\nhint: try wscope --help\n'),
            (("--echo", "--allow-host", "a"),
             "wscope: --allow-host says nothing to --echo, which is open to all web pages\nhint: try wscope --help\n")):
            self.assertEqual(run("listen", *options, "0"), (2, b"", words))

    def test_are_refused_before_anything_else_is_looked_at(self):
        with Server("listen", "--auth", "a:b", "--path", "/chat", "0") as server:
            self.assertEqual(status(server, OWN, *HANDSHAKE, EVIL), 403)
            self.assertEqual(status(server, OWN, *HANDSHAKE, EVIL, start="POST / HTTP/1.1"), 403)
            self.assertEqual(status(server, OWN, *HANDSHAKE[:3], EVIL), 400)
            self.assertEqual(status(server, OWN, EVIL, start="OPTIONS / HTTP/1.1"), 405)
            self.assertEqual(status(server, "Host: rebind.evil", start="OPTIONS / HTTP/1.1"), 403)
            self.assertEqual(status(server, OWN, *HANDSHAKE), 404)
            self.assertEqual(status(server, OWN, *HANDSHAKE, start="GET /chat HTTP/1.1"), 401)
            self.assertEqual(status(server, OWN, *HANDSHAKE, "Authorization: Basic   YTpi",
                                    start="GET /chat HTTP/1.1"), 101)
            server.stop()

    def test_under_ever_new_names_are_counted(self):
        with Server("listen", "0") as server:
            for i in range(70):
                self.assertEqual(status(server, OWN, *HANDSHAKE, f"Origin: https://{i}.example/{'x' * 1000}"), 403)
            lines = server.stop().stderr.splitlines()
        self.assertEqual(len(lines), 64 + 2)
        self.assertTrue(all(len(line) < 300 for line in lines))
        self.assertEqual(lines[64:], ["wscope: refused 64 others, and from now on only counts them",
                                      "wscope: refused 6 times without a word"])

    def test_of_a_script_are_told_apart_too(self):
        process = start("--commands", "-")
        process.stdin.write(b"/listen 0\n/wait 60\n")
        port = int(re.search(rb"Listening on ws://.*:(\d+)/", process.stderr.readline())[1])
        with socket.create_connection(("127.0.0.1", port)) as page:
            page.sendall((REQUEST + EVIL + "\r\n\r\n").encode())
            self.assertTrue(page.recv(100).startswith(b"HTTP/1.1 403 "))
        self.assertEqual(process.stderr.readline().decode(), REFUSED)
        process.kill()
        finish(process)


class Page(Case):
    def test_allows_nothing_but_itself(self):
        for service in ("listen", "echo"):
            with self.subTest(service), Server(service, "0") as server:
                code, head, body = answer(server, OWN)
                self.assertEqual(code, 200)
                for name, value in (("X-Content-Type-Options", "nosniff"),
                                    ("Cross-Origin-Resource-Policy", "same-origin"),
                                    ("Access-Control-Allow-Origin", None)):
                    self.assertEqual(header(head, name), value)
                policy = dict(part.strip().split(" ", 1) for part in header(head, "Content-Security-Policy").split(";"))
                for name in ("default-src", "base-uri", "form-action", "frame-ancestors"):
                    self.assertEqual(policy[name], "'none'")
                self.assertEqual(policy["connect-src"], "'self'")
                for name, tag in (("script-src", "script"), ("style-src", "style")):
                    inside = re.findall(f"<{tag}>(.*?)</{tag}>".encode(), body, re.DOTALL)
                    self.assertEqual(len(inside), 1)
                    digest = base64.b64encode(hashlib.sha256(inside[0]).digest()).decode()
                    self.assertEqual(policy[name], f"'sha256-{digest}'")

    def test_has_a_head_without_it(self):
        for service in ("listen", "echo"):
            with self.subTest(service), Server(service, "0") as server:
                for lines, code in (((OWN,), 200), (("Host: a", "Host: a"), 400), ((OWN, *HANDSHAKE), 405),
                                    ((OWN, "Sec-WebSocket-Key: x"), 426)):
                    got = answer(server, *lines, start="HEAD / HTTP/1.1")
                    self.assertEqual((got[0], got[2]), (code, b""))
                    if code != 405:
                        self.assertEqual(got[:2], answer(server, *lines)[:2])
                self.assertEqual(answer(server, "no colon", start="HEAD / HTTP/1.1")[2], b"")

    def test_is_not_for_half_a_handshake(self):
        # What nginx makes of an upgrade unless it is told otherwise.
        nginx = ("Connection: close", *HANDSHAKE[2:])
        for service in ("listen", "echo"):
            with self.subTest(service), Server(service, "0") as server:
                for version in ("1.0", "1.1"):
                    code, head, body = answer(server, OWN, *nginx, start=f"GET / HTTP/{version}")
                    self.assertEqual((code, header(head, "Upgrade")), (426, "websocket"))
                    self.assertIn(b"an Upgrade header", body)
                    self.assertIn(b"proxy", body)
                self.assertEqual(status(server, OWN, "Sec-WebSocket-Protocol: a"), 426)

    def test_is_not_for_requests_that_leave_in_doubt_where_they_end(self):
        with Server("echo", "0") as server:
            for lines in (("Content-Length: 1", "Content-Length: 2"), ("Content-Length: 0, 1",), ("Content-Length: x",),
                          ("Content-Length: 0", "Transfer-Encoding: chunked")):
                for method in ("GET", "HEAD", "POST"):
                    with self.subTest(lines):
                        self.assertEqual(status(server, OWN, *lines, start=method + " / HTTP/1.1"), 400)
                self.assertEqual(status(server, OWN, *HANDSHAKE, *lines), 400)
            self.assertEqual(status(server, OWN, "Content-Length: 0", "Content-Length: 0"), 200)


class Elsewhere(Case):
    def test_a_server_that_is_open_to_other_machines_says_so(self):
        wide = b"Whoever reaches this address can read and write here: --auth, --client-ca or --allow says who may\n"
        plain = b"The password can be read on the way here, as can all else: --tls encrypts\n"
        for arguments, line in ((("listen", "0.0.0.0:0"), wide), (("listen", "--auth", "a:b", "0.0.0.0:0"), plain),
                                (("echo", "--auth", "a:b", "0.0.0.0:0"), plain),
                                (("listen", "--auth", "a:b", "--tls", "0.0.0.0:0"), None),
                                (("listen", "0.0.0.0:0", "--", "cat"), wide),
                                (("listen", "--allow", "10.0.0.0/8", "0.0.0.0:0"), None),
                                (("listen", "--allow", "10.0.0.0/8", "--exec", "cat", "0.0.0.0:0"), None),
                                (("echo", "0.0.0.0:0"), None), (("listen", "127.0.0.2:0"), None),
                                (("listen", "-q", "0.0.0.0:0"), None)):
            with self.subTest(arguments):
                process = start(*arguments, stdin=subprocess.DEVNULL)
                if "-q" not in arguments:
                    self.assertIn(b"Listening on", process.stderr.readline())
                    if "--tls" in arguments:
                        self.assertIn(b"--pin", process.stderr.readline())
                if line:
                    self.assertEqual(process.stderr.readline(), line)
                    process.send_signal(signal.SIGTERM)
                    self.assertEqual(finish(process), (0, b"", ""))
                else:
                    process.kill()
                    self.assertEqual(finish(process).stderr, "")


if __name__ == "__main__":
    unittest.main()
