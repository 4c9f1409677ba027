"""Reads: who sees what, in which order, and what a broken seal does to a list."""

from datetime import timedelta

import pytest

from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import NotFound
from caseflow.core.policy import Action, permits
from caseflow.core.vault import SealBroken
from caseflow.referrals import queries
from caseflow.referrals.models import Referral
from tests.cases.factories import saved
from tests.referrals.factories import LATER, PERSON, START, Referrals, consent, filled_case

pytestmark = pytest.mark.both_databases
TODAY = START.date()


@pytest.fixture
def several(app, people):
    """One case with a referral in each of five states."""
    made = Referrals(people)
    return made, {state: made.at(state) for state in ("draft", "pending_approval", "issued", "accepted", "closed")}


def ids(rows):
    return [row.id for row in rows]


def test_each_queue_holds_its_states(several, people):
    _made, by_state = several
    worker = people.actor("worker")
    found = {queue: ids(queries.list_referrals(worker, queue=queue)) for queue in queries.QUEUES}
    assert found["waiting"] == [by_state["pending_approval"]]
    assert found["sent"] == [by_state["issued"]]
    assert found["answered"] == [by_state["accepted"]]
    assert found["done"] == [by_state["closed"]]
    assert set(found["mine"]) == set(by_state.values()) - {by_state["closed"]}
    assert {queue: queries.count_queue(worker, queue) for queue in queries.QUEUES} == {
        queue: len(rows) for queue, rows in found.items()
    }
    with pytest.raises(NotFound):
        queries.list_referrals(worker, queue="everything")


def test_the_list_is_the_twin_of_the_rule(several, people):
    _made, by_state = several
    every = [session().get(Referral, one) for one in by_state.values()]
    for key in people.staff:
        actor = people.actor(key)
        seen = set(session().scalars(session().query(Referral.id).filter(queries.visible_to(actor)).statement))
        assert seen == {one.id for one in every if permits(actor, Action.Referral.READ, one)}, key


def test_pages_join_without_gap_or_double_even_at_equal_times(app, people):
    made = Referrals(people)
    every = {made.drafted() for _one in range(5)}
    waiting = {made.submitted() for _one in range(3)}
    for queue, wanted in (("mine", every | waiting), ("waiting", waiting)):
        seen, after = [], None
        while page := queries.list_referrals(people.actor("worker"), queue=queue, after=after, limit=2):
            seen += ids(page)
            after = page[-1].key
        assert (len(seen), set(seen)) == (len(wanted), wanted)


def test_a_row_shows_partner_code_name_and_line(several, people):
    made, by_state = several
    row = next(row for row in queries.of_case(made.case_id) if row.id == by_state["issued"])
    assert row.partner_name == "Fictional partner L4_legal"
    assert row.code_name
    assert row.line[0][1] == "past"
    assert row.overdue(LATER + timedelta(days=5))
    assert not row.broken


def test_a_broken_seal_marks_its_row_and_kills_no_list(several, people):
    made, by_state = several
    with writing():
        stored = session().get(Referral, by_state["issued"])
        stored.sealed = stored.sealed[:-1] + bytes([stored.sealed[-1] ^ 1])
    rows = {row.id: row for row in queries.of_case(made.case_id)}
    assert rows[by_state["issued"]].broken
    assert rows[by_state["issued"]].doc == {}
    assert not rows[by_state["draft"]].broken
    with pytest.raises(SealBroken):
        vault.read(queries.get_referral(by_state["issued"]))


def test_a_draft_shows_what_is_agreed_and_what_is_not(app, people):
    made = Referrals(people, consented=False)
    consent(people, made.case_id, made.partner_id, groups=["name"], own=["medical_needs"])
    referral_id = made.drafted(groups=["name", "citizenship", "medical_needs"], own_ticks=["medical_needs"])
    found = queries.disclosure_of(queries.get_referral(referral_id), TODAY)
    why = {line.group: line.why for line in found.withheld}
    assert {"name", "medical_needs"} <= set(found.groups)
    assert why["citizenship"] == "not_agreed"
    assert {check.code: check.status for check in queries.checks_of(queries.get_referral(referral_id), TODAY)} == {
        "consent": "failed", "partner": "passed", "matrix": "passed", "agreement": "passed", "minimum": "look",
        "own_ticks": "look", "safety": "look", "adult": "passed", "channel": "passed",
    }  # fmt: skip


def test_gender_identity_needs_its_own_tick_whatever_the_class(app, people):
    case_id = filled_case(people, person={**PERSON, "gender": "trans_feminine"})
    made = Referrals(people, "L4_health", case_id=case_id, consented=False)
    consent(people, case_id, made.partner_id, "L4_health", groups=["sex_gender"], own=[])
    plain = queries.get_referral(made.drafted(groups=["sex_gender"], own_ticks=[], why={}))
    assert "sex_gender" not in queries.disclosure_of(plain, TODAY).groups
    ticking = {"groups": ["sex_gender"], "own": ["sex_gender"], "now": START - timedelta(hours=1)}
    consent(people, case_id, made.partner_id, "L4_health", **ticking)
    assert "sex_gender" not in queries.disclosure_of(plain, TODAY).groups
    ticked = queries.get_referral(made.drafted(groups=["sex_gender"], own_ticks=["sex_gender"]))
    assert "sex_gender" in queries.disclosure_of(ticked, TODAY).groups


def test_the_preview_of_what_waits_is_what_was_frozen(app, people):
    made = Referrals(people)
    stored = queries.get_referral(made.submitted())
    assert queries.preview(stored, TODAY) == queries.submitted_letter(stored)
    assert queries.preview(queries.get_referral(made.drafted()), TODAY).ask.request.startswith("A first talk")


def test_a_file_changed_since_submission_is_something_to_look_at(app, people):
    made = Referrals(people)
    referral_id = made.submitted()
    checks = {one.code: one.status for one in queries.checks_of(queries.get_referral(referral_id), TODAY)}
    assert checks["current"] == "passed"
    saved(people, made.case_id, "person", {**PERSON, "hopes": "Canary other hope"}, now=LATER)
    checks = {one.code: one.status for one in queries.checks_of(queries.get_referral(referral_id), TODAY)}
    assert checks["current"] == "look"
