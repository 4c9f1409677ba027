"""Needs and risk, and what people went through: which case asks for what, when to look again, what old records say."""

from datetime import timedelta
from uuid import uuid4

import pytest

from caseflow.cases import queries
from caseflow.core import catalogue, vault
from caseflow.core.catalogue import RELEASE
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, TooLate
from caseflow.core.trail.verify import verify
from tests.cases.factories import ASSESSMENT, JOURNEY, SAFETY, SCREENING, SOON, opened, saved

pytestmark = pytest.mark.both_databases
TODAY = SOON.date()


def assess(people, case_id, *, now=SOON, **changed):
    answers = {code: value for code, value in {**ASSESSMENT, **changed}.items() if value is not None}
    return saved(people, case_id, "assessment", answers, now=now)


def problems(people, case_id, **changed):
    with pytest.raises(Invalid) as invalid:
        assess(people, case_id, **changed)
    return invalid.value.problems


def screened(people, case_id, **changed):
    later = SOON + timedelta(minutes=5)
    data = {code: value for code, value in {**SCREENING, **changed}.items() if value is not None}
    return saved(people, case_id, "screening", data, now=later)


class TestReview:
    @pytest.mark.parametrize(
        ("level", "last", "late"),
        [
            ("emergency", "2026-11-04", "2026-11-05"),
            ("high", "2026-11-10", "2026-11-11"),
            ("medium", "2026-12-03", "2026-12-04"),
            ("low", "2027-02-01", "2027-02-02"),
        ],
    )
    def test_is_due_the_sooner_the_greater_the_risk(self, app, people, level, last, late):
        case_id = opened(people)
        found = problems(people, case_id, risk_level=level, next_review_date=late)
        assert set(found) == {"next_review_date"}
        assert found["next_review_date"][1]["days"] in (1, 7, 30, 90)
        assert queries.records_of(case_id, "assessment") == []
        assess(people, case_id, risk_level=level, next_review_date=last)
        assert queries.get_case(case_id).due_on.isoformat() == last

    def test_counts_from_the_day_it_happened(self, app, people):
        case_id = opened(people)
        assert "next_review_date" in problems(people, case_id, assessed_on="2026-11-02", next_review_date="2026-11-10")

    def test_never_lies_before_the_assessment(self, app, people):
        assert "next_review_date" in problems(people, opened(people), next_review_date="2026-11-02")

    def test_that_nobody_named_is_the_last_day_the_risk_leaves(self, app, people):
        case_id = opened(people)
        assess(people, case_id, risk_level="emergency", next_review_date=None, assessed_on=None)
        assert queries.data_of(case_id, "assessment")["assessed_on"] == TODAY.isoformat()
        assert queries.get_case(case_id).due_on == TODAY + timedelta(days=1)


class TestAssessments:
    def test_the_latest_counts_and_the_old_ones_stay(self, app, people):
        case_id = opened(people)
        assess(people, case_id, needs=[{"id": "a1a1a1a1", "service": "legal"}])
        later = SOON + timedelta(minutes=1)
        assess(people, case_id, risk_level="medium", next_review_date="2026-11-20", now=later)
        kept = [queries.read_record(one) for one in queries.records_of(case_id, "assessment")]
        assert [one["risk_level"] for one in kept] == ["high", "medium"]
        assert kept[0]["needs"] == [{"id": "a1a1a1a1", "service": "legal"}]
        assert queries.summary_of(queries.get_case(case_id))["risk"] == "medium"
        assert queries.get_case(case_id).due_on.isoformat() == "2026-11-20"
        assert verify().whole

    def test_one_is_never_written_over(self, app, people):
        case_id = opened(people)
        record_id, rv = assess(people, case_id)
        assert saved(people, case_id, "assessment", ASSESSMENT, record_id=record_id, rv=0) == (record_id, rv)
        with pytest.raises(TooLate):
            saved(people, case_id, "assessment", {**ASSESSMENT, "risk_level": "low"}, record_id=record_id, rv=0)

    def test_only_who_works_the_case_assesses(self, app, people):
        case_id = opened(people)
        with pytest.raises(NotAllowed):
            saved(people, case_id, "assessment", ASSESSMENT, key="colleague")

    def test_an_ill_formed_item_changes_nothing(self, app, people):
        case_id = opened(people)
        found = problems(people, case_id, needs=[{"id": "a1a1a1a1", "service": "<script>"}])
        assert set(found) == {"needs-a1a1a1a1-service"}
        assert queries.data_of(case_id, "assessment") == {}


class TestFacts:
    def test_hold_the_type_of_the_case_and_the_age_status(self, app, people):
        case_id = opened(people, case_type="som")
        known = queries.facts(case_id, "trafficking", today=TODAY)
        assert known == {"today": TODAY.isoformat(), "case_type": "som", "majority_status": "adult"}

    def test_a_later_screening_counts(self, app, people):
        case_id = opened(people, case_type="som")
        screened(people, case_id, case_type="tip_som", majority_status="minor", age_at_contact=None)
        known = queries.facts(case_id, "trafficking", today=TODAY)
        assert (known["case_type"], known["majority_status"]) == ("tip_som", "minor")

    @pytest.mark.parametrize("said", [{"age_doubt": "yes"}, {"majority_status": "unknown", "age_at_contact": None}])
    def test_in_doubt_the_person_counts_as_a_child(self, app, people, said):
        case_id = opened(people)
        screened(people, case_id, **said)
        assert queries.facts(case_id, "trafficking", today=TODAY)["majority_status"] == "unknown"

    def test_a_person_of_whom_no_age_is_known_counts_as_a_child(self, app, people):
        case_id = opened(people, majority_status=None, age_at_contact=None)
        assert queries.facts(case_id, "trafficking", today=TODAY)["majority_status"] == "unknown"


class TestExperience:
    @pytest.mark.parametrize(
        ("case_type", "kind", "data"),
        [
            ("tip", "smuggling", {"group_size": 12}),
            ("tip", "journey", JOURNEY),
            ("som", "trafficking", {"acts": ["receipt"]}),
        ],
    )
    def test_belongs_to_the_type_of_the_case(self, app, people, case_type, kind, data):
        case_id = opened(people, case_type=case_type)
        with pytest.raises(Invalid) as invalid:
            saved(people, case_id, kind, data)
        assert set(invalid.value.problems) == {""}
        other = "som" if case_type == "tip" else "tip"
        screened(people, case_id, case_type=other)
        saved(people, case_id, kind, data)
        assert queries.data_of(case_id, kind) == data

    def test_that_was_written_stays_and_can_be_corrected_when_the_type_changes(self, app, people):
        case_id = opened(people, case_type="som")
        saved(people, case_id, "journey", JOURNEY)
        screened(people, case_id, case_type="tip")
        saved(people, case_id, "journey", {"legs": JOURNEY["legs"][:1]})
        assert queries.data_of(case_id, "journey") == {"legs": JOURNEY["legs"][:1]}

    def test_means_that_were_written_stay_when_the_person_turns_out_to_be_a_child(self, app, people):
        case_id = opened(people)
        saved(people, case_id, "trafficking", {"acts": ["receipt"], "means": ["fraud"]})
        screened(people, case_id, majority_status="minor", age_at_contact=None)
        saved(people, case_id, "trafficking", {"acts": ["receipt", "transfer"], "means": ["fraud"]})
        assert queries.data_of(case_id, "trafficking")["means"] == ["fraud"]
        with pytest.raises(Invalid):
            saved(people, case_id, "trafficking", {"means": ["force"]})

    def test_two_first_saves_make_one_journey(self, app, people):
        case_id = opened(people, case_type="som")
        saved(people, case_id, "journey", JOURNEY)
        with pytest.raises(TooLate):
            saved(people, case_id, "journey", {}, rv=0, record_id=uuid4())
        assert len(queries.records_of(case_id, "journey")) == 1


class TestRecordsOfTheTrunk:
    """A case of release 2026.1, which asked the risk level in the safety record."""

    @pytest.fixture
    def case_id(self, app, people):
        case_id = opened(people)
        old = {**SAFETY, "risk_level": "high", "next_review_date": "2026-11-10"}
        with writing():
            record = queries.record_of(case_id, "safety")
            vault.write(record, {"catalogue": "2026.1", "data": old}, rv=record.rv)
        return case_id

    def test_still_say_the_risk_and_its_review(self, case_id):
        moved = {"risk_level": "high", "next_review_date": "2026-11-10"}
        assert queries.data_of(case_id, "assessment") == moved
        assert queries.data_of(case_id, "safety") == SAFETY
        known = queries.facts(case_id, "assessment", today=TODAY)
        assert catalogue.missing(RELEASE, "assessment", moved, "I", known) == []

    def test_keep_it_when_safety_is_written_again(self, people, case_id):
        saved(people, case_id, "safety", {**SAFETY, "code_word": "apricot"})
        assert vault.read(queries.record_of(case_id, "safety"))["catalogue"] == RELEASE
        assert queries.data_of(case_id, "assessment")["risk_level"] == "high"
        assert queries.summary_of(queries.get_case(case_id))["risk"] == "high"

    def test_give_way_to_the_first_assessment(self, people, case_id):
        assess(people, case_id, risk_level="low", next_review_date="2026-12-01")
        assert queries.data_of(case_id, "assessment")["risk_level"] == "low"
        assert queries.summary_of(queries.get_case(case_id))["risk"] == "low"
        session().expire_all()
        assert queries.get_case(case_id).due_on.isoformat() == "2026-12-01"
