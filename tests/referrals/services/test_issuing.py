"""From approved to issued: one number, one letter, whatever breaks or comes between."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from caseflow.cases.files import read_document
from caseflow.cases.models import Document
from caseflow.consent.services import confirm_consent, withdraw_consent
from caseflow.core import vault
from caseflow.core.db import db, session, writing
from caseflow.core.errors import NotAllowed, NotFound
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from caseflow.partners.queries import get_partner
from caseflow.partners.services import retire_partner, update_partner
from caseflow.referrals import queries, services
from caseflow.referrals.models import RegisterEntry
from caseflow.referrals.services import gates
from tests.referrals.factories import ISSUED, LATER, Referrals, consent, fake_copies, filled_case

pytestmark = pytest.mark.both_databases


def register(people):
    """(printed number, state) of every line, the first first."""
    return [(row.number, row.state) for row in reversed(queries.register_of(people.organisations["ours"]))]


def withdraw(made, *, now=LATER + timedelta(minutes=5)):
    """The person takes the consent back."""
    with writing():
        withdraw_consent(
            actor=made.people.actor("worker"), case_id=made.case_id, consent_id=made.consent_id, rv=1, now=now,
            data={"withdrawn_on": "2026-11-17", "withdrawn_how": "in_person", "withdrawn_by": "person"},
        )  # fmt: skip


def test_an_issued_letter_has_number_bytes_clock_and_three_entries(app, people):
    made = Referrals(people)
    referral_id = made.issued()
    stored = queries.get_referral(referral_id)
    assert (stored.state, stored.due_at) == ("issued", ISSUED + timedelta(hours=24))
    assert queries.register_number(stored) == "OUR-2026-0001"
    for copy, content in fake_copies().items():
        assert read_document(queries.letter_document(stored, copy)) == content
    assert stored.document_id == queries.letter_document(stored).id
    entries = session().query(TrailEntry).filter(TrailEntry.object_id == referral_id).order_by(TrailEntry.seq).all()
    assert [entry.tag for entry in entries][-3:] == [
        "referrals:letter:make", "referrals:letter:issue", "referrals:data:disclose",
    ]  # fmt: skip
    assert {entry.actor_id for entry in entries[-3:]} == {people.staff["supervisor"]}
    assert verify().whole


def test_issuing_twice_changes_nothing(app, people):
    made = Referrals(people)
    referral_id = made.issued()
    before = queries.get_referral(referral_id).rv
    assert made.issue(referral_id) is None
    assert queries.get_referral(referral_id).rv == before
    assert session().query(Document).count() == 3
    assert register(people) == [("OUR-2026-0001", "issued")]


def test_a_ticket_used_twice_issues_once(app, people):
    made = Referrals(people)
    referral_id = made.approved()
    with writing():
        ticket = services.prepare(referral_id=referral_id, now=ISSUED)
    results = []
    for _again in range(2):
        with writing():
            results.append(services.issue(ticket=ticket, copies=fake_copies(), now=ISSUED))
    assert [bool(one) for one in results] == [True, False]


class Crash(Exception):
    """The power fails."""


def issue_and_crash(ticket):
    """Do everything but the commit."""
    with writing():
        services.issue(ticket=ticket, copies=fake_copies(), now=ISSUED)
        raise Crash


def test_after_a_crash_before_the_commit_the_same_number_is_used(app, people):
    made = Referrals(people)
    referral_id = made.approved()
    with writing():
        ticket = services.prepare(referral_id=referral_id, now=ISSUED)
    with pytest.raises(Crash):
        issue_and_crash(ticket)
    stored = queries.get_referral(referral_id)
    assert (stored.state, stored.document_id) == ("approved", None)
    assert register(people) == [("OUR-2026-0001", "reserved")]
    assert made.issue(referral_id, now=ISSUED + timedelta(minutes=3)).state == "issued"
    assert register(people) == [("OUR-2026-0001", "issued")]
    assert verify().whole


def test_a_consent_withdrawn_before_the_worker_comes_stops_the_letter(app, people):
    made = Referrals(people)
    referral_id = made.approved()
    withdraw(made)
    assert made.issue(referral_id) is None
    stored = queries.get_referral(referral_id)
    assert (stored.state, stored.approver_id, stored.document_id) == ("returned", None, None)
    assert register(people) == []


def test_a_consent_withdrawn_while_it_was_pressed_stops_the_letter_and_keeps_the_number(app, people):
    made = Referrals(people)
    referral_id = made.approved()
    with writing():
        ticket = services.prepare(referral_id=referral_id, now=ISSUED)
    withdraw(made)
    with writing():
        assert services.issue(ticket=ticket, copies=fake_copies(), now=ISSUED) is None
    assert queries.get_referral(referral_id).state == "returned"
    assert register(people) == [("OUR-2026-0001", "reserved")]
    made.consent_id = consent(people, made.case_id, made.partner_id, now=ISSUED)
    again(made, referral_id)
    assert made.issue(referral_id).state == "issued"
    assert register(people) == [("OUR-2026-0001", "issued")]


def again(made, referral_id):
    """Correct, submit and approve a returned referral."""
    worker = made.people.actor("worker")
    with writing():
        rv = queries.get_referral(referral_id).rv
        services.edit_referral(actor=worker, referral_id=referral_id, data=made.data(), rv=rv, now=ISSUED)
    with writing():
        services.submit(actor=worker, referral_id=referral_id, now=ISSUED)
    made.approve(referral_id, now=ISSUED)


def test_a_consent_that_expired_since_sends_it_back_with_the_reason(app, people):
    made = Referrals(people)
    referral_id = made.approved()
    assert made.issue(referral_id, now=ISSUED + timedelta(days=200)) is None
    stored = queries.get_referral(referral_id)
    assert stored.state == "returned"
    assert vault.read(stored)["comments"][-1]["by"] == ""
    assert queries.events_of(referral_id)[-1].verb == "send_back"


def test_a_partner_retired_or_in_another_class_sends_it_back(app, people):
    made = Referrals(people)
    first, second = made.approved(), made.approved()
    supervisor = people.actor("supervisor")
    with writing():
        stored = get_partner(made.partner_id)
        data = {**vault.read(stored), "recipient_class": "L4_service"}
        update_partner(actor=supervisor, partner_id=made.partner_id, data=data, rv=stored.rv, now=LATER)
    assert made.issue(first) is None
    with writing():
        stored = get_partner(made.partner_id)
        data = {**vault.read(stored), "recipient_class": "L4_legal"}
        update_partner(actor=supervisor, partner_id=made.partner_id, data=data, rv=stored.rv, now=LATER)
        retire_partner(actor=supervisor, partner_id=made.partner_id, now=LATER)
    assert made.issue(second) is None
    assert {queries.get_referral(one).state for one in (first, second)} == {"returned"}


def test_an_agreement_that_ended_since_sends_it_back(app, people):
    made = Referrals(people, agreement_until="2026-11-17")
    referral_id = made.approved()
    assert made.issue(referral_id, now=ISSUED + timedelta(days=1)) is None
    assert "agreement" in vault.read(queries.get_referral(referral_id))["comments"][-1]["text"]


def test_an_approver_who_confirms_the_consent_afterwards_must_be_replaced(app, people):
    made = Referrals(people, consented=False)
    made.consent_id = consent(people, made.case_id, made.partner_id, setting=["relative"])
    referral_id = made.approved()
    with writing():
        confirm_consent(
            actor=people.actor("supervisor"), case_id=made.case_id, consent_id=made.consent_id, rv=1, now=ISSUED,
            data={"on": "2026-11-17", "place": "The garden", "alone": True},
        )  # fmt: skip
    assert made.issue(referral_id) is None
    assert "somebody else" in vault.read(queries.get_referral(referral_id))["comments"][-1]["text"]


def test_a_letter_of_another_form_is_sent_back(app, people, monkeypatch):
    made = Referrals(people)
    referral_id = made.approved()
    monkeypatch.setattr(gates, "TEMPLATE_VERSION", "letter-of-tomorrow")
    assert made.issue(referral_id) is None
    assert queries.get_referral(referral_id).state == "returned"


def test_a_cancelled_letter_stays_listed(app, people):
    made = Referrals(people)
    referral_id = made.approved()
    with writing():
        services.prepare(referral_id=referral_id, now=ISSUED)
    made.record(referral_id, "cancel")
    made.issued()
    assert register(people) == [("OUR-2026-0001", "cancelled"), ("OUR-2026-0002", "issued")]
    assert verify().whole


def test_numbers_begin_again_each_year_of_the_office(app, people):
    made = Referrals(people)
    first, second = made.approved(), made.approved()
    # 31 December 20:00 in UTC is the first of January in Karachi.
    made.issue(first, now=ISSUED.replace(month=12, day=31, hour=18))
    made.issue(second, now=ISSUED.replace(month=12, day=31, hour=20))
    assert [number for number, _state in register(people)] == ["OUR-2026-0001", "OUR-2027-0001"]


def test_organisations_count_apart(app, people):
    made = Referrals(people)
    made.issued()
    assert queries.register_of(people.organisations["theirs"]) == []
    assert len(queries.register_of(people.organisations["ours"], year=2026)) == 1
    assert queries.register_of(people.organisations["ours"], year=2025) == []


def test_two_letters_at_once_take_two_numbers_without_a_gap(app, people):
    cases = [Referrals(people), Referrals(people, case_id=filled_case(people))]
    ids = [made.approved() for made in cases]
    db.session.rollback()
    start, failed = Barrier(2), []

    def run(referral_id):
        with app.app_context():
            start.wait()
            try:
                with writing():
                    services.prepare(referral_id=referral_id, now=ISSUED)
            except Exception as problem:
                failed.append(problem)
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(referral_id,)) for referral_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(row.seq for row in session().query(RegisterEntry)) == [1, 2]
    assert verify().whole


def test_a_withdrawal_and_an_issue_at_once_leave_no_letter_without_a_mark(app, people):
    made = Referrals(people)
    referral_id = made.approved()
    with writing():
        ticket = services.prepare(referral_id=referral_id, now=ISSUED)
    start, failed = Barrier(2), []

    def run(act):
        with app.app_context():
            start.wait()
            try:
                act()
            except Exception as problem:
                failed.append(problem)
            finally:
                db.session.remove()

    def issue():
        with writing():
            services.issue(ticket=ticket, copies=fake_copies(), now=ISSUED)

    threads = [Thread(target=run, args=(act,)) for act in (issue, lambda: withdraw(made))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    stored = queries.get_referral(referral_id)
    marked = vault.read(stored).get("consent_withdrawn", [])
    assert (stored.state, bool(marked)) in {("returned", False), ("issued", True)}


def test_the_letter_opens_for_who_works_the_case_and_each_time_is_recorded(app, people):
    made = Referrals(people)
    referral_id = made.issued()
    with writing():
        name, content = services.open_letter(actor=people.actor("worker"), referral_id=referral_id, now=ISSUED)
    assert (name, content) == ("letter-OUR-2026-0001-1.pdf", b"%PDF recipient")
    assert session().query(TrailEntry).filter(TrailEntry.tag == "referrals:letter:read").count() == 1
    with pytest.raises(NotFound), writing():
        services.open_letter(actor=people.actor("worker"), referral_id=referral_id, copy="draft", now=ISSUED)
    with pytest.raises(NotAllowed), writing():
        services.open_letter(actor=people.actor("colleague"), referral_id=referral_id, now=ISSUED)
    with pytest.raises(NotFound), writing():
        services.open_letter(actor=people.actor("auditor"), referral_id=referral_id, now=ISSUED)


def test_before_the_issue_there_is_no_letter_to_open(app, people):
    made = Referrals(people)
    with pytest.raises(NotFound), writing():
        services.open_letter(actor=people.actor("worker"), referral_id=made.approved(), now=ISSUED)
