"""Screening opens a case once, with what the person agreed to, or leaves nothing."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from caseflow.cases import queries, services
from caseflow.cases.models import Case, CaseRecord, CaseSummary, Draft
from caseflow.cases.services import opening
from caseflow.core import ports, vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, Refused, TooLate
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from tests.cases.factories import NOW, SCREENING, SOON, opened

pytestmark = pytest.mark.both_databases


def count(model):
    return session().scalar(select(func.count()).select_from(model))


def has_key(case_id):
    return bool(vault.current().store.keys([case_id]))


def test_a_case_is_opened_with_its_records(app, people):
    case_id = opened(people)
    case = queries.get_case(case_id)
    assert case.assignee_id == people.staff["worker"]
    assert (case.state, case.organisation_id) == ("screening", people.organisations["ours"])
    assert case.number.startswith("CF-")
    assert queries.data_of(case_id, "screening") == SCREENING
    assert queries.data_of(case_id, "person") == {
        "gender": "feminine", "age_at_contact": 24, "majority_status": "adult", "primary_language": "ur",
        "citizenship": ["PK"],
    }  # fmt: skip
    assert queries.data_of(case_id, "safety") == {"immediate_safety_alert": SCREENING["danger_what"]}
    assert queries.data_of(case_id, "identity") == {}
    assert verify().whole


def test_the_documents_have_the_agreed_shape(app, people):
    case = queries.get_case(opened(people))
    doc = vault.read(case)
    assert set(doc) == {"catalogue", "code_en", "code_ur", "type", "source", "first_contact"}
    assert (doc["type"], doc["source"], doc["first_contact"]) == ("tip", "self", "2026-11-02")
    summary = queries.summary_of(case)
    assert summary["age_band"] == "24_26"
    assert (summary["gender"], summary["majority"], summary["risk"]) == ("feminine", "adult", "")
    assert (summary["code_en"], summary["code_ur"]) == (doc["code_en"], doc["code_ur"])


def test_the_ticks_reach_the_consent_register(app, people, monkeypatch):
    told = []
    monkeypatch.setattr(ports.screening_consents, "handlers", [lambda **facts: told.append(facts)])
    case_id = opened(people, consent_share=True)
    assert [(one["case_id"], one["data"]["consent_share"]) for one in told] == [(case_id, True)]
    assert told[0]["screening_id"] == queries.record_of(case_id, "screening").id


def test_a_repeated_post_gives_the_first_case(app, people):
    case_id = opened(people)
    before = (count(CaseRecord), count(TrailEntry))
    assert opened(people, case_id=case_id, gender="masculine") == case_id
    assert (count(CaseRecord), count(TrailEntry)) == before
    assert queries.data_of(case_id, "person")["gender"] == "feminine"


@pytest.mark.parametrize("key", ["colleague", "supervisor"])
def test_an_id_of_somebody_else_is_not_found(app, people, key):
    case_id = opened(people)
    for changed in ({}, {"consent_record": None}):
        with pytest.raises(NotFound):
            opened(people, key, case_id=case_id, **changed)
    assert has_key(case_id)


@pytest.mark.parametrize("key", ["auditor", "admin", "protection"])
def test_only_who_works_cases_opens_them(app, people, key):
    with pytest.raises(NotAllowed):
        opened(people, key)


def test_a_team_of_others_is_not_found(app, people):
    with pytest.raises(NotFound):
        opened(people, team="south")


class TestRefusedRecord:
    def test_nothing_typed_stays(self, app, people):
        case_id, actor = uuid4(), people.actor("worker")
        services.reserve(case_id, now=NOW)
        with writing():
            fields = {"danger_what": ["x"]}
            services.keep_draft(
                actor=actor, case_id=case_id, record_id=case_id, kind="screening", fields=fields, now=NOW
            )
        with pytest.raises(services.RecordRefused):
            opened(people, case_id=case_id, consent_record=None)
        with writing():
            services.count_declined(actor=actor, case_id=case_id, team_id=people.teams["north"], now=NOW)
        assert (count(Case), count(CaseRecord), count(CaseSummary), count(Draft)) == (0, 0, 0, 0)
        assert not has_key(case_id)
        assert verify().whole

    def test_a_refusal_comes_before_any_other_message(self, app, people):
        with pytest.raises(services.RecordRefused):
            opened(people, consent_record=None, gender="no such code")

    def test_the_same_form_sent_again_with_the_tick_opens_one_case(self, app, people):
        case_id = uuid4()
        with pytest.raises(services.RecordRefused):
            opened(people, case_id=case_id, consent_record=None)
        first = opened(people, case_id=case_id)
        assert first != case_id
        assert opened(people, case_id=case_id) == first
        assert count(Case) == 1

    def test_a_draft_under_the_succeeding_id_is_forgotten_too(self, app, people):
        case_id, actor = uuid4(), people.actor("worker")
        with pytest.raises(services.RecordRefused):
            opened(people, case_id=case_id, consent_record=None)
        later = services.reserve(case_id, now=NOW)
        with writing():
            services.keep_draft(actor=actor, case_id=later, record_id=later, kind="screening", fields={}, now=NOW)
        with writing():
            services.count_declined(actor=actor, case_id=case_id, team_id=people.teams["north"], now=NOW)
        assert count(Draft) == 0
        assert not has_key(later)

    def test_a_refusal_that_comes_late_leaves_an_open_case_alone(self, app, people):
        case_id, team_id = opened(people), people.teams["north"]
        with pytest.raises(TooLate), writing():
            services.count_declined(actor=people.actor("worker"), case_id=case_id, team_id=team_id, now=SOON)
        assert has_key(case_id)
        assert queries.data_of(case_id, "person")

    def test_a_vital_interest_opens_the_case_and_says_why(self, app, people):
        case_id, data = services.reserve(uuid4(), now=NOW), {**SCREENING}
        del data["consent_record"], data["consent_talk"]
        with writing():
            services.open_case(
                actor=people.actor("worker"), case_id=case_id, team_id=people.teams["north"], data=data, now=NOW,
                vital_interest="Unconscious in the ward",
            )  # fmt: skip
        assert vault.read(queries.get_case(case_id))["vital_interest"] == "Unconscious in the ward"

    def test_who_does_not_agree_to_talk_is_not_screened(self, app, people):
        with pytest.raises(Refused):
            opened(people, consent_talk=None)
        assert count(Case) == 0


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("gender", "hacker"),
        ("worker_opinion", "lone \ud800 surrogate"),
        ("worker_opinion", "nul \x00 byte"),
        ("worker_opinion", "long " * 1000),
        ("age_at_contact", 10**30),
        ("contact_date", "2031-01-01"),
    ],
)
def test_ill_formed_answers_are_refused_and_nothing_stays(app, people, code, value):
    with pytest.raises(Invalid) as invalid:
        opened(people, **{code: value})
    assert set(invalid.value.problems) == {code}
    assert count(Case) == count(CaseRecord) == 0


def test_hostile_text_is_kept_as_plain_text(app, people):
    text = "'; DROP TABLE case_file; -- <script>alert(1)</script> {{ 7*7 }} 😀 زرمینہ"
    assert queries.data_of(opened(people, worker_opinion=text), "screening")["worker_opinion"] == text


def test_a_taken_code_name_is_drawn_again(app, people, monkeypatch):
    names = iter([("Calm River", "پرسکون دریا")] * 3 + [("Kind Lamp", "مہربان چراغ")])
    monkeypatch.setattr(opening.catalogue, "draw_code_name", lambda _bytes: next(names))
    first, second = opened(people), opened(people)
    assert vault.read(queries.get_case(first))["code_en"] == "Calm River"
    assert vault.read(queries.get_case(second))["code_en"] == "Kind Lamp"


def test_a_reserved_key_is_made_once(app):
    case_id = uuid4()
    assert services.reserve(case_id, now=NOW) == services.reserve(case_id, now=SOON) == case_id
    assert len(vault.current().store.keys([case_id])) == 1


def test_two_posts_at_once_open_one_case(app, people):
    case_id, start, results = services.reserve(uuid4(), now=NOW), threading.Barrier(2), []

    def post():
        with app.app_context():
            start.wait()
            results.append(opened(people, case_id=case_id))

    both = [threading.Thread(target=post) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    session().rollback()
    assert results == [case_id, case_id]
    assert (count(Case), count(CaseRecord)) == (1, 3)
    assert verify().whole


def test_a_person_under_18_is_never_opened_as_an_adult(app, people):
    case_id = services.reserve(uuid4(), now=NOW)
    data = {**SCREENING, "majority_status": "adult", "age_at_contact": 15}
    with pytest.raises(Invalid) as refused, writing():
        services.open_case(
            actor=people.actor("worker"), case_id=case_id, team_id=people.teams["north"], data=data, now=NOW
        )
    assert set(refused.value.problems) == {"majority_status"}
