"""The key store: wrapped case keys, epochs and the blind index, in a database of their own.

It has its own engine and commits at once (the one exception to "services never commit"): key first on create, key
first on erase. A trigger refuses a wrapped key whose epoch is not primary, so that a process with an old keyring
cannot lose a case; every write moves `generation`, and readers drop their caches when it moved.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    create_engine,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection, Engine

from caseflow.core.db import Base, UtcDateTime, engine_options, prepare_engine

metadata = MetaData(naming_convention=Base.metadata.naming_convention)

meta = Table(
    "store_meta",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("deployment", Uuid, nullable=False),
    Column("generation", BigInteger, nullable=False),
    # The keyring that fits the epochs below has at least this generation: an older copy is refused.
    Column("keyring_generation", BigInteger, nullable=False, server_default="1"),
)
epochs = Table(
    "kek_epoch",
    metadata,
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),  # pending | primary | decrypt_only | destroyed
    Column("created_at", UtcDateTime(), nullable=False),
    Column("retired_at", UtcDateTime()),
    Column("destroyed_at", UtcDateTime()),
)
case_keys = Table(
    "case_key",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("ver", Integer, primary_key=True, autoincrement=False),
    Column("epoch", Integer, ForeignKey("kek_epoch.epoch"), nullable=False),
    Column("wrapped", LargeBinary),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("destroyed_at", UtcDateTime()),
)
blind_index = Table(
    "blind_index",
    metadata,
    Column("field", String(16), primary_key=True),
    Column("token", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", Uuid, primary_key=True),
    Index("ix_blind_index_case_id", "case_id"),
)


class KeyStore:
    """Reads and immediate commits on the key database."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = create_engine(url, **engine_options(url))
        prepare_engine(self.engine)

    def begin(self) -> Any:
        """One immediate transaction on the key database."""
        return self.engine.execution_options(caseflow_write=True).begin()

    def found(self, deployment: UUID, *, now: datetime) -> None:
        """Write the first row and epoch 1. Called once, by `caseflow init`."""
        with self.begin() as connection:
            connection.execute(insert(meta).values(id=1, deployment=deployment, generation=1))
            connection.execute(insert(epochs).values(epoch=1, state="primary", created_at=now))

    def state(self) -> tuple[UUID, int, int] | None:
        """(deployment, generation, least generation of the keyring), or None for an empty store."""
        with self.engine.connect() as connection:
            row = connection.execute(select(meta.c.deployment, meta.c.generation, meta.c.keyring_generation)).first()
        return (row[0], row[1], row[2]) if row else None

    def generation(self) -> int:
        """The counter that moves with every change of keys; callers drop their caches when it moved."""
        with self.engine.connect() as connection:
            return int(connection.execute(select(meta.c.generation)).scalar_one())

    def add_key(self, case_id: UUID, ver: int, epoch: int, wrapped: bytes, *, now: datetime) -> None:
        """Keep a wrapped key. The database refuses an epoch that is not primary (IntegrityError)."""
        with self.begin() as connection:
            connection.execute(
                insert(case_keys).values(case_id=case_id, ver=ver, epoch=epoch, wrapped=wrapped, created_at=now)
            )

    def primary_epoch(self) -> int:
        """The epoch under which new keys are wrapped. The store decides, not the keyring of some process."""
        with self.engine.connect() as connection:
            return int(connection.execute(select(epochs.c.epoch).where(epochs.c.state == "primary")).scalar_one())

    def keys(self, case_ids: Iterable[UUID]) -> Sequence[Any]:
        """(case_id, ver, epoch, wrapped) of every key that is not destroyed, highest version first."""
        wanted = list(case_ids)
        query = (
            select(case_keys.c.case_id, case_keys.c.ver, case_keys.c.epoch, case_keys.c.wrapped)
            .where(case_keys.c.case_id.in_(wanted), case_keys.c.wrapped.is_not(None))
            .order_by(case_keys.c.case_id, case_keys.c.ver.desc())
        )
        with self.engine.connect() as connection:
            return connection.execute(query).all()

    def destroyed(self, case_ids: Iterable[UUID]) -> set[UUID]:
        """Those of these cases whose keys were all destroyed: nothing of them can ever be opened again."""
        wanted = case_keys.c.case_id.in_(list(case_ids))
        query = select(case_keys.c.case_id, case_keys.c.destroyed_at).where(wanted)
        with self.engine.connect() as connection:
            found = connection.execute(query).all()
        return {one for one, _when in found} - {one for one, when in found if when is None}

    def destroy_key(self, case_id: UUID, *, now: datetime) -> None:
        """Destroy every version of a case key and its index rows; caches everywhere drop it."""
        with self.begin() as connection:
            connection.execute(
                update(case_keys).where(case_keys.c.case_id == case_id).values(wrapped=None, destroyed_at=now)
            )
            connection.execute(delete(blind_index).where(blind_index.c.case_id == case_id))
            self.move(connection)

    def touch(self) -> int:
        """Move the generation: every process drops what it has opened and reads the keyring again."""
        with self.begin() as connection:
            return self.move(connection)

    def put_tokens(self, case_id: UUID, tokens: Iterable[tuple[str, int]]) -> None:
        """Replace the index rows of a case."""
        rows = [{"field": field, "token": token, "case_id": case_id} for field, token in sorted(set(tokens))]
        with self.begin() as connection:
            connection.execute(delete(blind_index).where(blind_index.c.case_id == case_id))
            if rows:
                connection.execute(insert(blind_index), rows)

    def find(self, tokens: Iterable[tuple[str, int]]) -> set[UUID]:
        """Ids of the cases that hold any of the tokens."""
        found: set[UUID] = set()
        with self.engine.connect() as connection:
            for field, token in tokens:
                query = select(blind_index.c.case_id).where(blind_index.c.field == field, blind_index.c.token == token)
                found.update(connection.execute(query).scalars())
        return found

    @staticmethod
    def move(connection: Connection) -> int:
        """Move the generation, inside a transaction of the caller; returns the new one."""
        connection.execute(update(meta).values(generation=meta.c.generation + 1))
        return int(connection.execute(select(meta.c.generation)).scalar_one())
