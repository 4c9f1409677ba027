"""The job that presses and issues: through the outbox, with the real press, on both databases."""

from datetime import timedelta

import pytest

from caseflow.cases.files import read_document
from caseflow.core.db import session
from caseflow.core.outbox import Job
from caseflow.core.press import letter as press
from caseflow.core.press.errors import PressUnavailable
from caseflow.core.trail.verify import verify
from caseflow.referrals import jobs, queries
from tests.core.press.reading import text as text_of
from tests.referrals.factories import ISSUED, Referrals

pytestmark = pytest.mark.both_databases


def run(app, now=ISSUED):
    """The worker, once."""
    session().rollback()
    return app.extensions["caseflow"].outbox.run_due(clock=lambda: now)


def test_the_worker_presses_what_was_approved_and_nothing_else(app, people):
    made = Referrals(people)
    referral_id = made.approved(groups=["medical_needs", "sex_gender"], own_ticks=["medical_needs"])
    run(app)
    stored = queries.get_referral(referral_id)
    assert stored.state == "issued"
    text = text_of(read_document(queries.letter_document(stored)))
    assert "Canary medicine" in text
    assert "OUR-2026-0001" in text
    assert "Test Caseworker" in text  # the officer signs by name, the approver by post
    assert queries.snapshot_digest(stored)[:4] in text
    for secret in ("Canaryfirst", "Canary bridge", "Canaryword", "Canary street", "Test Supervisor"):
        assert secret not in text
    assert verify().whole


def test_running_again_makes_no_second_letter(app, people):
    made = Referrals(people)
    referral_id = made.approved()
    jobs.issue_letter(referral_id=referral_id, now=ISSUED)
    first = queries.get_referral(referral_id).document_id
    jobs.issue_letter(referral_id=referral_id, now=ISSUED + timedelta(minutes=1))
    run(app, ISSUED + timedelta(minutes=2))
    assert queries.get_referral(referral_id).document_id == first
    assert len(queries.register_of(people.organisations["ours"])) == 1


def test_when_the_press_fails_it_stays_approved_and_is_tried_again(app, people, monkeypatch):
    made = Referrals(people)
    referral_id = made.approved()

    def fail(*_args, **_options):
        raise PressUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(press, "render", fail)
        run(app)
    assert queries.get_referral(referral_id).state == "approved"
    job = session().query(Job).filter(Job.name == "referrals.issue").one()
    assert (job.state, job.error) == ("waiting", "PressUnavailable")
    run(app, ISSUED + timedelta(minutes=10))
    assert queries.get_referral(referral_id).state == "issued"
    assert [row.number for row in queries.register_of(people.organisations["ours"])] == ["OUR-2026-0001"]


def test_no_write_is_open_while_it_renders(app, people, monkeypatch):
    made = Referrals(people)
    referral_id = made.approved()
    seen, render = [], press.render

    def look(*args, **options):
        seen.append(session().in_transaction())
        return render(*args, **options)

    monkeypatch.setattr(press, "render", look)
    jobs.issue_letter(referral_id=referral_id, now=ISSUED)
    assert seen == [False, False, False]
