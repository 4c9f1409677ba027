"""The list of cases, drafts and small steps through the front door."""

import re
import uuid
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, func, select, update

from caseflow.cases import queries
from caseflow.cases.models import Case, CaseSummary, Draft
from caseflow.core import catalogue
from caseflow.core.db import db, session
from tests.cases import factories, pages
from tests.support.http import post

# Long enough not to be a word of the interface too.
ENGLISH = [
    label
    for kind in catalogue.load().kinds.values()
    for field in kind.fields
    for label in (field.label["en"], *(text for _code, text in (field.options.choices("en") if field.options else ())))
    if len(label) > 14
]


@pytest.fixture
def worker(browser_of):
    return browser_of("worker")


@pytest.fixture
def thirty(bare_app, people):
    """Thirty cases, a minute apart; every third one a colleague's."""
    with bare_app.app_context():
        return [
            factories.opened(
                people, "colleague" if at % 3 == 0 else "worker", now=factories.NOW + timedelta(minutes=at)
            )
            for at in range(30)
        ]


def shown(page):
    """Ids of the cases on a page, in order."""
    return [UUID(found) for found in re.findall(r'<a href="/cases/([0-9a-f-]{36})">', page)]


class TestList:
    def test_an_empty_one_says_what_to_do(self, worker):
        assert "The first one begins with a screening." in worker.get("/cases/").text

    def test_is_newest_first_and_goes_on_by_pages(self, worker, thirty):
        first = worker.get("/cases/").text
        following = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")
        second = worker.get(following).text
        assert shown(first) + shown(second) == thirty[::-1]
        assert len(shown(first)) == 25
        assert 'rel="next"' not in second

    def test_shows_mine(self, worker, thirty):
        assert shown(worker.get("/cases/?show=mine").text) == [one for at, one in enumerate(thirty) if at % 3][::-1]

    def test_shows_one_state(self, bare_app, worker, thirty):
        with bare_app.app_context():
            session().execute(update(Case).where(Case.id == thirty[4]).values(state="intake"))
            session().commit()
        assert shown(worker.get("/cases/?state=open").text) == [thirty[4]]
        assert "No case fits." in worker.get("/cases/?state=closed").text

    @pytest.mark.parametrize("address", ["?state=nothing", "?after=xyz", "?after=WyJhIiwiYiJd"])
    def test_a_made_up_address_is_not_there(self, worker, address):
        assert worker.get(f"/cases/{address}").status_code == 404

    @pytest.mark.parametrize(
        ("key", "status"),
        [("other_team", 200), ("stranger", 200), ("protection", 403), ("auditor", 403), ("admin", 403)],
    )
    def test_others_see_none_of_them(self, browser_of, thirty, key, status):
        answer = browser_of(key).get("/cases/")
        assert answer.status_code == status
        assert shown(answer.text) == []

    def test_a_page_is_small_and_asks_few_questions(self, bare_app, worker, thirty):
        asked = []
        with bare_app.app_context():
            engine = db.engine
        count = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", count)
        page = worker.get("/cases/")
        event.remove(engine, "before_cursor_execute", count)
        assert len(page.data) < 30_000
        assert len(asked) < 20

    def test_a_broken_row_says_so_and_the_others_stand(self, bare_app, worker, thirty):
        with bare_app.app_context():
            session().execute(update(CaseSummary).where(CaseSummary.id == thirty[-1]).values(sealed=b"spoilt"))
            session().commit()
        page = worker.get("/cases/").text
        assert page.count("Cannot be opened") == 1
        assert shown(page)[0] == thirty[-1]
        assert len(shown(page)) == 25


class TestDrafts:
    def test_a_new_screening_is_kept_and_opens_as_it_was(self, bare_app, worker):
        case_id = uuid.uuid4()
        typed = {
            "consent_record": None,
            "worker_opinion": "Half a fictional sentence",
            "age_at_contact": "not a number",
        }
        assert pages.screen(worker, case_id=case_id, then="leave", **typed).status_code == 303
        assert f"/cases/new/{case_id}/screening" in worker.get("/drafts").text
        page = worker.get(f"/cases/new/{case_id}/screening").text
        assert "Half a fictional sentence" in page
        assert 'value="not a number"' in page
        with bare_app.app_context():
            assert session().scalar(select(func.count()).select_from(Case)) == 0

    def test_opening_the_case_uses_the_draft_up(self, worker):
        case_id = uuid.uuid4()
        pages.screen(worker, case_id=case_id, then="leave")
        assert pages.screen(worker, case_id=case_id).status_code == 303
        assert "No draft is waiting." in worker.get("/drafts").text

    def test_nobody_else_sees_or_discards_it(self, bare_app, worker, browser_of):
        case_id = uuid.uuid4()
        pages.screen(worker, case_id=case_id, then="leave", worker_opinion="Half a fictional sentence")
        with bare_app.app_context():
            draft_id = session().scalars(select(Draft.id)).one()
        for key in ("colleague", "supervisor", "stranger"):
            client = browser_of(key)
            assert "No draft is waiting." in client.get("/drafts").text
            assert "Half a fictional" not in client.get(f"/cases/new/{case_id}/screening").text
            assert post(client, f"/drafts/{draft_id}/discard", {}).status_code == 404

    def test_is_discarded(self, bare_app, worker):
        pages.screen(worker, then="leave")
        with bare_app.app_context():
            draft_id = session().scalars(select(Draft.id)).one()
        assert post(worker, f"/drafts/{draft_id}/discard", {}, follow=True).status_code == 200
        assert "No draft is waiting." in worker.get("/drafts").text

    @pytest.mark.parametrize("part", ["person", "safety", "identity", "notes", "screening/new"])
    def test_of_every_form_of_a_case_comes_back(self, worker, part):
        address = f"{pages.open_case(worker)}/{part}"
        field = {"person": "hopes", "safety": "medical_needs", "identity": "alias", "notes": "text"}.get(
            part, "worker_opinion"
        )
        answer = pages.write(worker, address, {field: "Half a fictional sentence"}, then="leave")
        assert answer.headers["Location"] == "/drafts"
        link = re.search(r'<div class="what"><a href="([^"]+)"', worker.get("/drafts").text).group(1)
        page = worker.get(link).text
        assert "Half a fictional sentence" in page
        sent = {field: "A whole fictional sentence", "contact_date": "2026-11-02", "consent_record": "yes"}
        kept = {name: pages.hidden(page, name) for name in ("record_id", "rv", "csrf_token")}
        only = sent if field == "worker_opinion" else {field: sent[field]}
        assert worker.post(link.partition("?")[0], data={**kept, **only}).status_code == 303
        assert "No draft is waiting." in worker.get("/drafts").text


class TestNotes:
    def test_are_added_and_shown_newest_first(self, worker):
        address = f"{pages.open_case(worker)}/notes"
        for text in ("First fictional note", "Second <i>fictional</i> note"):
            assert pages.write(worker, address, {"subject": "Call", "text": text}).status_code == 303
        page = worker.get(address).text
        assert page.index("Second &lt;i&gt;fictional") < page.index("First fictional note")

    def test_a_repeated_post_keeps_one(self, worker):
        address = f"{pages.open_case(worker)}/notes"
        page = worker.get(address).text
        sent = {name: pages.hidden(page, name) for name in ("record_id", "rv", "csrf_token")} | {"text": "Only once"}
        for _time in range(2):
            assert worker.post(address, data=sent).status_code == 303
        assert worker.get(address).text.count("Only once") == 1

    def test_an_empty_one_is_not_kept(self, worker):
        answer = pages.write(worker, f"{pages.open_case(worker)}/notes", {"subject": "Words that stay"})
        assert answer.status_code == 422
        assert "Words that stay" in answer.text


class TestSteps:
    def test_a_step_that_is_not_open_says_what_is_missing(self, bare_app, worker):
        address = pages.open_case(worker)
        answer = post(worker, f"{address}/move", {"verb": "begin_intake"})
        assert answer.status_code == 422
        assert "Risk level" in answer.text
        with bare_app.app_context():
            assert queries.get_case(UUID(address.split("/")[-1])).state == "screening"

    @pytest.mark.parametrize(
        ("verb", "status"), [("begin_assessment", 409), ("nothing", 409), ("", 409), ("erase_early", 403)]
    )
    def test_a_verb_that_does_not_fit_is_refused(self, worker, verb, status):
        assert post(worker, f"{pages.open_case(worker)}/move", {"verb": verb}).status_code == status

    @pytest.mark.parametrize(
        ("key", "status"),
        [("worker", 303), ("supervisor", 303), ("colleague", 403), ("other_team", 404), ("stranger", 404)],
    )
    def test_a_case_is_handed_over_inside_its_team(self, browser_of, people, worker, key, status):
        address = pages.open_case(worker)
        chosen = {"assignee_id": str(people.staff["colleague"])}
        assert post(browser_of(key), f"{address}/assign", chosen).status_code == status

    def test_nobody_outside_the_team_is_offered_or_taken(self, people, worker):
        address = f"{pages.open_case(worker)}/assign"
        page = worker.get(address).text
        assert "Test Colleague" in page
        assert "Test Other Team" not in page
        for chosen in (str(people.staff["other_team"]), "", "<script>"):
            assert post(worker, address, {"assignee_id": chosen}).status_code == 422


class TestUrdu:
    @pytest.mark.parametrize(
        "part", ["", "/person", "/safety", "/identity", "/screening", "/screening/new", "/notes", "/assign"]
    )
    def test_pages_run_right_to_left_in_urdu_labels(self, worker, part):
        address = pages.open_case(worker)
        page = worker.get(address + part, headers={"Accept-Language": "ur"}).text
        assert '<html lang="ur" dir="rtl">' in page
        assert [label for label in ENGLISH if label in page] == []
