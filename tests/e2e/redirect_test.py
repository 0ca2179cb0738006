"""-L: where redirections lead, what goes along, and where they end."""

import ssl
import unittest

import authority
from peer import closed_port, header, reject, scripted
from secure import scripted_tls, server_context
from support import Case, run

NOT_FOLLOWED = "the redirection leads from wss to ws: not followed"


def polite(peer):
    """A script: accepts, and answers the Close. Returns the request."""
    request = peer.accept()
    peer.finish()
    return request


def redirect(location, status="302 Found", **options):
    """A script: sends the client elsewhere. Returns the request."""
    def script(peer):
        read = peer.read_head
        request = None

        def read_head():
            nonlocal request
            request = read()
            return request
        peer.read_head = read_head
        reject(status, "Location: " + location, **options)(peer)
        return request
    return script


def target(request):
    return request.split(" ")[1]


class Following(Case):
    def follow(self, *scripts, arguments=(), path="", status=0, stderr=""):
        """The requests that a server got."""
        with scripted(*scripts) as server:
            result = run("-L", "--eof", "close", *arguments, server.url + path)
        self.assertEqual(result, (status, b"", stderr))
        return server.results

    def test_within_an_origin(self):
        for location, expected in (("/there", "/there"), ("there", "/a/there"), ("../there?x=y", "/there?x=y"),
                                   ("./", "/a/"), ("?q", "/a/b?q"), ("/there#fragment", "/there"), ("", "/a/b?old")):
            with self.subTest(location):
                first, second = self.follow(redirect(location), polite, path="a/b?old")
                self.assertEqual((target(first), target(second)), ("/a/b?old", expected))
                self.assertEqual(header(first, "Host"), header(second, "Host"))

    def test_of_every_kind(self):
        for status in ("301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect",
                       "308 Permanent Redirect"):
            with self.subTest(status):
                self.assertEqual(target(self.follow(redirect("/x", status), polite)[1]), "/x")

    def test_to_another_origin(self):
        for scheme in ("ws", "http", "WS", "Http"):
            with self.subTest(scheme), scripted(polite) as other:
                self.follow(redirect(f"{scheme}://127.0.0.1:{other.port}/there"))
            self.assertEqual(header(other.result, "Host"), f"127.0.0.1:{other.port}")
            self.assertEqual(target(other.result), "/there")

    def test_without_a_scheme(self):
        with scripted(polite) as other:
            self.follow(redirect(f"//127.0.0.1:{other.port}/there"))
        self.assertEqual(target(other.result), "/there")

    def test_with_a_body_in_the_way(self):
        self.follow(redirect("/x", body=b"moved\n" * 10_000), polite)

    def test_several(self):
        requests = self.follow(redirect("/1"), redirect("/2"), redirect("/3"), polite)
        self.assertEqual([target(request) for request in requests], ["/", "/1", "/2", "/3"])
        self.assertEqual(len({header(request, "Sec-WebSocket-Key") for request in requests}), 4)

    def test_to_tls(self):
        for scheme in ("wss", "https"):
            with self.subTest(scheme), scripted_tls(server_context(authority.good()), polite) as secure:
                self.follow(redirect(f"{scheme}://127.0.0.1:{secure.port}/"), arguments=("-n",))
                self.assertIsInstance(secure.result or "", str)
            self.assertEqual(target(secure.result), "/")

    def test_from_tls_to_tls(self):
        context = server_context(authority.good())
        with scripted_tls(context, redirect("/there"), polite) as server:
            self.assertEqual(run("-L", "-n", "--eof", "close", server.url), (0, b"", ""))
        self.assertEqual(target(server.result), "/there")

    def test_is_shown(self):
        with scripted(redirect("/there"), polite) as server:
            result = run("-L", "-v", "--eof", "close", server.url)
        self.assertEqual(result.status, 0)
        self.assertIn(f"\n* redirected to {server.url}there\n", result.stderr)
        self.assertIn("\n< HTTP/1.1 302 Found\n", result.stderr)
        self.assertIn("\n> GET /there HTTP/1.1\n", result.stderr)


class Cookies(Case):
    def follow(self, *fields, typed=(), location="/there", path=""):
        with scripted(redirect(location + "".join(f"\r\nSet-Cookie: {field}" for field in fields)), polite) as server:
            self.assertEqual(run("-L", "--eof", "close", *typed, server.url + path), (0, b"", ""))
        return [header(request, "Cookie") for request in server.results]

    def test_that_a_redirection_sets_go_along(self):
        self.assertEqual(self.follow("sid=1; Path=/; HttpOnly", "b=2"), [None, "sid=1; b=2"])
        self.assertEqual(self.follow("sid=1", "sid=2", typed=("--cookie", "sid=0; c=3")), ["sid=0; c=3", "c=3; sid=2"])

    def test_have_rules(self):
        self.assertEqual(self.follow("a=1; Path=/other", "b=1; Secure", "c=1; Max-Age=0", "d=1; Domain=example.com",
                                     "e=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "f", "g=1; Path=/there"),
                         [None, "g=1"])
        self.assertEqual(self.follow("a=1", path="deep/er", location="/deep/x"), [None, "a=1"])
        self.assertEqual(self.follow("a=1", path="deep/er"), [None, None])

    def test_are_deleted(self):
        self.assertEqual(self.follow("a=; Max-Age=0; Path=/", typed=("--cookie", "a=1; b=2")), ["a=1; b=2", "b=2"])

    def test_of_one_origin_do_not_go_to_another(self):
        with scripted(polite) as other:
            with scripted(redirect(f"ws://127.0.0.1:{other.port}/\r\nSet-Cookie: s3cret=1; Path=/")) as server:
                self.assertEqual(run("-L", "--eof", "close", server.url), (0, b"", ""))
        self.assertNotIn("s3cret", other.result)

    def test_are_not_shown(self):
        with scripted(redirect("/x\r\nSet-Cookie: a=s3cret"), polite) as server:
            result = run("-L", "-v", "--eof", "close", server.url)
        self.assertEqual(header(server.result, "Cookie"), "a=s3cret")
        self.assertNotIn("s3cret", result.stderr)


class Credentials(Case):
    SECRET = ("--cookie", "a=s3cret", "-H", "X-Key: kept")
    WAYS = (("-u", "user:s3cret"), ("--bearer", "s3cret"), ("-H", "authorization: s3cret"),
            ("-H", "Authorization: s3cret", "-H", "Proxy-Authorization: s3cret"))

    def test_stay_within_their_origin(self):
        for way in self.WAYS:
            with self.subTest(way), scripted(redirect("/there"), polite) as server:
                self.assertEqual(run("-L", *self.SECRET, *way, "--eof", "close", server.url), (0, b"", ""))
            first, second = server.results
            for name in ("Authorization", "Cookie", "X-Key"):
                self.assertIsNotNone(header(first, name))
                self.assertEqual(header(first, name), header(second, name))

    def test_of_the_url_stay_within_their_origin(self):
        with scripted(redirect("/there"), polite) as server:
            self.assertEqual(run("-L", "--eof", "close", server.url.replace("//", "//user:s3cret@")), (0, b"", ""))
        self.assertEqual([header(request, "Authorization") for request in server.results],
                         ["Basic dXNlcjpzM2NyZXQ="] * 2)

    def test_do_not_go_anywhere_else(self):
        for way in (*self.WAYS, ()):
            with self.subTest(way), scripted(polite) as other, scripted(redirect(other.url)) as server:
                url = server.url if way else server.url.replace("//", "//user:s3cret@")
                self.assertEqual(run("-L", *self.SECRET, *way, "--eof", "close", url), (0, b"", ""))
            self.assertIsNotNone(header(server.result, "Authorization"))
            self.assertNotIn("s3cret", other.result)
            self.assertIsNone(header(other.result, "Authorization"))
            self.assertIsNone(header(other.result, "Cookie"))
            self.assertEqual(header(other.result, "X-Key"), "kept")
            self.assertEqual(header(other.result, "Host"), f"127.0.0.1:{other.port}")

    def test_do_not_come_back(self):
        """Once dropped, they are gone."""
        with scripted(redirect("/x"), polite) as last:
            with scripted(redirect(last.url)) as server:
                self.assertEqual(run("-L", *self.SECRET, "--bearer", "s3cret", "--eof", "close", server.url),
                                 (0, b"", ""))
        for request in last.results:
            self.assertNotIn("s3cret", request)

    def certificates(self, *ways):
        """Whether our certificate was shown to each of the scripts, which are here (True) or at a second server with
        TLS; all but the last lead to the next one."""
        context = server_context(authority.good(), authority.root())
        context.verify_mode = ssl.CERT_OPTIONAL
        urls = {}

        def script_of(i):
            def script(peer):
                seen.append(bool(peer.socket.getpeercert()))
                (polite if i + 1 == len(ways) else redirect(urls[ways[i + 1]]))(peer)
            return script
        seen = []
        here, there = ([script_of(i) for i, way in enumerate(ways) if way == side] for side in (True, False))
        identity = authority.client()
        with scripted_tls(context, *here) as server, scripted_tls(context, *there) as other:
            urls.update({True: server.url, False: other.url})
            result = run("-L", "-k", "--cert", identity.certificate, "--key", identity.key, "--eof", "close",
                         urls[ways[0]])
        self.assertEqual(result, (0, b"", ""))
        return seen

    def test_are_a_certificate_too(self):
        self.assertEqual(self.certificates(True, True), [True, True])
        self.assertEqual(self.certificates(True, False, True), [True, False, False])

    def test_are_a_certificate_that_another_scheme_does_not_see(self):
        identity = authority.client()
        context = server_context(authority.good(), authority.root())
        context.verify_mode = ssl.CERT_OPTIONAL
        shown = []

        def look(peer):
            shown.append(bool(peer.socket.getpeercert()))
            polite(peer)
        with scripted_tls(context, look) as other, scripted(redirect(other.url)) as server:
            self.assertEqual(run("-L", "-k", "--cert", identity.certificate, "--key", identity.key, "--eof", "close",
                                 server.url), (0, b"", ""))
        self.assertEqual(shown, [False])

    def test_of_the_new_url_are_for_it(self):
        with scripted(polite) as other:
            with scripted(redirect(other.url.replace("//", "//new:pass@"))) as server:
                self.assertEqual(run("-L", "-u", "user:s3cret", "--eof", "close", server.url), (0, b"", ""))
        self.assertEqual(header(other.result, "Authorization"), "Basic bmV3OnBhc3M=")

    def test_are_in_no_message(self):
        with closed_port() as port, scripted(redirect(f"ws://user:s3cret@127.0.0.1:{port}/")) as server:
            result = run("-L", "-v", "--bearer", "s3cret", server.url)
        self.assertEqual(result.status, 4)
        self.assertTrue(result.stderr.endswith(f"\nwscope: ws://127.0.0.1:{port}/: connection refused\n"))
        self.assertNotIn("s3cret", result.stderr)
        with scripted(reject("302 Found", "Location: ws://user:s3cret@127.0.0.1/")) as server:
            result = run("-v", server.url)
        self.assertEqual(result.status, 6)
        self.assertNotIn("s3cret", result.stderr)


class NotFollowing(Case):
    def check(self, script, words, *arguments, count=1):
        with scripted(*[script] * count) as server:
            result = run(*arguments, server.url)
        self.assertEqual(result, (6, b"", f"wscope: {words.format(url=server.url)}\n"))

    def test_unless_asked_to(self):
        self.check(redirect("/there"), "upgrade refused: HTTP 302 Found\nhint: 302: it has moved to /there, "
                                       "-L follows it")

    def test_without_end(self):
        loop = redirect("/")
        self.check(loop, "{url}: more than 10 redirections (--max-redirects)", "-L", count=11)
        self.check(loop, "{url}: more than 2 redirections (--max-redirects)", "--location", "--max-redirects", "2",
                   count=3)

    def test_from_tls_to_none(self):
        for location in ("ws://127.0.0.1:1/", "http://127.0.0.1:1/"):
            with self.subTest(location), scripted_tls(server_context(authority.good()), redirect(location)) as server:
                result = run("-L", "-n", server.url)
                self.assertEqual(result, (6, b"", f"wscope: {server.url}: {NOT_FOLLOWED}\n"))

    def test_to_nowhere(self):
        for location in ("ftp://host/", "ws://", "ws://user:s3cret@ho st/", "http://[::1"):
            with self.subTest(location), scripted(redirect(location)) as server:
                result = run("-L", server.url)
                self.assertEqual((result.status, result.stdout), (6, b""))
                self.assertRegex(result.stderr,
                                 f"^wscope: {server.url}: the redirection leads nowhere: [^\n]+\n(hint: [^\n]+\n)?$")
                self.assertNotIn("s3cret", result.stderr)

    def test_without_a_location(self):
        self.check(reject("302 Found"), "upgrade refused: HTTP 302 Found", "-L")

    def test_what_the_new_place_says_counts(self):
        with scripted(redirect("/there"), reject("404 Not Found")) as server:
            result = run("-L", server.url)
        self.assertEqual(result, (6, b"", "wscope: upgrade refused: HTTP 404 Not Found\n"
                                          "hint: 404: is this the path of the WebSocket endpoint?\n"))

    def test_nonsense(self):
        for value in ("-1", "x"):
            self.assertEqual(run("-L", "--max-redirects", value, "ws://x/").status, 2)


if __name__ == "__main__":
    unittest.main()
