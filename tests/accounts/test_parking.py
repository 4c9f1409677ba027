"""A post on a dead session is kept for its writer, shown once, and never executed."""

import pytest
from sqlalchemy import select

from caseflow.accounts import queries
from caseflow.accounts.models import ParkedPost
from caseflow.core.db import session
from tests.cases import factories
from tests.support.http import post, token_of

TEXT = "Fictional Canary Name"


@pytest.fixture
def late(door, people, ticking):
    """(browser, seed, answer): an administrator whose session ended while writing."""
    seed = door.enrol("admin")
    client = door.enter("admin", ticking, seed=seed)
    url = f"/people/{people.staff['worker']}/edit"
    token = token_of(client.get(url).text)
    ticking.move(minutes=16)
    sent = {"csrf_token": token, "rv": "1", "name": TEXT, "post_en": "<b>Post</b>", "language": "en"}
    return client, seed, client.post(url, data=sent)


def test_the_text_comes_back_after_signing_in(door, people, ticking, late):
    client, seed, answer = late
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/kept")
    door.enter("admin", ticking, client=client, seed=seed)
    assert TEXT not in client.get("/kept").text
    page = post(client, "/kept")
    assert page.status_code == 200
    assert TEXT in page.text and "<b>Post</b>" not in page.text
    assert f"/people/{people.staff['worker']}/edit" in page.text
    assert client.get_cookie("cf-kept") is None
    with door.app.app_context():
        assert session().scalars(select(ParkedPost)).all() == []
        assert TEXT not in queries.staff_names([people.staff["worker"]]).values()


def test_items_of_a_repeat_come_back_in_words(door, people, ticking):
    with door.app.app_context():
        case_id = factories.opened(people, case_type="som", now=ticking.now)
    client = door.enter("worker", ticking)
    token = token_of(client.get(f"/cases/{case_id}/journey").text)
    ticking.move(minutes=16)
    legs = {"legs": ["a1a1a1a1", "b2b2b2b2"], "legs-a1a1a1a1-city": TEXT, "legs-b2b2b2b2-country": "IR"}
    client.post(f"/cases/{case_id}/journey", data={"csrf_token": token, **legs, "legs-b2b2b2b2-when-year": "2025"})
    door.enter("worker", ticking, client=client)
    page = " ".join(post(client, "/kept").text.split())
    for words in ("Leg 1: City or district", TEXT, "Leg 2: Country", "Iran", "Leg 2: When?", "2025"):
        assert words in page
    assert "Legs of the journey" not in page


def test_it_is_shown_once_and_to_its_writer_alone(door, people, ticking, late):
    client, seed, _answer = late
    kept = client.get_cookie("cf-kept").value
    other = door.enter("colleague", ticking)
    other.set_cookie("cf-kept", kept)
    assert post(other, "/kept").status_code == 404
    door.enter("admin", ticking, client=client, seed=seed)
    assert post(client, "/kept").status_code == 200
    client.set_cookie("cf-kept", kept)
    assert post(client, "/kept").status_code == 404


def test_the_database_alone_opens_nothing(door, late):
    client, _seed, answer = late
    its_id, key = client.get_cookie("cf-kept").value.split(".")
    line = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("cf-kept="))
    assert "HttpOnly" in line and "SameSite=Strict" in line and "Max-Age=3600" in line
    raw = b"".join(
        path.read_bytes() for path in door.app.extensions["caseflow"].config.home.rglob("*") if path.is_file()
    )
    assert TEXT.encode() not in raw
    assert key.encode() not in raw
    assert its_id


@pytest.mark.parametrize("value", ["", "x", "x.y", f"{'0' * 32}.AAAA", "é", f"{'0' * 32}.{'A' * 43}="])
def test_a_made_up_cookie_opens_nothing(door, ticking, value):
    client = door.enter("worker", ticking)
    client.set_cookie("cf-kept", value)
    assert post(client, "/kept").status_code == 404


def test_it_is_gone_after_a_day(door, ticking, late):
    client, seed, _answer = late
    ticking.move(hours=24)
    door.enter("admin", ticking, client=client, seed=seed)
    assert post(client, "/kept").status_code == 404


def test_a_made_up_session_parks_nothing(door, people):
    client = door.browser()
    client.set_cookie("cf", "made-up")
    answer = client.post(f"/people/{people.staff['worker']}/edit", data={"name": TEXT})
    assert answer.status_code == 400
    with door.app.app_context():
        assert session().scalars(select(ParkedPost)).all() == []


def test_passwords_are_never_parked(door, ticking):
    client = door.enter("worker", ticking)
    token = token_of(client.get("/account").text)
    ticking.move(minutes=16)
    sent = {"csrf_token": token, "current": "a", "password": "b", "again": "b"}
    assert client.post("/account/password", data=sent).status_code == 400
