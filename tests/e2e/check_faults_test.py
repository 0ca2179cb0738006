"""Servers that are wrong in one way each: wscope check tells it by the case that is about it, and by no other."""

import re
import unittest
from concurrent.futures import ThreadPoolExecutor

from check_test import Judged, results
from faulty import BINARY, CLOSE, CONT, PING, PONG, TEXT, FaultyServer, frame, make
from support import Case

MASK = b"\1\2\3\4"
SAMPLE_KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
SLOW = "hs.split,hs.early-frame,hs.head-*,utf8.early-*,frame.binary-1m"


def field(head, name, value):
    """The head with this field in place of its own."""
    return re.sub(rb"(?im)^" + name + rb":.*\r\n", name + b": " + value + b"\r\n", head)


def add(head, line):
    return head[:-2] + line + b"\r\n\r\n"


def once(method):
    """A fault's method that is called for the first frame of its kind alone."""
    def called(self, one):
        changed = None if getattr(self, "done", False) else method(self, one)
        self.done = getattr(self, "done", False) or changed is not None
        return one.raw if changed is None else changed
    return called


def repair(find, replacement):
    """Takes a request that must be refused: makes it a good one."""
    return make(request=lambda self, head: re.sub(find, replacement, head))


# What is wrong, in which group it is looked for, and the cases that fail.
FAULTS = {
    "a wrong Accept": (make(response=lambda self, head, request: field(head, b"Sec-WebSocket-Accept", b"x")
                            if SAMPLE_KEY in request else head), "hs.*", {"hs.accept-value"}),
    "no Connection: Upgrade": (make(response=lambda self, head, _: re.sub(rb"Connection: Upgrade\r\n", b"", head)
                                    if b" 101 " in head else head), "hs.*", {"hs.basic"}),
    "HTTP/1.0 101": (make(response=lambda self, head, _: head.replace(b"HTTP/1.1 101", b"HTTP/1.0 101")),
                     "hs.*", {"hs.reply-version"}),
    "a length of a 101": (make(response=lambda self, head, _: add(head, b"Content-Length: 0")
                               if b" 101 " in head else head), "hs.*", {"hs.reply-no-body"}),
    "an extension nobody asked for": (make(response=lambda self, head, request: add(
        head, b"Sec-WebSocket-Extensions: x-odd") if b" 101 " in head and b"xtensions" not in request
        and b"Protocol" not in request else head), "hs.*", {"hs.reply-unasked"}),
    "any version": (repair(rb"Sec-WebSocket-Version: 255", b"Sec-WebSocket-Version: 13"), "hs.version-*",
                    {"hs.version-255"}),
    "no version told": (make(response=lambda self, head, _: re.sub(rb"Sec-WebSocket-Version: 13\r\n", b"", head)),
                        "hs.*", {"hs.version-told"}),
    "a 426 without Upgrade": (make(response=lambda self, head, _: re.sub(rb"Upgrade: websocket\r\n", b"", head)
                                   if b" 426 " in head else head), "hs.*", {"hs.426-upgrade"}),
    "any key": (repair(rb"Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==", b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                "hs.*", {"hs.key-alphabet"}),
    "POST, too": (repair(rb"^POST ", b"GET "), "hs.*", {"hs.method-post"}),
    "any Host": (repair(rb"Host: wscope .invalid", b"Host: wscope.invalid"), "hs.*", {"hs.host-bad"}),
    "names of fields in one case only": (make(request=lambda self, head: re.sub(rb"(?m)^upgrade:", b"x-upgrade:", head)),
                                         "hs.*", {"hs.name-case"}),
    "only one token of Connection": (repair(rb"Connection: keep-alive, Upgrade", b"Connection: keep-alive"), "hs.*",
                                     {"hs.conn-list"}),
    "a subprotocol nobody knows": (make(response=lambda self, head, request: add(
        head, b"Sec-WebSocket-Protocol: x-wscope-none") if b"ocol: x-wscope-none\r" in request else head), "sub.*",
        {"sub.unknown"}),
    "an extension nobody knows": (make(response=lambda self, head, request: add(
        head, b"Sec-WebSocket-Extensions: x-wscope") if b"ions: x-wscope; a=1\r\nSec-WebSocket-E" not in request
        and b"ions: x-wscope; a=1\r" in request else head), "ext.*", {"ext.unknown"}),
    "a window that is too large": (make(response=lambda self, head, _: re.sub(
        rb"server_max_window_bits=9", b"server_max_window_bits=10", head)), "pmd.*", {"pmd.smwb-9"}),
    "a bad parameter agreed": (make(response=lambda self, head, request: add(
        head, b"Sec-WebSocket-Extensions: permessage-deflate") if b"deflate; foo\r" in request else head), "pmd.*",
        {"pmd.unknown-param"}),
    "unmasked frames": (make(from_client=lambda self, one: one.raw if one.mask else frame(
        one.opcode, one.payload, one.fin, one.rsv, MASK)), "frame.*,inv.*", {"frame.unmasked"}),
    "a reserved opcode": (make(from_client=lambda self, one: b"" if one.opcode == 3 else one.raw), "frame.*",
                          {"frame.opcode-3"}),
    "RSV2": (make(from_client=lambda self, one: frame(one.opcode, one.payload, one.fin, 0, MASK)
                  if one.rsv == 2 else one.raw), "frame.*", {"frame.rsv-2"}),
    "text for binary": (make(from_server=lambda self, one: frame(TEXT, one.payload, one.fin)
                             if one.opcode == BINARY else one.raw), "frag.*",
                        {"frag.echo-type"}),
    "a continuation of nothing": (make(from_client=once(lambda self, one: b"" if one.opcode == CONT and one.fin
                                                        and one.payload == b"hello" else None)), "frag.lone-*,frag.2",
                                  {"frag.lone-continuation-fin"}),
    "no empty Pong": (make(from_server=lambda self, one: b"" if one.opcode == PONG and not one.payload else one.raw),
                      "ctl.*", {"ctl.ping-empty"}),
    "another Pong": (make(from_server=lambda self, one: frame(PONG, b"x" * 125)
                          if one.opcode == PONG and len(one.payload) == 125 else one.raw), "ctl.*", {"ctl.ping-125"}),
    "a long Ping": (make(from_client=lambda self, one: frame(PING, b"", mask=MASK)
                         if one.opcode == PING and len(one.payload) == 126 else one.raw), "ctl.*", {"ctl.ping-126"}),
    "bad UTF-8": (make(from_client=lambda self, one: frame(TEXT, b"x", one.fin, one.rsv, MASK)
                       if one.payload == b"\xed\xa0\x80" else one.raw), "utf8.*", {"utf8.bad-eda080"}),
    "1000 to a bad code": (make(from_client=lambda self, one: frame(CLOSE, b"\x03\xe8", mask=MASK)
                                if one.code == 1005 else one.raw), "close.*", {"close.bad-1005"}),
    "1002 to a good code": (make(from_server=lambda self, one: frame(CLOSE, b"\x03\xea")
                                 if one.code == 3999 else one.raw), "close.*", {"close.3999"}),
    "garbage is skipped": (make(from_client=lambda self, one: b"" if one.payload == b"\xff" * 6 else one.raw), "pmdx.*",
                           {"pmdx.garbage"}),
    "masked frames": (make(from_server=once(lambda self, one: frame(PONG, one.payload, mask=MASK)
                                            if one.opcode == PONG else None)), "ctl.ping-binary,inv.*", {"inv.mask"}),
    "longer lengths": (make(from_server=once(lambda self, one: frame(PONG, one.payload, form=126)
                                             if one.opcode == PONG else None)), "ctl.ping-binary,inv.*", {"inv.length"}),
    "RSV2 of its own": (make(from_server=once(lambda self, one: frame(PONG, one.payload, rsv=2)
                                              if one.opcode == PONG else None)), "ctl.ping-binary,inv.*", {"inv.rsv"}),
    "an opcode of its own": (make(from_server=once(lambda self, one: frame(11) + one.raw if one.opcode == PONG
                                                   else None)), "ctl.ping-binary,inv.*", {"inv.opcode"}),
    "a long Pong": (make(from_server=once(lambda self, one: frame(PONG, b"x" * 126) + one.raw if one.opcode == PONG
                                          else None)), "ctl.ping-binary,inv.*", {"inv.control"}),
    "a text within a text": (make(from_server=once(lambda self, one: frame(TEXT, b"x", False) + frame(TEXT, b"y")
                                                   + one.raw if one.opcode == PONG else None)),
                             "ctl.ping-binary,inv.*", {"inv.fragments"}),
    "a text that is none": (make(from_server=once(lambda self, one: frame(TEXT, b"\xff") + one.raw
                                                  if one.opcode == PONG else None)), "ctl.ping-binary,inv.*",
                            {"inv.utf8"}),
    "a code that nobody sends": (make(from_server=lambda self, one: frame(CLOSE, b"\x03\xed") if one.code == 1000
                                      else one.raw), "hs.basic,inv.*", {"inv.close-code"}),
    "data behind a Close": (make(from_server=lambda self, one: one.raw + frame(TEXT, b"x") if one.opcode == CLOSE
                                 else one.raw), "hs.basic,inv.*", {"inv.after-close"}),
}


class Faults(Case):
    def test_each_is_told_by_its_case(self):
        def failed(row):
            fault, only, _ = row
            with FaultyServer(fault, right.port) as wrong:
                cases, _ = results(wrong.url, "--only", only, "--skip", SLOW, "--echo", "yes")
            return {name: one for name, one in cases.items() if one["verdict"] in ("fail", "error")}

        with Judged("echo", "0") as right, ThreadPoolExecutor(3) as pool:
            for (name, row), found in zip(FAULTS.items(), pool.map(failed, FAULTS.values())):
                with self.subTest(name):
                    self.assertEqual(set(found), row[2], [one["seen"] for one in found.values()])
                    self.assertEqual(len(row[2]), 1)


if __name__ == "__main__":
    unittest.main()
