"""Within 24 hours: ratified, not ratified, undecided. Recall stops the data and never the service."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, TooLate
from caseflow.core.outbox import Job, Outbox
from caseflow.core.policy import Action, permits
from caseflow.core.press import letter as press
from caseflow.core.press.pages import grouped
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from caseflow.referrals import jobs, queries, services
from caseflow.referrals.states import EMERGENCY_ENDED, EMERGENCY_OPEN, STEPS
from caseflow.support import queries as support
from tests.accounts.test_duty import planned
from tests.referrals.emergency.making import decide, issued
from tests.referrals.factories import START, Referrals, answer, filled_case

pytestmark = pytest.mark.both_databases
HOUR = timedelta(hours=1)
MORNING, DAY_AFTER = START + 5 * HOUR, START + 24 * HOUR
LINE = ("acknowledge", "accept", "start_service", "deliver", "feedback", "close")


def at(people, state):
    """An emergency issue that went on to a state."""
    referral_id = issued(people)
    states = ("issued_emergency", "acknowledged", "accepted", "in_service", "service_delivered", "feedback_received")
    verbs = LINE[: states.index(state)] if state in states else {"refused": ("acknowledge", "refuse"), "closed": LINE,
                                                                  "withdrawn": ("withdraw",)}[state]  # fmt: skip
    for verb in verbs:
        with writing():
            services.record_answer(
                actor=people.actor("worker"), referral_id=referral_id, verb=verb,
                data=answer(happened_at=START + HOUR), now=START + HOUR,
            )  # fmt: skip
    return referral_id


def state(referral_id):
    return queries.get_referral(referral_id).state


def verbs(referral_id):
    return [one.verb for one in queries.events_of(referral_id)]


def test_ratified_it_stands_as_if_it_had_been_approved(app, people):
    referral_id = issued(people)
    decide(people, referral_id, "ratify", now=MORNING)
    stored = queries.get_referral(referral_id)
    assert (stored.state, stored.approver_id, stored.approved_at) == (
        "issued_emergency", people.staff["supervisor"], MORNING,
    )  # fmt: skip
    assert queries.count_emergencies(people.actor("supervisor")) == 0
    assert vault.read(stored)["emergency"]["decision"]["role"] == "supervisor"
    assert verify().findings == []


def written(referral_id, now=MORNING):
    """What the worker does once it is decided, twice: the paper is made once."""
    for _twice in range(2):
        jobs.write_approval(referral_id=referral_id, now=now)
    return vault.read(queries.get_referral(referral_id)).get("approval")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_approval_is_a_paper_of_its_own_and_tells_nothing_of_the_person(app, people, language):
    referral_id = issued(people, case_id=filled_case(people), language=language)
    decide(people, referral_id, "ratify", now=MORNING)
    assert written(referral_id)
    with writing():
        name, content = services.open_letter(
            actor=people.actor("worker"), referral_id=referral_id, copy="approval", now=MORNING
        )
    stored = queries.get_referral(referral_id)
    assert name == "approval-OUR-2026-0001.pdf" and content.startswith(b"%PDF")
    ticket = services.issuing.ticket_of(stored, vault.read(stored), START)
    page = press.approval_as_html(ticket.letter, ticket.issue)
    digest, name = grouped(queries.snapshot_digest(stored)), ticket.letter.to_organisation
    for said in ("OUR-2026-0001", digest, name, ticket.issue.approver_post):
        assert said and said in page, said
    code = vault.read(stored.case)
    for private in ("Canary", code["code_en"], code["code_ur"], stored.case.number, "There is no safe place"):
        assert private not in page, private
    assert verbs(referral_id)[-1] == "approval" and verbs(referral_id).count("approval") == 1
    assert verify().findings == []


def test_without_a_ratification_there_is_no_paper(app, people):
    waiting, recalled, approved = issued(people), issued(people), Referrals(people).issued()
    decide(people, recalled, "recall", now=MORNING)
    for referral_id in (waiting, recalled, approved):
        assert written(referral_id) is None
        with pytest.raises(NotFound):
            services.open_letter(actor=people.actor("worker"), referral_id=referral_id, copy="approval", now=MORNING)


def test_the_paper_stops_no_letter_that_is_still_to_be_pressed(app, people):
    referral_id = issued(people)
    decide(people, referral_id, "ratify", now=MORNING)
    written(referral_id)
    jobs.issue_letter(referral_id=referral_id, now=MORNING)
    stored = queries.get_referral(referral_id)
    assert stored.document_id and vault.read(stored)["approval"]


@pytest.mark.parametrize("reached", sorted({*EMERGENCY_OPEN, *EMERGENCY_ENDED} - {"lapsed"}))
def test_it_is_decided_on_wherever_it_has_come_to(app, people, reached):
    good, bad = at(people, reached), at(people, reached)
    decide(people, good, "ratify", now=MORNING)
    decide(people, bad, "recall", now=MORNING)
    assert state(good) == reached
    assert state(bad) == ("recalled" if reached in EMERGENCY_OPEN else reached)
    assert verbs(bad)[-1] == "recall"
    assert queries.get_referral(bad).approved_at is None


def test_not_ratified_recalls_the_data_and_opens_an_incident(app, people):
    referral_id = at(people, "accepted")
    decide(people, referral_id, "recall", now=MORNING, text="It could have waited.")
    stored = queries.get_referral(referral_id)
    assert stored.state == "recalled" and stored.due_at is None
    assert vault.read(stored)["emergency"]["decision"]["text"] == "It could have waited."
    entry = session().scalars(select(TrailEntry).where(TrailEntry.tag == "referrals:emergency:recall")).one()
    assert entry.object_id == referral_id and entry.role == "supervisor"
    assert permits(people.actor("worker"), Action.Referral.EMERGENCY)  # not suspended by itself


def test_a_recall_leaves_two_tasks_and_nothing_that_ends_the_service(app, people):
    referral_id = issued(people)
    decide(people, referral_id, "recall", now=MORNING)
    case_id = queries.get_referral(referral_id).case_id
    kinds = sorted(row.doc["kind"] for row in support.of_case(case_id))
    assert kinds == ["follow_up", "lawful_cover", "other"]
    assert {row.assignee_id for row in support.of_case(case_id)} == {people.staff["worker"]}


def test_the_reason_is_needed_only_against_it(app, people):
    referral_id = issued(people)
    with pytest.raises(Invalid) as refused:
        decide(people, referral_id, "recall", now=MORNING, text="  ")
    assert set(refused.value.problems) == {"reason"}
    decide(people, referral_id, "ratify", now=MORNING, text="")


def test_only_a_supervisor_suspends_the_right_and_only_with_the_recall(app, people):
    first, second = issued(people), issued(people)
    decide(people, first, "recall", "protection", now=MORNING, suspend=True)
    assert permits(people.actor("worker"), Action.Referral.EMERGENCY)
    decide(people, second, "recall", now=MORNING, suspend=True)
    assert not permits(people.actor("worker"), Action.Referral.EMERGENCY)
    with pytest.raises(NotAllowed):
        issued(people)


def test_data_protection_decides_when_no_supervisor_has_and_the_role_is_kept(app, people):
    referral_id = issued(people)
    decide(people, referral_id, "ratify", "protection", now=MORNING)
    assert vault.read(queries.get_referral(referral_id))["emergency"]["decision"]["role"] == "data_protection"
    entry = session().scalars(select(TrailEntry).where(TrailEntry.tag == "referrals:emergency:ratify")).one()
    assert entry.role == "data_protection"


@pytest.mark.parametrize(
    ("key", "refusal"),
    [("worker", NotAllowed), ("colleague", NotAllowed), ("other_team", NotFound), ("other_team_supervisor", NotFound),
     ("auditor", NotFound), ("admin", NotFound), ("stranger_supervisor", NotFound)],
)  # fmt: skip
@pytest.mark.parametrize("what", ["ratify", "recall"])
def test_nobody_else_decides(app, people, key, refusal, what):
    referral_id = issued(people)
    with pytest.raises(refusal):
        decide(people, referral_id, what, key, now=MORNING)
    assert verbs(referral_id) == ["issue_emergency"]


def test_an_approved_letter_is_neither_ratified_nor_recalled(app, people):
    referral_id = Referrals(people).issued()
    for what in ("ratify", "recall"):
        with pytest.raises(NotAllowed):
            decide(people, referral_id, what, now=MORNING)


def test_who_comes_second_is_told_so(app, people):
    referral_id = issued(people)
    decide(people, referral_id, "ratify", now=MORNING)
    for what in ("ratify", "recall"):
        with pytest.raises(TooLate):
            decide(people, referral_id, what, "second_supervisor", now=MORNING)
    assert state(referral_id) == "issued_emergency"


def test_another_content_than_the_one_seen_is_not_ratified(app, people):
    referral_id = issued(people)
    for seen in ("", "00" * 32, "نہیں"):
        with pytest.raises(TooLate), writing():
            services.ratify(
                actor=people.actor("supervisor"), referral_id=referral_id, snapshot_digest=seen, text="", now=MORNING
            )


def outbox():
    """A worker that knows nothing but its handlers: as after a restart."""
    made = Outbox()
    jobs.register(made)
    return made


def run(now):
    """What a freshly started worker does; the letter is left alone."""
    for job in session().scalars(select(Job).where(Job.name == "referrals.issue")):
        job.state = "done"
    session().commit()
    return outbox().run_due(clock=lambda: now)


def test_undecided_for_24_hours_it_goes_once_to_the_next_named_person(app, people):
    planned(people, "supervisor", start=START - HOUR, end=START + 8 * HOUR, now=START)
    planned(people, "other_team_supervisor", start=START + 20 * HOUR, end=START + 30 * HOUR, now=START)
    referral_id = issued(people)
    assert run(DAY_AFTER - timedelta(minutes=1)) == 0
    assert run(DAY_AFTER) == 1
    stored = queries.get_referral(referral_id)
    emergency = vault.read(stored)["emergency"]
    assert emergency["escalated"]["to"] == str(people.staff["other_team_supervisor"])
    [row] = queries.waiting_emergencies(people.actor("other_team_supervisor", now=DAY_AFTER))
    assert row.id == referral_id and row.decide_by <= DAY_AFTER
    assert permits(people.actor("worker"), Action.Referral.EMERGENCY)
    # The overdue mark stays the supervisor's: it waits on their home as well.
    assert queries.count_emergencies(people.actor("supervisor", now=DAY_AFTER)) == 1
    decide(people, referral_id, "ratify", "other_team_supervisor", now=DAY_AFTER + HOUR)
    assert queries.count_emergencies(people.actor("other_team_supervisor", now=DAY_AFTER + HOUR)) == 0


def test_the_clock_survives_a_crash_and_escalates_once(app, people):
    referral_id = issued(people)
    run(DAY_AFTER)
    for _again in range(2):
        jobs.escalate(referral_id=referral_id, now=DAY_AFTER + HOUR)
    assert verbs(referral_id).count("escalate") == 1


def test_what_was_decided_in_time_does_not_escalate(app, people):
    referral_id = issued(people)
    decide(people, referral_id, "ratify", now=MORNING)
    run(DAY_AFTER)
    assert "escalate" not in verbs(referral_id)


def test_a_late_decision_is_marked(app, people):
    referral_id = issued(people)
    decide(people, referral_id, "ratify", now=DAY_AFTER + HOUR)
    entry = session().scalars(select(TrailEntry).where(TrailEntry.tag == "referrals:emergency:ratify")).one()
    detail = vault.current().open_bytes(entry.case_id, entry.detail, "trail_entry", entry.id, "detail")
    assert detail["overdue"] == "yes"


def called(people, referral_id, who="supervisor", key="worker", when=START + timedelta(minutes=10)):
    with writing():
        services.note_call(
            actor=people.actor(key), referral_id=referral_id, user_id=people.staff[who], happened_at=when,
            now=START + HOUR,
        )  # fmt: skip


def test_i_called_the_supervisor_at_ten_past_two(app, people):
    referral_id = issued(people)
    for _twice in range(2):
        called(people, referral_id)
    doc = vault.read(queries.get_referral(referral_id))
    assert [one["who"] for one in doc["emergency"]["called"]] == [str(people.staff["supervisor"])]
    assert verbs(referral_id) == ["issue_emergency", "call"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"who": "worker"}, "who"), ({"when": START + 9 * HOUR}, "called_at"), ({"when": START - HOUR}, "called_at")],
)
def test_a_call_that_cannot_have_been_is_refused(app, people, changed, field):
    referral_id = issued(people)
    with pytest.raises(Invalid) as refused:
        called(people, referral_id, **changed)
    assert set(refused.value.problems) == {field}


def test_a_call_is_noted_only_about_an_emergency_and_by_who_works_the_case(app, people):
    with pytest.raises(NotFound):
        called(people, Referrals(people).issued())
    with pytest.raises(NotAllowed):
        called(people, issued(people), key="colleague")


def test_the_table_names_every_state_that_waits():
    frm = {state for row in STEPS if row.verb == "ratify" for state in row.frm}
    assert frm == {state for row in STEPS if row.verb == "recall" for state in row.frm}
