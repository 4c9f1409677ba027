"""What happened to a referral: who said so, how, when, and how it ended."""

from datetime import timedelta

import pytest

from caseflow.core import vault
from caseflow.core.db import writing
from caseflow.core.errors import Invalid, NotAllowed, TooLate
from caseflow.core.trail.verify import verify
from caseflow.referrals import queries, services
from tests.referrals.factories import ANSWERED, ISSUED, Referrals, answer


def test_an_answer_keeps_who_how_and_both_dates(app, people):
    made = Referrals(people)
    referral_id = made.issued()
    happened = ISSUED + timedelta(minutes=20)
    with writing():
        services.record_answer(
            actor=people.actor("worker"), referral_id=referral_id, verb="acknowledge",
            data=answer(happened_at=happened), now=ANSWERED,
        )  # fmt: skip
    event = queries.events_of(referral_id)[-1]
    assert (event.happened_at, event.recorded_at) == (happened, ANSWERED)
    assert (event.doc["by_post"], event.doc["how"]) == ("Manager on duty", "phone")
    assert "reached" not in event.doc
    stored = queries.get_referral(referral_id)
    assert (stored.state, stored.state_since) == ("acknowledged", happened)
    assert stored.due_at == ISSUED + timedelta(hours=72)


@pytest.mark.parametrize(
    ("verb", "state", "changed", "fields"),
    [
        ("acknowledge", "issued", {"happened_at": ANSWERED + timedelta(seconds=1)}, {"happened_at"}),
        ("acknowledge", "issued", {"happened_at": ISSUED - timedelta(minutes=2)}, {"happened_at"}),
        ("acknowledge", "issued", {"happened_at": None, "by_post": " ", "how": ""}, {"happened_at", "by_post", "how"}),
        ("acknowledge", "issued", {"how": "pigeon"}, {"how"}),
        ("acknowledge", "issued", {"by_post": "x" * 201}, {"by_post"}),
        ("refuse", "acknowledged", {"reason": ""}, {"reason"}),
        ("refuse", "acknowledged", {"reason": "made_up"}, {"reason"}),
        ("feedback", "service_delivered", {"harm": "", "reached": "perhaps"}, {"harm", "reached"}),
        ("withdraw", "issued", {"told": ""}, {"told"}),
        ("cancel", "draft", {"text": ""}, {"text"}),
    ],
)
def test_an_ill_formed_answer_is_refused_at_its_field(app, people, verb, state, changed, fields):
    made = Referrals(people)
    changed = dict(changed)
    happened = changed.pop("happened_at", ANSWERED)
    referral_id = made.at(state)
    with pytest.raises(Invalid) as refused, writing():
        services.record_answer(
            actor=people.actor("worker"), referral_id=referral_id, verb=verb,
            data=answer(happened_at=happened, **changed), now=ANSWERED,
        )  # fmt: skip
    assert set(refused.value.problems) == fields
    assert queries.get_referral(referral_id).state == state


def test_a_refusal_keeps_its_reason_and_ends_it(app, people):
    stored = queries.get_referral(Referrals(people).at("refused"))
    assert vault.read(stored)["outcome"] == "refused"
    assert queries.events_of(stored.id)[-1].doc["reason"] == "capacity"


def test_no_show_is_an_event_and_leaves_the_state(app, people):
    made = Referrals(people)
    referral_id = made.at("accepted")
    due = queries.get_referral(referral_id).due_at
    made.record(referral_id, "no_show")
    stored = queries.get_referral(referral_id)
    assert (stored.state, stored.due_at, queries.events_of(referral_id)[-1].verb) == ("accepted", due, "no_show")


def test_after_harm_only_a_supervisor_closes(app, people):
    made = Referrals(people)
    referral_id = made.at("service_delivered")
    made.record(referral_id, "feedback", harm="yes")
    with pytest.raises(NotAllowed):
        made.record(referral_id, "close")
    made.record(referral_id, "close", "second_supervisor")
    assert queries.get_referral(referral_id).state == "closed"


def test_without_harm_the_worker_closes(app, people):
    stored = queries.get_referral(Referrals(people).at("closed"))
    assert (stored.due_at, vault.read(stored)["outcome"]) == (None, "closed")


def test_a_withdrawal_after_the_issue_says_whether_the_recipient_was_told(app, people):
    made = Referrals(people)
    referral_id = made.issued()
    made.record(referral_id, "withdraw", told="no")
    assert queries.events_of(referral_id)[-1].doc["told"] == "no"
    assert queries.get_referral(referral_id).state == "withdrawn"
    assert [row.state for row in queries.register_of(people.organisations["ours"])] == ["issued"]


def test_a_withdrawal_stops_an_approved_letter(app, people):
    made = Referrals(people)
    referral_id = made.approved()
    with writing():
        ticket = services.prepare(referral_id=referral_id, now=ISSUED)
    made.record(referral_id, "withdraw", told="")
    with writing():
        assert services.issue(ticket=ticket, copies={}, now=ANSWERED) is None
    assert [row.state for row in queries.register_of(people.organisations["ours"])] == ["cancelled"]
    assert verify().whole


def test_after_the_issue_nothing_is_cancelled(app, people):
    made = Referrals(people)
    with pytest.raises(TooLate):
        made.record(made.issued(), "cancel")


def test_a_form_that_rests_on_an_older_version_is_too_late(app, people):
    made = Referrals(people)
    referral_id = made.issued()
    rv = queries.get_referral(referral_id).rv
    made.record(referral_id, "acknowledge")
    with pytest.raises(TooLate), writing():
        services.record_answer(
            actor=people.actor("worker"), referral_id=referral_id, verb="accept", data=answer(), now=ANSWERED, rv=rv
        )


def test_the_whole_line_leaves_a_whole_trail(app, people):
    made = Referrals(people)
    referral_id = made.at("closed")
    assert [event.verb for event in queries.events_of(referral_id)] == [
        "draft", "submit", "approve", "issue", "acknowledge", "accept", "start_service", "deliver", "feedback", "close",
    ]  # fmt: skip
    assert verify().whole
