"""What the database itself refuses, whoever asks: changes of the trail, keys under a spent epoch."""

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from caseflow.core.db import session
from caseflow.core.vault import keystore

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 11, 17, 6, 0, tzinfo=UTC)


@pytest.fixture
def trail(app, people):
    """Statements on a database whose trail already holds the founding."""

    def run(statement, **values):
        try:
            with session().begin_nested():
                return session().execute(text(statement), values).rowcount
        except DBAPIError as error:
            return str(error.orig)

    yield run
    session().rollback()


APPEND_ONLY = "the trail is append-only"
CHANGES = {
    "an entry is changed": "UPDATE trail_entry SET tag = 'cases:case:read'",
    "an entry is deleted": "DELETE FROM trail_entry WHERE seq = 1",
    "a write is changed": "UPDATE trail_write SET rv = 7",
    "a write is deleted": "DELETE FROM trail_write",
    "a head is deleted": "DELETE FROM trail_head",
    "a head goes back": "UPDATE trail_head SET seq = seq - 1",
    "a head jumps": "UPDATE trail_head SET seq = seq + 2",
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_trail_refuses_when(trail, what):
    assert APPEND_ONLY in str(trail(CHANGES[what]))


COLUMNS = "id, stream, seq, tag, actor_id, role, object_type, object_id, case_id, happened_at, recorded_at, detail, "
COPY = COLUMNS + "prev, hash, mac"


def test_the_trail_refuses_a_second_entry_at_one_place(trail):
    again = f"INSERT INTO trail_entry ({COPY}) SELECT {COPY} FROM trail_entry WHERE seq = 1"  # noqa: S608
    assert "append-only" in trail(again) or "duplicate key" in trail(again)


def test_the_trail_refuses_a_replacing_insert(trail, backend):
    if backend == "sqlite":
        for table, columns in (
            ("trail_entry", COPY),
            ("trail_write", "entry_id, place, table_name, row_id, rv, digest"),
        ):
            replacing = f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} LIMIT 1"  # noqa: S608
            assert APPEND_ONLY in str(trail(replacing)), table
    else:
        upsert = f"INSERT INTO trail_entry ({COPY}) SELECT {COPY} FROM trail_entry WHERE seq = 1 "  # noqa: S608
        assert APPEND_ONLY in str(trail(upsert + "ON CONFLICT (id) DO UPDATE SET tag = 'x'"))


@pytest.mark.parametrize("table", ["trail_entry", "trail_write", "trail_leaf", "trail_head"])
def test_the_trail_is_not_emptied(trail, table, backend):
    if backend == "sqlite":
        assert table == "trail_leaf" or APPEND_ONLY in str(trail(f"DELETE FROM {table}"))  # noqa: S608
    else:
        assert APPEND_ONLY in str(trail(f"TRUNCATE {table} CASCADE"))


def test_a_leaf_number_is_given_once(trail):
    entry = session().scalar(text("SELECT id FROM trail_entry WHERE seq = 1"))
    add = "INSERT INTO trail_leaf (leaf, entry_id) VALUES (:leaf, :entry)"
    assert trail(add, leaf=1, entry=entry) == 1
    assert not isinstance(trail(add, leaf=1, entry=entry), int)
    assert APPEND_ONLY in str(trail("UPDATE trail_leaf SET leaf = 2"))
    assert APPEND_ONLY in str(trail("DELETE FROM trail_leaf"))


@pytest.fixture
def store(app):
    return app.extensions["caseflow"].store


def add_key(store, epoch):
    with store.begin() as connection:
        row = {"case_id": uuid.uuid4(), "ver": 1, "epoch": epoch, "wrapped": b"x", "created_at": NOW}
        connection.execute(keystore.case_keys.insert().values(**row))


def set_epoch(store, epoch, state):
    with store.begin() as connection:
        table = keystore.epochs
        connection.execute(table.update().where(table.c.epoch == epoch).values(state=state))


def test_a_key_is_taken_under_the_primary_epoch_alone(store):
    with store.begin() as connection:
        connection.execute(keystore.epochs.insert().values(epoch=2, state="decrypt_only", created_at=NOW))
    add_key(store, 1)
    with pytest.raises(DBAPIError, match="not primary"):
        add_key(store, 2)
    set_epoch(store, 1, "decrypt_only")
    with pytest.raises(DBAPIError, match="not primary"):
        add_key(store, 1)
    with pytest.raises(DBAPIError, match="not primary"), store.begin() as connection:
        connection.execute(keystore.case_keys.update().values(wrapped=b"y"))
    with store.begin() as connection:
        connection.execute(keystore.case_keys.update().values(wrapped=None, destroyed_at=NOW))


def test_an_epoch_that_holds_keys_is_not_destroyed(store):
    add_key(store, 1)
    with pytest.raises(DBAPIError, match="still holds keys"):
        set_epoch(store, 1, "destroyed")
    with store.begin() as connection:
        connection.execute(keystore.case_keys.update().values(wrapped=None, destroyed_at=NOW))
    set_epoch(store, 1, "destroyed")
