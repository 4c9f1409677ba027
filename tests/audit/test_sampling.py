"""A sample is drawn by hash from a frame that is frozen at the approval, and opens its cases and no other."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete

from caseflow.audit import queries, services
from caseflow.audit.models import AuditFrame
from caseflow.cases.models import Case
from caseflow.cases.services import note_read
from caseflow.core import sampling, vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, Refused
from caseflow.core.policy.models import AccessGrant
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from caseflow.core.vault import keystore
from caseflow.referrals.models import ReferralEvent
from tests.audit import factories as audits
from tests.audit.factories import OVER, RUNNING
from tests.cases.factories import opened
from tests.referrals.factories import Referrals

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cases(app, people):
    """Six cases of November in two teams, one of October, one of another organisation."""
    found = [opened(people, team="north") for _ in range(3)]
    found += [opened(people, "other_team", team="south") for _ in range(3)]
    october = datetime(2026, 10, 31, 18, 59, tzinfo=UTC)  # still October in Karachi
    opened(people, now=october, contact_date="2026-10-30")
    opened(people, "stranger", team="far")
    return found


def frame(audit_id):
    return {line.case_id for line in sampling.read_frame(queries.frame_of(audit_id).text)}


def test_the_frame_is_every_case_that_fits_and_the_sample_is_the_draw(people, cases):
    audit_id = audits.sampled(people)
    view = audits.view(audit_id)
    assert frame(audit_id) == set(cases)
    assert view.case_ids == sampling.draw(cases, seed="blue kettle 7", size=2)
    assert view.sampling["cases"] == 6
    assert view.sampling["sha256"] == queries.frame_of(audit_id).digest


def test_the_same_seed_draws_the_same_cases_and_another_seed_others(people, cases):
    first, again = (audits.view(audits.sampled(people)) for _ in range(2))
    assert first.case_ids == again.case_ids
    assert first.sampling["sha256"] == again.sampling["sha256"]
    others = {tuple(audits.view(audits.sampled(people, seed=str(one))).case_ids) for one in range(5)}
    assert len(others) > 1


def test_a_sample_larger_than_the_frame_takes_all(people, cases):
    assert set(audits.view(audits.sampled(people, size=50)).case_ids) == set(cases)


def test_nothing_is_drawn_before_the_approval(people, cases):
    audit_id = audits.ask_sample(people)
    assert audits.view(audit_id).case_ids == []
    assert session().query(AuditFrame).count() == 0
    with pytest.raises(NotFound):
        queries.frame_of(audit_id)
    with pytest.raises(NotFound):
        audits.ask_file(people, audit_id, cases[0])


def test_the_frame_stays_as_it_was_at_the_approval(people, cases):
    audit_id = audits.sampled(people)
    before = queries.frame_of(audit_id), audits.view(audit_id).case_ids
    opened(people, now=RUNNING - timedelta(days=1))
    assert (queries.frame_of(audit_id), audits.view(audit_id).case_ids) == before
    other = audits.view(audits.sampled(people))
    assert other.sampling["sha256"] != before[0].digest


def test_access_is_given_to_the_drawn_cases_alone(people, cases):
    audit_id = audits.sampled(people)
    drawn = audits.view(audit_id).case_ids
    assert {grant.case_id for grant in session().query(AccessGrant)} == set(drawn)
    missed = next(one for one in cases if one not in drawn)
    with pytest.raises(NotFound):
        audits.ask_file(people, audit_id, missed)
    assert audits.ask_file(people, audit_id, drawn[0])


def test_the_approval_records_the_digest_and_the_size_of_the_frame(people, cases):
    audit_id = audits.sampled(people)
    entry = session().query(TrailEntry).filter_by(tag=str(Tag.AUDIT_APPROVED), object_id=audit_id).one()
    detail = vault.current().open_bytes(entry.stream, bytes(entry.detail), "trail_entry", entry.id, "detail")
    assert (detail["frame"], detail["cases"]) == (6, 2)
    assert detail["sha256"] == queries.frame_of(audit_id).digest
    assert verify().findings == []


def test_a_frame_changed_behind_the_trails_back_is_found(people, cases):
    audit_id = audits.sampled(people)
    with writing():
        stored = session().get_one(AuditFrame, audit_id)
        vault.write(stored, {"text": sampling.write_frame([])}, rv=stored.rv)
    assert [one.table for one in verify().findings] == ["audit_frame"]


def test_teams_and_states_narrow_the_frame(people, cases):
    south = audits.sampled(people, teams=[str(people.teams["south"])])
    assert frame(south) == set(cases[3:])
    with writing():
        session().get_one(Case, cases[0]).state = "closed"
    assert frame(audits.sampled(people, states=["closed"])) == {cases[0]}
    assert frame(audits.sampled(people, states=["screening"])) == set(cases[1:])


def test_the_first_and_the_last_day_count_whole_at_the_office(people, cases):
    edge = opened(people, now=datetime(2026, 11, 9, 18, 59, 59, tzinfo=UTC))  # one second before midnight in Karachi
    past = opened(people, now=datetime(2026, 11, 9, 19, 0, 0, tzinfo=UTC))
    assert frame(audits.sampled(people, since="2026-11-09", until="2026-11-09")) == {edge}
    assert frame(audits.sampled(people, since="2026-11-10", until="2026-11-10")) == {past}


def test_what_happened_is_read_from_the_trail_and_the_line_of_events(people, cases):
    made = Referrals(people)
    made.at("issued")

    def of(happened):
        return frame(audits.sampled(people, happened=happened))

    assert of("issued") == {made.case_id}
    assert of("worked") >= {made.case_id, *cases}
    for none in ("emergency", "withdrawn", "shown", "closed"):
        with pytest.raises(Invalid):
            of(none)
    with writing():
        session().query(ReferralEvent).filter_by(verb="issue").one().verb = "issue_emergency"
    assert of("emergency") == {made.case_id}


def test_reading_is_no_work(people, cases):
    """A case that was only looked at in the period does not count as worked on."""
    with writing():
        note_read(actor=people.actor("worker"), case_id=cases[0], now=RUNNING - timedelta(hours=1))
    with pytest.raises(Invalid):
        audits.sampled(people, happened="worked", since="2026-11-18", until="2026-11-18")


def test_an_empty_frame_is_not_approved(people, cases):
    audit_id = audits.ask_sample(people, since="2026-09-01", until="2026-09-30")
    assert queries.frame_size(people.organisations["ours"], audits.wanted(since="2026-09-01", until="2026-09-30"),
                              zone=audits.ZONE) == 0  # fmt: skip
    with pytest.raises(Invalid):
        audits.approve(people, audit_id)
    session().rollback()
    assert queries.get_audit(audit_id).state == "asked"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"seed": ""}, "seed"),
        ({"seed": "x" * 101}, "seed"),
        ({"seed": "a\x00b"}, "seed"),
        ({"seed": "\ud800"}, "seed"),
        ({"size": 0}, "size"),
        ({"size": 51}, "size"),
        ({"size": None}, "size"),
        ({"since": None}, "since"),
        ({"until": None}, "until"),
        ({"until": "2026-10-31"}, "until"),
        ({"until": "2026-11-19"}, "until"),
        ({"happened": "everything"}, "happened"),
        ({"states": ["erased"]}, "states"),
        ({"teams": [str(uuid4())]}, "teams"),
    ],
)
def test_a_sample_that_cannot_be_drawn_so_is_refused_beside_its_field(people, cases, changed, field):
    with pytest.raises(Invalid) as problem:
        audits.ask_sample(people, **changed)
    assert set(problem.value.problems) == {field}


def test_a_team_of_another_organisation_is_not_listed(people, cases):
    with pytest.raises(Invalid):
        audits.ask_sample(people, teams=[str(people.teams["far"])])


def read_frame(people, audit_id, *, key="auditor", now=RUNNING):
    with writing():
        actor = people.actor(key, now=now)
        return services.read_frame(actor=actor, audit_id=audit_id, today=audits.day(now), now=now)


def test_the_frame_is_handed_out_as_it_was_hashed_and_recorded(people, cases):
    audit_id = audits.sampled(people)
    text = read_frame(people, audit_id)
    assert sampling.frame_digest(text) == audits.view(audit_id).sampling["sha256"]
    assert session().query(TrailEntry).filter_by(tag=str(Tag.FRAME_READ)).one().object_id == audit_id
    with pytest.raises((NotAllowed, NotFound)):
        read_frame(people, audit_id, key="stranger_auditor")


def test_the_end_closes_the_frame_to_its_auditor_and_not_to_data_protection(people, cases):
    audit_id = audits.sampled(people)
    late = OVER + timedelta(days=1)
    with pytest.raises(Refused):
        read_frame(people, audit_id, now=late)
    assert read_frame(people, audit_id, key="protection", now=late)


def test_only_the_auditor_and_the_approver_see_what_was_drawn(people, cases):
    view = audits.view(audits.sampled(people))
    assert queries.sees_sample(people.actor("auditor"), view)
    assert queries.sees_sample(people.actor("protection"), view)
    view.audit.decided_by = people.staff["admin"]
    assert not queries.sees_sample(people.actor("protection"), view)
    session().rollback()


# Skeletons


def destroyed(case_id):
    vault.destroy_case_key(case_id, now=RUNNING)


def test_a_destroyed_case_is_in_the_frame_and_drawn_as_a_skeleton(people, cases):
    destroyed(cases[0])
    audit_id = audits.sampled(people, size=6)
    assert cases[0] in frame(audit_id)
    rows = {row.id: row for row in queries.scope_of(audits.view(audit_id), opened=True)}
    assert set(rows) == set(cases)
    assert [one for one in cases if rows[one].skeleton] == [cases[0]]
    assert rows[cases[0]].code_name == "" and rows[cases[0]].number and not rows[cases[0]].broken
    assert cases[0] not in {grant.case_id for grant in session().query(AccessGrant)}
    assert verify().findings == []


def test_an_erased_case_is_a_skeleton_whatever_its_key(people, cases):
    with writing():
        session().get_one(Case, cases[1]).state = "erased"
    assert queries.skeletons(cases) == {cases[1]}


def test_a_key_that_is_merely_lost_is_no_skeleton_but_a_broken_case(people, cases):
    with vault.current().store.begin() as connection:
        connection.execute(delete(keystore.case_keys).where(keystore.case_keys.c.case_id == cases[0]))
    vault.current()._keys.clear()
    assert queries.skeletons(cases) == frozenset()
    audit_id = audits.sampled(people, size=6)
    rows = {row.id: row for row in queries.scope_of(audits.view(audit_id), opened=True)}
    assert rows[cases[0]].broken and not rows[cases[0]].skeleton


def test_a_skeleton_has_a_file_and_no_trail(people, cases):
    destroyed(cases[0])
    audit_id = audits.sampled(people, size=6)
    assert audits.ask_file(people, audit_id, cases[0])
    with pytest.raises(NotFound):
        audits.ask_file(people, audit_id, cases[0], what="trail")
    with pytest.raises(Refused):
        audits.ask_file(people, audit_id, cases[0], now=OVER)
    assert verify().findings == []
