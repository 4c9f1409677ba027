"""A supervisor's home: decisions, harm, late reviews with children first, late answers, the load of each worker."""

import pytest

from caseflow.cases.models import Case
from caseflow.core.db import new_id, session, writing
from tests.cases import factories as cases
from tests.desk.making import DAY, case_with, later, sent_again
from tests.referrals.factories import START, Referrals, consent, filled_case

pytestmark = pytest.mark.both_databases


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
        later(office, 100)
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
