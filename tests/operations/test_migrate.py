"""Migrations run up, down and up again, with data, on both databases, and end where the models are."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from caseflow.core.db import Base, prepare_engine, session
from caseflow.core.trail.verify import verify
from caseflow.core.vault.keystore import metadata as keys_metadata
from caseflow.factory import create_app
from caseflow.operations import migrate
from caseflow.operations.install import upgrade_databases
from tests.conftest import close
from tests.support.scenario import whole_case

pytestmark = pytest.mark.both_databases
CHAINS = {"main": Base.metadata, "keys": keys_metadata}


@pytest.fixture(params=list(CHAINS))
def chain(request):
    return request.param


@pytest.fixture
def engine(installation, chain):
    config, _people = installation
    made = create_engine(config.database_url if chain == "main" else config.keys_url)
    prepare_engine(made)
    yield made
    made.dispose()


def test_the_models_are_what_the_migrations_make(engine, chain):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), CHAINS[chain]) == []
    assert migrate.current(engine) == migrate.newest(chain)


def test_down_leaves_nothing_and_up_again_everything(engine, chain):
    before = set(inspect(engine).get_table_names())
    migrate.downgrade(engine, chain)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(engine, chain)
    assert set(inspect(engine).get_table_names()) == before
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), CHAINS[chain]) == []


def test_data_of_an_older_schema_survives_the_way_up(bare_app, people, installation):
    """The triggers and the newest tables go and come back under a whole case; every record still opens."""
    config, _people = installation
    with bare_app.app_context():
        whole_case(bare_app, people)
        close(bare_app)
    engine = create_engine(config.database_url)
    prepare_engine(engine)
    migrate.downgrade(engine, "main", "0002")
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM trail_entry")).scalar_one()
    engine.dispose()
    upgrade_databases(config)
    again = create_app(config)
    with again.app_context():
        report = verify()
        assert report.whole
        assert report.entries == count
        with pytest.raises(DBAPIError, match="append-only"):
            session().execute(text("DELETE FROM trail_entry"))
        close(again)
