"""wscope curl: lines as browsers copy them, and what the server gets to see."""

import shlex
import unittest

import authority
from peer import header, scripted
from secure import scripted_tls, server_context
from support import Case, run, shell

CHROME = r"""curl 'URL' \
  -H 'Upgrade: websocket' \
  -H 'Origin: https://app.example' \
  -H 'Cache-Control: no-cache' \
  -H 'Accept-Language: en-GB,en;q=0.9,de;q=0.8' \
  -H 'Pragma: no-cache' \
  -H 'Connection: Upgrade' \
  -H 'Sec-WebSocket-Key: 7yOlkzKwIyrkqcoFKT9XQg==' \
  -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36' \
  -H 'Sec-WebSocket-Version: 13' \
  -H 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits' \
  -b 'session=s3cret; theme=dark'"""
OLDER_CHROME = r"""curl 'URL' \
  -H 'Pragma: no-cache' \
  -H 'Origin: https://app.example' \
  -H 'Accept-Encoding: gzip, deflate, br' \
  -H 'Sec-WebSocket-Version: 13' \
  -H 'Sec-WebSocket-Key: 7yOlkzKwIyrkqcoFKT9XQg==' \
  -H 'User-Agent: Chrome' \
  -H 'Upgrade: websocket' \
  -H 'Cookie: session=s3cret' \
  -H 'Connection: Upgrade' \
  -H 'Sec-WebSocket-Protocol: chat, superchat' \
  --compressed \
  --insecure"""
FIREFOX = (
    "curl 'URL' --compressed -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0' "
    "-H 'Accept: */*' -H 'Accept-Language: en-GB,en;q=0.5' -H 'Accept-Encoding: gzip, deflate, br, zstd' "
    "-H 'Sec-WebSocket-Version: 13' -H 'Origin: https://app.example' -H 'Sec-WebSocket-Protocol: chat' "
    "-H 'Sec-WebSocket-Extensions: permessage-deflate' -H 'Sec-WebSocket-Key: IXKxYHmZ8ygzUBxXnUVmSQ==' "
    "-H 'Connection: keep-alive, Upgrade' -H 'Cookie: session=s3cret' -H 'Sec-Fetch-Dest: empty' "
    "-H 'Sec-Fetch-Mode: websocket' -H 'Sec-Fetch-Site: same-site' -H 'Pragma: no-cache' "
    "-H 'Cache-Control: no-cache' -H 'Upgrade: websocket'")
SAFARI = r"""curl 'URL' \
-X 'GET' \
-H 'Upgrade: websocket' \
-H 'Origin: https://app.example' \
-H 'Sec-WebSocket-Key: c7P6wjhEiHhuzBhbGg9YbQ==' \
-H 'Sec-WebSocket-Version: 13' \
-H 'Cache-Control: no-cache' \
-H 'Pragma: no-cache' \
-H 'Connection: Upgrade' \
-H 'User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15' \
-H 'Sec-WebSocket-Extensions: permessage-deflate'"""
KEYS = ("7yOlkzKwIyrkqcoFKT9XQg==", "IXKxYHmZ8ygzUBxXnUVmSQ==", "c7P6wjhEiHhuzBhbGg9YbQ==")
OURS = ("Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "User-Agent")
IGNORED = "wscope: ignored, as it means nothing here: "


def polite(*answer):
    def script(peer):
        request = peer.accept(*answer)
        peer.finish()
        return request
    return script


def values(request, name):
    return [line.partition(": ")[2] for line in request.split("\r\n") if line.lower().startswith(name.lower() + ":")]


class Pasted(Case):
    def paste(self, line, *more, answer=()):
        """The request, and what was said on stderr, of a line pasted into a shell behind `wscope `."""
        with scripted(polite(*answer)) as server:
            line = line.replace("curl ", '"$1" curl ', 1).replace("URL", server.url + "chat?room=1")
            result = shell(line + " --eof close " + shlex.join(more))
        self.assertEqual(result[:2], (0, b""), result)
        request = server.result
        self.assertTrue(request.startswith("GET /chat?room=1 HTTP/1.1\r\n"))
        for name in OURS:
            self.assertEqual(len(values(request, name)), 1, (name, request))
        self.assertEqual(header(request, "Host"), server.url[5:-1])
        self.assertEqual(header(request, "Connection"), "Upgrade")
        self.assertNotIn(header(request, "Sec-WebSocket-Key"), KEYS)
        self.assertEqual(values(request, "Origin"), ["https://app.example"])
        self.assertLessEqual(len(values(request, "Sec-WebSocket-Extensions")), 1)
        self.assertEqual(values(request, "Accept-Encoding"), [])
        return request, result.stderr

    def test_of_chrome(self):
        request, stderr = self.paste(CHROME)
        self.assertEqual(stderr, "")
        self.assertEqual(values(request, "Cookie"), ["session=s3cret; theme=dark"])
        self.assertTrue(header(request, "User-Agent").endswith("Chrome/131.0.0.0 Safari/537.36"))
        for name, value in (("Cache-Control", "no-cache"), ("Pragma", "no-cache"),
                            ("Accept-Language", "en-GB,en;q=0.9,de;q=0.8")):
            self.assertEqual(values(request, name), [value])

    def test_of_an_older_chrome(self):
        request, stderr = self.paste(OLDER_CHROME, answer=["Sec-WebSocket-Protocol: superchat"])
        self.assertEqual(stderr, IGNORED + "--compressed\n")
        self.assertEqual(values(request, "Sec-WebSocket-Protocol"), ["chat, superchat"])
        self.assertEqual(values(request, "Cookie"), ["session=s3cret"])

    def test_of_firefox(self):
        request, stderr = self.paste(FIREFOX, answer=["Sec-WebSocket-Protocol: chat"])
        self.assertEqual(stderr, IGNORED + "--compressed\n")
        self.assertEqual(values(request, "Sec-WebSocket-Protocol"), ["chat"])
        self.assertEqual(values(request, "Sec-Fetch-Mode"), ["websocket"])

    def test_of_safari(self):
        request, stderr = self.paste(SAFARI)
        self.assertEqual(stderr, "")
        self.assertTrue(header(request, "User-Agent").endswith("Safari/605.1.15"))

    def test_with_options_of_ours_behind_it(self):
        stderr = self.paste(FIREFOX, "--quiet", answer=["Sec-WebSocket-Protocol: chat"])[1]
        self.assertEqual(stderr, "")

    def test_of_tls(self):
        with scripted_tls(server_context(authority.self_signed()), polite()) as server:
            result = run("curl", server.url, "--compressed", "-k", "-s", "--eof", "close")
        self.assertEqual(result, (0, b"", IGNORED + "--compressed, -s\n"))


class Letters(Case):
    """curl's meanings, where wscope's are others."""

    def request(self, *arguments):
        with scripted(polite()) as server:
            result = run("curl", *arguments, server.url, "--eof", "close")
        self.assertEqual(result[:2], (0, b""), result)
        return server.result, result.stderr

    def test_that_differ(self):
        request, stderr = self.request("-sS", "-i", "-o", "/dev/null", "-b", "a=1", "-e", "http://from.example/", "-A",
                                       "me", "-u", "user:s3cret", "-g", "-N")
        self.assertTrue(stderr.startswith(IGNORED), stderr)
        for letter in ("-s", "-S", "-i", "-o", "-g", "-N"):
            self.assertRegex(stderr, rf"[ ]{letter}\b")
        self.assertNotIn("s3cret", stderr)
        self.assertEqual(header(request, "Cookie"), "a=1")
        self.assertEqual(header(request, "Referer"), "http://from.example/")
        self.assertEqual(header(request, "User-Agent"), "me")
        self.assertEqual(header(request, "Authorization"), "Basic dXNlcjpzM2NyZXQ=")

    def test_in_one_word(self):
        request, _ = self.request("-sSHX-A: 1", "-H", "X-A: 2", "-XGET")
        self.assertEqual(values(request, "X-A"), ["1", "2"])

    def test_of_the_url(self):
        with scripted(polite()) as server:
            result = run("curl", "--url", server.url.replace("ws:", "http:"), "--eof", "close")
        self.assertEqual(result, (0, b"", ""))

    def test_that_cannot_be(self):
        for arguments in (["-d", "x"], ["--data-raw", "x"], ["-X", "POST"], ["-F", "a=b"], ["-H"], ["-?"]):
            with self.subTest(arguments):
                result = run("curl", "ws://x/", *arguments)
                self.assertEqual((result.status, result.stdout), (2, b""))
                self.assertRegex(result.stderr, r"^wscope: [^\n]+\n(hint: [^\n]+\n)?$")

    def test_of_a_line_without_a_url(self):
        self.assertEqual(run("curl", "--compressed").status, 2)

    def test_nothing_secret_in_errors(self):
        for arguments in (["-H", "X: s3cret\n"], ["-b", "a=s3cret\n"], ["-u", "user:s3cret", "-X", "POST"],
                          ["-d", "s3cret"], ["--oauth2-bearer", "s3cret\n"], ["--oauth2-baerer", "s3cret"]):
            with self.subTest(arguments):
                result = run("curl", "ws://user:s3cret@x.invalid/", *arguments)
                self.assertEqual(result.status, 2)
                self.assertNotIn("s3cret", result.stderr)


if __name__ == "__main__":
    unittest.main()
