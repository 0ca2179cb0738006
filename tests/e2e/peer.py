"""The other end of a WebSocket connection, by hand: every byte as the test wants it."""

import base64
import collections
import contextlib
import hashlib
import socket
import struct
import threading

from support import DEADLINE

PATIENCE = 5  # seconds for a client that is there already
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
REQUEST = (
    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n"
)

Frame = collections.namedtuple("Frame", "opcode payload fin rsv masked", defaults=(True, 0, False))


def accept_value(key):
    proof = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    return base64.b64encode(hashlib.sha1(proof.encode()).digest()).decode()


def mask_with(key, data):
    pattern = (key * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(pattern, "big")).to_bytes(len(data), "big")


def frame_head(opcode, size, fin=True, rsv=0, masked=False):
    """What precedes a payload of `size` bytes. The masking key is zero, which is valid and costs nothing."""
    head = bytes([fin << 7 | rsv << 4 | opcode])
    mask = masked << 7
    if size < 126:
        head += bytes([mask | size])
    elif size < 1 << 16:
        head += bytes([mask | 126]) + struct.pack(">H", size)
    else:
        head += bytes([mask | 127]) + struct.pack(">Q", size)
    return head + bytes(4 * masked)


def encode(opcode, payload=b"", **choices):
    """The bytes of a frame."""
    return frame_head(opcode, len(payload), **choices) + payload


def close_payload(code, reason=""):
    return struct.pack(">H", code) + reason.encode()


class Peer:
    """One end of a connection on a socket."""

    def __init__(self, connection, client):
        self.socket = connection
        self.client = client
        self.buffer = bytearray()
        connection.settimeout(DEADLINE)

    def write(self, data):
        self.socket.sendall(data)

    def send(self, opcode, payload=b"", **choices):
        self.write(encode(opcode, payload, **{"masked": self.client, **choices}))

    def write_meanwhile(self, *pieces):
        """Writes on a thread of its own, so that whoever calls can read what comes back."""
        def write():
            for piece in pieces:
                self.write(piece)
        threading.Thread(target=write, daemon=True).start()

    def send_meanwhile(self, opcode, payload):
        self.write_meanwhile(encode(opcode, payload, masked=self.client))

    def close(self, code=1000, reason=""):
        """Sends a Close."""
        self.send(CLOSE, close_payload(code, reason))

    def fill(self, size):
        """Reads until `size` bytes are there; less only at the end of the stream."""
        while len(self.buffer) < size:
            piece = self.socket.recv(1 << 18)
            if not piece:
                break
            self.buffer += piece

    def take(self, size):
        self.fill(size)
        if len(self.buffer) < size:
            raise EOFError(f"the stream ends after {bytes(self.buffer[:40])!r}")
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def read_head(self):
        """An HTTP head, with its empty line."""
        while b"\r\n\r\n" not in self.buffer:
            self.fill(len(self.buffer) + 1)
            if not self.buffer:
                raise EOFError("no head")
        return self.take(self.buffer.index(b"\r\n\r\n") + 4).decode()

    def read_frame(self):
        first, second = self.take(2)
        size = second & 127
        if size > 125:
            size = int.from_bytes(self.take(2 if size == 126 else 8), "big")
        key = self.take(4) if second & 128 else None
        payload = self.take(size)
        if key:
            payload = mask_with(key, payload)
        return Frame(first & 15, payload, bool(first & 128), first >> 4 & 7, bool(key))

    def read_message(self):
        """(opcode, bytes) of the next message, from all its fragments."""
        frame = self.read_frame()
        opcode, pieces = frame.opcode, [frame.payload]
        while not frame.fin:
            frame = self.read_frame()
            pieces.append(frame.payload)
        return opcode, b"".join(pieces)

    def read_rest(self):
        """Everything up to the end of the stream."""
        while piece := self.socket.recv(1 << 18):
            self.buffer += piece
        rest = bytes(self.buffer)
        self.buffer.clear()
        return rest

    def accept(self, *headers):
        """Server: reads an upgrade request and accepts it. Returns the request."""
        request = self.read_head()
        key = header(request, "Sec-WebSocket-Key")
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Accept: " + accept_value(key), *headers]
        self.write("".join(line + "\r\n" for line in [*lines, ""]).encode())
        return request

    def connect(self, *headers):
        """Client: upgrades. Returns the response."""
        self.write((REQUEST + "".join(line + "\r\n" for line in [*headers, ""])).encode())
        response = self.read_head()
        if not response.startswith("HTTP/1.1 101 ") or header(response, "Sec-WebSocket-Accept") != accept_value(KEY):
            raise AssertionError(response)
        return response

    def finish(self):
        """Reads the peer's Close, answers it, and waits for the end. Returns the Close's payload."""
        frame = self.read_frame()
        if frame.opcode != CLOSE:
            raise AssertionError(f"not a Close: {frame}")
        self.send(CLOSE, frame.payload)
        if not self.client:
            self.socket.shutdown(socket.SHUT_WR)
        if self.read_rest():
            raise AssertionError("bytes after the Close")
        self.socket.close()
        return frame.payload

    def reset(self):
        """Ends the connection with an RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def header(head, name):
    """The value of the header field `name`, or None."""
    for line in head.split("\r\n")[1:]:
        field, _, value = line.partition(":")
        if field.lower() == name.lower():
            return value.strip()
    return None


@contextlib.contextmanager
def connected(server, *headers):
    """A client of `server` whose connection is open."""
    with dialed(server) as peer:
        peer.connect(*headers)
        yield peer


@contextlib.contextmanager
def dialed(server):
    """A client of `server` that has not said anything yet."""
    with socket.create_connection((server.host, server.port), DEADLINE) as connection:
        yield Peer(connection, client=True)


@contextlib.contextmanager
def scripted(*scripts, listener=None):
    """A server that does `script(peer)` with the one client it gets; of several scripts, each is for one client, one
    after the other. Gives its `url`, and in the end, as `result`, what the (last) script returned, and all `results`;
    what one raised fails the test. `listener`: in place of one on 127.0.0.1."""
    with listener or socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(DEADLINE)
        served = Served(listener.getsockname())
        thread = threading.Thread(target=served.serve, args=(listener, scripts), daemon=True)
        thread.start()
        yield served
        thread.join(PATIENCE)
        listener.shutdown(socket.SHUT_RD)  # nobody has come, nobody will
        thread.join(DEADLINE)
    if served.failure:
        raise AssertionError("the script failed") from served.failure
    if thread.is_alive():
        raise AssertionError("the script is not over")


class Served:
    def __init__(self, address):
        if isinstance(address, tuple):  # otherwise it is a path
            self.host, self.port = address[:2]
            self.url = f"ws://[{self.host}]:{self.port}/" if ":" in self.host else f"ws://{self.host}:{self.port}/"
        self.results = []
        self.failure = None

    @property
    def result(self):
        return self.results[-1] if self.results else None

    def serve(self, listener, scripts):
        try:
            for script in scripts:
                connection, _ = listener.accept()
                with connection:
                    self.results.append(script(Peer(connection, client=False)))
        except Exception as failure:  # for the test's own thread
            self.failure = failure


@contextlib.contextmanager
def closed_port():
    """A port that refuses, and that nobody else gets meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@contextlib.contextmanager
def silent_port(host="127.0.0.1", port=0):
    """A port whose listener is so busy that a connection is neither made nor refused."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind((host, port))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def reject(status_line, *headers, body=b""):
    """A script: answers the upgrade request with this response."""
    def script(peer):
        peer.read_head()
        lines = [f"HTTP/1.1 {status_line}", *headers, f"Content-Length: {len(body)}", ""]
        peer.write("".join(line + "\r\n" for line in lines).encode() + body)
        peer.socket.shutdown(socket.SHUT_WR)
        peer.read_rest()
    return script
