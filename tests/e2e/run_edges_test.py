"""wscope run where a script could be misled: by its end, by what is retried, by others beside it, by secrets in disguise."""

import base64
import json
import re
import unittest

from support import Case, run

SECRET = 'a"b\\c ü'


def run_script(script, *options):
    return run("run", *options, "-", stdin=script.encode())


class Ends(Case):
    def test_of_a_connection_that_was_never_made(self):
        result = run_script("connect ws://127.0.0.1:1/\n")
        self.assertEqual(result.status, 4, result)

    def test_of_attempts_that_fail_at_once(self):
        result = run_script("check 1 == 2\n", "--retry", "2", "--timeout", "10")
        self.assertEqual(result.status, 11, result)

    def test_of_sending_to_who_does_not_read(self):
        """Its queue is full, and nothing can empty it any more."""
        script = """
listen 127.0.0.1:0 --no-compress
connect {{server.url}} as client
accept as peer
client: pause
repeat 400
  peer: send {{large}}
end
"""
        result = run_script(script, "--within", "0.5", "--timeout", "20", "--set", "large=" + "x" * 100_000)
        self.assertNotEqual(result.status, 10, result)


class Parties(Case):
    def test_are_accepted_in_their_order(self):
        script = """
listen 127.0.0.1:0
connect {{server.url}} as one
connect {{server.url}} as two
accept as first
accept as second
first: send 1
second: send 2
one: expect "1"
two: expect "2"
"""
        result = run_script(script, "--within", "1")
        self.assertEqual(result.status, 0, result)

    def test_meet_what_is_expected_of_all(self):
        """In any order, also of the expectations."""
        for messages in ("ab", "ac"), ("ac", "ab"):
            sent = "".join(f"send {message}\n" for message in messages)
            result = run_script(f'connect echo:\n{sent}all within 1\n  expect /a/\n  expect "ab"\nend\n')
            self.assertEqual(result.status, 0, result)


class Secrets(Case):
    """In no output, whatever it is that they are in."""

    def shown(self, script, secret, *options):
        result = run_script("connect echo:\n" + script, "--secret", f"s={secret}", *options)
        self.assertEqual(result.status, 0, result)
        return result.stdout.decode(), result.stderr

    def test_in_json_in_events(self):
        out, _ = self.shown('send {"s":{{s|json}}}\nexpect json .s', SECRET, "--report", "json")
        texts = [event["data"] for event in map(json.loads, out.splitlines()) if event["event"] == "text"]
        self.assertEqual(texts, ['{"s":"***"}'])

    def test_in_json_that_is_ascii(self):
        out, _ = self.shown(r'send {"s":"a\"b\\c \u00fc"}' + "\nexpect json .s == {{s}}", SECRET, "--report", "json")
        self.assertNotIn("u00fc", out)

    def test_in_binary_messages(self):
        out, _ = self.shown("binary base64:eHNpbXBsZXk=\nexpect binary len 8", "simple", "--report", "json")
        for data in re.findall(r'"base64":"(.*?)"', out):
            self.assertNotIn(b"simple", base64.b64decode(data))
        result = run_script('connect echo:\nbinary base64:eHNpbXBsZXk=\nnext "other"', "--secret", "s=simple")
        self.assertNotIn(b"simple".hex(" "), result.stdout.decode())

    def test_in_fragments(self):
        _, err = self.shown("fragment 3 simple\nexpect len 6", "simple", "-v")
        self.assertNotIn('"sim"', err)

    def test_in_what_a_command_says(self):
        _, err = self.shown("exec echo $s; echo $s >&2", "simple")
        self.assertEqual(err, "***\n***\n")


if __name__ == "__main__":
    unittest.main()
