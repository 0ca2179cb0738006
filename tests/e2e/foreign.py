"""Other people's programs as the other end: OpenSSL's s_server and s_client, and python3-websockets in whichever Python
has it."""

import contextlib
import functools
import json
import re
import socket
import subprocess
import sys
import types
import unittest

from peer import Peer
from support import DEADLINE, ENVIRONMENT

ECHO = """
import asyncio, ssl, sys, websockets
async def echo(connection, *_):
    async for message in connection:
        await connection.send(message)
async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[1:])
    async with websockets.serve(echo, "127.0.0.1", 0, ssl=context) as server:
        print(list(server.sockets)[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
asyncio.run(main())
"""
CLIENT = """
import asyncio, json, ssl, sys, websockets
async def main():
    url, root = sys.argv[1:]
    context = ssl.create_default_context(cafile=root)
    seen = []
    async with websockets.connect(url, ssl=context) as connection:
        for message in ("gr\\xfc\\xdf" * 50_000, bytes(range(256)) * 1000):
            await connection.send(message)
            seen.append(await connection.recv() == message)
    print(json.dumps([*seen, connection.close_code]))
asyncio.run(main())
"""


@functools.cache
def python_with_websockets():
    for candidate in (sys.executable, "python3", "/usr/bin/python3"):
        with contextlib.suppress(FileNotFoundError):
            if subprocess.run([candidate, "-c", "import websockets"], capture_output=True, check=False).returncode == 0:
                return candidate
    raise unittest.SkipTest("no Python here has websockets")


@contextlib.contextmanager
def running(*arguments, **streams):
    """A process that does not outlive this."""
    with subprocess.Popen(arguments, env=ENVIRONMENT, **streams) as process:
        try:
            yield process
        finally:
            process.kill()


@contextlib.contextmanager
def websockets_server(identity):
    """An echo; gives its URL."""
    with running(python_with_websockets(), "-c", ECHO, identity.certificate, identity.key, stdin=subprocess.PIPE,
                 stdout=subprocess.PIPE) as process:
        yield f"wss://localhost:{int(process.stdout.readline())}/"


def websockets_client(url, root):
    """Has a client send two messages to an echo: whether each comes back, and in the end the code of the Close."""
    process = subprocess.run([python_with_websockets(), "-c", CLIENT, url, root.certificate], env=ENVIRONMENT,
                             stdout=subprocess.PIPE, timeout=DEADLINE, check=True)
    return json.loads(process.stdout)


@contextlib.contextmanager
def s_server(identity, *options):
    """Gives its `url`, and as `peer` what it has on its standard input and output."""
    ours, theirs = socket.socketpair()
    with ours, running("openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-cert", identity.certificate,
                       "-key", identity.key, *options, stdin=theirs, stdout=theirs,
                       stderr=subprocess.DEVNULL) as process:
        theirs.close()
        peer = Peer(ours, client=False)
        while not (match := re.search(rb"ACCEPT 127\.0\.0\.1:(\d+)\n", peer.buffer)):
            peer.fill(len(peer.buffer) + 1)
        # Between this and what comes through there is a report.
        peer.read_head = lambda: skip_report(peer)
        yield types.SimpleNamespace(url=f"wss://127.0.0.1:{int(match[1])}/", peer=peer, process=process)


def skip_report(peer):
    while b"GET / " not in peer.buffer:
        peer.fill(len(peer.buffer) + 1)
    peer.take(peer.buffer.index(b"GET / "))
    return Peer.read_head(peer)


@contextlib.contextmanager
def s_client(server, root, *options):
    """What it has on its standard input and output, once connected to `server`."""
    ours, theirs = socket.socketpair()
    with ours, running("openssl", "s_client", "-quiet", "-verify_return_error", "-verify_quiet", "-CAfile",
                       root.certificate, "-connect", f"{server.host}:{server.port}", "-verify_hostname", "localhost",
                       *options, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL):
        theirs.close()
        yield Peer(ours, client=True)
