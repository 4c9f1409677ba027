"""A consent taken back: what has not left stops, what has left is marked."""

import pytest

from caseflow.core import vault
from caseflow.core.db import writing
from caseflow.core.trail.verify import verify
from caseflow.referrals import queries, services
from tests.referrals.factories import Referrals
from tests.referrals.services.test_issuing import withdraw

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("state", "after", "marked"),
    [
        ("draft", "draft", False),
        ("pending_approval", "returned", False),
        ("returned", "returned", False),
        ("approved", "returned", False),
        ("declined_internal", "declined_internal", False),
        ("issued", "issued", True),
        ("accepted", "accepted", True),
        ("closed", "closed", True),
    ],
)
def test_each_state_stops_or_is_marked(app, people, state, after, marked):
    made = Referrals(people)
    referral_id = made.at(state)
    withdraw(made)
    stored = queries.get_referral(referral_id)
    assert (stored.state, bool(vault.read(stored).get("consent_withdrawn"))) == (after, marked)
    verbs = [event.verb for event in queries.events_of(referral_id)]
    assert ("consent_withdrawn" in verbs, "send_back" in verbs) == (marked, state in ("pending_approval", "approved"))
    assert verify().whole


def test_a_referral_that_rests_on_another_consent_goes_on(app, people):
    made = Referrals(people)
    other = Referrals(people, "L4_shelter", case_id=made.case_id)
    referral_id = other.submitted()
    made.submitted()
    withdraw(made)
    assert queries.get_referral(referral_id).state == "pending_approval"


def test_being_told_twice_marks_once(app, people):
    made = Referrals(people)
    referral_id = made.issued()
    withdraw(made)
    with writing():
        services.on_consent_withdrawn(
            actor=people.actor("worker"), case_id=made.case_id, consent_id=made.consent_id,
            now=queries.get_referral(referral_id).updated_at,
        )  # fmt: skip
    assert [event.verb for event in queries.events_of(referral_id)].count("consent_withdrawn") == 1
