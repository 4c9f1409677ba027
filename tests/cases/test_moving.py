"""A case moves when its guard is content, and is handed over inside its team only."""

import pytest

from caseflow.cases import queries, services
from caseflow.cases.states import CaseState
from caseflow.core import catalogue, ports
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, Refused
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from tests.cases.factories import ASSESSMENT, SAFETY, SOON, opened, saved

pytestmark = pytest.mark.both_databases


@pytest.fixture
def consents(monkeypatch):
    """The answers of the consent register: the reasons against intake."""
    reasons = []
    monkeypatch.setattr(ports.may_start_intake, "handlers", [lambda **_facts: list(reasons)])
    return reasons


def move(people, case_id, verb, key="worker"):
    with writing():
        services.move_case(actor=people.actor(key), case_id=case_id, verb=verb, now=SOON)


def questions(refused):
    return {params.get("question") for _text, params in refused.value.reasons}


def test_intake_waits_for_safe_contact_and_risk(app, people, consents):
    case_id = opened(people)
    with pytest.raises(Refused) as refused:
        move(people, case_id, "begin_intake")
    asked = (("safety", "safe_contact_way"), ("assessment", "risk_level"))
    assert questions(refused) == {catalogue.load().kind(kind).field(code).label["en"] for kind, code in asked}
    assert queries.get_case(case_id).state == CaseState.SCREENING


def test_intake_waits_for_the_consent_register(app, people, consents):
    consents.append(("The person's consent is missing.", {}))
    case_id = opened(people)
    saved(people, case_id, "safety", SAFETY)
    saved(people, case_id, "assessment", ASSESSMENT)
    with pytest.raises(Refused) as refused:
        move(people, case_id, "begin_intake")
    assert refused.value.reasons == (("The person's consent is missing.", {}),)


def test_intake_begins_and_then_the_assessment(app, people, consents):
    case_id = opened(people)
    saved(people, case_id, "safety", SAFETY)
    saved(people, case_id, "assessment", ASSESSMENT)
    move(people, case_id, "begin_intake")
    move(people, case_id, "begin_assessment")
    case = queries.get_case(case_id)
    assert (case.state, case.state_since) == (CaseState.ASSESSMENT, SOON)
    moved = session().query(TrailEntry).filter_by(tag=str(Tag.CASE_MOVED)).count()
    assert moved == 2
    assert verify().whole


def test_the_assessment_waits_for_what_intake_asks(app, people, consents):
    case_id = opened(people, primary_language=None, citizenship=None)
    with pytest.raises(Refused) as refused:
        move(people, case_id, "begin_intake")
    assert len(refused.value.reasons) == 4
    saved(people, case_id, "safety", SAFETY)
    saved(people, case_id, "assessment", {"risk_level": "high"})
    data = {**queries.data_of(case_id, "screening"), "primary_language": "ur", "citizenship": ["PK"]}
    saved(people, case_id, "screening", data)
    move(people, case_id, "begin_intake")
    with pytest.raises(Refused) as refused:
        move(people, case_id, "begin_assessment")
    assert len(refused.value.reasons) == 3  # language and citizenship of the person, and the day of the next review


class TestHandOver:
    @pytest.mark.parametrize("to", ["colleague", "supervisor"])
    def test_to_somebody_of_the_team(self, app, people, to):
        case_id = opened(people)
        with writing():
            services.assign_case(actor=people.actor("worker"), case_id=case_id, assignee_id=people.staff[to], now=SOON)
        assert queries.get_case(case_id).assignee_id == people.staff[to]
        assert verify().whole

    @pytest.mark.parametrize("to", ["other_team", "stranger", "admin", "auditor", "protection"])
    def test_never_out_of_the_team(self, app, people, to):
        case_id = opened(people)
        with pytest.raises(Invalid) as invalid, writing():
            services.assign_case(
                actor=people.actor("supervisor"), case_id=case_id, assignee_id=people.staff[to], now=SOON
            )
        assert set(invalid.value.problems) == {"assignee"}

    @pytest.mark.parametrize(("key", "refusal"), [("colleague", NotAllowed), ("other_team", NotFound)])
    def test_only_by_who_holds_or_supervises_it(self, app, people, key, refusal):
        case_id = opened(people)
        with pytest.raises(refusal), writing():
            services.assign_case(actor=people.actor(key), case_id=case_id, assignee_id=people.staff[key], now=SOON)

    def test_who_gave_a_case_away_reads_it_still_and_writes_no_more(self, app, people):
        case_id = opened(people)
        with writing():
            services.assign_case(
                actor=people.actor("worker"), case_id=case_id, assignee_id=people.staff["colleague"], now=SOON
            )
        assert queries.list_cases(people.actor("worker"))
        with pytest.raises(NotAllowed):
            saved(people, case_id, "safety", SAFETY)
        saved(people, case_id, "safety", SAFETY, key="colleague")
