"""The main database: base class, types, one session, and the one short write.

SQLite gets WAL, a busy timeout, foreign keys, `trusted_schema` off, `recursive_triggers` on (a replacing INSERT then
fires the delete trigger of the trail) and full synchronisation, because power cuts are frequent where this runs.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, LargeBinary, MetaData, Uuid, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from caseflow.core.errors import StaleVersion, TooLate

NO_CASE = uuid.UUID(int=0)
WRITE_OPTION = "caseflow_write"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; a naive value is refused, because nobody could say what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all models of the main database, with named constraints."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcDateTime(), uuid.UUID: Uuid(), bytes: LargeBinary()},
    )


db = SQLAlchemy(model_class=Base)


def new_id() -> uuid.UUID:
    """A random id. Version 4, because version 7 would tell when a record was made."""
    return uuid.uuid4()


def session() -> Session:
    """The session of this request, job or command."""
    return db.session()


@contextmanager
def writing() -> Iterator[Session]:
    """The one short write: end the read, begin (IMMEDIATE on SQLite), run the block, commit once.

    Anything raised inside rolls everything back, the trail entry included. Raises StaleVersion or TooLate when
    somebody else wrote the same row in between and no lock stood before it.
    """
    current = session()
    current.rollback()
    current.connection(execution_options={WRITE_OPTION: True})
    try:
        yield current
        current.commit()
    except BaseException as error:
        current.rollback()
        if isinstance(error, StaleDataError):
            raise StaleVersion() from None
        if isinstance(error, IntegrityError) and _is_twin(error):
            raise TooLate() from None
        raise


def _is_twin(error: IntegrityError) -> bool:
    """Whether a row was refused because its id or number is taken."""
    names = (getattr(error.orig, "sqlstate", ""), getattr(error.orig, "sqlite_errorname", ""))
    return not _TAKEN.isdisjoint(names)


_TAKEN = frozenset({"23505", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"})


def engine_options(url: str) -> dict[str, Any]:
    """Options of both engines: what was bound to a statement never stands in an error's text."""
    return {"hide_parameters": True} | ({} if url.startswith("sqlite") else {"pool_pre_ping": True})


def prepare_engine(engine: Engine) -> None:
    """Give an engine the pragmas and the explicit BEGIN above. Both databases go through here."""
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _prepare_sqlite):
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


_PRAGMAS = (
    "busy_timeout=8000",
    "journal_mode=WAL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "recursive_triggers=ON",
    "synchronous=FULL",
    "temp_store=MEMORY",  # a sort must not spill anything to the temporary folder
    "secure_delete=ON",
)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions itself, see below
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(WRITE_OPTION)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
