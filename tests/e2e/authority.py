"""A certificate authority for tests: what it issues are files in a folder that goes with the process. All of it is made
by the `openssl` command, when it is first asked for."""

import base64
import dataclasses
import functools
import hashlib
import os
import pathlib
import subprocess
import tempfile
import unittest

LOCAL = ("DNS:localhost", "IP:127.0.0.1", "IP:::1")
PASSPHRASE = "s3cret phrase"
# Of `openssl ca`, because `openssl x509` cannot choose the day of issue.
CONFIGURATION = """
[ca]
default_ca = here
[here]
database = {folder}/index
new_certs_dir = {folder}
unique_subject = no
default_md = sha256
default_startdate = 20200101000000Z
default_enddate = 20991231235959Z
rand_serial = yes
policy = any
[any]
commonName = supplied
[req]
distinguished_name = none
[none]
"""


@dataclasses.dataclass(frozen=True)
class Identity:
    """A certificate (PEM, with those of `chain` behind it) and its key."""

    certificate: str
    key: str
    encrypted_key: str = ""

    @functools.cached_property
    def pin(self):
        """As --pin wants it."""
        public = openssl("x509", "-in", self.certificate, "-pubkey", "-noout").decode()
        der = base64.b64decode("".join(line for line in public.split("\n") if not line.startswith("-")))
        return "sha256//" + base64.b64encode(hashlib.sha256(der).digest()).decode()


def openssl(*arguments):
    process = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if process.returncode:
        raise AssertionError(f"openssl {arguments}: {process.stderr.decode()}")
    return process.stdout


@functools.cache
def keeper():
    try:
        openssl("version")
    except FileNotFoundError:
        raise unittest.SkipTest("no openssl command here")
    made = tempfile.TemporaryDirectory()
    folder = pathlib.Path(made.name)
    (folder / "index").touch()
    (folder / "configuration").write_text(CONFIGURATION.format(folder=folder))
    return made


def folder():
    return pathlib.Path(keeper().name)


def file(name):
    """A path in the folder, for whatever a test wants to have there."""
    return str(folder() / name)


@functools.cache
def issue(name, names=LOCAL, issuer=None, begin="20200101000000Z", end="20991231235959Z", extensions="", chain=()):
    """The identity of `name`; it has issued itself if nobody else has. `chain` are files that follow it in its own."""
    stem = file(name.replace(" ", "_").replace("*", "any"))
    request, key, bare = stem + ".csr", stem + ".key", stem + ".bare"
    configuration = file("configuration")
    openssl("req", "-new", "-config", configuration, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", key, "-subj", "/CN=" + name, "-out", request)
    pathlib.Path(stem + ".ext").write_text(
        (f"subjectAltName = {','.join(names)}\n" if names else "") + extensions)
    signer = ["-cert", issuer.certificate, "-keyfile", issuer.key] if issuer else ["-selfsign", "-keyfile", key]
    openssl("ca", "-batch", "-config", configuration, "-in", request, "-out", bare, "-notext", "-startdate", begin,
            "-enddate", end, "-extfile", stem + ".ext", *signer)
    certificate = stem + ".pem"
    pathlib.Path(certificate).write_text("".join(pathlib.Path(path).read_text() for path in (bare, *chain)))
    return Identity(certificate, key)


AUTHORITY = "basicConstraints = critical,CA:true\nkeyUsage = critical,keyCertSign\nsubjectKeyIdentifier = hash\n"


def root():
    """Whom the tests trust."""
    return issue("Test Root", (), extensions=AUTHORITY)


def other_root():
    """Whom they do not."""
    return issue("Other Root", (), extensions=AUTHORITY)


def good():
    return issue("localhost", issuer=root())


def expired():
    return issue("expired", issuer=root(), end="20210203040506Z")


def not_yet_valid():
    return issue("not yet valid", issuer=root(), begin="20800102030405Z")


def wrong_name():
    return issue("elsewhere", ("DNS:elsewhere.example", "DNS:other.example", "IP:192.0.2.1"), root())


def self_signed():
    return issue("self-signed")


def unknown_issuer():
    return issue("unknown issuer", issuer=other_root())


def intermediate():
    return issue("Test Intermediate", (), root(), extensions=AUTHORITY)


def with_chain():
    """Issued by the intermediate, whose certificate is there."""
    return issue("with chain", issuer=intermediate(), chain=(intermediate().certificate,))


def incomplete():
    """The same, but it is not."""
    return issue("incomplete", issuer=intermediate())


@functools.cache
def client():
    """Of a client; its key is there encrypted too."""
    made = issue("a client", (), root(), extensions="extendedKeyUsage = clientAuth\n")
    encrypted = file("encrypted.key")
    openssl("pkey", "-in", made.key, "-aes128", "-passout", "pass:" + PASSPHRASE, "-out", encrypted)
    return Identity(made.certificate, made.key, encrypted)


@functools.cache
def packed(identity, *options):
    """All that an identity has in one PKCS#12 file, which has the passphrase."""
    path = identity.certificate + "".join(options) + ".p12"
    openssl("pkcs12", "-export", *options, "-in", identity.certificate, "-inkey", identity.key, "-passout",
            "pass:" + PASSPHRASE, "-out", path)
    return path


def other_client():
    return issue("another client", (), other_root(), extensions="extendedKeyUsage = clientAuth\n")


@functools.cache
def hashed(identity=None):
    """A directory with the certificate, the root's unless told otherwise, under its hash."""
    certificate = (identity or root()).certificate
    number = openssl("x509", "-in", certificate, "-noout", "-hash").decode().strip()
    directory = folder() / ("hashed-" + number)
    directory.mkdir()
    os.symlink(certificate, directory / (number + ".0"))
    return str(directory)
