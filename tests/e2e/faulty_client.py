"""A client that keeps to RFC 6455 and echoes, but for the fault that is named: python3 faulty_client.py URL [FAULT]."""

import base64
import hashlib
import os
import socket
import sys
import time
import urllib.parse
import zlib

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
URL = urllib.parse.urlsplit(sys.argv[1])
FAULT = sys.argv[2] if len(sys.argv) > 2 else ""
# What offers permessage-deflate, and that it can do with a smaller window: the first one is no fault.
COMPRESSES = FAULT in ("deflate", "wide-window", "keeps-context")
# How long it waits before it connects again.
DELAYS = {"reconnects": (0.2, 0.2, 0.2), "backs-off": (0.1, 0.2, 0.4)}.get(FAULT, ())


class Failed(Exception):
    """The connection is to be failed, with this code; nothing: the handshake was not one."""

    def __init__(self, code=None):
        super().__init__(code)
        self.code = code


def request():
    key = b"A" * 21 + b"A==" if FAULT == "one key" else base64.b64encode(os.urandom(15 if FAULT == "key-15" else 16))
    lines = [b"GET %s HTTP/1.1" % URL.path.encode(), b"Host: " + URL.netloc.encode(), b"Upgrade: websocket",
             b"Connection: Upgrade", b"Sec-WebSocket-Key: " + key,
             b"Sec-WebSocket-Version: " + (b"8" if FAULT == "version-8" else b"13")]
    if FAULT == "no-host":
        del lines[1]
    if FAULT == "key-twice":
        lines.append(b"Sec-WebSocket-Key: " + key)
    if FAULT == "protocol-twice":
        lines.append(b"Sec-WebSocket-Protocol: a, a")
    if FAULT == "bad-offer":
        lines.append(b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=16")
    if COMPRESSES:
        lines.append(b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
    if FAULT == "body":
        lines.append(b"Content-Length: 2")
    return key, b"\r\n".join(lines) + b"\r\n\r\n"


class Client:
    def __init__(self):
        self.socket = socket.create_connection((URL.hostname, URL.port))
        self.buffer = b""
        self.count = 0
        self.message = None
        self.type = None
        self.closed = False
        self.extension = b""
        self.compressed = False
        self.inflater = zlib.decompressobj(-15)
        self.deflater = None

    def more(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def take(self, size):
        while len(self.buffer) < size:
            self.more()
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    # --- the opening handshake

    def open(self):
        key, head = request()
        self.socket.sendall(head)
        if FAULT == "early":
            self.send(PING, b"early")
        while True:
            head = self.head()
            status = int(head.split(b" ", 2)[1])
            if status // 100 != 1 or status == 101 or FAULT == "no-interim":
                break
        if status != 101 and FAULT != "status-%d" % status:
            raise Failed
        fields = [line.split(b":", 1) for line in head.split(b"\r\n")[1:] if line]
        fold = (lambda text: text) if FAULT == "exact-case" else bytes.lower
        values = {}
        for name, value in fields:
            value = value if FAULT == "no-trim" and b"ccept" in name else value.strip()
            values.setdefault(fold(name), []).append(value)
        self.check(values, fold, key)

    def head(self):
        if FAULT == "one-read":
            self.more()
            if b"\r\n\r\n" not in self.buffer:
                raise Failed
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if FAULT == "loses-early":
            self.buffer = b""
        return head

    def check(self, values, fold, key):
        def value_of(name):
            return b", ".join(values.get(fold(name), []))

        if FAULT.startswith("status-"):
            return
        right = base64.b64encode(hashlib.sha1(key + GUID).digest())
        accept = value_of(b"Sec-WebSocket-Accept").removeprefix(b" " if FAULT == "no-trim" else b"")
        takes_accept = {"accept-wrong": accept.startswith(b"s3p"), "accept-none": not accept,
                        "accept-case": accept.lower() == right.lower()}
        if accept != right and not takes_accept.get(FAULT):
            raise Failed
        upgrade = value_of(b"Upgrade")
        takes_upgrade = {"upgrade-none": not upgrade, "upgrade-other": upgrade == b"h2c"}
        if fold(upgrade) != b"websocket" and not takes_upgrade.get(FAULT):
            raise Failed
        connection = value_of(b"Connection")
        tokens = [fold(token.strip()) for token in connection.split(b",")]
        if FAULT == "connection-whole":
            tokens = [fold(connection)]
        if fold(b"Upgrade") not in tokens and not (FAULT == "connection-none" and not connection):
            raise Failed
        extensions = value_of(b"Sec-WebSocket-Extensions")
        takes = {"ext-unasked": b"x-wscope", "ext-malformed": b"permessage-deflate;;"}
        self.extension = extensions if COMPRESSES else b""
        if extensions and extensions != takes.get(FAULT) and not self.extension.startswith(b"permessage-deflate"):
            raise Failed
        protocol = value_of(b"Sec-WebSocket-Protocol")
        takes = {"protocol-unasked": b"x-wscope-none", "protocol-two": b"x-wscope-none, x-wscope-other",
                 "protocol-twice": b"a"}
        if protocol and protocol != takes.get(FAULT):
            raise Failed

    # --- frames

    def mask(self):
        self.count += 1
        return {"one-mask": b"\1\2\3\4", "counted-masks": (7 + self.count).to_bytes(4, "big")}.get(FAULT,
                                                                                               os.urandom(4))

    def compress(self, payload):
        if self.deflater is None or b"client_no" in self.extension and FAULT != "keeps-context":
            bits = 9 if b"bits=9" in self.extension and FAULT != "wide-window" else 15
            self.deflater = zlib.compressobj(wbits=-bits)
        return (self.deflater.compress(payload) + self.deflater.flush(zlib.Z_SYNC_FLUSH))[:-4]

    def send(self, opcode, payload=b"", first=None):
        if self.extension and opcode in (TEXT, BINARY):
            payload, first = self.compress(payload), 0xc0 | opcode
        size = len(payload)
        form = 7 if size < 126 else 16 if size < 65536 else 64
        if FAULT == "long-lengths" and opcode == PONG:
            form = 16
        length = bytes([size]) if form == 7 else bytes([126 + (form == 64)]) + size.to_bytes(form // 8, "big")
        head = bytes([first or 0x80 | opcode])
        if FAULT == "no-mask":
            return self.socket.sendall(head + length + payload)
        key = self.mask()
        masked = bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))
        self.socket.sendall(head + bytes([length[0] | 0x80]) + length[1:] + key + masked)

    def read(self):
        first, second = self.take(2)
        size = second & 127
        if size == 126:
            size = int.from_bytes(self.take(2), "big")
        elif size == 127:
            size = int.from_bytes(self.take(8), "big")
        rsv, opcode, fin = first >> 4 & 7, first & 15, first >> 7
        if self.extension and rsv == 4 and opcode in (TEXT, BINARY):
            rsv, self.compressed = 0, True
        wrong = [rsv and FAULT != "rsv-%d" % rsv, opcode in (*range(3, 8), *range(11, 16)) and
                 FAULT != "opcode-%x" % opcode, second & 128 and FAULT != "masked", size >= 2**63,
                 opcode >= 8 and 
                 (size > 125 and (FAULT != "long-control" or opcode != PING) or
                  not fin and (FAULT != "control-fragment" or opcode != PING))]
        if any(wrong):
            raise Failed(1002)
        key = self.take(4) if second & 128 else bytes(4)
        payload = self.take(size)
        return fin, opcode, bytes(byte ^ key[i % 4] for i, byte in enumerate(payload)) if second & 128 else payload

    def handle(self, fin, opcode, payload):
        if opcode == PING:
            if FAULT == "dies" and len(payload) == 125:
                os.abort()
            if FAULT == "short-pong":
                payload = payload[:100]
            self.send(PONG, payload)
        elif opcode == CLOSE:
            self.handle_close(payload)
        elif opcode <= 2:
            self.handle_data(fin, opcode, payload)

    def handle_data(self, fin, opcode, payload):
        if opcode == 0 and self.message is None:
            if FAULT == "lone-continuation" and fin and self.type is None:
                return
            raise Failed(1002)
        if opcode != 0 and self.message is not None and (FAULT != "message-inside" or opcode != TEXT):
            raise Failed(1002)
        if opcode != 0:
            self.type, self.message = opcode, b""
        self.message += payload
        if not fin:
            return
        if self.compressed:
            self.message = self.inflater.decompress(self.message + b"\0\0\xff\xff")
            self.compressed = False
        if self.type == TEXT and not (FAULT == "any-utf8" and b"\xff" in self.message):
            try:
                self.message.decode()
            except UnicodeDecodeError as error:
                raise Failed(1007) from error
        small = len(self.message) == 1
        if FAULT != "no-echo" or not small:
            self.send(BINARY if FAULT == "echo-type" and small else self.type, self.message)
        self.message = None

    def handle_close(self, payload):
        code = int.from_bytes(payload[:2], "big")
        bad = code < 1000 or code in (1004, 1005, 1006, 1015) or 1015 < code < 3000
        if payload and (len(payload) == 1 or bad) and not (FAULT == "any-code" and code == 1005):
            raise Failed(1002)
        try:
            payload[2:].decode()
        except UnicodeDecodeError as error:
            raise Failed(1007) from error
        code = 1002 if FAULT == "wrong-code" and code == 3999 else code
        if FAULT == "no-close" and not payload:
            return
        self.send(CLOSE, (1005 if FAULT == "sends-1005" else code).to_bytes(2, "big") if payload else b"")
        if FAULT == "data-after-close":
            self.send(TEXT, b"late")
        raise EOFError

    def run(self):
        try:
            self.open()
            if FAULT == "sends-rsv":
                self.send(TEXT, b"x", 0xa1)
            while True:
                self.handle(*self.read())
        except Failed as failed:
            if failed.code:
                self.send(CLOSE, failed.code.to_bytes(2, "big"))
            if not failed.code or FAULT == "fin-first":
                return
        except EOFError:
            if FAULT == "fin-first":
                return
        except OSError:
            return
        # The server ends TCP first (RFC 6455 section 7.1.1).
        self.socket.settimeout(2)
        try:
            while self.socket.recv(65536):
                pass
        except OSError:
            pass


if __name__ == "__main__":
    Client().run()
    for delay in DELAYS:
        time.sleep(delay)
        Client().run()
