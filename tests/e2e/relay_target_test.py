"""listen --relay: which target a client gets, and what it gets if there is none."""

import contextlib
import os
import pathlib
import resource
import socket
import struct
import tempfile
import unittest

from peer import (BINARY, CLOSE, CONTINUATION, KEY, PING, PONG, TEXT, close_payload, closed_port, connected, dialed,
                  encode, header, reject, scripted, silent_port)
from relaying import NORMAL, Relay, how_it_ends, read_all, request, target
from support import DEADLINE, Case, eventually, run


class Before(Relay):
    """What is wrong with a target is the answer to the request."""

    def test_a_target_that_refuses_is_502(self):
        with closed_port() as port:
            server = self.serve("--relay", f"tcp:127.0.0.1:{port}")
            status, answer = request(server, "/")
            self.assertEqual(status, 502)
            self.assertNotIn(str(port), answer)
            self.assertIn("text/plain", answer)
            self.assertIn(f"tcp:127.0.0.1:{port}: connection refused\n", server.stop().stderr)

    def test_a_name_or_a_path_that_is_not_there_is_502(self):
        for name in ("tcp:nobody.invalid:1", "unix:/nowhere/to.sock"):
            with self.subTest(name):
                server = self.serve("--relay", name)
                status, answer = request(server, "/")
                self.assertEqual(status, 502)
                self.assertNotIn("nowhere", answer)
                self.assertNotIn("invalid", answer)
                result = server.stop()
                self.assertIn(name, result.stderr)

    def test_a_target_that_does_not_answer_is_504(self):
        with silent_port() as port:
            # The handshake's time is the client's, not the target's.
            server = self.serve("--relay", f"tcp:127.0.0.1:{port}", "--connect-timeout", "0.8",
                                "--handshake-timeout", "0.3")
            self.assertEqual(request(server, "/")[0], 504)
            self.assertIn("timed out", server.stop().stderr)

    def test_without_descriptors_it_is_503(self):
        statuses = set()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            for limit in (14, 15):
                def lower(limit=limit):
                    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
                server = self.serve("--relay", f"tcp:127.0.0.1:{listener.getsockname()[1]}", preexec_fn=lower)
                with contextlib.ExitStack() as stack:
                    for _ in range(8):
                        client = stack.enter_context(dialed(server))
                        client.socket.settimeout(1)
                        client.write((f"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                      f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
                        try:
                            statuses.add(client.read_head().split()[1])
                        except TimeoutError:
                            break  # not even accepted
                        if "503" in statuses:
                            break
                server.process.kill()
        self.assertEqual(statuses, {"101", "503"})

    def test_nothing_is_connected_for_who_may_not_come_in(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = self.serve("--relay", f"/a=tcp:127.0.0.1:{listener.getsockname()[1]}", "--auth", "me:secret")
            self.assertEqual(request(server, "/a", "Origin: https://evil.example")[0], 403)
            self.assertEqual(request(server, "/a")[0], 401)
            listener.settimeout(0.1)
            self.assertRaises(TimeoutError, listener.accept)
            self.assertIn("refused https://evil.example", server.stop().stderr)

    def test_paths_are_exact(self):
        with target(how_it_ends) as one, target(how_it_ends) as two:
            server = self.serve("--relay", f"/a={one.name}", "--relay", f"/a/b={two.name}")
            for path in ("/", "/a/", "/b", "/A", "/a/b/c", "/%61"):
                self.assertEqual(request(server, path)[0], 404, path)
            self.assertEqual(request(server, "/a?x=y")[0], 101)
            self.assertEqual(request(server, "/a/b")[0], 101)
            server.stop()

    def test_subprotocols(self):
        with target(*[lambda peer: None] * 4) as served:
            server = self.serve("--relay", served.name, "-s", "mine")
            for offered, agreed in (("binary", "binary"), ("base64, binary", "binary"), ("binary, mine", "mine"),
                                    ("other", None)):
                _, head = request(server, "/", f"Sec-WebSocket-Protocol: {offered}")
                self.assertEqual(header(head, "Sec-WebSocket-Protocol"), agreed, offered)
            server.stop()

    def test_nothing_is_compressed_unless_that_is_asked_for(self):
        offer = "Sec-WebSocket-Extensions: permessage-deflate"
        with target(*[lambda peer: None] * 2) as served:
            server = self.serve("--relay", served.name)
            self.assertNotIn("permessage-deflate", request(server, "/", offer)[1])
            server.stop()
            server = self.serve("--relay", served.name, "--compress")
            self.assertIn("permessage-deflate", request(server, "/", offer)[1])
            server.stop()


class Stubs(Relay):
    def test_a_vnc_server_is_reached_as_novnc_does(self):
        def vnc(peer):
            peer.write(b"RFB 003.008\n")
            self.assertEqual(peer.take(12), b"RFB 003.008\n")
            peer.write(b"\x01\x01")  # one type of security: none
            self.assertEqual(peer.take(1), b"\x01")
            peer.write(b"\0\0\0\0")
            self.assertEqual(peer.take(1), b"\x01")
            peer.write(struct.pack(">HH16sI4s", 640, 480, bytes(16), 4, b"stub"))
            return read_all(peer.socket)
        server, served = self.relay(vnc)
        with dialed(server) as client:
            response = client.connect("Sec-WebSocket-Protocol: binary",
                                      f"Origin: http://127.0.0.1:{server.port}")
            self.assertEqual(header(response, "Sec-WebSocket-Protocol"), "binary")
            for answer, size in ((b"RFB 003.008\n", 12), (b"\x01", 2), (b"\x01", 4)):
                frame = client.read_frame()
                self.assertEqual((frame.opcode, len(frame.payload)), (BINARY, size))
                client.send(BINARY, answer)
            self.assertEqual(client.read_frame().payload[-4:], b"stub")
            client.send(CLOSE)
            self.assertEqual(client.read_rest(), encode(CLOSE))
        self.stop(server)

    def test_an_echo_keeps_types(self):
        server = self.serve("--relay", "/e=echo:", "--relay", "/x=unix:/nowhere")
        result = run("-t", "--eof", "close", f"{server.url}e", stdin="grüß\n".encode() * 3)
        self.assertEqual(result, (0, "grüß\n".encode() * 3, ""))
        data = os.urandom(5 << 20)
        result = run("--in", "whole", "-b", "--out", "raw", "-w", "0.5", f"{server.url}e", stdin=data)
        self.assert_bytes(result.stdout, data)
        self.stop(server)


class Datagrams(Relay):
    def setUp(self):
        super().setUp()
        self.target = self.enterContext(socket.socket(type=socket.SOCK_DGRAM))
        self.target.bind(("127.0.0.1", 0))
        self.target.settimeout(DEADLINE)
        self.name = f"udp:127.0.0.1:{self.target.getsockname()[1]}"

    def test_a_datagram_is_a_message(self):
        server = self.serve("--relay", self.name)
        with connected(server) as client:
            client.send(BINARY, b"one")
            client.send(TEXT, b"in ", fin=False)
            client.send(CONTINUATION, b"two")
            client.send(BINARY)
            came = [self.target.recvfrom(100) for _ in range(3)]
            self.assertEqual([data for data, _ in came], [b"one", b"in two", b""])
            with socket.socket(type=socket.SOCK_DGRAM) as stranger:
                stranger.sendto(b"not heard", came[0][1])
            for data in (b"answer", b"", bytes(60000)):
                self.target.sendto(data, came[0][1])
            self.assertEqual([client.read_frame()[:2] for _ in range(3)],
                             [(BINARY, b"answer"), (BINARY, b""), (BINARY, bytes(60000))])
            client.close(1000)
            self.assertEqual(client.read_rest(), encode(CLOSE, NORMAL))
        self.stop(server)

    def test_what_is_too_long_is_dropped_and_told_once(self):
        server = self.serve("--relay", self.name)
        with connected(server) as client:
            for _ in range(3):
                client.send(BINARY, bytes(65508))
            client.send(BINARY, b"short")
            self.assertEqual(self.target.recv(100), b"short")
            client.close(1000)
            client.read_rest()
        stderr = server.stop().stderr
        self.assertEqual(stderr.count("a datagram is dropped: it is longer than 65507 bytes"), 1)
        self.assertIn("3 datagrams dropped in all", stderr)

    def test_who_is_idle_is_closed(self):
        server = self.serve("--relay", self.name, "--idle", "0.3")
        with connected(server) as client:
            self.assertEqual(client.finish(), NORMAL)
        self.stop(server)

    def test_that_nobody_is_there_is_told_once(self):
        self.target.close()
        server = self.serve("--relay", self.name)
        with connected(server) as client:
            for _ in range(5):
                client.send(BINARY, b"x")
                client.send(PING)
                self.assertEqual(client.read_frame().opcode, PONG)
            client.close(1000)
            client.read_rest()
        self.assertEqual(server.stop().stderr.count("connection refused"), 1)


class WebSockets(Relay):
    def relay_to(self, script):
        served = self.enterContext(scripted(script))
        return self.serve("--relay", served.url + "path?x=y"), served

    def test_messages_types_and_codes_go_through_but_no_headers(self):
        def script(peer):
            head = peer.accept("Sec-WebSocket-Protocol: two")
            peer.send(TEXT, "grüß".encode())
            frames = [peer.read_frame() for _ in range(3)]
            peer.close(4002, "why")
            frames.append(peer.read_frame())
            return head, frames
        server, served = self.relay_to(script)
        with dialed(server) as client:
            response = client.connect("Sec-WebSocket-Protocol: one, two", "Cookie: a=b", "X-Key: value")
            self.assertEqual(header(response, "Sec-WebSocket-Protocol"), "two")
            self.assertEqual(client.read_frame()[:2], (TEXT, "grüß".encode()))
            client.send(BINARY, b"\0")
            client.send(TEXT, b"a", fin=False)
            client.send(CONTINUATION, b"b")
            self.assertEqual(client.finish(), close_payload(4002, "why"))
        eventually(lambda: served.results)
        head, frames = served.result
        self.assertIn("GET /path?x=y HTTP/1.1", head)
        self.assertEqual(header(head, "Sec-WebSocket-Protocol"), "one, two")
        self.assertIsNone(header(head, "Cookie"))
        self.assertIsNone(header(head, "X-Key"))
        self.assertEqual([frame[:3] for frame in frames],
                         [(BINARY, b"\0", True), (TEXT, b"a", False), (CONTINUATION, b"b", True),
                          (CLOSE, close_payload(4002, "why"), True)])
        self.stop(server)

    def test_a_close_of_the_client_goes_through(self):
        def script(peer):
            peer.accept()
            return peer.finish()
        server, served = self.relay_to(script)
        with connected(server) as client:
            client.close(4001, "enough")
            self.assertEqual(client.read_rest(), encode(CLOSE, close_payload(4001, "enough")))
        eventually(lambda: served.results)
        self.assertEqual(served.result, close_payload(4001, "enough"))
        self.stop(server)

    def test_a_loss_is_one_of_the_other_side(self):
        def script(peer):
            peer.accept()
            peer.take(1)
            peer.reset()
        server, served = self.relay_to(script)
        with connected(server) as client:
            client.send(TEXT, b"x")
            self.assertEqual(client.read_rest(), b"")  # no Close
        server.stop()

    def test_a_refusal_is_502(self):
        with scripted(reject("403 Forbidden")) as served:
            server = self.serve("--relay", served.url)
            status, answer = request(server, "/")
            self.assertEqual(status, 502)
            self.assertNotIn("403", answer)
            self.assertIn("HTTP 403", server.stop().stderr)


class Tokens(Relay):
    def write(self, text):
        self.file.write_text(text)

    def setUp(self):
        super().setUp()
        self.file = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) / "tokens"

    def test_a_token_leads_to_its_target(self):
        with target(*[lambda peer: None] * 4) as served:
            self.write(f"# machines\nvm-one: 127.0.0.1:{served.port}\nvm-two: {served.name}\n")
            server = self.serve("--relay-file", str(self.file))
            for path in ("/vm-one", "/websockify?token=vm-two", "/a/b/vm-one", "/?token=vm%2Dtwo&x"):
                self.assertEqual(request(server, path)[0], 101, path)
            for path in ("/", "/vm", "/?token=vm-three-or-so", "/vm-one?token=none", "/?token=vm-one&token=vm-one",
                         "/../tokens", "/%2e%2e%2ftokens"):
                self.assertEqual(request(server, path)[0], 404, path)
            result = server.stop()
            self.assertIn("no such token: vm-t\u2026\n", result.stderr)
            self.assertNotIn("vm-three", result.stderr)

    def test_a_path_comes_before_a_token(self):
        with target(lambda peer: None) as served:
            self.write("a: unix:/nowhere\n")
            server = self.serve("--relay-file", str(self.file), "--relay", f"/a={served.name}")
            self.assertEqual(request(server, "/a")[0], 101)
            self.assertEqual(request(server, "/?token=a")[0], 502)
            server.stop()

    def test_the_file_is_read_anew_when_it_has_changed(self):
        with target(*[how_it_ends] * 3) as served:
            self.write(f"old: {served.name}\n")
            server = self.serve("--relay-file", str(self.file))
            with dialed(server) as client:
                client.write(f"GET /old HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
                client.read_head()
                self.write("broken\n")
                client.send(PING)  # it is open still
                self.assertEqual(client.read_frame().opcode, PONG)
                client.send(CLOSE)
                self.assertEqual(client.read_rest(), encode(CLOSE))
            self.assertEqual(request(server, "/old")[0], 101)
            new = self.file.with_name("new")
            new.write_text(f"new: {served.name}\n")
            new.rename(self.file)
            self.assertEqual(request(server, "/old")[0], 404)
            self.assertEqual(request(server, "/new")[0], 101)
            self.file.unlink()
            stderr = server.stop().stderr
            self.assertEqual(stderr.count("tokens:1: not NAME: TARGET; the tokens are those that were read before"), 1)

    def test_a_bad_file_is_an_error_at_the_start(self):
        self.write("a: tcp:127.0.0.1:1\n\nsecret name: tcp:127.0.0.1:1\n")
        result = run("listen", "--relay-file", str(self.file), "0")
        self.assertEqual((result.status, result.stdout), (1, b""))
        self.assertIn("tokens:3: a name has", result.stderr)
        self.assertNotIn("secret", result.stderr)
        self.assertEqual(run("listen", "--relay-file", str(self.file) + "x", "0").status, 1)


class Usage(Case):
    def test_what_makes_no_sense(self):
        some = ["--relay", "tcp:127.0.0.1:1"]
        for arguments in (["--relay", "nonsense"], ["--relay", "tcp:host"], ["--relay", "/a"], [*some, *some],
                          ["--relay", "/a=echo:", "--relay", "/a=echo:"], [*some, "--echo"], [*some, "--broadcast"],
                          [*some, "--relay-file", "x"], [*some, "--in", "raw"], [*some, "-b"],
                          [*some, "--every", "1", "x"],
                          [*some, "--eof", "close"], ["--idle", "1"], ["--compress"],
                          [*some, "--compress", "--no-compress"], ["--relay", "ws://me:secret@/"]):
            with self.subTest(arguments):
                result = run("listen", *arguments, "0")
                self.assertEqual((result.status, result.stdout), (2, b""), result.stderr)
                self.assertNotIn("secret", result.stderr)


if __name__ == "__main__":
    unittest.main()
