"""What tshark says of a capture."""

import shutil
import subprocess

from support import ENVIRONMENT

TSHARK = shutil.which("tshark")
FIELDS = ("tcp.stream", "tcp.srcport", "tcp.dstport", "websocket.opcode", "websocket.fin", "websocket.payload_length",
          "websocket.payload_length_ext_16", "websocket.payload_length_ext_64")
TRUE = ("1", "True")


def read(capture, display, *fields):
    """The values of `fields`, each a list, of the packets that `display` selects."""
    command = [TSHARK, "-n", "-r", capture, "-Y", display, "-T", "fields"]
    for field in fields:
        command += ["-e", field]
    out = subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True).stdout.decode()
    return [[value.split(",") if value else [] for value in line.split("\t")] for line in out.split("\n") if line]


def servers(capture):
    """Of each stream the port that was asked."""
    return {row[0][0]: row[1][0] for row in read(capture, "http.request", "tcp.stream", "tcp.dstport")}


def frames_by_tshark(capture):
    """Frames as (stream, from the client, opcode, FIN, length)."""
    asked = servers(capture)
    frames = []
    for stream, _, to, opcodes, fins, lengths, words, long_words in read(capture, "websocket", *FIELDS):
        for opcode, fin, length in zip(opcodes, fins, lengths):
            size = int(length)
            if size > 125:  # the other field has it
                size = int((words if size == 126 else long_words).pop(0))
            frames.append((int(stream[0]), to[0] == asked[stream[0]], int(opcode), fin in TRUE, size))
    return frames
