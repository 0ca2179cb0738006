"""Conversations in a line, as the manual has them, with servers and a client of python3-websockets."""

import asyncio
import json
import sys
import unittest

try:
    import websockets
except ImportError:
    print("SKIPPED: python3-websockets is not installed")
    sys.exit(77)

import sockets_support
from sockets_support import Case, Server, run


async def graphql(connection):
    """The protocol graphql-transport-ws, of which a server demands that its order is kept."""
    assert json.loads(await connection.recv()) == {"type": "connection_init"}
    await connection.send('{"type":"connection_ack"}')
    subscribe = json.loads(await connection.recv())
    assert subscribe["type"] == "subscribe"
    for tick in range(3):
        await connection.send(json.dumps({"type": "next", "id": subscribe["id"], "payload": {"tick": tick}}))
    await connection.send(json.dumps({"type": "complete", "id": subscribe["id"]}))


async def login(connection):
    """Only whoever comes back with the token is let in; another one is closed with 4403."""
    user = json.loads(await connection.recv())["user"]
    await connection.send(json.dumps({"user": user, "token": "t/" + user}))
    if json.loads(await connection.recv()) != {"token": "t/" + user}:
        return await connection.close(4403, "who are you?")
    await connection.send("welcome")


async def engine_io(connection):
    """Whoever does not answer the heartbeats hears nothing."""
    for _ in range(3):
        await connection.send("2")
        assert await asyncio.wait_for(connection.recv(), sockets_support.DEADLINE) == "3"
    await connection.send('4["hello"]')


def serving(handle):
    """A context: a server for one connection, with its `url`."""
    async def serve(listener, handle):
        over = asyncio.get_running_loop().create_future()

        async def follow(connection):
            try:
                await handle(connection)
                await connection.wait_closed()
                over.set_result(None)
            except Exception as failure:  # for the test's own thread
                over.set_exception(failure)

        async with websockets.serve(follow, sock=listener, ping_interval=None):
            return await asyncio.wait_for(over, sockets_support.DEADLINE)

    return sockets_support.serve_on_a_thread(lambda listener, plan: asyncio.run(serve(listener, plan)), handle)


class Conversations(Case):
    def test_of_graphql(self):
        with serving(graphql) as server:
            result = run("-s", "graphql-transport-ws", "-x", '{"type":"connection_init"}',
                         "--expect", '.type == "connection_ack"', "-x", '{"id":"1","type":"subscribe"}',
                         "--until-json", "type=complete", "--pick", "payload.tick", server.url)
        self.assertEqual(result, (0, b"0\n1\n2\n", ""))

    def test_of_a_login(self):
        with serving(login) as server:
            result = run("-x", '{"user":"a"}', "--expect", ".token", "-x", '{"token":{{.token|json}}}',
                         "--one", "--only", server.url)
        self.assertEqual(result, (0, b"welcome\n", ""))
        with serving(login) as server:
            result = run("-x", '{"user":"a"}', "--expect", ".token", "-x", '{"token":"{{.user}}"}', "--one", "--only",
                         server.url)
        self.assertEqual(result, (9, b"", "wscope: closed by the peer: 4403 (private use) who are you?; "
                                          "received 0 of 1 messages\n"))

    def test_of_engine_io(self):
        with serving(engine_io) as server:
            result = run("--no-stdin", "--reply", "^2$=3", "--until", "^4", "--only", server.url)
        self.assertEqual(result, (0, b'4["hello"]\n', ""))

    def test_with_a_mock(self):
        async def ask(url):
            async with websockets.connect(url) as connection:
                await connection.send('{"id":1.0,"method":"add"}')
                return await asyncio.wait_for(connection.recv(), sockets_support.DEADLINE)

        with Server("listen", "--select", ".nothing", "--reply",
                    '.method == "add"={"id":{{.id}},"result":3}', "127.0.0.1:0") as server:
            self.assertEqual(asyncio.run(ask(server.url)), '{"id":1.0,"result":3}')


if __name__ == "__main__":
    unittest.main()
