"""echo and listen with --tls: certificates of both sides, the wrong protocol, slow and many clients; and other people's
programs as clients and servers."""

import contextlib
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import unittest

import authority
import foreign
from json_lines import event, lines_of
from peer import TEXT, dialed
from secure import TLS_1_2, TLS_1_3, SecurePeer, client_context, connected_tls, dialed_tls
from support import DEADLINE, Case, Server, finish, run, start

VERSIONS = {"TLS 1.2": TLS_1_2, "TLS 1.3": TLS_1_3}


def with_certificate(*arguments, identity=None, **options):
    identity = identity or authority.good()
    return Server("echo", "--tls", "--cert", identity.certificate, "--key", identity.key, *arguments, "0", **options)


def trusting(**choices):
    return client_context(authority.root(), **choices)


def root_file():
    return authority.root().certificate


class Serving(Case):
    def check_echo(self, server, context, name="localhost"):
        with connected_tls(server, context, name=name) as client:
            client.send(TEXT, "grüß".encode())
            self.assertEqual(client.read_frame()[:2], (TEXT, "grüß".encode()))
            client.close(1000)
            client.read_frame()
            return client.socket.version()

    def test_with_a_certificate(self):
        with with_certificate() as server:
            for name, version in VERSIONS.items():
                with self.subTest(name):
                    self.assertEqual(self.check_echo(server, trusting(most=version)), name.replace(" ", "v"))
            self.assertEqual(run("--cacert", root_file(), "-x", "hello", "-1", server.url), (0, b"hello\n", ""))

    def test_with_a_certificate_and_no_need_to_say_tls(self):
        identity = authority.good()
        with Server("listen", "--cert", identity.certificate, "--key", identity.key, "0") as server:
            self.assertTrue(server.url.startswith("wss://"))

    def test_with_a_chain(self):
        with with_certificate(identity=authority.with_chain()) as server:
            self.check_echo(server, trusting())

    def test_with_a_key_that_is_encrypted(self):
        identity = authority.client()
        arguments = "echo", "--tls", "--cert", identity.certificate, "--key", identity.encrypted_key
        with Server(*arguments, "--passphrase=" + authority.PASSPHRASE, "0") as server:
            self.check_echo(server, client_context())
        self.assertEqual(run(*arguments, "--passphrase=s3cret", "0"), (
            2, b"", f"wscope: {identity.encrypted_key}: the passphrase is wrong\n"))

    def test_with_all_in_one_file(self):
        arguments = "echo", "--cert", authority.packed(authority.good())
        with Server(*arguments, "--passphrase=" + authority.PASSPHRASE, "0") as server:
            self.check_echo(server, trusting())
        result = run(*arguments, "0")
        self.assertEqual(result, (2, b"", f"wscope: {arguments[-1]}: is encrypted\nhint: --passphrase unlocks it\n"))

    def test_with_a_certificate_made_for_it(self):
        with Server("echo", "--tls", "0") as server:
            self.assertEqual(run("--pin", server.pin, "-x", "hello", "-1", server.url), (0, b"hello\n", ""))
            self.assertEqual(run("--pin", authority.good().pin, server.url), (
                5, b"", f"wscope: {server.url}: pin does not match: the server's is {server.pin}\n"))
            with dialed_tls(server, client_context()) as client:
                der = client.socket.getpeercert(binary_form=True)
        made = authority.file("made.pem")
        pathlib.Path(made).write_text(ssl.DER_cert_to_PEM_cert(der))
        self.assertEqual(authority.Identity(made, "").pin, server.pin)
        text = authority.openssl("x509", "-in", made, "-noout", "-text").decode()
        for name in ("DNS:localhost", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1"):
            self.assertIn(name, text)

    def test_with_a_certificate_made_for_it_that_is_valid_for_its_names(self):
        with Server("echo", "--tls", "0") as server, dialed_tls(server, client_context()) as client:
            made = authority.file("trusted.pem")
            pathlib.Path(made).write_text(ssl.DER_cert_to_PEM_cert(client.socket.getpeercert(binary_form=True)))
            for name in ("localhost", "127.0.0.1"):
                self.check_echo(server, client_context(authority.Identity(made, "")), name)

    def test_quietly(self):
        process = start("listen", "--tls", "--json", "-q", "0")
        line, = lines_of(process.stdout.readline())
        process.terminate()
        self.assertEqual(finish(process), (0, b"", ""))
        self.assertEqual(list(json.loads(line)), ["event", "time", "conn", "url", "address", "port", "pin"])

    def test_in_json(self):
        with Server("listen", "--tls", "--json", "0") as server:
            line, = lines_of(server.process.stdout.readline())
            self.assertEqual(line, event("listening", 0, url=server.url, address="127.0.0.1", port=server.port,
                                         pin=server.pin))
        identity = authority.good()
        with Server("listen", "--tls", "--json", "--cert", identity.certificate, "--key", identity.key, "0") as server:
            line, = lines_of(server.process.stdout.readline())
            self.assertEqual(json.loads(line).get("pin", identity.pin), identity.pin)

    def test_verbosely(self):
        with with_certificate("-v") as server:
            self.check_echo(server, trusting())
            result = server.stop()
        self.assertEqual(result[:2], (0, b""))
        self.assertRegex(result.stderr, r"(?m)^\* (client 1: )?TLSv1\.3, TLS_[A-Z0-9_]+, no ALPN$")
        self.assertIn("\n* client 1: open, no extensions\n", result.stderr)

    def test_versions_and_ciphers(self):
        with with_certificate("--tls-min", "1.3") as server:
            with self.assertRaises(ssl.SSLError), dialed_tls(server, trusting(most=TLS_1_2)):
                pass
            self.check_echo(server, trusting())
        with with_certificate("--ciphers", "ECDHE-ECDSA-CHACHA20-POLY1305") as server:
            with dialed_tls(server, trusting(most=TLS_1_2)) as client:
                self.assertEqual(client.socket.cipher()[0], "ECDHE-ECDSA-CHACHA20-POLY1305")

    def test_alpn(self):
        with with_certificate() as server:
            for offered, chosen in ((["h2", "http/1.1"], "http/1.1"), ([], None)):
                context = trusting()
                if offered:
                    context.set_alpn_protocols(offered)
                with dialed_tls(server, context) as client:
                    self.assertEqual(client.socket.selected_alpn_protocol(), chosen)

    def test_ends_with_a_word_of_tls(self):
        with with_certificate() as server, connected_tls(server, trusting()) as client:
            client.socket.suppress_ragged_eofs = False
            client.close(1000)
            client.read_frame()
            self.assertEqual(client.read_rest(), b"")

    def test_that_cannot_be(self):
        identity, other = authority.good(), authority.client()
        for arguments, status, words in (
            (("--cert", "/nonexistent"), 1, "/nonexistent: no such file or directory\n"),
            (("--cert", identity.certificate, "--key", other.key), 2,
             f"{other.key}: the key is not that of the certificate in {identity.certificate}\n"),
            (("--client-ca", "/nonexistent"), 1, "/nonexistent: no such file or directory\n")):
            with self.subTest(arguments):
                self.assertEqual(run("echo", "--tls", *arguments, "0"), (status, b"", "wscope: " + words))


class ClientCertificates(Case):
    def serve(self):
        return with_certificate("--client-ca", root_file())

    def check(self, expected, *arguments):
        with self.serve() as server:
            result = run("--cacert", root_file(), *arguments, "-x", "hello", "-1", server.url)
        self.assertEqual(result, (expected[0], expected[1], expected[2].format(url=server.url)))

    def test_of_ours(self):
        identity = authority.client()
        self.check((0, b"hello\n", ""), "--cert", identity.certificate, "--key", identity.key)

    def test_missing(self):
        self.check((5, b"", "wscope: {url}: the server wants a client certificate\n"
                            "hint: --cert FILE gives one, with --key FILE for its key\n"))

    def test_of_others(self):
        identity = authority.other_client()
        self.check((5, b"", "wscope: {url}: the server refuses our certificate: unknown issuer\n"), "--cert",
                   identity.certificate, "--key", identity.key)

    def test_in_both_versions(self):
        with self.serve() as server:
            for most in VERSIONS.values():
                with connected_tls(server, trusting(identity=authority.client(), most=most)) as client:
                    client.send(TEXT, b"hello")
                    self.assertEqual(client.read_frame().payload, b"hello")
                with self.assertRaises(ssl.SSLError), connected_tls(server, trusting(most=most)):
                    pass


class OtherClients(Case):
    """That do not do as they should."""

    def test_without_tls(self):
        with with_certificate() as server:
            for request in (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"POST / HTTP/1.0\r\n\r\n"):
                with self.subTest(request), dialed(server) as client:
                    client.write(request)
                    head = client.read_head()
                    body = client.read_rest().decode()
                    self.assertTrue(head.startswith("HTTP/1.1 400 Bad Request\r\n"), head)
                    self.assertRegex(body, "wss://|https://")
                    self.assertRegex(head, r"(?i)\r\nContent-Type: text/plain")
                    self.assertIn(f"\r\nContent-Length: {len(body)}\r\n", head)

    def test_that_speak_something_else(self):
        with with_certificate() as server, dialed(server) as client:
            client.write(b"SSH-2.0-OpenSSH_9.2\r\n")
            client.socket.settimeout(5)
            self.assertNotIn(b"HTTP", client.read_rest())

    def test_that_say_nothing(self):
        with with_certificate("--handshake-timeout", "0.3") as server:
            with dialed(server) as client:
                self.assertEqual(client.read_rest(), b"")
            with dialed(server) as client:
                client.write(b"\x16\x03\x01\x02\x00")  # the beginning of a ClientHello
                client.read_rest()

    def test_that_say_nothing_once_secure(self):
        with with_certificate("--handshake-timeout", "0.3") as server, dialed_tls(server, trusting()) as client:
            client.read_rest()

    def test_that_cut_the_stream_off(self):
        with Server("listen", "--json", "--tls", "0") as server:
            with connected_tls(server, client_context()) as client:
                SecurePeer.cut_off(client)
            lines = [json.loads(server.process.stdout.readline()) for _ in range(3)]
        self.assertEqual([line["event"] for line in lines], ["listening", "open", "closed"])
        self.assertEqual((lines[2]["code"], lines[2]["clean"]), (1006, False))

    def test_many(self):
        with with_certificate() as server, contextlib.ExitStack() as stack:
            silent = [stack.enter_context(dialed(server)) for _ in range(50)]
            clients = [stack.enter_context(connected_tls(server, trusting())) for _ in range(100)]
            for number, client in enumerate(clients):
                client.send(TEXT, b"%d" % number * 1000)
            for number, client in enumerate(clients):
                self.assertEqual(client.read_frame().payload, b"%d" % number * 1000)
            for client in clients:
                client.close(1000)
            for client in silent:
                client.socket.close()

    def test_many_processes(self):
        with with_certificate() as server:
            clients = [start("-q", "--cacert", root_file(), "-1", "-x", str(number), server.url)
                       for number in range(12)]
            results = [finish(client) for client in clients]
        self.assertEqual(results, [(0, b"%d\n" % number, "") for number in range(12)])


@unittest.skipUnless(shutil.which("curl"), "no curl here")
class Curl(Case):
    def curl(self, *arguments):
        return subprocess.run(["curl", "-sS", "--noproxy", "*", "--max-time", str(DEADLINE), *arguments],
                              capture_output=True, check=False)

    def test_gets_the_page(self):
        with with_certificate() as server:
            url = server.url.replace("wss:", "https:")
            result = self.curl("--cacert", root_file(), "-i", url)
            self.assertEqual((result.returncode, result.stderr), (0, b""))
            self.assertRegex(result.stdout.decode(), r"(?s)^HTTP/1\.1 200 .*<html")

    def test_takes_the_pin(self):
        with Server("echo", "--tls", "0") as server:
            url = server.url.replace("wss:", "https:")
            self.assertEqual(self.curl("-k", "--pinnedpubkey", server.pin, url).returncode, 0)
            self.assertEqual(self.curl("-k", "--pinnedpubkey", authority.good().pin, url).returncode, 90)

    def test_without_tls_is_told_so(self):
        with with_certificate() as server:
            result = self.curl("-i", server.url.replace("wss:", "http:"))
            self.assertIn(b"400 Bad Request", result.stdout)
            self.assertRegex(result.stdout, b"wss://|https://")


class Foreign(Case):
    """OpenSSL's own client and server, and the WebSockets of python3-websockets."""

    def test_s_server(self):
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version), foreign.s_server(authority.good(), version) as server:
                client = start("--cacert", root_file(), "-x", "hello", "-1", server.url)
                server.peer.accept()
                frame = server.peer.read_frame()
                server.peer.send(TEXT, frame.payload[::-1])
                server.peer.send(8, server.peer.read_frame().payload)
                server.peer.socket.shutdown(socket.SHUT_WR)
                self.assertEqual(finish(client), (0, b"olleh\n", ""))

    def test_s_client(self):
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version), with_certificate() as server:
                with foreign.s_client(server, authority.root(), version) as peer:
                    peer.connect()
                    peer.send(TEXT, b"x" * 10_000)
                    self.assertEqual(peer.read_message(), (TEXT, b"x" * 10_000))
                    peer.close(1000)
                    self.assertEqual(peer.read_frame().payload, b"\x03\xe8")

    def test_websockets_as_server(self):
        with foreign.websockets_server(authority.good()) as url:
            message = "grüß" * 10_000
            result = run("--cacert", root_file(), "-1", "-4", url, stdin=message.encode())
            self.assertEqual((result.status, result.stderr), (0, ""))
            self.assert_bytes(result.stdout, message.encode() + b"\n")

    def test_websockets_as_client(self):
        with with_certificate() as server:
            self.assertEqual(foreign.websockets_client(server.url, authority.root()), [True, True, 1000])


if __name__ == "__main__":
    unittest.main()
