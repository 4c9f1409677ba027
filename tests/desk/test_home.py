"""The five homes through the front door: what each role sees, in which order, and what it must never see."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from caseflow.accounts.models import Staff, StaffMembership
from caseflow.accounts.services import people as staffing
from caseflow.audit import services as audits
from caseflow.audit.models import Audit
from caseflow.cases.models import Case, CaseSummary, Draft
from caseflow.core import outbox, vault
from caseflow.core.db import new_id, session, writing
from caseflow.core.policy import Role
from caseflow.core.trail.models import TrailEntry
from caseflow.partners.models import Partner
from caseflow.partners.queries import get_partner
from caseflow.partners.services import update_partner
from caseflow.referrals.models import Referral, Snapshot
from caseflow.support.models import Task
from tests.cases import factories as cases
from tests.referrals.factories import LATER, PERSON, START, Referrals, consent, filled_case, partner
from tests.tasks.factories import added

DAY = timedelta(days=1)
EVERYBODY = ("worker", "supervisor", "protection", "auditor", "admin")


def spoil(office, *models):
    """Break the seal of every record of these tables."""
    with office.inside():
        for model in models:
            session().execute(update(model).values(sealed=b"spoilt"))
        session().commit()


def broken_seals(office):
    """How many broken seals were recorded."""
    with office.inside():
        found = session().scalars(select(TrailEntry.tag).where(TrailEntry.tag == "vault:seal:broken"))
        return len(found.all())


def case_with(office, *, key="worker", due=None, child=False, risk=None):
    """A case of a team, its review due `due` days from today; its code name."""
    with office.inside():
        team = "south" if key == "other_team" else "north"
        found = cases.opened(office.people, key, team=team, now=START - 40 * DAY, contact_date="2026-10-01")
        if risk:
            looked = {"assessed_on": "2026-10-10", "risk_level": risk}
            cases.saved(office.people, found, "assessment", looked, key=key, now=START - 38 * DAY)
        if child:
            cases.saved(office.people, found, "person", {**PERSON, **CHILD}, key=key, now=START - 39 * DAY)
        with writing():
            case = session().get_one(Case, found)
            case.due_on = START.date() + due * DAY if due is not None else None
        return found


CHILD = {"majority_status": "minor", "age_at_contact": 15, "age_band": "9_17"}


def code_of(office, case_id):
    """The code name of a case."""
    with office.inside():
        return vault.read(session().get_one(Case, case_id))["code_en"]


def sent_again(office, made, **changed):
    """A referral that was returned, corrected and sent a second time."""
    referral_id = office.at(made, "returned")
    worker = office.as_("worker")
    worker.get(f"/referrals/{referral_id}/edit")
    worker.submit({"request": "Canary other words.", **changed}, has="request")
    worker.get(f"/referrals/{referral_id}")
    worker.submit(action="/submit")
    return referral_id


class TestEverybody:
    @pytest.mark.parametrize(
        ("key", "says", "never"),
        [
            ("worker", "Tasks due", "Referrals to approve"),
            ("supervisor", "Referrals to approve", "Audits to approve"),
            ("protection", "Audits to approve", "Start a screening"),
            ("auditor", "My running audits", "Start a screening"),
            ("admin", "Administrators open no case.", "Start a screening"),
        ],
    )
    def test_sees_the_home_of_their_role(self, office, key, says, never):
        page = office.as_(key).get("/")
        assert says in page.words
        assert never not in page.words

    @pytest.mark.parametrize("key", EVERYBODY)
    def test_is_told_in_urdu_too(self, browser_of, key):
        page = browser_of(key).get("/", headers={"Accept-Language": "ur"})
        assert '<html lang="ur" dir="rtl">' in page.text
        assert "ابھی کیا ضروری ہے" in page.text

    def test_with_two_roles_sees_both_parts_each_under_its_name(self, office):
        with office.inside(), writing():
            staff = session().get_one(Staff, office.people.staff["supervisor"])
            staffing.grant_role(
                actor=None, staff=staff, organisation_id=staff.organisation_id,
                team_id=office.people.teams["north"], role=Role.CASEWORKER, now=START,
            )  # fmt: skip
        words = office.as_("supervisor").get("/").words
        assert words.index("Supervisor") < words.index("Referrals to approve") < words.index("Tasks due")

    def test_without_a_role_is_told_whom_to_ask(self, office):
        browser = office.as_("worker")
        with office.inside(), writing():
            session().execute(
                update(StaffMembership)
                .where(StaffMembership.staff_id == office.people.staff["worker"])
                .values(valid_until=START - DAY)
            )
        assert "You have no role yet" in browser.get("/").words

    @pytest.mark.parametrize(
        "key", ["protection", "auditor", "admin", "other_team", "other_team_supervisor", "stranger"]
    )
    def test_of_no_right_sees_nothing_of_a_case(self, office, key):
        made = office.made()
        referral_id = office.at(made, "pending_approval")
        with office.inside():
            added(office.people, made.case_id)
        page = office.as_(key).get("/")
        for hidden in (
            str(made.case_id),
            str(referral_id),
            code_of(office, made.case_id),
            "Canary",
            "Fictional partner",
        ):
            assert hidden not in page.text


class TestCaseworker:
    def test_counts_what_is_late_due_waiting_and_returned(self, office):
        made = office.made()
        with office.inside():
            for away in (-1, -1, 0, 5):
                added(office.people, made.case_id, away=away, now=START - 2 * DAY)
        office.at(made, "issued")
        office.at(made, "returned")
        words = office.as_("worker").get("/").words
        assert "2 tasks late 1 tasks due today 1 referrals waiting 1 returned to you" in words

    def test_sees_a_clock_and_a_number_to_call_for_a_referral_at_a_partner(self, office):
        made = office.made(phone="+924200000009")
        office.at(made, "issued")
        page = office.as_("worker").get("/")
        assert "no receipt" in page.words
        assert "tel:+924200000009" in page.links()
        _later(office, 30)
        assert "days late, no receipt" in office.as_("worker").get("/").words

    def test_still_sees_the_clock_after_the_receipt_until_the_service_begins(self, office):
        made = office.made()
        office.at(made, "accepted")
        office.at(made, "in_service")
        words = office.as_("worker").get("/").words
        assert "accepted, not begun" in words
        assert "1 referrals waiting" in words

    def test_reads_the_words_of_a_return_and_who_said_them(self, office):
        made = office.made()
        office.at(made, "returned")
        words = office.as_("worker").get("/").words
        assert "Shorter, please. Test Supervisor, 17 November 2026" in words

    def test_sees_own_cases_by_risk_and_not_those_of_colleagues(self, office):
        case_with(office, risk="high")
        case_with(office, risk="high")
        case_with(office, key="colleague", risk="emergency")
        words = office.as_("worker").get("/").words
        assert "High risk 2" in words
        assert "Emergency 1" not in words

    def test_sees_reviews_of_the_next_working_days_with_the_late_ones_on_the_first(self, office):
        for due in (-3, 0, 1, 30):
            case_with(office, due=due)
        words = office.as_("worker").get("/").words
        assert "The first includes 1 that is late." in words
        assert "Tuesday 17 November 2026: 2; Wednesday 18 November 2026: 1;" in words

    def test_with_nothing_to_do_is_told_so(self, office):
        words = office.as_("worker").get("/").words
        for said in (
            "You have no task to do.", "No referral waits for an answer.", "Nothing was returned to you.",
            "You have no open case.", "No review is due in the next seven working days.", "No draft is waiting.",
        ):  # fmt: skip
            assert said in words


class TestSupervisor:
    def test_finds_the_most_urgent_referral_first(self, office):
        made = office.made()
        with office.inside():
            routine, emergency = (made.submitted(urgency=urgency) for urgency in ("routine", "emergency"))
        text = office.as_("supervisor").get("/").text
        assert text.index(f"{emergency}/decide") < text.index(f"{routine}/decide")

    def test_sees_which_lines_changed_since_the_last_time_and_none_of_their_words(self, office):
        made = office.made()
        sent_again(office, made)
        page = office.as_("supervisor").get("/")
        assert "Sent again" in page.words
        assert "Service asked for, and why in one line: other words" in page.words
        assert "Canary other words." not in page.text

    def test_compares_both_letters_on_the_page_of_the_decision(self, office):
        made = office.made()
        referral_id = sent_again(office, made)
        page = office.as_("supervisor").get(f"/referrals/{referral_id}/decide")
        assert "Changed since it was sent before" in page.words
        before, now = "A first talk with a lawyer this week.", "Canary other words."
        assert page.words.index(before) < page.words.index(now)

    def test_first_sent_referrals_are_not_called_changed(self, office):
        referral_id = office.at(office.made(), "pending_approval")
        browser = office.as_("supervisor")
        assert "Sent again" not in browser.get("/").words
        assert "Changed since" not in browser.get(f"/referrals/{referral_id}/decide").words

    def test_decides_from_home_and_comes_back_to_the_list_with_a_word(self, office):
        made = office.made()
        first = office.at(made, "pending_approval")
        supervisor = office.as_("supervisor")
        supervisor.get(supervisor.get("/").link(f"{first}/decide"))
        page = supervisor.submit({"decision": "approve"}, has="decision")
        assert page.url.split("#")[0] == "/"
        assert "Approved. The letter is being made." in page.words
        assert "Nothing waits for your approval." in page.words
        assert office.state(first) == "approved"

    def test_goes_on_to_the_next_that_waits_and_home_after_the_last(self, office):
        made = office.made()
        first, second = office.at(made, "pending_approval"), office.at(made, "pending_approval")
        supervisor = office.as_("supervisor")
        assert "1 more waits for you." in supervisor.get(f"/referrals/{first}/decide").words
        page = supervisor.submit({"decision": "approve"}, has="decision", press=("then", "next"))
        assert page.url == f"/referrals/{second}/decide"
        assert "Approved. The letter is being made." in page.words
        assert "more waits for you" not in page.words
        page = supervisor.submit({"decision": "return", "comment": "Shorter."}, has="decision", press=("then", "next"))
        assert page.url.split("#")[0] == "/"
        assert "Returned with your comments." in page.words

    def test_is_not_offered_a_decision_on_what_they_had_a_hand_in(self, office):
        with office.inside():
            case_id = filled_case(office.people)
            made = Referrals(office.people, case_id=case_id, consented=False)
            consent(office.people, case_id, made.partner_id, taker="supervisor")
            referral_id = made.submitted()
        page = office.as_("supervisor").get("/")
        assert f"/referrals/{referral_id}/decide" not in page.text
        assert "Another supervisor decides: you took part." in page.words
        assert f"/referrals/{referral_id}/decide" in office.as_("second_supervisor").get("/").text

    def test_sees_late_reviews_with_children_first(self, office):
        adult, child = case_with(office, due=-9), case_with(office, due=-1, child=True)
        on_time = case_with(office, due=0)
        page = office.as_("supervisor").get("/")
        late = page.text[page.text.index('id="late-reviews"') : page.text.index("Nothing recorded for 30 days")]
        assert late.index(str(child)) < late.index(str(adult))
        assert str(on_time) not in late
        assert "2 reviews late" in page.words
        assert "1 day late" in page.words

    def test_a_later_doubt_about_the_age_makes_it_a_childs_review(self, office):
        adult, doubted = case_with(office, due=-9), case_with(office, due=-1)
        with office.inside():
            cases.saved(
                office.people, doubted, "screening", {**cases.SCREENING, "age_doubt": "yes"}, record_id=new_id(),
                now=START - 2 * DAY,
            )  # fmt: skip
        text = office.as_("supervisor").get("/").text
        late = text[text.index('id="late-reviews"') :]
        assert late.index(str(doubted)) < late.index(str(adult))

    def test_sees_reported_harm_until_a_supervisor_closes_it(self, office):
        made = office.made()
        with office.inside():
            harmful, harmless = made.at("service_delivered"), made.at("service_delivered")
            made.record(harmful, "feedback", harm="yes")
            made.record(harmless, "feedback", harm="no")
        page = office.as_("supervisor").get("/")
        harm = page.text[page.text.index('id="harm"') : page.text.index('id="waiting"')]
        assert str(harmful) in harm
        assert str(harmless) not in harm
        assert "1 reports of harm" in page.words
        with office.inside():
            made.record(harmful, "close", "supervisor")
        assert 'id="harm"' not in office.as_("supervisor").get("/").text

    def test_sees_late_answers_and_cases_in_which_nothing_happens(self, office):
        made = office.made()
        referral_id = office.at(made, "issued")
        quiet = case_with(office)
        office.now = START + 4 * DAY
        page = office.as_("supervisor").get("/")
        assert "1 answers late" in page.words
        assert str(referral_id) in page.text[page.text.index('id="late-answers"') :]
        assert str(quiet) in page.text[page.text.index('id="quiet-h"') :]

    def test_sees_the_load_of_each_worker_with_the_late_part(self, office):
        case_with(office, due=-1)
        case_with(office)
        case_with(office, key="colleague")
        case_with(office, key="other_team")
        words = office.as_("supervisor").get("/").words
        assert "Test Caseworker1 review late 2" in words
        assert "Test Colleague 1" in words
        assert "Test Other Team" not in words

    def test_sees_how_referrals_ended_lately(self, office):
        made = office.made()
        office.at(made, "refused")
        office.at(made, "cancelled")
        words = office.as_("supervisor").get("/").words
        assert "Refused 1" in words
        _later(office, 100)
        assert "No referral ended in the last 90 days." in office.as_("supervisor").get("/").words

    def test_is_told_that_closures_wait_when_some_do(self, office):
        case_id = case_with(office)
        assert "waits for its closure" not in office.as_("supervisor").get("/").words
        with office.inside(), writing():
            session().get_one(Case, case_id).state = "closure_requested"
        assert "1 case waits for its closure." in office.as_("supervisor").get("/").words

    def test_with_nothing_to_do_is_told_so(self, office):
        words = office.as_("supervisor").get("/").words
        for said in (
            "Nothing waits for your approval.", "No review is late.", "The team has no open case.",
            "No referral ended in the last 90 days.",
        ):  # fmt: skip
            assert said in words


class TestDataProtection:
    def test_sees_agreements_that_end_soon_and_partners_whose_class_changed(self, office):
        with office.inside():
            soon = partner(office.people, "L4_legal", agreement_until="2026-12-20", name_en="Soon over")
            partner(office.people, "L4_health", agreement_until="2027-12-20", name_en="Long to go")
            partner(office.people, "L4_shelter", agreement_until="2026-11-01", name_en="Over already")
            _reclassed(office.people, soon)
        page = office.as_("protection").get("/")
        assert "Soon over" in page.words
        assert "Long to go" not in page.words
        assert "Over already" not in page.words
        assert "Kind of recipient changed" in page.words
        _later(office, 31)
        assert "Nothing changed that decides what a partner may be told." in office.as_("protection").get("/").words

    def test_counts_the_letters_that_left_week_by_week(self, office):
        office.at(office.made(), "issued")
        words = office.as_("protection").get("/").words
        assert "9 November 2026: 0; 16 November 2026: 1" in words

    def test_decides_on_audits_of_the_own_organisation_only(self, office):
        case_id = case_with(office)
        audit_id = _asked(office, case_id)
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
        later, sooner = _running(office, case_id, days=20), _running(office, case_id, days=3)
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
            token = _token(browser.get("/sign-in").text)
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


class TestBrokenSeals:
    @pytest.mark.parametrize("key", ["worker", "supervisor"])
    @pytest.mark.parametrize("models", [(CaseSummary,), (Referral,), (Task,), (Draft,), (Snapshot,), (Case,)])
    def test_show_as_such_and_the_rest_of_the_page_stands(self, office, key, models):
        made = office.made()
        sent_again(office, made)
        for state in ("issued", "returned", "draft"):
            office.at(made, state)
        with office.inside():
            added(office.people, made.case_id, away=-1, now=START - 2 * DAY)
            case_id = cases.opened(office.people, now=START - 40 * DAY, contact_date="2026-10-01")
            with writing():
                session().get_one(Case, case_id).due_on = START.date() - DAY
        office.as_("worker").get(f"/cases/{made.case_id}/notes")
        spoil(office, *models)
        page = office.as_(key).get("/")
        assert "What needs you now" in page.words
        seen = {"worker": (CaseSummary, Referral, Task, Case), "supervisor": (CaseSummary, Referral, Snapshot, Case)}
        if models[0] in seen[key]:
            assert "annot be opened" in page.words
            assert broken_seals(office) > 0

    def test_of_audits_and_partners_show_as_such(self, office):
        with office.inside():
            partner(office.people, "L4_legal")
        _asked(office, case_with(office))
        spoil(office, Audit, Partner)
        words = office.as_("protection").get("/").words
        assert "1 partner cannot be opened." in words
        assert "Broken seal" in words
        assert "Broken seal" in office.as_("auditor").get("/").words
        assert broken_seals(office) == 3

    def test_of_staff_show_as_such_to_an_administrator(self, office):
        browser = office.as_("admin")
        with office.inside():
            colleague = office.people.staff["colleague"]
            session().execute(update(Staff).where(Staff.id == colleague).values(sealed=b"spoilt", state="invited"))
            session().commit()
        assert "This record cannot be opened" in browser.get("/").words
        assert broken_seals(office) == 1


def _later(office, days):
    """Another day: the sessions of today are over."""
    office.now = START + days * DAY
    office.browsers.clear()


def _reclassed(people, partner_id):
    stored = get_partner(partner_id)
    doc = {**vault.read(stored), "recipient_class": "L4_health", "organisation_type": "health"}
    with writing():
        update_partner(actor=people.actor("supervisor"), partner_id=partner_id, data=doc, rv=stored.rv, now=LATER)


def _asked(office, case_id, days=14):
    with office.inside():
        number, audit_id = session().get_one(Case, case_id).number, new_id()
        with writing():
            audits.ask_audit(
                actor=office.people.actor("auditor"), audit_id=audit_id, numbers=[number], purpose="Canary purpose",
                scope="Everything", ends_on=START.date() + days * DAY, today=START.date(), now=START,
            )  # fmt: skip
    return audit_id


def _running(office, case_id, days):
    audit_id = _asked(office, case_id, days)
    with office.inside(), writing():
        audits.approve_audit(
            actor=office.people.actor("protection"), audit_id=audit_id, zone="Asia/Karachi", today=START.date(),
            now=START,
        )  # fmt: skip
    return audit_id


def _token(text):
    return text.split('name="csrf_token" value="')[1].split('"')[0]
