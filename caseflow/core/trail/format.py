"""Entry format 1, frozen in docs/formats/trail.md: what is hashed, and in which order."""

import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GENESIS = bytes(32)


@dataclass(frozen=True)
class Written:
    """One row as the entry left it: table, row id, version, SHA-256 of the whole row."""

    table: str
    row_id: UUID
    rv: int
    digest: bytes


def lp(part: bytes) -> bytes:
    """`part` with its length before it, as four bytes."""
    return struct.pack(">I", len(part)) + part


def micros(moment: datetime) -> int:
    """Whole microseconds since 1970, exact (no floating point)."""
    delta = moment - EPOCH
    return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds


def _i64(value: int) -> bytes:
    return struct.pack(">q", value)


def encode(
    *,
    deployment: UUID,
    stream: UUID,
    seq: int,
    tag: str,
    actor_id: UUID | None,
    role: str,
    object_type: str,
    object_id: UUID,
    case_id: UUID | None,
    happened_at: datetime,
    recorded_at: datetime,
    detail: bytes,
    writes: Sequence[Written],
    prev: bytes,
) -> bytes:
    """The bytes of an entry. Every part is length-prefixed; absent ids are empty parts."""
    parts = [
        b"caseflow/trail/1",
        deployment.bytes,
        stream.bytes,
        _i64(seq),
        tag.encode(),
        actor_id.bytes if actor_id else b"",
        role.encode(),
        object_type.encode(),
        object_id.bytes,
        case_id.bytes if case_id else b"",
        _i64(micros(happened_at)),
        _i64(micros(recorded_at)),
        detail,
        struct.pack(">I", len(writes)),
    ]
    for one in writes:
        parts += [one.table.encode(), one.row_id.bytes, _i64(one.rv), one.digest]
    parts.append(prev)
    return b"".join(map(lp, parts))


def entry_hash(encoded: bytes) -> bytes:
    """SHA-256 of the encoded entry."""
    return sha256(encoded).digest()


def entry_mac(key: bytes, digest: bytes) -> bytes:
    """HMAC that only this installation can make: an unkeyed chain could be made anew by whoever writes the database."""
    return hmac.digest(key, b"caseflow/trail-mac/1" + digest, sha256)


def head_mac(key: bytes, stream: UUID, seq: int, digest: bytes) -> bytes:
    """HMAC of a stream's end."""
    return hmac.digest(key, b"caseflow/trail-head/1" + stream.bytes + _i64(seq) + digest, sha256)


def row_digest(table: str, columns: Sequence[tuple[str, Any]]) -> bytes:
    """SHA-256 over a whole row: team, state and assignee count too, because they steer who may decrypt."""
    parts = [b"caseflow/row/1", table.encode()]
    for name, value in sorted(columns):
        parts += [name.encode(), encode_value(value)]
    return sha256(b"".join(map(lp, parts))).digest()


def encode_value(value: Any) -> bytes:
    """One column value with its type before it, the same on every database."""
    match value:
        case None:
            return b"0"
        case bool():
            return b"b1" if value else b"b0"
        case int():
            return b"i" + str(value).encode()
        case UUID():
            return b"u" + value.bytes
        case datetime():
            return b"t" + _i64(micros(value))
        case bytes() | memoryview() | bytearray():
            return b"x" + bytes(value)
        case Decimal() | float():
            raise TypeError("a trailed row holds no fractions")
        case str():
            return b"s" + str(value).encode()
        case _ if hasattr(value, "isoformat"):
            return b"d" + str(value.isoformat()).encode()
    raise TypeError(type(value).__name__)
