"""Sign-in through the front door: one answer for every name, codes once, sessions that end when they must."""

import pyotp
import pytest
from sqlalchemy import func, select

from caseflow.accounts.models import SignInFailure, Staff, StaffSession
from caseflow.accounts.services import passwords
from caseflow.core.db import session, writing
from caseflow.core.trail.models import TrailEntry
from caseflow.factory import create_app
from tests.accounts.conftest import WORD, words_of
from tests.support.http import post, token_of

HOSTILE = [
    "nul\x00byte",
    "x" * 1_000_000,
    "\u202eesrever",
    "😀😀😀",
    "' OR 1=1 --",
    "{{ 7 * 7 }}",
    "<script>alert(1)</script>",
    "%(name)s",
]


def cookie(client, name="cf"):
    found = client.get_cookie(name)
    return found.value if found else None


def count(tag):
    return session().scalar(select(func.count()).select_from(TrailEntry).where(TrailEntry.tag == tag))


class TestNames:
    def test_unknown_wrong_invited_and_closed_get_one_answer(self, door, people):
        for key in ("worker", "colleague", "supervisor"):
            door.enrol(key)
        with door.app.app_context(), writing():
            session().get_one(Staff, people.staff["colleague"]).state = "invited"
            session().get_one(Staff, people.staff["supervisor"]).state = "disabled"
        names = [("worker", "not the password"), ("colleague", WORD), ("supervisor", WORD), ("nobody", WORD)]
        answers = [door.knock(door.browser(), name, word) for name, word in names]
        assert {answer.status_code for answer in answers} == {422}
        pages = {words_of(answer.text).replace(name, "") for answer, (name, _) in zip(answers, names, strict=True)}
        assert len(pages) == 1
        assert "do not fit together" in pages.pop()

    def test_every_name_costs_one_hash(self, door, monkeypatch):
        door.enrol("worker")
        done = []
        work = passwords._hasher
        monkeypatch.setattr(passwords, "_hasher", lambda cost: done.append(cost) or work(cost))
        door.knock(door.browser(), "worker", "not the password")
        known, done[:] = len(done), []
        door.knock(door.browser(), "nobody", "not the password")
        assert known == len(done) == 1

    def test_small_and_capital_letters_are_one_name(self, door):
        door.enrol("worker")
        assert door.knock(door.browser(), "WORKER", WORD).status_code == 303

    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_hostile_input_is_answered_and_kept_as_text(self, door, text):
        client = door.browser()
        for name, word in ((text, "x"), ("worker", text), (text, text)):
            answer = door.knock(client, name, word)
            assert answer.status_code in (422, 429)
            assert "<script>alert" not in answer.text
            assert ">49<" not in answer.text

    def test_nothing_typed_is_a_message_beside_the_field(self, door):
        answer = door.knock(door.browser(), "", "")
        assert answer.status_code == 422
        assert "Write your staff name." in answer.text
        assert "Write your password." in answer.text

    def test_the_page_names_nobody_in_its_title(self, door):
        page = door.browser().get("/sign-in").text
        assert "<title>Sign in - CaseFlow</title>" in page
        assert "Fictional Office" not in page


class TestCode:
    def test_a_code_is_always_asked_before_any_page(self, door, ticking):
        seed = door.enrol("worker")
        client = door.browser()
        answer = door.knock(client, "worker", WORD, following="/account")
        assert answer.location == "/sign-in/code?next=/account"
        refused = client.get("/account")
        assert (refused.status_code, refused.location) == (303, "/sign-in/code?next=/account")
        answer = door.show_code(client, pyotp.TOTP(seed).at(ticking.now), following="/account")
        assert answer.location == "/account"
        assert client.get("/account").status_code == 200

    @pytest.mark.parametrize(("off", "status"), [(-60, 422), (-30, 303), (0, 303), (30, 303), (60, 422)])
    def test_one_step_either_way_is_accepted(self, door, ticking, off, status):
        seed, client = door.enrol("worker"), door.browser()
        door.knock(client, "worker", WORD)
        assert door.show_code(client, pyotp.TOTP(seed).at(int(ticking.now.timestamp()) + off)).status_code == status

    def test_a_code_works_once(self, door, ticking):
        seed = door.enrol("worker")
        code = pyotp.TOTP(seed).at(ticking.now)
        assert door.enter("worker", ticking, seed=seed)
        other = door.browser()
        door.knock(other, "worker", WORD)
        answer = door.show_code(other, code)
        assert answer.status_code == 422
        assert "was used before" in answer.text

    def test_urdu_digits_are_a_code(self, door, ticking):
        seed, client = door.enrol("worker"), door.browser()
        door.knock(client, "worker", WORD)
        code = pyotp.TOTP(seed).at(ticking.now).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
        assert door.show_code(client, code).status_code == 303

    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_hostile_codes_are_answered(self, door, text):
        door.enrol("worker")
        client = door.browser()
        door.knock(client, "worker", WORD)
        assert door.show_code(client, text).status_code == 422

    def test_wrong_codes_wait_like_wrong_passwords(self, door, ticking):
        seed, client = door.enrol("worker"), door.browser()
        door.knock(client, "worker", WORD)
        assert [door.show_code(client, "000000").status_code for _ in range(5)] == [422] * 5
        assert door.show_code(client, pyotp.TOTP(seed).at(ticking.now)).status_code == 429

    def test_half_way_in_ends_after_ten_minutes(self, door, ticking):
        seed, client = door.enrol("worker"), door.browser()
        door.knock(client, "worker", WORD)
        ticking.move(minutes=10)
        answer = client.get("/sign-in/code")
        assert (answer.status_code, answer.location) == (303, "/sign-in?next=/")
        assert seed


class TestSession:
    def test_every_step_gives_a_new_token_and_the_old_one_is_dead(self, door, ticking):
        seed, client = door.enrol("worker"), door.browser()
        door.knock(client, "worker", WORD)
        half_way = cookie(client)
        door.show_code(client, pyotp.TOTP(seed).at(ticking.now))
        assert cookie(client) != half_way
        thief = door.browser()
        thief.set_cookie("cf", half_way)
        assert thief.get("/sign-in/code").status_code == 303
        former = cookie(client)
        ticking.move(seconds=60)
        door.knock(door.browser(), "worker", WORD)
        assert client.get("/account").status_code == 200
        assert cookie(client) == former

    def test_it_survives_another_address(self, door, ticking):
        client = door.enter("worker", ticking, environ_base={"REMOTE_ADDR": "192.0.2.1"})
        assert client.get("/account", environ_base={"REMOTE_ADDR": "198.51.100.9"}).status_code == 200
        assert client.get("/account", headers={"User-Agent": "another"}).status_code == 200

    @pytest.mark.parametrize(("key", "minutes"), [("worker", 15), ("supervisor", 30)])
    def test_it_ends_when_nothing_happens(self, door, ticking, key, minutes):
        client = door.enter(key, ticking)
        ticking.move(minutes=minutes)
        assert client.get("/account").status_code == 200
        ticking.move(minutes=minutes, seconds=1)
        assert client.get("/account").status_code == 303
        assert "You were signed out" in client.get("/sign-in").text

    def test_it_ends_after_twelve_hours_of_work(self, door, ticking):
        client = door.enter("worker", ticking)
        for _ in range(71):
            ticking.move(minutes=10)
            assert client.get("/account").status_code == 200
        ticking.move(minutes=10)
        assert client.get("/account").status_code == 303

    def test_a_closed_account_ends_it_at_the_next_request(self, door, ticking, people):
        client = door.enter("worker", ticking)
        with door.app.app_context(), writing():
            session().get_one(Staff, people.staff["worker"]).state = "disabled"
        assert client.get("/account").status_code == 303

    def test_signing_out_ends_it_on_the_server_and_empties_the_browser(self, door, ticking):
        client = door.enter("worker", ticking)
        token = cookie(client)
        answer = post(client, "/lock")
        assert (answer.status_code, answer.location) == (303, "/sign-in?out=1")
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert cookie(client) is None
        client.set_cookie("cf", token)
        assert client.get("/account").status_code == 303
        with door.app.app_context():
            assert count("accounts:session:start") == count("accounts:session:end") == 1

    def test_no_answer_may_be_kept_by_a_cache(self, door, ticking):
        client = door.enter("worker", ticking)
        assert client.get("/account").headers["Cache-Control"] == "no-store"
        assert client.get("/sign-in").headers["Cache-Control"] == "no-store"

    def test_the_language_outlives_signing_out(self, door, ticking):
        client = door.enter("worker", ticking)
        post(client, "/language", {"language": "ur", "next": "/account"})
        assert 'dir="rtl"' in client.get("/account").text
        post(client, "/lock")
        assert '<html lang="ur" dir="rtl">' in client.get("/sign-in?out=1").text

    def test_a_hash_of_lower_cost_is_made_anew(self, door, ticking, people):
        door.enter("worker", ticking, seed=door.enrol("worker", cost=passwords.Cost(32, 1)))
        with door.app.app_context():
            assert "m=64" in session().get_one(Staff, people.staff["worker"]).password_hash


class TestLockOut:
    def shut(self, door, ticking, address):
        for _ in range(5):
            assert (
                door.knock(door.browser(), "worker", "wrong", environ_base={"REMOTE_ADDR": address}).status_code == 422
            )
        return door.knock(door.browser(), "worker", WORD, environ_base={"REMOTE_ADDR": address})

    def test_it_shuts_out_nobody_else(self, door, ticking):
        seed = door.enrol("worker")
        door.enrol("colleague")
        answer = self.shut(door, ticking, "192.0.2.1")
        assert answer.status_code == 429
        assert "Wait 1 min" in answer.text
        assert door.enter("worker", ticking, seed=seed, environ_base={"REMOTE_ADDR": "192.0.2.2"})
        assert (
            door.knock(door.browser(), "colleague", WORD, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 303
        )

    def test_an_unknown_name_waits_alike(self, door, ticking):
        answers = [door.knock(door.browser(), "nobody", "wrong").status_code for _ in range(6)]
        assert answers == [422] * 5 + [429]

    def test_every_further_wrong_try_doubles_the_wait(self, door, ticking):
        door.enrol("worker")
        self.shut(door, ticking, "192.0.2.1")
        waits = []
        for _ in range(3):
            ticking.move(hours=1)
            door.knock(door.browser(), "worker", "wrong", environ_base={"REMOTE_ADDR": "192.0.2.1"})
            with door.app.app_context():
                row = session().scalars(select(SignInFailure)).one()
                waits.append((row.locked_until - ticking.now).total_seconds() / 60)
        assert waits == [2, 4, 8]

    def test_the_trail_counts_and_is_not_flooded(self, door, ticking):
        door.enrol("worker")
        self.shut(door, ticking, "192.0.2.1")
        with door.app.app_context():
            assert count("accounts:session:fail") == 3  # at 1, 2 and 4 tries

    def test_the_person_is_told_at_the_next_sign_in(self, door, ticking):
        seed = door.enrol("worker")
        door.enter("worker", ticking, seed=seed)
        ticking.move(minutes=2)
        door.knock(door.browser(), "worker", "wrong", environ_base={"REMOTE_ADDR": "192.0.2.1"})
        ticking.move(minutes=2)
        page = door.enter("worker", ticking, seed=seed).get("/account").text
        assert "There was 1 wrong try to sign in with your name." in page

    def test_a_burst_from_one_address_is_stopped(self, door):
        client = door.browser()
        page = client.get("/sign-in").text
        fields = {"csrf_token": token_of(page), "sign_in": "", "password": ""}
        answers = [client.post("/sign-in", data=fields).status_code for _ in range(61)]
        assert answers == [422] * 60 + [429]
        other = door.knock(client, "nobody", "x", environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert other.status_code == 422

    def test_no_address_is_kept_in_clear(self, door):
        door.knock(door.browser(), "nobody", "wrong", environ_base={"REMOTE_ADDR": "192.0.2.77"})
        with door.app.app_context():
            row = session().scalars(select(SignInFailure)).one()
            assert b"192.0.2.77" not in row.address_token + row.account_token


class TestBrowser:
    @pytest.mark.parametrize(
        "following",
        [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\tx",
            "javascript:alert(1)",
            "x",
        ],
    )
    def test_only_local_addresses_are_gone_on_to(self, door, ticking, following):
        seed, client = door.enrol("worker"), door.browser()
        door.knock(client, "worker", WORD, following=following)
        answer = door.show_code(client, pyotp.TOTP(seed).at(ticking.now), following=following)
        assert answer.location == "/"
        page = client.get("/account").text
        fields = {"csrf_token": token_of(page), "language": "en", "next": following}
        assert client.post("/language", data=fields).location == "/"

    @pytest.mark.parametrize("url", ["/sign-in", "/sign-in/code", "/lock", "/language", "/account/password"])
    def test_a_post_without_the_form_token_is_refused(self, door, url):
        assert door.browser().post(url, data={"sign_in": "worker"}).status_code == 400

    def test_a_post_from_another_site_is_refused(self, door):
        client = door.browser()
        fields = {"csrf_token": token_of(client.get("/sign-in").text), "sign_in": "worker", "password": WORD}
        answer = client.post("/sign-in", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403

    def test_the_cookie_is_closed_to_scripts_and_other_sites(self, door, ticking):
        door.enrol("worker")
        line = door.knock(door.browser(), "worker", WORD).headers.getlist("Set-Cookie")[0]
        assert line.startswith("cf=")
        assert "HttpOnly" in line and "SameSite=Strict" in line and "Path=/" in line
        assert "Secure" not in line

    def test_under_https_the_cookie_belongs_to_this_host_alone(self, installation, people, ticking):
        from dataclasses import replace

        from tests.accounts.conftest import Door
        from tests.conftest import close

        app = create_app(replace(installation[0], public_url="https://cases.example.org"))
        door = Door(app, people)
        door.enrol("worker")
        answer = door.knock(door.browser(), "worker", WORD, base_url="https://cases.example.org")
        line = answer.headers.getlist("Set-Cookie")[0]
        assert line.startswith("__Host-cf=")
        assert all(part in line for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
        assert "Domain" not in line
        with app.app_context():
            close(app)

    def test_where_no_code_is_asked_a_banner_says_so(self, installation, people, ticking):
        from dataclasses import replace

        from tests.accounts.conftest import Door
        from tests.conftest import close

        app = create_app(replace(installation[0], second_factor=False, demo=True))
        door = Door(app, people)
        door.enrol("worker")
        client = door.browser()
        assert door.knock(client, "worker", WORD, following="/account").location == "/account"
        assert "Signing in asks for no second factor here." in client.get("/account").text
        with app.app_context():
            close(app)


def test_a_guessed_step_up_ends_the_session(door, ticking, people):
    seed = door.enrol("admin")
    client = door.enter("admin", ticking, seed=seed)
    ticking.move(minutes=6)
    url = f"/people/{people.staff['worker']}/disable"
    fields = {"csrf_token": token_of(client.get("/account").text)}
    assert client.post(url, data=fields).status_code == 403
    for _ in range(4):
        assert client.post(url, data=fields | {"confirm_code": "000000"}).status_code == 403
    client.post(url, data=fields | {"confirm_code": "000000"})
    assert client.get("/account").status_code == 303
    with door.app.app_context():
        assert session().get_one(Staff, people.staff["worker"]).state == "active"
        assert (
            session().scalar(select(func.count()).select_from(StaffSession).where(StaffSession.ended_at.is_(None))) == 0
        )
