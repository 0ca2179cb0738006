"""A server that sends "m 0", "m 1" and so on to its first client until a line comes on standard input, as fast as the
client takes them. It prints its URL, then how many were sent, then the first text that came."""

import itertools
import sys
import threading

from peer import TEXT, encode
from repl import Remote
from support import eventually

AT_LEAST = 100_000
AT_ONCE = 1000


def main():
    enough = threading.Event()

    def wait():
        sys.stdin.readline()
        enough.set()
    with Remote() as remote:
        print(remote.url, flush=True)
        peer = remote.peer()
        threading.Thread(target=wait, daemon=True).start()
        for sent in itertools.count(AT_ONCE, AT_ONCE):
            peer.write(b"".join(encode(TEXT, b"m %d" % number) for number in range(sent - AT_ONCE, sent)))
            if enough.is_set() and sent >= AT_LEAST:
                break
        print(sent, flush=True)
        eventually(remote.texts)
        print(remote.texts()[0], flush=True)


if __name__ == "__main__":
    main()
