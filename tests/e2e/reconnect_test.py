"""--reconnect: when another connection is made, what is sent again, and when it is over."""

import contextlib
import re
import signal
import socket
import subprocess
import threading
import unittest

import authority
from peer import CLOSE, TEXT, close_payload, closed_port, encode, reject, scripted, silent_port
from secure import scripted_tls, server_context
from support import DEADLINE, Case, finish, run, start

AGAIN = r"wscope: {}; trying again in 0\.[2-5] s\n"


def hear_and(end):
    """A script: accepts, reads one message, and ends as it says. Returns the message."""
    def script(peer):
        peer.accept()
        message = peer.read_message()
        end(peer)
        return message
    return script


def polite(peer):
    """A script: accepts, reads one message, closes cleanly. Returns the message."""
    peer.accept()
    message = peer.read_message()
    close(1000)(peer)
    return message


def close(code, reason=""):
    def end(peer):
        peer.close(code, reason)
        while peer.read_frame().opcode != CLOSE:
            pass
        peer.socket.shutdown(socket.SHUT_WR)
        peer.read_rest()
    return end


def vanish(peer):
    peer.socket.shutdown(socket.SHUT_RDWR)


class Reconnecting(Case):
    def check(self, *scripts, reasons, status=0, stderr="", arguments=()):
        """With one message, which is sent each time."""
        with scripted(*scripts) as server:
            result = run("--reconnect", "-x", "hello", "--eof", "hold", *arguments, server.url)
        self.assertEqual((result.status, result.stdout), (status, b""), result.stderr)
        pattern = "".join(AGAIN.format(reason.replace("URL", re.escape(server.url))) for reason in reasons)
        self.assertRegex(result.stderr, f"^{pattern}{re.escape(stderr)}$")
        return server.results

    def test_after_a_loss(self):
        for name, end, reason in (
            ("end", vanish, "connection lost: without a Close from the peer"),
            ("reset", lambda peer: peer.reset(), "connection lost: connection reset by peer"),
            ("restart", close(1012, "back soon"), r"closed by the peer: 1012.*"),
            ("going away", close(1001), r"closed by the peer: 1001.*"),
            ("internal error", close(1011), r"closed by the peer: 1011.*"),
            ("try again later", close(1013), r"closed by the peer: 1013.*")):
            with self.subTest(name):
                messages = self.check(hear_and(end), polite, reasons=[reason])
                self.assertEqual(messages, [(TEXT, b"hello")] * 2)

    def test_after_a_loss_in_a_script(self):
        """What a connection begins with is sent again, and nothing else."""
        def lose(peer):
            peer.accept()
            messages.extend(peer.read_message() for _ in range(2))
            vanish(peer)
        messages = []
        with scripted(lose, polite) as server:
            result = run("--reconnect", "-x", "hello", "--commands", "-", "--eof", "hold", server.url, stdin=b"once\n")
        self.assertEqual((result.status, result.stdout), (0, b""), result.stderr)
        self.assertEqual([*messages, server.results[1]], [(TEXT, b"hello"), (TEXT, b"once"), (TEXT, b"hello")])

    def test_waits_longer_after_a_connection_that_did_not_last(self):
        with scripted(hear_and(vanish), hear_and(vanish), polite) as server:
            result = run("--reconnect", "-x", "hello", "--eof", "hold", server.url)
        self.assertEqual((result.status, result.stdout), (0, b""))
        lost = "wscope: connection lost: without a Close from the peer; trying again in "
        self.assertRegex(result.stderr, rf"^{lost}0\.[2-5] s\n{lost}(0\.[5-9]|1\.0) s\n$")

    def test_after_a_failed_upgrade(self):
        def nothing(peer):
            peer.read_head()
        with scripted(reject("503 Service Unavailable"), nothing, polite) as server:
            result = run("--reconnect", "-x", "hello", "--eof", "hold", server.url)
        self.assertEqual((result.status, result.stdout), (0, b""))
        self.assertRegex(result.stderr, "^wscope: upgrade refused: HTTP 503 Service Unavailable; trying again in 0"
                                        r"\.[2-5] s\n"
                                        f"wscope: {server.url}: upgrade failed: .*; trying again in (0.[5-9]|1.0) s\n$")

    def test_once_somebody_listens(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            url = f"ws://127.0.0.1:{listener.getsockname()[1]}/"
            client = start("--reconnect", "-x", "hello", "--eof", "hold", url)
            self.assertRegex(client.stderr.readline().decode(), AGAIN.format(url + ": connection refused"))
            listener.listen()
            with scripted(polite, listener=listener) as server:
                self.assertEqual(finish(client)[:2], (0, b""))
            self.assertEqual(server.result, (TEXT, b"hello"))

    def test_over_tls(self):
        lost = "connection lost: the TLS stream was cut off"

        def end(peer):
            peer.close(1000)
            peer.read_frame()
            peer.end()
        with scripted_tls(server_context(authority.good()), hear_and(lambda peer: peer.cut_off()),
                          hear_and(end)) as server:
            result = run("-n", "--reconnect", "-x", "hello", "--eof", "hold", server.url)
        self.assertEqual((result.status, result.stdout), (0, b""))
        self.assertRegex(result.stderr, f"^{AGAIN.format(lost)}$")
        self.assertEqual(server.results, [(TEXT, b"hello")] * 2)

    def test_goes_on_with_stdin(self):
        with scripted(hear_and(vanish), hear_and(close(1000))) as server:
            client = start("--reconnect", "--eof", "hold", server.url)
            client.stdin.write(b"one\n")
            self.assertIn(b"trying again", client.stderr.readline())
            client.stdin.write(b"two\n")
            self.assertEqual(finish(client), (0, b"", ""))
        self.assertEqual(server.results, [(TEXT, b"one"), (TEXT, b"two")])

    def test_quietly(self):
        with scripted(hear_and(vanish), polite) as server:
            self.assertEqual(run("-q", "--reconnect", "-x", "hello", "--eof", "hold", server.url), (0, b"", ""))


class Ending(Case):
    def test_at_the_limit(self):
        with closed_port() as port:
            url = f"ws://127.0.0.1:{port}/"
            result = run("--reconnect=2", url)
        refused = f"wscope: {re.escape(url)}: connection refused"
        self.assertEqual((result.status, result.stdout), (4, b""))
        self.assertRegex(result.stderr, rf"^{refused}; trying again in 0\.[2-5] s\n"
                                        rf"{refused}; trying again in (0\.[5-9]|1\.0) s\n{refused}\n$")

    def test_at_the_limit_with_the_status_of_the_last_failure(self):
        with scripted(reject("503 Service Unavailable"), reject("500 Oh")) as server:
            result = run("--reconnect=1", "-q", server.url)
        self.assertEqual(result, (6, b"", "wscope: upgrade refused: HTTP 500 Oh\n"))

    def test_with_a_clean_close(self):
        for script, status in ((polite, 0), (hear_and(close(1000, "fine")), 0), (hear_and(close(4000)), 9),
                               (hear_and(close(1008)), 9)):
            with scripted(script) as server:
                result = run("--reconnect", "-x", "hello", "--eof", "hold", server.url)
            self.assertEqual((result.status, "trying again" in result.stderr), (status, False))

    def test_with_a_close_of_ours(self):
        def script(peer):
            peer.accept()
            peer.read_frame()
            peer.read_frame()
            vanish(peer)
        with scripted(script) as server:
            result = run("--reconnect", "-x", "hello", "--eof", "close", server.url)
        self.assertNotIn("trying again", result.stderr)

    def test_with_what_will_not_change(self):
        for status_line, status in (("404 Not Found", 6), ("401 Unauthorized", 6), ("403 Forbidden", 6)):
            with scripted(reject(status_line)) as server:
                result = run("--reconnect", server.url)
            self.assertEqual((result.status, "trying again" in result.stderr), (status, False))
        with scripted_tls(server_context(authority.good()), lambda peer: None) as server:
            result = run("--reconnect", server.url)
        self.assertEqual((result.status, "trying again" in result.stderr), (5, False))

        def break_it(peer):
            peer.accept()
            peer.send(3)
            peer.read_rest()
        with scripted(break_it) as server:
            result = run("--reconnect", "--eof", "hold", server.url)
        self.assertEqual((result.status, "trying again" in result.stderr), (7, False))

    def test_with_a_signal(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(number), closed_port() as port:
                client = start("--reconnect", f"127.0.0.1:{port}")
                client.stderr.readline()
                client.send_signal(number)
                self.assertEqual(finish(client), (status, b"", ""))
            with self.subTest(number, connecting=True), silent_port() as port:
                client = start("-v", "--reconnect", f"127.0.0.1:{port}")
                client.stderr.readline()
                client.send_signal(number)
                self.assertEqual(finish(client), (status, b"", ""))

    def test_with_the_whole_timeout(self):
        with closed_port() as port:
            result = run("-q", "--reconnect", "--timeout", "0.8", f"127.0.0.1:{port}")
        self.assertEqual(result, (10, b"", f"wscope: ws://127.0.0.1:{port}/: not over in 0.8 s (--timeout)\n"))

    def test_with_the_reader_of_the_output(self):
        """Also while nothing is open that could be closed."""
        def script(peer):
            peer.accept()
            peer.send(TEXT, bytes(200_000))
            vanish(peer)
        with scripted(script) as server:
            client = start("--reconnect", "--eof", "hold", server.url)
            self.addCleanup(client.kill)
            self.assertIn(b"trying again", client.stderr.readline())
        client.stdout.close()
        client.wait()
        self.assertIn(client.returncode, (0, 141))
        client.stdin.close()
        client.stderr.close()

    def test_with_a_reader_that_has_gone_before_the_server(self):
        started = threading.Event()  # it may be connected before we know of it

        def script(peer):
            peer.accept()
            started.wait(DEADLINE)
            client.stdout.close()
            peer.write(encode(TEXT, b"unread") + encode(CLOSE, close_payload(1001)))
            peer.read_rest()
        with scripted(script) as server:
            client = start("--reconnect", "--eof", "hold", server.url)
            started.set()
            self.addCleanup(client.kill)
            self.assertEqual(client.stderr.read(), b"")
            self.assertIn(client.wait(), (0, 141))
        client.stdin.close()
        client.stderr.close()

    def test_nonsense(self):
        for value in ("0", "x", "-1"):
            self.assertEqual(run("--reconnect=" + value, "ws://x/").status, 2)

    def test_does_not_compute_meanwhile(self):
        with closed_port() as port, contextlib.ExitStack() as stack:
            client = stack.enter_context(start("--reconnect", f"127.0.0.1:{port}", stderr=subprocess.DEVNULL))
            stack.callback(client.kill)
            self.assert_waits(client)


if __name__ == "__main__":
    unittest.main()
