"""Help without a case and refused records through the front door."""

import re
import uuid

import pytest
from sqlalchemy import func, select

from caseflow.accounts.queries import get_staff
from caseflow.accounts.services.people import grant_role
from caseflow.cases.models import Case, ContactCount, Draft
from caseflow.core import clock
from caseflow.core.db import session, writing
from caseflow.core.policy import Role
from tests.cases import pages
from tests.support.http import post

SECRET = "Fictional words that must not stay"


@pytest.fixture
def worker(browser_of):
    return browser_of("worker")


def rows_in(app, model):
    with app.app_context():
        return session().scalar(select(func.count()).select_from(model))


def kinds(app):
    with app.app_context():
        return sorted(session().scalars(select(ContactCount.kind)))


def in_a_second_team(people):
    """Give the worker a second team of the same organisation; returns its id."""
    south, now = people.teams["south"], clock.now()
    with writing():
        staff = get_staff(people.staff["worker"], for_update=True)
        place = {"organisation_id": people.organisations["ours"], "team_id": south}
        grant_role(actor=None, staff=staff, role=Role.CASEWORKER, now=now, **place)
    return str(south)


def count_help(client, case_id, **changed):
    url = f"/cases/new/{case_id}/helped"
    return post(client, url, {"help_given": ["food_water"], "helped_on": "2026-11-02", **changed}, page=url)


class TestHelpedOnce:
    def test_is_one_page_away_from_the_start(self, bare_app, worker):
        page = worker.get("/cases/new").text
        address = re.search(r'href="(/cases/new/[0-9a-f-]{36}/helped)"', page).group(1)
        assert "What was given?" in worker.get(address).text
        answer = count_help(worker, address.split("/")[3])
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
        assert "Counted. Nothing about the person was kept." in worker.get("/").text
        assert kinds(bare_app) == ["helped_once"]

    @pytest.mark.parametrize("way", [{"then": "helped"}, {"outcome": "helped_once"}])
    def test_is_reached_from_the_screening_and_takes_over_two_answers(self, bare_app, worker, way):
        answer = pages.screen(worker, worker_opinion=SECRET, **way)
        assert answer.status_code == 200
        assert "What was given?" in answer.text
        assert SECRET not in answer.text
        assert re.search(r'value="feminine"[^>]*checked', answer.text)
        assert (rows_in(bare_app, Case), rows_in(bare_app, ContactCount)) == (0, 0)

    def test_an_answer_that_is_wrong_in_the_screening_is_in_nobodys_way(self, worker):
        assert pages.screen(worker, then="helped", age_at_contact="-3", gender="").status_code == 200

    def test_takes_the_draft_along(self, bare_app, worker):
        case_id = uuid.uuid4()
        pages.screen(worker, case_id=case_id, then="leave", worker_opinion=SECRET)
        assert count_help(worker, case_id).status_code == 303
        assert rows_in(bare_app, Draft) == 0
        assert SECRET not in worker.get(f"/cases/new/{case_id}/screening").text

    def test_wants_to_know_what_was_given(self, bare_app, worker):
        answer = count_help(worker, uuid.uuid4(), help_given=[], gender="masculine")
        assert answer.status_code == 422
        assert "Choose what was given." in answer.text
        assert re.search(r'value="masculine"[^>]*checked', answer.text)
        assert rows_in(bare_app, ContactCount) == 0

    def test_reads_in_urdu(self, worker):
        post(worker, "/language", {"language": "ur", "next": "/"})
        assert "کیا دیا گیا؟" in worker.get(f"/cases/new/{uuid.uuid4()}/helped").text

    def test_a_second_screening_cannot_undo_the_case(self, worker):
        address = pages.open_case(worker)
        answer = pages.write(worker, f"{address}/screening/new", {"outcome": "helped_once", "gender": "feminine"})
        assert answer.status_code == 422
        assert "A case is open for this person." in answer.text


class TestRefusedRecord:
    def test_from_the_start_page(self, bare_app, worker):
        page = worker.get("/cases/new").text
        address = re.search(r'action="(/cases/new/[0-9a-f-]{36}/declined)"', page).group(1)
        answer = post(worker, address, {}, page="/cases/new")
        assert "Nothing was kept" in answer.text
        assert "Did you forget the tick?" not in answer.text
        assert kinds(bare_app) == ["declined"]

    def test_who_works_in_several_teams_says_which_counts_it(self, app, bare_app, people, browser_of):
        second = in_a_second_team(people)
        worker, case_id = browser_of("worker"), uuid.uuid4()
        pages.screen(worker, case_id=case_id, then="leave", worker_opinion=SECRET, team_id=second)
        asked = pages.screen(worker, case_id=case_id, then="declined", worker_opinion=SECRET)
        assert "Which of your teams counts it?" in asked.text
        assert (rows_in(bare_app, Draft), kinds(bare_app)) == (0, [])
        answer = post(worker, f"/cases/new/{case_id}/declined", {"team_id": second, "worker_opinion": SECRET})
        assert "Nothing was kept" in answer.text and SECRET in answer.text
        with bare_app.app_context():
            assert session().scalars(select(ContactCount.team_id)).all() == [uuid.UUID(second)]

    def test_who_chose_the_team_already_is_not_asked_again(self, app, bare_app, people, browser_of):
        second, case_id = in_a_second_team(people), uuid.uuid4()
        answer = pages.screen(browser_of("worker"), case_id=case_id, then="declined", team_id=second)
        assert "Nothing was kept" in answer.text and kinds(bare_app) == ["declined"]

    def test_a_team_of_others_counts_nothing(self, app, bare_app, people, browser_of):
        in_a_second_team(people)
        worker = browser_of("worker")
        answer = post(worker, f"/cases/new/{uuid.uuid4()}/declined", {"team_id": str(people.teams["far"])})
        assert (answer.status_code, kinds(bare_app)) == (404, [])

    def test_from_the_screening(self, bare_app, worker):
        case_id = uuid.uuid4()
        pages.screen(worker, case_id=case_id, then="leave", worker_opinion=SECRET)
        answer = pages.screen(worker, case_id=case_id, then="declined", worker_opinion=SECRET)
        assert "Nothing was kept" in answer.text
        assert (rows_in(bare_app, Draft), kinds(bare_app)) == (0, ["declined"])
        assert SECRET not in worker.get(f"/cases/new/{case_id}/screening").text

    def test_a_forgotten_tick_opens_the_case_and_counts_nobody(self, bare_app, worker):
        case_id = uuid.uuid4()
        pages.screen(worker, case_id=case_id, consent_record=None)
        assert pages.screen(worker, case_id=case_id).status_code == 303
        assert (rows_in(bare_app, Case), kinds(bare_app)) == (1, ["taken_back"])

    def test_who_refuses_is_offered_help_all_the_same(self, bare_app, worker):
        case_id = uuid.uuid4()
        page = pages.screen(worker, case_id=case_id, consent_record=None).text
        assert f'href="/cases/new/{case_id}/helped"' in page
        count_help(worker, case_id)
        assert kinds(bare_app) == ["declined", "helped_once"]


class TestNumbers:
    def test_are_on_a_page_for_supervisors_and_data_protection(self, worker, browser_of):
        count_help(worker, uuid.uuid4())
        pages.screen(worker, consent_record=None)
        for key in ("supervisor", "protection"):
            client = browser_of(key)
            assert "/cases/contacts" in client.get("/").text
            page = client.get("/cases/contacts").text
            assert "Food or water" in page
            assert "Wanted no record" in page

    def test_are_for_nobody_else(self, worker, browser_of):
        assert worker.get("/cases/contacts").status_code == 403
        assert browser_of("admin").get("/cases/contacts").status_code == 403
