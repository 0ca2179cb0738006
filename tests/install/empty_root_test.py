"""The program that needs no other file, in a root where there is none: empty_root_test.py BINARY, as root under
`unshare --net --mount`, where port 53 of the loopback interface is free.

Names are asked of a server of DNS that is in here, and strace tells which files were opened.
"""

import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))

import authority
from support import BINARY, Case, Server

NAME, ADDRESS = "wscope-test.example", "127.0.0.1"
OPENED = re.compile(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]*)"')


class Names(threading.Thread):
    """DNS: one name has one IPv4 address, others are not there. `asked` are the names of all questions."""

    def __init__(self):
        super().__init__(daemon=True)
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))

    def run(self):
        while True:
            query, client = self.socket.recvfrom(4096)
            end = query.index(b"\0", 12) + 1
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            name, kind = ".".join(labels), struct.unpack(">H", query[end:end + 2])[0]
            self.asked.append(name)
            found = name == NAME and kind == 1
            record = struct.pack(">HHHIH", 0xC00C, 1, 1, 60, 4) + socket.inet_aton(ADDRESS) if found else b""
            flags = 0x8180 if name == NAME else 0x8183
            head = query[:2] + struct.pack(">HHHHH", flags, 1, int(found), 0, 0)
            self.socket.sendto(head + query[12:end + 4] + record, client)


class EmptyRoot(Case):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        cls.names = Names()
        cls.names.start()
        identity = authority.issue("of names", (f"DNS:{NAME}",), authority.root())
        cls.secure = Server("echo", "--tls", "--cert", identity.certificate, "--key", identity.key, "0")
        cls.plain = Server("echo", "0")
        cls.addClassCleanup(cls.stop, cls.secure, cls.plain)

    @staticmethod
    def stop(*servers):
        for server in servers:
            server.process.kill()
            server.process.communicate()

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.put("wscope", pathlib.Path(BINARY).read_bytes()).chmod(0o755)
        self.put("etc/resolv.conf", b"nameserver 127.0.0.1\n")
        self.names.asked.clear()

    def put(self, name, data):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def trust(self, name, identity):
        return self.put(name, pathlib.Path(identity.certificate).read_bytes())

    def run_there(self, *arguments, **environment):
        """(status, stdout, stderr), all of which were opened in `self.opened`; no library is ever."""
        with tempfile.NamedTemporaryFile("r") as trace:
            run = subprocess.run(["strace", "-f", "-qq", "-e", "trace=execve,open,openat", "-o", trace.name, "chroot",
                                  self.root, "/wscope", *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                                 text=True, env={"PATH": os.environ["PATH"], **environment})
            _, started, own = trace.read().partition('execve("/wscope"')
        self.assertTrue(started)
        self.opened = OPENED.findall(own)
        self.assertEqual([name for name in self.opened if ".so" in name or "openssl" in name], [])
        return run.returncode, run.stdout, run.stderr

    def say(self, server, host, *arguments, **environment):
        """One message to an echo and back."""
        scheme = "wss" if server is self.secure else "ws"
        return self.run_there("-x", "hi", "--one", *arguments, f"{scheme}://{host}:{server.port}/", **environment)

    def test_it_runs_and_says_what_it_is(self):
        status, out, err = self.run_there("--version")
        self.assertEqual((status, err), (0, ""))
        self.assertIn("+static", out)

    def test_a_name_is_asked_of_dns(self):
        self.assertEqual(self.say(self.plain, NAME), (0, "hi\n", ""))
        self.assertEqual(set(self.names.asked), {NAME})

    def test_a_name_that_is_not_there_is_not_found(self):
        status, _, err = self.say(self.plain, "nobody.example")
        self.assertEqual(status, 3)
        self.assertIn("nobody.example: name not resolved", err)

    def test_a_name_in_hosts_is_asked_of_nobody(self):
        self.put("etc/hosts", b"127.0.0.1 listed.example\n")
        self.assertEqual(self.say(self.plain, "listed.example"), (0, "hi\n", ""))
        self.assertEqual(self.names.asked, [])

    def test_localhost_is_asked_of_nobody(self):
        for host in ("localhost", "below.localhost", "LOCALHOST."):
            self.assertEqual(self.say(self.plain, host), (0, "hi\n", ""))
        self.assertEqual(self.names.asked, [])
        self.assertNotIn("/etc/hosts", self.opened)

    def test_the_systems_modules_are_not_loaded(self):
        self.put("etc/nsswitch.conf", b"hosts: mymachines mdns4_minimal [NOTFOUND=return] resolve dns\n")
        self.put("openssl.cnf", b"openssl_conf = x\n[x]\nproviders = y\n[y]\nlegacy = z\n[z]\nactivate = 1\n")
        self.trust("ca.pem", authority.root())
        self.assertEqual(self.say(self.secure, NAME, "--ca", "/ca.pem", OPENSSL_CONF="/openssl.cnf"), (0, "hi\n", ""))

    def test_a_certificate_is_verified_by_each_usual_bundle(self):
        for place in ("etc/ssl/certs/ca-certificates.crt", "etc/pki/tls/certs/ca-bundle.crt", "etc/ssl/ca-bundle.pem",
                      "etc/ssl/cert.pem"):
            with self.subTest(place):
                bundle = self.trust(place, authority.root())
                self.assertEqual(self.say(self.secure, NAME), (0, "hi\n", ""))
                bundle.unlink()

    def test_a_certificate_is_verified_by_a_folder_of_hashes(self):
        digest = authority.openssl("x509", "-in", authority.root().certificate, "-noout", "-hash").decode().strip()
        self.trust(f"etc/ssl/certs/{digest}.0", authority.root())
        self.trust("etc/ssl/certs/ca-certificates.crt", authority.other_root())
        self.assertEqual(self.say(self.secure, NAME), (0, "hi\n", ""))
        self.assertNotIn("/etc/ssl/certs/ca-certificates.crt", self.opened)

    def test_a_certificate_is_verified_by_ssl_cert_file(self):
        self.trust("own.pem", authority.root())
        self.trust("etc/ssl/certs/ca-certificates.crt", authority.other_root())
        self.assertEqual(self.say(self.secure, NAME, SSL_CERT_FILE="/own.pem"), (0, "hi\n", ""))

    def test_a_certificate_of_others_is_refused(self):
        self.trust("etc/ssl/certs/ca-certificates.crt", authority.other_root())
        self.assertEqual(self.say(self.secure, NAME)[0], 5)
        self.trust("own.pem", authority.other_root())
        self.assertEqual(self.say(self.secure, NAME, SSL_CERT_FILE="/own.pem")[0], 5)
        self.assertEqual(self.say(self.secure, NAME, "--insecure"), (0, "hi\n", ""))

    def test_without_a_bundle_the_places_are_named(self):
        status, _, err = self.say(self.secure, NAME)
        self.assertEqual(status, 5)
        self.assertIn("no list of certificates to trust: none in /etc/ssl/certs, /etc/ssl/certs/ca-certificates.crt, "
                      "/etc/pki/tls/certs/ca-bundle.crt, /etc/ssl/ca-bundle.pem, /etc/ssl/cert.pem\n", err)

    def test_old_encryption_that_would_need_a_module_is_told(self):
        path = pathlib.Path(authority.packed(authority.client(), "-legacy"))
        self.put("old.p12", path.read_bytes())
        status, _, err = self.say(self.secure, NAME, "--insecure", "--cert", "/old.p12",
                                  f"--passphrase={authority.PASSPHRASE}")
        self.assertEqual(status, 1)
        self.assertIn("RC2", err)


if __name__ == "__main__":
    unittest.main()
