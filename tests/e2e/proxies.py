"""Proxies for tests: real ones, tinyproxy and microsocks, as processes, and parts of scripted ones."""

import contextlib
import random
import shutil
import socket
import subprocess
import tempfile
import unittest

from support import DEADLINE, ENVIRONMENT, eventually

USER, PASSWORD = "user", "s3cret"
OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def lonely_address():
    """A loopback address that nobody else uses, and a port: these programs want to be told one."""
    host = f"127.{random.randrange(1, 255)}.{random.randrange(1, 255)}.{random.randrange(2, 255)}"
    with socket.create_server((host, 0)) as listener:
        return listener.getsockname()


def accepts(address):
    with contextlib.suppress(OSError), socket.create_connection(address, DEADLINE):
        return True
    return False


@contextlib.contextmanager
def program(address, *command):
    """A process that serves there. Gives its host:port."""
    if not shutil.which(command[0]):
        raise unittest.SkipTest(f"no {command[0]} here")
    with subprocess.Popen(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        try:
            eventually(lambda: process.poll() is not None or accepts(address))
            if process.poll() is not None:
                raise AssertionError(f"{command} has ended with {process.returncode}")
            yield "%s:%d" % address
        finally:
            process.kill()


@contextlib.contextmanager
def tinyproxy(*directives):
    host, port = lonely_address()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write("\n".join((f"Port {port}", f"Listen {host}", "Timeout 60", "LogLevel Critical", *directives, "")))
        file.flush()
        with program((host, port), "tinyproxy", "-d", "-c", file.name) as address:
            yield address


@contextlib.contextmanager
def microsocks(*options):
    host, port = lonely_address()
    with program((host, port), "microsocks", "-i", host, "-p", str(port), *options) as address:
        yield address


def relay(peer, address):
    """Copies bytes both ways between a peer and what listens at `address`, until either has ended. All in one thread:
    what is inside TLS may not be read and written at the same time."""
    with socket.create_connection(address, DEADLINE) as target:
        ways = ((peer.socket, target), (target, peer.socket))
        for source, _ in ways:
            source.settimeout(0.002)
        while True:
            for source, sink in ways:
                with contextlib.suppress(TimeoutError):
                    piece = source.recv(1 << 16)
                    if not piece:
                        return
                    sink.sendall(piece)


def tunnel_to(address):
    """A script: a proxy that does as CONNECT says, but connects to `address`. Returns the request."""
    def script(peer):
        request = peer.read_head()
        peer.write(OPENED)
        relay(peer, address)
        return request
    return script
