"""The approval page: what it shows, who may decide, and who comes first."""

import pytest

from caseflow.core.db import session
from caseflow.core.trail.models import TrailEntry
from tests.referrals.factories import Referrals, consent, filled_case
from tests.referrals.front import START
from tests.support.http import token_of


def refusals(office, key):
    """How many refusals of a person are recorded."""
    with office.inside():
        mine = TrailEntry.actor_id == office.people.staff[key]
        return session().query(TrailEntry).filter(TrailEntry.tag == "policy:access:refuse", mine).count()


def test_the_page_says_what_is_told_what_not_and_what_to_look_at(office):
    referral_id = office.at(office.made(), "pending_approval")
    page = office.as_("supervisor").get(f"/referrals/{referral_id}/decide")
    for words in ("Canary alert", "Canaryfirst", "Consent, agreed one by one", "The lawyer needs it."):
        assert words in page.words
    assert "Where the person is staying" in page.words
    assert "Never to this kind of recipient" in page.words
    assert page.words.index("Look: The letter says who the person is") < page.words.index("Passed: A valid consent")
    assert "Canary" not in page.title


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("author", "You wrote or changed this referral"),
        ("editor", "You wrote or changed"),
        ("taker", "You took a consent"),
    ],
)
def test_who_wrote_edited_or_took_the_consent_does_not_decide(office, role, words):
    with office.inside():
        key = "supervisor" if role != "editor" else "worker"
        case_id = filled_case(office.people, key="supervisor" if role == "author" else "worker")
        made = Referrals(office.people, case_id=case_id, consented=False)
        consent(office.people, case_id, made.partner_id, taker="supervisor" if role == "taker" else key)
        referral_id = made.drafted("supervisor" if role == "author" else "worker")
    browser = office.as_("supervisor")
    if role == "editor":
        browser.get(f"/referrals/{referral_id}/edit")
        browser.submit({"request": "A talk tomorrow."}, has="request")
    sender = "supervisor" if role == "author" else "worker"
    office.as_(sender).get(f"/referrals/{referral_id}")
    office.as_(sender).submit(action="/submit")
    assert office.state(referral_id) == "pending_approval"
    assert words in browser.get(f"/referrals/{referral_id}/decide", status=403).words
    token = token_of(browser.get(f"/referrals/{referral_id}").text)
    sent = {"csrf_token": token, "decision": "approve", "snapshot": "0" * 64, "rv": "2"}
    assert browser.client.post(f"/referrals/{referral_id}/decide", data=sent).status_code == 403
    assert office.state(referral_id) == "pending_approval"
    assert refusals(office, "supervisor") == 2


def test_a_caseworker_of_the_team_is_told_that_a_supervisor_decides(office):
    referral_id = office.at(office.made(), "pending_approval")
    page = office.as_("colleague").get(f"/referrals/{referral_id}/decide", status=403)
    assert "Only a supervisor of this team decides" in page.words


def test_of_two_supervisors_the_second_sees_who_decided_and_keeps_the_words(office):
    referral_id = office.at(office.made(), "pending_approval")
    first, second = office.as_("supervisor"), office.as_("second_supervisor")
    first.get(f"/referrals/{referral_id}/decide")
    second.get(f"/referrals/{referral_id}/decide")
    first.submit({"decision": "approve"}, has="decision")
    fields = {"decision": "return", "comment": "Canary words of the second."}
    page = second.submit(fields, has="decision", status=409)
    assert "Test Supervisor" in page.words
    assert "Approved" in page.words
    assert "Canary words of the second." in page.words
    assert office.state(referral_id) == "approved"
    assert "Somebody decided first" in second.get(f"/referrals/{referral_id}/decide", status=409).words


def test_a_decision_about_an_older_snapshot_is_not_taken(office):
    made = office.made()
    referral_id = office.at(made, "pending_approval")
    old, other = office.as_("supervisor"), office.as_("second_supervisor")
    old.get(f"/referrals/{referral_id}/decide")
    other.get(f"/referrals/{referral_id}/decide")
    other.submit({"decision": "return", "comment": "Shorter."}, has="decision")
    worker = office.as_("worker")
    worker.get(f"/referrals/{referral_id}/edit")
    worker.submit({"request": "Another request."}, has="request", press=("then", "submit"))
    page = old.submit({"decision": "approve"}, has="decision", status=409)
    assert "It changed while you were reading" in page.words
    assert office.state(referral_id) == "pending_approval"


def test_a_decision_needs_its_words_and_keeps_what_was_typed(office):
    referral_id = office.at(office.made(), "pending_approval")
    browser = office.as_("supervisor")
    browser.get(f"/referrals/{referral_id}/decide")
    assert "Choose what you decide." in browser.submit({}, has="decision", status=422).words
    assert "Say what should change." in browser.submit({"decision": "return"}, has="decision", status=422).words
    assert "Give a reason." in browser.submit({"decision": "decline"}, has="decision", status=422).words
    long = "Canary " * 100
    page = browser.submit({"decision": "decline", "reason": long}, has="decision", status=422)
    assert long.strip() in page.words
    assert office.state(referral_id) == "pending_approval"


def test_a_decision_asks_for_the_second_factor_again_when_it_was_shown_long_ago(office):
    referral_id = office.at(office.made(), "pending_approval")
    browser = office.as_("supervisor")
    browser.get(f"/referrals/{referral_id}/decide")
    office.now = START.replace(minute=10)
    page = browser.submit({"decision": "approve"}, has="decision", status=403)
    assert "Confirm that it is you" in page.words
    assert office.state(referral_id) == "pending_approval"
