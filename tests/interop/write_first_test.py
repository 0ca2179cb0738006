"""Clients that write all of a message before they read, against the echo: python3-websockets and websocket-client."""

import asyncio
import sys
import unittest

try:
    import websocket
    import websockets
except ImportError as error:
    print(f"SKIPPED: {error}")
    sys.exit(77)

from sockets_support import LARGE, Case, Server

PAYLOADS = [bytes(range(256)) * (size // 256) for size in LARGE]


class WriteFirst(Case):
    """Nothing is read until the whole message is written, and the answer has its one frame."""

    def test_websockets(self):
        async def exchange(url, payload):
            async with websockets.connect(url, compression=None, max_size=None, ping_interval=None) as connection:
                await connection.send(payload)
                return await connection.recv()

        for payload in PAYLOADS:
            with self.subTest(len(payload)), Server() as server:
                self.assert_bytes(asyncio.run(exchange(server.url, payload)), payload)

    def test_websocket_client(self):
        for payload in PAYLOADS:
            with self.subTest(len(payload)), Server() as server:
                client = websocket.create_connection(server.url)
                client.send_binary(payload)
                frame = client.recv_frame()
                self.assertEqual((frame.fin, frame.opcode), (1, websocket.ABNF.OPCODE_BINARY))
                self.assert_bytes(frame.data, payload)
                client.close()


if __name__ == "__main__":
    unittest.main()
