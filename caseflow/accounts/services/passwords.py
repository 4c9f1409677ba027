"""Passwords: Argon2id (RFC 9106) over a keyed hash, so that a stolen database alone lets nobody guess.

Two hashes run at a time in a process: 64 MiB each is what a small server can spare, and a flood of sign-ins waits
instead of taking all memory. Each process has its own two.
"""

from dataclasses import dataclass
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from caseflow.core import vault

AT_ONCE = 2
_turns = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Cost:
    """What one hash costs: memory in KiB, passes over it."""

    memory_kib: int
    passes: int


@lru_cache(maxsize=8)
def _hasher(cost: Cost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=1)


def hash_password(word: str, *, cost: Cost) -> str:
    """The stored form of a password."""
    with _turns:
        return _hasher(cost).hash(vault.pepper(word))


def fits(stored: str, word: str, *, cost: Cost) -> bool:
    """Whether `word` is the password stored.

    Nothing stored (an unknown name, an invitation not taken up) costs the same time: one hash is made and thrown away.
    """
    if not stored:
        hash_password(word, cost=cost)
        return False
    try:
        with _turns:
            return _hasher(cost).verify(stored, vault.pepper(word))
    except (VerificationError, InvalidHashError):
        return False


def is_dated(stored: str, *, cost: Cost) -> bool:
    """Whether a stored hash was made at a lower cost than today's, and should be made anew at sign-in."""
    return _hasher(cost).check_needs_rehash(stored)
