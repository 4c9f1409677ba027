"""Quick exit: one button on every page of somebody signed in; afterwards nothing of CaseFlow is left to see."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from caseflow.accounts.models import StaffSession
from caseflow.core.db import session
from tests.support.http import post, token_of

NEUTRAL = ("Page not available", "Check the connection, and try again later.")


@pytest.fixture
def worker(browser_of):
    return browser_of("worker")


def live(app):
    with app.app_context():
        return len(session().scalars(select(StaffSession).where(StaffSession.ended_at.is_(None))).all())


def leave(client, **options):
    return post(client, "/leave", **options)


class TestLeave:
    def test_it_ends_the_session_empties_the_browser_and_shows_a_neutral_page(self, bare_app, worker):
        answer = leave(worker)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/unavailable")
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert live(bare_app) == 0
        page = worker.get("/unavailable")
        assert page.status_code == 200
        assert all(words in page.text for words in NEUTRAL)
        assert worker.get("/cases/").status_code == 303

    def test_going_back_shows_nothing(self, worker):
        before = worker.get("/cases/")
        assert before.headers["Cache-Control"] == "no-store"
        leave(worker)
        after = worker.get("/cases/")
        assert after.status_code == 303 and after.headers["Location"].startswith("/sign-in")

    def test_the_neutral_page_names_and_loads_nothing_of_ours(self, worker):
        leave(worker)
        answer = worker.get("/unavailable")
        for ours in ("CaseFlow", "caseflow", "/static/", "<form", "<a "):
            assert ours not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert "refresh" not in answer.text

    def test_it_is_recorded(self, bare_app, worker):
        from caseflow.core.trail.models import TrailEntry

        leave(worker)
        with bare_app.app_context():
            assert "accounts:session:end" in session().scalars(select(TrailEntry.tag)).all()

    def test_it_speaks_the_language_of_whoever_leaves(self, worker):
        post(worker, "/language", {"language": "ur", "next": "/"})
        leave(worker)
        assert "صفحہ دستیاب نہیں" in worker.get("/unavailable").text

    def test_on_a_page_of_a_dead_session_it_still_shows_nothing(self, worker, browser_of):
        token = token_of(worker.get("/account").get_data(as_text=True))
        leave(worker)
        answer = worker.post("/leave", data={"csrf_token": token})
        assert answer.status_code == 400
        assert all(words in answer.text for words in NEUTRAL)
        assert "CaseFlow" not in answer.text
        assert "Clear-Site-Data" in answer.headers

    def test_it_is_the_first_thing_after_the_skip_link_on_every_page_of_staff(self, browser_of):
        for key, url in (("worker", "/"), ("worker", "/cases/"), ("supervisor", "/tasks/"), ("admin", "/people/"),
                         ("auditor", "/audits/"), ("worker", "/nowhere")):  # fmt: skip
            text = browser_of(key).get(url).get_data(as_text=True)
            assert text.index('href="#content"') < text.index('action="/leave"') < text.index('class="brand"'), url
        assert 'action="/leave"' not in browser_of().get("/sign-in").get_data(as_text=True)


def test_where_the_settings_name_an_address_the_neutral_page_leads_on_to_it(bare_app, worker):
    house = bare_app.extensions["caseflow"]
    house.config = replace(house.config, exit_url="https://news.example.org/today?a=1&b=2")
    leave(worker)
    page = worker.get("/unavailable").get_data(as_text=True)
    assert '<meta http-equiv="refresh" content="0; url=https://news.example.org/today?a=1&amp;b=2">' in page
