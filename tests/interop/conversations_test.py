"""Conversations, as the manual has them, with servers and a client of python3-websockets."""

import asyncio
import base64
import html
import json
import pathlib
import re
import sys
import tempfile
import unittest
import urllib.parse

try:
    import websockets
except ImportError:
    print("SKIPPED: python3-websockets is not installed")
    sys.exit(77)

import sockets_support
from conversations_support import Case, example_script
from sockets_support import Server, run


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


async def account(connection):
    """Gives a session to whoever says a password, which it repeats as it should not, and items to who comes back."""
    hello = json.loads(await connection.recv())
    if "password" not in hello["password"]:
        return await connection.close(4401, "no account has " + hello["password"])
    session = {"session": '1/"\u00fc"', "user": hello["user"], "said": hello["password"]}
    await connection.send(json.dumps(session, ensure_ascii=False))
    async for request in connection:
        assert json.loads(request) == {"do": "list", "session": session["session"]}, request
        await connection.send(json.dumps({"items": ["one", hello["password"]]}, ensure_ascii=False))


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


def as_read(text):
    """What is printed, and what readers of XML and JSON make of it, also of JSON in a string of JSON."""
    def unescape(text):
        return re.sub(r"\\(?:u([0-9a-f]{4})|(.))", lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)
    return text, html.unescape(text), unescape(text), unescape(unescape(text))


def faces(secret):
    """Everything that it may be found as."""
    encoded = secret.encode()
    return {secret, json.dumps(secret)[1:-1], urllib.parse.quote(secret, safe=""), urllib.parse.quote(secret),
            base64.b64encode(encoded).decode(), encoded.hex(), encoded.hex(" ")}


class Secrets(Case):
    """They are in no report, nor in what -v prints."""

    # The password is where it has no business: in the URL, in a header, in a message that does not match.
    FAILS = """
connect {{url}}?p={{password|url}} -H "X-Password: {{password}}" --bearer {{password|base64}}
send {"user":"a","password":{{password|json}}}
expect json .said == {{password}}
echo heard {{password}}
check .said == "{{password}}, too"
"""
    REFUSED = """
connect {{url}}
send {"user":"a","password":{{password|json}}}
expect json .user
"""

    def run_with(self, script, password):
        """The exit status, and all that is printed and written."""
        with tempfile.TemporaryDirectory() as folder, serving(account) as server:
            (pathlib.Path(folder) / "secret").write_text(password + "\n")
            reports = [option for kind in ("tap", "junit", "json") for option in ("--report", f"{kind}:{kind}")]
            result = run("run", "-v", "--within", "60", "--url", server.url, "--secret", "password=@secret",
                         "--report", "text", *reports, "-", stdin=script.encode(), cwd=folder)
            texts = {kind: (pathlib.Path(folder) / kind).read_text() for kind in ("tap", "junit", "json")}
        texts.update(text=result.stdout.decode(), stderr=result.stderr)
        for name, text in texts.items():
            found = [(face, reading) for face in faces(password) for reading in as_read(text) if face in reading]
            self.assertEqual(found, [], f"{name}: {text}")
        return result.status, texts

    def test_of_a_login(self):
        status, texts = self.run_with(example_script("login.ws"), "pass/word+password")
        self.assertEqual(status, 0, texts)
        self.assertIn('"said": "***"', "".join(as_read(texts["json"])))
        self.assertIn(" more bytes\n", texts["stderr"])

    def test_of_a_login_that_fails(self):
        status, texts = self.run_with(self.FAILS, "pass/word+password")
        self.assertEqual(status, 11, texts)
        for name in ("text", "tap", "junit", "json", "stderr"):
            self.assertIn("***", texts[name])
        self.assertIn("\nheard ***\n", texts["stderr"])
        self.assertIn("\n> X-Password: ***\n", texts["stderr"])
        self.assertIn("/?p=*** HTTP/1.1\n", texts["stderr"])

    def test_of_a_login_that_is_refused(self):
        status, texts = self.run_with(self.REFUSED, "unknown+passw0rd")
        self.assertEqual(status, 11, texts)
        self.assertIn("close  4401 no account has ***\n", texts["text"])


if __name__ == "__main__":
    unittest.main()
