"""No (key, nonce) pair twice: in a million seals by threads and by forked children that share one key."""

import os
import random
import threading

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caseflow.core.vault.seal import HEADER, NONCE_BYTES, encrypt

SEALS = 1_000_000
CHILDREN, THREADS = 4, 5
EACH = SEALS // (CHILDREN * THREADS)
KEY = bytes(32)


def seals(count, out):
    """The nonces of this many seals, put into `out`."""
    aead, found, start = AESGCM(KEY), bytearray(), HEADER.size
    for _ in range(count):
        found += encrypt(aead, 1, b"", bytes)[start : start + NONCE_BYTES]
    out.append(bytes(found))


def in_threads(count):
    """The nonces of threads that seal at the same time."""
    out = []
    threads = [threading.Thread(target=seals, args=(count, out)) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return b"".join(out)


def in_a_child(count):
    """Where the nonces of a forked child can be read, and its id."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return reading, child
    status = 1
    try:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(in_threads(count))
        status = 0
    finally:
        os._exit(status)


def gather(count):
    """The nonces of children that were forked from this process in the same state, all of them."""
    seals(10, [])  # whatever random state a library keeps exists before the fork
    children, found = [in_a_child(count) for _ in range(CHILDREN)], []
    for reading, child in children:
        with os.fdopen(reading, "rb") as pipe:
            found.append(pipe.read())
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return found


def repeated(found):
    """How many nonces stand there more than once."""
    joined = b"".join(found)
    nonces = {joined[at : at + NONCE_BYTES] for at in range(0, len(joined), NONCE_BYTES)}
    return len(joined) // NONCE_BYTES - len(nonces)


def test_a_million_seals_over_threads_and_forks_repeat_no_nonce():
    found = gather(EACH)
    assert sum(map(len, found)) == SEALS * NONCE_BYTES
    assert repeated(found) == 0


def test_a_random_state_that_children_share_would_be_noticed(monkeypatch):
    shared = random.Random(1)  # noqa: S311  the fault that the test plants
    monkeypatch.setattr(os, "urandom", shared.randbytes)
    assert repeated(gather(20)) > 0
