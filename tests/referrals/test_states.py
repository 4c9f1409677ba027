"""The life cycle as a table: every verb from every state by every role."""

import pytest

from caseflow.core import catalogue
from caseflow.core.db import session, writing
from caseflow.core.errors import CaseFlowError, NotAllowed, NotFound, TooLate
from caseflow.core.policy import Action, permits
from caseflow.referrals import queries, services
from caseflow.referrals.models import Referral
from caseflow.referrals.states import (
    EVENT_LABELS,
    OPEN,
    PUBLIC,
    STEPS,
    TERMINAL,
    VERB_LABELS,
    PublicState,
    ReferralState,
    line_of,
)
from tests.referrals.factories import ANSWERED, Referrals, answer

REACHABLE = sorted(set(ReferralState) - {"issued_emergency", "recalled", "lapsed"})
# What follows an emergency issue has a walk of its own: emergency/test_ratifying.py.
SCREENED = sorted({row.verb for row in STEPS if not row.later and row.verb not in ("draft", "ratify", "recall")})
WHO = (
    "worker",
    "colleague",
    "supervisor",
    "second_supervisor",
    "other_team",
    "protection",
    "auditor",
    "admin",
    "stranger",
)
DECISIONS = {"approve", "return", "decline"}


def test_every_state_is_a_code_of_the_list():
    assert set(ReferralState) <= set(catalogue.load().list("referral_status").codes)


def test_every_state_shows_as_one_of_five():
    assert set(PUBLIC) == set(ReferralState)
    assert set(PUBLIC.values()) == set(PublicState)
    assert {state for state in ReferralState if PUBLIC[state] is PublicState.DONE} == TERMINAL


def test_nothing_leaves_a_terminal_state_and_every_open_one_can_be_left():
    assert not [row for row in STEPS if row.frm & TERMINAL and row.to]
    assert {state for row in STEPS for state in row.frm if row.to} >= OPEN


def test_every_verb_with_a_screen_has_words():
    assert {row.verb for row in STEPS if not row.later} <= set(VERB_LABELS)
    assert {row.verb for row in STEPS if not row.later} <= set(EVENT_LABELS)


@pytest.mark.parametrize(
    ("state", "marks"),
    [
        ("draft", []),
        ("pending_approval", ["now", "next", "next", "next", "next"]),
        ("issued", ["past", "past", "now", "next", "next"]),
        ("in_service", ["past", "past", "past", "past", "now"]),
        ("closed", ["past"] * 5),
        ("withdrawn", []),
    ],
)
def test_the_line_shows_how_far_it_came(state, marks):
    assert [mark for _label, mark in line_of(ReferralState(state))] == marks


def expected(verb, state, key):
    """What the table and the policy say: a state, or the refusal."""
    rows = [row for row in STEPS if row.verb == verb and state in row.frm]
    if key in ("other_team", "protection", "auditor", "admin", "stranger"):
        return NotFound
    if key == "colleague" or (verb in DECISIONS and key == "worker"):
        return NotAllowed
    return (rows[0].to or state) if rows else TooLate


@pytest.mark.parametrize("state", REACHABLE)
def test_every_verb_from_this_state_does_what_the_table_says_for_every_role(app, people, state):
    made = Referrals(people)
    referral_id = made.at(state)
    wrong = []
    for verb in SCREENED:
        for key in WHO:
            if outcome_of(made, people, referral_id, verb, key) != expected(verb, state, key):
                wrong.append((verb, key))
    assert wrong == []


def outcome_of(made, people, referral_id, verb, key):
    """The state after, or the refusal; nothing is kept."""
    session().rollback()
    try:
        take(made, people, referral_id, verb, key)
    except Kept as kept:
        return kept.args[0]
    except CaseFlowError as refusal:
        return type(refusal)


class Kept(Exception):
    """Carries the state out of a transaction that is then rolled back."""


def take(made, people, referral_id, verb, key):
    actor, stored = people.actor(key), queries.get_referral(referral_id)
    digest, rv = queries.snapshot_digest(stored), stored.rv
    common = {"actor": actor, "referral_id": referral_id, "now": ANSWERED}
    calls = {
        "edit": lambda: services.edit_referral(**common, data=made.data(), rv=rv),
        "submit": lambda: services.submit(**common, rv=rv),
        "approve": lambda: services.approve(**common, snapshot_digest=digest, rv=rv),
        "return": lambda: services.return_(**common, rv=rv, comments={"": "Shorter, please."}),
        "decline": lambda: services.decline(**common, rv=rv, reason="Not the right partner."),
    }
    with writing():
        data = answer(happened_at=ANSWERED)
        calls.get(verb, lambda: services.record_answer(**common, verb=verb, data=data))()
        raise Kept(ReferralState(session().get(Referral, referral_id).state))


def test_nobody_signed_in_may_issue_or_let_lapse(app, people):
    stored = queries.get_referral(Referrals(people).approved())
    for key in WHO:
        assert not permits(people.actor(key), Action.Referral.ISSUE, stored)
        assert not permits(people.actor(key), Action.Referral.LAPSE, stored)
