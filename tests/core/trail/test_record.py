"""The trail is written with the change, chained, and cannot be changed through the database's front."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from caseflow.accounts.models import Team
from caseflow.accounts.services import people as staff_services
from caseflow.core import trail, vault
from caseflow.core.db import session, writing
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def test_a_prepared_installation_verifies(app):
    report = verify()
    assert report.whole
    assert report.entries > 20 and report.rows > 20


def test_an_undeclared_detail_is_refused(app, people):
    with pytest.raises(ValueError, match="does not declare"), writing():
        trail.record(Tag.SIGN_OUT, actor=None, now=NOW, obj=("staff", people.staff["worker"]), detail={"name": "x"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_entry SET tag = 'x'",
        "DELETE FROM trail_entry",
        "UPDATE trail_write SET rv = 9",
        "DELETE FROM trail_write",
        "DELETE FROM trail_head",
        "UPDATE trail_head SET seq = seq + 5",
    ],
)
def test_the_database_refuses_to_change_the_past(app, statement):
    with pytest.raises(DBAPIError, match="append-only"), writing():
        session().execute(text(statement))


def test_a_row_rolled_back_whole_is_found(app, people):
    team_id = people.teams["north"]
    before = session().get_one(Team, team_id)
    old = (before.rv, bytes(before.sealed))
    with writing():
        team = session().get_one(Team, team_id)
        vault.write(team, {"name_en": "New", "name_ur": "New"}, rv=team.rv)
        trail.record(Tag.TEAM_CREATED, actor=None, now=NOW, obj=("team", team.id), writes=[team])
    assert verify().whole
    with writing():
        session().execute(Team.__table__.update().where(Team.id == team_id).values(rv=old[0], sealed=old[1]))
    session().expire_all()
    assert vault.read(session().get_one(Team, team_id))["name_en"] == "North"
    assert [one.what for one in verify().findings] == ["row_differs"]


def test_a_failed_entry_rolls_the_change_back(app, people, monkeypatch):
    count = session().query(Team).count()
    monkeypatch.setattr(trail, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("no entry")))
    with pytest.raises(RuntimeError), writing():
        staff_services.create_team(
            actor=None, organisation_id=people.organisations["ours"], doc={"name_en": "a", "name_ur": "a"}, now=NOW
        )
    assert session().query(Team).count() == count


def test_entries_hold_no_detail_in_clear(app):
    entry = session().query(TrailEntry).filter_by(tag=str(Tag.ROLE_GRANTED)).first()
    assert b"caseworker" not in bytes(entry.detail)


class TestMomentOf:
    def test_a_day_without_an_hour_is_noon_of_that_day(self):
        now = datetime(2026, 11, 24, 3, tzinfo=UTC)
        assert trail.moment_of("2026-11-22", now=now) == datetime(2026, 11, 22, 12, tzinfo=UTC)

    def test_what_is_recorded_has_happened(self):
        now = datetime(2026, 11, 24, 3, tzinfo=UTC)
        assert trail.moment_of("2026-11-24", now=now) == now
