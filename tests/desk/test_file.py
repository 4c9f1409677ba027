"""The file of a case on its page: what belongs to it, what is missing at this stage, what a new screening opened."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from caseflow.cases import queries as cases
from caseflow.cases.models import CaseRecord
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.desk import file
from tests.cases import factories

pytestmark = pytest.mark.both_databases
LATER = factories.SOON + timedelta(hours=1)
TODAY = LATER.date()


def parts(case_id):
    return {part.kind: part for part in file.file_of(cases.get_case(case_id), today=TODAY)}


def screened(people, case_id, case_type, *, now=LATER):
    factories.saved(people, case_id, "screening", {**factories.SCREENING, "case_type": case_type}, now=now)


def turn(case_id, *, now=LATER):
    return file.turn_of(cases.get_case(case_id), now=now)


@pytest.mark.parametrize(
    ("case_type", "listed"),
    [
        ("tip", {"trafficking"}),
        ("som", {"smuggling", "journey"}),
        ("undetermined", {"trafficking", "smuggling", "journey"}),
    ],
)
def test_lists_what_belongs_to_the_type_of_the_case(app, people, case_type, listed):
    every = {"trafficking", "smuggling", "journey"}
    found = set(parts(factories.opened(people, case_type=case_type)))
    assert found & every == listed
    assert found - every == {"screening", "person", "identity", "safety", "assessment"}


def test_what_was_written_is_listed_whatever_the_type(app, people):
    case_id = factories.opened(people, case_type="som")
    factories.saved(people, case_id, "journey", factories.JOURNEY)
    screened(people, case_id, "tip")
    assert "journey" in parts(case_id)
    assert "smuggling" not in parts(case_id)


def test_asks_for_what_the_stage_needs(app, people):
    case_id = factories.opened(people, majority_status="minor", age_at_contact=15)
    assert parts(case_id)["assessment"].open == 2
    factories.saved(people, case_id, "assessment", factories.ASSESSMENT)
    assert parts(case_id)["assessment"].open == 0
    with writing():
        cases.get_case(case_id).state = "assessment"
    assert parts(case_id)["assessment"].open == 1  # the best interests of the child


def test_a_broken_record_is_marked_and_the_others_stand(app, people):
    case_id = factories.opened(people)
    token = vault.kind_token(case_id, "person")
    with writing():
        session().execute(update(CaseRecord).where(CaseRecord.kind_token == token).values(sealed=b"spoilt"))
    session().expire_all()
    found = parts(case_id)
    assert [kind for kind, part in found.items() if part.error] == ["person"]
    assert found["screening"].done > 0


class TestTurn:
    def test_there_is_none_while_screenings_agree(self, app, people):
        case_id = factories.opened(people, case_type="som")
        assert turn(case_id) is None
        screened(people, case_id, "som")
        assert turn(case_id) is None

    def test_names_both_types_and_the_sections_now_open(self, app, people):
        case_id = factories.opened(people, case_type="som")
        screened(people, case_id, "tip_som")
        found = turn(case_id)
        assert (found.old, found.new, found.opened) == ("som", "tip_som", ["trafficking"])

    def test_stands_until_the_section_is_begun_however_long_that_takes(self, app, people):
        case_id = factories.opened(people, case_type="som")
        screened(people, case_id, "tip_som")
        assert turn(case_id, now=LATER + timedelta(days=400)).opened == ["trafficking"]
        factories.saved(people, case_id, "trafficking", {"acts": ["receipt"]}, now=LATER)
        assert turn(case_id, now=LATER + timedelta(days=6)).opened == []
        assert turn(case_id, now=LATER + timedelta(days=7)) is None

    def test_that_opens_nothing_is_told_for_a_week(self, app, people):
        case_id = factories.opened(people, case_type="tip_som")
        screened(people, case_id, "tip")
        assert turn(case_id, now=LATER + timedelta(days=6)).new == "tip"
        assert turn(case_id, now=LATER + timedelta(days=7)) is None

    def test_is_told_on_the_page_of_the_case_and_in_no_address(self, bare_app, browser_of, people):
        with bare_app.app_context():
            case_id = factories.opened(people, case_type="som")
            screened(people, case_id, "tip_som")
        page = browser_of("worker").get(f"/cases/{UUID(str(case_id))}").text
        assert "The type of this case has changed" in page
        assert f'href="/cases/{case_id}/trafficking"' in page
        assert "tip_som" not in page
