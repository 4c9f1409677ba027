"""Drafts: sealed, one's own, gone when saved, thrown away or forgotten for 14 days."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from caseflow.cases import jobs, queries, services
from caseflow.cases.models import Draft
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import NotFound
from caseflow.core.outbox import Job, Outbox
from caseflow.core.trail.verify import verify
from caseflow.core.vault import SealBroken
from tests.cases.factories import NOW, SAFETY, SOON, opened, saved

pytestmark = pytest.mark.both_databases


def keep(people, case_id, record_id, key="worker", kind="safety", now=NOW, **fields):
    with writing():
        return services.keep_draft(
            actor=people.actor(key), case_id=case_id, record_id=record_id, kind=kind, section="contact", base_rv=1,
            fields={code: [value] for code, value in fields.items()}, now=now,
        ).id  # fmt: skip


def drafts():
    return session().scalar(select(func.count()).select_from(Draft))


def has_key(case_id):
    return bool(vault.current().store.keys([case_id]))


def test_a_draft_comes_back_as_it_was_typed(app, people):
    case_id, record_id = opened(people), uuid4()
    keep(people, case_id, record_id, cover_story="first try")
    keep(people, case_id, record_id, cover_story="  not\x00even\ud83dtidy <b>", csrf_token="secret")
    draft = queries.draft_of(people.actor("worker"), record_id)
    assert draft.fields == {"cover_story": ["  not\x00even?tidy <b>"]}
    assert (draft.kind, draft.section, draft.base_rv) == ("safety", "contact", 1)
    assert draft.number == queries.get_case(case_id).number
    assert drafts() == 1
    assert verify().whole


def test_a_draft_is_ones_own(app, people):
    case_id, record_id = opened(people), uuid4()
    draft_id = keep(people, case_id, record_id, cover_story="mine")
    supervisor = people.actor("supervisor")
    assert queries.draft_of(supervisor, record_id) is None
    assert queries.drafts_of(supervisor) == []
    with pytest.raises(NotFound), writing():
        services.discard_draft(actor=supervisor, draft_id=draft_id, now=SOON)


def test_saving_removes_the_draft(app, people):
    case_id = opened(people)
    record_id = queries.record_of(case_id, "safety").id
    keep(people, case_id, record_id, cover_story="mine")
    saved(people, case_id, "safety", SAFETY)
    assert drafts() == 0


def test_opening_the_case_removes_the_draft(app, people):
    case_id = services.reserve(uuid4(), now=NOW)
    keep(people, case_id, case_id, kind="screening", danger_what="typed")
    assert queries.drafts_of(people.actor("worker"))[0].number == ""
    opened(people, case_id=case_id)
    assert drafts() == 0
    assert has_key(case_id)


def test_discarding_a_case_that_was_never_opened_destroys_its_key(app, people):
    case_id = services.reserve(uuid4(), now=NOW)
    draft_id = keep(people, case_id, case_id, kind="screening", danger_what="typed")
    with writing():
        services.discard_draft(actor=people.actor("worker"), draft_id=draft_id, now=SOON)
    assert drafts() == 0
    assert not has_key(case_id)
    assert verify().whole


def test_discarding_a_draft_of_an_open_case_keeps_the_key(app, people):
    case_id = opened(people)
    draft_id = keep(people, case_id, uuid4(), cover_story="mine")
    with writing():
        services.discard_draft(actor=people.actor("worker"), draft_id=draft_id, now=SOON)
    assert has_key(case_id)


def test_nobody_writes_into_a_case_that_somebody_else_is_about_to_open(app, people):
    case_id = services.reserve(uuid4(), now=NOW)
    keep(people, case_id, case_id, kind="screening", danger_what="typed")
    with pytest.raises(NotFound):
        keep(people, case_id, uuid4(), key="colleague", kind="screening", danger_what="other")
    with pytest.raises(NotFound):
        opened(people, "colleague", case_id=case_id)


def test_without_a_key_there_is_no_draft(app, people):
    with pytest.raises(SealBroken):
        keep(people, uuid4(), uuid4(), kind="screening", danger_what="typed")


def test_who_gave_the_case_away_does_not_read_on_in_the_draft(app, people):
    case_id, record_id = opened(people), uuid4()
    keep(people, case_id, record_id, cover_story="mine")
    with writing():
        services.assign_case(
            actor=people.actor("supervisor"), case_id=case_id, assignee_id=people.staff["colleague"], now=SOON
        )
    assert queries.draft_of(people.actor("worker"), record_id) is None


def test_a_broken_draft_says_so_and_leaves_the_others(app, people):
    case_id, broken, whole = opened(people), uuid4(), uuid4()
    for record_id in (broken, whole):
        keep(people, case_id, record_id, cover_story="mine")
    with writing():
        session().execute(Draft.__table__.update().where(Draft.record_id == broken).values(base_rv=7, rv=9))
    found = {row.record_id: row for row in queries.drafts_of(people.actor("worker"))}
    assert found[broken].broken and not found[whole].broken


class TestCleaning:
    def test_after_14_days_only_the_old_ones_go(self, app, people):
        open_id, never = opened(people), services.reserve(uuid4(), now=NOW)
        keep(people, never, never, kind="screening", danger_what="typed")
        keep(people, open_id, uuid4(), now=NOW + timedelta(days=10), cover_story="newer")
        with writing():
            assert services.clean_drafts(now=NOW + timedelta(days=14)) == 1
        assert drafts() == 1
        assert not has_key(never)
        assert has_key(open_id)

    def test_the_first_draft_plans_the_cleaning_and_the_cleaning_the_next_one(self, app, people):
        case_id = opened(people)
        keep(people, case_id, uuid4(), cover_story="old")
        keep(people, case_id, uuid4(), now=NOW + timedelta(days=10), cover_story="newer")
        jobs_of = select(Job).where(Job.name == "cases.clean_drafts").order_by(Job.run_after)
        assert [job.run_after for job in session().scalars(jobs_of)] == [NOW + timedelta(days=14)]
        outbox = Outbox()
        jobs.register(outbox)
        assert outbox.run_due(clock=lambda: NOW + timedelta(days=14)) == 1
        assert drafts() == 1
        waiting = [(job.state, job.run_after) for job in session().scalars(jobs_of)]
        assert waiting == [("done", NOW + timedelta(days=14)), ("waiting", NOW + timedelta(days=24))]
