"""The tests depend on nobody who starts them: whatever that is like, the binary is started in the same way."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

from support import DEADLINE, Case

# What a shell that is started like the binary says about itself.
TELL = "umask; ulimit -c; env; cat /proc/$$/stat; grep ^Sig[BI] /proc/self/status; exit 7"
TELLER = f"""
import signal, sys
sys.argv.append(sys.argv.pop(1))
import support
support.DEADLINE = 5
for result in support.run("-c", {TELL!r}), support.shell({TELL!r}):
    print(result.status, result.stdout.decode(), result.stderr)
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""
# As a shell script starts what it puts into the background, nohup, and whoever else is careless.
STARTERS = {
    "careless": "trap '' INT QUIT HUP PIPE TERM TSTP TTIN TTOU USR1 ALRM CHLD; umask 077; exec \"$@\" <&-",
    "in the background": '"$@" & wait $!',
    "ordinary": 'exec "$@"',
}
NEWS = {"http_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1", "NO_COLOR": "1", "TERM": "dumb",
        "LANG": "de_DE.UTF-8", "LC_CTYPE": "C", "HOME": "/nonexistent", "XDG_STATE_HOME": "/nonexistent", "PAGER": "no",
        "SSL_CERT_FILE": "/dev/null", "SSLKEYLOGFILE": "/dev/full", "OPENSSL_CONF": "/dev/null", "TMUX": "x,1,1"}


class Starters(Case):
    def told(self, starter, environment):
        process = subprocess.run(["sh", "-c", starter, "sh", sys.executable, "-B", "-c", TELLER, "/bin/sh"],
                                 cwd=pathlib.Path(__file__).parent, env=environment, capture_output=True, check=False,
                                 timeout=DEADLINE)
        self.assertEqual((process.returncode, process.stderr.decode()), (0, ""))
        return process.stdout.decode()

    def check(self, told):
        self.assertEqual(re.findall(r"^\d+ (\d+)$", told, re.MULTILINE), ["0022", "0022"])
        self.assertEqual(set(re.findall(r"^(\w+)=", told, re.MULTILINE)) - {"PWD", "OLDPWD", "SHLVL", "_"},
                         {"PATH", "HOME", "LC_ALL"})
        self.assertEqual(re.findall(r"^Sig(\w+):\s*0+$", told, re.MULTILINE), ["Blk", "Ign"] * 2)
        self.assertIn("\nTrue\n", told)
        for line in re.findall(r"^\d+ \(sh\) (.*)$", told, re.MULTILINE):
            state, _, _, session, terminal, *_ = line.split()
            self.assertEqual(terminal, "0")
            self.assertNotEqual(int(session), os.getsid(0))

    def test_make_no_difference(self):
        for name, starter in STARTERS.items():
            for environment in ({}, {"PATH": os.environ["PATH"], **NEWS}):
                with self.subTest(name, environment=environment):
                    self.check(self.told(starter, environment))


if __name__ == "__main__":
    unittest.main()
