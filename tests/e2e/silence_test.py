"""After more silence than --close-timeout a Close is answered as ever."""

import signal
import time
import unittest

from peer import close_payload, connected, scripted
from support import Case, Server, finish, start

LIMIT = ("--close-timeout", "2")
SILENCE = 2.2  # seconds


def silent(peer):
    """A script: accepts, and says nothing before it answers a Close."""
    peer.accept()
    return peer.finish()


class Silence(Case):
    def test_before_the_close_of_a_client(self):
        with scripted(silent) as pipe, scripted(silent) as script:
            piped = start(*LIMIT, "-w", "0.1", pipe.url)
            scripted_process = start(*LIMIT, "--commands", "-", script.url)
            scripted_process.stdin.write(b"/wait %.1f\n/close\n" % SILENCE)
            time.sleep(SILENCE)
            self.assertEqual(finish(piped), (0, b"", ""))
            self.assertEqual(finish(scripted_process), (0, b"", ""))
        self.assertEqual([pipe.result, script.result], [close_payload(1000)] * 2)

    def test_before_the_end_of_a_server(self):
        with Server("echo", "0", *LIMIT) as server, connected(server) as client:
            time.sleep(SILENCE)
            server.process.send_signal(signal.SIGTERM)
            client.fill(4)
            time.sleep(0.2)
            self.assertIsNone(server.process.poll(), "it did not wait for the answer")
            self.assertEqual(client.finish(), close_payload(1001))
            self.assertEqual(finish(server.process), (0, b"", ""))


if __name__ == "__main__":
    unittest.main()
