"""What --json prints, as the tests expect it: lines, in which what is different each time has a name."""

import json
import re

MASKS = (
    (re.compile(r'"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"'), '"time":"TIME"'),
    (re.compile(r'\["Sec-WebSocket-Accept","[A-Za-z0-9+/]{27}="\]'), '"ACCEPT"'),
    (re.compile(r'\["Sec-WebSocket-Key","[A-Za-z0-9+/]{22}=="\]'), '"KEY"'),
    (re.compile(r'"rtt_ms":\d+(\.\d+)?'), '"rtt_ms":"RTT"'),
)


def lines_of(output):
    """The lines; all of them are JSON."""
    lines = output.decode().split("\n")
    if lines.pop() != "":
        raise AssertionError("the last line does not end")
    for line in lines:
        json.loads(line)
    for pattern, name in MASKS:
        lines = [pattern.sub(name, line) for line in lines]
    return lines


def event(what, conn=1, **keys):
    """A line."""
    return json.dumps({"event": what, "time": "TIME", "conn": conn, **keys}, ensure_ascii=False, separators=(",", ":"))


def connecting(url):
    return event("connecting", url=url, address=url[5:].split("/")[0])


def opened(url, *headers, protocol=None, extensions=()):
    """The client's connection is open; `headers` are those that not every response has."""
    fields = [["Upgrade", "websocket"], ["Connection", "Upgrade"], "ACCEPT", *headers]
    return event("open", url=url, protocol=protocol, extensions=list(extensions), status=101, headers=fields,
                 peer=url[5:].split("/")[0])


def message(way, data, conn=1):
    return event("text", conn, dir=way, data=data)


def close(way, code, name, reason="", conn=1):
    return event("close", conn, dir=way, code=code, name=name, reason=reason)


def closed(code, reason="", clean=True, initiator="local", conn=1):
    return event("closed", conn, code=code, reason=reason, clean=clean, initiator=initiator)
