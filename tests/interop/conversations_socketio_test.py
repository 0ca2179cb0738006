"""Conversations with socket.io of npm: heartbeats, acknowledged events and namespaces."""

import contextlib
import unittest

import node_support
from conversations_support import Case, example_line, example_script
from support import run, shell

PATH = "/socket.io/?EIO=4&transport=websocket"
# Who does not answer one heartbeat gets no other.
HEARTBEATS = """
connect {{url}}
next /^0\\{/
repeat 5
  next "2"
  send 3
end
send 40
expect /^40\\{/
"""
# A server, whose binary data are in a message of their own.
MOCK = """
listen 127.0.0.1:0
echo {{server.url}}
accept
send 0{"sid":"{{uuid}}","upgrades":[],"pingInterval":20000,"pingTimeout":20000,"maxPayload":1000000}
expect /^40/
send 40{"sid":"{{uuid}}"}
expect /^42(\\d+)\\["add",1,2\\]$/
send 43{{1}}[3]
send 2
next "3"
send 451-["picture",{"_placeholder":true,"num":0}]
binary 01 02
next '42["seen",2]'
send 41
expect close 1000..1005
"""


class SocketIo(Case):
    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        cls.url = f"ws://{stack.enter_context(node_support.serving('socketio.js'))}"

    def test_in_a_line(self):
        result = shell(example_line("socket.io", self.url + PATH))
        self.assertEqual(result, (0, b"430[3]\n", ""))

    def test_of_a_namespace_in_a_line(self):
        result = run("--reply", "^2$=3", "-x", '40/admin,{"token":"secret/1"}', "--until", r'^42/admin,\["hello"\]',
                     "--only", self.url + PATH)
        self.assertEqual(result, (0, b'42/admin,["hello"]\n', ""))
        result = run("--reply", "^2$=3", "-x", "40/admin,{}", "--until", "^44/admin,", "--only", self.url + PATH)
        self.assertEqual(result, (0, b'44/admin,{"message":"who are you?"}\n', ""))

    def test_of_many_heartbeats(self):
        result = run("--no-stdin", "--reply", "^2$=3", "--select", "^2$", "--count", "10", self.url + PATH)
        self.assertEqual(result, (0, b"2\n" * 10, ""))

    def test_as_a_script(self):
        self.assert_passes(example_script("socketio.ws"), self.url, "--secret", "token=secret/1")

    def test_of_heartbeats_as_a_script(self):
        self.assert_passes(HEARTBEATS, self.url + PATH)

    def test_with_a_script_that_is_the_server(self):
        if not node_support.has("socket.io-client"):
            self.skipTest("socket.io-client of npm is not installed where NODE_PATH says")
        result, client = node_support.meet(MOCK, "socketio_client.js")
        self.assertEqual(client, (0, "3\nio server disconnect\n", ""))
        self.assertEqual((result.status, result.stderr), (0, ""), result.stdout.decode())


if __name__ == "__main__":
    node_support.skip_without("socket.io of npm", "socket.io")
    unittest.main()
