"""Every role, and a new second factor, needs two people: one asks, another one decides."""

import re

import pyotp
import pytest
from sqlalchemy import select

from caseflow.accounts import queries
from caseflow.accounts.models import Staff, StaffRequest
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.trail.verify import verify
from tests.accounts.conftest import WORD
from tests.accounts.test_joining import SENT, choose, prove, seed_on, token_in
from tests.support.http import post, token_of


@pytest.fixture
def admin(browser_of):
    return browser_of("admin")


@pytest.fixture
def protection(browser_of):
    return browser_of("protection")


def ask(client, people, key="worker", role="supervisor", **place):
    place = place or {"team": str(people.teams["south"])}
    answer = post(client, f"/people/{people.staff[key]}/roles", {"role": role, **place})
    assert answer.status_code == 303, answer.text
    return answer.location


def holds(app, people, key):
    with app.app_context():
        from datetime import UTC, datetime

        return {str(one.role) for one in queries.memberships_of(people.staff[key], now=datetime.now(UTC))}


class TestRole:
    def test_asking_alone_gives_nothing(self, admin, browser_of, people, bare_app):
        other = browser_of("worker")
        url = ask(admin, people)
        assert holds(bare_app, people, "worker") == {"caseworker"}
        assert other.get("/account").status_code == 200
        assert "Waits for a second person" in admin.get(f"/people/{people.staff['worker']}").text
        assert "Somebody else decides: \u2068Test Data Protection\u2069." in admin.get(url).text

    def test_data_protection_agrees_and_the_sessions_end(self, admin, protection, browser_of, people, bare_app):
        other = browser_of("worker")
        url = ask(admin, people)
        assert "1 request waits for you as the second person." in protection.get("/").text
        assert "Test Caseworker" in protection.get("/requests/").text
        assert post(protection, f"{url}/approve").location == "/requests/"
        assert holds(bare_app, people, "worker") == {"caseworker", "supervisor"}
        assert other.get("/account").status_code == 303
        assert "Approved" in admin.get(url).text
        with bare_app.app_context():
            assert verify().whole

    def test_who_asked_cannot_agree(self, admin, people, bare_app):
        url = ask(admin, people)
        assert post(admin, f"{url}/approve").status_code == 403
        assert holds(bare_app, people, "worker") == {"caseworker"}

    def test_who_gains_cannot_agree(self, admin, protection, people, bare_app):
        url = ask(admin, people, "protection")
        assert post(protection, f"{url}/approve").status_code == 403
        assert holds(bare_app, people, "protection") == {"data_protection"}
        assert "as the second person" not in protection.get("/").text

    def test_who_asked_takes_it_back(self, admin, protection, people, bare_app):
        url = ask(admin, people)
        assert post(admin, f"{url}/refuse").location == url
        assert "Taken back" in admin.get(url).text
        assert post(protection, f"{url}/approve").status_code == 409
        assert holds(bare_app, people, "worker") == {"caseworker"}

    def test_a_refusal_is_final_and_one_may_ask_anew(self, admin, protection, people, bare_app):
        url = ask(admin, people)
        assert post(protection, f"{url}/refuse").location == url
        assert "Refused" in admin.get(url).text
        assert post(protection, f"{url}/approve").status_code == 409
        assert ask(admin, people) != url

    def test_the_same_is_asked_once(self, admin, people):
        ask(admin, people)
        sent = {"role": "supervisor", "team": str(people.teams["south"])}
        answer = post(admin, f"/people/{people.staff['worker']}/roles", sent)
        assert answer.status_code == 422
        assert "waits for a second person already" in answer.text

    def test_two_answers_count_once(self, admin, protection, people, bare_app):
        url = ask(admin, people)
        assert post(protection, f"{url}/approve").status_code == 303
        assert post(protection, f"{url}/approve").status_code == 409
        assert len([one for one in holds(bare_app, people, "worker") if one == "supervisor"]) == 1

    def test_what_became_impossible_is_refused_with_words(self, admin, protection, people, bare_app):
        first = ask(admin, people)
        with bare_app.app_context(), writing():
            from caseflow.accounts.services.people import grant_role
            from caseflow.core import clock
            from caseflow.core.policy import Role

            staff = queries.get_staff(people.staff["worker"])
            grant_role(
                actor=None, staff=staff, organisation_id=staff.organisation_id, team_id=people.teams["south"],
                role=Role.SUPERVISOR, now=clock.now(),
            )  # fmt: skip
        assert "This person has that role already." in post(protection, f"{first}/approve", follow=True).text

    @pytest.mark.parametrize("key", ["worker", "supervisor", "auditor", "stranger", "stranger_auditor"])
    def test_nobody_else_sees_or_decides(self, admin, browser_of, people, key):
        url = ask(admin, people)
        client = browser_of(key)
        assert client.get("/requests/").status_code == 403
        for answer in (client.get(url), post(client, f"{url}/approve"), post(client, f"{url}/refuse")):
            assert answer.status_code == 404

    def test_agreeing_wants_the_second_factor_again(self, door, admin, people, ticking):
        url = ask(admin, people)
        client = door.enter("protection", ticking)
        ticking.move(minutes=6)
        assert "Confirm that it is you" in post(client, f"{url}/approve").text


class TestJoining:
    def invited(self, admin, people, role, **place):
        token = token_in(post(admin, "/people/invite", {**SENT, "role": role, **place}, page="/people/invite"))
        url = re.search(r'href="(/requests/[^"]+)"', admin.get("/requests/").text).group(1)
        return token, url

    @pytest.mark.parametrize("role", ["supervisor", "auditor", "data_protection", "administrator"])
    def test_weighty_roles_wait_until_the_person_has_joined(self, door, admin, protection, people, ticking, role):
        wide = {"organisation": str(people.organisations["ours"])}
        place = {"team": str(people.teams["north"])} if role == "supervisor" else wide
        token, url = self.invited(admin, people, role, **place)
        assert "has not joined yet" in protection.get(url).text
        assert post(protection, f"{url}/approve").status_code == 409
        client = door.browser()
        choose(client, token)
        _answer, page = prove(client, token, ticking.now)
        ticking.move(seconds=60)
        door.enter("new.comer", ticking, client=client, seed=seed_on(page))
        home = client.get("/").text
        assert "Your role holds once a second person has agreed to it" in home
        for url_of_work in ("/cases/", "/people/", "/audits/", "/requests/", "/partners/"):
            assert client.get(url_of_work).status_code == 403
        assert post(protection, f"{url}/approve").status_code == 303
        assert client.get("/account").status_code == 303

    def test_a_caseworker_may_be_agreed_to_before(self, admin, protection, people):
        _token, url = self.invited(admin, people, "caseworker", team=str(people.teams["north"]))
        assert post(protection, f"{url}/approve").status_code == 303


class TestFactor:
    def asked(self, admin, people):
        answer = post(admin, f"/people/{people.staff['worker']}/factor")
        assert answer.status_code == 303
        return answer.location

    def link(self, protection, url):
        return re.search(r"/factor/([\w-]{43})", post(protection, f"{url}/approve").text).group(1)

    def show(self, client, token, now, *, word=WORD, code=None):
        page = client.get(f"/factor/{token}").text
        draw = re.search(r'name="draw" value="([^"]+)"', page).group(1)
        code = code or pyotp.TOTP(seed_on(page)).at(int(now.timestamp()))
        sent = {"csrf_token": token_of(page), "draw": draw, "code": code, "current": word}
        return client.post(f"/factor/{token}", data=sent), seed_on(page)

    def test_two_people_and_the_password_set_it_up_anew(self, door, admin, protection, people, ticking):
        old = door.enrol("worker")
        before = door.enter("worker", ticking, seed=old)
        url = self.asked(admin, people)
        assert post(admin, f"{url}/approve").status_code == 403
        token = self.link(protection, url)
        client = door.browser()
        answer, seed = self.show(client, token, ticking.now)
        assert answer.status_code == 200
        assert len(set(re.findall(r'<code dir="ltr">([0-9A-Z-]{14})</code>', answer.text))) == 10
        assert before.get("/account").status_code == 303
        ticking.move(seconds=60)
        door.knock(client, "worker", WORD)
        assert door.show_code(client, pyotp.TOTP(old).at(ticking.now)).status_code == 422
        assert door.show_code(client, pyotp.TOTP(seed).at(ticking.now)).status_code == 303
        assert client.get(f"/factor/{token}").status_code == 404
        with door.app.app_context():
            assert verify().whole

    def test_the_link_without_the_password_opens_nothing(self, door, admin, protection, people, ticking):
        old = door.enrol("worker")
        token = self.link(protection, self.asked(admin, people))
        client = door.browser()
        for _ in range(5):
            answer, _seed = self.show(client, token, ticking.now, word="not the password")
            assert answer.status_code == 422 and "This is not your password." in answer.text
        answer, _seed = self.show(client, token, ticking.now)
        assert "several wrong tries" in answer.text
        with door.app.app_context():
            assert vault.read(session().get_one(Staff, people.staff["worker"]))["totp_seed"] == old

    def test_a_wrong_code_changes_nothing(self, door, admin, protection, people, ticking):
        old = door.enrol("worker")
        token = self.link(protection, self.asked(admin, people))
        assert self.show(door.browser(), token, ticking.now, code="000000")[0].status_code == 422
        with door.app.app_context():
            assert vault.read(session().get_one(Staff, people.staff["worker"]))["totp_seed"] == old

    def test_it_is_no_invitation_and_an_invitation_is_no_such_link(self, door, admin, protection, people):
        door.enrol("worker")
        token = self.link(protection, self.asked(admin, people))
        assert door.browser().get(f"/join/{token}").status_code == 404
        invited = token_in(
            post(admin, "/people/invite", {**SENT, "team": str(people.teams["north"])}, page="/people/invite")
        )
        assert door.browser().get(f"/factor/{invited}").status_code == 404

    def test_nobody_asks_it_for_themselves_or_twice(self, admin, people, bare_app):
        page = post(admin, f"/people/{people.staff['admin']}/factor", follow=True).text
        assert "Another administrator asks this for you." in page
        self.asked(admin, people)
        assert (
            "waits for a second person already"
            in post(admin, f"/people/{people.staff['worker']}/factor", follow=True).text
        )
        with bare_app.app_context():
            assert len(session().scalars(select(StaffRequest)).all()) == 1
