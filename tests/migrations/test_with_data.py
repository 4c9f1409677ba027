"""An installation that is older than this release is brought up before it serves, and loses nothing."""

from functools import partial

import pytest
from sqlalchemy import create_engine, select, text

from caseflow.cases.models import CaseRecord
from caseflow.cases.queries import data_of
from caseflow.core import vault
from caseflow.core.db import Base, prepare_engine, session
from caseflow.core.trail.verify import verify
from caseflow.core.vault import keystore
from caseflow.factory import create_app
from caseflow.operations import migrate, running
from caseflow.operations.install import root_path
from caseflow.operations.running import Opener, serve_with
from tests.conftest import close
from tests.referrals.factories import PERSON, Referrals

pytestmark = pytest.mark.both_databases
# The oldest revisions at which a case can lie in the database at all.
OLDEST = {"main": "0002", "keys": "0001"}
# Tables that came later.
NEWER = {"parked_post", "task", "staff_request", "deputy", "contact_count", "duty", "audit_frame"}


@pytest.fixture
def older(installation):
    """(config, case id, rows) of an installation with a whole case, put back to the oldest schema that can hold it."""
    config, people = installation
    app = create_app(config)
    with app.app_context():
        case_id = Referrals(people).case_id
        close(app)
    vault.install(None)
    for url, chain in urls(config):
        with_engine(url, partial(migrate.downgrade, chain=chain, revision=OLDEST[chain]))
    return config, case_id, rows(config)


def urls(config):
    return (config.database_url, "main"), (config.keys_url, "keys")


def with_engine(url, act):
    engine = create_engine(url)
    prepare_engine(engine)
    try:
        return act(engine)
    finally:
        engine.dispose()


def rows(config):
    """{table: its rows} of both databases, without tables that only newer revisions have."""
    found = {}
    for (url, _chain), tables in zip(urls(config), (Base.metadata, keystore.metadata), strict=True):
        for name in tables.tables:
            if name not in NEWER:
                query = text(f"SELECT * FROM {name} ORDER BY 1, 2")  # noqa: S608  the name of a table of ours
                found[name] = with_engine(url, partial(_all, query=query))
    return found


def _all(engine, query):
    with engine.connect() as connection:
        return [tuple(map(bytes_of, row)) for row in connection.execute(query)]


def bytes_of(value):
    return bytes(value) if isinstance(value, memoryview) else value


def current(config):
    return {chain: with_engine(url, migrate.current) for url, chain in urls(config)}


NEWEST = {chain: migrate.newest(chain) for chain in ("main", "keys")}


def test_an_older_database_is_brought_up_before_anything_is_served(older, monkeypatch):
    config, _case_id, before = older
    assert current(config) == OLDEST
    served = []

    def serve(_web, *, config, unlock, install_root, run_worker, sealed_app):
        served.append(current(config))
        install_root(unlock())

    monkeypatch.setattr(running, "serve", serve)
    serve_with(Opener(config, lambda _key: None), ask=lambda: "")
    assert served == [NEWEST]
    after = rows(config)
    # The key store's two tables got a column each (keys 0003); what they held is there.
    assert [row[:4] for row in after.pop("kek_epoch")] == before.pop("kek_epoch")
    assert [row[:3] for row in after.pop("store_meta")] == before.pop("store_meta")
    assert after == before
    assert len(before["case_record"]) >= 4 and len(before["trail_entry"]) > 20


def test_what_was_there_opens_and_the_trail_is_whole_after_it(older):
    config, case_id, _before = older
    for url, chain in urls(config):
        with_engine(url, partial(migrate.upgrade, chain=chain))
    app = create_app(config)
    with app.app_context():
        assert root_path(config).exists()
        assert data_of(case_id, "person")["hopes"] == PERSON["hopes"]
        assert session().scalars(select(CaseRecord.case_id)).first() == case_id
        assert verify().findings == []
        close(app)


def test_the_triggers_are_back_after_an_upgrade_with_data(older):
    config, _case_id, _before = older
    change = partial(_refused, statement="UPDATE trail_entry SET tag = 'x'")
    assert with_engine(config.database_url, change) is False
    for url, chain in urls(config):
        with_engine(url, partial(migrate.upgrade, chain=chain))
    assert with_engine(config.database_url, change) is True


def _refused(engine, statement):
    """Whether the database refuses; what it does not refuse is rolled back."""
    with engine.connect() as connection:
        try:
            connection.execute(text(statement))
        except Exception as error:
            return "append-only" in str(error)
        finally:
            connection.rollback()
    return False
