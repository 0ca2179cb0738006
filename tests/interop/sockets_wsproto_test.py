"""The binary against python3-wsproto on plain sockets, in both roles."""

import select
import socket
import sys
import unittest
import urllib.parse

try:
    from wsproto import ConnectionType, WSConnection, events
    from wsproto.connection import ConnectionState
    from wsproto.extensions import PerMessageDeflate
except ImportError:
    print("SKIPPED: python3-wsproto is not installed")
    sys.exit(77)

import sockets_support
from peer import header
from sockets_support import CLIENT_BITS, CLIENT_TAKEOVER, DEADLINE, SERVER_TAKEOVER, Case, Talk, fragments


class Conversation:
    def __init__(self, stream, plan, kind):
        self.stream = stream
        self.plan = plan
        self.connection = WSConnection(kind)
        self.extensions = [] if plan.deflate is None else [PerMessageDeflate(**plan.deflate)]
        self.output = bytearray()
        self.head = bytearray()  # of the response
        self.opened = False
        self.messages, self.pieces, self.pongs, self.close = [], [], [], None
        self.pings = 0
        stream.setblocking(False)

    def follow(self):
        """The talk, once the connection is over."""
        self.go_on_until(lambda: self.opened)
        for message in self.plan.says:
            self.say(fragments(message))
        self.go_on_until(lambda: len(self.messages) == self.plan.hears and len(self.pongs) == self.pings)
        if self.plan.close:
            self.send(events.CloseConnection(*self.plan.close))
        self.go_on_until(lambda: self.close is not None)
        if not self.connection.client:
            self.stream.shutdown(socket.SHUT_WR)
        while self.receive():
            pass
        extensions = header(self.head.decode(errors="replace"), "Sec-WebSocket-Extensions")
        return Talk(self.messages, self.pongs, self.close, extensions or "")

    def say(self, parts):
        for number, part in enumerate(parts):
            if number and self.plan.pings:
                self.send(events.Ping(b"%d" % self.pings))
                self.pings += 1
            kind = events.TextMessage if isinstance(part, str) else events.BytesMessage
            self.send(kind(part, message_finished=number == len(parts) - 1))

    def send(self, event):
        data = self.connection.send(event)
        self.output += data
        if isinstance(event, events.AcceptConnection):
            self.head += data

    def go_on_until(self, condition):
        while self.output or not condition():
            if self.wait():
                data = self.receive()
                if not data:
                    raise EOFError("the stream ends")
                self.hear(data)

    def wait(self):
        """Sends what goes. Whether there is something to receive."""
        readable, writable, _ = select.select([self.stream], [self.stream] if self.output else [], [], DEADLINE)
        if not readable and not writable:
            raise TimeoutError("nothing happens")
        if writable:
            del self.output[: self.stream.send(self.output[: 1 << 18])]
        return bool(readable)

    def receive(self):
        select.select([self.stream], [], [], DEADLINE)
        return self.stream.recv(1 << 18)

    def hear(self, data):
        if not self.opened and self.connection.client:
            self.head += data
        self.connection.receive_data(data)
        for event in self.connection.events():
            self.hear_event(event)

    def hear_event(self, event):
        if isinstance(event, events.Request):
            self.send(events.AcceptConnection(extensions=self.extensions))
            self.opened = True
        elif isinstance(event, events.AcceptConnection):
            self.opened = True
        elif isinstance(event, events.Message):
            self.pieces.append(event.data if isinstance(event.data, str) else bytes(event.data))
            if event.message_finished:
                self.messages.append(type(self.pieces[0])().join(self.pieces))
                self.pieces = []
        elif isinstance(event, events.Ping):
            self.send(event.response())
        elif isinstance(event, events.Pong):
            self.pongs.append(bytes(event.payload))
        elif isinstance(event, events.CloseConnection):
            self.close = int(event.code), event.reason or ""
            if self.connection.state is ConnectionState.REMOTE_CLOSING:
                self.send(event.response())
        else:
            raise AssertionError(f"wsproto: {event}")


def serve(listener, plan):
    stream, _ = listener.accept()
    with stream:
        return Conversation(stream, plan, ConnectionType.SERVER).follow()


class Wsproto:
    @staticmethod
    def talk(url, plan):
        address = urllib.parse.urlsplit(url)
        with socket.create_connection((address.hostname, address.port), DEADLINE) as stream:
            conversation = Conversation(stream, plan, ConnectionType.CLIENT)
            conversation.send(events.Request(address.netloc, "/", conversation.extensions))
            return conversation.follow()

    @staticmethod
    def serve(plan):
        return sockets_support.serve_on_a_thread(serve, plan)


class Limits:
    # A control frame between the fragments of a compressed message makes it take the rest for uncompressed.
    bears_controls_in_compressed = False
    # It uses the windows it was made with, but only mentions those that were offered.
    demands = {SERVER_TAKEOVER, CLIENT_TAKEOVER, CLIENT_BITS}
    unknown_codes = {1014}


class AsClient(Limits, sockets_support.ClientCases, Case):
    implementation = Wsproto


class AsServer(Limits, sockets_support.ServerCases, Case):
    implementation = Wsproto


if __name__ == "__main__":
    unittest.main()
