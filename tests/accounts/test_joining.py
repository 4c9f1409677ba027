"""Invitations: a link that works once, for three days, and ends in a password and a second factor."""

import re

import pyotp
import pytest
from sqlalchemy import select

from caseflow.accounts.models import Invitation, Staff
from caseflow.core.db import session
from caseflow.core.trail.verify import verify
from tests.accounts.conftest import WORD
from tests.support.http import post, token_of

SENT = {
    "name": "Fictional Newcomer", "sign_in": "new.comer", "post_en": "Caseworker", "post_ur": "",
    "phone": "0300 1234567", "email": "new@office.example", "language": "en", "role": "caseworker",
}  # fmt: skip
LINK = re.compile(r"/join/([\w-]{43})")


@pytest.fixture
def admin(browser_of):
    return browser_of("admin")


def invite(client, people, **changed):
    sent = {**SENT, "team": str(people.teams["north"]), **changed}
    return post(client, "/people/invite", sent, page="/people/invite")


def token_in(answer):
    assert answer.status_code == 200, answer.text
    return LINK.search(answer.text).group(1)


def choose(client, token, word=WORD, again=None):
    page = client.get(f"/join/{token}")
    assert page.status_code == 200
    fields = {"csrf_token": token_of(page.text), "password": word, "again": word if again is None else again}
    return client.post(f"/join/{token}", data=fields)


def seed_on(page):
    return re.search(r'<code class="copy"[^>]*>([A-Z2-7 ]+)</code>', page).group(1).replace(" ", "")


def prove(client, token, now, code=None):
    page = client.get(f"/join/{token}/code").text
    draw = re.search(r'name="draw" value="([^"]+)"', page).group(1)
    code = code or pyotp.TOTP(seed_on(page)).at(int(now.timestamp()))
    return client.post(f"/join/{token}/code", data={"csrf_token": token_of(page), "draw": draw, "code": code}), page


class TestJoining:
    def test_from_invitation_to_first_sign_in(self, door, admin, people, ticking):
        token = token_in(invite(admin, people))
        client = door.browser()
        assert choose(client, token).location == f"/join/{token}/code"
        answer, page = prove(client, token, ticking.now)
        assert answer.status_code == 200
        assert "data:image/svg+xml" in page
        assert "Your account is open." in answer.text
        assert len(set(re.findall(r'<code dir="ltr">([0-9A-Z-]{14})</code>', answer.text))) == 10
        ticking.move(seconds=30)
        door.enter("new.comer", ticking, client=client, seed=seed_on(page))
        assert "Fictional Newcomer" in client.get("/account").text
        with door.app.app_context():
            assert verify().whole

    def test_the_code_that_opened_the_account_is_used_up(self, door, admin, people, ticking):
        token = token_in(invite(admin, people))
        client = door.browser()
        choose(client, token)
        _answer, page = prove(client, token, ticking.now)
        door.knock(client, "new.comer", WORD)
        code = pyotp.TOTP(seed_on(page)).at(int(ticking.now.timestamp()))
        assert door.show_code(client, code).status_code == 422

    def test_a_wrong_code_keeps_the_seed(self, door, admin, people, ticking):
        token = token_in(invite(admin, people))
        client = door.browser()
        choose(client, token)
        answer, page = prove(client, token, ticking.now, code="000000")
        assert answer.status_code == 422
        assert seed_on(answer.text) == seed_on(page)

    def test_each_look_at_the_page_shows_another_seed(self, door, admin, people):
        token = token_in(invite(admin, people))
        client = door.browser()
        choose(client, token)
        assert len({seed_on(client.get(f"/join/{token}/code").text) for _ in range(3)}) == 3

    def test_a_link_works_once(self, door, admin, people, ticking):
        token = token_in(invite(admin, people))
        client = door.browser()
        choose(client, token)
        prove(client, token, ticking.now)
        for url in (f"/join/{token}", f"/join/{token}/code"):
            assert client.get(url).status_code == 404

    def test_a_link_ends_after_three_days(self, door, admin, people, ticking):
        token = token_in(invite(admin, people))
        ticking.move(hours=71, minutes=59)
        assert door.browser().get(f"/join/{token}").status_code == 200
        ticking.move(minutes=1)
        ended, unknown = (door.browser().get(f"/join/{one}") for one in (token, "x" * 43))
        assert ended.status_code == unknown.status_code == 404
        assert "This link does not work any more." in ended.text
        assert "This link does not work any more." in unknown.text

    def test_a_new_link_voids_the_old_one(self, door, admin, people, ticking):
        old = token_in(invite(admin, people))
        with door.app.app_context():
            staff_id = session().scalars(select(Invitation.staff_id)).one()
        new = token_in(post(admin, f"/people/{staff_id}/link"))
        assert door.browser().get(f"/join/{old}").status_code == 404
        assert door.browser().get(f"/join/{new}").status_code == 200

    def test_only_the_hash_of_a_link_is_kept(self, door, admin, people):
        token = token_in(invite(admin, people))
        with door.app.app_context():
            assert token.encode() not in session().scalars(select(Invitation.token_hash)).one()

    def test_the_second_step_waits_for_the_first(self, door, admin, people):
        token = token_in(invite(admin, people))
        assert door.browser().get(f"/join/{token}/code").location == f"/join/{token}"

    def test_a_closed_account_has_no_link(self, door, admin, people):
        token = token_in(invite(admin, people))
        with door.app.app_context():
            staff_id = session().scalars(select(Invitation.staff_id)).one()
        post(admin, f"/people/{staff_id}/disable")
        assert door.browser().get(f"/join/{token}").status_code == 404

    @pytest.mark.parametrize("token", ["x", "%00", "../../etc", "' OR 1=1", "{{7*7}}", "😀", "%ff"])
    def test_made_up_links_are_unknown(self, door, token):
        assert door.browser().get(f"/join/{token}").status_code in (303, 404)


class TestPassword:
    @pytest.mark.parametrize(
        "word",
        [
            "short",
            "Password1234",
            "P@ssw0rd2026!",
            "qwertyuiop12",
            "123456789012",
            "PakistanZindabad1",
            "aaaaaaaaaaaaaa",
            "FictionalOffice1!",
            "new.comer.2026",
            "Newcomer Newcomer",
            "abcabcabcabcabc",
            "Summer2026!!!!",
        ],
    )
    def test_what_everybody_tries_is_refused(self, door, admin, people, word):
        token = token_in(invite(admin, people))
        answer = choose(door.browser(), token, word)
        assert answer.status_code == 422
        assert "easy to guess" in answer.text or "Use at least 12 characters." in answer.text

    @pytest.mark.parametrize(
        "word",
        [
            "correct horse battery staple",
            "x9!kQz#72m'Lp",
            "چار الگ الگ لفظ جوڑو",
            "w7Tr9mQ2" * 12,
            "🐦 vogel 🐟 fisch 🌳",
        ],
    )
    def test_long_ones_of_any_characters_are_taken(self, door, admin, people, word):
        token = token_in(invite(admin, people))
        assert choose(door.browser(), token, word).status_code == 303

    def test_both_must_be_the_same(self, door, admin, people):
        token = token_in(invite(admin, people))
        answer = choose(door.browser(), token, WORD, WORD + "x")
        assert answer.status_code == 422
        assert "not the same as above" in answer.text

    @pytest.mark.parametrize("word", ["nul\x00nul\x00nul\x00nul", "y" * 1_000_000, "\u202e" * 14])
    def test_hostile_ones_get_a_message(self, door, admin, people, word):
        token = token_in(invite(admin, people))
        assert choose(door.browser(), token, word).status_code == 422

    def test_it_is_never_shown_again(self, door, admin, people):
        token = token_in(invite(admin, people))
        assert "Password1234" not in choose(door.browser(), token, "Password1234").text


class TestInviting:
    def test_a_repeated_post_shows_the_person_and_no_second_account(self, door, admin, people):
        page = admin.get("/people/invite").text
        its_id = re.search(r'name="id" value="([^"]+)"', page).group(1)
        sent = {**SENT, "team": str(people.teams["north"]), "id": its_id, "csrf_token": token_of(page)}
        assert admin.post("/people/invite", data=sent).status_code == 200
        assert admin.post("/people/invite", data=sent).location == f"/people/{its_id}"

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"name": ""}, "Write the name."),
            ({"sign_in": "worker"}, "This sign-in name is taken."),
            ({"sign_in": "WORKER"}, "This sign-in name is taken."),
            ({"sign_in": "a b"}, "Use 3 to 40 Latin letters"),
            ({"sign_in": "<script>"}, "Use 3 to 40 Latin letters"),
            ({"role": ""}, "Choose a role."),
            ({"role": "king"}, "Choose an answer from the list."),
            ({"team": ""}, "Choose a team."),
            ({"team": "x"}, "Choose an answer from the list."),
            ({"role": "auditor"}, "Choose an organisation."),
            ({"phone": "12"}, "Write a telephone number"),
            ({"email": "x"}, "Write an e-mail address"),
            ({"name": "x" * 1_000_000}, "This is too long"),
            ({"name": "a\x00b"}, "hidden control character"),
            ({"name": "\u202eesrever"}, "hidden mark"),
        ],
    )
    def test_bad_answers_get_a_message_and_keep_the_rest(self, admin, people, changed, message):
        answer = invite(admin, people, **changed)
        assert answer.status_code == 422
        assert message in answer.text
        assert "new@office.example" in answer.text or "email" in changed

    @pytest.mark.parametrize("name", ["😀 Fictional", "<b>x</b>", "{{ 7 * 7 }}", "'; DROP TABLE staff; --", "فرضی نام"])
    def test_odd_names_are_plain_text(self, door, admin, people, name):
        token_in(invite(admin, people, name=name))
        page = admin.get("/people/").text
        assert "<b>x</b>" not in page
        with door.app.app_context():
            assert len(session().scalars(select(Staff)).all()) == 13

    @pytest.mark.parametrize("key", [None, "worker", "supervisor", "protection", "auditor"])
    def test_nobody_else_invites(self, browser_of, key):
        client = browser_of(key)
        assert client.get("/people/invite").status_code == (403 if key else 303)
