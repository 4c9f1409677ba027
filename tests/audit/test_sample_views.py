"""Samples through the front door: asking, deciding, the frame's page and text, and what closes at the end."""

import re
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from caseflow.audit.models import Audit, AuditFile
from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.press import audit_file as audit_press
from caseflow.core.sampling import draw, read_frame
from caseflow.core.words import set_language
from tests.audit import factories as audits
from tests.audit.factories import OVER, RUNNING
from tests.audit.test_views import Door, html
from tests.cases.factories import opened
from tests.support.http import post


@pytest.fixture
def world(bare_app, people, monkeypatch):
    """The door of the audits, with five cases in the house."""
    monkeypatch.setattr(audit_press, "audit_trail", lambda content, language: b"%PDF trail of the audit")
    door = Door(bare_app, people, monkeypatch)
    with bare_app.app_context():
        for _one in range(4):
            opened(people)
    return door


def question(**changed):
    """A filled form that asks for a sample of two cases of November."""
    days = {"since": ("1", "11", "2026"), "until": ("18", "11", "2026"), "ends_on": ("30", "11", "2026")}
    dates = {f"{name}-{part}": value for name, parts in days.items()
             for part, value in zip(("day", "month", "year"), parts, strict=True)}  # fmt: skip
    return {
        "audit_id": str(uuid4()), "way": "sample", "purpose": "Were letters approved first?", "scope": "Each quarter.",
        "happened": "opened", "size": "2", "seed": "blue kettle 7", "case_numbers": "", **dates, **changed,
    }  # fmt: skip


def asked(client, **changed):
    return post(client, "/audits/new", question(**changed), page="/audits/new")


def sampled(world, **changed):
    with world.app.app_context():
        return f"/audits/{audits.sampled(world.people, **changed)}"


def numbers_of(world):
    with world.app.app_context():
        return {one.number for one in session().query(Case)}


def shown(page, numbers):
    return {one for one in numbers if one in page}


def test_the_whole_way_of_a_sample(world):
    auditor, protection, known = world.browser("auditor"), world.browser("protection"), numbers_of(world)
    answer = asked(auditor)
    assert answer.status_code == 303
    page = answer.location
    waiting = html(protection.get(page))
    assert "5 cases fit this filter now." in waiting and "1 November 2026" in waiting
    assert "blue kettle 7" not in waiting and "blue kettle 7" in html(auditor.get(page))
    assert shown(waiting, known) == shown(html(auditor.get(page)), known) == set()
    assert auditor.get(f"{page}/frame").status_code == protection.get(f"{page}/frame.txt").status_code == 404
    assert auditor.get(f"{page}/frame.txt").status_code == 422
    assert post(protection, f"{page}/decide", {"decision": "approve"}, page=page).status_code == 303
    opening = html(auditor.get(page))
    drawn = shown(opening, known)
    assert len(drawn) == 2 and "blue kettle 7" in html(protection.get(page))
    frame = html(auditor.get(f"{page}/frame"))
    assert shown(frame, known) == drawn and "The frame is the one that was approved" in frame
    text = auditor.get(f"{page}/frame.txt")
    assert text.mimetype == "text/plain" and "attachment" in text.headers["Content-Disposition"]
    digest = sha256(text.data).hexdigest()
    assert digest in frame and digest in opening
    ids = [line.case_id for line in read_frame(text.get_data(as_text=True))]
    with world.app.app_context():
        again = {session().get_one(Case, one).number for one in draw(ids, seed="blue kettle 7", size=2)}
    assert again == drawn


def test_asking_twice_with_one_form_asks_once(world):
    auditor, same = world.browser("auditor"), str(uuid4())
    assert len({asked(auditor, audit_id=same).location for _again in range(2)}) == 1
    assert world.count(Audit) == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"way": ""}, "Choose how the cases are found."),
        ({"way": "all"}, "way-error"),
        ({"seed": " "}, "Write a seed"),
        ({"seed": "a\x00b"}, "seed-error"),
        ({"seed": "x" * 101}, "100"),
        ({"size": ""}, "Write how many cases the sample has."),
        ({"size": "51"}, "50"),
        ({"size": "9" * 30}, "size-error"),
        ({"size": "many"}, "size-error"),
        ({"happened": "nothing"}, "happened-error"),
        ({"states": "secret"}, "states-error"),
        ({"teams": str(uuid4())}, "teams-error"),
        ({"since-day": "31"}, "since-error"),
        ({"until-day": "30"}, "The period ends today at the latest."),
        ({"until-month": "10"}, "The last day of the period lies before its first."),
    ],
)
def test_bad_input_gets_a_message_and_keeps_what_was_typed(world, changed, says):
    answer = asked(world.browser("auditor"), **changed)
    assert answer.status_code == 422 and says in html(answer)
    assert "Each quarter." in html(answer) and world.count(Audit) == 0


def test_only_teams_of_the_house_are_offered(world):
    page = html(world.browser("auditor").get("/audits/new"))
    assert str(world.people.teams["north"]) in page and str(world.people.teams["far"]) not in page


def test_urdu_digits_are_a_size(world):
    assert asked(world.browser("auditor"), size="۲").status_code == 303


def test_an_empty_frame_is_not_approved_and_says_why(world):
    page = asked(world.browser("auditor"), **{"until-day": "1"}).location
    protection = world.browser("protection")
    assert "0 cases fit this filter now." in html(protection.get(page))
    answer = post(protection, f"{page}/decide", {"decision": "approve"}, page=page)
    assert answer.status_code == 422 and "No case fits this filter now" in html(answer)
    assert "Waiting for approval" in html(protection.get(page))


def test_another_data_protection_person_sees_counts_and_no_case(world):
    page, known = sampled(world), numbers_of(world)
    with world.app.app_context(), writing():
        session().query(Audit).one().decided_by = world.people.staff["admin"]
    protection = world.browser("protection")
    for path in (page, f"{page}/frame"):
        answer = protection.get(path)
        assert answer.status_code == 200 and shown(html(answer), known) == set()
        assert "is known to the auditor and to whoever approved it" in html(answer)


@pytest.mark.parametrize("key", ["worker", "supervisor", "admin", "stranger_auditor"])
def test_nobody_else_sees_a_frame(world, key):
    page, client = sampled(world), world.browser(key)
    for path in (f"{page}/frame", f"{page}/frame.txt"):
        assert client.get(path).status_code == 404
    assert post(client, f"{page}/trail", {"file_id": str(uuid4())}).status_code == 404


def test_the_last_day_closes_cases_frame_and_trail_on_the_page(world):
    page, known = sampled(world), numbers_of(world)
    auditor = world.browser("auditor")
    paper = str(uuid4())
    assert post(auditor, f"{page}/trail", {"file_id": paper}, page=page).status_code == 303
    world.work()
    assert auditor.get(f"{page}/trail/{paper}").data == b"%PDF trail of the audit"
    assert len(shown(html(auditor.get(page)), known)) == 2
    world.at(OVER)
    auditor = world.browser("auditor")
    for path in (page, f"{page}/frame"):
        closed = html(auditor.get(path))
        assert shown(closed, known) == set() and "Take the frame" not in closed and f"/trail/{paper}" not in closed
    for path in (f"{page}/frame.txt", f"{page}/trail/{paper}"):
        assert auditor.get(path).status_code == 422
    assert post(auditor, f"{page}/trail", {"file_id": str(uuid4())}).status_code == 422
    protection = world.browser("protection")
    assert protection.get(f"{page}/frame.txt").status_code == protection.get(f"{page}/trail/{paper}").status_code == 200


@pytest.mark.parametrize("key", ["auditor", "protection"])
def test_ending_early_closes_the_page_at_once(world, key):
    page, known = sampled(world), numbers_of(world)
    assert post(world.browser(key), f"{page}/end", page=page).status_code == 303
    auditor = world.browser("auditor")
    assert shown(html(auditor.get(page)), known) == set()
    assert auditor.get(f"{page}/frame.txt").status_code == 422


def test_named_cases_lose_their_names_at_the_end(world):
    audit_id = world.audit()
    with world.app.app_context():
        code = vault.read(session().get_one(Case, world.case_id))["code_en"]
    assert code in html(world.browser("auditor").get(f"/audits/{audit_id}"))
    assert code not in html(world.browser("protection").get(f"/audits/{audit_id}"))
    world.at(OVER)
    assert code not in html(world.browser("auditor").get(f"/audits/{audit_id}"))


def test_a_skeleton_stands_among_the_drawn_and_its_file_can_be_made(world):
    with world.app.app_context():
        vault.destroy_case_key(world.case_id, now=RUNNING)
    page, auditor = sampled(world, size=5), world.browser("auditor")
    for path in (page, f"{page}/frame"):
        answer = html(auditor.get(path))
        assert answer.count("A skeleton: nothing of it can be opened any more") == 1 and world.number in answer
        assert "cannot be opened" not in answer
    assert len(re.findall('value="trail"', html(auditor.get(page)))) == 4
    assert len(re.findall('name="what" value="file"', html(auditor.get(page)))) == 5


def test_a_file_that_failed_says_so_and_is_asked_for_again(world):
    page, auditor = sampled(world, size=1), world.browser("auditor")
    with world.app.app_context():
        audit = session().query(Audit).one()
        [case_id] = audits.view(audit.id).case_ids
        file_id = audits.ask_file(world.people, audit.id, case_id)
        with writing():
            session().get_one(AuditFile, file_id).state = "failed"
    shown_now = html(auditor.get(page))
    assert "Could not be made" in shown_now and "Try again" in shown_now and "Being made" not in shown_now
    again = re.findall(r'name="file_id" value="([0-9a-f-]+)">\s*<input type="hidden" name="case_id"', shown_now)
    sent = {"file_id": again[0], "case_id": str(case_id), "what": "file"}
    world.at(RUNNING + timedelta(minutes=1))
    assert post(auditor, f"{page}/files", sent, page=page).status_code == 303
    assert "Try again" not in html(auditor.get(page))


def test_the_pages_turn_round_for_urdu(world):
    page, client = sampled(world), world.browser("auditor", "ur")
    for path in (page, f"{page}/frame", "/audits/new"):
        answer = html(client.get(path))
        assert '<html lang="ur" dir="rtl">' in answer
        assert not re.search(r"sampl|frame\b(?!.*href)", re.sub(r"<[^>]*>", "", answer), re.IGNORECASE)
    set_language("en")


def test_making_the_trail_asks_for_the_second_factor_again(world):
    page, auditor = sampled(world), world.browser("auditor")
    world.at(RUNNING + timedelta(minutes=6))
    assert post(auditor, f"{page}/trail", {"file_id": str(uuid4())}, page="/account").status_code == 403
