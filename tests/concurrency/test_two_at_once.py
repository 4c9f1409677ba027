"""Two people, or one person twice, do the same thing at the same moment: one wins, nobody loses, nothing doubles."""

from datetime import timedelta
from functools import partial
from threading import Barrier, Lock
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from caseflow.cases import queries as cases
from caseflow.cases import services as casework
from caseflow.cases.models import Case, CaseRecord
from caseflow.consent.models import Consent
from caseflow.consent.services import record_consent
from caseflow.core import vault
from caseflow.core.db import new_id, session, writing
from caseflow.core.outbox import Job, Outbox, enqueue
from caseflow.core.trail.verify import verify
from caseflow.partners.models import Partner
from caseflow.partners.services import create_partner
from caseflow.referrals import queries as referrals
from caseflow.referrals import services as referring
from caseflow.referrals.models import Referral, RegisterEntry
from caseflow.support.models import Task
from caseflow.support.queries import get_task
from tests.audit import factories as audits
from tests.cases.factories import opened
from tests.concurrency.together import kinds, together
from tests.consent.samples import answer
from tests.referrals.factories import ISSUED, LATER, START, Referrals, fake_copies
from tests.referrals.services.test_deciding import withdraw
from tests.support.scenario import SHELTER
from tests.tasks import factories as tasks

pytestmark = pytest.mark.both_databases
AT_ONCE = 6


@pytest.fixture
def made(bare_app, people):
    """A case with a partner and a consent."""
    with bare_app.app_context():
        return Referrals(people)


@pytest.fixture
def inside(bare_app):
    """inside(act) runs it in a context of its own."""

    def run(act):
        with bare_app.app_context():
            return act()

    return run


def count(model):
    return session().scalar(select(func.count()).select_from(model))


def whole():
    report = verify()
    assert report.findings == []
    return report


def test_of_two_supervisors_one_approves_and_the_other_is_too_late(bare_app, people, made, inside):
    referral_id = inside(made.submitted)
    results = together(
        bare_app, *(partial(made.approve, referral_id, key) for key in ("supervisor", "second_supervisor"))
    )
    assert kinds(results) == ["TooLate", "ok"]
    winner = ("supervisor", "second_supervisor")[results.index(None)]
    with bare_app.app_context():
        assert referrals.get_referral(referral_id).approver_id == people.staff[winner]
        assert session().scalars(select(Job.name)).all() == ["referrals.issue"]
        whole()


def test_approving_and_returning_at_once_gives_one_decision(bare_app, people, made, inside):
    referral_id = inside(made.submitted)
    rv = inside(lambda: referrals.get_referral(referral_id).rv)

    def give_back():
        with writing():
            actor = people.actor("second_supervisor")
            referring.return_(actor=actor, referral_id=referral_id, rv=rv, comments={"": "Shorter."}, now=LATER)

    results = together(bare_app, partial(made.approve, referral_id), give_back)
    assert kinds(results) == ["TooLate", "ok"]
    with bare_app.app_context():
        state = referrals.get_referral(referral_id).state
        assert state == ("approved", "returned")[results.index(None)]
        assert count(Job) == (state == "approved")
        whole()


@pytest.mark.parametrize("kind", ["person", "identity", "safety"])
def test_of_two_editors_of_one_record_one_is_stale(bare_app, people, made, inside, kind):
    def edit(key, word):
        stored = cases.record_of(made.case_id, kind)
        data, rv = cases.data_of(made.case_id, kind), stored.rv
        gate.wait()
        field = {"person": "hopes", "identity": "alias", "safety": "code_word"}[kind]
        with writing():
            casework.save_record(
                actor=people.actor(key), case_id=made.case_id, kind=kind, record_id=stored.id,
                data={**data, field: word}, rv=rv, now=LATER,
            )  # fmt: skip
        return word

    gate = Barrier(2)
    results = together(bare_app, partial(edit, "worker", "First"), partial(edit, "supervisor", "Second"))
    assert kinds(results) == ["StaleVersion", "ok"]
    with bare_app.app_context():
        won = next(one for one in results if isinstance(one, str))
        assert won in cases.data_of(made.case_id, kind).values()
        whole()


def test_two_first_saves_of_one_section_make_one_record(bare_app, people, inside):
    """Nobody has written the section yet: both start from nothing, and only one may be first."""
    case_id, record_id = inside(partial(opened, people)), uuid4()
    before = inside(partial(count, CaseRecord))

    def save(key, word):
        with writing():
            return casework.save_record(
                actor=people.actor(key), case_id=case_id, kind="identity", record_id=record_id,
                data={"alias": word}, rv=0, now=LATER,
            ).rv  # fmt: skip

    results = together(bare_app, partial(save, "worker", "one"), partial(save, "supervisor", "two"))
    assert kinds(results) == ["StaleVersion", "ok"]
    with bare_app.app_context():
        assert count(CaseRecord) == before + 1
        whole()


def test_the_same_new_case_posted_several_times_at_once_is_one_case(bare_app, people, inside):
    case_id = uuid4()
    results = together(bare_app, *[partial(opened, people, case_id=case_id)] * AT_ONCE)
    assert results == [case_id] * AT_ONCE
    with bare_app.app_context():
        assert (count(Case), count(CaseRecord)) == (1, 3)
        whole()


def test_one_id_wanted_by_two_people_goes_to_one(bare_app, people, inside):
    case_id = uuid4()
    results = together(bare_app, *(partial(opened, people, key, case_id=case_id) for key in ("worker", "colleague")))
    assert kinds(results) == ["NotFound", "ok"] or kinds(results) == ["TooLate", "ok"]
    with bare_app.app_context():
        assert count(Case) == 1
        whole()


def test_the_same_note_draft_consent_and_partner_posted_at_once_are_one_each(bare_app, people, made):
    ids = {name: uuid4() for name in ("note", "referral", "partner", "consent")}
    data = {"subject": "Once", "text": "Only once.", "happened_at": "2026-11-16"}

    def note():
        with writing():
            casework.add_note(
                actor=people.actor("worker"), case_id=made.case_id, record_id=ids["note"], data=data, now=LATER
            )

    def partner():
        with writing():
            create_partner(actor=people.actor("supervisor"), partner_id=ids["partner"], data=SHELTER, now=LATER)

    with bare_app.app_context():
        before = {model: count(model) for model in (CaseRecord, Referral, Partner)}
    for act in (note, partial(made.drafted, referral_id=ids["referral"]), partner):
        assert kinds(together(bare_app, *[act] * AT_ONCE)) == ["ok"] * AT_ONCE, act
    with bare_app.app_context():
        assert {model: count(model) - before[model] for model in before} == dict.fromkeys(before, 1)
        whole()


def test_the_letter_register_has_no_gap_and_no_twin(bare_app, people, made, inside):
    waiting = [inside(made.approved) for _ in range(AT_ONCE)]
    results = together(bare_app, *(partial(made.issue, one) for one in waiting))
    assert kinds(results) == ["ok"] * AT_ONCE
    with bare_app.app_context():
        numbers = session().scalars(select(RegisterEntry.seq).order_by(RegisterEntry.seq)).all()
        assert numbers == list(range(1, AT_ONCE + 1))
        assert {referrals.get_referral(one).state for one in waiting} == {"issued"}
        whole()


def test_one_letter_issued_twice_at_once_leaves_once(bare_app, made, inside):
    referral_id = inside(made.approved)
    with bare_app.app_context(), writing():
        ticket = referring.prepare(referral_id=referral_id, now=ISSUED)

    def issue():
        with writing():
            return referring.issue(ticket=ticket, copies=fake_copies(), now=ISSUED) is not None

    assert sorted(together(bare_app, issue, issue)) == [False, True]
    inside(whole)


def test_a_consent_withdrawn_while_its_letter_is_approved_leaves_nothing_approved(bare_app, people, made, inside):
    referral_id = inside(made.submitted)
    results = together(bare_app, partial(made.approve, referral_id), partial(withdraw, made))
    assert set(kinds(results)) <= {"ok", "TooLate", "Refused"}
    with bare_app.app_context():
        assert referrals.get_referral(referral_id).state == "returned"
        assert made.issue(referral_id) is None
        whole()


def test_a_job_is_claimed_once_by_several_workers(bare_app, inside):
    ran, guard = [], Lock()

    def handler(*, now, job_id):
        with guard:
            ran.append(job_id)

    with bare_app.app_context(), writing():
        wanted = [new_id() for _ in range(20)]
        for one in wanted:
            enqueue("test.job", now=START, job_id=one)

    def work():
        outbox = Outbox()
        outbox.handle("test.job", handler)
        return outbox.run_due(clock=lambda: START + timedelta(minutes=1))

    results = together(bare_app, work, work, work)
    assert sum(results) == len(wanted)
    assert sorted(ran) == sorted(wanted)
    with bare_app.app_context():
        assert set(session().scalars(select(Job.state))) == {"done"}


def test_of_two_who_finish_one_task_one_is_too_late(bare_app, people, made, inside):
    task_id = inside(partial(tasks.added, people, made.case_id))
    results = together(bare_app, *(partial(tasks.finish, people, task_id, key) for key in ("worker", "supervisor")))
    assert kinds(results) == ["TooLate", "ok"]
    winner = ("worker", "supervisor")[results.index(None)]
    with bare_app.app_context():
        assert vault.read(get_task(task_id))["ended_by"] == str(people.staff[winner])
        whole()


def test_of_two_who_change_one_task_one_is_stale(bare_app, people, made, inside):
    task_id = inside(partial(tasks.added, people, made.case_id))
    rv = inside(lambda: get_task(task_id).rv)
    acts = (partial(tasks.change, people, task_id, key, rv=rv, words=key) for key in ("worker", "supervisor"))
    assert kinds(together(bare_app, *acts)) == ["StaleVersion", "ok"]
    inside(whole)


def test_the_same_task_posted_several_times_at_once_is_one_task(bare_app, people, made):
    task_id = uuid4()
    acts = [partial(tasks.added, people, made.case_id, task_id=task_id)] * AT_ONCE
    assert together(bare_app, *acts) == [task_id] * AT_ONCE
    with bare_app.app_context():
        assert count(Task) == 1
        whole()


def test_an_audit_asked_for_twice_at_once_is_one_audit(bare_app, people, made):
    audit_id = uuid4()
    results = together(bare_app, *[partial(audits.ask, people, [made.case_id], audit_id=audit_id)] * AT_ONCE)
    assert results == [audit_id] * AT_ONCE
    with bare_app.app_context():
        whole()


def test_two_data_protection_decisions_at_once_are_one(bare_app, people, made, inside):
    audit_id = inside(partial(audits.ask, people, [made.case_id]))
    results = together(bare_app, *[partial(audits.approve, people, audit_id)] * 2)
    assert kinds(results) in (["TooLate", "ok"], ["ok", "ok"])
    with bare_app.app_context():
        whole()


def test_no_consent_is_kept_twice(bare_app, people, made, inside):
    consent_id, before = uuid4(), inside(partial(count, Consent))

    def record():
        with writing():
            record_consent(
                actor=people.actor("worker"), consent_id=consent_id, case_id=made.case_id, data=answer(), now=LATER
            )

    assert kinds(together(bare_app, *[record] * AT_ONCE)) == ["ok"] * AT_ONCE
    with bare_app.app_context():
        assert count(Consent) == before + 1
        whole()
