"""The whole job in a real browser: in English as browsers come, in Urdu without JavaScript."""

import io
import re
import time
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from pypdf import PdfReader

from tests.browser.conftest import PATIENCE
from tests.browser.hand import Hand
from tests.browser.watch import watched

pytestmark = pytest.mark.browser
PASSWORD = "four words of the journey"
CASE_NUMBER = re.compile(r"CF-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def day(name, moment):
    return {f"{name}-day": str(moment.day), f"{name}-month": str(moment.month), f"{name}-year": str(moment.year)}


SCREENING = {
    **day("contact_date", YESTERDAY), "contact_channel": "in_person", "persons_present": ["alone"], "private": "yes",
    "free_to_leave": "yes", "consent_talk": "yes", "consent_record": "yes", "immediate_danger": "no",
    "age_at_contact": "24", "majority_status": "adult", "gender": "feminine", "citizenship": ["PK"],
    "primary_language": "ur", "interpreter_needed": "no", "act_offer": "yes", "means_promise_broken": "yes",
    "purpose_work": "yes", "case_type": "tip", "outcome": "refer",
}  # fmt: skip
CONSENT = {
    "status": "given", "told": ["purpose", "uses", "storage", "see", "withdraw"], "setting": ["alone"],
    "private": "yes", "free_to_leave": "yes", "basis": "informed", "method": "verbal_witness", "language": "ur",
    "witness": "A colleague", **day("given_on", YESTERDAY),
}  # fmt: skip


class Office:
    """The people of one run, each at a tab of their own."""

    def __init__(self, chrome, house, language, scripts):
        self.chrome, self.house, self.language, self.scripts = chrome, house, language, scripts
        self.hands = {}

    def __call__(self, who):
        """Somebody of the demonstration, signed in already; a name it does not know begins at the door."""
        if who not in self.hands:
            context = self.chrome.new_context(locale=self.language, java_script_enabled=self.scripts)
            context.set_default_timeout(PATIENCE)
            if who in self.house.staff:
                context.add_cookies(self.house.cookies(who, self.language))
            self.hands[who] = Hand(context.new_page(), self.house.base)
        return self.hands[who]

    def close(self):
        for hand in self.hands.values():
            hand.page.context.close()


@pytest.fixture(params=[("en", True), ("ur", False)], ids=["English", "Urdu-no-JavaScript"])
def office(request, chrome, house):
    made = Office(chrome, house, *request.param)
    yield made
    made.close()


def join(office):
    """The administrator invites; the new caseworker chooses a password and sets up the second factor."""
    admin, worker, name = office("adeel"), office("new"), f"new-{office.language}"
    admin.open("/people/invite")
    asked = {"name": "Fictional Newcomer", "sign_in": name, "post_en": "Caseworker", "language": office.language}
    admin.send(asked | {"role": "caseworker", "team": office.house.ids["team"]})
    link = admin.page.locator("code.copy").inner_text()
    agree(office)
    worker.open(link)
    worker.send({"password": PASSWORD, "again": PASSWORD})
    assert worker.page.locator("img.qr").get_attribute("src").startswith("data:image/svg")
    worker.page.locator("details.more summary").click()
    seed = worker.page.locator("code.copy").inner_text().replace(" ", "")
    worker.send({"code": pyotp.TOTP(seed).now()})
    sign_in(worker, name, seed)


def agree(office):
    """Nobody gives a role alone: the data-protection person agrees to what the administrator asked."""
    second = office("kamran")
    second.open("/requests/")
    with second.page.expect_navigation():
        second.page.locator("main li", has_text="Fictional Newcomer").locator("a").first.click()
    second.send(action="/approve")


def sign_in(worker, name, seed):
    """Password and code. The code of the joining is used up, so it is the one that comes next."""
    worker.open("/sign-in")
    worker.send({"sign_in": name, "password": PASSWORD})
    assert worker.page.url.split("?")[0].endswith("/sign-in/code")
    worker.send({"code": pyotp.TOTP(seed).at(int(time.time()) + 30)})
    assert worker.page.url == worker.base + "/"


def open_case(office):
    """Look first, screen, open; returns the address of the case."""
    worker = office("new")
    worker.open("/cases/new")
    worker.send({"cnic": "35202-1234567-1", "name": "Nobody Known"})
    worker.follow("/screening")
    worker.send(SCREENING)
    return worker.page.url.removeprefix(worker.base)


def write_file(office, case):
    worker = office("new")
    worker.open(f"{case}/identity")
    worker.send({"first_name": "Journeyname", "cnic": "۳۵۲۰۲۱۲۳۴۵۶۷۱"})
    worker.open(f"{case}/safety")
    safety = {"safe_contact_way": ["call"], "safe_phone": "0300 1112223"}
    worker.send(safety | {"immediate_safety_alert": "Confirm the stay to no caller."})
    worker.open(f"{case}/assessment/new")
    answers = {"risk_level": "high"} | day("next_review_date", YESTERDAY + timedelta(days=8))
    worker.send(answers, press="button.btn-primary")  # before it stand the buttons that add a danger or a need
    worker.open(f"{case}/notes")
    worker.send({"subject": "First talk", "text": "The text of the note."})


def consent(office, case, about):
    worker = office("new")
    worker.open(f"{case}/consent/new?{about}")
    worker.send(CONSENT)


def refer(office, case, shelter):
    """Write the referral and send it to a supervisor; returns its address."""
    worker = office("new")
    worker.open(f"{case}/referrals/new?partner={shelter}")
    worker.send({
        "services": ["safe_shelter"], "urgency": "urgent", "reason": "additional_services",
        "request": "A safe room for some days.", "channel": "sealed_paper", "basis": "consent",
    })  # fmt: skip
    referral = worker.page.url.split("?")[0].removeprefix(worker.base)
    worker.open(referral)
    worker.send(action="/submit")
    return referral


def approve(office, referral):
    boss = office("farzana")
    boss.open(f"{referral}/decide")
    told = boss.words()
    assert "A safe room for some days." in told
    assert "Journeyname" not in told
    boss.send({"decision": "approve"})


def letter(office, referral):
    worker = office("new")
    worker.open(referral)
    worker.again_until("/letter?copy=recipient")
    text = _text(worker.download("/letter?copy=recipient"))
    assert "A safe room for some days." in text
    for secret in ("Journeyname", "35202", "The text of the note"):
        assert secret not in text


def answer(office, referral):
    """The partner receives and accepts; the answer is on record."""
    worker = office("new")
    for verb in ("acknowledge", "accept"):
        worker.open(f"{referral}/record/{verb}")
        worker.send({"by_post": "Duty manager", "how": "phone"})
    worker.open(referral)


def audit(office, number):
    """Ask, decide, make, download."""
    auditor, protection = office("nadia"), office("kamran")
    auditor.open("/audits/new")
    ends = day("ends_on", datetime.now(UTC) + timedelta(days=5))
    auditor.send({"purpose": "Quality of referrals", "case_numbers": number, "scope": "One case"} | ends)
    address = auditor.page.url.removeprefix(auditor.base)
    protection.open(address)
    protection.send(action="/decide", press="button[name=decision][value=approve]")
    auditor.open(address)
    auditor.send(action="/files", press="button[value=file]")
    auditor.open(address)
    auditor.again_until("/files/")
    text = _text(auditor.download("/files/"))
    assert number in text
    for secret in ("Journeyname", "35202", "0300", "The text of the note", "Confirm the stay"):
        assert secret not in text, secret


def _text(content):
    assert content.startswith(b"%PDF-")
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_the_whole_job(office, house):
    with watched(office("new").page, house.base) as watch:
        join(office)
        case = open_case(office)
        write_file(office, case)
        consent(office, case, "scope=services")
        consent(office, case, f"scope=share_referral&partner={house.ids['partner']}")
        worker = office("new")
        worker.open(case)
        worker.send(action="/move", press="button[value=begin_intake]")
        referral = refer(office, case, house.ids["partner"])
        approve(office, referral)
        letter(office, referral)
        answer(office, referral)
        worker.open(case)
        html = worker.page.locator("html")
        assert html.get_attribute("dir") == ("rtl" if office.language == "ur" else "ltr")
        assert "Journeyname" not in worker.page.title()
        audit(office, CASE_NUMBER.search(worker.words()).group())
    assert watch.strange == []
