"""Our connections against python3-wsproto, in both roles."""

import sys

from side import Side

try:
    from wsproto import ConnectionType, WSConnection, events
    from wsproto.connection import ConnectionState
    from wsproto.extensions import PerMessageDeflate
    from wsproto.frame_protocol import CloseReason
except ImportError:
    print("SKIPPED: python3-wsproto is not installed")
    sys.exit(77)

import conversation


class Wsproto(Side):
    def __init__(self, is_client, subprotocols, deflate):
        super().__init__(is_client)
        self._connection = WSConnection(ConnectionType.CLIENT if is_client else ConnectionType.SERVER)
        self._subprotocols = subprotocols
        self._extensions = [deflate] if deflate else []
        if is_client:
            self._send(events.Request("localhost", "/chat", self._extensions, subprotocols=subprotocols))

    def receive(self, data):
        if self._connection.state is ConnectionState.CLOSED:
            return  # it bears nothing behind the Close
        self._connection.receive_data(data)
        for event in self._connection.events():
            self._hear(event)

    def receive_eof(self):
        assert self._connection.state is ConnectionState.CLOSED
        self.half_closed = True

    def send(self, opcode, data, finished, compress):
        if opcode:
            self._says_text = opcode == conversation.TEXT
        if self._says_text:
            self._send(events.TextMessage(data.decode(), message_finished=finished))
        else:
            self._send(events.BytesMessage(data, message_finished=finished))

    def ping(self, payload):
        self._send(events.Ping(payload))

    def pong(self, payload):
        self._send(events.Pong(payload))

    def close(self, code, reason):
        self._send(events.CloseConnection(CloseReason.NO_STATUS_RCVD if code is None else code, reason))

    def _send(self, event):
        self.output += self._connection.send(event)

    def _hear(self, event):
        if isinstance(event, events.Request):
            self.subprotocol = next((name for name in self._subprotocols if name in event.subprotocols), None)
            self._send(events.AcceptConnection(self.subprotocol, self._extensions))
            self.opened = True
            self.compresses = any(extension.enabled() for extension in self._extensions)
        elif isinstance(event, events.AcceptConnection):
            self.subprotocol = event.subprotocol
            self.opened = True
            self.compresses = event.extensions != []
        elif isinstance(event, events.TextMessage):
            self._add_piece(event.data.encode(), True, event.message_finished)
        elif isinstance(event, events.BytesMessage):
            self._add_piece(bytes(event.data), False, event.message_finished)
        elif isinstance(event, events.Ping):
            self.pings.append(bytes(event.payload))
            if self._connection.state is ConnectionState.OPEN:  # it cannot answer once it has closed
                self._send(event.response())
        elif isinstance(event, events.Pong):
            self.pongs.append(bytes(event.payload))
        elif isinstance(event, events.CloseConnection):
            self._hear_close(event)
        else:
            raise AssertionError(f"wsproto: {event}")

    def _hear_close(self, event):
        assert self._connection.state is not ConnectionState.OPEN, f"wsproto failed: {event}"
        self.close_received = int(event.code), event.reason or ""
        if self._connection.state is ConnectionState.REMOTE_CLOSING:
            self._send(event.response())
        self.half_closed = not self.is_client


def choose_ways(rng, ours_is_client):
    settings = [("subprotocol", name) for name in conversation.choose_subprotocols(rng)]
    # It knows windows of 9 to 15 bits: a server declines an offer of 8, a client does not survive that answer.
    bits = range(8 if ours_is_client else 9, 16)
    wanted = conversation.choose_parameters(rng, bits, bits)
    if rng.random() < 0.8:
        settings += conversation.deflate_settings(rng, wanted)
    deflate = None
    if rng.random() < 0.8:
        # As a server it takes its own client_max_window_bits for agreed even where the client offers none.
        free = not ours_is_client or "client_max_window_bits" in wanted
        deflate = PerMessageDeflate(
            client_no_context_takeover=rng.random() < 0.3,
            client_max_window_bits=rng.randint(9, 15) if free else 15,
            server_no_context_takeover=rng.random() < 0.3,
            server_max_window_bits=rng.randint(9, 15),
        )
    # A control frame between the fragments of a compressed message makes it take the rest for uncompressed.
    return conversation.Ways(
        Wsproto(not ours_is_client, conversation.choose_subprotocols(rng), deflate),
        settings,
        whole_code_points=True,
        no_controls_in_compressed=True,
    )


if __name__ == "__main__":
    sys.exit(conversation.run(choose_ways))
