"""wscope check --listen over TLS: clean against our own client; and what a client makes of certificates that are wrong."""

import json
import unittest

import authority
from support import BINARY, Case, run

QUICK = ("--case-timeout", "2", "--retries", "0", "--report", "json")


def results(*arguments, client=()):
    """What came of each case, by its id, for our own client with these options; and the exit status."""
    result = run("check", "--listen", "0", *QUICK, *arguments, "--", BINARY, "connect", "--echo", *client, "{url}")
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    if not objects:
        raise AssertionError(result)
    return {one["id"]: one for one in objects[:-1]}, result.status


def verdicts(cases):
    return {name.removeprefix("c.tls-"): one["verdict"] for name, one in cases.items()}


class Certificates(Case):
    def setUp(self):
        self.copy = authority.file("copy.pem")

    def test_our_own_client(self):
        cases, status = results("--tls", "--tls-out", self.copy, "--only", "c.*,ctl.*,close.*,inv.*,pmdx.burst",
                                client=("--cacert", self.copy))
        self.assertEqual([one for one in cases.values() if one["verdict"] in ("fail", "error", "warn")], [])
        self.assertEqual(status, 0)
        self.assertEqual(verdicts({name: one for name, one in cases.items() if name.startswith("c.tls-")}),
                         {"name": "pass", "expired": "pass", "issuer": "pass", "sni": "pass"})
        self.assertNotIn("close.half", cases)

    def test_one_that_takes_any_certificate(self):
        cases, status = results("--tls", "--only", "c.tls-*", client=("-k",))
        self.assertEqual(verdicts(cases), {"name": "fail", "expired": "fail", "issuer": "fail", "sni": "pass"})
        self.assertEqual(cases["c.tls-name"]["seen"], "it takes the certificate: its request comes")
        self.assertEqual(status, 11)

    def test_one_that_does_not_say_whom_it_wants(self):
        cases, _ = results("--tls", "--tls-out", self.copy, "--only", "c.tls-sni",
                           client=("-k", "--servername", ""))
        self.assertEqual(verdicts(cases), {"sni": "fail"})

    def test_a_certificate_of_ones_own(self):
        identity = authority.good()
        cases, status = results("--cert", identity.certificate, "--key", identity.key, "--only", "c.tls-*",
                                client=("--cacert", authority.root().certificate))
        self.assertEqual(verdicts(cases), {"name": "skip", "expired": "skip", "issuer": "pass", "sni": "pass"})
        self.assertEqual(status, 0)

    def test_a_client_that_trusts_nobody(self):
        result = run("check", "--listen", "0", "--tls", "--only", "c.request", "--", BINARY, "connect", "{url}")
        self.assertEqual(result.status, 4)
        self.assertIn("TLS has failed: ", result.stderr)

    def test_what_cannot_be_meant(self):
        for arguments, words in ((("--tls", "wss://localhost/"), "--listen"),
                                 (("--listen", "0", "--tls-out", "x", "--", "y"), "--tls-out needs --tls")):
            result = run("check", *arguments)
            self.assertEqual(result.status, 2)
            self.assertIn(words, result.stderr)


if __name__ == "__main__":
    unittest.main()
