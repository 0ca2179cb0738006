"""Conversations with graphql-ws of npm, which holds both sides to the protocol graphql-transport-ws."""

import contextlib
import unittest

import node_support
from conversations_support import Case, example_line, example_script, run_script
from support import run, shell

SUBSCRIBE = '{"id":"1","type":"subscribe","payload":{"query":"subscription{tick}"}}'
PINGS = """
connect {{url}} -s graphql-transport-ws
expect open protocol=graphql-transport-ws
send {"type":"ping","payload":{"n":7}}
next json .type == "pong"
send {"type":"connection_init"}
expect json .type == "connection_ack"
"""
REFUSED = """
connect {{url}} -s graphql-transport-ws --bearer other
send {"type":"connection_init"}
next close 4403 "Forbidden"
"""
EARLY = """
connect {{url}} -s graphql-transport-ws
send {"id":"1","type":"subscribe","payload":{"query":"subscription{tick}"}}
next close 4401 /^Unauth/
"""
MOCK = """
listen 127.0.0.1:0 -s graphql-transport-ws
echo {{server.url}}
accept
expect json .type == "connection_init"
send {"type":"connection_ack"}
expect json .type == "subscribe"
capture id = .id
expect json .type == "ping"
send {"type":"pong"}
send {"id":{{id|json}},"type":"next","payload":{"data":{"tick":7}}}
send {"id":{{id|json}},"type":"complete"}
expect close 1000
"""


class Graphql(Case):
    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        cls.url = f"ws://{stack.enter_context(node_support.serving('graphql.js'))}/graphql"


    def test_in_a_line(self):
        result = shell(example_line("graphql-transport-ws", self.url, SUBSCRIBE=SUBSCRIBE))
        self.assertEqual(result, (0, b'{"tick":1}\n{"tick":2}\n{"tick":3}\n', ""))

    def test_refused_in_a_line(self):
        result = run("-s", "graphql-transport-ws", "--bearer", "other", "-x", '{"type":"connection_init"}',
                     "--expect", '.type == "connection_ack"', "-x", SUBSCRIBE, "--until-json", "type=complete", self.url)
        self.assertEqual(result, (9, b"", "wscope: closed by the peer: 4403 (private use) Forbidden; "
                                          'expected .type == "connection_ack"\n'))

    def test_as_a_script(self):
        self.assert_passes(example_script("graphql.ws"), self.url, "--secret", "token=secret/1")

    def test_as_a_script_with_another_token(self):
        result = run_script(example_script("graphql.ws"), self.url, "--set", "token=other")
        self.assertEqual((result.status, result.stderr), (11, ""))
        self.assertTrue(result.stdout.startswith(b"-:4:13: "), result.stdout)
        self.assertRegex(result.stdout.decode(), r"\n +\d +\+\d\.\d+ s +close  4403 Forbidden\n")

    def test_refused_as_a_script(self):
        self.assert_passes(REFUSED, self.url)

    def test_of_who_comes_too_early(self):
        self.assert_passes(EARLY, self.url)

    def test_of_pings_that_are_messages(self):
        self.assert_passes(PINGS, self.url)

    def test_with_a_script_that_is_the_server(self):
        result, client = node_support.meet(MOCK, "graphql.js")
        self.assertEqual(client, (0, "7\n", ""))
        self.assertEqual((result.status, result.stderr), (0, ""), result.stdout.decode())


if __name__ == "__main__":
    node_support.skip_without("graphql-ws of npm", "ws", "graphql", "graphql-ws")
    unittest.main()
