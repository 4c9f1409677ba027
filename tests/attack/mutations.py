"""What a thief with a pen could do to one sealed row, and what must come of it: the table of expectations.

A mutation gets the row, another row of the same table (or the row itself, where there is only one), the ciphertext of
another table, and the forger, who can seal under the row's right key: nobody else ever could, so what even that does
not pass is bound to its place. It returns the columns to change.
"""

import struct
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caseflow.core.vault.seal import Place, seal

BROKEN, OPENS, GONE = "broken", "opens", "gone"
FOUND, SILENT = "found", "silent"


@dataclass(frozen=True)
class Hand:
    """One attack: the row, its neighbour, a stranger's ciphertext, the row's key, place and document."""

    row: Any
    twin: Any
    foreign: bytes
    key: AESGCM
    key_ver: int
    place: Place
    doc: dict[str, Any]

    @property
    def sealed(self) -> bytes:
        return bytes(self.row.sealed)

    def forged(self, **moved: Any) -> bytes:
        """The document sealed rightly, but for another place."""
        return seal(self.key, self.key_ver, self.doc, replace(self.place, **moved))


def flipped(at):
    """One bit of one byte, counted from the end when negative."""

    def mutate(hand):
        sealed = bytearray(hand.sealed)
        sealed[at] ^= 0x10
        return {"sealed": bytes(sealed)}

    return mutate


def put(make):
    """Another ciphertext in the place of the row's."""
    return lambda hand: {"sealed": make(hand)}


def versioned(make):
    """Another version number beside the ciphertext."""
    return lambda hand: {"rv": make(hand)}


def key_version(hand):
    return hand.sealed[:2] + struct.pack(">I", 2**31) + hand.sealed[6:]


def rolled_back(hand):
    """The whole row as an older state would have been: older document, its own version."""
    rv = max(hand.row.rv - 1, 0)
    return {"sealed": hand.forged(rv=rv), "rv": rv}


MUTATIONS = {
    "flip in the magic": flipped(0),
    "flip in the suite": flipped(1),
    "flip in the key version": flipped(5),
    "flip at the start of the nonce": flipped(6),
    "flip at the end of the nonce": flipped(17),
    "flip in the first block": flipped(18),
    "flip in the middle": lambda hand: flipped(len(hand.sealed) // 2)(hand),
    "flip in the tag": flipped(-16),
    "flip in the last byte": flipped(-1),
    "another magic": put(lambda hand: b"\xc2" + hand.sealed[1:]),
    "an unknown suite": put(lambda hand: hand.sealed[:1] + b"\2" + hand.sealed[2:]),
    "suite nought": put(lambda hand: hand.sealed[:1] + b"\0" + hand.sealed[2:]),
    "a key version that never was": put(key_version),
    "nothing left": put(lambda _hand: b""),
    "the header alone": put(lambda hand: hand.sealed[:6]),
    "cut before the tag": put(lambda hand: hand.sealed[:-16]),
    "half": put(lambda hand: hand.sealed[: len(hand.sealed) // 2]),
    "one byte short": put(lambda hand: hand.sealed[:-1]),
    "one byte longer": put(lambda hand: hand.sealed + b"\0"),
    "a block longer": put(lambda hand: hand.sealed + bytes(64)),
    "twice over": put(lambda hand: hand.sealed * 2),
    "plain JSON": put(lambda _hand: b'{"name": "Forged"}'),
    "the ciphertext of another row": put(lambda hand: bytes(hand.twin.sealed) if hand.twin else hand.foreign),
    "another row's ciphertext and version": lambda hand: {
        "sealed": bytes(hand.twin.sealed) if hand.twin else hand.foreign,
        "rv": hand.twin.rv if hand.twin else hand.row.rv,
    },
    "the ciphertext of another table": put(lambda hand: hand.foreign),
    "sealed for another table": put(lambda hand: hand.forged(table="elsewhere")),
    "sealed for another row": put(lambda hand: hand.forged(record_id=uuid4())),
    "sealed for another case": put(lambda hand: hand.forged(case_id=uuid4())),
    "sealed for another slot": put(lambda hand: hand.forged(slot=hand.place.slot + "2")),
    "sealed for another installation": put(lambda hand: hand.forged(deployment=UUID(int=7))),
    "sealed for an older version": put(lambda hand: hand.forged(rv=hand.row.rv - 1)),
    "sealed for a newer version": put(lambda hand: hand.forged(rv=hand.row.rv + 1)),
    "sealed under no key": put(lambda hand: seal(AESGCM(bytes(32)), hand.key_ver, hand.doc, hand.place)),
    "version up": versioned(lambda hand: hand.row.rv + 1),
    "version down": versioned(lambda hand: hand.row.rv - 1),
    "version below nought": versioned(lambda _hand: -1),
    "version at the end of numbers": versioned(lambda _hand: 2**31 - 1),
    "the whole row put back": rolled_back,
    "removed": lambda _hand: None,
}

# (does it open?, does `caseflow trail verify` find it?) for every mutation above. A mutation without a line fails.
EXPECTED = {
    "flip in the magic": (BROKEN, FOUND),
    "flip in the suite": (BROKEN, FOUND),
    "flip in the key version": (BROKEN, FOUND),
    "flip at the start of the nonce": (BROKEN, FOUND),
    "flip at the end of the nonce": (BROKEN, FOUND),
    "flip in the first block": (BROKEN, FOUND),
    "flip in the middle": (BROKEN, FOUND),
    "flip in the tag": (BROKEN, FOUND),
    "flip in the last byte": (BROKEN, FOUND),
    "another magic": (BROKEN, FOUND),
    "an unknown suite": (BROKEN, FOUND),
    "suite nought": (BROKEN, FOUND),
    "a key version that never was": (BROKEN, FOUND),
    "nothing left": (BROKEN, FOUND),
    "the header alone": (BROKEN, FOUND),
    "cut before the tag": (BROKEN, FOUND),
    "half": (BROKEN, FOUND),
    "one byte short": (BROKEN, FOUND),
    "one byte longer": (BROKEN, FOUND),
    "a block longer": (BROKEN, FOUND),
    "twice over": (BROKEN, FOUND),
    "plain JSON": (BROKEN, FOUND),
    "the ciphertext of another row": (BROKEN, FOUND),
    "another row's ciphertext and version": (BROKEN, FOUND),
    "the ciphertext of another table": (BROKEN, FOUND),
    "sealed for another table": (BROKEN, FOUND),
    "sealed for another row": (BROKEN, FOUND),
    "sealed for another case": (BROKEN, FOUND),
    "sealed for another slot": (BROKEN, FOUND),
    "sealed for another installation": (BROKEN, FOUND),
    "sealed for an older version": (BROKEN, FOUND),
    "sealed for a newer version": (BROKEN, FOUND),
    "sealed under no key": (BROKEN, FOUND),
    "version up": (BROKEN, FOUND),
    "version down": (BROKEN, FOUND),
    "version below nought": (BROKEN, FOUND),
    "version at the end of numbers": (BROKEN, FOUND),
    # The seal cannot know that a newer state was there: only the trail does.
    "the whole row put back": (OPENS, FOUND),
    "removed": (GONE, FOUND),
}

# Tables whose rows no trail entry digests, with the reason: what the seal lets pass there, nothing finds.
UNDIGESTED = {
    "draft": "half a text of one person, written every few seconds; what is saved from it is digested",
}
