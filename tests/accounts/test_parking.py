"""A post on a dead session is kept for its writer, comes back in its form, and is never executed."""

import re

import pytest
from sqlalchemy import select

from caseflow.accounts import queries
from caseflow.accounts.models import ParkedPost, Staff
from caseflow.core import trail, vault
from caseflow.core.db import new_id, session, writing
from caseflow.core.trail import Tag
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


def kept_posts(door):
    with door.app.app_context():
        return session().scalars(select(ParkedPost)).all()


def test_the_text_comes_back_in_its_form_after_signing_in(door, people, ticking, late):
    client, seed, answer = late
    url = f"/people/{people.staff['worker']}/edit"
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/kept")
    assert TEXT not in client.get("/sign-in").text
    door.enter("admin", ticking, client=client, seed=seed)
    assert client.get("/kept").location == url
    page = client.get(url).text
    assert f'name="name" value="{TEXT}"' in page or f'value="{TEXT}"' in page
    assert "&lt;b&gt;Post&lt;/b&gt;" in page and "<b>Post</b>" not in page
    assert "Your text is back. Nothing of it was saved yet." in page
    assert len(kept_posts(door)) == 1
    with door.app.app_context():
        assert TEXT not in queries.staff_names([people.staff["worker"]]).values()


def test_it_comes_back_as_often_as_it_is_looked_at_until_it_is_saved(door, people, ticking, late):
    client, seed, _answer = late
    door.enter("admin", ticking, client=client, seed=seed)
    url = f"/people/{people.staff['worker']}/edit"
    assert TEXT in client.get(url).text and TEXT in client.get(url).text
    wrong = {"rv": "1", "name": "", "post_en": "Post", "language": "en"}
    assert post(client, url, wrong).status_code == 422
    assert len(kept_posts(door)) == 1
    assert post(client, url, wrong | {"name": TEXT}).status_code == 303
    assert kept_posts(door) == [] and client.get_cookie("cf-kept") is None


def test_a_form_that_somebody_changed_meanwhile_is_a_stale_one(door, people, ticking, late):
    client, seed, _answer = late
    door.enter("admin", ticking, client=client, seed=seed)
    url = f"/people/{people.staff['worker']}/edit"
    other = {"rv": "1", "name": "Somebody Else", "post_en": "Post", "language": "en"}
    with door.app.app_context(), writing():
        staff = session().get_one(Staff, people.staff["worker"])
        vault.write(staff, vault.read(staff) | {"name": "Somebody Else"}, rv=staff.rv)
        trail.record(Tag.PERSON_CHANGED, actor=None, now=ticking.now, obj=("staff", staff.id), writes=[staff])
    answer = post(client, url, other | {"name": TEXT, "rv": "1"}, page=url)
    assert answer.status_code == 409 and TEXT in answer.text
    assert len(kept_posts(door)) == 1


def test_it_can_be_thrown_away(door, people, ticking, late):
    client, seed, _answer = late
    door.enter("admin", ticking, client=client, seed=seed)
    answer = post(client, "/kept")
    assert (answer.status_code, answer.location) == (303, f"/people/{people.staff['worker']}/edit")
    assert kept_posts(door) == [] and client.get_cookie("cf-kept") is None
    assert TEXT not in client.get(answer.location).text


def test_every_other_page_says_that_something_waits(door, people, ticking, late):
    client, seed, _answer = late
    door.enter("admin", ticking, client=client, seed=seed)
    page = client.get("/people/").text
    assert "Something you wrote is not saved yet." in page and TEXT not in page
    shown = client.get("/kept?text=1").text
    assert TEXT in shown and "Send it now" in shown and "&lt;b&gt;Post" in shown


def test_items_of_a_repeat_come_back_in_their_form(door, people, ticking):
    with door.app.app_context():
        case_id = factories.opened(people, case_type="som", now=ticking.now)
    client = door.enter("worker", ticking)
    url = f"/cases/{case_id}/journey"
    token = token_of(client.get(url).text)
    ticking.move(minutes=16)
    legs = {"legs": ["a1a1a1a1", "b2b2b2b2"], "legs-a1a1a1a1-city": TEXT, "legs-b2b2b2b2-country": "IR"}
    client.post(url, data={"csrf_token": token, **legs, "legs-b2b2b2b2-when-year": "2025"})
    door.enter("worker", ticking, client=client)
    page = client.get(url).text
    assert 'name="legs-a1a1a1a1-city"' in page and f'value="{TEXT}"' in page and 'value="2025"' in page
    assert re.search(r'<option value="IR" selected', page)
    words = " ".join(client.get("/kept?text=1").text.split())
    for said in ("Leg 1: City or district", TEXT, "Leg 2: Country", "Iran", "Leg 2: When?", "2025"):
        assert said in words
    assert "Legs of the journey" not in words


def test_it_comes_before_a_draft_of_the_same_form(door, people, ticking):
    with door.app.app_context():
        case_id = factories.opened(people, case_type="som", now=ticking.now)
    client, url = door.enter("worker", ticking), f"/cases/{case_id}/journey"
    draft = {"then": "leave", "rv": "0", "legs": ["a1a1a1a1"], "legs-a1a1a1a1-city": "Drafted Town"}
    assert post(client, url, draft, page=url).location == "/drafts"
    token = token_of(client.get(url).text)
    ticking.move(minutes=16)
    client.post(url, data={"csrf_token": token, "rv": "0", "legs": ["a1a1a1a1"], "legs-a1a1a1a1-city": TEXT})
    door.enter("worker", ticking, client=client)
    page = client.get(url).text
    assert TEXT in page and "Drafted Town" not in page


def test_it_is_shown_to_its_writer_alone(door, people, ticking, late):
    client, _seed, _answer = late
    kept = client.get_cookie("cf-kept").value
    other = door.enter("colleague", ticking)
    other.set_cookie("cf-kept", kept)
    for url in ("/kept", "/kept?text=1"):
        answer = other.get(url)
        assert (answer.status_code, answer.location) == (303, "/")
    other.set_cookie("cf-kept", kept)
    assert TEXT not in other.get("/").text and "not saved yet" not in other.get("/").text
    assert post(other, "/kept").status_code == 404
    assert len(kept_posts(door)) == 1


class TestRefused:
    """Somebody wants no record: nothing that was typed about them survives, sealed or not."""

    def late(self, door, ticking, then=""):
        client = door.enter("worker", ticking)
        case_id = new_id()
        url = f"/cases/new/{case_id}/screening"
        token = token_of(client.get(url).text)
        ticking.move(minutes=16)
        sent = {"csrf_token": token, "gender": "feminine", "persons_present_other": TEXT, "then": then}
        return client, case_id, url, client.post(url, data=sent)

    def test_a_refusal_is_never_kept(self, door, ticking):
        client, _case_id, _url, _answer = self.late(door, ticking, then="declined")
        assert kept_posts(door) == [] and client.get_cookie("cf-kept") is None

    @pytest.mark.parametrize("last", ["declined", "helped"])
    def test_what_was_kept_before_goes_with_it(self, door, ticking, last):
        client, case_id, url, _answer = self.late(door, ticking)
        assert len(kept_posts(door)) == 1
        door.enter("worker", ticking, client=client)
        assert "Your text is back" in client.get(url).text
        day = {"helped_on-day": str(ticking.now.day), "helped_on-month": str(ticking.now.month)}
        sent = day | {"helped_on-year": str(ticking.now.year), "help_given": "food_water"} if last == "helped" else {}
        assert post(client, f"/cases/new/{case_id}/{last}", sent).status_code == (303 if sent else 200)
        assert kept_posts(door) == []
        assert TEXT not in client.get(url).text

    def test_it_goes_whichever_browser_has_the_key(self, door, ticking):
        _phone, case_id, _url, _answer = self.late(door, ticking)
        desktop = door.enter("worker", ticking)
        assert post(desktop, f"/cases/new/{case_id}/declined").status_code == 200
        assert kept_posts(door) == []

    def test_what_a_colleague_left_stays(self, door, ticking):
        _phone, case_id, _url, _answer = self.late(door, ticking)
        other = door.enter("colleague", ticking)
        assert post(other, f"/cases/new/{case_id}/declined").status_code == 200
        assert len(kept_posts(door)) == 1


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
    assert client.get("/kept").location == "/"
    assert TEXT not in client.get("/people/").text


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
