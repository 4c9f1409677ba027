"""The tables of the trail. Entries and writes are append-only; triggers of the migration refuse anything else."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.core.db import Base, UtcDateTime


class TrailEntry(Base):
    """One thing that happened, in the format of docs/formats/trail.md."""

    __tablename__ = "trail_entry"
    __table_args__ = (
        UniqueConstraint("stream", "seq"),
        Index("ix_trail_entry_case_id_recorded_at", "case_id", "recorded_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    stream: Mapped[uuid.UUID] = mapped_column(Uuid)
    seq: Mapped[int] = mapped_column(BigInteger)
    tag: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(32))
    object_type: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    case_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    detail: Mapped[bytes] = mapped_column(LargeBinary)
    prev: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class TrailWrite(Base):
    """The digest of one row as this entry left it; finds a whole row rolled back to an older state."""

    __tablename__ = "trail_write"
    __table_args__ = (Index("ix_trail_write_table_name_row_id", "table_name", "row_id"),)

    entry_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("trail_entry.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table_name: Mapped[str] = mapped_column(String(48))
    row_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    rv: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class TrailHead(Base):
    """The end of one stream: a cut tail shows, because the head is authenticated too."""

    __tablename__ = "trail_head"

    stream: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class TrailLeaf(Base):
    """Dense leaf numbers of committed entries, for the Merkle tree; apart, so that entries are never updated."""

    __tablename__ = "trail_leaf"

    leaf: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("trail_entry.id"), unique=True)
