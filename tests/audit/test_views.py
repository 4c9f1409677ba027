"""The pages of audits through the front door: who gets in, what closes, what a repeated or hostile post does."""

from datetime import timedelta
from uuid import uuid4

import pytest

from caseflow.audit import queries, services
from caseflow.audit.models import Audit, AuditFile
from caseflow.cases.models import Case, Document
from caseflow.core import clock, vault
from caseflow.core.db import session, writing
from caseflow.core.press import case_file as press
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from caseflow.core.words import set_language
from tests.audit import factories as audits
from tests.audit.factories import LAST_DAY, OVER, RUNNING
from tests.cases.factories import opened
from tests.support.http import post, token_of

PDF = b"%PDF of a fictional case"


@pytest.fixture
def world(bare_app, people, monkeypatch):
    """Browsers at a moment that the test sets, and a quick press."""
    monkeypatch.setattr(press, "case_file", lambda content, language: PDF)
    monkeypatch.setattr(press, "trail", lambda content, language: PDF)
    return Door(bare_app, people, monkeypatch)


class Door:
    """Opens browsers; `at` moves the clock of the house."""

    def __init__(self, app, people, monkeypatch):
        self.app, self.people, self.monkeypatch = app, people, monkeypatch
        self.at(RUNNING)
        with app.app_context():
            self.case_id = opened(people)
            self.number = session().get_one(Case, self.case_id).number

    def at(self, moment):
        self.now = moment
        self.monkeypatch.setattr(clock, "now", lambda: moment)

    def browser(self, key, language="en"):
        client = self.app.test_client()
        with self.app.app_context():
            client.set_cookie("cf", self.people.token(key, now=self.now))
        if language != "en":
            post(client, "/language", {"language": language, "next": "/account"}, page="/audits/")
        return client

    def audit(self, made=audits.running):
        with self.app.app_context():
            return made(self.people, [self.case_id])

    def file(self, audit_id, *, ready=True):
        with self.app.app_context():
            file_id = audits.ask_file(self.people, audit_id, self.case_id)
            if ready:
                self.work()
            return file_id

    def work(self):
        with self.app.app_context():
            self.app.extensions["caseflow"].outbox.run_due(clock=lambda: self.now)

    def count(self, model):
        with self.app.app_context():
            return session().query(model).count()


def question(door, **changed):
    """A filled form that asks for an audit."""
    return {
        "audit_id": str(uuid4()), "way": "named", "purpose": "Were letters approved first?", "scope": "November.",
        "case_numbers": door.number.lower().replace("-", " -", 1), "ends_on-day": "30", "ends_on-month": "11",
        "ends_on-year": "2026", **changed,
    }  # fmt: skip


def asked(door, client, **changed):
    return post(client, "/audits/new", question(door, **changed), page="/audits/new")


def html(answer):
    return answer.get_data(as_text=True)


def test_the_whole_way_of_an_audit(world):
    auditor, protection = world.browser("auditor"), world.browser("protection")
    answer = asked(world, auditor)
    assert answer.status_code == 303
    page = answer.location
    assert "Waiting for approval" in html(auditor.get(page))
    assert "Waiting for your decision" in html(protection.get("/audits/"))
    assert post(protection, f"{page}/decide", {"decision": "approve"}, page=page).status_code == 303
    shown = html(auditor.get(page))
    assert "Open until 30 November 2026" in shown and world.number in shown and "is recorded" in shown
    sent = {"file_id": str(uuid4()), "case_id": str(world.case_id), "what": "file"}
    for _again in range(2):
        assert post(auditor, f"{page}/files", sent, page=page).status_code == 303
    assert "Being made" in html(auditor.get(page))
    world.work()
    assert "Ready" in html(auditor.get(page))
    answer = auditor.get(f"{page}/files/{sent['file_id']}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{world.number}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert post(auditor, f"{page}/end", page=page).status_code == 303
    assert "This audit is over" in html(auditor.get(page))
    assert auditor.get(f"{page}/files/{sent['file_id']}").status_code == 422
    with world.app.app_context():
        read = session().query(TrailEntry).filter_by(tag=str(Tag.FILE_READ)).one()
        assert (read.actor_id, read.case_id) == (world.people.staff["auditor"], world.case_id)
        assert verify().findings == []


def test_asking_twice_with_one_form_asks_once(world):
    auditor, same = world.browser("auditor"), str(uuid4())
    places = {asked(world, auditor, audit_id=same).location for _again in range(2)}
    assert len(places) == 1 and world.count(Audit) == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"purpose": ""}, "Write what the audit is for."),
        ({"purpose": "x" * 201}, "200"),
        ({"purpose": "a\x00b"}, "purpose-error"),
        ({"purpose": "a\u202eb"}, "purpose-error"),
        ({"scope": "x" * 1_000_000}, "2000"),
        ({"case_numbers": ""}, "Name at least one case."),
        ({"case_numbers": "CF-0000-0000"}, "No case of your organisation has this number: CF-0000-0000"),
        ({"case_numbers": "<script>alert(1)</script>"}, "&lt;SCRIPT&gt;ALERT(1)"),
        ({"case_numbers": "{{ 7 * 7 }}\n'; drop table audit; --"}, "{{7*7}}"),
        ({"ends_on-day": "31"}, "ends_on-error"),
        ({"ends_on-day": "", "ends_on-month": "", "ends_on-year": ""}, "Write the last day of the audit."),
        ({"ends_on-year": "2031"}, "90 days"),
        ({"ends_on-year": "9" * 40}, "ends_on-error"),
    ],
)
def test_bad_input_gets_a_message_and_keeps_what_was_typed(world, changed, says):
    answer = asked(world, world.browser("auditor"), **{"scope": "Kept words", **changed})
    assert answer.status_code == 422 and says in html(answer)
    assert "scope" in changed or "Kept words" in html(answer)
    assert "<script>alert" not in html(answer) and world.count(Audit) == 0


def test_hostile_words_are_shown_as_words(world):
    hostile = "<script>alert(1)</script> {{ 7*7 }} \U0001f642"
    auditor = world.browser("auditor")
    page = html(auditor.get(asked(world, auditor, purpose=hostile, scope=hostile).location))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} \U0001f642" in page and "<script>alert" not in page
    assert "alert" not in page[page.index("<title>") : page.index("</title>")]


def test_urdu_digits_in_the_date_are_read(world):
    sent = {"ends_on-day": "۳۰", "ends_on-month": "۱۱", "ends_on-year": "۲۰۲۶"}
    assert asked(world, world.browser("auditor"), **sent).status_code == 303


@pytest.mark.parametrize(
    ("key", "status"),
    [("auditor", 200), ("protection", 200), ("stranger_auditor", 404), ("worker", 404), ("supervisor", 404),
     ("admin", 404), ("stranger", 404)],
)  # fmt: skip
def test_an_audit_shows_itself_to_two_persons_only(world, key, status):
    audit_id = world.audit()
    assert world.browser(key).get(f"/audits/{audit_id}").status_code == status


@pytest.mark.parametrize("key", ["worker", "supervisor", "admin", "stranger"])
def test_who_has_no_audits_gets_no_list(world, key):
    client = world.browser(key)
    assert client.get("/audits/").status_code == 403
    assert client.get("/audits/new").status_code == 403


@pytest.mark.parametrize(("key", "status"), [("protection", 403), ("stranger_auditor", 404), ("worker", 404)])
def test_nobody_else_downloads_a_file(world, key, status):
    audit_id = world.audit()
    file_id = world.file(audit_id)
    client = world.browser(key)
    assert client.get(f"/audits/{audit_id}/files/{file_id}").status_code == status
    sent = {"file_id": str(uuid4()), "case_id": str(world.case_id), "what": "file"}
    assert post(client, f"/audits/{audit_id}/files", sent).status_code == status


def test_a_file_does_not_open_under_another_audit(world):
    first, second = world.audit(), world.audit()
    file_id = world.file(first)
    assert world.browser("auditor").get(f"/audits/{second}/files/{file_id}").status_code == 404


def test_the_last_day_closes_the_download_by_itself(world):
    audit_id = world.audit()
    file_id = world.file(audit_id)
    world.at(OVER - timedelta(seconds=2))
    assert world.browser("auditor").get(f"/audits/{audit_id}/files/{file_id}").status_code == 200
    world.at(OVER)
    answer = world.browser("auditor").get(f"/audits/{audit_id}/files/{file_id}")
    assert answer.status_code == 422 and "This audit is not open now" in html(answer)
    assert "Download" not in html(world.browser("auditor").get(f"/audits/{audit_id}"))


@pytest.mark.parametrize(
    "sent",
    [
        {"what": "file", "case_id": "x", "file_id": "y"},
        {"what": "file"},
        {"what": "file", "file_id": str(uuid4()), "case_id": str(uuid4())},
    ],
)
def test_a_made_up_file_request_finds_nothing(world, sent):
    audit_id = world.audit()
    assert post(world.browser("auditor"), f"/audits/{audit_id}/files", sent).status_code == 404
    assert world.count(AuditFile) == 0


def test_a_case_outside_the_scope_is_not_there(world):
    audit_id = world.audit()
    with world.app.app_context():
        other = opened(world.people)
    sent = {"file_id": str(uuid4()), "case_id": str(other), "what": "file"}
    assert post(world.browser("auditor"), f"/audits/{audit_id}/files", sent).status_code == 404


@pytest.mark.parametrize("path", ["/cases/{case}", "/cases/{case}/identity", "/cases/{case}/notes", "/cases/"])
def test_an_auditor_opens_no_case(world, path):
    world.audit()
    answer = world.browser("auditor").get(path.format(case=world.case_id))
    assert answer.status_code == (403 if path == "/cases/" else 404)


def test_an_auditor_does_not_decide_on_their_own_audit(world):
    audit_id = world.audit(audits.ask)
    sent = {"decision": "approve"}
    assert post(world.browser("auditor"), f"/audits/{audit_id}/decide", sent).status_code == 403
    assert "Your decision" not in html(world.browser("auditor").get(f"/audits/{audit_id}"))


def test_a_refusal_without_reason_comes_back(world):
    audit_id, client = world.audit(audits.ask), world.browser("protection")
    page = f"/audits/{audit_id}"
    answer = post(client, f"{page}/decide", {"decision": "refuse", "reason": " "}, page=page)
    assert answer.status_code == 422 and "Write why" in html(answer)
    long = post(client, f"{page}/decide", {"decision": "refuse", "reason": "x" * 1001}, page=page)
    assert long.status_code == 422 and "x" * 1001 in html(long)
    assert post(client, f"{page}/decide", {"decision": "shred"}, page=page).status_code == 404
    assert post(client, f"{page}/decide", {"decision": "refuse", "reason": "Too wide."}, page=page).status_code == 303
    assert "Too wide." in html(world.browser("auditor").get(page))


def test_the_second_decision_is_too_late(world):
    audit_id, client = world.audit(audits.ask), world.browser("protection")
    statuses = [post(client, f"/audits/{audit_id}/decide", {"decision": "approve"}).status_code for _again in range(2)]
    assert statuses == [303, 409]


def test_deciding_and_making_ask_for_the_second_factor_again(world):
    audit_id = world.audit(audits.ask)
    protection = world.browser("protection")
    token = token_of(html(protection.get("/account")))
    world.at(RUNNING + timedelta(minutes=6))
    sent = {"decision": "approve", "csrf_token": token}
    answer = protection.post(f"/audits/{audit_id}/decide", data=sent)
    assert answer.status_code == 403 and "confirm_code" in html(answer)


def test_a_broken_case_is_shown_as_broken(world):
    audit_id = world.audit()
    with world.app.app_context(), writing():
        case = session().get_one(Case, world.case_id)
        case.sealed = bytes(case.sealed)[:-1] + bytes([case.sealed[-1] ^ 1])
    page = html(world.browser("auditor").get(f"/audits/{audit_id}"))
    assert "This case cannot be opened" in page and world.number in page


def test_a_broken_audit_is_shown_in_the_list_and_refused_by_itself(world):
    audit_id = world.audit()
    with world.app.app_context(), writing():
        audit = session().get_one(Audit, audit_id)
        audit.sealed = bytes(audit.sealed)[:-1] + bytes([audit.sealed[-1] ^ 1])
    client = world.browser("auditor")
    listed = client.get("/audits/")
    assert listed.status_code == 200 and "cannot be opened" in html(listed)
    assert "cannot be opened" in html(client.get(f"/audits/{audit_id}"))


def test_a_broken_file_is_a_page_and_not_a_trace(world):
    audit_id = world.audit()
    file_id = world.file(audit_id)
    with world.app.app_context():
        from caseflow.cases.files import path_of

        path = path_of(session().query(Document).one().id)
        path.write_bytes(path.read_bytes()[:-3])
    answer = world.browser("auditor").get(f"/audits/{audit_id}/files/{file_id}")
    assert "cannot be opened" in html(answer) and PDF not in answer.data


def test_many_audits_come_page_by_page(world):
    with world.app.app_context():
        for minute in range(27):
            audits.ask(world.people, [world.case_id], now=RUNNING - timedelta(minutes=minute))
    client = world.browser("auditor")
    first = html(client.get("/audits/"))
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert html(client.get(following)).count("/audits/") >= 2
    assert client.get("/audits/?after=made-up").status_code == 404


def test_the_trail_is_verified_and_the_result_shown(world):
    client = world.browser("auditor")
    assert "was not verified from here yet" in html(client.get("/trail"))
    assert post(client, "/trail", page="/trail").status_code == 303
    assert "Unbroken" in html(client.get("/trail"))
    with world.app.app_context(), writing():
        session().get_one(Case, world.case_id).state = "closed"
    assert post(client, "/trail", page="/trail").status_code == 303
    page = html(client.get("/trail"))
    assert "1 finding" in page and "A record is not as the trail left it" in page and "case_file" in page


@pytest.mark.parametrize(("key", "status"), [("admin", 200), ("protection", 200), ("worker", 403), ("supervisor", 403)])
def test_who_may_verify(world, key, status):
    assert world.browser(key).get("/trail").status_code == status


def test_the_pages_turn_round_for_urdu(world):
    audit_id = world.audit()
    world.file(audit_id)
    client = world.browser("auditor", "ur")
    for path in ("/audits/", "/audits/new", f"/audits/{audit_id}", "/trail"):
        page = html(client.get(path))
        assert '<html lang="ur" dir="rtl">' in page, path
    set_language("en")


def test_no_name_or_number_of_a_person_stands_on_a_page(world):
    with world.app.app_context():
        case_id, _made = audits.full_case(world.people)
        audit_id = audits.running(world.people, [case_id])
    page = html(world.browser("auditor").get(f"/audits/{audit_id}"))
    assert [words for words in audits.TYPED if words in page and not words.startswith("Test ")] == []


def test_view_and_service_agree_on_the_last_day(world):
    with world.app.app_context():
        audit = queries.get_audit(audits.running(world.people, [world.case_id]))
        assert audit.ends_on == LAST_DAY and vault.read(audit)["case_ids"] == [str(world.case_id)]
        assert services.LONGEST.days == 90
