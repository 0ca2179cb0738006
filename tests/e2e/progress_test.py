"""How far something long is, for somebody who looks on."""

import subprocess
import tempfile
import threading
import unittest

from peer import CLOSE, scripted
from support import Case, finish, run_watched, start

SIZE = 64 << 20


def slow(peer):
    """A script: takes a part, then nothing for longer than nobody wonders, then the rest."""
    peer.accept()
    received = 0
    while received < SIZE:
        frame = peer.read_frame()
        received += len(frame.payload)
        if received >= SIZE // 4 and received - len(frame.payload) < SIZE // 4:
            threading.Event().wait(1.1)
    frame = peer.read_frame()
    while frame.opcode != CLOSE:
        frame = peer.read_frame()
    peer.send(CLOSE, frame.payload)
    return received


class Progress(Case):
    def errors_of(self, *arguments):
        """What is said on stderr, a terminal, while a file is sent."""
        with tempfile.TemporaryFile() as file, scripted(slow) as served:
            file.truncate(SIZE)
            result, said = run_watched("-b", "--in", "whole", "--eof", "close", *arguments, served.url, stdin=file)
        self.assertEqual(result.status, 0)
        self.assertEqual(served.result, SIZE)
        return said

    def test_a_long_way_is_told_of_on_a_terminal(self):
        said = self.errors_of()
        line = r"sent \d+\.\d MB of 67\.1 MB, \d+ %, \d+\.\d [kM]B/s\x1b\[K\r"
        self.assertRegex(said, rf"\A({line})+\x1b\[K\Z")

    def test_who_wants_quiet_has_it(self):
        self.assertEqual(self.errors_of("-q"), "")

    def test_nobody_looks_on_in_a_pipe(self):
        with tempfile.TemporaryFile() as file, scripted(slow) as served:
            file.truncate(SIZE)
            result = finish(start("-b", "--in", "whole", "--eof", "close", served.url, stdin=file,
                                  stderr=subprocess.PIPE))
        self.assertEqual((result.status, result.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
