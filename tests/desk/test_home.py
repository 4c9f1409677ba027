"""Home through the front door: what every role sees, a caseworker above all, and what a broken seal does."""

import pytest
from sqlalchemy import update

from caseflow.accounts.models import Staff, StaffMembership
from caseflow.accounts.services import people as staffing
from caseflow.audit.models import Audit
from caseflow.cases.models import Case, CaseSummary, Draft
from caseflow.core.db import session, writing
from caseflow.core.policy import Role
from caseflow.partners.models import Partner
from caseflow.referrals.models import Referral, Snapshot
from caseflow.support.models import Task
from tests.cases import factories as cases
from tests.desk.making import DAY, asked, broken_seals, case_with, code_of, later, sent_again, spoil
from tests.referrals.factories import START, partner
from tests.tasks.factories import added

EVERYBODY = ("worker", "supervisor", "protection", "auditor", "admin")


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
        assert "Your role holds once a second person has agreed to it" in browser.get("/").words

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


@pytest.mark.both_databases
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
        later(office, 30)
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
        asked(office, case_with(office))
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
