"""What the tests of relays share: targets, and servers before them."""

import contextlib
import socket
import unittest

from peer import KEY, close_payload, dialed, scripted
from support import Case, Server

NORMAL, GOING_AWAY = close_payload(1000), close_payload(1001)


def read_all(connection):
    """Bytes of a socket to its end."""
    pieces = []
    while piece := connection.recv(1 << 16):
        pieces.append(piece)
    return b"".join(pieces)


def how_it_ends(peer):
    """A target's script: what came, and whether that ended with a reset."""
    data = b""
    try:
        while piece := peer.socket.recv(1 << 16):
            data += piece
    except ConnectionResetError:
        return data, "reset"
    return data, "end"


def request(server, path, *headers):
    """(status, all of the answer) of an upgrade request."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {server.host}:{server.port}", "Upgrade: websocket", "Connection: Upgrade",
             f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13", *headers, "", ""]
    with dialed(server) as client:
        client.write("\r\n".join(lines).encode())
        head = client.read_head()
        status = int(head.split()[1])
        return status, head + (client.read_rest().decode() if status != 101 else "")


@contextlib.contextmanager
def target(*scripts, path=None):
    """A target that does `script(peer)` with each connection in turn; its `name` is for --relay."""
    if path:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
    else:
        listener = socket.create_server(("127.0.0.1", 0))
    with scripted(*scripts, listener=listener) as served:
        served.name = f"unix:{path}" if path else f"tcp:127.0.0.1:{served.port}"
        yield served


class Relay(Case):
    def serve(self, *arguments, **options):
        server = Server("listen", *arguments, "0", **options)
        self.addCleanup(server.process.__exit__, None, None, None)
        self.addCleanup(server.process.kill)
        return server

    def stop(self, server, stderr=""):
        self.assertEqual(server.stop(), (0, b"", stderr))

    def relay(self, *scripts, path=None, options=()):
        """A server before such a target."""
        served = self.enterContext(target(*scripts, path=path))
        return self.serve("--relay", served.name, *options), served

    if not hasattr(unittest.TestCase, "enterContext"):  # Python before 3.11
        def enterContext(self, manager):
            value = manager.__enter__()
            self.addCleanup(manager.__exit__, None, None, None)
            return value
