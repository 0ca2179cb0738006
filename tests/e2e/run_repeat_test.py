"""wscope run: scripts that pass do so each time, many beside each other, whatever their order."""

import collections
import pathlib
import re
import tempfile
import unittest

from support import Case, run, sanitized

ROUNDS = 40 if sanitized() else 200
SCRIPTS = {
    "echo.ws": """
connect echo:
repeat 3
  send {"n":{{n}}}
  next json .n == {{n}}
end
ping last
expect pong "last"
close 1000 bye
expect close 1000
""",
    "mock.ws": """
listen 127.0.0.1:0 as mock
connect {{mock.url}} as client
accept from mock as peer
client: send {"user":"a"}
peer: expect json .user == "a"
peer: send {"token":"{{.user}}/1"}
client: next json .token
client: capture token = .token
client: send {{token}}
peer: next "a/1"
peer: close 4000 enough
client: expect close 4000 "enough"
""",
    # Each of the two hears what is for it, in whatever order that comes; what is left is passed over.
    "parties.ws": """
listen 127.0.0.1:0
connect {{server.url}}alice as alice
accept as to_alice
connect {{server.url}}bob as bob
accept as to_bob
repeat 3
  to_alice: send to alice {{n}}
  to_bob: send to bob {{n}}
  to_bob: send and more
  alice: ping {{n}}
  all
    bob: expect "to bob {{n}}"
    alice: expect pong "{{n}}"
    alice: expect /alice {{n}}/
  end
end
bob: abort
to_bob: expect lost
to_alice: half-close
alice: expect lost
""",
}


class Repetitions(Case):
    def test_never_differ(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, script in SCRIPTS.items():
                (pathlib.Path(folder) / name).write_text(script)
            result = run("run", "--repeat", str(ROUNDS), "--jobs", "8", "--shuffle", "--within", "60", *SCRIPTS,
                         cwd=folder)
        text = result.stdout.decode()
        failed = re.search(r"^(?!ok )(?:.*\n)*?(?:not ok .*\n|$)", text, re.M)[0]
        self.assertEqual(result.status, 0, failed)
        self.assertRegex(result.stderr, r"^wscope: shuffled with the seed \d+\n$")
        lines = text.splitlines()
        self.assertRegex(lines.pop(), rf"^{3 * ROUNDS} passed, 0 failed, \d+\.\d s$")
        points = [re.fullmatch(r"ok (\d+) - (\S+) # \d+\.\d\d s", line).groups() for line in lines]
        self.assertEqual([int(number) for number, _ in points], [*range(1, 3 * ROUNDS + 1)])
        names = [name for _, name in points]
        self.assertEqual(collections.Counter(names), dict.fromkeys(SCRIPTS, ROUNDS))
        self.assertNotEqual(names, sorted(names))


if __name__ == "__main__":
    unittest.main()
