"""A client that sends back what it is sent, as a library of Python has it: python3 echo.py LIBRARY URL."""

import asyncio
import sys


async def with_websockets(url):
    import websockets

    async with websockets.connect(url, max_size=None) as connection:
        async for message in connection:
            await connection.send(message)


def with_websocket(url):
    import websocket

    connection = websocket.create_connection(url)
    while True:
        opcode, message = connection.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return connection.shutdown()
        connection.send(message, opcode)


async def with_aiohttp(url):
    import aiohttp

    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url, compress=15, max_msg_size=0) as connection:
            async for message in connection:
                if message.type == aiohttp.WSMsgType.TEXT:
                    await connection.send_str(message.data)
                elif message.type == aiohttp.WSMsgType.BINARY:
                    await connection.send_bytes(message.data)


async def with_tornado(url):
    import tornado.websocket

    connection = await tornado.websocket.websocket_connect(url, compression_options={}, max_message_size=2**24)
    while (message := await connection.read_message()) is not None:
        await connection.write_message(message, binary=isinstance(message, bytes))


def with_httpx_ws(url):
    import httpx_ws
    import wsproto.events

    with httpx_ws.connect_ws(url, max_message_size_bytes=2**24) as connection:
        while True:
            event = connection.receive()
            if isinstance(event, wsproto.events.TextMessage):
                connection.send_text(event.data)
            elif isinstance(event, wsproto.events.BytesMessage):
                connection.send_bytes(bytes(event.data))


if __name__ == "__main__":
    run = globals()["with_" + sys.argv[1].replace("-", "_")]
    if asyncio.iscoroutinefunction(run):
        asyncio.run(run(sys.argv[2]))
    else:
        run(sys.argv[2])
