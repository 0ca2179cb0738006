"""listen -- PROGRAM: a process a connection, what it is given and what becomes of what it writes."""

import contextlib
import json
import os
import pathlib
import tempfile
import unittest

from peer import BINARY, PING, PONG, TEXT, connected, dialed, header
from programs import children_of, gone, numbers, python, read_close, runs
from support import BINARY as PROGRAM_UNDER_TEST, Case, Server, eventually, run
from serve_options_test import REQUEST, Asking, credentials


class Lines(Case):
    def test_a_message_is_a_line_and_a_line_a_message(self):
        with Server("listen", "0", "--", "cat") as server, connected(server) as client:
            client.send(TEXT, b"hello")
            self.assertEqual(client.read_message(), (TEXT, b"hello"))
            client.send(BINARY, "grüße".encode())
            self.assertEqual(client.read_message(), (TEXT, "grüße".encode()))
            client.send(TEXT, b"")
            self.assertEqual(client.read_message(), (TEXT, b""))
            client.send(TEXT, b"in ", fin=False)
            client.send(0, b"two")
            self.assertEqual(client.read_message(), (TEXT, b"in two"))
            client.send(PING, b"p")
            self.assertEqual(client.read_frame()[:2], (PONG, b"p"))
            client.close()
            self.assertEqual(read_close(client), (1000, ""))

    def test_each_client_has_a_process(self):
        with Server("listen", "0", "--exec", "echo $$; exec cat") as server, \
                connected(server) as one, connected(server) as other:
            processes = numbers(one.read_message()[1] + b" " + other.read_message()[1])
            self.assertEqual(children_of(server.process.pid), set(processes))
            one.send(TEXT, b"one")
            other.send(TEXT, b"other")
            self.assertEqual(one.read_message(), (TEXT, b"one"))
            self.assertEqual(other.read_message(), (TEXT, b"other"))
            one.close()
            self.assertEqual(read_close(one), (1000, ""))
            gone(processes[0])
            other.send(TEXT, b"still there")
            self.assertEqual(other.read_message(), (TEXT, b"still there"))

    def test_no_shell_and_no_words_of_a_request(self):
        script = "import sys; print(sys.argv[1:])"
        with Server("listen", "0", "--", *python(script, "a b", "$HOME", "--echo", "")) as server:
            with dialed(server) as client:
                client.write("".join(line + "\r\n" for line in ("GET /?x=$(id)&--y HTTP/1.1", *REQUEST, "")).encode())
                client.read_head()
                self.assertEqual(client.read_message(), (TEXT, b"['a b', '$HOME', '--echo', '']"))

    def test_crlf_and_the_last_line(self):
        with Server("listen", "0", "--exec", r"printf 'a\r\nb\n\nc'") as server, connected(server) as client:
            self.assertEqual([client.read_message() for _ in range(4)],
                             [(TEXT, b"a"), (TEXT, b"b"), (TEXT, b""), (TEXT, b"c")])
            self.assertEqual(read_close(client), (1000, ""))

    def test_a_line_that_is_not_utf8_closes_with_1011(self):
        with Server("listen", "0", "--exec", r"echo good; printf 'b\377d\n'; exec cat") as server:
            with connected(server) as client:
                self.assertEqual(client.read_message(), (TEXT, b"good"))
                self.assertEqual(read_close(client), (1011, "output is not UTF-8"))
                client.close(1011)
            eventually(lambda: not children_of(server.process.pid))
            result = server.stop()
            self.assertEqual((result.status, result.stdout), (0, b""))
            self.assertRegex(result.stderr, r"\Awscope: client 1: .*not UTF-8.*6.*\n\Z")

    def test_binary(self):
        with Server("listen", "-b", "0", "--exec", r"printf '\377\n'; cat") as server, connected(server) as client:
            self.assertEqual(client.read_message(), (BINARY, b"\xff"))

    def test_raw(self):
        with Server("listen", "--exec-format", "raw", "0", "--", "cat") as server, connected(server) as client:
            client.send(TEXT, b"no line end")
            self.assertEqual(client.read_message(), (BINARY, b"no line end"))

    def test_a_separator_in_a_message_is_said_once(self):
        with Server("listen", "0", "--", "cat") as server, connected(server) as client:
            for _ in range(2):
                client.send(TEXT, b"a\nb")
                self.assertEqual([client.read_message(), client.read_message()], [(TEXT, b"a"), (TEXT, b"b")])
            client.close()
            client.read_rest()
            eventually(lambda: not children_of(server.process.pid))
            result = server.stop()
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            self.assertIn("the program sees several", result.stderr)


class Environment(Asking):
    SCRIPT = "env; exec cat"

    def environment(self, server, *headers, target="/"):
        with dialed(server) as client:
            client.write("".join(line + "\r\n" for line in (f"GET {target} HTTP/1.1", *REQUEST, *headers, "")).encode())
            self.assertIn(" 101 ", client.read_head())
            client.send(TEXT, b"END=")
            variables = {}
            while (message := client.read_message()[1].decode()) != "END=":
                name, _, value = message.partition("=")
                variables[name] = value
            client.close()
            client.read_rest()
            return variables

    def test_of_rfc_3875(self):
        with Server("listen", "-s", "chat", "0", "--exec", self.SCRIPT) as server:
            found = self.environment(server, "X-A: 1", "X-A: 2", "Proxy: http://evil.example", "Content-Type: a/b",
                                     "Cookie: a=1", "Cookie: b=2", "X_A: 3", "Sec-WebSocket-Protocol: other, chat",
                                     target="/a%20b?c=%64")
            self.assertEqual({name: found.get(name) for name in (
                "GATEWAY_INTERFACE", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "REQUEST_METHOD", "REQUEST_URI",
                "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "REMOTE_ADDR", "REMOTE_HOST", "HTTP_X_A", "HTTP_COOKIE",
                "WSCOPE_CONN", "WSCOPE_URL", "WSCOPE_SUBPROTOCOL")}, {
                "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_NAME": "localhost", "SERVER_PORT": str(server.port),
                "SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_METHOD": "GET", "REQUEST_URI": "/a%20b?c=%64",
                "SCRIPT_NAME": "", "PATH_INFO": "/a b", "QUERY_STRING": "c=%64", "REMOTE_ADDR": "127.0.0.1",
                "REMOTE_HOST": "127.0.0.1", "HTTP_X_A": "1, 2", "HTTP_COOKIE": "a=1; b=2", "WSCOPE_CONN": "1",
                "WSCOPE_URL": "ws://localhost/a%20b?c=%64", "WSCOPE_SUBPROTOCOL": "chat"})
            self.assertRegex(found["SERVER_SOFTWARE"], r"\Awscope/\d")
            self.assertRegex(found["UNIQUE_ID"], r"\A[0-9a-f]{32}\Z")
            self.assertTrue(found["REMOTE_PORT"].isdigit())
            for name in ("HTTP_PROXY", "HTTP_CONTENT_TYPE", "CONTENT_TYPE", "REMOTE_USER", "AUTH_TYPE", "HTTPS"):
                self.assertNotIn(name, found)

    def test_of_ours_only_what_is_harmless_or_asked_for(self):
        ours = {**os.environ, "SECRET": "s", "WANTED": "w", "LC_TIME": "C", "REMOTE_USER": "root", "HTTP_PROXY": "p"}
        with Server("listen", "--exec-env", "WANTED", "--exec-env", "NEW=n", "0", "--exec", self.SCRIPT,
                    env=ours) as server:
            found = self.environment(server)
            self.assertEqual((found["WANTED"], found["NEW"], found["LC_TIME"], found["PATH"]),
                             ("w", "n", "C", ours["PATH"]))
            self.assertTrue({"SECRET", "REMOTE_USER", "HTTP_PROXY"}.isdisjoint(found), found)
        with Server("listen", "--exec-env", "*", "0", "--exec", self.SCRIPT, env=ours) as server:
            found = self.environment(server)
            self.assertEqual(found["SECRET"], "s")
            self.assertTrue({"REMOTE_USER", "HTTP_PROXY"}.isdisjoint(found), found)

    def test_credentials_stay_ours(self):
        with Server("listen", "--auth", "ann:secret", "0", "--exec", self.SCRIPT) as server:
            self.assertEqual(self.status(server), 401)
            self.assertFalse(children_of(server.process.pid))
            found = self.environment(server, credentials("ann:secret"))
            self.assertEqual((found["REMOTE_USER"], found["AUTH_TYPE"]), ("ann", "Basic"))
            self.assertNotIn("HTTP_AUTHORIZATION", found)
        with Server("listen", "0", "--exec", self.SCRIPT) as server:
            found = self.environment(server, credentials("ann:secret"))
            self.assertIn("HTTP_AUTHORIZATION", found)
            self.assertNotIn("REMOTE_USER", found)

    def test_a_path_that_cannot_be_decoded_is_refused(self):
        with Server("listen", "0", "--exec", self.SCRIPT) as server:
            for target in ("/%00", "/%", "/a%4g"):
                self.assertEqual(self.status(server, start=f"GET {target} HTTP/1.1"), 400)
            self.assertEqual(self.environment(server, target="/..%2f..%2fetc")["PATH_INFO"], "/../../etc")
            eventually(lambda: not children_of(server.process.pid))

    def test_nothing_is_open_and_nothing_is_blocked(self):
        script = ("import os, signal, resource; print(sorted(os.listdir('/proc/self/fd'), key=int)[:-1], "
                  "signal.pthread_sigmask(signal.SIG_BLOCK, ()), signal.getsignal(signal.SIGHUP), "
                  "resource.getrlimit(resource.RLIMIT_NOFILE)[0], os.getcwd(), os.getsid(0) == os.getpid())\n"
                  "print(open('/proc/self/status').read().split('SigIgn:')[1].split()[0])")
        descriptor = os.open("/dev/null", os.O_RDONLY)
        with tempfile.TemporaryDirectory() as folder:
            folder = os.path.realpath(folder)
            # A shell becomes the server, which may have 123 descriptors unless it asks for more.
            with Server("-c", 'ulimit -Sn 123; exec "$@"', "sh", PROGRAM_UNDER_TEST, "listen", "--exec-dir", folder, "0",
                        "--", *python(script), executable="/bin/sh", pass_fds=(descriptor,)) as server:
                with connected(server) as client:
                    said = client.read_message()[1].decode()
                    # Python ignores SIGPIPE (13) and SIGXFSZ (25) itself.
                    ignored = client.read_message()[1].decode()
        os.close(descriptor)
        self.assertEqual(said, f"['0', '1', '2'] set() 0 123 {folder} True")
        self.assertEqual(int(ignored, 16) & ~(1 << 12 | 1 << 24), 0)


class Start(Asking):
    def test_a_program_that_is_not_there_is_said_before_listening(self):
        result = run("listen", "0", "--", "/nowhere/program")
        self.assertEqual(result, (1, b"", "wscope: /nowhere/program: no such file or directory\n"))
        result = run("listen", "0", "--", "there-is-none")
        self.assertEqual(result, (1, b"", "wscope: there-is-none: there is no such program\n"))
        self.assertEqual(run("listen", "0", "--", "/").stderr, "wscope: /: is a directory\n")
        self.assertEqual(run("listen", "--exec-dir", "/nowhere", "0", "--", "cat").status, 1)
        with tempfile.NamedTemporaryFile() as file:
            self.assertEqual(run("listen", "0", "--", file.name).stderr, f"wscope: {file.name}: permission denied\n")

    def test_a_program_that_is_gone_is_500(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "program"
            path.write_text("#!/bin/sh\nexec cat\n")
            path.chmod(0o755)
            with Server("listen", "0", "--", str(path)) as server:
                self.assertEqual(self.status(server), 101)
                eventually(lambda: not children_of(server.process.pid))
                path.write_text("echo no interpreter\n")
                status, _, body = self.ask(server)
                self.assertEqual((status, body), (500, b"the program cannot be started\n"))
                path.unlink()
                self.assertEqual(self.status(server), 500)
                eventually(lambda: not children_of(server.process.pid))
                result = server.stop()
                self.assertEqual(result.stderr, f"wscope: client 2: {path}: exec format error\n"
                                                f"wscope: client 3: {path}: no such file or directory\n")

    def test_nothing_is_started_for_who_is_not_let_in(self):
        with tempfile.TemporaryDirectory() as folder:
            trace = pathlib.Path(folder) / "trace"
            with Server("listen", "--path", "/a", "0", "--exec", f"echo >> {trace}; exec cat") as server:
                for line, headers, status in (("GET /b HTTP/1.1", (), 404), ("POST /a HTTP/1.1", (), 405),
                                              ("GET /a HTTP/1.1", ("Origin: https://evil.example",), 403)):
                    self.assertEqual(self.status(server, *headers, start=line), status)
                self.assertFalse(trace.exists())
                self.assertEqual(self.status(server, start="GET /a HTTP/1.1"), 101)
                eventually(trace.exists)
                eventually(lambda: not children_of(server.process.pid))
                server.stop()

    def test_at_most_so_many_until_they_are_reaped(self):
        with Server("listen", "--exec-max", "1", "--kill-after", "-1", "0", "--exec",
                    "trap '' HUP; echo $$; read go; exec 1>&-; while :; do sleep 0.01; done") as server:
            with connected(server) as client:
                process = numbers(client.read_message()[1])[0]
                status, head, body = self.ask(server)
                self.assertEqual((status, header(head, "Retry-After"), body), (503, "1", b"there are too many clients\n"))
                client.close()
                client.read_rest()
            self.assertTrue(runs(process))
            self.assertEqual(self.status(server), 503)  # it counts as long as it is there
            os.kill(process, 9)
            gone(process)
            eventually(lambda: self.status(server) == 101)

    def test_without_descriptors_it_is_503_and_nobody_else_suffers(self):
        # A shell becomes the server, which cannot have more.
        with Server("-c", 'ulimit -n 24; exec "$@"', "sh", PROGRAM_UNDER_TEST, "listen", "--close-timeout",
                    "0.1", "0", "--", "cat", executable="/bin/sh") as server, connected(server) as first:
            with contextlib.ExitStack() as others:
                while True:
                    client = others.enter_context(dialed(server))
                    client.write("".join(line + "\r\n" for line in ("GET / HTTP/1.1", *REQUEST, "")).encode())
                    head = client.read_head()
                    if " 101 " not in head:
                        break
                self.assertIn(" 503 ", head)
                self.assertEqual(header(head, "Retry-After"), "1")
                first.send(TEXT, b"still there")
                self.assertEqual(first.read_message(), (TEXT, b"still there"))
            eventually(lambda: len(children_of(server.process.pid)) == 1)
            self.assertEqual(self.status(server), 101)
            result = server.stop()
            self.assertRegex(result.stderr, r"\Awscope: client \d+: a pipe: too many open files\n\Z")

    def test_the_101_may_wait_for_output(self):
        with Server("listen", "--exec-early=60", "0", "--exec", "read a < $PATH_INFO; echo $a; exec cat") as server, \
                tempfile.TemporaryDirectory() as folder:
            fifo = os.path.join(folder, "fifo")
            os.mkfifo(fifo)
            with dialed(server) as client:
                client.write("".join(line + "\r\n" for line in (f"GET {fifo} HTTP/1.1", *REQUEST, "")).encode())
                eventually(lambda: children_of(server.process.pid))
                client.socket.settimeout(0.05)
                self.assertRaises(TimeoutError, client.socket.recv, 1)
                client.socket.settimeout(60)
                pathlib.Path(fifo).write_text("go\n")
                self.assertIn(" 101 ", client.read_head())
                self.assertEqual(client.read_message(), (TEXT, b"go"))
                client.send(TEXT, b"and on")
                self.assertEqual(client.read_message(), (TEXT, b"and on"))
        with Server("listen", "--exec-early=0.01", "0", "--", "cat") as server, connected(server) as client:
            client.send(TEXT, b"silent at first")
            self.assertEqual(client.read_message(), (TEXT, b"silent at first"))

    def test_who_ends_before_it_said_anything_is_502(self):
        with Server("listen", "--exec-early=60", "0", "--exec", "exit 3") as server:
            status, _, body = self.ask(server)
            self.assertEqual((status, body), (502, b"the program has ended\n"))
            result = server.stop()
            self.assertEqual(result.stderr,
                             "wscope: client 1: the program has ended before it said anything: exit status 3\n")
        with Server("listen", "--exec-early=60", "0", "--exec", "echo bye") as server, connected(server) as client:
            self.assertEqual(client.read_message(), (TEXT, b"bye"))
            self.assertEqual(read_close(client), (1000, ""))

    def test_a_client_that_does_not_wait_for_it(self):
        with Server("listen", "--exec-early=0.5", "0", "--exec", "sleep 1000") as server:
            with dialed(server) as client:
                client.write("".join(line + "\r\n" for line in ("GET / HTTP/1.1", *REQUEST, "")).encode())
                eventually(lambda: children_of(server.process.pid))
            eventually(lambda: not children_of(server.process.pid))

    def test_a_client_that_resets_the_connection_before_the_101(self):
        with Server("listen", "--exec-early=600", "0", "--exec", "sleep 1000") as server:
            with dialed(server) as client:
                client.write("".join(line + "\r\n" for line in ("GET / HTTP/1.1", *REQUEST, "")).encode())
                eventually(lambda: children_of(server.process.pid))
                client.reset()
            eventually(lambda: not children_of(server.process.pid))

    def test_once(self):
        server = Server("listen", "--once", "0", "--exec", "read a; echo $a")
        with connected(server) as client:
            client.send(TEXT, b"only")
            self.assertEqual(client.read_message(), (TEXT, b"only"))
            self.assertEqual(client.finish()[:2], b"\x03\xe8")
        self.assertEqual(server.process.wait(60), 0)

    def test_usage(self):
        for arguments, words in (
                (("--echo", "--", "cat"), "--echo excludes --exec"),
                (("--broadcast", "--exec", "cat"), "--broadcast excludes --exec"),
                (("--exec", "cat", "--", "cat"), "--exec excludes -- PROGRAM"),
                (("--",), "no program behind --"),
                (("--pty",), "--pty wants a program"),
                (("--exec-max", "3"), "--exec-max wants a program"),
                (("--in", "raw", "--", "cat"), "--exec-format"),
                (("--reply", "a=b", "--", "cat"), "--reply excludes --exec"),
                (("--slow", "drop", "--", "cat"), "--slow says nothing"),
                (("--pty=0x80", "--", "cat"), "--pty wants ROWSxCOLS"),
                (("--pty", "--exec-stderr", "show", "--", "cat"), "--exec-stderr excludes --pty"),
                (("--pty", "--exec-format", "lines", "--", "cat"), "raw or json"),
                (("--pty", "--exec-mode", "shared", "--", "cat"), "a process a connection"),
                (("--exec-mode", "some", "--", "cat"), "client|message|shared"),
                (("--exec-format", "json", "-b", "--", "cat"), "says its type"),
                (("--exec-mode", "shared", "--exec-format", "lines", "--", "cat"), "--exec-format json")):
            with self.subTest(arguments):
                result = run("listen", "0", *arguments)
                self.assertEqual((result.status, result.stdout), (2, b""))
                self.assertIn(words, result.stderr)


class Errors(Case):
    def test_stderr_comes_line_by_line(self):
        with Server("listen", "0", "--exec", r"printf 'one\ntwo \033[31m\n%9000d\nend' 7 >&2; exec cat") as server:
            with connected(server) as client:
                lines = [server.process.stderr.readline() for _ in range(4)]
                client.send(TEXT, b"x")
                self.assertEqual(client.read_message(), (TEXT, b"x"))
                client.close()
                client.read_rest()
            self.assertEqual(lines[:2], [b"[1] one\n", b"[1] two \x1b[31m\n"])
            self.assertEqual(lines[2], b"[1] " + b" " * 8192 + b"\n")
            self.assertEqual(server.process.stderr.readline(), b"[1] end\n")
            self.assertTrue(lines[3].endswith(b" 7\n"))

    def test_dropped_or_sent(self):
        with Server("listen", "--exec-stderr", "drop", "0", "--exec", "echo no >&2; echo yes") as server, \
                connected(server) as client:
            self.assertEqual(client.read_message(), (TEXT, b"yes"))
        with Server("listen", "--exec-stderr", "send", "0", "--exec", "echo 'a \"b\"' >&2; read x; echo $x") as server, \
                connected(server) as client:
            self.assertEqual(json.loads(client.read_message()[1]), {"stream": "stderr", "data": 'a "b"'})
            client.send(TEXT, b"go")
            self.assertEqual(json.loads(client.read_message()[1]), {"stream": "stdout", "data": "go"})

    def test_a_flood_of_it_stops_the_program(self):
        with Server("listen", "0", "--exec", "yes >&2") as server:
            with connected(server):
                self.assert_waits(server.process)
                self.assert_small(server.process)
            server.process.kill()
            server.process.communicate()

    def test_events(self):
        with Server("listen", "--json", "0", "--exec", "echo wrong >&2; exit 3") as server:
            with connected(server) as client:
                self.assertEqual(read_close(client), (1011, "exit status 3"))
                client.close(1011)
                client.read_rest()
            result = server.stop()
        events = [json.loads(line) for line in result.stdout.splitlines()]
        events = [{key: event[key] for key in event if key not in ("time", "event")} for event in events
                  if event["event"] == "exec"]
        process = events[0]["pid"]
        self.assertEqual(sorted(events, key=lambda event: event["state"]),
                         [{"conn": 1, "state": "exit", "pid": process, "status": 3, "signal": None},
                          {"conn": 1, "state": "start", "pid": process},
                          {"conn": 1, "state": "stderr", "pid": process, "data": "wrong"}])


if __name__ == "__main__":
    unittest.main()
