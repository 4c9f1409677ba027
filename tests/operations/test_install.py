"""What `caseflow serve` does to the databases before it answers."""

from sqlalchemy import create_engine, text

from caseflow.factory import create_app
from caseflow.operations.install import upgrade_databases
from tests.conftest import close
from tests.referrals.factories import Referrals

QUEUE = """
    SELECT * FROM referral WHERE state IN ('draft', 'submitted', 'issued')
    AND case_id IN (SELECT id FROM case_file WHERE team_id = 'x')
"""


def test_sqlite_knows_what_its_tables_hold(installation):
    """Who does not know it finds the referrals of a team by their state: that means to read those of all teams."""
    config, people = installation
    app = create_app(config)
    with app.app_context():
        made = Referrals(people)
        for _each in range(12):
            made.drafted()
        close(app)
    before = plan(config)
    upgrade_databases(config)
    assert "ix_referral_state_due_at" in before
    assert "ix_referral_state_due_at" not in plan(config)


def plan(config):
    engine = create_engine(config.database_url)
    with engine.connect() as connection:
        found = " ".join(str(row[3]) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {QUEUE}")))
    engine.dispose()
    return found
