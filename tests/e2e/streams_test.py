"""What wscope makes of the standard streams it is given, and leaves of them."""

import fcntl
import os
import pathlib
import socket
import tempfile
import unittest

from peer import closed_port
from support import Case, Server, finish, run, shell, start


class Closed(Case):
    def test_stdin_is_at_its_end(self):
        self.assertEqual(shell('exec "$@" <&-', "--eof", "close", "echo:"), (0, b"", ""))

    def test_stdout_is_an_error_once_there_is_something_to_print(self):
        self.assertEqual(shell('exec "$@" >&-', "echo:", stdin=b"hello\n"),
                         (1, b"", "wscope: standard output: bad file descriptor\n"))

    def test_stdout_is_no_error_if_there_is_nothing_to_print(self):
        self.assertEqual(shell('exec "$@" >&-', "--eof", "close", "echo:"), (0, b"", ""))

    def test_stderr_changes_nothing(self):
        self.assertEqual(shell('exec "$@" 2>&-', "--eof", "close", "echo:", stdin=b"hello\n"), (0, b"hello\n", ""))

    def test_stderr_swallows_what_is_said_there(self):
        with closed_port() as port:
            self.assertEqual(shell('exec "$@" 2>&-', f":{port}"), (4, b"", ""))

    def test_all_of_them(self):
        self.assertEqual(shell('exec "$@" <&- >&- 2>&-', "--eof", "close", "echo:"), (0, b"", ""))

    def test_help_that_cannot_be_printed_is_an_error(self):
        self.assertEqual(shell('exec "$@" >&-', "--help"), (1, b"", "wscope: cannot write to the standard output\n"))


class Kinds(Case):
    def test_stdin_may_be_the_null_device(self):
        with open(os.devnull, "rb") as null:
            self.assertEqual(finish(start("--eof", "close", "echo:", stdin=null)), (0, b"", ""))

    def test_both_may_be_files(self):
        lines = b"".join(b"line %d\n" % i for i in range(10_000))
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
            source.write(lines)
            source.seek(0)
            result = finish(start("--eof", "close", "echo:", stdin=source, stdout=target))
            target.seek(0)
            self.assert_bytes(target.read(), lines)
        self.assertEqual((result.status, result.stderr), (0, ""))

    def test_a_file_is_appended_to_if_the_shell_says_so(self):
        with tempfile.NamedTemporaryFile() as file:
            result = shell(f'"$@" >>{file.name} && echo more | "$@" >>{file.name}', "--eof", "close", "echo:",
                           stdin=b"hello\n")
            self.assertEqual((result, file.read()), ((0, b"", ""), b"hello\nmore\n"))

    def test_both_may_be_a_socket(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            process = start("--eof", "close", "echo:", stdin=theirs, stdout=theirs)
            theirs.close()
            ours.sendall(b"hello\n")
            ours.shutdown(socket.SHUT_WR)
            self.assertEqual(ours.makefile("rb").read(), b"hello\n")
            self.assertEqual(finish(process)[::2], (0, ""))

    def test_a_directory_is_not_read(self):
        directory = os.open(".", os.O_RDONLY)
        try:
            self.assertEqual(finish(start("echo:", stdin=directory)),
                             (1, b"", "wscope: standard input: is a directory\n"))
        finally:
            os.close(directory)


class Flags(Case):
    """O_NONBLOCK belongs to the open file, which others share."""

    def flags_during_and_after(self, read_end, write_end, **streams):
        with Server() as server:
            process = start(server.url, **streams)
            os.write(write_end, b"hello\n")
            self.assertEqual(os.read(read_end, 6), b"hello\n")
            during = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in streams.values()]
            process.terminate()
            self.assertEqual(finish(process).status, 143)
        return during, [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in streams.values()]

    def test_of_pipes_are_never_changed(self):
        stdin, stdin_writer = os.pipe()
        stdout_reader, stdout = os.pipe()
        try:
            before = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (stdin, stdout)]
            flags = self.flags_during_and_after(stdout_reader, stdin_writer, stdin=stdin, stdout=stdout)
            self.assertEqual(flags, (before, before))
        finally:
            for fd in (stdin, stdin_writer, stdout_reader, stdout):
                os.close(fd)

    def test_of_a_socket_are_never_changed(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            before = [fcntl.fcntl(theirs, fcntl.F_GETFL)] * 2
            flags = self.flags_during_and_after(ours.fileno(), ours.fileno(), stdin=theirs.fileno(),
                                                stdout=theirs.fileno())
            self.assertEqual(flags, (before, before))

    def test_that_are_set_already_do_no_harm(self):
        stdin, stdin_writer = os.pipe()
        os.set_blocking(stdin, False)
        process = start("--eof", "close", "echo:", stdin=stdin)
        os.close(stdin)
        try:
            os.write(stdin_writer, b"hello\n")
            self.assertEqual(process.stdout.readline(), b"hello\n")
        finally:
            os.close(stdin_writer)
        self.assertEqual(finish(process), (0, b"", ""))


class Text(Case):
    def test_help_and_version_go_to_stdout(self):
        for arguments in (["--help"], ["-h"], ["connect", "--help"], ["echo", "-h"], ["listen", "--help"]):
            with self.subTest(arguments):
                result = run(*arguments)
                self.assertEqual((result.status, result.stderr), (0, ""))
                self.assertIn(b"wscope", result.stdout)
        self.assertRegex(run("--version").stdout, rb"^wscope \d+\.\d+\.\d+(-dev\.\d+\+g\w{12}(\.dirty)?)?\ncommit \w+, .+\n"
                                                  rb"with OpenSSL \d.+, zlib \d.+\n\+.*\+tls\n$")

    def test_that_is_generated_is_that_of_the_tree(self):
        tree = pathlib.Path(__file__).parents[2]
        names = {f"man {page.stem.removeprefix('wscope')[1:]}".strip(): page for page in tree.glob("man/*.1")}
        names |= {"bash": tree / "completions/wscope.bash", "zsh": tree / "completions/_wscope",
                  "fish": tree / "completions/wscope.fish"}
        self.assertGreater(len(names), 4)
        for name, file in names.items():
            with self.subTest(name):
                result = run("--generate", *name.split())
                self.assertEqual((result.status, result.stderr), (0, ""))
                self.assertEqual(result.stdout, file.read_bytes())


if __name__ == "__main__":
    unittest.main()
