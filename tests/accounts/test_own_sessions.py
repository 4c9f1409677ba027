"""One's own sessions: listed by device, ended one by one or all; an administrator ends those of a lost phone."""

from uuid import UUID

import pytest
from sqlalchemy import select

from caseflow.accounts.models import StaffSession
from caseflow.accounts.views.devices import device_of
from caseflow.core.db import session
from caseflow.core.trail.verify import verify
from tests.support.http import post

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def two(door, ticking):
    """A phone and a desk computer of the caseworker."""
    seed = door.enrol("worker")
    phone = door.enter("worker", ticking, seed=seed, headers={"User-Agent": PHONE})
    ticking.move(seconds=60)
    desk = door.enter("worker", ticking, seed=seed, headers={"User-Agent": DESK})
    return phone, desk


def ids(door, key="worker"):
    with door.app.app_context():
        query = select(StaffSession.id).where(
            StaffSession.staff_id == door.people.staff[key], StaffSession.level == "full"
        )
        return session().scalars(query.order_by(StaffSession.created_at)).all()


def test_they_are_listed_by_device_and_this_one_is_marked(two):
    _phone, desk = two
    page = desk.get("/account/sessions").text
    assert "Chrome, Android" in page and "Firefox, Windows" in page
    assert "SM-A155F" not in page and "132.0" not in page
    assert page.count("This session") == 1
    mine = page.split("This session")[0]
    assert mine.rindex("Firefox, Windows") > mine.find("Chrome, Android")


def test_the_device_lies_sealed(door, two):
    home = door.app.extensions["caseflow"].config.home
    raw = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"Android" not in raw and b"Firefox" not in raw


def test_another_one_is_ended_at_once(door, two):
    phone, desk = two
    first, _second = ids(door)
    assert post(desk, f"/account/sessions/{first}/end").location == "/account/sessions"
    assert phone.get("/account").status_code == 303
    page = desk.get("/account/sessions").text
    assert "The session is ended." in page and "Android" not in page


def test_ending_this_one_leads_to_the_door(door, two):
    _phone, desk = two
    assert post(desk, f"/account/sessions/{ids(door)[1]}/end").location == "/sign-in?out=1"
    assert desk.get("/account").status_code == 303


def test_all_others_are_ended_together(door, two):
    phone, desk = two
    post(desk, "/account/sessions/end-others")
    assert phone.get("/account").status_code == 303
    assert desk.get("/account").status_code == 200
    with door.app.app_context():
        assert verify().whole


def test_nobody_ends_the_session_of_somebody_else(door, two, browser_of):
    _phone, desk = two
    stranger = browser_of("colleague")
    for its_id in (*ids(door), UUID(int=7)):
        assert post(stranger, f"/account/sessions/{its_id}/end").status_code == 404
    assert desk.get("/account").status_code == 200


def test_a_session_that_idled_away_is_not_listed(two, ticking):
    _phone, desk = two
    ticking.move(minutes=10)
    assert "Android" in desk.get("/account/sessions").text
    ticking.move(minutes=10)
    assert "Android" not in desk.get("/account/sessions").text


def test_an_administrator_ends_all_of_a_person(door, two, people, browser_of):
    phone, desk = two
    admin = browser_of("admin")
    url = f"/people/{people.staff['worker']}"
    assert "Signed in at 2 places." in admin.get(url).text
    assert "2 sessions are ended." in post(admin, f"{url}/sessions/end", follow=True).text
    assert phone.get("/account").status_code == desk.get("/account").status_code == 303
    assert "Signed in nowhere." in admin.get(url).text


@pytest.mark.parametrize("key", ["colleague", "supervisor", "protection", "auditor"])
def test_nobody_but_an_administrator_does(two, people, browser_of, key):
    assert post(browser_of(key), f"/people/{people.staff['worker']}/sessions/end").status_code in (403, 404)
    assert two[0].get("/account").status_code == 200


@pytest.mark.parametrize(
    ("line", "device"),
    [
        (PHONE, ("Chrome", "Android")),
        (DESK, ("Firefox", "Windows")),
        ("", ("", "")),
        ("<script>", ("", "")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.0.0 Safari/537.36 Edg/131.0", ("Edge", "Linux")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.0 Safari/605.1.15", ("Safari", "macOS")),
        ("Mozilla/5.0 (Linux; Android 13) SamsungBrowser/26.0 Chrome/122.0", ("Samsung Internet", "Android")),
    ],
)
def test_a_browser_is_known_coarsely(line, device):
    assert device_of(line) == device
