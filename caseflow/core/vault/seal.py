"""Seal format 1: AES-256-GCM over a padded JSON document, bound to where it lies.

    sealed := 0xC1 | suite u8 | key_ver u32be | nonce[12] | ciphertext || tag16
    plain  := u32be length | UTF-8 JSON | zero bytes up to a multiple of 64 (256 for narratives)
    AAD    := lp("caseflow/seal/1") lp(deployment16) lp(header 6 B) lp(table) lp(record_id16) lp(case_id16)
              lp(slot) lp(rv u64be)
    lp(x)  := u16be length | x

The format is frozen in docs/formats/seal.md with known answers; anything unknown fails closed as SealBroken.
Nonces are random (never counters, which repeat after a restored snapshot): a case key sees far fewer than the
2**32 messages that NIST SP 800-38D allows.
"""

import os
import struct
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caseflow.core.errors import CaseFlowError
from caseflow.core.words import N_

MAGIC = 0xC1
SUITE_AES256_GCM = 1
HEADER = struct.Struct(">BBI")
NONCE_BYTES = 12
TAG_BYTES = 16
PAD = 64
PAD_NARRATIVE = 256


class SealBroken(CaseFlowError):
    """A sealed record that does not open: altered, moved, relabelled, truncated, older, or under a lost key.

    One exception for every cause, with the table and id only: a detailed answer would help whoever altered it.
    """

    status = 422
    message = N_("This record cannot be opened.")

    def __init__(self, table: str, record_id: UUID) -> None:
        super().__init__()
        self.table = table
        self.record_id = record_id


@dataclass(frozen=True)
class Place:
    """Where a sealed document lies; every part is authenticated with it.

    `slot` says what the document is (the kind of a case record), `rv` is the record's version.
    """

    deployment: UUID
    table: str
    record_id: UUID
    case_id: UUID
    slot: str
    rv: int

    def aad(self, header: bytes) -> bytes:
        """The associated data of format 1, length-prefixed so that no two places encode alike."""
        return b"".join(
            map(
                lp,
                (
                    b"caseflow/seal/1",
                    self.deployment.bytes,
                    header,
                    self.table.encode(),
                    self.record_id.bytes,
                    self.case_id.bytes,
                    self.slot.encode(),
                    struct.pack(">Q", self.rv),
                ),
            )
        )


def lp(part: bytes) -> bytes:
    """`part` with its length before it, as two bytes. Raises ValueError over 65,535 bytes."""
    if len(part) > 0xFFFF:
        raise ValueError("part too long")
    return struct.pack(">H", len(part)) + part


def pad(document: bytes, block: int) -> bytes:
    """Length, document and zero bytes up to a multiple of `block`, so that a size tells little."""
    framed = struct.pack(">I", len(document)) + document
    return framed + bytes(-len(framed) % block)


def unpad(plain: bytes) -> bytes:
    """The document inside the padding. Raises ValueError when the frame is not whole."""
    if len(plain) < 4:
        raise ValueError("frame")
    (length,) = struct.unpack_from(">I", plain)
    document, rest = plain[4 : 4 + length], plain[4 + length :]
    if len(document) != length or any(rest):
        raise ValueError("frame")
    return document


def encrypt(key: AESGCM, key_ver: int, plain: bytes, place_aad: Any, nonce: bytes | None = None) -> bytes:
    """Header, nonce and ciphertext. `place_aad` maps the header to the associated data; `nonce` only for vectors."""
    header = HEADER.pack(MAGIC, SUITE_AES256_GCM, key_ver)
    nonce = nonce or os.urandom(NONCE_BYTES)
    return header + nonce + key.encrypt(nonce, plain, place_aad(header))


def split(sealed: bytes) -> tuple[bytes, int, bytes, bytes]:
    """(header, key version, nonce, ciphertext). Raises ValueError for anything but format 1."""
    if len(sealed) < HEADER.size + NONCE_BYTES + TAG_BYTES:
        raise ValueError("short")
    magic, suite, key_ver = HEADER.unpack_from(sealed)
    if magic != MAGIC or suite != SUITE_AES256_GCM:
        raise ValueError("format")
    body = HEADER.size + NONCE_BYTES
    return sealed[: HEADER.size], key_ver, sealed[HEADER.size : body], sealed[body:]


def decrypt(key: AESGCM, sealed: bytes, place_aad: Any) -> bytes:
    """The plain bytes. Raises ValueError when anything was altered."""
    header, _ver, nonce, body = split(sealed)
    try:
        return key.decrypt(nonce, body, place_aad(header))
    except (InvalidTag, struct.error):  # a version or number that no format holds was put into the row
        raise ValueError("tag") from None


def seal(
    key: AESGCM, key_ver: int, document: Any, place: Place, *, block: int = PAD, nonce: bytes | None = None
) -> bytes:
    """Seal a JSON document at its place."""
    return encrypt(key, key_ver, pad(orjson.dumps(document), block), place.aad, nonce)


def open_sealed(key: AESGCM, sealed: bytes, place: Place) -> dict[str, Any]:
    """The document. Raises SealBroken for every failure, whatever its cause."""
    try:
        document = orjson.loads(unpad(decrypt(key, sealed, place.aad)))
    except (ValueError, TypeError):
        raise SealBroken(place.table, place.record_id) from None
    if not isinstance(document, dict):
        raise SealBroken(place.table, place.record_id)
    return cast(dict[str, Any], document)


def wrap_aad(deployment: UUID, case_id: UUID, ver: int) -> Any:
    """Associated data of a wrapped case key; its header carries the epoch."""

    def aad(header: bytes) -> bytes:
        parts = (b"caseflow/wrap/1", deployment.bytes, header, case_id.bytes, struct.pack(">I", ver))
        return b"".join(map(lp, parts))

    return aad
