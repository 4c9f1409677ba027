"""One act at two in the morning: case, ground, referral, number, alerts; and nothing of it when a gate stays closed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from caseflow.accounts.services.duty import suspend_emergency_right
from caseflow.cases import services as casework
from caseflow.cases.models import Case
from caseflow.cases.queries import data_of, read_record, records_of
from caseflow.consent.queries import gate, register_of
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, Refused
from caseflow.core.outbox import Job
from caseflow.core.policy import Action, Role, permits
from caseflow.core.press import letter as press
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from caseflow.referrals import queries, services
from caseflow.referrals.letters.emergency import MINIMUM
from caseflow.referrals.models import Referral
from tests.accounts.test_duty import planned
from tests.cases import factories as cases
from tests.referrals.emergency.making import WHO, decide, issued, shelter
from tests.referrals.factories import START, fake_copies, filled_case, partner

pytestmark = pytest.mark.both_databases


def letter_of(referral_id):
    return queries.submitted_letter(queries.get_referral(referral_id))


def press_it(app, referral_id, now=START):
    with writing():
        ticket = services.prepare(referral_id=referral_id, now=now)
    with writing():
        services.issue(ticket=ticket, copies=fake_copies(), now=now)
    return ticket


def test_a_new_person_has_a_case_in_screening_and_an_issued_referral(app, people):
    stored = queries.get_referral(issued(people))
    assert (stored.state, stored.case.state) == ("issued_emergency", "screening")
    assert stored.due_at == START + timedelta(hours=2)
    assert stored.assignee_id == people.staff["worker"]
    assert queries.register_number(stored) == "OUR-2026-0001"
    safety, person = data_of(stored.case_id, "safety"), data_of(stored.case_id, "person")
    assert safety["safe_phone"] == WHO["safe_phone"]
    assert data_of(stored.case_id, "assessment")["risk_level"] == "emergency"
    assert stored.case.due_on == START.date() + timedelta(days=1)
    assert (person["dependants_with_person"], person["dependants_ages"]) == (2, "4 and 7")
    assert vault.read(stored.case)["vital_interest"] == "There is no safe place for tonight"
    assert {view.status for view in register_of(stored.case_id, today=START.date())} == {"not_sought"}
    assert verify().findings == []


def test_the_letter_tells_the_minimum_and_no_name(app, people):
    case_id = filled_case(people)
    referral_id = issued(people, case_id=case_id)
    frozen = vault.read(queries.snapshot_of(queries.get_referral(referral_id)))
    assert set(frozen["groups"]) <= {*MINIMUM, *(
        "case_reference_and_referral_no", "service_asked_and_reason_in_one_line", "consent_statement_no_signature_image"
    )}  # fmt: skip
    text = str(frozen["letter"])
    for private in ("Canaryfirst", "Canaryother", "Canaryalias", "35202", "Canary bridge", "Canary cover", "Canaryw"):
        assert private not in text
    assert "There is no safe place for tonight" in text and "Canary alert" in text


def test_nobody_can_widen_it(app, people):
    referral_id = issued(people, case_id=filled_case(people), groups=["name"], own_ticks=["name"], urgency="routine")
    doc = vault.read(queries.get_referral(referral_id))
    assert "name" not in doc["groups"] and doc["own_ticks"] == [] and doc["urgency"] == "emergency"


def test_the_letter_says_that_approval_is_to_follow_and_names_no_approver(app, people):
    referral_id = issued(people)
    ticket = press_it(app, referral_id, START + timedelta(minutes=3))
    assert ticket.issue.issued_at == START
    page = press.as_html(ticket.letter, ticket.issue)
    assert "Emergency issue: approval to follow." in page and "Approved by" not in page
    stored = queries.get_referral(referral_id)
    assert stored.state == "issued_emergency" and stored.document_id
    assert [one.verb for one in queries.events_of(referral_id)] == ["issue_emergency", "letter"]


def test_a_letter_that_was_pressed_is_not_pressed_again(app, people):
    referral_id = issued(people)
    press_it(app, referral_id)
    with writing():
        assert services.prepare(referral_id=referral_id, now=START) is None


def test_consent_by_telephone_is_kept_for_this_partner_and_named_in_the_letter(app, people):
    referral_id = issued(people, ground="verbal_phone", private="yes")
    stored = queries.get_referral(referral_id)
    given = [one for one in register_of(stored.case_id, today=START.date()) if one.doc.get("recipient_id")]
    assert [(one.status, one.doc["method"]) for one in given] == [("given", "verbal_phone")]
    assert "Verbal, by telephone" in letter_of(referral_id).consent
    assert vault.read(stored)["basis"] == "consent" and people.staff["worker"] in stored.involved


def test_a_childs_word_opens_nothing_and_leaves_nothing(app, people):
    for status in ("minor", "unknown"):
        with pytest.raises(Invalid) as refused:
            issued(people, ground="verbal_phone", private="yes", majority_status=status)
        assert "ground" in refused.value.problems
    assert session().scalar(select(func.count()).select_from(Case)) == 0
    assert session().scalar(select(func.count()).select_from(Referral)) == 0


def test_a_child_is_helped_for_a_vital_interest(app, people):
    authority = partner(people, "L3_child", services=["child_protection"])
    made = issued(people, majority_status="unknown", partner_id=authority, services=["child_protection"])
    assert queries.get_referral(made).state == "issued_emergency"


@pytest.mark.parametrize("recipient_class", ["L1_law", "L2_gov", "L4_legal", "L5_consular", "L6_oversight"])
def test_nobody_else_is_told_in_an_emergency(app, people, recipient_class):
    other = partner(people, recipient_class)
    with pytest.raises(Refused):
        issued(people, partner_id=other, services=["legal"])
    assert session().scalar(select(func.count()).select_from(Case)) == 0


@pytest.mark.parametrize(
    "changed",
    [{"ground": "mandatory_report", "private": "yes"}, {"reason": "bored"}, {"ground": "signature", "private": ""}],
)
def test_what_is_not_on_the_lists_is_refused(app, people, changed):
    with pytest.raises(Invalid) as refused:
        issued(people, **changed)
    assert len(refused.value.problems) == 1


def test_the_same_post_twice_gives_one_case_and_one_letter(app, people):
    referral_id, case_id = uuid4(), casework.reserve(uuid4(), now=START)
    home = shelter(people)
    for _twice in range(2):
        assert issued(people, referral_id=referral_id, case_id=case_id, partner_id=home, **WHO) == referral_id
    assert session().scalar(select(func.count()).select_from(Case)) == 1
    assert session().scalar(select(func.count()).select_from(Job)) == 2


def test_an_id_of_somebody_else_tells_nothing(app, people):
    referral_id = issued(people)
    with pytest.raises(NotFound):
        issued(people, key="colleague", referral_id=referral_id)


def test_it_starts_from_any_open_state_of_an_own_case_and_from_no_other_case(app, people):
    own, foreign = cases.opened(people), cases.opened(people, "colleague")
    assert queries.get_referral(issued(people, case_id=own)).case_id == own
    assert data_of(own, "assessment")["risk_level"] == "emergency"
    with pytest.raises(NotAllowed):
        issued(people, case_id=foreign)


def test_only_caseworkers_with_the_right_issue_alone(app, people):
    for key in ("supervisor", "protection", "auditor", "admin"):
        with pytest.raises(NotAllowed):
            issued(people, key=key)
    with writing():
        suspend_emergency_right(actor=people.actor("supervisor"), staff_id=people.staff["worker"], now=START)
    with pytest.raises(NotAllowed):
        issued(people)
    issued(people, key="colleague")


def test_supervisors_of_the_team_and_data_protection_are_alerted_at_once(app, people):
    referral_id = issued(people)
    for key in ("supervisor", "second_supervisor", "protection"):
        assert [row.id for row in queries.waiting_emergencies(people.actor(key))] == [referral_id], key
        assert queries.count_emergencies(people.actor(key)) == 1
    for key in ("worker", "other_team_supervisor", "stranger_supervisor", "auditor", "admin"):
        assert queries.count_emergencies(people.actor(key, now=START)) == 0, key


def test_a_supervisor_on_duty_of_another_team_can_decide_on_this_one_and_read_nothing_else(app, people):
    planned(people, "other_team_supervisor", start=START - timedelta(hours=1), now=START)
    stored = queries.get_referral(issued(people))
    actor = people.actor("other_team_supervisor", now=START)
    assert permits(actor, Action.Referral.RATIFY, stored)
    assert not permits(actor, Action.Case.READ, stored.case) and not permits(actor, Action.Referral.READ, stored)
    assert queries.count_emergencies(actor) == 1
    assert vault.read(stored)["emergency"]["alerted"][0] == str(people.staff["other_team_supervisor"])
    later = people.actor("other_team_supervisor", now=START + timedelta(days=4))
    assert not permits(later, Action.Referral.RATIFY, stored)


def test_what_was_disclosed_on_what_ground_stands_in_the_trail(app, people):
    stored = queries.get_referral(issued(people))
    tags = [one.tag for one in session().scalars(select(TrailEntry).where(TrailEntry.case_id == stored.case_id))]
    assert {"referrals:data:disclose", "referrals:letter:issue", "consent:consent:record"} <= set(tags)
    roles = {one.role for one in session().scalars(select(TrailEntry).where(TrailEntry.case_id == stored.case_id))}
    assert roles == {str(Role.CASEWORKER), "system"}  # the tasks for the day are the system's


def police(people):
    return partner(people, "L1_law", services=["police"], phone="+924200000015")


RESCUE = {"place_of_danger": "The brick kiln behind the fictional canal", "request": "Please get somebody out now."}


def test_the_police_are_told_a_place_and_nothing_about_who(app, people):
    referral_id = issued(people, case_id=filled_case(people), partner_id=police(people), **RESCUE)
    letter, stored = letter_of(referral_id), queries.get_referral(referral_id)
    text = str(letter.to_document())
    assert RESCUE["place_of_danger"] in text and stored.number in text
    code = vault.read(stored.case)
    for private in (code["code_en"], code["code_ur"], stored.case.number, "Canary", "Woman", "Pashto", "24_26"):
        assert private not in text, private
    assert len(letter.lines) == 2 and letter.safety == ()
    assert vault.read(stored)["groups"] == ["place_of_danger"]
    decide(people, referral_id, "ratify", now=START + timedelta(hours=1))


def notes_of(case_id):
    return [read_record(one) for one in records_of(case_id, "note")]


def test_a_rescue_request_loses_no_place_that_was_known_before(app, people):
    case_id, force = filled_case(people), police(people)
    first = issued(people, case_id=case_id, partner_id=force, **RESCUE)
    assert data_of(case_id, "safety")["place_of_danger"] == RESCUE["place_of_danger"]
    assert "Canary bridge" not in str(letter_of(first).to_document())  # the police are told the new one alone
    day, subject = START.date().isoformat(), "Place of danger before the rescue request"
    assert notes_of(case_id) == [{"happened_at": day, "subject": subject, "text": "Canary bridge"}]
    issued(
        people, case_id=case_id, partner_id=force, now=START + timedelta(hours=1),
        **{**RESCUE, "place_of_danger": "A fictional well"},
    )  # fmt: skip
    assert [one["text"] for one in notes_of(case_id)] == ["Canary bridge", RESCUE["place_of_danger"]]


def test_a_place_that_is_the_first_or_the_same_leaves_no_note(app, people):
    case_id, force = filled_case(people, safety={"safe_contact_way": ["none_now"]}), police(people)
    for _twice in range(2):
        issued(people, case_id=case_id, partner_id=force, **RESCUE)
    assert notes_of(case_id) == []


@pytest.mark.parametrize("changed", [{"place_of_danger": ""}, {"ground": "verbal_phone", "private": "yes"}])
def test_without_a_place_or_by_consent_the_police_are_not_told(app, people, changed):
    with pytest.raises((Refused, Invalid)):
        issued(people, partner_id=police(people), **{**RESCUE, **changed})
    assert session().scalar(select(func.count()).select_from(Case)) == 0


def test_the_exception_opens_nothing_else(app, people):
    case_id, home = filled_case(people), shelter(people)
    told = {"partner_id": home, "groups": ["place_of_danger"], "own_ticks": [], "basis": "vital_interest",
            "basis_reason": "Danger.", "today": START.date(), "rescue": True, "case_id": case_id}  # fmt: skip
    assert gate(recipient_class="L1_law", **told).open
    for klass, groups in (("L5_consular", ["place_of_danger"]), ("L4_shelter", ["place_of_danger"]),
                          ("L1_law", ["name"]), ("L1_law", ["place_of_danger", "name"]), ("L1_law", [])):  # fmt: skip
        assert not gate(recipient_class=klass, **{**told, "groups": groups}).open, (klass, groups)
    assert not gate(recipient_class="L1_law", **{**told, "basis": "consent"}).open
    assert not gate(recipient_class="L1_law", **{**told, "rescue": False}).open
