"""Proxies: tinyproxy and microsocks as they are, and scripted ones for what can go wrong; the environment; and that
credentials are sent to the proxy and shown to nobody."""

import contextlib
import socket
import struct
import unittest

import authority
from peer import closed_port, header, scripted
from proxies import OPENED, PASSWORD, USER, microsocks, tinyproxy, tunnel_to
from secure import scripted_tls, server_context
from support import ENVIRONMENT, Case, Server, run

ECHO = ("-x", "hello", "-1")
NAME = "made-up.example"  # of an endpoint that only a proxy can find
WANTS_HTTP = "hint: it wants Basic: --proxy http://USER:PASSWORD@HOST:PORT gives it credentials\n"
WANTS_SOCKS = "hint: --proxy socks5://USER:PASSWORD@HOST:PORT gives it credentials\n"
HELLO = (0, b"hello\n", "")


def root_file():
    return authority.root().certificate


class Real(Case):
    """What both kinds have in common; each with and without credentials."""

    def check_all(self, proxy):
        """Endpoints by address and by name, plain and with TLS, through the proxy with this URL."""
        with Server("echo", "0") as plain, Server("echo", "--tls", "0") as secure:
            for url, more in ((plain.url, ()), (f"ws://localhost:{plain.port}/", ()),
                              (secure.url, ("--pin", secure.pin)),
                              (f"wss://localhost:{secure.port}/", ("--pin", secure.pin))):
                with self.subTest(url):
                    self.assertEqual(run("--proxy", proxy, *more, *ECHO, url), HELLO)

    def check_much(self, proxy):
        data = b"x" * (4 << 20)
        with Server("echo", "0") as server:
            result = run("--proxy", proxy, "--in", "whole", "-b", "-1", server.url, stdin=data)
        self.assertEqual((result.status, result.stderr), (0, ""))
        self.assert_bytes(result.stdout, data)


class Tinyproxy(Real):
    def test_lets_through(self):
        with tinyproxy() as address:
            for proxy in (f"http://{address}", f"http://{address}/", f"HTTP://{address}", address):
                with self.subTest(proxy):
                    self.check_all(proxy)
            self.check_much(address)

    def test_wants_credentials(self):
        with tinyproxy(f"BasicAuth {USER} {PASSWORD}") as address:
            self.check_all(f"http://{USER}:{PASSWORD}@{address}")
            begin = f"wscope: ws://127.0.0.1:1/: proxy {address}: HTTP "
            self.assertEqual(run("--proxy", f"http://{address}", "ws://127.0.0.1:1/"),
                             (4, b"", begin + "407 Proxy Authentication Required\n" + WANTS_HTTP))
            for credentials in ("user:s3cret2@", "other:s3cret@"):
                with self.subTest(credentials):
                    self.assertEqual(run("--proxy", f"http://{credentials}{address}", "ws://127.0.0.1:1/"),
                                     (4, b"", begin + "401 Unauthorized\n"))

    def test_cannot_get_there(self):
        with tinyproxy() as address, closed_port() as port:
            result = run("--proxy", address, f"ws://127.0.0.1:{port}/")
        self.assertEqual((result.status, result.stdout), (4, b""))
        self.assertRegex(result.stderr, rf"^wscope: ws://127\.0\.0\.1:{port}/: proxy {address}: HTTP 50[0-9] [^\n]+\n$")

    def test_may_not_get_there(self):
        with tinyproxy("ConnectPort 443") as address:
            result = run("--proxy", address, "ws://127.0.0.1:81/")
        self.assertEqual((result.status, result.stdout), (4, b""))
        self.assertRegex(result.stderr, rf"^wscope: ws://127\.0\.0\.1:81/: proxy {address}: HTTP 403 [^\n]+\n$")


class Microsocks(Real):
    def test_lets_through(self):
        with microsocks() as address:
            for scheme in ("socks5", "socks5h"):
                with self.subTest(scheme):
                    self.check_all(f"{scheme}://{address}")
            self.check_much(f"socks5://{address}")

    def test_wants_credentials(self):
        with microsocks("-u", USER, "-P", PASSWORD) as address:
            self.check_all(f"socks5h://{USER}:{PASSWORD}@{address}")
            for credentials, words in (("", "it accepts no way of ours to log in\n" + WANTS_SOCKS),
                                       ("user:s3cret2@", "it refuses the user or the password\n")):
                with self.subTest(credentials):
                    self.assertEqual(run("--proxy", f"socks5://{credentials}{address}", "ws://127.0.0.1:1/"), (
                        4, b"", f"wscope: ws://127.0.0.1:1/: proxy {address}: {words}"))

    def test_cannot_get_there(self):
        with microsocks() as address, closed_port() as port:
            self.assertEqual(run("--proxy", f"socks5://{address}", f"ws://127.0.0.1:{port}/"), (
                4, b"", f"wscope: ws://127.0.0.1:{port}/: proxy {address}: connection refused\n"))


class Scripted(Case):
    """The one client is that of a proxy."""

    def connect(self, script, *arguments, scheme="http", credentials="", url=f"ws://{NAME}:81/path", **options):
        with scripted(script) as self.proxy:
            return run("--proxy", f"{scheme}://{credentials}127.0.0.1:{self.proxy.port}", *arguments, url, **options)

    def check_fails(self, script, words, *arguments, url=f"ws://{NAME}:81/path", **options):
        result = self.connect(script, *arguments, url=url, **options)
        self.assertEqual(result, (4, b"", f"wscope: {url}: proxy 127.0.0.1:{self.proxy.port}: {words}"))


def say(*answers):
    """A script: what comes first is not looked at, and is answered so."""
    def script(peer):
        for answer in answers:
            peer.socket.recv(1 << 16)
            peer.write(answer)
        with contextlib.suppress(OSError):  # it may have gone already
            peer.socket.shutdown(socket.SHUT_WR)
            peer.read_rest()
    return script


def open_tunnel(peer):
    """A script: a proxy that is the endpoint too. Returns both requests."""
    asked = peer.read_head()
    peer.write(OPENED)
    request = peer.accept()
    peer.finish()
    return asked, request


class Http(Scripted):
    def test_is_asked_for_a_tunnel(self):
        self.assertEqual(self.connect(open_tunnel, "--eof", "close"), (0, b"", ""))
        asked, request = self.proxy.result
        self.assertTrue(asked.startswith(f"CONNECT {NAME}:81 HTTP/1.1\r\nHost: {NAME}:81\r\n"), asked)
        self.assertTrue(request.startswith(f"GET /path HTTP/1.1\r\nHost: {NAME}:81\r\n"), request)
        self.assertNotIn("Proxy-Authorization", asked + request)

    def test_is_asked_for_addresses(self):
        for host in ("192.0.2.1", "[2001:db8::1]"):
            with self.subTest(host):
                self.assertEqual(self.connect(open_tunnel, "--eof", "close", url=f"ws://{host}/")[0], 0)
                self.assertTrue(self.proxy.result[0].startswith(f"CONNECT {host}:80 HTTP/1.1\r\nHost: {host}:80\r\n"))

    def test_gets_the_credentials_that_are_its_own(self):
        result = self.connect(open_tunnel, "--eof", "close", "-v", "-u", "me:mine", credentials="us%65r:s3cret@")
        self.assertEqual(result[:2], (0, b""))
        asked, request = self.proxy.result
        self.assertEqual(header(asked, "Proxy-Authorization"), "Basic dXNlcjpzM2NyZXQ=")
        self.assertIsNone(header(asked, "Authorization"))
        self.assertIsNone(header(request, "Proxy-Authorization"))
        self.assertEqual(header(request, "Authorization"), "Basic bWU6bWluZQ==")
        self.assertNotIn("s3cret", result.stderr)
        self.assertNotIn("dXNlcjpzM2NyZXQ", result.stderr)

    def test_gets_the_credentials_of_an_option_unless_its_url_has_some(self):
        for credentials, wanted in (("", "Basic dXNlcjpzM2NyZXQ="), ("me:mine@", "Basic bWU6bWluZQ==")):
            result = self.connect(open_tunnel, "--eof", "close", "--proxy-user", "user:s3cret", credentials=credentials)
            self.assertEqual(result, (0, b"", ""))
            self.assertEqual(header(self.proxy.result[0], "Proxy-Authorization"), wanted)
            self.assertIsNone(header(self.proxy.result[1], "Proxy-Authorization"))
        with scripted(open_tunnel) as proxy:
            environment = {**ENVIRONMENT, "http_proxy": f"127.0.0.1:{proxy.port}"}
            result = run("curl", "-U", "user:s3cret", f"ws://{NAME}/", "--eof=close", env=environment)
        self.assertEqual(result, (0, b"", ""))
        self.assertEqual(header(proxy.result[0], "Proxy-Authorization"), "Basic dXNlcjpzM2NyZXQ=")

    def test_is_not_told_of_zones(self):
        self.assertEqual(self.connect(open_tunnel, "--eof", "close", url="ws://[fe80::1%25nothere]/"), (0, b"", ""))
        asked, request = self.proxy.result
        self.assertTrue(asked.startswith("CONNECT [fe80::1]:80 HTTP/1.1\r\nHost: [fe80::1]:80\r\n"), asked)
        self.assertEqual(header(request, "Host"), "[fe80::1]")

    def test_may_say_more_than_it_has_to(self):
        def script(peer):
            peer.read_head()
            peer.write(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nVia: x\r\n\r\n")
            peer.accept()
            peer.finish()
        self.assertEqual(self.connect(script, "--eof", "close"), (0, b"", ""))

    def test_refuses(self):
        for answer, words in (
            (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", "HTTP 403 Forbidden\n"),
            (b"HTTP/1.1 502 \x9b31mBad\r\n\r\n", "HTTP 502 \\x9b31mBad\n"),
            (b'HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="s3cret"\r\n\r\n',
             "HTTP 407 Who\nhint: it wants Basic, and does not take these\n"),
            (b"HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n", "HTTP 302 Found\n")):
            with self.subTest(answer):
                self.check_fails(say(answer), words, credentials="user:s3cret@")

    def test_is_none(self):
        result = self.connect(say(b"SSH-2.0-OpenSSH_9.2\r\n"))
        self.assertEqual((result.status, result.stdout), (4, b""))
        self.assertRegex(result.stderr, f"^wscope: ws://{NAME}:81/path: proxy 127.0.0.1:{self.proxy.port}: "
                                        "it does not answer in HTTP[^\n]*\nhint: is it an HTTP proxy\\?\n$")

    def test_ends(self):
        for answer in (b"", b"HTTP/1.1 2"):
            with self.subTest(answer):
                self.check_fails(say(answer), "it closed the connection without an answer\n")

    def test_says_too_much(self):
        def script(peer):
            peer.read_head()
            try:
                while True:
                    peer.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000)
            except ConnectionError:
                pass
        result = self.connect(script)
        self.assertEqual((result.status, result.stdout), (4, b""))

    def test_says_nothing(self):
        self.check_fails(lambda peer: peer.read_rest(), "timed out\n", "--connect-timeout", "0.3")

    def test_ends_behind_its_answer(self):
        url = f"ws://{NAME}/"
        self.assertEqual(self.connect(say(OPENED), url=url), (
            6, b"", f"wscope: {url}: upgrade failed: the connection was closed before the handshake\n"))

    def test_is_not_there(self):
        with closed_port() as port:
            for scheme in ("http", "https", "socks5h"):
                result = run("--proxy", f"{scheme}://user:s3cret@127.0.0.1:{port}", f"ws://{NAME}/")
                self.assertEqual(result, (
                    4, b"", f"wscope: ws://{NAME}/: proxy 127.0.0.1:{port}: connection refused\n"))

    def test_is_not_found(self):
        result = run("--proxy", "http://user:s3cret@nonexistent.invalid:3128", f"ws://{NAME}/")
        self.assertEqual((result.status, result.stdout), (4, b""))
        self.assertRegex(result.stderr, rf"^wscope: ws://{NAME}/: proxy nonexistent\.invalid:3128: [^\n]+\n$")
        self.assertNotIn("s3cret", result.stderr)


class Https(Case):
    def test_is_spoken_to_in_tls(self):
        for scheme, endpoint in (("ws", ()), ("wss", ("--tls",))):
            with self.subTest(scheme), Server("echo", *endpoint, "127.0.0.1:0") as server:
                script = tunnel_to((server.host, server.port))
                with scripted_tls(server_context(authority.good()), script) as proxy:
                    result = run("--proxy", f"https://user:s3cret@127.0.0.1:{proxy.port}", "-k", *ECHO,
                                 f"{scheme}://{NAME}/")
                self.assertEqual(result, HELLO)
                self.assertTrue(proxy.result.startswith(f"CONNECT {NAME}:{443 if endpoint else 80} HTTP/1.1\r\n"))
                self.assertEqual(header(proxy.result, "Proxy-Authorization"), "Basic dXNlcjpzM2NyZXQ=")

    def test_is_checked(self):
        with Server("echo", "127.0.0.1:0") as server:
            context = server_context(authority.good())
            with scripted_tls(context, tunnel_to((server.host, server.port))) as proxy:
                self.assertEqual(run("--proxy", f"https://127.0.0.1:{proxy.port}", "--cacert", root_file(), *ECHO,
                                     f"ws://{NAME}/"), HELLO)
        for identity, words in ((authority.expired(), "certificate expired on 2021-02-03"),
                                (authority.wrong_name(), "certificate is for elsewhere.example, other.example, "
                                                         "192.0.2.1, not 127.0.0.1")):
            with scripted_tls(server_context(identity), lambda peer: None) as proxy:
                result = run("-q", "--proxy", f"https://user:s3cret@127.0.0.1:{proxy.port}", "--cacert", root_file(),
                             f"ws://{NAME}/")
            self.assertEqual(result, (5, b"", f"wscope: ws://{NAME}/: proxy 127.0.0.1:{proxy.port}: {words}\n"))

    def test_is_not_pinned_nor_shown_our_certificate(self):
        identity = authority.client()
        with Server("echo", "--tls", "127.0.0.1:0") as server:
            with scripted_tls(server_context(authority.good()), tunnel_to((server.host, server.port))) as proxy:
                result = run("--proxy", f"https://127.0.0.1:{proxy.port}", "--pin", server.pin, "--cert",
                             identity.certificate, "--key", identity.key, *ECHO, f"wss://{NAME}/",
                             env={**ENVIRONMENT, "SSL_CERT_FILE": root_file()})
        self.assertEqual(result, HELLO)

    def test_is_checked_beside_a_pin_unless_nothing_is(self):
        context = server_context(authority.self_signed())
        with Server("echo", "--tls", "127.0.0.1:0") as server:
            with scripted_tls(context, tunnel_to((server.host, server.port))) as proxy:
                self.assertEqual(run("--proxy", f"https://127.0.0.1:{proxy.port}", "-k", "--pin", server.pin, *ECHO,
                                     f"wss://{NAME}/"), HELLO)
            with scripted_tls(context, lambda peer: None) as proxy:
                result = run("-q", "--proxy", f"https://127.0.0.1:{proxy.port}", "--pin", server.pin, *ECHO,
                             f"wss://{NAME}/")
        self.assertEqual(result, (5, b"", f"wscope: wss://{NAME}/: proxy 127.0.0.1:{proxy.port}: "
                                          "certificate is self-signed\n"))

    def test_that_speaks_no_tls(self):
        with scripted(say(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as proxy:
            result = run("-q", "--proxy", f"https://127.0.0.1:{proxy.port}", f"ws://{NAME}/")
        self.assertEqual(result, (5, b"", f"wscope: ws://{NAME}/: proxy 127.0.0.1:{proxy.port}: "
                                          "the peer does not speak TLS\n"))


class Socks(Scripted):
    def test_looks_the_name_up_if_it_is_socks5h(self):
        self.assertEqual(self.connect(socks(), "--eof", "close", scheme="socks5h"), (0, b"", ""))
        self.assertEqual(self.proxy.result, b"\5\1\0\3" + bytes([len(NAME)]) + NAME.encode() + struct.pack(">H", 81))

    def test_gets_an_address_if_it_is_socks5(self):
        result = self.connect(socks(), "--eof", "close", scheme="socks5", url="ws://localhost:81/path")
        self.assertEqual(result, (0, b"", ""))
        self.assertIn(self.proxy.result[:4], (b"\5\1\0\1", b"\5\1\0\4"))
        result = self.connect(socks(), "--eof", "close", "--resolve", f"{NAME}:81:192.0.2.7", scheme="socks5")
        self.assertEqual(result, (0, b"", ""))
        self.assertEqual(self.proxy.result, b"\5\1\0\1\xc0\x00\x02\x07\0\x51")

    def test_gets_addresses_of_both_families(self):
        for host, sent in (("192.0.2.1", b"\5\1\0\1\xc0\x00\x02\x01"),
                           ("[2001:db8::1]", b"\5\1\0\4" + socket.inet_pton(socket.AF_INET6, "2001:db8::1"))):
            for scheme in ("socks5", "socks5h"):
                with self.subTest(host, scheme=scheme):
                    self.assertEqual(self.connect(socks(), "--eof", "close", scheme=scheme, url=f"ws://{host}:81/"),
                                     (0, b"", ""))
                    self.assertEqual(self.proxy.result, sent + b"\0\x51")

    def test_says_no_name_that_cannot_be_found(self):
        """The name is looked up before the proxy is, which then hears nothing."""
        with closed_port() as port:
            result = run("--proxy", f"socks5://127.0.0.1:{port}", "ws://nonexistent.invalid/")
        self.assertEqual((result.status, result.stdout), (3, b""))
        self.assertRegex(result.stderr, r"^wscope: (nonexistent\.invalid: )?name .*\n$|^wscope: nonexistent\.invalid: ")

    def test_refuses(self):
        for code, words in enumerate((
            "general failure", "connection not allowed by its rules", "network is unreachable", "host is unreachable",
            "connection refused", "time to live expired", "command not supported", "address type not supported",
            "failure that SOCKS has no word for"), 1):
            with self.subTest(code):
                self.check_fails(say(b"\5\0", bytes([5, code, 0, 1]) + bytes(6)), words + "\n", scheme="socks5h")

    def test_wants_to_be_convinced(self):
        for answers, credentials, words in (
            ([b"\5\xff"], "", "it accepts no way of ours to log in\n" + WANTS_SOCKS),
            ([b"\5\2"], "", "it accepts no way of ours to log in\n" + WANTS_SOCKS),
            ([b"\5\xff"], "user:s3cret@", "it accepts no way of ours to log in\n"),
            ([b"\5\2", b"\1\1"], "user:s3cret@", "it refuses the user or the password\n")):
            with self.subTest(answers):
                self.check_fails(say(*answers), words, scheme="socks5h", credentials=credentials)

    def test_is_none(self):
        for answer in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\4\x5a\0\0\0\0\0\0"):
            with self.subTest(answer):
                self.check_fails(say(answer), "it does not answer in SOCKS 5\nhint: is it a SOCKS proxy?\n",
                                 scheme="socks5h")

    def test_ends(self):
        for answers in ([b""], [b"\5"], [b"\5\0", b"\5\0\0"]):
            with self.subTest(answers):
                self.check_fails(say(*answers), "it closed the connection without an answer\n", scheme="socks5h")

    def test_says_nothing(self):
        self.check_fails(lambda peer: peer.read_rest(), "timed out\n", "--connect-timeout", "0.3", scheme="socks5h")


def socks(bound=b"\1" + bytes(6)):
    """A script: a proxy without credentials that is the endpoint too. Returns what it is asked for."""
    def script(peer):
        if peer.take(3) != b"\5\1\0":
            raise AssertionError("not the greeting")
        peer.write(b"\5\0")
        asked = peer.take(5)
        asked += peer.take({1: 4, 3: asked[4] + 1, 4: 16}[asked[3]] + 1)
        peer.write(b"\5\0\0" + bound)
        peer.accept()
        peer.finish()
        return asked
    return script


class Environment(Case):
    def connect(self, proxy, variables, arguments, url):
        """Through the proxy of these variables, if it is used; if not, the connection is refused."""
        variables = {name: value.format(f"127.0.0.1:{proxy}") for name, value in variables.items()}
        result = run("--eof", "close", "--resolve", "*:81:127.0.0.1", *arguments, url, env={**ENVIRONMENT, **variables})
        self.assertNotIn("s3cret", result.stderr)
        return result

    def check_used(self, variables, *arguments, url=f"ws://{NAME}:81/"):
        with scripted(open_tunnel) as proxy:
            self.assertEqual(self.connect(proxy.port, variables, arguments, url), (0, b"", ""))
        return proxy.result[0]

    def check_unused(self, variables, *arguments, url=f"ws://{NAME}:81/"):
        with closed_port() as port:
            result = self.connect(port, variables, arguments, url)
        self.assertEqual(result, (4, b"", f"wscope: {url}: connection refused\n"))

    def test_for_ws(self):
        for name in ("http_proxy", "all_proxy", "ALL_PROXY"):
            with self.subTest(name):
                asked = self.check_used({name: "http://user:s3cret@{}"})
                self.assertTrue(asked.startswith(f"CONNECT {NAME}:81 HTTP/1.1\r\n"))
                self.assertEqual(header(asked, "Proxy-Authorization"), "Basic dXNlcjpzM2NyZXQ=")
        self.check_used({"http_proxy": "{}", "all_proxy": "socks5://127.0.0.1:1", "https_proxy": "127.0.0.1:1"})

    def test_for_wss(self):
        def script(peer):
            asked = peer.read_head()
            peer.write(OPENED)
            peer.socket.recv(1)
            return asked
        for name in ("https_proxy", "HTTPS_PROXY", "all_proxy"):
            with self.subTest(name), scripted(script) as proxy:
                result = run("-q", f"wss://{NAME}/", env={**ENVIRONMENT, name: f"127.0.0.1:{proxy.port}",
                                                          "http_proxy": "127.0.0.1:1"})
                self.assertEqual(result.status, 5)
            self.assertTrue(proxy.result.startswith(f"CONNECT {NAME}:443 HTTP/1.1\r\n"))

    def test_is_not_what_cgi_makes_of_a_header(self):
        self.check_unused({"HTTP_PROXY": "{}"})

    def test_with_exceptions(self):
        for exceptions in ("*", NAME, "example", ".example", "other.com, " + NAME, "MADE-UP.EXAMPLE", "x,example"):
            for variable in ("no_proxy", "NO_PROXY"):
                with self.subTest(exceptions):
                    self.check_unused({"http_proxy": "{}", variable: exceptions})
        for exceptions in ("", "up.example", "made-up.example.com", "other.example", "le"):
            with self.subTest(exceptions):
                self.check_used({"http_proxy": "{}", "no_proxy": exceptions})

    def test_is_not_for_this_machine(self):
        for host in ("localhost", "127.0.0.1", "127.1.2.3", "[::1]", "sub.localhost"):
            with self.subTest(host):
                self.check_unused({"http_proxy": "{}", "all_proxy": "{}"}, url=f"ws://{host}:81/")

    def test_is_less_than_an_option(self):
        self.check_unused({"http_proxy": "{}"}, "--proxy", "")
        with scripted(open_tunnel) as proxy:
            result = run("--proxy", f"127.0.0.1:{proxy.port}", "--eof", "close", f"ws://{NAME}/",
                         env={**ENVIRONMENT, "http_proxy": "127.0.0.1:1", "no_proxy": "*"})
        self.assertEqual(result, (0, b"", ""))

    def test_may_be_empty(self):
        self.check_unused({"http_proxy": "", "all_proxy": ""})

    def test_that_makes_no_sense(self):
        result = run(f"ws://{NAME}/", env={**ENVIRONMENT, "http_proxy": "ftp://user:s3cret@host"})
        self.assertEqual((result.status, result.stdout), (2, b""))
        self.assertRegex(result.stderr, r"^wscope: http_proxy: [^\n]*\n(hint: [^\n]+\n)?$")
        self.assertNotIn("s3cret", result.stderr)


class Options(Case):
    def test_that_make_no_sense(self):
        for proxy in ("ftp://user:s3cret@host", "http://", "http://user:s3cret@", "http://user:s3cret@host:99999",
                      "http://user:s3cret@ho st", "socks4://user:s3cret@host", "http://user:s3cret@host/path"):
            with self.subTest(proxy):
                result = run("--proxy", proxy, f"ws://{NAME}/")
                self.assertEqual((result.status, result.stdout), (2, b""))
                self.assertRegex(result.stderr, r"^wscope: --proxy: [^\n]+\n(hint: [^\n]+\n)?$")
                self.assertNotIn("s3cret", result.stderr)

    def test_that_lead_nowhere(self):
        for arguments in (("echo:",), ("ws+unix:/x",), ("--unix-socket", "/x", f"ws://{NAME}/")):
            self.assertEqual(run("--proxy", "127.0.0.1:1", *arguments).status, 2)


if __name__ == "__main__":
    unittest.main()
