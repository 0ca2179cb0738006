"""--in and --out: what is one message of stdin, and how a message is printed."""

import base64
import random
import tempfile
import unittest

from peer import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, encode, scripted
from support import DEADLINE, Case, feed, finish, read_exactly, run, start

MIB = 1 << 20
GOING_AWAY = close_payload(1001)
NORMAL = close_payload(1000)


def read_to_the_close(peer):
    """A script: the frames that come, up to the Close, which is answered."""
    peer.accept()
    frames = [peer.read_frame()]
    while frames[-1].opcode != CLOSE:
        frames.append(peer.read_frame())
    peer.send(CLOSE, frames[-1].payload)
    return frames


class Sending(Case):
    def frames(self, *arguments, stdin, result=(0, b"", "")):
        """What the peer gets: (opcode, payload) of each frame. A message has only one."""
        with scripted(read_to_the_close) as server:
            self.assertEqual(run("--eof", "close", *arguments, server.url, stdin=stdin), result)
        self.assertTrue(all(frame.fin for frame in server.result))
        return [frame[:2] for frame in server.result]

    def test_each_format(self):
        text = b"a\nb\0\r\nc"
        for arguments, stdin, messages in (
            (("--in", "lines"), text, [(TEXT, b"a"), (TEXT, b"b\0"), (TEXT, b"c")]),
            (("--in", "nul"), text, [(TEXT, b"a\nb"), (TEXT, b"\r\nc")]),
            (("--in", "nul"), b"\0a\0\0", [(TEXT, b""), (TEXT, b"a"), (TEXT, b"")]),
            (("-0",), text, [(TEXT, b"a\nb"), (TEXT, b"\r\nc")]),
            (("--null", "-b"), b"\xff\0\xfe", [(BINARY, b"\xff"), (BINARY, b"\xfe")]),
            (("--format", "nul"), text, [(TEXT, b"a\nb"), (TEXT, b"\r\nc")]),
            (("--keep-newline",), text + b"\n", [(TEXT, b"a\n"), (TEXT, b"b\0\r\n"), (TEXT, b"c\n")]),
            (("--keep-newline", "-b"), text, [(BINARY, b"a\n"), (BINARY, b"b\0\r\n"), (BINARY, b"c")]),
            (("--escape",), rb"\e[A\r\U0001f600" + b"\n", [(TEXT, "\x1b[A\r😀".encode())]),
            (("--escape", "-0b"), rb"\377" + b"\0\n", [(BINARY, b"\xff"), (BINARY, b"\n")]),
            (("--in", "whole"), text, [(TEXT, text)]),
            (("--in", "whole"), b"line\r\n", [(TEXT, b"line\r\n")]),
            (("--in", "whole", "-b"), b"\xff\n\0", [(BINARY, b"\xff\n\0")]),
            (("--in", "whole"), b"", [(TEXT, b"")]),
            (("--in", "whole", "-b"), b"", [(BINARY, b"")]),
            (("--in", "raw"), text, [(BINARY, text)]),
            (("--in", "raw"), b"", []),
            (("--in", "hex"), b"00fF0a\r\n\n61 62\t63\n5a",
             [(BINARY, b"\0\xff\n"), (BINARY, b""), (BINARY, b"abc"), (BINARY, b"Z")]),
            (("--in", "hex", "-b"), b"61\n", [(BINARY, b"a")]),
            (("--in", "hex", "-t"), b"c3a4\n\n00", [(TEXT, "ä".encode()), (TEXT, b""), (TEXT, b"\0")]),
            (("--format", "hex"), b"61\n", [(BINARY, b"a")]),
            (("--in", "base64"), b"/wA=\r\n\nYQ==", [(BINARY, b"\xff\0"), (BINARY, b""), (BINARY, b"a")]),
            (("--in", "base64", "--text"), b"YQo=\n", [(TEXT, b"a\n")]),
            (("--format", "base64"), b"YQ==\n", [(BINARY, b"a")]),
        ):
            with self.subTest(arguments, stdin=stdin):
                self.assertEqual(self.frames(*arguments, stdin=stdin), [*messages, (CLOSE, NORMAL)])

    def test_json_says_everything(self):
        stdin = "\n".join((
            r'{"type":"text","data":"ä\u0000\n\ud83d\ude00"}',
            '{"data":"keys in any order","type":"text"}\r',
            r'{"type":"text"}',
            r'{"type":"binary","base64":"/wA="}',
            r'{"type":"binary","data":"as it is"}',
            r'{"type":"ping","data":"are you there"}',
            r'{"type":"ping"}',
            r'{"type":"pong","base64":"/w=="}',
            r'{"event":"text","time":"…","conn":7,"dir":"out","data":"as --json prints it"}',
            r'{"type":"close","code":4321,"reason":"grüß"}',
            r'{"type":"text","data":"too late"}')).encode()
        self.assertEqual(self.frames("--in", "json", stdin=stdin), [
            (TEXT, "ä\0\n😀".encode()), (TEXT, b"keys in any order"), (TEXT, b""), (BINARY, b"\xff\0"),
            (BINARY, b"as it is"), (PING, b"are you there"), (PING, b""), (PONG, b"\xff"),
            (TEXT, b"as --json prints it"), (CLOSE, close_payload(4321, "grüß"))])

    def test_what_is_read_goes_at_once(self):
        pieces = (b"SSH-2.0-x\r\n", b"KEX", b"\n\0\r\n")

        def script(peer):
            peer.accept()
            messages = []
            for piece in pieces:
                process.stdin.write(piece)
                messages.append(peer.read_message())
            process.stdin.close()
            return messages, peer.finish()
        with scripted(script) as server:
            process = start("--in", "raw", "--eof", "close", server.url)
            self.assertEqual(process.wait(DEADLINE), 0)
        self.assertEqual(server.result, ([(BINARY, piece) for piece in pieces], NORMAL))

    def test_a_message_of_the_command_line_is_as_in_says(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"\xff\n")
            file.flush()
            self.assertEqual(self.frames("--in", "hex", "-x", "00 ff", "-x", f"@{file.name}", "-x", "@@", stdin=b""),
                             [(BINARY, b"\0\xff"), (BINARY, b"\xff\n"), (TEXT, b"@"), (CLOSE, NORMAL)])
        self.assertEqual(self.frames("--in", "json", "-x", '{"type":"ping"}', "-x", '{"type":"close","code":4000}',
                                     stdin=b""), [(PING, b""), (CLOSE, close_payload(4000))])

    def test_a_recording_is_sent_again(self):
        stdin = b"".join((
            b'{"event":"recording","version":1,"by":"wscope","url":"ws://host/"}\n',
            b'{"event":"text","conn":1,"dir":"out","data":"one"}\n',
            b'{"event":"text","conn":1,"dir":"in","data":"two"}\n',
            b'{"event":"pong","conn":1,"dir":"out"}\n'))
        self.assertEqual(self.frames("--in", "json", stdin=stdin), [(TEXT, b"one"), (CLOSE, NORMAL)])

    def test_json_may_close_without_a_code(self):
        for line in (b'{"type":"close"}', b'{"type":"close","code":1005,"name":"no status","reason":""}'):
            with self.subTest(line):
                self.assertEqual(self.frames("--in", "json", stdin=line), [(CLOSE, b"")])

    def test_what_was_printed_can_be_sent(self):
        def script(peer):
            peer.accept()
            peer.send(TEXT, "ä\0\n".encode())
            peer.send(BINARY, b"\xff")
            peer.close(4000, "bye")
            return peer.read_frame()
        with scripted(script) as server:
            printed = run("--eof", "hold", "--json", server.url).stdout
        messages = b"".join(line for line in printed.splitlines(True) if b'"dir":"in"' in line)
        self.assertEqual(self.frames("--in", "json", stdin=messages),
                         [(TEXT, "ä\0\n".encode()), (BINARY, b"\xff"), (CLOSE, close_payload(4000, "bye"))])

    def test_a_bad_line_ends_it_after_those_before_it(self):
        hint = "\nhint: send bytes with --binary"
        text, ping = b'{"type":"text","data":"one"}\n', b'{"type":"ping"}\n'
        for arguments, stdin, sent, words in (
            (("--in", "hex"), b"6f6e65\n6f6\n61\n", (BINARY, b"one"), "line 2 is not hexadecimal"),
            (("--in", "hex"), b"6f6e65\nx0\n", (BINARY, b"one"), "line 2 is not hexadecimal"),
            (("--in", "hex"), b"6f6e65\n6 f\n", (BINARY, b"one"), "line 2 is not hexadecimal"),
            (("--in", "hex", "-t"), b"6f6e65\nff\n", (TEXT, b"one"), "line 2 is not UTF-8" + hint),
            (("--in", "base64"), b"b25l\nb25\n", (BINARY, b"one"), "line 2 is not base64"),
            (("--in", "base64"), b"b25l\n*===\n", (BINARY, b"one"), "line 2 is not base64"),
            (("--in", "base64", "-t"), b"b25l\n/w==\n", (TEXT, b"one"), "line 2 is not UTF-8" + hint),
            (("--escape",), b"one\n\\q\nthree\n", (TEXT, b"one"), "line 2 has \\q, which stands for nothing"),
            (("--in", "nul"), b"one\0\xc3\0three\0", (TEXT, b"one"), "line 2 is not UTF-8" + hint),
            (("--in", "json"), text + b"\n" + text, (TEXT, b"one"), "line 2 is not a JSON object"),
            (("--in", "json"), text + b"[]\n", (TEXT, b"one"), "line 2 is not a JSON object"),
            (("--in", "json"), text + b'{"type":"text"', (TEXT, b"one"), "line 2 is not a JSON object"),
            (("--in", "json"), text + b'{"data":"x"}\n', (TEXT, b"one"), 'line 2 has no "type"'),
            (("--in", "json"), text + b'{"type":7}\n', (TEXT, b"one"), 'line 2 has a "type" that is not a string'),
            (("--in", "json"), text + b'{"type":"txt"}\n', (TEXT, b"one"),
             "line 2 asks for something that cannot be sent"),
            (("--in", "json"), text + b'{"type":"text","data":1}\n', (TEXT, b"one"),
             'line 2 has a "data" that is not a string'),
            (("--in", "json"), text + b'{"type":"binary","base64":"?"}\n', (TEXT, b"one"),
             'line 2 has a "base64" that is none'),
            (("--in", "json"), ping + b'{"type":"ping","data":"%s"}\n' % (b"x" * 126), (PING, b""),
             "line 2 has a payload of more than 125 bytes"),
            (("--in", "json"), ping + b'{"type":"close","code":1006}\n', (PING, b""),
             "line 2 has a close code that may not be sent"),
            (("--in", "json"), ping + b'{"type":"close","code":66536}\n', (PING, b""),
             "line 2 has a close code that may not be sent"),
            (("--in", "json"), ping + b'{"type":"close","reason":"x"}\n', (PING, b""),
             'line 2 has a reason without a "code"'),
            (("--in", "json"), ping + b'{"type":"close","code":1000,"reason":"%s"}\n' % (b"x" * 124), (PING, b""),
             "line 2 has a reason of more than 123 bytes"),
        ):
            with self.subTest(arguments, stdin=stdin):
                frames = self.frames(*arguments, stdin=stdin, result=(1, b"", f"wscope: standard input: {words}\n"))
                self.assertEqual(frames, [sent, (CLOSE, GOING_AWAY)])

    def test_formats_that_exclude_each_other(self):
        for arguments in (("--format", "hex", "--in", "hex"), ("--format", "hex", "--out", "hex"),
                          ("-0", "--in", "hex"), ("-0", "--out", "raw"), ("-0", "--format", "nul"), ("-0", "--json"), ("-b", "-t"),
                          ("--json", "--out", "raw"), ("--json", "--format", "hex"), ("--in", "raw", "-t"),
                          ("-0", "--keep-newline"), ("--in", "hex", "--escape"), ("--escape", "-x", r"\q"),
                          ("--format", "whole"), ("--out", "whole"), ("--out", "LINES")):
            with self.subTest(arguments):
                status, out, err = run(*arguments, "echo:")
                self.assertEqual(status, 2)
                self.assertRegex(err, r"^wscope: --[^\n]+\nhint: try wscope --help\n$")
                self.assertTrue(out == b"" or "--json" in arguments)


class Whole(Case):
    def test_is_sent_in_fragments_of_one_message_once_it_is_large(self):
        text = random.Random(1).randbytes(2 * MIB).hex().encode()
        with scripted(read_to_the_close) as server:
            self.assertEqual(run("--eof", "close", "--no-compress", "--in", "whole", server.url, stdin=text),
                             (0, b"", ""))
        *frames, close = server.result
        self.assertGreater(len(frames), 1)
        self.assertEqual([frame.opcode for frame in frames], [TEXT] + [CONTINUATION] * (len(frames) - 1))
        self.assertEqual([frame.fin for frame in frames], [False] * (len(frames) - 1) + [True])
        self.assert_bytes(b"".join(frame.payload for frame in frames), text)
        self.assertEqual(close[:2], (CLOSE, NORMAL))

    def test_of_200_mib_takes_constant_memory(self):
        def script(peer):
            peer.accept()
            total, fin = 0, False
            while not fin:
                first, second = peer.take(2)
                size = second & 127
                size = int.from_bytes(peer.take({126: 2, 127: 8}[size]), "big") if size > 125 else size
                peer.take(4 + size)  # without a look at it, which would take long
                total, fin = total + size, first & 128
            return total, peer.finish()
        with scripted(script) as server:
            process = start("-b", "--eof", "close", "--no-compress", "--in", "whole", server.url)
            feed(process.stdin, bytes(200 * MIB)).join(DEADLINE)
            self.assert_small(process)
            self.assertEqual(finish(process), (0, b"", ""))
        self.assertEqual(server.result, (200 * MIB, NORMAL))

    def test_that_is_not_text_is_an_error(self):
        def script(peer):
            peer.accept()
            return peer.finish()
        with scripted(script) as server:
            result = run("--in", "whole", server.url, stdin=b"ab\n\xff")
        self.assertEqual(result, (1, b"", "wscope: standard input is not UTF-8\nhint: send bytes with --binary\n"))
        self.assertEqual(server.result, GOING_AWAY)


MESSAGES = (
    encode(TEXT, "grüß".encode()), encode(TEXT), encode(TEXT, b"two\nlines"), encode(TEXT, b"a\0b"),
    encode(TEXT, b"frag", fin=False), encode(CONTINUATION, fin=False), encode(PING, b"between"),
    encode(CONTINUATION, b"ment"), encode(TEXT, fin=False), encode(CONTINUATION),
    encode(BINARY, b"\xff\0"), encode(BINARY), encode(BINARY, b"\x01", fin=False),
    encode(CONTINUATION, b"\x02\x03", fin=False), encode(CONTINUATION, b"\x04"),
)


class Printing(Case):
    PAYLOADS = ("grüß".encode(), b"", b"two\nlines", b"a\0b", b"fragment", b"", b"\xff\0", b"", b"\1\2\3\4")

    def printed(self, *arguments):
        def script(peer):
            peer.accept()
            peer.write(b"".join(MESSAGES))
            peer.read_frame()  # the Pong
            peer.close()
            return peer.read_frame()[:2]
        with scripted(script) as server:
            status, out, err = run("--eof", "hold", *arguments, server.url)
        self.assertEqual((status, err, server.result), (0, "", (CLOSE, NORMAL)))
        return out

    def test_each_format(self):
        payloads = self.PAYLOADS
        lines = b"".join(payload + b"\n" for payload in payloads[:6]) + b"".join(payloads[6:])
        encoded = b"".join(base64.b64encode(payload) + b"\n" for payload in payloads)
        digits = b"".join(payload.hex().encode() + b"\n" for payload in payloads)
        for arguments, out in (
            ((), lines), (("--out", "lines"), lines), (("--format", "lines"), lines), (("-b",), lines),
            (("--out", "nul"), b"".join(payload + b"\0" for payload in payloads)),
            (("-0",), b"".join(payload + b"\0" for payload in payloads)),
            (("--format", "nul"), b"".join(payload + b"\0" for payload in payloads)),
            (("--out", "raw"), b"".join(payloads)), (("--out", "raw", "--in", "hex"), b"".join(payloads)),
            (("--out", "hex"), digits), (("--format", "hex"), digits),
            (("--out", "base64"), encoded), (("--format", "base64"), encoded),
        ):
            with self.subTest(arguments):
                self.assertEqual(self.printed(*arguments), out)

    def test_what_is_encoded_comes_back_as_it_was(self):
        for arguments, stdin in ((("--format", "hex"), b"00ff\n\n61\n"), (("--format", "base64"), b"AP8=\n\nYQ==\n"),
                                 (("-0",), b"a\n\0\0b\0"), (("-0", "-b"), b"\xff\n\0\0"),
                                 (("--in", "whole", "--out", "raw", "-b"), bytes(range(256)) * 10_000)):
            with self.subTest(arguments):
                result = run(*arguments, "--eof", "close", "echo:", stdin=stdin)
                self.assertEqual((result.status, result.stderr), (0, ""))
                self.assert_bytes(result.stdout, stdin)

    def test_a_large_message_streams(self):
        payload = random.Random(2).randbytes(64 * MIB - 1)
        for arguments, out in ((("--out", "hex"), payload.hex().encode() + b"\n"),
                               (("--out", "base64"), base64.b64encode(payload) + b"\n")):
            def script(peer):
                peer.accept()
                peer.write(encode(BINARY, payload))
                return peer.finish()
            with self.subTest(arguments), scripted(script) as server:
                process = start("--eof", "close", "--close-timeout", "60", *arguments, server.url)
                self.assert_bytes(read_exactly(process.stdout, len(out)), out)
                self.assert_small(process)
                self.assertEqual(finish(process), (0, b"", ""))

    def test_a_message_that_is_held_is_not_lost(self):
        payload = random.Random(4).randbytes(9 * MIB)

        def script(peer):
            peer.accept()
            peer.write(encode(BINARY, payload))
            return peer.finish()
        for form, out in (("hex", payload.hex()), ("base64", base64.b64encode(payload).decode())):
            with self.subTest(form), scripted(script) as server:
                result = run("--until", "$", "--out", form, server.url)
                self.assertEqual((result.status, result.stderr), (0, ""))
                self.assert_bytes(result.stdout, out.encode() + b"\n")

    def test_a_message_of_9_mib_is_read_from_hex(self):
        payload = random.Random(3).randbytes(9 * MIB)
        line = payload.hex().encode() + b"\n"
        result = run("--format", "hex", "--eof", "close", "--no-compress", "echo:", stdin=line)
        self.assertEqual((result.status, result.stderr), (0, ""))
        self.assert_bytes(result.stdout, line)


if __name__ == "__main__":
    unittest.main()
