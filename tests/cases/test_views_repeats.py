"""Journey, experience and assessments through the front door: items without JavaScript, nothing typed is lost."""

import re
from uuid import UUID

import pytest

from caseflow.cases import queries
from tests.cases import factories, pages
from tests.support.browser import Browser
from tests.support.http import post

ADD = re.compile(r'value="(add-(\w+)-[0-9a-f]+)"')


@pytest.fixture
def case(bare_app, people):
    with bare_app.app_context():
        case_id = factories.opened(people, case_type="tip_som")
        factories.saved(people, case_id, "journey", factories.JOURNEY)
    return f"/cases/{case_id}"


@pytest.fixture
def worker(browser_of):
    return Browser(browser_of("worker"))


def stored(app, case, kind):
    with app.app_context():
        return queries.data_of(UUID(case.split("/")[2]), kind)


def button(page, name):
    """The button that adds an item to this repeat."""
    return next(value for value, of in ADD.findall(page.text) if of == name)


def key_of(page, name, place):
    """The id of an item, by its place."""
    return [value for field, value in pages.HIDDEN.findall(page.text) if field == name][place]


class TestJourney:
    def test_a_leg_is_added_filled_and_saved_with_the_rest_as_it_was(self, bare_app, worker, case):
        page = worker.get(f"{case}/journey")
        first = factories.JOURNEY["legs"][0]["id"]
        typed = {f"legs-{first}-city": "Typed and not saved"}
        page = worker.submit(typed, has="legs", press=("then", button(page, "legs")))
        assert "Leg 3" in page.words
        assert "Typed and not saved" in page.text
        assert stored(bare_app, case, "journey") == factories.JOURNEY
        third = key_of(page, "legs", 2)
        worker.submit({f"legs-{third}-event": "exploitation", f"legs-{third}-when-year": "2025"}, has="legs")
        legs = stored(bare_app, case, "journey")["legs"]
        assert legs[0] == {**factories.JOURNEY["legs"][0], "city": "Typed and not saved"}
        assert legs[1:] == [factories.JOURNEY["legs"][1], {"id": third, "event": "exploitation", "when": "2025"}]

    def test_a_leg_is_removed_only_when_saved(self, bare_app, worker, case):
        first, second = (leg["id"] for leg in factories.JOURNEY["legs"])
        worker.get(f"{case}/journey")
        page = worker.submit({}, has="legs", press=("then", f"remove-legs-{first}"))
        assert "Leg 2" not in page.words
        assert len(stored(bare_app, case, "journey")["legs"]) == 2
        worker.submit({}, has="legs")
        assert [leg["id"] for leg in stored(bare_app, case, "journey")["legs"]] == [second]

    def test_the_first_button_of_the_form_saves_since_the_enter_key_presses_it(self, worker, case):
        form = worker.get(f"{case}/journey").form("legs")
        first = next(node for node in form.iter() if str(node.tag).endswith("button"))
        assert first.get("name") is None
        assert first.get("type") == "submit"

    def test_a_draft_keeps_every_leg_in_its_order(self, bare_app, worker, case):
        page = worker.get(f"{case}/journey")
        page = worker.submit({}, has="legs", press=("then", button(page, "legs")))
        third = key_of(page, "legs", 2)
        worker.submit({f"legs-{third}-city": "Half a town"}, has="legs", press=("then", "leave"))
        page = worker.get(f"{case}/journey")
        assert [key_of(page, "legs", place) for place in range(3)][2] == third
        assert "Half a town" in page.text
        assert stored(bare_app, case, "journey") == factories.JOURNEY

    def test_who_only_reads_sees_the_legs_in_words(self, browser_of, case):
        page = browser_of("colleague").get(f"{case}/journey").text
        for words in ("Leg 1", "Leg 2", "Border crossing", "April 2025", "Fictional night"):
            assert words in page
        assert 'name="legs"' not in page

    def test_ill_formed_items_are_answered_where_they_stand(self, bare_app, worker, case):
        second = factories.JOURNEY["legs"][1]["id"]
        worker.get(f"{case}/journey")
        typed = {f"legs-{second}-city": "Stays " + "x" * 500, f"legs-{second}-when-month": "13"}
        page = worker.submit(typed, has="legs", status=422)
        assert f'href="#legs-{second}-city"' in page.text
        assert f'href="#legs-{second}-when-day"' in page.text
        assert "Leg 2, City or district" in page.words
        assert "Stays xxx" in page.text
        assert stored(bare_app, case, "journey") == factories.JOURNEY

    def test_two_hundred_legs_and_a_megabyte_come_back_with_their_text(self, bare_app, worker, case):
        page = worker.get(f"{case}/journey").text
        carried = {name: pages.hidden(page, name) for name in ("record_id", "rv", "csrf_token")}
        many = {f"legs-{number:08x}-city": f"Town {number} of many" for number in range(200)}
        answer = worker.client.post(
            f"{case}/journey", data={**carried, **many, "legs": [f"{number:08x}" for number in range(200)]}
        )
        assert answer.status_code == 422
        assert "At most 60 of these can be kept" in answer.text
        assert "Town 199 of many" in answer.text
        long = {"legs": "a1a1a1a1a1a1", "legs-a1a1a1a1a1a1-note": "w" * 1_000_000}
        answer = worker.client.post(f"{case}/journey", data={**carried, **long})
        assert answer.status_code == 422
        assert "w" * 1_000_000 in answer.text
        assert stored(bare_app, case, "journey") == factories.JOURNEY


class TestConflict:
    @pytest.fixture
    def conflict(self, worker, browser_of, case):
        """Both opened two legs; the supervisor changed the second and added one, the worker did otherwise."""
        _first, second = factories.JOURNEY["legs"]
        worker.get(f"{case}/journey")
        boss = Browser(browser_of("supervisor"))
        page = boss.get(f"{case}/journey")
        page = boss.submit({}, has="legs", press=("then", button(page, "legs")))
        self.theirs = key_of(page, "legs", 2)
        typed = {f"legs-{self.theirs}-city": "Town of the supervisor", f"legs-{second['id']}-mode": "bus"}
        boss.submit(typed, has="legs")
        page = worker.submit({}, has="legs", press=("then", button(worker.page, "legs")))
        self.mine = key_of(page, "legs", 2)
        typed = {f"legs-{self.mine}-city": "Town of the worker", f"legs-{second['id']}-mode": "boat"}
        return worker.submit(typed, has="legs", status=409)

    def test_shows_each_leg_that_differs_on_both_sides(self, conflict):
        for words in ("Town of the worker", "Town of the supervisor", "Boat", "Bus", "Test Supervisor"):
            assert words in conflict.words

    def test_loses_no_leg_that_only_one_of_them_wrote(self, bare_app, worker, case, conflict):
        worker.submit({}, has="rv")
        legs = stored(bare_app, case, "journey")["legs"]
        assert [leg.get("city") for leg in legs] == [None, None, "Town of the supervisor", "Town of the worker"]
        assert [leg["id"] for leg in legs][2:] == [self.theirs, self.mine]
        assert legs[1]["mode"] == "boat"
        assert legs[1]["note"] == factories.JOURNEY["legs"][1]["note"]

    def test_takes_leg_by_leg_what_was_chosen(self, bare_app, worker, case, conflict):
        second = factories.JOURNEY["legs"][1]["id"]
        chosen = {second: "theirs", self.mine: "theirs", self.theirs: "mine"}
        worker.submit({f"keep-legs-{key}": side for key, side in chosen.items()}, has="rv")
        legs = stored(bare_app, case, "journey")["legs"]
        assert [leg["id"] for leg in legs] == [leg["id"] for leg in factories.JOURNEY["legs"]]
        assert legs[1]["mode"] == "bus"
        assert legs[1]["when"] == "2025-04"

    def test_can_be_looked_over_and_left_as_a_draft(self, worker, case, conflict):
        page = worker.submit({}, has="rv", press=("then", "look"))
        assert "Town of the supervisor" in page.text
        page = worker.submit({}, has="legs", press=("then", "leave"))
        assert "Town of the supervisor" in worker.get(f"{case}/journey").text


class TestExperience:
    def test_a_section_that_is_not_asked_has_no_form_and_refuses_a_post_with_its_text(self, bare_app, people, worker):
        with bare_app.app_context():
            tip = f"/cases/{factories.opened(people, case_type='tip')}"
        assert 'name="group_size"' not in worker.get(f"{tip}/smuggling").text
        answer = post(worker.client, f"{tip}/smuggling", {"rv": "0", "agent_known_as": "Words that stay"})
        assert answer.status_code == 422
        assert "Words that stay" in answer.text
        assert "does not belong to this type of case" in answer.text
        assert stored(bare_app, tip, "smuggling") == {}

    def test_of_a_child_no_means_are_asked_and_the_page_says_why(self, bare_app, people, worker):
        with bare_app.app_context():
            made = {"majority_status": "minor", "age_at_contact": 15}
            child = f"/cases/{factories.opened(people, case_type='tip', **made)}"
        page = worker.get(f"{child}/trafficking")
        assert "For a child no means are needed" in page.words
        assert 'name="means"' not in page.text
        worker.submit({"acts": ["recruitment"], "exploitation": ["forced_begging"]}, has="acts")
        assert stored(bare_app, child, "trafficking") == {"acts": ["recruitment"], "exploitation": ["forced_begging"]}

    def test_of_an_adult_they_are(self, worker, case):
        assert 'name="means"' in worker.get(f"{case}/trafficking").text


class TestAssessment:
    def test_a_new_one_starts_from_the_last_but_for_its_days(self, bare_app, worker, case):
        page = worker.get(f"{case}/assessment/new")
        need = key_of(page, "needs", 0)
        said = {"risk_level": "low", f"needs-{need}-service": "legal", f"needs-{need}-note": "Unpaid wages"}
        worker.submit({**said, "protective_factors": "A sister nearby"}, has="risk_level")
        page = worker.get(f"{case}/assessment/new")
        for words in ("Unpaid wages", "A sister nearby"):
            assert words in page.text
        assert key_of(page, "needs", 0) == need
        worker.submit({"risk_level": "medium"}, has="risk_level")
        page = worker.get(f"{case}/assessment")
        assert page.words.count("Unpaid wages") == 2
        assert stored(bare_app, case, "assessment")["risk_level"] == "medium"

    def test_a_review_too_late_is_refused_beside_its_question(self, worker, case):
        worker.get(f"{case}/assessment/new")
        late = {"next_review_date-day": "1", "next_review_date-month": "1", "next_review_date-year": "2090"}
        typed = {"risk_level": "high", "safety_plan": "Words that stay", **late}
        page = worker.submit(typed, has="risk_level", status=422)
        assert "look again after 7 days at the latest" in page.words
        assert "Words that stay" in page.text

    def test_a_draft_is_found_again_with_its_items(self, worker, case):
        page = worker.get(f"{case}/assessment/new")
        danger = key_of(page, "risks", 0)
        said = {f"risks-{danger}-type": "retaliation", "safety_plan": "Half a plan"}
        page = worker.submit(said, has="risk_level", press=("then", "leave"))
        page = worker.get(page.link("/assessment/new?draft="))
        assert "Half a plan" in page.text
        assert key_of(page, "risks", 0) == danger

    def test_a_second_post_of_other_words_keeps_them_on_the_page(self, worker, case):
        page = worker.get(f"{case}/assessment/new").text
        carried = {name: pages.hidden(page, name) for name in ("record_id", "rv", "csrf_token")}
        sent = {**carried, "risk_level": "low"}
        assert worker.client.post(f"{case}/assessment/new", data=sent).status_code == 303
        assert worker.client.post(f"{case}/assessment/new", data=sent).status_code == 303
        answer = worker.client.post(f"{case}/assessment/new", data={**sent, "safety_plan": "Words that stay"})
        assert answer.status_code == 409
        assert "Words that stay" in answer.text
