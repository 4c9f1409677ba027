"""A new case through the front door: looking first, screening, refusing the record, posting twice."""

import re
import uuid

import pytest
from sqlalchemy import func, select

from caseflow.accounts.models import Staff
from caseflow.accounts.services.people import grant_role
from caseflow.cases import queries
from caseflow.cases.models import Case, Draft
from caseflow.core.db import session, writing
from caseflow.core.policy import Role
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from tests.cases import factories, pages
from tests.support.http import post

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} '; DROP TABLE case_file;-- 🙂"


@pytest.fixture
def worker(browser_of):
    return browser_of("worker")


def rows_in(app, model):
    with app.app_context():
        return session().scalar(select(func.count()).select_from(model))


class TestLooking:
    def test_offers_a_fresh_case(self, worker):
        page = worker.get("/cases/new").text
        assert re.search(r'href="/cases/new/[0-9a-f-]{36}/screening"', page)

    def test_without_a_match_says_so_and_goes_on(self, worker):
        page = post(worker, "/cases/new", {"name": "Nobody"}, page="/cases/new").text
        assert "No match in the cases you may see." in page
        assert "Go on: screen the person" in page

    def test_nothing_typed_looks_nothing_up(self, bare_app, worker):
        page = post(worker, "/cases/new", {}, page="/cases/new").text
        assert "nothing was looked up" in page
        with bare_app.app_context():
            assert "cases:search:run" not in session().scalars(select(TrailEntry.tag)).all()

    @pytest.mark.parametrize("typed", [{"cnic": "۳۵۲۰۲۱۲۳۴۵۶۷۸"}, {"phone": "0300-1234567"}, {"name": "zarmee"}])
    def test_finds_a_person_by_each_key(self, bare_app, people, worker, typed):
        with bare_app.app_context():
            case_id = factories.opened(people)
            factories.saved(people, case_id, "identity", factories.IDENTITY)
        page = post(worker, "/cases/new", typed, page="/cases/new").text
        assert f"/cases/{case_id}" in page
        assert "Testwoman" not in page

    def test_shows_nothing_of_another_team(self, bare_app, people, browser_of):
        with bare_app.app_context():
            case_id = factories.opened(people)
            factories.saved(people, case_id, "identity", factories.IDENTITY)
        for key in ("other_team", "stranger"):
            page = post(browser_of(key), "/cases/new", {"cnic": factories.IDENTITY["cnic"]}, page="/cases/new").text
            assert str(case_id) not in page

    def test_an_ill_formed_number_is_kept_with_a_message(self, worker):
        answer = post(worker, "/cases/new", {"cnic": "12<b>"}, page="/cases/new")
        assert answer.status_code == 422
        assert 'value="12&lt;b&gt;"' in answer.text
        assert "13 digits" in answer.text


class TestScreening:
    def test_opens_a_case_and_lands_on_its_page(self, worker):
        address = pages.open_case(worker)
        page = worker.get(address)
        assert page.status_code == 200
        assert "Case opened after a screening" in page.text

    def test_a_repeated_post_shows_the_first_result(self, bare_app, worker):
        case_id = uuid.uuid4()
        first, second = pages.screen(worker, case_id=case_id), pages.screen(worker, case_id=case_id)
        assert first.headers["Location"] == second.headers["Location"]
        assert rows_in(bare_app, Case) == 1

    def test_somebody_elses_case_is_not_there(self, browser_of, worker):
        case_id = uuid.uuid4()
        pages.screen(worker, case_id=case_id)
        stranger = browser_of("stranger")
        assert pages.screen(stranger, case_id=case_id).status_code == 404
        assert stranger.get(f"/cases/new/{case_id}/screening").status_code == 404

    def test_hostile_words_are_kept_as_text(self, worker):
        address = pages.open_case(worker, worker_opinion=HOSTILE)
        page = worker.get(f"{address}/screening").text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page
        assert "<script>alert" not in page

    @pytest.mark.parametrize(
        "changed",
        [
            {"worker_opinion": "x" * 1_000_000},
            {"worker_opinion": "nul \x00 here"},
            {"worker_opinion": "turned \u202e round"},
            {"gender": "no such code"},
            {"age_at_contact": "-3"},
            {"contact_date": "2999-01-01"},
            {"citizenship": ["PK", "'; --"]},
        ],
    )
    def test_bad_answers_are_kept_with_a_message(self, bare_app, worker, changed):
        answer = pages.screen(worker, danger_what="This sentence must stay", **changed)
        assert answer.status_code == 422
        assert "needs another look" in answer.text
        assert "This sentence must stay" in answer.text
        assert rows_in(bare_app, Case) == 0

    def test_without_agreeing_to_talk_nothing_is_opened_and_nothing_is_lost(self, bare_app, worker):
        answer = pages.screen(worker, consent_talk=None, danger_what="This sentence must stay")
        assert answer.status_code == 422
        assert "This sentence must stay" in answer.text
        assert rows_in(bare_app, Case) == 0

    def test_a_worker_of_two_teams_chooses_one(self, bare_app, people, browser_of):
        self._join_south(bare_app, people)
        worker = browser_of("worker")
        page = worker.get(f"/cases/new/{uuid.uuid4()}/screening").text
        assert 'name="team_id"' in page
        assert pages.screen(worker).status_code == 422
        address = pages.open_case(worker, team_id=str(people.teams["south"]))
        with bare_app.app_context():
            assert queries.get_case(uuid.UUID(address.split("/")[-1])).team_id == people.teams["south"]
        assert pages.screen(worker, team_id=str(people.teams["far"])).status_code == 422

    def _join_south(self, bare_app, people):
        with bare_app.app_context(), writing():
            staff = session().get_one(Staff, people.staff["worker"])
            teams, offices = people.teams, people.organisations
            where = {"organisation_id": offices["ours"], "team_id": teams["south"]}
            grant_role(actor=None, staff=staff, role=Role.CASEWORKER, now=factories.NOW, **where)


class TestRefusingTheRecord:
    def test_says_so_kindly_and_keeps_nothing(self, bare_app, worker):
        case_id = uuid.uuid4()
        pages.screen(worker, case_id=case_id, then="leave")
        answer = pages.screen(worker, case_id=case_id, consent_record=None)
        assert answer.status_code == 200
        assert "Nothing was kept" in answer.text
        assert (rows_in(bare_app, Case), rows_in(bare_app, Draft)) == (0, 0)
        with bare_app.app_context():
            counted = select(func.count()).where(TrailEntry.tag == Tag.RECORD_DECLINED)
            assert session().scalar(counted) == 1
        assert worker.get(f"/cases/{case_id}").status_code == 404

    def test_a_forgotten_tick_costs_no_word(self, worker):
        answer = pages.screen(worker, consent_record=None, worker_opinion="Fictional words to keep")
        address = re.search(r'action="(/cases/new/[0-9a-f-]+/screening)"', answer.text).group(1)
        carried = pages.HIDDEN.findall(answer.text)
        again = worker.post(address, data={**dict(carried), "then": "look"})
        assert again.status_code == 200
        assert "Fictional words to keep" in again.text

    def test_the_same_form_sent_again_with_the_tick_opens_a_case(self, worker):
        case_id = uuid.uuid4()
        pages.screen(worker, case_id=case_id, consent_record=None)
        first, second = pages.screen(worker, case_id=case_id), pages.screen(worker, case_id=case_id)
        assert first.status_code == 303
        assert first.headers["Location"] == second.headers["Location"]
