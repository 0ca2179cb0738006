"""Our connections against the Sans-I/O layer of python3-websockets, in both roles."""

import sys

from side import Side

try:
    from websockets import frames, uri
    from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, ServerPerMessageDeflateFactory

    try:
        from websockets.client import ClientProtocol
        from websockets.server import ServerProtocol
    except ImportError:  # before version 11
        from websockets.client import ClientConnection as ClientProtocol
        from websockets.server import ServerConnection as ServerProtocol
except ImportError:
    print("SKIPPED: python3-websockets is not installed")
    sys.exit(77)

import conversation


class Websockets(Side):
    def __init__(self, is_client, subprotocols, factories):
        super().__init__(is_client)
        if is_client:
            address = uri.parse_uri("ws://localhost:8080/chat")
            self._protocol = ClientProtocol(address, extensions=factories, subprotocols=subprotocols or None)
            self._protocol.send_request(self._protocol.connect())
        else:
            self._protocol = ServerProtocol(extensions=factories, subprotocols=subprotocols or None)
        self._collect()

    def receive(self, data):
        self._protocol.receive_data(data)
        self._collect()

    def receive_eof(self):
        self._protocol.receive_eof()
        self._collect()

    def send(self, opcode, data, finished, compress):
        if opcode == conversation.TEXT:
            self._protocol.send_text(data, finished)
        elif opcode == conversation.BINARY:
            self._protocol.send_binary(data, finished)
        else:
            self._protocol.send_continuation(data, finished)
        self._collect()

    def ping(self, payload):
        self._protocol.send_ping(payload)
        self._collect()

    def pong(self, payload):
        self._protocol.send_pong(payload)
        self._collect()

    def close(self, code, reason):
        self._protocol.send_close(code, reason)
        self._collect()

    def _collect(self):
        for event in self._protocol.events_received():
            if isinstance(event, frames.Frame):
                self._hear(event)
            else:
                self._shake(event)
        for data in self._protocol.data_to_send():
            self.output += data
            self.half_closed |= data == b""
        failure = getattr(self._protocol, "parser_exc", None)
        assert failure is None, f"websockets failed: {failure!r}"

    def _shake(self, head):
        if not self.is_client:
            response = self._protocol.accept(head)
            assert response.status_code == 101, response
            self._protocol.send_response(response)
        assert self._protocol.handshake_exc is None, self._protocol.handshake_exc
        self.opened = True
        self.subprotocol = self._protocol.subprotocol
        self.compresses = self._protocol.extensions != []

    def _hear(self, frame):
        if frame.opcode is frames.OP_PING:
            self.pings.append(bytes(frame.data))
        elif frame.opcode is frames.OP_PONG:
            self.pongs.append(bytes(frame.data))
        elif frame.opcode is frames.OP_CLOSE:
            close = frames.Close.parse(frame.data)
            self.close_received = close.code, close.reason
        else:
            if not self._pieces:
                self._hears_text = frame.opcode is frames.OP_TEXT
            self._add_piece(bytes(frame.data), self._hears_text, frame.fin)


def choose_ways(rng, ours_is_client):
    settings = [("subprotocol", name) for name in conversation.choose_subprotocols(rng)]
    # It cannot compress with a window of 8 bits, and does not survive agreeing on it. Ours can.
    server_bits, client_bits = range(9, 16), range(8, 16)
    if not ours_is_client:
        server_bits, client_bits = client_bits, server_bits
    if rng.random() < 0.8:
        settings += conversation.deflate_settings(rng, conversation.choose_parameters(rng, server_bits, client_bits))
    factories = []
    if rng.random() < 0.8:
        parameters = conversation.choose_parameters(rng, server_bits, client_bits)
        wanted = {name: True if value is None else value for name, value in parameters.items()}
        if ours_is_client and wanted.get("client_max_window_bits") is True:
            del wanted["client_max_window_bits"]  # without a value it belongs to a client
        if not ours_is_client:
            wanted.setdefault("client_max_window_bits", None)
        wanted["compress_settings"] = {"memLevel": rng.randint(1, 9), "level": rng.randint(0, 9)}
        factory = ServerPerMessageDeflateFactory if ours_is_client else ClientPerMessageDeflateFactory
        factories.append(factory(**wanted))
    # Version 10 fails with 1011 on a Ping that comes after it has sent Close.
    return conversation.Ways(
        Websockets(not ours_is_client, conversation.choose_subprotocols(rng), factories),
        settings,
        no_ping_after_close=True,
    )


if __name__ == "__main__":
    sys.exit(conversation.run(choose_ways))
