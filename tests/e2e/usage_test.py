"""Command lines that make no sense, and what is never said about those that do."""

import unittest

from peer import closed_port, header, reject, scripted
from support import Case, run

HELP = "hint: try wscope --help\n"


class Usage(Case):
    def test_errors(self):
        no_option = "The following argument was not expected: "
        rows = [
            ([], "no URL\n" + HELP),
            (["connect"], "URL is required\n" + HELP),
            (["echo:", "echo:"], no_option + "echo:\n" + HELP),
            (["--nonsense", "echo:"], no_option + "--nonsense\n" + HELP),
            (["echo:", "-w"], "--wait: 1 required SECONDS missing\n" + HELP),
            (["echo:", "--eof", "later"], "--eof: later not in {wait,close,hold}\n" + HELP),
            (["echo:", "-w", "soon"], '--wait wants a number of seconds, not "soon"\n' + HELP),
            (["echo:", "-w", "-2"], '--wait wants a number of seconds, not "-2"\n' + HELP),
            (["echo:", "--close-timeout", "inf"], '--close-timeout wants a number of seconds, not "inf"\n' + HELP),
            (["echo:", "-b", "-t"], "--binary excludes --text\n" + HELP),
            ([""], "the URL is empty\n"),
            (["ftp://host/"], "not a WebSocket URL: it does not begin with ws:// or wss://\n"),
            (["ws://host/#part"],
             "a WebSocket URL has no fragment (#)\nhint: write a # that belongs to it as %23\n"),
            (["ws://host:0/"], "the URL's port is not a number from 1 to 65535\n"),
            (["ws:///path"], "the URL has no host\n"),
            (["ws://[::1"], "the URL has a [ without a ]\n"),
            (["listen", "0"], "listen needs --echo\n" + HELP),
            (["echo", "65536"], "not a port: 65536\nhint: say PORT or ADDRESS:PORT\n"),
            (["echo", "port"], "not a port: port\nhint: say PORT or ADDRESS:PORT\n"),
            (["echo", "::1"], "an IPv6 address needs brackets: ::1\n"),
            (["echo", "0", "0"], no_option + "0\n" + HELP),
        ]
        for arguments, words in rows:
            with self.subTest(arguments):
                self.assertEqual(run(*arguments), (2, b"", "wscope: " + words))

    def test_a_name_is_no_address_to_listen_on(self):
        for address in ("example.com:0", "300.0.0.1:0", "[::g]:0"):
            with self.subTest(address):
                result = run("echo", address)
                self.assertEqual((result.status, result.stdout), (2, b""))
                self.assertRegex(result.stderr, r"^wscope: [^\n]+\n(hint: [^\n]+\n)?$")


class Secrets(Case):
    def assert_kept(self, *arguments):
        result = run(*arguments)
        self.assertNotEqual(result.status, 0)
        self.assertRegex(result.stderr, r"^wscope: [^\n]+\n(hint: [^\n]+\n)?$")
        self.assertNotIn("secret", result.stderr)
        self.assertNotIn("user", result.stderr.replace("user name", ""))

    def test_are_not_in_messages_about_the_connection(self):
        with closed_port() as port:
            for url in (f"ws://user:secret@127.0.0.1:{port}/", f"user:secret@127.0.0.1:{port}"):
                with self.subTest(url):
                    self.assert_kept(url)
        with scripted(reject("404 Not Found")) as server:
            self.assert_kept(server.url.replace("://", "://user:secret@"))
        with scripted(lambda peer: peer.read_head()) as server:
            self.assert_kept(server.url.replace("://", "://user:secret@"))

    def test_are_not_in_messages_about_the_command_line(self):
        for arguments in (
            ["wss://user:secret@host/"],
            ["ws://user:secret@host:99999/"],
            ["ws://user:sec#ret@host/#secret"],
            ["ws://user:%zzsecret@host/"],
            ["ws://user:secret@ho st/"],
            ["ws://user:secret@[::1/"],
            ["ftp://user:secret@host/"],
            ["echo:", "ws://user:secret@host/"],
            ["echo:", "user:secret@host"],
            ["echo:", "--eof", "ws://user:secret@host/"],
            ["echo:", "-w", "ws://user:secret@host/"],
            ["echo", "ws://user:secret@host/"],
            ["listen", "--echo", "user:secret@host"],
        ):
            with self.subTest(arguments):
                self.assert_kept(*arguments)

    def test_are_sent(self):
        def script(peer):
            request = peer.accept()
            peer.finish()
            return request
        with scripted(script) as server:
            url = server.url.replace("://", "://us%65r:s%3Acret@") + "path?query"
            self.assertEqual(run("--eof", "close", url), (0, b"", ""))
        self.assertEqual(header(server.result, "Authorization"), "Basic dXNlcjpzOmNyZXQ=")
        self.assertEqual(header(server.result, "Host"), server.url[5:-1])
        self.assertTrue(server.result.startswith("GET /path?query HTTP/1.1\r\n"))


if __name__ == "__main__":
    unittest.main()
