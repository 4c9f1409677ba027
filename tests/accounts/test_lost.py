"""A forgotten password and a lost phone: what each needs, and that nobody else ever gets in with it."""

import re

import pyotp
import pytest
from sqlalchemy import select

from caseflow.accounts.models import Staff
from caseflow.accounts.services import recovery, requests, resets
from caseflow.accounts.services.sign_in import WrongCode
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import NotFound
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from tests.accounts.conftest import WORD
from tests.accounts.test_joining import seed_on
from tests.accounts.test_recovery import CODE, codes_of, show
from tests.support.http import post, token_of

NEW = "sieben leise Boote im Nebel"
DECIDING = ("supervisor", "auditor", "protection")


def at(seed, ticking):
    return pyotp.TOTP(seed).at(int(ticking.now.timestamp()))


def token_in(page):
    return re.search(r"/password/([\w-]{43})", page).group(1)


def started(admin, people, key="worker"):
    return post(admin, f"/people/{people.staff[key]}/password")


def choose(client, token, code, word=NEW, again=None):
    page = client.get(f"/password/{token}")
    sent = {"csrf_token": token_of(page.text), "password": word, "again": again or word, "code": code}
    return client.post(f"/password/{token}", data=sent)


def tags(door):
    with door.app.app_context():
        return session().scalars(select(TrailEntry.tag)).all()


@pytest.fixture
def admin(browser_of):
    return browser_of("admin")


class TestPassword:
    def test_an_administrator_starts_it_and_the_person_chooses(self, door, admin, people, ticking):
        seed = door.enrol("worker")
        before = door.enter("worker", ticking, seed=seed)
        page = started(admin, people)
        assert "ends after 2 hours" in page.text and "what the person alone has" in page.text
        assert "An administrator started a new password for you." in before.get("/rights").text
        ticking.move(seconds=60)
        client = door.browser()
        answer = choose(client, token_in(page.text), at(seed, ticking))
        assert (answer.status_code, answer.location) == (303, "/sign-in")
        assert before.get("/account").status_code == 303
        assert door.knock(door.browser(), "worker", WORD).status_code == 422
        ticking.move(seconds=60)
        told = "Your password was replaced with a one-time link."
        inside = door.enter("worker", ticking, word=NEW, seed=seed)
        assert told in inside.get("/").text
        ticking.move(seconds=60)
        assert told not in door.enter("worker", ticking, word=NEW, seed=seed).get("/").text
        assert {"accounts:request:password", "accounts:password:reset"} <= set(tags(door))
        with door.app.app_context():
            assert verify().whole

    def test_whoever_holds_the_link_alone_chooses_nothing(self, door, admin, people, ticking):
        seed = door.enrol("worker")
        token = token_in(started(admin, people).text)
        client = door.browser()
        for _ in range(5):
            assert choose(client, token, "000000").status_code == 422
        answer = choose(client, token, at(seed, ticking))
        assert answer.status_code == 422 and "several wrong tries" in answer.text
        with door.app.app_context():
            assert "accounts:password:reset" not in tags(door)

    def test_a_recovery_code_serves_in_place_of_the_phone(self, door, admin, people, ticking):
        door.enrol("worker")
        door.now = ticking.now
        codes = codes_of(door)
        assert choose(door.browser(), token_in(started(admin, people).text), codes[0]).status_code == 303

    def test_it_works_once_and_for_two_hours(self, door, admin, people, ticking):
        seed = door.enrol("worker")
        first, second = (token_in(started(admin, people).text) for _ in range(2))
        client = door.browser()
        assert client.get(f"/password/{first}").status_code == 404
        assert choose(client, second, at(seed, ticking)).status_code == 303
        assert client.get(f"/password/{second}").status_code == 404
        third = token_in(started(admin, people).text)
        ticking.move(hours=2)
        assert client.get(f"/password/{third}").status_code == 404

    def test_it_is_no_other_link(self, door, admin, people):
        door.enrol("worker")
        token = token_in(started(admin, people).text)
        assert [door.browser().get(f"/{one}/{token}").status_code for one in ("join", "factor")] == [404, 404]

    @pytest.mark.parametrize("word", ["short", "Passwort2026!", "test caseworker"])
    def test_the_rules_of_passwords_hold(self, door, admin, people, ticking, word):
        seed = door.enrol("worker")
        token = token_in(started(admin, people).text)
        assert choose(door.browser(), token, at(seed, ticking), word=word).status_code == 422
        assert choose(door.browser(), token, at(seed, ticking), again=NEW + "x").status_code == 422
        assert choose(door.browser(), token, at(seed, ticking)).status_code == 303

    @pytest.mark.parametrize("key", DECIDING)
    def test_who_decides_needs_a_second_person_to_agree(self, door, admin, browser_of, people, ticking, key):
        seed = door.enrol(key)
        answer = started(admin, people, key)
        assert answer.status_code == 303 and answer.location.startswith("/requests/")
        assert post(admin, f"{answer.location}/approve").status_code == 403
        second = "protection" if key != "protection" else "second_admin"
        if second not in people.staff:
            assert "Nobody else can decide yet" in admin.get(answer.location).text
            return
        page = post(browser_of(second), f"{answer.location}/approve")
        assert choose(door.browser(), token_in(page.text), at(seed, ticking)).status_code == 303

    def test_nobody_starts_it_for_themselves_or_twice(self, admin, people):
        assert (
            "Another administrator asks this for you."
            in post(admin, f"/people/{people.staff['admin']}/password", follow=True).text
        )
        started(admin, people, "supervisor")
        page = post(admin, f"/people/{people.staff['supervisor']}/password", follow=True).text
        assert "waits for a second person already" in page

    def test_it_wants_the_second_factor_again(self, door, people, ticking):
        client = door.enter("admin", ticking)
        ticking.move(minutes=6)
        assert "Confirm that it is you" in started(client, people).text


class TestOwnPhone:
    def renew(self, client, ticking, *, word=WORD, code=None):
        page = client.get("/account/factor").text
        draw = re.search(r'name="draw" value="([^"]+)"', page).group(1)
        sent = {"draw": draw, "code": code or at(seed_on(page), ticking), "current": word}
        sent["csrf_token"] = token_of(page)
        return client.post("/account/factor", data=sent), seed_on(page)

    def test_who_lost_the_phone_comes_in_and_sets_up_another(self, door, people, ticking):
        old = door.enrol("worker")
        door.now = ticking.now
        codes = codes_of(door)
        elsewhere = door.enter("worker", ticking, seed=old)
        client = door.browser()
        door.knock(client, "worker", WORD)
        assert show(client, codes[0]).status_code == 303
        assert "set up your new phone" in client.get("/account").text
        answer, seed = self.renew(client, ticking)
        assert answer.status_code == 200 and len(set(CODE.findall(answer.text))) == 10
        assert client.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 303
        ticking.move(seconds=60)
        again = door.browser()
        door.knock(again, "worker", WORD)
        assert show(again, codes[1]).status_code == 422
        assert door.show_code(again, at(old, ticking)).status_code == 422
        assert door.show_code(again, at(seed, ticking)).status_code == 303
        page = again.get("/").text
        assert "Your codes come from a new phone since your last sign-in." in page
        assert "A recovery code of yours was used" not in page
        assert "accounts:factor:change" in tags(door)
        with door.app.app_context():
            assert verify().whole

    def test_after_a_while_another_recovery_code_confirms_it(self, door, people, ticking):
        door.enrol("worker")
        door.now = ticking.now
        codes = codes_of(door)
        client = door.browser()
        door.knock(client, "worker", WORD)
        show(client, codes[0])
        ticking.move(minutes=6)
        answer, _seed = self.renew(client, ticking)
        assert answer.status_code == 403 and "I do not have my phone" in answer.text
        assert 'name="code"' in answer.text
        page = client.get("/account/factor").text
        draw = re.search(r'name="draw" value="([^"]+)"', page).group(1)
        sent = {"draw": draw, "code": at(seed_on(page), ticking), "current": WORD, "csrf_token": token_of(page)}
        assert client.post("/account/factor", data=sent | {"confirm_recovery": codes[0]}).status_code == 403
        assert client.post("/account/factor", data=sent | {"confirm_recovery": codes[1]}).status_code == 200

    def test_the_password_is_asked_and_the_code_must_fit(self, door, people, ticking):
        old = door.enrol("worker")
        client = door.enter("worker", ticking, seed=old)
        answer, _seed = self.renew(client, ticking, word="not the password")
        assert answer.status_code == 422 and "This is not your present password." in answer.text
        answer, _seed = self.renew(client, ticking, code="000000")
        assert answer.status_code == 422
        with door.app.app_context():
            assert vault.read(session().get_one(Staff, people.staff["worker"]))["totp_seed"] == old


@pytest.mark.both_databases
def test_a_wrong_code_keeps_the_old_password_and_the_link(app, people):
    from datetime import UTC, datetime

    now = datetime(2026, 11, 1, 9, tzinfo=UTC)
    with writing():
        token = requests.ask_password(actor=people.actor("admin"), staff_id=people.staff["worker"], now=now)
    with writing():
        codes = recovery.renew(actor=people.actor("worker"), now=now)
    with pytest.raises(WrongCode), writing():
        resets.choose(token=token, password_hash="x", code="000000", asks_code=True, now=now)
    with writing():
        resets.choose(token=token, password_hash="x", code=codes[0], asks_code=True, now=now)
    assert session().get_one(Staff, people.staff["worker"]).password_hash == "x"
    with pytest.raises(NotFound), writing():
        resets.choose(token=token, password_hash="y", code=codes[1], asks_code=True, now=now)
    assert verify().whole
