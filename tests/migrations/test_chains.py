"""Both chains: up, down and up again, step by step; what they make is exactly what the models say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from caseflow.core.db import Base
from caseflow.core.vault import keystore
from caseflow.factory import create_app
from caseflow.operations import migrate

pytestmark = pytest.mark.both_databases
CHAINS = ("main", "keys")
METADATA = {"main": Base.metadata, "keys": keystore.metadata}


def steps(chain):
    """Revisions, oldest first."""
    directory = ScriptDirectory(str(migrate.CHAINS / chain))
    return [one.revision for one in directory.walk_revisions()][::-1]


def shape(engine):
    """Everything that a database is, but its rows: tables with columns, keys and indexes; triggers and functions."""
    seen = inspect(engine)
    tables = {
        name: (
            sorted((one["name"], str(one["type"]), one["nullable"]) for one in seen.get_columns(name)),
            seen.get_pk_constraint(name)["constrained_columns"],
            sorted(str(one) for one in seen.get_foreign_keys(name)),
            sorted(str(one) for one in seen.get_unique_constraints(name)),
            sorted(str(_plain(one)) for one in seen.get_indexes(name)),
        )
        for name in seen.get_table_names()
        if name != "alembic_version"
    }
    return tables, sorted(triggers(engine)), sorted(functions(engine))


def _plain(index):
    """An index whose condition, if it has one, is text: objects that say the same are not equal."""
    return {**index, "dialect_options": {name: str(value) for name, value in index["dialect_options"].items()}}


def triggers(engine):
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())


def functions(engine):
    if engine.dialect.name == "sqlite":
        return []
    query = "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = current_schema()"
    with engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())


@pytest.mark.parametrize("chain", CHAINS)
def test_up_down_and_up_again_leaves_the_same(empty, chain):
    engine = empty()
    assert shape(engine) == ({}, [], [])
    migrate.upgrade(engine, chain)
    first = shape(engine)
    migrate.downgrade(engine, chain)
    assert shape(engine) == ({}, [], [])
    assert migrate.current(engine) is None
    migrate.upgrade(engine, chain)
    assert shape(engine) == first
    assert migrate.current(engine) == migrate.newest(chain) == steps(chain)[-1]


@pytest.mark.parametrize("chain", CHAINS)
def test_each_step_can_be_taken_and_taken_back(empty, chain):
    engine, before = empty(), []
    for revision in steps(chain):
        before.append(shape(engine))
        migrate.upgrade(engine, chain, revision)
        assert migrate.current(engine) == revision
        assert shape(engine) != before[-1], f"{chain} {revision} changes nothing"
    for revision, left in zip([None, *steps(chain)[:-1]][::-1], before[::-1], strict=True):
        migrate.downgrade(engine, chain, revision or "base")
        assert shape(engine) == left, f"{chain}: back to {revision}"


@pytest.mark.parametrize("chain", CHAINS)
def test_upgrading_what_is_newest_does_nothing(empty, chain):
    engine = empty()
    migrate.upgrade(engine, chain)
    first = shape(engine)
    migrate.upgrade(engine, chain)
    assert shape(engine) == first


@pytest.mark.parametrize("chain", CHAINS)
def test_the_models_are_the_migrations(empty, chain):
    assert create_app  # every room's models are imported with the factory
    engine = empty()
    migrate.upgrade(engine, chain)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA[chain]) == []


@pytest.mark.parametrize("chain", CHAINS)
def test_a_step_that_fails_leaves_the_one_before_it(empty, chain):
    """Schema and revision move in one transaction: a power cut in between is no half schema."""
    engine = empty()
    first, second = steps(chain)[:2]
    migrate.upgrade(engine, chain, first)
    before = shape(engine)
    table, name = {"main": ("case_file", "case_file"), "keys": ("case_key", "case_key_epoch_insert")}[chain]
    with engine.begin() as connection:
        if chain == "main":
            connection.execute(text(f"CREATE TABLE {table} (x INTEGER)"))
        elif engine.dialect.name == "sqlite":
            connection.execute(text(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} BEGIN SELECT 1; END"))
        else:
            make = "CREATE FUNCTION case_key_epoch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
            connection.execute(text(make))
    blocked = shape(engine)
    assert blocked != before
    with pytest.raises(Exception, match="already exists"):
        migrate.upgrade(engine, chain, second)
    assert migrate.current(engine) == first
    assert shape(engine) == blocked


def test_the_chains_are_straight():
    for chain in CHAINS:
        directory = ScriptDirectory(str(migrate.CHAINS / chain))
        assert len(directory.get_heads()) == len(directory.get_bases()) == 1
        assert steps(chain) == [f"{number:04}" for number in range(1, len(steps(chain)) + 1)]
