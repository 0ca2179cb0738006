"""A server that is wrong in one way: a relay in front of one that is right, which changes one thing that passes."""

import re
import socket
import struct
import threading

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def frame(opcode, payload=b"", fin=True, rsv=0, mask=None, form=None):
    """A frame as bytes; `form`: 126 or 127 for a length that is not in the shortest one."""
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    size = len(payload)
    form = form or (size if size < 126 else 126 if size < 65536 else 127)
    length = bytes([form | (0x80 if mask else 0)])
    length += struct.pack(">H", size) if form == 126 else struct.pack(">Q", size) if form == 127 else b""
    if mask:
        payload = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
    return bytes([first]) + length + (mask or b"") + payload


class Frame:
    """One that has come."""

    def __init__(self, head, payload, mask):
        self.fin, self.rsv, self.opcode = head[0] >> 7, head[0] >> 4 & 7, head[0] & 15
        self.mask = mask
        self.payload = bytes(b ^ mask[i % 4] for i, b in enumerate(payload)) if mask else payload
        self.raw = head + (mask or b"") + payload
        self.code = struct.unpack(">H", self.payload[:2])[0] if self.opcode == CLOSE and len(payload) > 1 else None


class Fault:
    """One way to be wrong. Each method returns what is passed on in place of what it is given."""

    def request(self, head):
        return head

    def response(self, head, request):
        return head

    def from_client(self, one):
        return one.raw

    def from_server(self, one):
        return one.raw


def make(**methods):
    """A class of faults with these methods."""
    return type("Made", (Fault,), methods)


class Stream:
    """What one side sends, taken apart."""

    def __init__(self, connection):
        self.connection = connection
        self.pending = b""

    def fill(self):
        data = self.connection.recv(65536)
        self.pending += data
        return bool(data)

    def take(self, size):
        while len(self.pending) < size:
            if not self.fill():
                raise EOFError
        taken, self.pending = self.pending[:size], self.pending[size:]
        return taken

    def head(self):
        while True:
            end = re.search(rb"\r?\n\r?\n", self.pending.lstrip(b"\r\n"))
            if end:
                blank = len(self.pending) - len(self.pending.lstrip(b"\r\n"))
                return self.take(blank + end.end())
            if not self.fill():
                raise EOFError

    def frame(self):
        head = self.take(2)
        form = head[1] & 127
        more = self.take(2 if form == 126 else 8 if form == 127 else 0)
        size = int.from_bytes(more, "big") if more else form
        if size > 1 << 24:
            raise OverflowError(head + more)
        mask = self.take(4) if head[1] & 128 else None
        return Frame(head + more, self.take(size), mask)


class FaultyServer:
    """Listens on `port`, in front of a right server on `behind`."""

    def __init__(self, fault, behind):
        self.fault = fault
        self.behind = behind
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}/"
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.relay, args=(client,), daemon=True).start()

    def relay(self, client):
        with client, socket.create_connection(("127.0.0.1", self.behind)) as server:
            fault = self.fault()
            ways = Stream(client), Stream(server)
            try:
                self.relay_heads(fault, *ways)
            except (EOFError, OSError):
                return
            back = threading.Thread(target=self.pump, args=(ways[1], client, fault.from_server), daemon=True)
            back.start()
            self.pump(ways[0], server, fault.from_client)
            back.join(5)

    def relay_heads(self, fault, client, server):
        request = client.head()
        server.connection.sendall(fault.request(request))
        response = server.head()
        client.connection.sendall(fault.response(response, request))
        if b" 101 " in response.split(b"\r\n")[0]:
            return
        # An answer that is no upgrade, and what may follow on the connection.
        client.connection.sendall(server.pending)
        server.connection.sendall(client.pending)
        threading.Thread(target=self.copy, args=(client.connection, server.connection), daemon=True).start()
        self.copy(server.connection, client.connection)
        raise EOFError

    @staticmethod
    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    @staticmethod
    def pump(stream, sink, change):
        try:
            while True:
                passed = change(stream.frame())
                if passed:
                    sink.sendall(passed)
        except OverflowError as huge:
            FaultyServer.finish(stream, sink, huge.args[0])
        except (EOFError, OSError):
            FaultyServer.finish(stream, sink, b"")

    @staticmethod
    def finish(stream, sink, rest):
        try:
            sink.sendall(rest + stream.pending)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        if rest:
            FaultyServer.copy(stream.connection, sink)
