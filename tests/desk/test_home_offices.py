"""The homes of data protection, auditors and administrators."""

import pytest
from sqlalchemy import update

from caseflow.accounts.models import Staff
from caseflow.cases.models import Case
from caseflow.core import outbox
from caseflow.core.db import session, writing
from tests.desk.making import DAY, asked, case_with, later, reclassed, running
from tests.referrals.factories import START, partner
from tests.support.http import token_of


@pytest.mark.both_databases
class TestDataProtection:
    def test_sees_agreements_that_end_soon_and_partners_whose_class_changed(self, office):
        with office.inside():
            soon = partner(office.people, "L4_legal", agreement_until="2026-12-20", name_en="Soon over")
            partner(office.people, "L4_health", agreement_until="2027-12-20", name_en="Long to go")
            partner(office.people, "L4_shelter", agreement_until="2026-11-01", name_en="Over already")
            reclassed(office.people, soon)
        page = office.as_("protection").get("/")
        assert "Soon over" in page.words
        assert "Long to go" not in page.words
        assert "Over already" not in page.words
        assert "Kind of recipient changed" in page.words
        later(office, 31)
        assert "Nothing changed that decides what a partner may be told." in office.as_("protection").get("/").words

    def test_counts_the_letters_that_left_week_by_week(self, office):
        office.at(office.made(), "issued")
        words = office.as_("protection").get("/").words
        assert "9 November 2026: 0; 16 November 2026: 1" in words

    def test_decides_on_audits_of_the_own_organisation_only(self, office):
        case_id = case_with(office)
        audit_id = asked(office, case_id)
        assert f"/audits/{audit_id}" in office.as_("protection").get("/").text
        assert "1 audits to decide" in office.as_("protection").get("/").words
        assert str(audit_id) not in office.as_("stranger_auditor").get("/").text

    def test_with_nothing_to_do_is_told_so(self, office):
        words = office.as_("protection").get("/").words
        for said in ("No audit waits for you.", "No agreement ends within 60 days.", "Nothing changed"):
            assert said in words


class TestAuditor:
    def test_sees_own_audits_by_their_last_day_and_verifies_the_trail(self, office):
        case_id = case_with(office)
        later, sooner = running(office, case_id, days=20), running(office, case_id, days=3)
        auditor = office.as_("auditor")
        page = auditor.get("/")
        assert "2 audits running 1 end within 7 days" in page.words
        assert page.text.index(str(sooner)) < page.text.index(str(later))
        assert "Never verified from here" in page.words
        auditor.submit(action="/trail")
        assert "Unbroken" in auditor.get("/").words
        assert "Verified 17 November 2026, 09:00, Test Auditor" in auditor.get("/").words

    def test_sees_the_findings_of_the_last_verification(self, office):
        case_id = case_with(office)
        with office.inside():
            session().execute(update(Case).where(Case.id == case_id).values(due_on=START.date() + 99 * DAY))
            session().commit()
        auditor = office.as_("auditor")
        auditor.get("/")
        auditor.submit(action="/trail")
        assert "findings in the trail" in auditor.get("/").words
        assert "Unbroken" not in auditor.get("/").words

    def test_with_nothing_to_do_is_told_so(self, office):
        assert "No audit of yours is running." in office.as_("auditor").get("/").words


class TestAdministrator:
    def test_sees_who_is_still_to_join_and_whose_link_is_over(self, office):
        with office.inside(), writing():
            session().get_one(Staff, office.people.staff["colleague"]).state = "invited"
        page = office.as_("admin").get("/")
        assert "1 still to join" in page.words
        assert "Link is over Test Colleague" in page.words

    def test_sees_an_account_locked_by_wrong_tries(self, office):
        browser = office.app.test_client()
        for _ in range(6):
            token = token_of(browser.get("/sign-in").text)
            browser.post("/sign-in", data={"csrf_token": token, "sign_in": "worker", "password": "wrong words here"})
        words = office.as_("admin").get("/").words
        assert "1 locked after wrong tries" in words
        assert "Test Caseworker" in words

    def test_sees_work_that_waits_too_long_and_work_that_was_given_up(self, office):
        with office.inside(), writing():
            outbox.enqueue("referrals.issue", now=START - 3 * DAY)
            outbox.enqueue("audit.file", now=START).state = "failed"
        words = office.as_("admin").get("/").words
        assert "is the worker running?" in words
        assert "1 jobs given up" in words
        assert "audit.file" in words

    def test_sees_a_full_disk(self, office, monkeypatch):
        monkeypatch.setattr("caseflow.core.health.free_bytes", lambda _home: 300 * 1024**2)
        assert "Only \u2066300 MiB\u2069 left" in office.as_("admin").get("/").words

    def test_sees_how_the_keys_stand_and_no_number_of_cases(self, office):
        case_with(office)
        words = office.as_("admin").get("/").words
        assert "Epoch of the keys1" in words
        assert "by itself, from a file" in words
        assert "case" not in words.replace("Administrators open no case.", "").replace("CaseFlow", "")
