"""The other end of a connection inside TLS, as Python's ssl has it."""

import contextlib
import socket
import ssl

from peer import CLOSE, Peer, scripted
from support import DEADLINE

TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


def server_context(identity, client_ca=None, least=TLS_1_2, most=TLS_1_3, ciphers=None, protocols=()):
    """What a server shows and takes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.certificate, identity.key)
    context.minimum_version, context.maximum_version = least, most
    if client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(client_ca.certificate)
    if ciphers:
        context.set_ciphers(ciphers)
    if protocols:
        context.set_alpn_protocols(protocols)
    return context


def client_context(root=None, identity=None, most=TLS_1_3):
    """What a client trusts (anybody, if no root is given) and shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = most
    if root:
        context.load_verify_locations(root.certificate)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if identity:
        context.load_cert_chain(identity.certificate, identity.key)
    return context


class SecurePeer(Peer):
    def finish(self):
        frame = self.read_close()
        self.send(CLOSE, frame.payload)
        self.end()
        return frame.payload

    def read_close(self):
        frame = self.read_frame()
        if frame.opcode != CLOSE:
            raise AssertionError(f"not a Close: {frame}")
        return frame

    def end(self):
        """Says that nothing follows (close_notify), and waits for the other side to say so."""
        self.socket.unwrap().close()

    def cut_off(self):
        """Ends the stream without a word of TLS."""
        connection = socket.socket(fileno=self.socket.detach())
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()


def secured(script, context):
    """A script: TLS, and then `script`. Its result is the exception if there is no TLS after all."""
    def secure(peer):
        try:
            connection = context.wrap_socket(peer.socket, server_side=True)
        except OSError as failure:  # ssl.SSLError is one
            return failure
        with connection:
            return script(SecurePeer(connection, client=False))
    return secure


@contextlib.contextmanager
def scripted_tls(context, *scripts, host="127.0.0.1", listener=None):
    """scripted(), inside TLS. `host`: in its URL."""
    with scripted(*(secured(script, context) for script in scripts), listener=listener) as served:
        served.url = f"wss://{host}:{served.port}/"
        yield served


@contextlib.contextmanager
def dialed_tls(server, context, name="localhost"):
    """A client of `server` inside TLS that has not said anything yet."""
    with socket.create_connection((server.host, server.port), DEADLINE) as connection:
        with context.wrap_socket(connection, server_hostname=name) as secure:
            yield SecurePeer(secure, client=True)


@contextlib.contextmanager
def connected_tls(server, context, *headers, name="localhost"):
    """A client of `server` whose connection is open."""
    with dialed_tls(server, context, name) as peer:
        peer.connect(*headers)
        yield peer
