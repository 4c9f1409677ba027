"""The whole job, through the front door and without JavaScript: screen, open, consent, refer, approve, letter, answer,
audit. In English and Urdu, on SQLite and on PostgreSQL."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader

from caseflow.core import clock
from caseflow.core.db import writing
from caseflow.core.trail.verify import verify
from caseflow.partners import queries as partners
from caseflow.partners.services import create_partner
from tests.support.browser import Browser
from tests.support.scenario import SHELTER

pytestmark = pytest.mark.both_databases
CASE_NUMBER = re.compile(r"CF-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def day(prefix, moment):
    return {f"{prefix}-day": str(moment.day), f"{prefix}-month": str(moment.month), f"{prefix}-year": str(moment.year)}


SCREENING = {
    **day("contact_date", YESTERDAY), "contact_channel": "in_person", "persons_present": ["alone"], "private": "yes",
    "free_to_leave": "yes", "consent_talk": "y", "consent_record": "y", "immediate_danger": "no",
    "age_at_contact": "24", "majority_status": "adult", "gender": "feminine", "citizenship": ["PK"],
    "primary_language": "ur", "interpreter_needed": "no", "act_offer": "yes", "means_promise_broken": "yes",
    "purpose_work": "yes", "case_type": "tip", "outcome": "refer",
}  # fmt: skip
CONSENT = {
    "status": "given", "basis": "informed", "method": "verbal_witness", "language": "ur", "witness": "A colleague",
    "private": "yes", "free_to_leave": "yes", "setting": ["alone"],
    "told": ["purpose", "uses", "storage", "see", "withdraw"], **day("given_on", YESTERDAY),
}  # fmt: skip


class Story:
    """One run: each member of staff in a browser of their own, in one language."""

    def __init__(self, app, browser_of, language):
        self.app, self.language = app, language
        self.browsers = {}
        self.browser_of = browser_of

    def __call__(self, key):
        if key not in self.browsers:
            browser = Browser(self.browser_of(key))
            browser.get("/account")
            browser.submit(press=("language", self.language), action="/language")
            self.browsers[key] = browser
        return self.browsers[key]

    def work(self):
        """Let the worker do what is due."""
        with self.app.app_context():
            self.app.extensions["caseflow"].outbox.run_due(clock=clock.now)

    def expect_language(self, page):
        assert page.language == (("ur", "rtl") if self.language == "ur" else ("en", "ltr"))


@pytest.fixture(params=["en", "ur"])
def story(request, bare_app, browser_of, people):
    with bare_app.app_context(), writing():
        create_partner(actor=people.actor("supervisor"), data=SHELTER, now=clock.now())
    return Story(bare_app, browser_of, request.param)


def open_case(story):
    """Screen a person and open a case; returns the address of the case page."""
    worker = story("worker")
    worker.get("/cases/new")
    worker.submit({"cnic": "35202-1234567-1", "name": "Nobody Known"}, has="cnic")
    worker.get(worker.page.link("/screening"))
    page = worker.submit(SCREENING, has="contact_channel")
    assert CASE_NUMBER.search(page.words)
    return page.url


def write_file(story, case):
    """Person, identity (nothing is hidden where nothing is written yet), the reveal, safety, a note."""
    worker = story("worker")
    worker.get(f"{case}/person")
    worker.submit({"hopes": "A quiet room.", "preferred_staff_gender": "woman"}, has="hopes")
    worker.get(f"{case}/identity")
    worker.submit({"first_name": "Journeyname", "cnic": "۳۵۲۰۲۱۲۳۴۵۶۷۱"}, has="first_name")
    worker.get(f"{case}/identity")
    assert "Journeyname" not in worker.page.text
    worker.submit({"reason": "contact"}, has="reason", action="reveal")
    assert "Journeyname" in worker.get(f"{case}/identity").text
    worker.get(f"{case}/safety")
    safety = {"safe_contact_way": ["call"], "safe_phone": "0300 1112223"}
    worker.submit(safety | {"immediate_safety_alert": "Confirm the stay to no caller."}, has="safe_phone")
    worker.get(f"{case}/assessment/new")
    risk = {"risk_level": "high", **day("next_review_date", YESTERDAY + timedelta(days=8))}
    worker.submit(risk, has="risk_level")
    worker.get(f"{case}/notes")
    worker.submit({"subject": "First talk", "text": "The text of the note."}, has="subject")


def consent_to_services(story, case):
    worker = story("worker")
    worker.get(f"{case}/consent/new?scope=services")
    worker.submit(CONSENT, has="status")


def consent_to_share(story, case):
    """Consent to share with the shelter, as the page offers it."""
    worker = story("worker")
    worker.get(f"{case}/consent/new?scope=share_referral")
    with story.app.app_context():
        shelter = next(one for one in partners.all_active() if one.doc["name_en"] == "Test Shelter")
    worker.submit({"partner": str(shelter.id)}, has="partner")
    worker.submit(CONSENT, has="status")
    return shelter.id


def write_referral(story, case, shelter):
    """Draft and submit; returns the address of the referral."""
    worker = story("worker")
    worker.get(f"{case}/referrals/new")
    worker.get(f"{case}/referrals/new?partner={shelter}")
    asked = {"services": ["safe_shelter"], "urgency": "urgent", "reason": "additional_services"}
    asked |= {"request": "A safe room for some days.", "channel": "sealed_paper", "basis": "consent"}
    page = worker.submit(asked, has="urgency")
    address = page.url.split("?")[0]
    worker.get(address)
    worker.submit(action="/submit", has="csrf_token")
    return address


def approve(story, referral):
    boss = story("supervisor")
    page = boss.get(f"{referral}/decide")
    assert "A safe room for some days." in page.words
    assert "Journeyname" not in page.text
    boss.submit({"decision": "approve"}, has="decision")
    story.work()


def read_letter(story, referral):
    worker = story("worker")
    answer = worker.client.get(f"{referral}/letter?copy=recipient")
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    assert answer.content_type == "application/pdf"
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert "A safe room for some days." in text
    for secret in ("Journeyname", "35202", "The text of the note"):
        assert secret not in text
    return answer.data


def record(story, referral, verb, **fields):
    worker = story("worker")
    worker.get(f"{referral}/record/{verb}")
    worker.submit(fields, has=next(iter(fields), "rv"))


def answer(story, referral):
    """The partner receives, accepts, serves; the person is asked; the referral is closed."""
    record(story, referral, "acknowledge", by_post="Duty manager", how="phone")
    record(story, referral, "accept", by_post="Duty manager", how="phone")
    record(story, referral, "start_service", by_post="Duty manager", how="phone")
    record(story, referral, "deliver", by_post="Duty manager", how="phone", text="A room")
    record(story, referral, "feedback", reached="yes", satisfied="yes", harm="no")
    record(story, referral, "close")


def audit(story, number):
    """The auditor asks, the data-protection person approves, the file and the trail come as PDF."""
    auditor, protection = story("auditor"), story("protection")
    auditor.get("/audits/new")
    asked = {"purpose": "Quality of referrals", "case_numbers": number, "scope": "One case"}
    page = auditor.submit(asked | day("ends_on", datetime.now(UTC) + timedelta(days=5)), has="purpose")
    address = page.url
    protection.get(address)
    protection.submit(press=("decision", "approve"), action="/decide")
    files = []
    for what in ("file", "trail"):
        auditor.get(address)
        auditor.submit(press=("what", what), action="/files")
        story.work()
        page = auditor.get(address)
        link = [one for one in page.links() if "/files/" in one]
        answered = auditor.client.get(link[0])
        assert answered.content_type == "application/pdf"
        files.append("\n".join(one.extract_text() for one in PdfReader(io.BytesIO(answered.data)).pages))
    return files


def test_the_whole_job(story):
    case = open_case(story)
    write_file(story, case)
    consent_to_services(story, case)
    story("worker").get(case)
    story("worker").submit(press=("verb", "begin_intake"), action="/move")
    shelter = consent_to_share(story, case)
    referral = write_referral(story, case, shelter)
    approve(story, referral)
    read_letter(story, referral)
    answer(story, referral)

    page = story("worker").get(case)
    story.expect_language(page)
    number = CASE_NUMBER.search(page.words).group()
    assert "Journeyname" not in page.title
    case_file, trail = audit(story, number)
    for text in (case_file, trail):
        assert number in text
        for secret in ("Journeyname", "35202", "0300", "The text of the note", "Confirm the stay"):
            assert secret not in text, secret
    with story.app.app_context():
        assert verify().findings == []
