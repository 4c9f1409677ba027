"""What `caseflow serve` does to the databases before it answers."""

from sqlalchemy import create_engine, inspect, text

from caseflow.factory import create_app
from caseflow.operations.install import upgrade_databases
from tests.conftest import close
from tests.referrals.factories import Referrals


def test_sqlite_knows_what_its_tables_hold(installation):
    """From that it chooses the index that reads least."""
    config, people = installation
    app = create_app(config)
    with app.app_context():
        made = Referrals(people)
        for _each in range(12):
            made.drafted()
        close(app)
    upgrade_databases(config)
    assert known(config, "referral") == 12
    assert known(config, "case_file") == 1


def known(config, table):
    """How many rows SQLite believes the table to have."""
    engine = create_engine(config.database_url)
    assert inspect(engine).has_table(table)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT stat FROM sqlite_stat1 WHERE tbl = :table"), {"table": table})
        rows = max(int(one.split()[0]) for one in found.scalars())
    engine.dispose()
    return rows
