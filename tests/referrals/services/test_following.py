"""What an answer leaves to do: another partner to find, a person to look after."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from caseflow.cases.models import Case, CaseSummary
from caseflow.core.db import session, writing
from caseflow.core.trail.verify import verify
from caseflow.support.queries import of_case
from tests.cases import factories as cases
from tests.referrals.factories import ANSWERED, Referrals
from tests.tasks.factories import TODAY

pytestmark = pytest.mark.both_databases


def change(model, row_id, **values):
    with writing():
        session().execute(update(model).where(model.id == row_id).values(**values))
    session().expire_all()


def tasks(made):
    return [(row.doc["kind"], row.due_on, row.assignee_id, row.doc["source"]) for row in of_case(made.case_id)]


def test_a_refusal_asks_the_worker_of_the_case_to_find_another_partner_by_tomorrow(app, people):
    made = Referrals(people)
    referral_id = made.at("acknowledged")
    made.record(referral_id, "refuse", "supervisor")
    due = TODAY + timedelta(days=1)
    assert tasks(made) == [("find_another_partner", due, people.staff["worker"], {"referral": str(referral_id)})]
    assert of_case(made.case_id)[0].created_by is None
    assert verify().findings == []


@pytest.mark.parametrize("risk", ["high", "emergency"])
def test_a_no_show_of_a_person_in_danger_asks_to_look_after_them_today(app, people, risk):
    made = Referrals(people)
    cases.saved(people, made.case_id, "assessment", {"risk_level": risk}, now=ANSWERED)
    referral_id = made.at("accepted")
    made.record(referral_id, "no_show")
    assert tasks(made) == [("safety_check", TODAY, people.staff["worker"], {"referral": str(referral_id)})]


def test_a_no_show_at_lower_risk_opens_nothing(app, people):
    made = Referrals(people)
    cases.saved(people, made.case_id, "assessment", {"risk_level": "medium"}, now=ANSWERED)
    made.record(made.at("accepted"), "no_show")
    assert tasks(made) == []


def test_a_risk_that_cannot_be_read_counts_as_danger(app, people):
    made = Referrals(people)
    referral_id = made.at("accepted")
    change(CaseSummary, made.case_id, sealed=b"spoilt")
    made.record(referral_id, "no_show")
    assert [kind for kind, *_rest in tasks(made)] == ["safety_check"]


def test_every_other_answer_opens_nothing(app, people):
    made = Referrals(people)
    made.at("closed")
    assert tasks(made) == []


def test_an_answer_to_a_closed_case_is_kept_and_opens_nothing(app, people):
    made = Referrals(people)
    referral_id = made.at("acknowledged")
    change(Case, made.case_id, state="closed")
    made.record(referral_id, "refuse")
    assert tasks(made) == []


def test_a_task_for_a_case_without_a_worker_is_the_teams(app, people):
    made = Referrals(people)
    referral_id = made.at("acknowledged")
    change(Case, made.case_id, assignee_id=None)
    made.record(referral_id, "refuse", "supervisor")
    assert [who for _kind, _day, who, _source in tasks(made)] == [None]
