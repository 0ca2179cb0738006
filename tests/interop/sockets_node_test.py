"""The binary against the client and the server of Node's ws, over sockets."""

import base64
import contextlib
import dataclasses
import json
import subprocess
import unittest

import sockets_support
from node_support import ENVIRONMENT, NODE, SCRIPTS, skip_without
from sockets_support import Case, Served, Talk, fragments

SCRIPT = SCRIPTS / "peer.js"


def encode(data):
    return {"text": data} if isinstance(data, str) else {"base64": base64.b64encode(data).decode()}


def decode(data):
    return data["text"] if "text" in data else base64.b64decode(data["base64"])


class Node:
    """A process that follows one plan after another."""

    def __init__(self):
        self.process = subprocess.Popen([NODE, SCRIPT], env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self):
        with self.process:
            self.process.stdin.close()

    def talk(self, url, plan):
        self.ask(plan, url)
        return self.answer()

    @contextlib.contextmanager
    def serve(self, plan):
        self.ask(plan)
        served = Served(json.loads(self.process.stdout.readline())["port"])
        yield served
        served.talk = self.answer()

    def ask(self, plan, url=None):
        says = [[encode(fragment) for fragment in fragments(message)] for message in plan.says]
        line = json.dumps({**dataclasses.asdict(plan), "says": says, "url": url})
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def answer(self):
        talk = json.loads(self.process.stdout.readline())
        if "error" in talk:
            raise AssertionError(f"ws: {talk['error']}")
        pongs = [payload.encode() for payload in talk["pongs"]]
        return Talk([*map(decode, talk["messages"])], pongs, tuple(talk["close"]), talk["extensions"])


class WithNode:
    @classmethod
    def setUpClass(cls):
        cls.implementation = Node()
        cls.addClassCleanup(cls.implementation.close)


class AsClient(WithNode, sockets_support.ClientCases, Case):
    pass


class AsServer(WithNode, sockets_support.ServerCases, Case):
    pass


if __name__ == "__main__":
    skip_without("node-ws", "ws")
    unittest.main()
