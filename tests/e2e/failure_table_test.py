"""What is wrong with a command line, what ends a run, and that no secret is in any message: exit status, stdout and
stderr, exactly. (What a peer does wrong is in failure_test.)"""

import json
import re
import unittest

import authority
import failure_test
from failure_test import Table, lost, opened, send
from peer import CLOSE, TEXT, closed_port, header, reject, scripted
from support import Case, Result, run

HELP = "hint: try wscope --help\n"
SECRET = "s3cret"
# As it is, and as Basic credentials.
ENCODED = re.compile("s3cret|czNjcmV0|dXNlcjpzM2NyZXQ")


class CommandLine(Case):
    def check(self, *rows):
        for arguments, status, words in rows:
            with self.subTest(arguments):
                self.assertEqual(run(*arguments), (status, b"", "wscope: " + words))

    def test_urls(self):
        no_url = "not a WebSocket URL: it does not begin with ws:// or wss://\n"
        fragment = "a WebSocket URL has no fragment (#)\nhint: write a # that belongs to it as %23\n"
        port = "the URL's port is not a number from 1 to 65535\n"
        blank = "the URL holds a space or a control character\nhint: write a space as %20\n"
        bracket = "the URL's host holds a colon\nhint: write an IPv6 address in brackets\n"
        part = "the URL's user name or password"
        for words, urls in {
            no_url: ["ftp://host/", "wsss://host/", "://host", "echo://"],
            fragment: ["ws://host/#part", "ws://host#", "host/#part", ":80/#part", "http://host/#part"],
            port: ["ws://host:0/", "ws://host:65536/", "ws://host:x/", "host:-1", ":99999", ":x", "http://host:1e3/"],
            blank: ["ws://ho st/", "ws://host/a b", " ", "host/\t", "ws://host/\x01", "ws://host/\x7f"],
            "the URL has no host\n": ["ws://", "ws:///path", "http://", "//host", "/path", "?query", "ws://:80/",
                                      "ws://@/"],
            "the URL has a [ without a ]\n": ["ws://[::1", "[::1/"],
            "the URL has something other than a port behind the ]\n": ["ws://[::1]80/"],
            "the URL has a bad IPv6 address\n": ["ws://[::g]/", "ws://[]/", "[1.2.3.4]"],
            "the URL has an IPv6 address with a bad zone\nhint: it is written as in [fe80::1%eth0]\n": [
                "ws://[fe80::1%]/"],
            bracket: ["ws://::1/", "::1", "fe80::1:80"],
            "the URL's host has an empty label\n": ["ws://a..b/", "ws://.host/"],
            "the URL's host has a label longer than 63 characters\n": [f"ws://{'a' * 64}/"],
            "the URL's host is longer than 253 characters\n": [f"ws://{'a.' * 127}a/"],
            "the URL's host holds a character that is not allowed there\n": ["ws://ho<st/", "ws://ho%73t/", "ho\\st"],
            "the URL is not UTF-8\n": [b"ws://host/\xff"],
            f"bad percent-encoding in {part}\nhint: write % as %25\n": [
                "ws://us%zz:x@host/", "ws://user:%4@host/"],
            part + " holds a control character\n": ["ws://user:%0D%0A@host/"],
            "the URL's user name holds a colon\n": ["ws://us%3Aer:x@host/"],
        }.items():
            self.check(*(([url], 2, words) for url in urls))
        self.check(([""], 2, "URL: empty\n" + HELP))

    def test_arguments(self):
        surplus, unknown = "The following argument was not expected: ", "unknown option "
        seconds, size = "wants a number of seconds, not ", "wants a number of bytes such as 100, 64K or 16M, not "
        count = "wants a whole number of at least 1, not "
        for words, lines in {
            "no URL\n": [[], ["connect"], ["-q"]],
            "no URL for --binary\n": [["-b"]],
            surplus + "echo:\n": [["echo:", "echo:"]],
            unknown + "--nonsense\n": [["--nonsense", "echo:"], ["echo:", "--nonsense", "value"]],
            surplus + "0\n": [["echo", "0", "0"], ["listen", "0", "0"]],
            unknown + "--broadcast\n": [["echo", "--broadcast"]],
            unknown + "--timeout\n": [["listen", "--timeout", "1", "0"]],
            "--wait: 1 required SECONDS missing\n": [["echo:", "-w"], ["--wait"]],
            "--header: 1 required 'NAME: VALUE' missing\n": [["echo:", "-H"]],
            "--count wants a whole number of at least 1, not \"\"\n": [["--count", "", "echo:"], ["--count=", "echo:"]],
            "--until: empty\n": [["--until", "", "echo:"], ["--until=", "echo:"]],
            "--bearer: empty\n": [["--bearer=", "echo:"]],
            "--eof wants wait|close|hold, not \"later\"\n": [["--eof", "later", "echo:"]],
            "--in wants lines|nul|whole|raw|hex|base64|json, not \"x\"\n": [
                ["--in", "x", "echo:"], ["listen", "--in=x", "0"]],
            "--out wants lines|nul|raw|hex|base64|json, not \"x\"\n": [["--out", "x", "echo:"]],
            "--format wants lines|nul|raw|hex|base64|json, not \"x\"\n": [["--format", "x", "echo:"]],
            "--show wants sent, not \"x\"\n": [["--show", "x", "echo:"]],
            "--slow wants drop|close, not \"x\"\n": [["listen", "--slow", "x", "0"]],
            **{f'{option} {seconds}"{value}"\n': [[option, value, "echo:"]] for option, value in (
                ("--wait", "soon"), ("--wait", "-2"), ("--timeout", "x"), ("--connect-timeout", "1s"),
                ("--handshake-timeout", "nan"), ("--close-timeout", "inf"), ("--ping-interval", "1e99"),
                ("--ping-timeout", "0x1"))},
            **{f'{option} {size}"{value}"\n': [[option, value, "echo:"]] for option, value in (
                ("--max-size", "0"), ("--max-frame", "x"), ("--max-header", "1T"), ("--dump-size", "-1"))},
            **{f'--count {count}"{value}"\n': [["--count", value, "echo:"]] for value in ("0", "-1", "x", "1.5")},
            f'--max-clients {count}"0"\n': [["listen", "--max-clients", "0", "0"]],
            "--binary excludes --text\n": [["echo:", "-b", "-t"]],
            "--verbose excludes --quiet\n": [["echo:", "-q", "-v"]],
            "--count excludes --one\n": [["echo:", "-1", "--count", "2"]],
            "--no-compress excludes --compress\n": [["--no-compress", "--compress", "x", "echo:"]],
            "--echo excludes --broadcast\n": [["listen", "--echo", "--broadcast", "0"]],
            "--compress: invalid permessage-deflate parameter: x\n": [["--compress", "x", "echo:"]],
            "--execute: not UTF-8\n": [["-x", b"\xff", "echo:"]],
        }.items():
            self.check(*((line, 2, words + HELP) for line in lines))

    def test_values(self):
        port = "hint: say PORT, ADDRESS:PORT or unix:PATH\n"
        form = "a header is written Name: value, and its name has no spaces\n"
        for words, lines in {
            form: [["-H", "X", "echo:"], ["-H", "a b: c", "echo:"], ["listen", "-H", ": x", "0"]],
            "header X: a control character in its value\n": [["-H", "X: a\r\nY: b", "echo:"]],
            "--origin: a control character\n": [["-o", "a\n", "echo:"]],
            "--subprotocol: not a token\n": [["-s", "a b", "echo:"], ["-s", "a,b", "echo:"]],
            "--user wants USER:PASSWORD\n": [["listen", "--auth", SECRET, "0"]],
            "--user and --bearer exclude each other\n": [["-u", "a:b", "--bearer", SECRET, "echo:"]],
            "not a port: 65536\n" + port: [["echo", "65536"], ["listen", "65536"], ["-l", "65536"]],
            "not a port: port\n" + port: [["echo", "port"]], "not a port: \n" + port: [["listen", "127.0.0.1:"]],
            "an IPv6 address needs brackets: ::1\n": [["echo", "::1"]], "no port behind [::1]\n": [["listen", "[::1]"]],
            "example.com: not an IP address\n": [["echo", "example.com:0"]],
            "300.0.0.1: not an IP address\n": [["listen", "300.0.0.1:0"]],
        }.items():
            self.check(*((line, 2, words) for line in lines))
        self.check((["-H", "@/nonexistent", "echo:"], 1, "/nonexistent: no such file or directory\n"),
                   (["--cookie", "@/", "echo:"], 1, "/: is a directory\n"))


LONGER = "hint: -w SECONDS waits longer\n"


def polite(*frames):
    """A script: accepts, sends these texts, and answers the Close."""
    def script(peer):
        peer.accept()
        for text in frames:
            peer.send(TEXT, text)
        while (frame := peer.read_frame()).opcode != CLOSE:
            pass
        peer.send(CLOSE, frame.payload)
    return script


class Ends(Table):
    def test_that_were_not_to_be(self):
        one = polite(b"one")
        self.check_rows({
            "too few": (one, 11, "wscope: received 1 of 2 messages: 0.2 s of silence\n" + LONGER, b"one\n",
                        ("--count", "2", "-w", "0.2")),
            "none": (polite(), 11, "wscope: received 0 of 1 messages: --eof close\n", b"", ("-1", "--eof", "close")),
            "no match": (one, 11, "wscope: no message matched --until: 0.2 s of silence\n" + LONGER, b"one\n",
                         ("--until", "two", "-w", "0.2")),
            "too late": (one, 10, "wscope: {url}: not over in 0.3 s (--timeout)\n", b"one\n",
                         ("--eof", "hold", "--timeout", "0.3")),
            "bad input": (one, 1, "wscope: standard input: line 1 is not UTF-8\nhint: send bytes with --binary\n",
                          b"one\n", (), b"\xff\n"),
            # What went wrong comes before what was expected.
            "too few, lost": (lost(send(TEXT, b"one")), 8,
                              "wscope: connection lost: without a Close from the peer; received 1 of 2 messages\n",
                              b"one\n", ("--count", "2", "--eof", "hold")),
            "too few, closed": (opened(lambda peer: peer.close(4000, "bye")), 9,
                                "wscope: closed by the peer: 4000 (private use) bye; received 0 of 1 messages\n", b"",
                                ("-1", "--eof", "hold")),
        })

    def test_of_a_message_that_is_too_large(self):
        self.check(polite(b"x" * 11), 7, "wscope: the peer sent too long a message: 11 bytes, over the limit of 10 "
                                       "(--max-size); we sent 1009\n",
                   arguments=("--max-size", "10"))
        self.check(polite(b"x" * 11), 7, "wscope: the peer sent too long a frame: 11 bytes, over the limit of 10 "
                                       "(--max-frame); we sent 1009\n",
                   arguments=("--max-frame", "10"))

    def test_of_a_peer_that_does_not_answer_pings(self):
        self.check(polite(), 8, "wscope: connection lost: no answer to a Ping (--ping-timeout); we sent 1011\n",
                   arguments=("--eof", "hold", "--ping-interval", "0.1", "--ping-timeout", "0.2"))


class Secrets(Case):
    """Nothing that is meant to be secret is in a message, wherever it was put."""

    def assert_kept(self, *arguments):
        result = run(*arguments)
        self.assertNotEqual(result.status, 0)
        self.assertRegex(result.stderr, r"^wscope: [^\n]+\n(hint: [^\n]+\n)?$")
        self.assertNotRegex(result.stderr, ENCODED)
        self.assertNotRegex(result.stdout.decode(), ENCODED)
        self.assertNotIn("user", result.stderr.replace("user name", "").replace("--user", ""))

    def test_of_a_command_line(self):
        for arguments in (
            ["wss://user:s3cret@host/"], ["ws://user:s3cret@host:99999/"], ["ws://user:s3c#s3cret@host/#s3cret"],
            ["ws://user:%zzs3cret@host/"], ["ws://user:s3cret@ho st/"], ["ws://user:s3cret@[::1/"],
            ["ftp://user:s3cret@host/"], ["echo:", "ws://user:s3cret@host/"], ["echo:", "user:s3cret@host"],
            ["echo:", "--eof", "ws://user:s3cret@host/"], ["echo:", "-w", "ws://user:s3cret@host/"],
            ["echo:", "-p", "ws://user:s3cret@host/"], ["echo", "ws://user:s3cret@host/"],
            ["listen", "--echo", "user:s3cret@host"], ["-H", "s3cret", "echo:"],
            ["-H", "Authorization s3cret", "echo:"], ["-H", "X: s3cret\n", "echo:"],
            ["--cookie", "s3cret\n", "echo:"], ["--bearer", "s3cret\n", "echo:"],
            ["--baerer", "s3cret", "echo:"], ["--baerer=s3cret", "echo:"],
            ["listen", "--auth", "s3cret", "0"], ["listen", "--ath=s3cret", "0"], ["-u", "a:s3cret", "--bearer=b", "x"],
        ):
            for more in ([], ["--json"]):
                with self.subTest(arguments + more):
                    self.assert_kept(*arguments, *more)

    def test_of_a_connection_that_fails(self):
        with closed_port() as port:
            for url in (f"ws://user:s3cret@127.0.0.1:{port}/", f"user:s3cret@127.0.0.1:{port}"):
                for arguments in ([], ["--bearer", "s3cret"], ["--cookie", "a=s3cret"], ["--json"]):
                    with self.subTest(url, arguments=arguments):
                        self.assert_kept(*arguments, url)
        for script in (reject("404 Not Found"), lambda peer: peer.read_head()):
            for arguments in ([], ["--json"]):
                with self.subTest(arguments), scripted(script) as server:
                    self.assert_kept("-u", "user:s3cret", *arguments, server.url)

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


def run_with_secrets(*arguments, stdin=b""):
    *options, url = arguments
    return run("-H", "X-Key: s3cret", "--cookie", "a=s3cret", "-H", "Proxy-Authorization: s3cret", *options,
               url.replace("://", "://user:s3cret@"), stdin=stdin)


def run_with_a_token_and_verbosely(*arguments, stdin=b""):
    """Only the error is in the result."""
    result = run("-v", "--bearer", "s3cret", *arguments, stdin=stdin)
    if ENCODED.search(result.stderr):
        raise AssertionError(result.stderr)
    error = re.search(r"^wscope: .*\n(hint: .*\n)?\Z", result.stderr, re.M)
    return Result(result.status, result.stdout, error[0] if error else "")


KINDS = {1: "io", 3: "dns", 4: "connect", 5: "tls", 6: "http"}


def run_with_a_passphrase_and_events(*arguments, stdin=b""):
    """The last event says what stderr does, which is all that is in the result."""
    identity = authority.client()
    result = run("--cert", identity.certificate, "--key", identity.encrypted_key,
                 "--passphrase=" + authority.PASSPHRASE, "--bearer", "s3cret", "--json", *arguments, stdin=stdin)
    error = json.loads(result.stdout.splitlines()[-1])
    told = error["event"], error["kind"], "wscope: " + error["message"], error["exit"]
    if told != ("error", KINDS[result.status], result.stderr.split("\n")[0], result.status):
        raise AssertionError(f"{told} for {result}")
    return Result(result.status, b"", result.stderr)


class WaysWithSecrets(failure_test.Ways):
    run_client = staticmethod(run_with_secrets)


class WaysWithAPassphrase(failure_test.Ways):
    run_client = staticmethod(run_with_a_passphrase_and_events)


class WaysVerbosely(failure_test.Ways):
    run_client = staticmethod(run_with_a_token_and_verbosely)


class UpgradingWithSecrets(failure_test.Upgrading):
    CREDENTIALS = "and does not take what was given\n"
    run_client = staticmethod(run_with_secrets)


class OpenWithSecrets(failure_test.Open):
    run_client = staticmethod(run_with_secrets)


class UpgradingVerbosely(failure_test.Upgrading):
    CREDENTIALS = "and does not take what was given\n"
    run_client = staticmethod(run_with_a_token_and_verbosely)


class OpenVerbosely(failure_test.Open):
    run_client = staticmethod(run_with_a_token_and_verbosely)


class EndsVerbosely(Ends):
    run_client = staticmethod(run_with_a_token_and_verbosely)


if __name__ == "__main__":
    unittest.main()
