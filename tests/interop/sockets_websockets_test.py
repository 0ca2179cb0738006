"""The binary against the client and the server of python3-websockets, over sockets."""

import asyncio
import sys
import unittest

try:
    import websockets
    from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, ServerPerMessageDeflateFactory
except ImportError:
    print("SKIPPED: python3-websockets is not installed")
    sys.exit(77)

import sockets_support
from sockets_support import Case, Talk

COMMON = {"compression": None, "max_size": None, "ping_interval": None, "close_timeout": sockets_support.DEADLINE}


async def follow(plan, connection):
    pongs = []

    async def pieces(message):
        for number, fragment in enumerate(message):
            if number and plan.pings:
                pongs.append(await connection.ping(b"%d" % len(pongs)))
            yield fragment

    async def hear():
        return [await connection.recv() for _ in range(plan.hears)]

    hearing = asyncio.create_task(hear())
    for message in plan.says:
        await connection.send(pieces(message) if isinstance(message, list) else message)
    messages = await hearing
    await asyncio.gather(*pongs)
    if plan.close:
        await connection.close(*plan.close)
    await connection.wait_closed()
    # From version 14 on the response is an object.
    headers = connection.response.headers if hasattr(connection, "response") else connection.response_headers
    extensions = headers.get("Sec-WebSocket-Extensions", "")
    payloads = [b"%d" % number for number in range(len(pongs))]  # each was waited for by its payload
    return Talk(messages, payloads, (connection.close_code, connection.close_reason), extensions)


async def connect(url, plan):
    deflate = None if plan.deflate is None else [ClientPerMessageDeflateFactory(**plan.deflate)]
    async with websockets.connect(url, extensions=deflate, **COMMON) as connection:
        return await follow(plan, connection)


async def serve(listener, plan):
    talk = asyncio.get_running_loop().create_future()

    async def handle(connection):
        try:
            talk.set_result(await follow(plan, connection))
        except Exception as failure:  # for the test's own thread
            talk.set_exception(failure)

    deflate = None if plan.deflate is None else [ServerPerMessageDeflateFactory(**plan.deflate)]
    async with websockets.serve(handle, sock=listener, extensions=deflate, **COMMON):
        return await asyncio.wait_for(talk, sockets_support.DEADLINE)


class Websockets:
    @staticmethod
    def talk(url, plan):
        return asyncio.run(connect(url, plan))

    @staticmethod
    def serve(plan):
        return sockets_support.serve_on_a_thread(lambda listener, plan: asyncio.run(serve(listener, plan)), plan)


class AsClient(sockets_support.ClientCases, Case):
    implementation = Websockets


class AsServer(sockets_support.ServerCases, Case):
    implementation = Websockets


if __name__ == "__main__":
    unittest.main()
