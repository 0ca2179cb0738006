"""The way to an endpoint: several addresses, --resolve, --connect-to, -4 and -6, and Unix domain sockets."""

import contextlib
import datetime
import itertools
import json
import os
import pathlib
import socket
import tempfile
import time
import unittest

import authority
from peer import closed_port, header, scripted, silent_port
from secure import scripted_tls, secured, server_context
from support import ENVIRONMENT, Case, run


def polite(peer):
    """A script: accepts, and answers the Close. Returns the request."""
    request = peer.accept()
    peer.finish()
    return request


def has_ipv6():
    with contextlib.suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return True
    return False


class Addresses(Case):
    def check(self, host, addresses, port, *more):
        """Connects to `host`, which has these addresses."""
        resolve = f"{host}:{port}:{','.join(addresses)}"
        result = run("--json", "--eof", "close", "--resolve", resolve, *more, f"ws://{host}:{port}/")
        events = [json.loads(line) for line in result.stdout.decode().splitlines()]
        tried = [event for event in events if event["event"] == "connecting"]
        self.assertEqual((result.status, result.stderr), (0, ""))
        self.assertEqual(next(event["peer"] for event in events if event["event"] == "open"), f"127.0.0.1:{port}")
        return tried

    def test_of_which_the_first_refuses(self):
        with scripted(polite) as server:
            tried = self.check("made-up.example", ["127.0.0.2", "127.0.0.1"], server.port)
        self.assertEqual([event["address"] for event in tried],
                         [f"127.0.0.2:{server.port}", f"127.0.0.1:{server.port}"])
        self.assertEqual(header(server.result, "Host"), f"made-up.example:{server.port}")

    def test_of_which_the_first_does_not_answer(self):
        with scripted(polite) as server, silent_port("127.0.0.2", server.port):
            begin = time.monotonic()
            tried = self.check("made-up.example", ["127.0.0.2", "127.0.0.1"], server.port)
        self.assertLess(time.monotonic() - begin, 9)
        self.assertEqual([event["address"] for event in tried],
                         [f"127.0.0.2:{server.port}", f"127.0.0.1:{server.port}"])
        first, second = (datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")) for event in tried)
        self.assertGreater((second - first).total_seconds(), 0.2)

    @unittest.skipUnless(has_ipv6(), "no IPv6 here")
    def test_of_both_families_take_turns(self):
        with scripted(polite) as server:
            tried = self.check("made-up.example", ["127.0.0.2", "127.0.0.1", "::1"], server.port)
        self.assertEqual([event["address"] for event in tried],
                         [f"127.0.0.2:{server.port}", f"[::1]:{server.port}", f"127.0.0.1:{server.port}"])

    def test_of_which_none_answers(self):
        with closed_port() as port:
            url = f"ws://made-up.example:{port}/"
            result = run("--resolve", f"made-up.example:{port}:127.0.0.2,127.0.0.1", url)
        self.assertEqual(result, (4, b"", f"wscope: {url}: connection refused\n"))

    def test_are_shown(self):
        with scripted(polite) as server:
            result = run("-v", "--eof", "close", "--resolve", f"x.example:{server.port}:127.0.0.2,127.0.0.1",
                         f"ws://x.example:{server.port}/")
        self.assertEqual(result.stderr.split("\n")[:2], [f"* trying 127.0.0.2:{server.port}",
                                                         f"* trying 127.0.0.1:{server.port}"])

    def test_are_only_for_their_host_and_port(self):
        with scripted(polite) as server:
            run("--eof", "close", "--resolve", f"other.example:{server.port}:127.0.0.2", "--resolve",
                "127.0.0.1:1:127.0.0.2", "--resolve", f"*:{server.port}:127.0.0.1", f"ws://any.example:{server.port}/")
        self.assertEqual(header(server.result, "Host"), f"any.example:{server.port}")

    def test_that_are_none(self):
        for text in ("", "x", "x:80", "x:80:", "x:0:127.0.0.1", "x:y:127.0.0.1", ":80:127.0.0.1", "x:80:name",
                     "x:80:127.0.0.1,"):
            with self.subTest(text):
                result = run("--resolve=" + text, "ws://x/")
                self.assertEqual((result.status, result.stdout), (2, b""))
                self.assertRegex(result.stderr, "^wscope: --resolve")


def listen_at(host):
    return socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


class Families(Case):
    def listen(self, host):
        return listen_at(host)

    @unittest.skipUnless(has_ipv6(), "no IPv6 here")
    def test_of_localhost(self):
        for host, option in (("127.0.0.1", "-4"), ("::1", "-6"), ("127.0.0.1", "--ipv4"), ("::1", "--ipv6")):
            with self.subTest(option), scripted(polite, listener=self.listen(host)) as server:
                self.assertEqual(run(option, "--eof", "close", f"localhost:{server.port}"), (0, b"", ""))
            self.assertEqual(header(server.result, "Host"), f"localhost:{server.port}")

    @unittest.skipUnless(has_ipv6(), "no IPv6 here")
    def test_are_all_there_is(self):
        for host, option in (("127.0.0.1", "-6"), ("::1", "-4")):
            with self.subTest(option), self.listen(host) as listener:
                url = f"ws://localhost:{listener.getsockname()[1]}/"
                result = run("-v", option, url)
                self.assertEqual(result.stderr.count("* trying"), 1)
                self.assertTrue(result.stderr.endswith(f"\nwscope: {url}: connection refused\n"), result.stderr)
                self.assertEqual(result.status, 4)

    def test_of_a_number(self):
        self.assertEqual(run("-6", "ws://127.0.0.1:1/"), (3, b"", "wscope: 127.0.0.1: not an IPv6 address\n"))
        self.assertEqual(run("-4", "ws://[::1]:1/"), (3, b"", "wscope: ::1: not an IPv4 address\n"))
        self.assertEqual(run("-4", "-6", "ws://[::1]:1/").status, 2)

    def test_of_addresses_that_are_given(self):
        for option, address, family in (("-4", "[::1]", 4), ("-6", "127.0.0.1", 6)):
            self.assertEqual(run(option, "--resolve", f"x.example:1:{address}", "ws://x.example:1/"),
                             (3, b"", f"wscope: x.example: no IPv{family} address\n"))
        with scripted(polite) as server:
            result = run("-v", "-4", "--eof", "close", "--resolve", f"x.example:{server.port}:[::1],127.0.0.1",
                         f"ws://x.example:{server.port}/")
        self.assertEqual(result.status, 0)
        self.assertEqual(result.stderr.count("* trying"), 1)


class Zones(Case):
    @unittest.skipUnless(has_ipv6(), "no IPv6 here")
    def test_lead_there_and_are_told_to_nobody(self):
        zone = socket.if_indextoname(1)
        for arguments, url, host in (
            ((), f"ws://[::1%{zone}]:{{port}}/", "[::1]:{port}"),
            ((), f"ws://[::1%25{zone}]:{{port}}/", "[::1]:{port}"),
            (("--resolve", f"x.example:{{port}}:::1%{zone}"), "ws://x.example:{port}/", "x.example:{port}"),
            (("--resolve", f"x.example:{{port}}:[::1%25{zone}]"), "ws://x.example:{port}/", "x.example:{port}"),
            (("--connect-to", f"::[::1%{zone}]:"), "ws://x.example:{port}/", "x.example:{port}")):
            with self.subTest(arguments, url=url), scripted(polite, listener=listen_at("::1")) as server:
                line = [word.format(port=server.port) for word in (*arguments, url)]
                self.assertEqual(run("--eof", "close", *line), (0, b"", ""))
            self.assertEqual(header(server.result, "Host"), host.format(port=server.port))

    def test_that_there_are_not(self):
        words = "fe80::1%nothere: there is no interface nothere\n"
        for arguments, status, begin in (
            (["ws://[fe80::1%nothere]/"], 3, ""), (["--connect-to", "::[fe80::1%nothere]:", "ws://x/"], 3, ""),
            (["--resolve", "x:80:fe80::1%nothere", "ws://x/"], 2, "--resolve: ")):
            with self.subTest(arguments):
                self.assertEqual(run(*arguments), (status, b"", f"wscope: {begin}{words}"))


class ConnectTo(Case):
    def test_another_host_and_port(self):
        for rule in ("there.example:80:127.0.0.1:{port}", "there.example::127.0.0.1:{port}", "::127.0.0.1:{port}",
                     ":80:127.0.0.1:{port}", "THERE.example:80:127.0.0.1:{port}"):
            with self.subTest(rule), scripted(polite) as server:
                result = run("--eof", "close", "--connect-to", "else.example:80:127.0.0.2:1", "--connect-to",
                             rule.format(port=server.port), "ws://there.example/path")
                self.assertEqual(result, (0, b"", ""))
            self.assertEqual(header(server.result, "Host"), "there.example")
            self.assertTrue(server.result.startswith("GET /path HTTP/1.1\r\n"))

    def test_is_not_what_tls_asks_for(self):
        asked = []
        context = server_context(authority.wrong_name())
        context.sni_callback = lambda _, name, __: asked.append(name)
        with scripted_tls(context, polite) as server:
            result = run("--cacert", authority.root().certificate, "--eof", "close", "--connect-to",
                         f"::127.0.0.1:{server.port}", "wss://elsewhere.example/")
        self.assertEqual((result, asked), ((0, b"", ""), ["elsewhere.example"]))

    def test_nonsense(self):
        for text in ("", "a", "a:1", "a:1:b", "a:x:b:1", "a:1:b:70000", "a:1:b:1:c"):
            with self.subTest(text):
                result = run("--connect-to=" + text, "ws://x/")
                self.assertEqual((result.status, result.stdout), (2, b""))
                self.assertRegex(result.stderr, "^wscope: --connect-to")


class UnixSockets(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.numbers = itertools.count()

    def listener(self):
        self.path = f"{self.folder}/{next(self.numbers)}.sock"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen()
        return listener

    def test_by_option(self):
        with scripted(polite, listener=self.listener()) as server:
            result = run("--unix-socket", self.path, "--eof", "close", "ws://some.example:81/path?query")
        self.assertEqual(result, (0, b"", ""))
        self.assertTrue(server.result.startswith("GET /path?query HTTP/1.1\r\nHost: some.example:81\r\n"))

    def test_by_url(self):
        for url, target in (("ws+unix:{}", "/"), ("ws+unix:{}:/request?query", "/request?query"),
                            ("WS+UNIX:{}:/", "/"), ("ws+unix://{}:/x", "/x")):
            with self.subTest(url), scripted(polite, listener=self.listener()) as server:
                result = run("--eof", "close", url.format(self.path))
                self.assertEqual(result, (0, b"", ""))
            self.assertTrue(server.result.startswith(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n"), server.result)

    def test_with_a_relative_path(self):
        with scripted(polite, listener=self.listener()):
            self.assertEqual(run("--unix-socket", os.path.basename(self.path), "--eof", "close", "ws://x/",
                                 cwd=self.folder), (0, b"", ""))

    def test_with_tls(self):
        with scripted(secured(polite, server_context(authority.good())), listener=self.listener()) as server:
            result = run("--unix-socket", self.path, "--cacert", authority.root().certificate, "--eof", "close",
                         "wss://localhost/")
            self.assertEqual(result, (0, b"", ""))
        self.assertIn("Host: localhost\r\n", server.result)

    def test_do_not_go_through_a_proxy(self):
        with scripted(polite, listener=self.listener()):
            result = run("--unix-socket", self.path, "--eof", "close", "ws://x.example/",
                         env={**ENVIRONMENT, "http_proxy": "http://127.0.0.1:1", "all_proxy": "http://127.0.0.1:1"})
        self.assertEqual(result, (0, b"", ""))

    def check_fails(self, path, status, words):
        for url, *arguments in ((f"ws://some.example/ ({path})", "--unix-socket", path, "ws://some.example/"),
                                (f"ws+unix:{path}:/", f"ws+unix:{path}")):
            with self.subTest(url):
                self.assertEqual(run(*arguments), (status, b"", words.format(url=url)))

    def test_that_are_missing(self):
        self.check_fails("/nonexistent/socket", 4, "wscope: {url}: no such file or directory\n")

    def test_that_nobody_listens_on(self):
        self.listener().close()
        self.check_fails(self.path, 4, "wscope: {url}: connection refused\n")

    def test_that_are_something_else(self):
        path = pathlib.Path(self.folder, "file")
        path.touch()
        self.check_fails(str(path), 4, "wscope: {url}: connection refused\n")

    def test_whose_path_is_too_long(self):
        self.check_fails("/" + "x" * 108, 2, "wscope: {url}: the path of a socket has 1 to 107 bytes\n")
        with scripted(polite, listener=self.listener()):
            longest = self.folder + "/" + "x" * (107 - len(self.folder) - 1)
            os.rename(self.path, longest)
            self.assertEqual(run("--unix-socket", longest, "--eof", "close", "ws://x/"), (0, b"", ""))

    def test_that_are_named_twice(self):
        result = run("--unix-socket", "/a", "ws+unix:/b")
        self.assertEqual((result.status, result.stdout), (2, b""))


if __name__ == "__main__":
    unittest.main()
