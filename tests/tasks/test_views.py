"""Tasks through the front door: add, list, finish with one tap, change, close with a reason."""

from datetime import timedelta

import pytest

from caseflow.core import vault
from caseflow.core.db import session
from caseflow.support.models import Task
from caseflow.support.queries import of_case
from tests.referrals.factories import START
from tests.referrals.front import Office
from tests.tasks.factories import TODAY, added, change

DAY = {"due_on-day": "20", "due_on-month": "11", "due_on-year": "2026"}


@pytest.fixture
def office(bare_app, people, monkeypatch):
    return Office(bare_app, people, monkeypatch)


@pytest.fixture
def case_id(office):
    return office.made().case_id


def made(office, case_id, **options):
    with office.inside():
        return added(office.people, case_id, **options)


def stored(office, task_id):
    with office.inside():
        task = session().get_one(Task, task_id)
        return task.state, vault.read(task)


class TestAdd:
    def test_a_task_is_added_from_the_case_and_shows_there_in_the_list_and_at_home(self, office, case_id):
        worker = office.as_("worker")
        page = worker.get(f"/cases/{case_id}")
        worker.get(page.link("/tasks/new"))
        page = worker.submit({"kind": "accompany", "words": "To the hospital at ten", **DAY}, has="words")
        for url in (page.url, "/tasks/", "/"):
            words = worker.get(url).words
            assert "Accompany the person" in words and "To the hospital at ten" in words, url
            assert "Due 20 November 2026" in words
        assert "Accompany" in office.as_("colleague").get("/tasks/?show=team").words
        assert "Accompany" not in office.as_("colleague").get("/tasks/").words

    def test_the_form_proposes_tomorrow_and_the_worker_of_the_case(self, office, case_id):
        worker = office.as_("supervisor")
        worker.get(f"/cases/{case_id}/tasks/new")
        worker.submit({"kind": "call"}, has="words")
        with office.inside():
            (row,) = of_case(case_id)
            assert (row.due_on, row.assignee_id) == (TODAY + timedelta(days=1), office.people.staff["worker"])

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"kind": None}, "Say what is to be done."),
            ({"due_on-day": "31"}, "Write a real date"),
            ({"due_on-year": "2025"}, "This day is over."),
            ({"kind": "other", "words": ""}, "Write what is to be done."),
            ({"words": "x" * 501}, "This is too long"),
        ],
    )
    def test_a_mistake_stands_beside_its_field_and_what_was_typed_is_kept(self, office, case_id, changed, says):
        worker = office.as_("worker")
        worker.get(f"/cases/{case_id}/tasks/new")
        page = worker.submit({"kind": "call", "words": "Kept words", **DAY, **changed}, has="words", status=422)
        assert says in page.words
        assert changed.get("words", "Kept words") in page.text
        with office.inside():
            assert of_case(case_id) == []

    def test_a_repeated_post_adds_one(self, office, case_id):
        worker = office.as_("worker")
        worker.get(f"/cases/{case_id}/tasks/new")
        form = worker.page
        for _time in range(2):
            worker.page = form
            worker.submit({"kind": "call"}, has="words")
        with office.inside():
            assert len(of_case(case_id)) == 1

    def test_a_closed_case_says_so(self, office, case_id):
        from caseflow.cases.models import Case
        from caseflow.core.db import writing

        worker = office.as_("worker")
        worker.get(f"/cases/{case_id}/tasks/new")
        with office.inside(), writing():
            session().get_one(Case, case_id).state = "closed"
        page = worker.submit({"kind": "call"}, has="words", status=409)
        assert "This case is closed." in page.words
        assert "Add a task" not in worker.get(f"/cases/{case_id}").words


class TestEnd:
    def test_one_tap_in_the_list_is_enough(self, office, case_id):
        task_id = made(office, case_id, away=0)
        worker = office.as_("worker")
        assert "Due today" in worker.get("/tasks/").words
        page = worker.submit(action=f"/tasks/{task_id}/finish")
        assert page.url == "/tasks/"
        assert "Nothing is to be done here." in page.words
        assert stored(office, task_id)[0] == "done"

    def test_a_few_words_are_kept_with_who_and_when(self, office, case_id):
        task_id = made(office, case_id)
        worker = office.as_("worker")
        worker.get(f"/tasks/{task_id}")
        page = worker.submit({"outcome": "She is well."}, has="outcome")
        assert "She is well." in page.words and "Closed byTest Caseworker" in page.words
        assert "1 closed task" in worker.get(f"/cases/{case_id}").words

    def test_too_many_words_come_back(self, office, case_id):
        task_id = made(office, case_id)
        worker = office.as_("worker")
        worker.get(f"/tasks/{task_id}")
        page = worker.submit({"outcome": "y" * 501}, has="outcome", status=422)
        assert "y" * 501 in page.text
        assert stored(office, task_id)[0] == "open"

    def test_a_second_tap_of_the_same_person_shows_what_the_first_did(self, office, case_id):
        task_id = made(office, case_id)
        worker = office.as_("worker")
        worker.get(f"/tasks/{task_id}")
        form = worker.page
        worker.submit({"outcome": "First"}, has="outcome")
        worker.page = form
        assert "First" in worker.submit({"outcome": "Second"}, has="outcome").words

    def test_the_second_person_is_told_that_it_is_too_late(self, office, case_id):
        task_id = made(office, case_id)
        worker, supervisor = office.as_("worker"), office.as_("supervisor")
        supervisor.get(f"/tasks/{task_id}")
        worker.get(f"/tasks/{task_id}")
        worker.submit({"outcome": "First"}, has="outcome")
        assert "it has changed" in supervisor.submit({"outcome": "Second"}, has="outcome", status=409).words
        assert stored(office, task_id)[1]["outcome"] == "First"

    def test_it_is_closed_as_not_done_with_a_reason(self, office, case_id):
        task_id = made(office, case_id)
        worker = office.as_("worker")
        page = worker.get(f"/tasks/{task_id}")
        worker.get(page.link("/drop"))
        assert "Give a reason." in worker.submit({"reason": " "}, has="reason", status=422).words
        page = worker.submit({"reason": "The person moved away."}, has="reason")
        assert "The person moved away." in page.words
        assert stored(office, task_id)[0] == "dropped"
        for step in ("drop", "change"):
            worker.get(f"/tasks/{task_id}/{step}", status=409)

    def test_who_was_given_it_sees_the_button_and_a_colleague_does_not(self, office, case_id):
        task_id = made(office, case_id, who="colleague")
        page = office.as_("colleague").get(f"/tasks/{task_id}")
        assert "It is done" in page.words and "Change or hand over" not in page.words
        other = made(office, case_id)
        assert "It is done" not in office.as_("colleague").get(f"/tasks/{other}").words


class TestChange:
    def test_it_is_changed_and_handed_over(self, office, case_id):
        task_id = made(office, case_id)
        worker = office.as_("worker")
        worker.get(f"/tasks/{task_id}/change")
        colleague = str(office.people.staff["colleague"])
        page = worker.submit({"words": "Other words", "assignee_id": colleague, **DAY}, has="words")
        assert "Other words" in page.words and "Test Colleague" in page.words and "20 November 2026" in page.words

    def test_when_somebody_was_faster_nothing_typed_is_lost(self, office, case_id):
        task_id = made(office, case_id)
        worker = office.as_("worker")
        worker.get(f"/tasks/{task_id}/change")
        with office.inside():
            change(office.people, task_id, "supervisor", words="Theirs")
        page = worker.submit({"words": "Mine"}, has="words", status=409)
        assert "Somebody saved a newer version" in page.words
        assert "Theirs" in page.words and "Mine" in page.text
        assert stored(office, task_id)[1]["words"] == "Theirs"
        worker.submit(has="words")
        assert stored(office, task_id)[1]["words"] == "Mine"


class TestList:
    def test_it_is_counted_and_narrowed_by_day(self, office, case_id):
        made(office, case_id, away=0, words="Of today")
        made(office, case_id, away=5, words="Of later")
        office.now = START + timedelta(days=1)
        worker = office.as_("worker")
        page = worker.get("/tasks/")
        assert "1 Late" in page.words and "0 Due today" in page.words and "1 Due later" in page.words
        page = worker.get(page.link("due=late"))
        assert "Of today" in page.words and "Of later" not in page.words
        assert "Late, was due 17 November 2026" in page.words

    def test_a_long_list_has_pages(self, office, case_id):
        for number in range(27):
            made(office, case_id, words=f"Number {number:02}")
        worker = office.as_("worker")
        page = worker.get("/tasks/")
        seen = page.words + worker.get(page.link("after=")).words
        assert all(f"Number {number:02}" in seen for number in range(27))

    @pytest.mark.parametrize("query", ["due=never", "after=x", "after=WyJ4IiwieSJd"])
    def test_a_made_up_address_is_unknown(self, office, query):
        office.as_("worker").get(f"/tasks/?{query}", status=404)

    def test_who_has_no_cases_has_no_tasks(self, office, case_id):
        task_id = made(office, case_id)
        for key in ("auditor", "protection", "admin"):
            office.as_(key).get("/tasks/", status=403)
            office.as_(key).get(f"/tasks/{task_id}", status=404)

    def test_it_speaks_urdu(self, office, case_id):
        made(office, case_id, away=0)
        page = office.as_("worker").client.get("/tasks/", headers={"Accept-Language": "ur"}).text
        assert "فرد کو فون کریں" in page and "آج کرنا ہے" in page


def test_a_refused_referral_shows_its_task_with_the_way_to_the_referral(office):
    from tests.referrals.factories import ISSUED

    referrals = office.made()
    office.now = ISSUED + timedelta(hours=2)
    with office.inside():
        referral_id = referrals.at("acknowledged")
        referrals.record(referral_id, "refuse")
    worker = office.as_("worker")
    page = worker.get("/")
    assert "Find another partner" in page.words
    page = worker.get(worker.get("/tasks/").link("Find another partner"))
    assert page.link(f"/referrals/{referral_id}")
    assert "Added byThe system" in page.words
