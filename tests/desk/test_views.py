"""The case page and search through the front door. Everything about a person is fictional."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from caseflow.cases.models import CaseSummary
from caseflow.cases.queries import get_case
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.trail.models import TrailEntry
from tests.cases import factories
from tests.support.http import post


@pytest.fixture
def case_id(bare_app, people):
    with bare_app.app_context():
        found = factories.opened(people)
        factories.saved(people, found, "identity", factories.IDENTITY)
        factories.saved(people, found, "safety", factories.SAFETY)
        factories.saved(people, found, "assessment", factories.ASSESSMENT)
        return found


@pytest.fixture
def worker(browser_of):
    return browser_of("worker")


def entries(app, tag):
    with app.app_context():
        found = session().scalars(select(TrailEntry).where(TrailEntry.tag == tag)).all()
        return [
            vault.current().open_bytes(one.case_id or one.stream, one.detail, "trail_entry", one.id, "detail")
            for one in found
        ]


class TestCasePage:
    @pytest.mark.parametrize(
        ("key", "status"),
        [("worker", 200), ("colleague", 200), ("supervisor", 200), ("other_team", 404), ("other_team_supervisor", 404),
         ("stranger", 404), ("protection", 404), ("auditor", 404), ("admin", 404)],
    )  # fmt: skip
    def test_own_team_other_team_other_organisation(self, browser_of, case_id, key, status):
        assert browser_of(key).get(f"/cases/{case_id}").status_code == status

    def test_tells_what_matters_before_a_call_and_no_number(self, worker, case_id):
        page = worker.get(f"/cases/{case_id}").text
        for words in (
            "Safe contact:",
            "Telephone call",
            "10:00 to 12:00",
            "Ask for the code word.",
            "Never leave a message.",
        ):
            assert words in page
        for hidden in ("mulberry", "321 9876543", "923219876543", "Zarmeena", "35202"):
            assert hidden not in page

    def test_tells_what_has_happened_in_plain_words(self, worker, case_id):
        page = worker.get(f"/cases/{case_id}").text
        for words in ("Case opened after a screening", "Identity changed", "Safety changed", "Test Caseworker"):
            assert words in page

    def test_names_nobody_in_its_title(self, worker, case_id):
        post(worker, "/cases/reveal", {})
        page = worker.get(f"/cases/{case_id}").text
        assert "<title>Case - CaseFlow</title>" in page
        assert "Zarmeena Testwoman" in page

    def test_offers_only_what_may_be_done(self, browser_of, worker, case_id):
        assert "Refer to a partner" in worker.get(f"/cases/{case_id}").text
        page = browser_of("colleague").get(f"/cases/{case_id}").text
        for words in ("Refer to a partner", "Add a note", "Show the name", "Begin intake"):
            assert words not in page

    def test_records_that_it_was_read(self, bare_app, worker, case_id):
        worker.get(f"/cases/{case_id}")
        assert len(entries(bare_app, "cases:case:read")) == 1

    def test_shows_the_name_to_a_supervisor_after_a_reason(self, bare_app, browser_of, case_id):
        supervisor = browser_of("supervisor")
        sent = {"reason": "supervision", "back": "case"}
        page = post(supervisor, f"/cases/{case_id}/reveal", sent, follow=True).text
        assert "Zarmeena Testwoman" in page
        assert entries(bare_app, "cases:identity:reveal")[0]["scope"] == "identity"

    def test_says_what_is_missing_for_the_next_step(self, bare_app, people, worker):
        with bare_app.app_context():
            bare = factories.opened(people, now=factories.NOW + timedelta(days=1))
        page = worker.get(f"/cases/{bare}").text
        assert "This is still missing:" in page
        assert "No safe way of contact is recorded." in page

    def test_stands_when_its_summary_is_broken(self, bare_app, worker, case_id):
        with bare_app.app_context():
            session().execute(update(CaseSummary).values(sealed=b"spoilt"))
            session().commit()
        page = worker.get(f"/cases/{case_id}")
        assert page.status_code == 200
        assert "This case cannot be opened" in page.text


class TestSearch:
    @pytest.mark.parametrize(
        "text",
        [
            "35202-1234567-8",
            "3520212345678",
            "۳۵۲۰۲۱۲۳۴۵۶۷۸",
            "ab1234567",
            "0300 1234567",
            "+92 321 9876543",
            "ZARMEENA",
            "زرمینہ",
        ],
    )
    def test_finds_a_person_by_each_key(self, worker, case_id, text):
        page = post(worker, "/search", {"text": text}, page="/search")
        assert page.status_code == 200
        assert f"/cases/{case_id}" in page.text

    def test_finds_a_case_by_number_and_code_name(self, bare_app, worker, case_id):
        with bare_app.app_context():
            doc = vault.read(session().get_one(CaseSummary, case_id))
            number = _number(case_id)
        for text in (number, number.lower(), doc["code_en"], doc["code_ur"], doc["code_en"].lower()):
            assert f"/cases/{case_id}" in post(worker, "/search", {"text": text}, page="/search").text

    @pytest.mark.parametrize("key", ["other_team", "stranger"])
    def test_shows_and_hints_at_nothing_of_others(self, bare_app, browser_of, case_id, key):
        with bare_app.app_context():
            number = _number(case_id)
        for text in (number, "35202-1234567-8", "Zarmeena"):
            page = post(browser_of(key), "/search", {"text": text}, page="/search").text
            assert "0 cases found" in page
            assert str(case_id) not in page

    @pytest.mark.parametrize("key", ["protection", "auditor", "admin"])
    def test_is_not_for_everybody(self, browser_of, key):
        assert browser_of(key).get("/search").status_code == 403

    @pytest.mark.parametrize("text", ["", "   ", "x" * 1_000_000, "a\x00b", "\u202eabc"])
    def test_what_cannot_be_read_is_kept_with_a_message(self, worker, text):
        assert post(worker, "/search", {"text": text}, page="/search").status_code == 422

    @pytest.mark.parametrize(
        "text", ["<script>alert(1)</script>", "' OR 1=1 --", "{{ 7*7 }}", "%", "🙂", "CF-", "-" * 90]
    )
    def test_hostile_words_find_nothing(self, worker, case_id, text):
        page = post(worker, "/search", {"text": text}, page="/search")
        assert page.status_code == 200
        assert "0 cases found" in page.text
        assert "<script>alert" not in page.text

    def test_is_recorded_without_its_words(self, bare_app, worker, case_id):
        post(worker, "/search", {"text": "Zarmeena"}, page="/search")
        assert entries(bare_app, "cases:search:run") == [{"fields": ["code_name", "name"], "count": 1}]


class TestUrdu:
    @pytest.mark.parametrize("address", ["/", "/search", "/cases/", "/cases/new", "/drafts"])
    def test_pages_run_right_to_left(self, worker, address):
        assert '<html lang="ur" dir="rtl">' in worker.get(address, headers={"Accept-Language": "ur"}).text

    def test_the_language_chosen_stays(self, bare_app, worker, case_id):
        post(worker, "/language", {"language": "ur", "next": "/"})
        page = worker.get(f"/cases/{case_id}").text
        assert 'dir="rtl"' in page
        assert "فون کال" in page


def _number(case_id: UUID) -> str:
    return get_case(case_id).number
