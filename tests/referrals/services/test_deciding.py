"""The second pair of eyes: who may decide, about what exactly, and who comes first."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from caseflow.consent.services import withdraw_consent
from caseflow.core import vault
from caseflow.core.db import db, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, Refused, TooLate
from caseflow.core.outbox import Job
from caseflow.core.policy import Action, permits
from caseflow.referrals import queries, services
from tests.referrals.factories import LATER, Referrals, consent, filled_case

pytestmark = pytest.mark.both_databases


def jobs():
    """The jobs that wait."""
    return [job.name for job in db.session().query(Job).filter(Job.state == "waiting")]


def test_an_approval_names_the_approver_and_queues_the_issue(app, people):
    made = Referrals(people)
    referral_id = made.approved()
    stored = queries.get_referral(referral_id)
    assert (stored.state, stored.approver_id, stored.approved_at) == ("approved", people.staff["supervisor"], LATER)
    assert "referrals.issue" in jobs()
    event = queries.events_of(referral_id)[-1]
    assert event.verb == "approve"
    assert {check["code"] for check in event.doc["checks"]} >= {"consent", "agreement", "minimum", "adult", "safety"}


def test_who_wrote_it_does_not_approve_it(app, people):
    case_id = filled_case(people, key="supervisor")
    made = Referrals(people, case_id=case_id, taker="second_supervisor", consented=False)
    made.consent_id = consent(people, case_id, made.partner_id, taker="supervisor")
    referral_id = made.submitted("supervisor")
    with pytest.raises(NotAllowed):
        made.approve(referral_id, "supervisor")
    made.approve(referral_id, "second_supervisor")


def test_who_edited_it_does_not_approve_it(app, people):
    made = Referrals(people)
    referral_id = made.drafted()
    with writing():
        rv = queries.get_referral(referral_id).rv
        services.edit_referral(
            actor=people.actor("supervisor"), referral_id=referral_id, data=made.data(), rv=rv, now=LATER
        )
    with writing():
        services.submit(actor=people.actor("worker"), referral_id=referral_id, now=LATER)
    with pytest.raises(NotAllowed):
        made.approve(referral_id, "supervisor")
    made.approve(referral_id, "second_supervisor")


def test_who_took_the_consent_does_not_approve_it(app, people):
    made = Referrals(people, taker="supervisor")
    referral_id = made.submitted()
    for verb in ("approve", "return", "decline"):
        assert not permits(
            people.actor("supervisor"), getattr(Action.Referral, verb.upper()), queries.get_referral(referral_id)
        )
    with pytest.raises(NotAllowed):
        made.approve(referral_id, "supervisor")


def test_who_took_a_newer_consent_since_does_not_approve_it(app, people):
    made = Referrals(people)
    referral_id = made.submitted()
    consent(people, made.case_id, made.partner_id, taker="supervisor", now=LATER)
    with pytest.raises(NotAllowed):
        made.approve(referral_id, "supervisor")
    with pytest.raises(Refused):  # and the letter would name the older consent
        made.approve(referral_id, "second_supervisor")


@pytest.mark.parametrize("digest", ["", "00" * 32, "not hex", "é" * 64])
def test_another_digest_than_the_stored_one_approves_nothing(app, people, digest):
    made = Referrals(people)
    referral_id = made.submitted()
    with pytest.raises(TooLate), writing():
        services.approve(
            actor=people.actor("supervisor"), referral_id=referral_id, snapshot_digest=digest,
            rv=queries.get_referral(referral_id).rv, now=LATER,
        )  # fmt: skip
    assert queries.get_referral(referral_id).state == "pending_approval"


def test_what_was_edited_and_submitted_again_is_not_what_was_seen(app, people):
    made = Referrals(people)
    referral_id = made.submitted()
    seen = queries.get_referral(referral_id)
    digest, rv = queries.snapshot_digest(seen), seen.rv
    with writing():
        services.return_(
            actor=people.actor("second_supervisor"),
            referral_id=referral_id,
            rv=rv,
            comments={"": "Shorter."},
            now=LATER,
        )
    with writing():
        rv_now = queries.get_referral(referral_id).rv
        services.edit_referral(
            actor=people.actor("worker"), referral_id=referral_id, data=made.data(), rv=rv_now, now=LATER
        )
    with writing():
        services.submit(actor=people.actor("worker"), referral_id=referral_id, now=LATER)
    with pytest.raises(TooLate) as refused, writing():
        services.approve(
            actor=people.actor("supervisor"), referral_id=referral_id, snapshot_digest=digest, rv=rv, now=LATER
        )
    assert "Somebody changed" in refused.value.message


def test_two_supervisors_at_once_one_wins_and_the_other_hears_why(app, people):
    made = Referrals(people)
    referral_id = made.submitted()
    stored = queries.get_referral(referral_id)
    digest, rv = queries.snapshot_digest(stored), stored.rv
    db.session.rollback()
    start, outcomes = Barrier(2), {}

    def decide(key):
        with app.app_context():
            actor = people.actor(key)
            db.session.rollback()
            start.wait()
            try:
                with writing():
                    services.approve(actor=actor, referral_id=referral_id, snapshot_digest=digest, rv=rv, now=LATER)
                outcomes[key] = "approved"
            except TooLate as late:
                outcomes[key] = late.message
            finally:
                db.session.remove()

    threads = [Thread(target=decide, args=(key,)) for key in ("supervisor", "second_supervisor")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes.values()) == ["Somebody else decided first. The page shows what they decided.", "approved"]
    winner = next(key for key, outcome in outcomes.items() if outcome == "approved")
    assert queries.get_referral(referral_id).approver_id == people.staff[winner]
    assert jobs().count("referrals.issue") == 1


def test_a_consent_withdrawn_meanwhile_sends_it_back(app, people):
    made = Referrals(people)
    referral_id = made.submitted()
    withdraw(made)
    stored = queries.get_referral(referral_id)
    assert stored.state == "returned"
    assert "withdrew" in vault.read(stored)["comments"][-1]["text"]


def withdraw(made, *, now=LATER + timedelta(minutes=5)):
    """The person takes the consent back."""
    with writing():
        withdraw_consent(
            actor=made.people.actor("worker"), case_id=made.case_id, consent_id=made.consent_id, rv=1, now=now,
            data={"withdrawn_on": "2026-11-17", "withdrawn_how": "in_person", "withdrawn_by": "person"},
        )  # fmt: skip


def test_an_expired_consent_closes_the_approval(app, people):
    made = Referrals(people)
    referral_id = made.submitted()
    with pytest.raises(Refused) as refused:
        made.approve(referral_id, now=LATER + timedelta(days=200))
    assert refused.value.reasons


def test_a_return_needs_words_and_keeps_them_beside_the_group(app, people):
    made = Referrals(people)
    referral_id = made.submitted()
    decide = {"actor": people.actor("supervisor"), "referral_id": referral_id, "now": LATER}
    rv = queries.get_referral(referral_id).rv
    with pytest.raises(Invalid), writing():
        services.return_(**decide, rv=rv, comments={"": "  "})
    with writing():
        services.return_(**decide, rv=rv, comments={"name": "The code name is enough."})
    stored = queries.get_referral(referral_id)
    comment = vault.read(stored)["comments"][0]
    assert (comment["group"], comment["by"]) == ("name", str(people.staff["supervisor"]))
    assert (stored.state, stored.due_at) == ("returned", None)


def test_a_decline_needs_a_reason_and_ends_it(app, people):
    made = Referrals(people)
    referral_id = made.submitted()
    rv = queries.get_referral(referral_id).rv
    with pytest.raises(Invalid), writing():
        services.decline(actor=people.actor("supervisor"), referral_id=referral_id, rv=rv, reason="", now=LATER)
    stored = queries.get_referral(made.at("declined_internal"))
    assert (stored.state, vault.read(stored)["outcome"]) == ("declined_internal", "declined_internal")


@pytest.mark.parametrize("key", ["stranger", "stranger_supervisor", "other_team_supervisor", "auditor", "admin"])
def test_for_others_it_does_not_exist(app, people, key):
    made = Referrals(people)
    referral_id = made.submitted()
    with pytest.raises(NotFound):
        made.approve(referral_id, key)
