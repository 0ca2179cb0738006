"""wss://: whom the client believes, what it shows and speaks, and how a stream ends. Exit status and words, exactly."""

import functools
import pathlib
import socket
import ssl
import unittest

import authority
from peer import BINARY, CLOSE, TEXT, close_payload, encode, scripted
from secure import TLS_1_2, TLS_1_3, scripted_tls, secured, server_context
from support import DEADLINE, ENVIRONMENT, Case, Server, eventually, feed, finish, read_exactly, run, start

SKIP = "--insecure skips the check"
CLOCK = f"if it is this machine's clock that is wrong, set it; {SKIP}"
OTHER_NAME = f"--servername NAME asks for another name, {SKIP}"
OTHER_ISSUER = f"{SKIP}, --cacert FILE trusts another issuer"
WANTS_ONE = ("the server wants a client certificate", "--cert FILE gives one, with --key FILE for its key")
VERSIONS = {"TLS 1.2": TLS_1_2, "TLS 1.3": TLS_1_3}


def polite(peer):
    """A script: accepts, and answers the Close. Returns what TLS has agreed on."""
    peer.accept()
    agreed = peer.socket.version(), peer.socket.cipher()[0], peer.socket.selected_alpn_protocol()
    peer.finish()
    return agreed


class Secure(Case):
    host = "127.0.0.1"

    def connect(self, context, *arguments, script=polite, **options):
        """The result of a client that closes at once."""
        with scripted_tls(context, script, host=self.host) as self.server:
            return run("-4" if self.host == "localhost" else "-q", "--eof", "close", *arguments, self.server.url,
                       **options)

    def check_good(self, context, *arguments, **options):
        self.assertEqual(self.connect(context, *arguments, **options), (0, b"", ""))
        return self.server.result

    def check_fails(self, context, words, hint, *arguments, status=5, **options):
        """With hints, so not quiet."""
        with scripted_tls(context, polite, host=self.host) as self.server:
            result = run("-4", "--eof", "close", *arguments, self.server.url, **options)
        hint = f"hint: {hint}\n" if hint else ""
        self.assertEqual(result, (status, b"", f"wscope: {self.server.url}: {words}\n{hint}"))
        self.assertNotIsInstance(self.server.result, tuple)


def root_file():
    return authority.root().certificate


class Trust(Secure):
    def test_of_a_file(self):
        for option in ("--ca", "--cacert"):
            for self.host in ("127.0.0.1", "localhost"):
                with self.subTest(option, host=self.host):
                    self.check_good(server_context(authority.good()), option, root_file())

    def test_of_a_directory(self):
        self.check_good(server_context(authority.good()), "--capath", authority.hashed())

    def test_of_the_system(self):
        context = server_context(authority.good())
        for name, value in (("SSL_CERT_FILE", root_file()), ("SSL_CERT_DIR", authority.hashed())):
            with self.subTest(name):
                self.check_good(context, env={**ENVIRONMENT, name: value})
        self.check_fails(context, "unknown issuer: CN=Test Root", OTHER_ISSUER)

    def test_of_a_chain(self):
        context = server_context(authority.with_chain())
        self.check_good(context, "--cacert", root_file())
        self.check_good(context, "--cacert", authority.intermediate().certificate)
        self.check_fails(server_context(authority.incomplete()), "unknown issuer: CN=Test Intermediate", SKIP,
                         "--cacert", root_file())

    def test_of_nobody_in_a_file(self):
        empty = authority.file("empty")
        pathlib.Path(empty).touch()
        for option, path, words in (
            ("--cacert", "/nonexistent", "/nonexistent: no such file or directory\n"),
            ("--cacert", empty, f"{empty}: holds no certificate in PEM form\n"),
            ("--capath", "/nonexistent", "/nonexistent: holds no certificates named by their hash\n"
                                         "hint: \"openssl rehash\" makes such names\n")):
            with self.subTest(option, path=path):
                self.assertEqual(run(option, path, "wss://127.0.0.1:1/"), (1, b"", "wscope: " + words))


class Distrust(Secure):
    def test_of_certificates(self):
        for name, identity, words, hint in (
            ("expired", authority.expired(), "certificate expired on 2021-02-03", CLOCK),
            ("not yet valid", authority.not_yet_valid(), "certificate is not valid before 2080-01-02", CLOCK),
            ("wrong address", authority.wrong_name(),
             "certificate is for elsewhere.example, other.example, 192.0.2.1, not 127.0.0.1", OTHER_NAME),
            ("self-signed", authority.self_signed(), "certificate is self-signed",
             f"{SKIP}, --pin {authority.self_signed().pin} trusts this very key"),
            ("unknown issuer", authority.unknown_issuer(), "unknown issuer: CN=Other Root", SKIP)):
            with self.subTest(name):
                self.check_fails(server_context(identity), words, hint, "--cacert", root_file())

    def test_of_a_wrong_host_name(self):
        self.host = "localhost"
        self.check_fails(server_context(authority.wrong_name()),
                         "certificate is for elsewhere.example, other.example, 192.0.2.1, not localhost", OTHER_NAME,
                         "--cacert", root_file())

    def test_of_a_common_name_alone(self):
        self.host = "localhost"
        identity = authority.issue("LocalHost", (), authority.root(), extensions="basicConstraints = CA:false\n")
        words = "certificate has no subjectAltName for a host (the common name LocalHost does not count), so it is " \
                "not for localhost"
        self.check_fails(server_context(identity), words, f"{SKIP}, --pin {identity.pin} trusts this very key",
                         "--cacert", root_file())
        self.check_good(server_context(identity), "--pin", identity.pin)

    def test_says_so_to_the_server(self):
        self.check_fails(server_context(authority.expired()), "certificate expired on 2021-02-03", CLOCK, "--cacert",
                         root_file())
        self.assertIn("ALERT_CERTIFICATE_EXPIRED", str(self.server.result))

    def test_can_be_done_without(self):
        for identity in (authority.expired(), authority.wrong_name(), authority.self_signed(),
                         authority.unknown_issuer()):
            self.check_good(server_context(identity), "--insecure")
        for option in ("-n", "-k", "--no-check"):
            with self.subTest(option):
                self.check_good(server_context(authority.self_signed()), option)

    def test_escapes_what_the_certificate_says(self):
        evil = authority.issue("evil", ("DNS:a\x1b[31m.example",), authority.root())
        result = run("--cacert", root_file(), "--eof", "close", *self.url_of(evil))
        self.assertEqual(result.status, 5)
        self.assertNotIn("\x1b", result.stderr)
        self.assertIn("certificate is for a\\x1b[31m.example", result.stderr)

    def url_of(self, identity):
        served = scripted_tls(server_context(identity), polite)
        self.addCleanup(served.__exit__, None, None, None)
        return [served.__enter__().url]


class Pins(Secure):
    def test_of_the_right_key_are_enough(self):
        identity = authority.self_signed()
        self.check_good(server_context(identity), "--pin", identity.pin)
        self.check_good(server_context(identity), "--pin", authority.good().pin, "--pin", identity.pin)

    def test_of_another_key(self):
        identity, other = authority.good(), authority.client().pin
        words = f"pin does not match: the server's is {identity.pin}"
        context = server_context(identity)
        for more in ((), ("--cacert", root_file()), ("--insecure",)):
            with self.subTest(more):
                self.check_fails(context, words, "", "--pin", other, *more)

    def test_and_an_issuer_must_both_be_right(self):
        identity = authority.unknown_issuer()
        self.check_fails(server_context(identity), "unknown issuer: CN=Other Root", SKIP, "--cacert",
                         root_file(), "--pin", identity.pin)

    def test_that_are_none(self):
        for pin in ("", "sha256//", "sha256//AAAA", authority.good().pin[8:]):
            result = run("--pin=" + pin, "wss://127.0.0.1:1/")
            self.assertEqual((result.status, result.stdout), (2, b""), result)


class ClientCertificates(Secure):
    def context(self, most, identity=None):
        return server_context(identity or authority.good(), authority.root(), most=most)

    def each_version(self):
        for name, version in VERSIONS.items():
            with self.subTest(name):
                yield self.context(version)

    def test_given(self):
        identity = authority.client()
        both = authority.file("both.pem")
        pathlib.Path(both).write_text(pathlib.Path(identity.certificate).read_text()
                                      + pathlib.Path(identity.key).read_text())

        def script(peer):
            peer.accept()
            subject = peer.socket.getpeercert()["subject"]
            peer.finish()
            return subject
        for context in self.each_version():
            for arguments in (("--cert", identity.certificate, "--key", identity.key), ("--cert", both)):
                subject = self.check_good(context, "--cacert", root_file(), *arguments, script=script)
                self.assertEqual(subject, ((("commonName", "a client"),),))

    def test_missing(self):
        for context in self.each_version():
            self.check_fails(context, *WANTS_ONE, "--cacert", root_file())

    def test_refused(self):
        identity = authority.other_client()
        for context in self.each_version():
            self.check_fails(context, "the server refuses our certificate: unknown issuer", "", "--cacert", root_file(),
                             "--cert", identity.certificate, "--key", identity.key)

    def test_with_a_key_that_is_encrypted(self):
        identity = authority.client()
        arguments = "--cacert", root_file(), "--cert", identity.certificate, "--key", identity.encrypted_key
        self.check_good(self.context(TLS_1_3), *arguments, "--passphrase=" + authority.PASSPHRASE)
        for more, words in (
            (["--passphrase=s3cret"], "the passphrase is wrong\n"),
            ([], "the key is encrypted\nhint: --passphrase unlocks it\n")):
            result = run(*arguments, *more, "wss://127.0.0.1:1/")
            self.assertEqual(result, (2, b"", f"wscope: {identity.encrypted_key}: {words}"))

    def test_in_one_file(self):
        arguments = "--cacert", root_file(), "--passphrase=" + authority.PASSPHRASE, "--cert"
        for context in self.each_version():
            self.check_good(context, *arguments, authority.packed(authority.client()))

    def test_in_one_file_that_openssl_does_not_read(self):
        try:
            path = authority.packed(authority.client(), "-legacy")
        except AssertionError:
            self.skipTest("this openssl command has no -legacy")
        result = run("--cert", path, "--passphrase=" + authority.PASSPHRASE, "wss://127.0.0.1:1/")
        self.assertEqual((result.status, result.stdout), (1, b""))
        self.assertRegex(result.stderr, r"is encrypted in a way that OpenSSL has given up.*\nhint: openssl pkcs12 -legacy")

    def test_that_are_none(self):
        one, other = authority.client(), authority.other_client()
        for arguments, status, words in (
            (("--cert", "/nonexistent"), 1, "/nonexistent: no such file or directory\n"),
            (("--cert", one.key), 1, f"{one.key}: holds no certificate in PEM form\n"),
            (("--cert", one.certificate), 1, f"{one.certificate}: holds no private key in PEM form\n"),
            (("--cert", one.certificate, "--key", other.key), 2,
             f"{other.key}: the key is not that of the certificate in {one.certificate}\n"),
            (("--key", one.key), 2, "--key and --passphrase need --cert\nhint: try wscope --help\n")):
            with self.subTest(arguments):
                self.assertEqual(run(*arguments, "wss://127.0.0.1:1/"), (status, b"", "wscope: " + words))


class Agreement(Secure):
    def agreed(self, *arguments, **choices):
        return self.check_good(server_context(authority.good(), **choices), "--cacert", root_file(), *arguments)

    def test_on_a_version(self):
        self.assertEqual(self.agreed()[0], "TLSv1.3")
        self.assertEqual(self.agreed(most=TLS_1_2)[0], "TLSv1.2")
        self.assertEqual(self.agreed(least=TLS_1_3)[0], "TLSv1.3")
        self.assertEqual(self.agreed("--tls-min", "1.2", most=TLS_1_2)[0], "TLSv1.2")
        self.assertEqual(self.agreed("--tls-min", "1.3")[0], "TLSv1.3")
        self.check_fails(server_context(authority.good(), most=TLS_1_2), "no common TLS version", "", "--cacert",
                         root_file(), "--tls-min", "1.3")

    def test_on_a_cipher(self):
        for cipher, choices in (("ECDHE-ECDSA-CHACHA20-POLY1305", {"most": TLS_1_2}), ("TLS_AES_128_GCM_SHA256", {})):
            self.assertEqual(self.agreed("--ciphers", cipher, **choices)[1], cipher)
        self.check_fails(
            server_context(authority.good(), most=TLS_1_2, ciphers="ECDHE-ECDSA-AES128-GCM-SHA256"),
            "no common TLS version or cipher", "", "--cacert", root_file(), "--ciphers",
            "ECDHE-ECDSA-CHACHA20-POLY1305")
        result = run("--ciphers", "ROT13", "wss://127.0.0.1:1/")
        self.assertEqual(result, (2, b"", 'wscope: no such cipher in "ROT13"\n'
                                          'hint: "openssl ciphers -v" lists what there is\n'))

    def test_on_http_1_1(self):
        self.assertEqual(self.agreed(protocols=["h2", "http/1.1"])[2], "http/1.1")
        self.assertIsNone(self.agreed()[2])

    def test_on_a_name(self):
        for self.host, arguments, wanted in (("localhost", (), "localhost"), ("127.0.0.1", (), None),
                                             ("127.0.0.1", ("--servername", "localhost"), "localhost"),
                                             ("localhost", ("--servername", ""), None)):
            asked = []
            context = server_context(authority.good())
            context.sni_callback = lambda _, name, __: asked.append(name)
            self.check_good(context, "--cacert", root_file(), *arguments)
            self.assertEqual(asked, [wanted])
        self.host = "localhost"
        result = self.connect(server_context(authority.wrong_name()), "--cacert", root_file(), "--servername=")
        self.assertEqual(result.status, 5)
        self.assertRegex(result.stderr, "certificate is for [^\n]*, not localhost\n")
        self.host = "127.0.0.1"
        self.check_good(server_context(authority.wrong_name()), "--cacert", root_file(), "--servername",
                        "other.example")

    def test_is_logged(self):
        for most, label in ((TLS_1_2, "CLIENT_RANDOM "), (TLS_1_3, "CLIENT_TRAFFIC_SECRET_0 ")):
            path = pathlib.Path(authority.file("keys"))
            self.check_good(server_context(authority.good(), most=most), "-n", env={
                **ENVIRONMENT, "SSLKEYLOGFILE": str(path)})
            self.assertRegex(path.read_text(), f"(?m)^{label}[0-9a-f]{{64}} [0-9a-f]+$")

    def test_is_shown(self):
        with scripted_tls(server_context(authority.with_chain(), protocols=["http/1.1"]), polite) as server:
            result = run("-v", "--cacert", root_file(), "--eof", "close", server.url)
        self.assertEqual(result[:2], (0, b""))
        lines = result.stderr.split("\n")
        self.assertEqual(lines[0], f"* trying 127.0.0.1:{server.port}")
        self.assertRegex(lines[1], r"^\* TLSv1\.3, TLS_[A-Z0-9_]+, ALPN http/1\.1$")
        self.assertEqual(lines[2:5], [
            "* certificate CN=with chain for localhost, 127.0.0.1, ::1, issued by CN=Test Intermediate, "
            "expires 2099-12-31 23:59:59 UTC",
            "* certificate CN=Test Intermediate, issued by CN=Test Root, expires 2099-12-31 23:59:59 UTC",
            "* its key is --pin " + authority.with_chain().pin])
        self.assertEqual(lines[5], "> GET / HTTP/1.1")
        with scripted_tls(server_context(authority.good(), most=TLS_1_2), polite) as server:
            result = run("-v", "--cacert", root_file(), "--eof", "close", server.url)
        self.assertRegex(result.stderr, r"\n\* TLSv1\.2, [A-Z0-9-]+, no ALPN\n")


class Mistakes(Case):
    """TLS where there is none, and the other way round."""

    def test_tls_on_a_plain_port(self):
        def say(words):
            def script(peer):
                peer.socket.recv(1)
                peer.write(words)
                peer.socket.shutdown(socket.SHUT_WR)
                peer.read_rest()
            return script
        not_tls = "the peer does not speak TLS\n"
        for name, script, words in (
            ("HTTP", say(b"HTTP/1.1 400 Bad Request\r\n\r\n"), not_tls + "hint: it answers in plain HTTP: try ws://\n"),
            ("SSH", say(b"SSH-2.0-OpenSSH_9.2\r\n"), not_tls + "hint: it speaks SSH\n"),
            ("garbage", say(b"hello\r\n"), not_tls),
            ("nothing", say(b""), "the server has closed the connection during the TLS handshake\n"
                                  "hint: if it does not speak TLS: try ws://\n")):
            with self.subTest(name), scripted(script) as server:
                url = server.url.replace("ws:", "wss:")
                self.assertEqual(run(url), (5, b"", f"wscope: {url}: {words}"))

    def test_tls_at_a_plain_server_of_ours(self):
        with Server() as server:
            url = server.url.replace("ws:", "wss:")
            self.assertEqual(run(url), (5, b"", f"wscope: {url}: the peer does not speak TLS\n"
                                                "hint: it answers in plain HTTP: try ws://\n"))

    def test_no_tls_at_a_tls_server_of_ours(self):
        with Server("echo", "--tls", "0") as server:
            result = run(server.url.replace("wss:", "ws:"))
        self.assertEqual((result.status, result.stdout), (6, b""))
        self.assertRegex(result.stderr, r"^wscope: upgrade refused: HTTP 400 Bad Request: this port speaks TLS: .*\nhint: 400: .*wss://.*\n$")

    def test_no_tls_at_another_tls_server(self):
        """Python's says nothing; its OpenSSL has found out."""
        with scripted(secured(polite, server_context(authority.good()))) as server:
            result = run(server.url)
        self.assertEqual((result.status, result.stdout), (6, b""))
        self.assertTrue(result.stderr.startswith(f"wscope: {server.url}: upgrade failed: "), result.stderr)
        self.assertRegex(result.stderr, r"\nhint: .*wss://.*\n$")
        self.assertIsInstance(server.result, ssl.SSLError)

    def test_silence(self):
        with scripted(lambda peer: peer.read_rest()) as server:
            url = server.url.replace("ws:", "wss:")
            result = run("--connect-timeout", "0.3", url)
        self.assertEqual(result, (4, b"", f"wscope: {url}: timed out\n"))


class Ends(Secure):
    def end(self, script, *arguments):
        with scripted_tls(server_context(authority.good()), script) as self.server:
            return run("--cacert", root_file(), *arguments, self.server.url)

    def test_cut_off(self):
        cut = "; the last message is incomplete: 3 bytes of a text message came"
        for name, frames, printed, more in (("between frames", encode(TEXT, b"one"), b"one\n", ""),
                                            ("within one", b"\x81\x05hel", b"hel", cut)):
            def script(peer):
                peer.accept()
                peer.write(frames)
                peer.cut_off()
            with self.subTest(name):
                self.assertEqual(self.end(script, "--eof", "hold"),
                                 (8, printed, f"wscope: connection lost: the TLS stream was cut off{more}\n"))

    def test_with_a_word_of_tls_but_none_of_websocket(self):
        def script(peer):
            peer.accept()
            peer.end()
        self.assertEqual(self.end(script, "--eof", "hold"),
                         (8, b"", "wscope: connection lost: without a Close from the peer\n"))

    def test_with_a_close_and_no_word_of_tls(self):
        def script(peer):
            peer.accept()
            peer.close(1000)
            frame = peer.read_frame()
            peer.cut_off()
            return frame
        self.assertEqual(self.end(script, "--eof", "hold"), (0, b"", ""))
        self.assertEqual(self.server.result[:2], (CLOSE, close_payload(1000)))

    def test_during_the_upgrade(self):
        for name, end in (("cut off", "cut_off"), ("ended", "end")):
            def script(peer):
                peer.read_head()
                getattr(peer, end)()
            with self.subTest(name):
                result = self.end(script)
                self.assertEqual((result.status, result.stdout), (6, b""))
                self.assertRegex(result.stderr, f"^wscope: {self.server.url}: upgrade failed: [^\n]+\n$")

    def test_of_ours_is_said(self):
        """close_notify: without it Python raises an error."""
        def script(peer):
            peer.accept()
            peer.close(1000)
            frame = peer.read_frame()
            peer.end()
            return frame
        self.assertEqual(self.end(script, "--eof", "hold"), (0, b"", ""))
        self.assertEqual(self.server.result[:2], (CLOSE, close_payload(1000)))


class Much(Secure):
    SIZE = 64 << 20
    BLOCK = bytes(range(256)) * 4096

    def check_blocks(self, read):
        for _ in range(self.SIZE // len(self.BLOCK)):
            self.assert_bytes(read(len(self.BLOCK)), self.BLOCK)

    def feed(self, process):
        return feed(process.stdin, *[self.BLOCK] * (self.SIZE // len(self.BLOCK)))

    def test_to_an_echo_and_back(self):
        with Server("echo", "--tls", "0") as server:
            client = start("--no-compress", "--pin", server.pin, "--in", "whole", "-b", server.url)
            self.feed(client)
            self.check_blocks(functools.partial(read_exactly, client.stdout))
            self.assert_small(client)
            self.assert_small(server.process)
            self.assertEqual(finish(client), (0, b"", ""))

    def test_to_another_server(self):
        def script(peer):
            peer.accept()
            opcode, payload = peer.read_message()
            peer.finish()
            return opcode, payload
        with scripted_tls(server_context(authority.good()), script) as server:
            client = start("--no-compress", "-n", "--in", "whole", "-b", "--eof", "close", server.url)
            self.feed(client).join(DEADLINE)
            self.assert_small(client)
            self.assertEqual(finish(client), (0, b"", ""))
        self.assertEqual(server.result[0], BINARY)
        self.assert_bytes(server.result[1], self.BLOCK * (self.SIZE // len(self.BLOCK)))

    def test_from_another_server(self):
        def script(peer):
            peer.accept()
            for _ in range(self.SIZE // len(self.BLOCK)):
                peer.send(BINARY, self.BLOCK)
            peer.finish()
        with scripted_tls(server_context(authority.good()), script) as server:
            client = start("-n", "--eof", "close", server.url)
            self.check_blocks(functools.partial(read_exactly, client.stdout))
            self.assert_small(client)
            self.assertEqual(finish(client), (0, b"", ""))

    def test_that_nobody_reads_waits(self):
        with Server("echo", "--tls", "0") as server:
            client = start("--no-compress", "--pin", server.pin, "--in", "whole", "-b", server.url)
            self.feed(client)
            self.assert_waits(client, server.process)
            self.assert_small(client)
            self.assert_small(server.process)
            self.check_blocks(functools.partial(read_exactly, client.stdout))
            self.assertEqual(finish(client), (0, b"", ""))

    def test_that_a_server_does_not_read_waits(self):
        began = []

        def script(peer):
            peer.accept()
            eventually(lambda: began)
            received = b"".join(peer.read_frame().payload for _ in range(16))
            peer.cut_off()
            return len(received)
        with scripted_tls(server_context(authority.good()), script) as server:
            client = start("--no-compress", "-n", "--in", "whole", "-b", server.url)
            self.feed(client)
            self.assert_waits(client)
            self.assert_small(client)
            began.append(True)
            self.assertEqual(finish(client)[0], 8)


if __name__ == "__main__":
    unittest.main()
