"""ssh through `wscope forward -` and `wscope listen --relay`, to a real sshd."""

import getpass
import os
import pathlib
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

SSH, KEYGEN = shutil.which("ssh"), shutil.which("ssh-keygen")
SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
if not (SSH and SSHD and KEYGEN):
    print("SKIPPED: no sshd, ssh or ssh-keygen here")
    sys.exit(77)

from sockets_support import DEADLINE, Case, Server
from support import BINARY

PRIVILEGE_SEPARATION = pathlib.Path("/run/sshd")
if os.geteuid() == 0 and not PRIVILEGE_SEPARATION.exists():
    try:
        PRIVILEGE_SEPARATION.mkdir(0o755)
    except OSError as error:
        print(f"SKIPPED: sshd wants {PRIVILEGE_SEPARATION}: {error}")
        sys.exit(77)


class Sshd:
    """An sshd for each connection to a port, for whoever has the key in `folder`."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("host", "key"):
            subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
        (folder / "config").write_text(
            f"HostKey {folder}/host\nAuthorizedKeysFile {folder}/key.pub\nStrictModes no\nUsePAM no\n"
            "PasswordAuthentication no\nPidFile none\nPermitRootLogin yes\n")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.processes = []
        threading.Thread(target=self.serve, daemon=True).start()

    def stop(self):
        self.listener.close()
        for process in self.processes:
            process.wait(DEADLINE)

    def serve(self):
        with open(self.folder / "log", "wb") as log:
            while True:
                try:
                    connection, _ = self.listener.accept()
                except OSError:
                    return
                with connection:
                    self.processes.append(subprocess.Popen([SSHD, "-i", "-e", "-f", self.folder / "config"],
                                                           stdin=connection, stdout=connection, stderr=log))


class Ssh(Case):
    def test_a_command_and_its_data_go_through(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            sshd = Sshd(folder)
            data = os.urandom(1 << 20)
            with Server("listen", "--relay", f"/ssh=tcp:127.0.0.1:{sshd.port}", "0") as server:
                proxy = f"{shlex.quote(BINARY)} forward - {server.url}ssh"
                result = subprocess.run(
                    [SSH, "-F", "none", "-i", folder / "key", "-o", f"ProxyCommand={proxy}", "-o", "BatchMode=yes",
                     "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={folder}/known", "-o", "LogLevel=ERROR",
                     f"{getpass.getuser()}@nowhere.invalid", "cat; exit 7"],
                    input=data, capture_output=True, timeout=DEADLINE)
                said = result.stderr.decode() + (folder / "log").read_text()
                self.assertEqual(result.returncode, 7, said)
                self.assert_bytes(result.stdout, data)
            sshd.stop()


if __name__ == "__main__":
    unittest.main()
