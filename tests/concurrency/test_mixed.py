"""Eight people work at once for a while: nothing fails, nothing is lost, the trail stays whole."""

from datetime import UTC, datetime
from functools import partial
from time import monotonic
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from caseflow.cases import queries as cases
from caseflow.cases import services as casework
from caseflow.cases.models import Case
from caseflow.consent.models import Consent
from caseflow.consent.services import record_consent
from caseflow.core.db import db, session, writing
from caseflow.core.errors import StaleVersion
from caseflow.core.trail.verify import verify
from caseflow.referrals import services as referring
from caseflow.referrals.models import Referral, ReferralEvent
from tests.cases.factories import opened
from tests.concurrency.together import together
from tests.consent.samples import answer
from tests.referrals.factories import LATER, Referrals, data_for
from tests.support.http import post

pytestmark = pytest.mark.both_databases
SECONDS = 4
WORKERS = 8


class Shift:
    """One person's work on one shared case and on cases of their own; remembers what it was told is kept."""

    def __init__(self, people, made, key):
        self.people, self.made, self.key = people, made, key
        self.kept = {"case": [], "note": [], "consent": [], "referral": [], "alias": []}

    def work(self):
        until = monotonic() + SECONDS
        while monotonic() < until:
            for act in (self.open, self.note, self.save, self.consent, self.refer):
                act()
                db.session.rollback()
        return self.kept

    def actor(self):
        return self.people.actor(self.key)

    def open(self):
        self.kept["case"].append(opened(self.people, self.key))

    def note(self):
        record_id, data = uuid4(), {"subject": "Note", "text": f"Fictional {uuid4()}", "happened_at": "2026-11-16"}
        with writing():
            casework.add_note(actor=self.actor(), case_id=self.made.case_id, record_id=record_id, data=data, now=LATER)
        self.kept["note"].append((record_id, data["text"]))

    def save(self):
        """Add a word to a shared answer; who was too slow reads again and tries once more."""
        word = uuid4().hex[:6]
        for _try in range(200):
            stored, data = cases.record_of(self.made.case_id, "identity"), cases.data_of(self.made.case_id, "identity")
            words = [*data.get("address", "").split(), word]
            record_id, rv = stored.id, stored.rv
            try:
                with writing():
                    casework.save_record(
                        actor=self.actor(), case_id=self.made.case_id, kind="identity", record_id=record_id,
                        data={**data, "address": " ".join(words[-20:])}, rv=rv, now=LATER,
                    )  # fmt: skip
            except StaleVersion:
                continue
            self.kept["alias"].append((rv + 1, word))
            return
        raise AssertionError("never got through")

    def consent(self):
        consent_id = uuid4()
        with writing():
            record_consent(
                actor=self.actor(), consent_id=consent_id, case_id=self.made.case_id, data=answer(), now=LATER
            )
        self.kept["consent"].append(consent_id)

    def refer(self):
        referral_id = uuid4()
        with writing():
            referring.draft_referral(
                actor=self.actor(), referral_id=referral_id, case_id=self.made.case_id,
                data=data_for(self.made.partner_id), now=LATER,
            )  # fmt: skip
        self.kept["referral"].append(referral_id)


def test_mixed_work_of_eight_loses_nothing(bare_app, people):
    with bare_app.app_context():
        made = Referrals(people)
        events = session().scalar(select(func.count()).select_from(ReferralEvent))
        rv = cases.record_of(made.case_id, "identity").rv
    keys = ["worker", "supervisor", "second_supervisor"] * 3
    shifts = [Shift(people, made, key) for key in keys[:WORKERS]]
    results = together(bare_app, *(shift.work for shift in shifts))
    assert [one for one in results if isinstance(one, Exception)] == []
    kept = {name: [item for one in results for item in one[name]] for name in results[0]}
    with bare_app.app_context():
        assert set(kept["case"]) <= set(session().scalars(select(Case.id)))
        assert set(kept["consent"]) <= set(session().scalars(select(Consent.id)))
        assert set(kept["referral"]) == set(session().scalars(select(Referral.id)))
        assert session().scalar(select(func.count()).select_from(ReferralEvent)) == events + len(kept["referral"])
        notes = {one.id: cases.read_record(one)["text"] for one in cases.records_of(made.case_id, "note")}
        assert notes == dict(kept["note"])
        versions = sorted(version for version, _word in kept["alias"])
        assert versions == list(range(rv + 1, rv + 1 + len(versions)))
        newest = dict(kept["alias"])[versions[-1]]
        assert cases.data_of(made.case_id, "identity")["address"].split()[-1] == newest
        assert verify().findings == []
    assert min(len(one["note"]) for one in results) >= 1


def test_the_same_form_posted_six_times_at_once_shows_one_case(bare_app, people, browser_of):
    """As a browser does it: six posts of one filled-in page, on six connections."""
    case_id, today = uuid4(), datetime.now(UTC).date()
    fields = {
        "contact_date-day": today.day, "contact_date-month": today.month, "contact_date-year": today.year,
        "contact_channel": "in_person", "contact_place": "our_office", "persons_present": "alone", "private": "yes",
        "free_to_leave": "yes", "consent_talk": "yes", "consent_record": "yes", "immediate_danger": "no",
        "majority_status": "adult", "interpreter_needed": "no", "case_type": "tip", "outcome": "intake",
    }  # fmt: skip
    url = f"/cases/new/{case_id}/screening"
    clients = [browser_of("worker") for _ in range(6)]
    answers = together(bare_app, *(partial(post, client, url, fields) for client in clients))
    assert [getattr(one, "status_code", one) for one in answers] == [303] * 6
    assert {one.headers["Location"] for one in answers} == {f"/cases/{case_id}"}
    with bare_app.app_context():
        assert session().scalars(select(Case.id)).all() == [case_id]
        assert verify().findings == []


def test_reading_goes_on_while_others_write(bare_app, people, browser_of):
    with bare_app.app_context():
        made = Referrals(people)
        number = made.case_id
    readers = [browser_of("supervisor") for _ in range(3)]
    shift = Shift(people, made, "worker")

    def read(client):
        until, seen = monotonic() + SECONDS / 2, set()
        while monotonic() < until:
            for url in ("/cases/", f"/cases/{number}", f"/cases/{number}/notes", "/referrals/", "/"):
                answer = client.get(url)
                seen.add((answer.status_code, "cannot be opened" in answer.text))
        return seen

    results = together(bare_app, shift.work, *(partial(read, client) for client in readers))
    assert results[1:] == [{(200, False)}] * 3
    assert not isinstance(results[0], Exception), results[0]
    with bare_app.app_context():
        assert verify().findings == []
