"""The records of a case through the front door: read, written, merged, and hidden until revealed."""

from uuid import UUID

import pytest
from sqlalchemy import select, update

from caseflow.cases import queries
from caseflow.cases.models import CaseRecord
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.trail.models import TrailEntry
from tests.cases import factories, pages
from tests.support.http import post

KINDS = ("person", "safety", "identity")


@pytest.fixture
def case(bare_app, people):
    with bare_app.app_context():
        case_id = factories.opened(people)
        factories.saved(people, case_id, "identity", factories.IDENTITY)
        factories.saved(people, case_id, "safety", factories.SAFETY)
    return f"/cases/{case_id}"


@pytest.fixture
def worker(browser_of):
    return browser_of("worker")


def tags(app):
    with app.app_context():
        return session().scalars(select(TrailEntry.tag).order_by(TrailEntry.recorded_at)).all()


def details(app, tag):
    """What the entries of a tag say."""
    with app.app_context():
        found = session().scalars(select(TrailEntry).where(TrailEntry.tag == tag)).all()
        read = vault.current().open_bytes
        return [read(one.case_id, bytes(one.detail), "trail_entry", one.id, "detail") for one in found]


def stored(app, address, kind):
    with app.app_context():
        return queries.data_of(UUID(address.split("/")[2]), kind)


class TestWhoMayOpenWhat:
    @pytest.mark.parametrize(
        ("key", "read", "write"),
        [
            ("worker", 200, 303),
            ("supervisor", 200, 303),
            ("colleague", 200, 403),
            ("other_team", 404, 404),
            ("other_team_supervisor", 404, 404),
            ("stranger", 404, 404),
            ("protection", 404, 404),
            ("auditor", 404, 404),
            ("admin", 404, 404),
        ],
    )
    def test_own_team_other_team_other_organisation(self, browser_of, case, key, read, write):
        client = browser_of(key)
        for part in ("person", "safety", "identity", "screening", "notes"):
            assert client.get(f"{case}/{part}").status_code == read, part
        note = {"text": "A fictional note", "subject": "Call"}
        assert post(client, f"{case}/notes", note).status_code == write
        for kind in KINDS:
            assert post(client, f"{case}/{kind}", {"then": "leave"}).status_code == write, kind
        for url, data in ((f"{case}/reveal", {"reason": "contact"}), (f"{case}/screening/new", {"then": "leave"})):
            assert post(client, url, data).status_code == write, url

    def test_who_only_reads_gets_no_form(self, browser_of, case):
        page = browser_of("colleague").get(f"{case}/person").text
        assert "Woman / girl" in page
        assert 'name="gender"' not in page

    def test_unknown_addresses_are_not_there(self, worker, case):
        for url in (f"{case}/nothing", f"{case}/person?section=nothing", "/cases/3f2504e0-4f89-41d3-9a0c-0305e82c3301"):
            assert worker.get(url).status_code == 404


class TestSaving:
    def test_changes_one_record(self, bare_app, worker, case):
        answer = pages.write(worker, f"{case}/person", {"gender": "masculine", "hopes": "A fictional hope"})
        assert (answer.status_code, answer.headers["Location"]) == (303, case)
        assert stored(bare_app, case, "person") == {"gender": "masculine", "hopes": "A fictional hope"}

    def test_one_section_leaves_the_others_alone(self, bare_app, worker, case):
        before = stored(bare_app, case, "safety")
        pages.write(worker, f"{case}/safety?section=health", {"medical_needs": "Fictional need"})
        assert stored(bare_app, case, "safety") == {**before, "medical_needs": "Fictional need"}

    def test_wrong_answers_are_kept_with_a_message(self, bare_app, worker, case):
        answer = pages.write(worker, f"{case}/person", {"age_at_contact": "999", "hopes": "<b>Words that stay</b>"})
        assert answer.status_code == 422
        assert "&lt;b&gt;Words that stay&lt;/b&gt;" in answer.text
        assert stored(bare_app, case, "person")["age_at_contact"] == 24

    def test_a_tampered_version_is_a_stale_one(self, worker, case):
        answer = pages.write(worker, f"{case}/person", {"hopes": "mine"}, rv="' OR 1=1", record_id="no id")
        assert answer.status_code == 409


class TestConflict:
    @pytest.fixture
    def conflict(self, worker, browser_of, case):
        """The worker wrote on an old version; the supervisor was faster."""
        page = worker.get(f"{case}/person").text
        carried = {name: pages.hidden(page, name) for name in ("record_id", "rv", "csrf_token")}
        theirs = {"gender": "feminine", "hopes": "What the supervisor wrote", "children_count": "4"}
        assert pages.write(browser_of("supervisor"), f"{case}/person", theirs).status_code == 303
        mine = {"gender": "feminine", "hopes": "What I wrote", "majority_status": "adult", "citizenship": ["PK", "AF"]}
        return worker.post(f"{case}/person", data={**carried, **mine})

    def test_shows_both_versions(self, conflict):
        assert conflict.status_code == 409
        for words in ("What I wrote", "What the supervisor wrote", "Test Supervisor", "Afghanistan"):
            assert words in conflict.text

    def _again(self, worker, case, conflict, **chosen):
        carried = {}
        for name, value in pages.HIDDEN.findall(conflict.text):
            carried.setdefault(name, []).append(value)
        return worker.post(f"{case}/person", data={**carried, **chosen})

    def test_saves_what_was_chosen_answer_by_answer(self, bare_app, worker, case, conflict):
        chosen = {"keep-hopes": "mine", "keep-children_count": "theirs", "keep-citizenship": "mine"}
        assert self._again(worker, case, conflict, **chosen).status_code == 303
        saved = stored(bare_app, case, "person")
        assert (saved["hopes"], saved["children_count"]) == ("What I wrote", 4)
        assert saved["citizenship"] == ["PK", "AF"]

    def test_can_be_looked_over_in_the_form(self, worker, case, conflict):
        chosen = {"keep-hopes": "theirs", "keep-children_count": "mine"}
        answer = self._again(worker, case, conflict, then="look", **chosen)
        assert answer.status_code == 200
        assert "What the supervisor wrote" in answer.text
        assert "What I wrote" not in answer.text

    def test_can_be_left_as_a_draft(self, worker, case, conflict):
        assert self._again(worker, case, conflict, then="leave").headers["Location"] == "/drafts"
        assert "What I wrote" in worker.get(f"{case}/person").text

    def test_meets_a_third_version_as_another_conflict(self, worker, browser_of, case, conflict):
        third = {"gender": "feminine", "hopes": "A third hope"}
        assert pages.write(browser_of("second_supervisor"), f"{case}/person", third).status_code == 303
        again = self._again(worker, case, conflict)
        assert again.status_code == 409
        assert "What I wrote" in again.text
        assert "A third hope" in again.text

    def test_of_a_hidden_identity_shows_no_name_and_loses_nothing(self, worker, browser_of, case):
        stale = {"first_name": "Fictional Mine", "rv": "0", "record_id": ""}
        answer = post(worker, f"{case}/identity", stale, follow=True)
        assert "Zarmeena" not in answer.text
        reveal = post(worker, f"{case}/reveal", {"reason": "correction"}, follow=True)
        assert "Fictional Mine" in reveal.text

    @pytest.mark.parametrize("pressed", [{"then": "look"}, {"email": "no address"}, {"then": "leave"}])
    def test_cannot_be_asked_for_stored_names_before_a_recorded_reveal(self, bare_app, worker, case, pressed):
        kept = {f"keep-{code}": "theirs" for code in ("first_name", "name_urdu", "cnic", "phone_mobile")}
        answer = post(worker, f"{case}/identity", {**kept, **pressed}, follow=True)
        assert "Zarmeena" not in answer.text
        assert "1234567" not in answer.text
        assert "cases:identity:reveal" not in tags(bare_app)
        assert stored(bare_app, case, "identity")["first_name"] == "Zarmeena"


class TestReveal:
    def test_names_are_hidden_before(self, worker, case):
        for page in (case, f"{case}/identity", f"{case}/person", "/cases/", "/"):
            text = worker.get(page).text
            assert "Zarmeena" not in text
            assert "35202" not in text

    def test_wants_a_reason(self, worker, case):
        for reason in ("", "   ", "x" * 5000, "Zarmeena asked me", "a\x00b"):
            answer = post(worker, f"{case}/reveal", {"reason": reason})
            assert answer.status_code == 422
            assert "Zarmeena" not in answer.text

    def test_is_recorded_and_opens_the_record(self, bare_app, worker, case):
        answer = post(worker, f"{case}/reveal", {"reason": "contact"}, follow=True)
        assert "Zarmeena" in answer.text
        assert tags(bare_app).count("cases:identity:reveal") == 1
        assert "Zarmeena" in worker.get(case).text

    def test_opens_one_case_in_one_sign_in(self, browser_of, worker, case):
        post(worker, f"{case}/reveal", {"reason": "contact"})
        assert "Zarmeena" not in worker.get("/cases/").text
        assert "Zarmeena" not in browser_of("worker").get(f"{case}/identity").text

    def test_of_the_caseload_shows_names_of_own_cases_only(self, bare_app, people, worker, browser_of, case):
        answer = post(worker, "/cases/reveal", {}, follow=True)
        assert "Zarmeena Testwoman" in answer.text
        assert "Zarmeena Testwoman" in worker.get(case).text
        assert tags(bare_app).count("cases:identity:reveal") == 1
        supervisor = browser_of("supervisor")
        assert "Zarmeena" not in post(supervisor, "/cases/reveal", {}, follow=True).text
        assert "Zarmeena" not in supervisor.get("/cases/").text

    def test_can_be_hidden_again(self, worker, case):
        post(worker, "/cases/reveal", {})
        post(worker, "/cases/reveal", {"then": "hide"})
        assert "Zarmeena" not in worker.get("/cases/").text

    def test_ends_with_the_assignment(self, worker, people, case):
        post(worker, "/cases/reveal", {})
        chosen = {"assignee_id": str(people.staff["colleague"])}
        assert post(worker, f"{case}/assign", chosen).status_code == 303
        assert "Zarmeena" not in worker.get("/cases/").text
        assert "Zarmeena" not in worker.get(case).text


class TestReading:
    @pytest.mark.parametrize(("part", "kind"), [("safety", "safety"), ("screening", "screening"), ("notes", "note")])
    def test_says_in_the_trail_which_records_were_read(self, bare_app, browser_of, case, part, kind):
        assert browser_of("colleague").get(f"{case}/{part}").status_code == 200
        assert details(bare_app, "cases:record:read") == [{"kind": kind}]


class TestBrokenRecords:
    @pytest.mark.parametrize("part", ["person", "safety", "screening", "notes", "identity"])
    def test_say_so_and_never_look_empty(self, bare_app, worker, case, part):
        pages.write(worker, f"{case}/notes", {"text": "A fictional note"})
        post(worker, f"{case}/reveal", {"reason": "correction"})
        with bare_app.app_context():
            session().execute(update(CaseRecord).values(sealed=b"spoilt"))
            session().commit()
        assert "cannot be opened" in worker.get(f"{case}/{part}").text
        assert "vault:seal:broken" in tags(bare_app)

    def test_leave_the_case_page_standing(self, bare_app, worker, case):
        with bare_app.app_context():
            session().execute(update(CaseRecord).values(sealed=b"spoilt"))
            session().commit()
        page = worker.get(case)
        assert page.status_code == 200
        assert "cannot be opened" in page.text.lower()
