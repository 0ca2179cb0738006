"""What wscope and others do with the same task: run.py BINARY [--peers FOLDER] prints README.md's table.

commands.txt has the commands, FOLDER what `install` has made. Each is run by sh against a server, or clients, made here;
`yes` is what was seen to be so. What is not there, or does not speak WebSocket at all, is `-`: it was not run.
"""

import argparse
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent
TOOLS = ("wscope", "wscat", "websocat", "curl", "websocketd", "wsrepl")
PATIENCE = 15  # seconds for a command
LARGE = b"0123456789abcdef" * (20 << 16)


def tasks():
    """{task: {tool: command}}"""
    found = {}
    for line in (HERE / "commands.txt").read_text().splitlines():
        if line.startswith("["):
            commands = found[line.strip("[]")] = {}
        elif line and not line.startswith("#"):
            tool, _, command = line.partition(":")
            commands[tool] = command.strip()
    return found


class Run:
    """A command of a task, by sh, in a terminal of nobody's."""

    def __init__(self, command, path):
        self.folder = tempfile.TemporaryDirectory(prefix="wscope-peers-")
        self.out = open(os.path.join(self.folder.name, "out"), "w+b")
        environment = {"PATH": path, "HOME": self.folder.name, "LC_ALL": "C.UTF-8", "TERM": "dumb"}
        self.process = subprocess.Popen(["sh", "-c", command], env=environment, stdin=subprocess.DEVNULL, stdout=self.out,
                                        stderr=subprocess.STDOUT, start_new_session=True)

    def finish(self):
        """(its status, or None if it had to be killed; all that it has printed)"""
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            status = None
        self.kill()
        self.out.seek(0)
        printed = self.out.read()
        self.stop()
        return status, printed

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def stop(self):
        self.kill()
        self.out.close()
        self.folder.cleanup()


def client_task(script, judge):
    """A task of clients: `script(peer)` is the server, `judge(status, printed, result)` says whether it is done."""
    def done(command, path):
        from peer import Peer
        results = []
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(PATIENCE)

            def serve():
                try:
                    connection, _ = listener.accept()
                    with connection:
                        results.append(script(Peer(connection, client=False)))
                except (OSError, EOFError, AssertionError):
                    pass
            server = threading.Thread(target=serve, daemon=True)
            server.start()
            run = Run(command.replace("{url}", f"ws://127.0.0.1:{listener.getsockname()[1]}/"), path)
            status, printed = run.finish()
            server.join(2)
        return judge(status, printed, results[0] if results else None)
    return done


def server_task(talk):
    """A task of servers: `talk(peer)` is a client."""
    def done(command, path):
        from peer import Peer
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        run = Run(command.replace("{port}", str(port)), path)
        end = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < end and run.process.poll() is None:
                try:
                    with socket.create_connection(("127.0.0.1", port), 5) as connection:
                        peer = Peer(connection, client=True)
                        connection.settimeout(5)
                        peer.connect()
                        return talk(peer)
                except ConnectionRefusedError:
                    time.sleep(0.05)
            return False
        except (OSError, EOFError, AssertionError):
            return False
        finally:
            run.stop()
    return done


def echo(peer, delay=0.0):
    from peer import CLOSE, PING, PONG
    peer.accept()
    while True:
        opcode, payload = peer.read_message()
        if delay and opcode != CLOSE:
            time.sleep(delay)
        peer.send(PONG if opcode == PING else opcode, payload)
        if opcode == CLOSE:
            return True


def refuse(peer):
    body = b'{"error":"token expired"}'
    request = peer.read_head()
    peer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nConnection: close\r\n"
               b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    return request


def close(peer):
    peer.accept()
    peer.close(4001, "enough")
    peer.read_rest()


def take(peer):
    peer.accept()
    return peer.read_message()


def give_much(peer):
    from peer import TEXT
    peer.accept()
    peer.send(TEXT, LARGE)
    peer.close()
    peer.read_rest()


def head(peer):
    request = peer.accept()
    peer.close()
    peer.read_rest()
    return request


def echoes(peer, binary=True):
    from peer import BINARY, TEXT
    messages = [(TEXT, b"hello\n")] + [(BINARY, b"\xff\0\n")] * binary
    for opcode, payload in messages:
        peer.send(opcode, payload)
        answer = peer.read_message()
        if answer[0] != opcode or answer[1].rstrip(b"\n") != payload.rstrip(b"\n"):
            return False
    return True


def has(pattern):
    return lambda status, printed, result: re.search(pattern, printed) is not None


JUDGES = {
    "a line in, the answer out, and it ends":
        client_task(echo, lambda status, printed, result: status == 0 and printed == b"hello\n"),
    "answers that take half a second are waited for":
        client_task(lambda peer: echo(peer, 0.5), lambda status, printed, result: printed.split() == [b"a", b"b", b"c"]),
    "the exit status tells that the upgrade was refused":
        client_task(refuse, lambda status, printed, result: result and status not in (None, 0)),
    "so does a line with the reason that the server gave": client_task(refuse, has(b"token expired")),
    "the peer's close code is shown": client_task(close, has(b"4001")),
    "a binary message from a pipe":
        client_task(take, lambda status, printed, result: result is not None and result[0] == 2 and
                    result[1].rstrip(b"\n") == b"\xff\0"),
    "a message of 20 MB comes out as it came":
        client_task(give_much, lambda status, printed, result: LARGE in printed),
    "permessage-deflate is offered":
        client_task(head, lambda status, printed, result: "permessage-deflate" in (result or "")),
    "the round-trip time of a Ping": client_task(echo, has(rb"\d\.\d+ ?ms")),
    "the bytes of frames": client_task(echo, has(rb"81 85 ")),
    "a server that echoes, text as text and binary as binary": server_task(echoes),
    "a server with a program for each client": server_task(lambda peer: echoes(peer, False)),
}


def speaks(tool, path):
    """Whether it is there, and of curl that it was built for this."""
    run = Run(f"command -v {tool} && if [ {tool} = curl ]; then curl --version | grep -qw ws; fi", path)
    return run.finish()[0] == 0


def table(columns, path):
    """{task: {tool: "yes", "no" or "-"}}"""
    there = [tool for tool in columns if speaks(tool, path)]
    return {task: {tool: ("yes" if JUDGES[task](commands[tool], path) else "no") if tool in there else "-"
                   for tool in columns} for task, commands in tasks().items()}


def markdown(found):
    columns = list(next(iter(found.values())))
    yield "| | " + " | ".join(columns) + " |"
    yield "|---|" + ":-:|" * len(columns)
    for task, row in found.items():
        yield f"| {task} | " + " | ".join(row.values()) + " |"


def path_for(binary, peers, folder):
    """Where sh finds wscope, and what is compared with it."""
    os.symlink(os.path.abspath(binary), os.path.join(folder, "wscope"))
    return os.pathsep.join([folder, *([os.path.join(os.path.abspath(peers), "bin")] if peers else []),
                            os.environ.get("PATH", os.defpath)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--peers")
    arguments = parser.parse_args()
    sys.argv[1:] = [arguments.binary]  # for support.py
    sys.path.insert(0, str(HERE.parents[1] / "e2e"))
    with tempfile.TemporaryDirectory(prefix="wscope-peers-") as folder:
        found = table(TOOLS, path_for(arguments.binary, arguments.peers, folder))
    print(*markdown(found), sep="\n")


if __name__ == "__main__":
    main()
