"""After some minutes of rest the PIN opens the page again where one was; what was being sent is given back."""

import pytest
from sqlalchemy import select

from caseflow.accounts import queries
from caseflow.accounts.models import ParkedPost, Staff
from caseflow.accounts.services import passwords, pins
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from tests.accounts.conftest import CHEAP
from tests.support.http import post, token_of

PIN = "260417"
TEXT = "Fictional Canary Name"


def give_pin(door, key):
    with door.app.app_context(), writing():
        made = passwords.hash_password(PIN, cost=CHEAP)
        pins.set_own(actor=door.people.actor(key), pin_hash=made, now=door.now)


@pytest.fixture
def rested(door, ticking):
    """An administrator with a PIN, whose session has rested for six minutes."""
    door.now = ticking.now
    give_pin(door, "admin")
    client = door.enter("admin", ticking)
    client.get("/account")
    ticking.move(minutes=6)
    return client


def unlock(client, pin, url="/unlock"):
    page = client.get(url)
    return client.post(
        "/unlock", data={"csrf_token": token_of(page.text), "pin": pin, "next": url.partition("next=")[2]}
    )


class TestLook:
    def test_the_pin_leads_on_to_the_same_page(self, rested):
        answer = rested.get("/people/?after=x")
        assert (answer.status_code, answer.location) == (303, "/unlock?next=/people/?after%3Dx")
        page = rested.get(answer.location).text
        sent = {"csrf_token": token_of(page), "pin": PIN, "next": "/people/?after=x"}
        assert 'name="next" value="/people/?after=x"' in page
        assert rested.post("/unlock", data=sent).location == "/people/?after=x"
        assert rested.get("/people/").status_code == 200

    def test_the_page_that_asks_names_nobody(self, rested):
        page = rested.get("/unlock").text
        assert "Test Administrator" not in page and "Fictional Office" not in page and "/people/" not in page
        assert "<title>Closed for the moment - CaseFlow</title>" in page

    def test_looking_at_it_keeps_no_session_alive(self, rested, ticking):
        for _ in range(9):
            ticking.move(minutes=1)
            assert rested.get("/unlock").status_code == 200
        ticking.move(minutes=1)
        assert rested.get("/account").location == "/sign-in?next=/account"

    def test_within_the_minutes_nothing_is_asked(self, door, ticking):
        door.now = ticking.now
        give_pin(door, "worker")
        client = door.enter("worker", ticking)
        ticking.move(minutes=5)
        assert client.get("/account").status_code == 200

    def test_without_a_pin_the_session_ends_as_ever(self, door, ticking):
        client = door.enter("worker", ticking)
        ticking.move(minutes=6)
        assert client.get("/account").status_code == 200
        ticking.move(minutes=16)
        assert client.get("/account").location == "/sign-in?next=/account"

    def test_urdu_digits_are_a_pin(self, rested):
        assert unlock(rested, PIN.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))).status_code == 303

    @pytest.mark.parametrize("away", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere"])
    def test_it_leads_nowhere_else(self, rested, away):
        page = rested.get("/unlock")
        sent = {"csrf_token": token_of(page.text), "pin": PIN, "next": away}
        assert rested.post("/unlock", data=sent).location == "/"

    def test_no_page_and_no_second_page_of_the_door_opens_without_it(self, rested):
        for url in ("/", "/account", "/people/", "/kept", "/rights"):
            assert rested.get(url).location.startswith("/unlock")
        for url in ("/sign-in/code", "/sign-in/recovery"):
            assert rested.get(url).location == "/sign-in?next=/"
        assert rested.get("/sign-in").status_code == 200


class TestTries:
    def test_five_wrong_ones_end_the_session(self, door, rested):
        assert [unlock(rested, "135790").status_code for _ in range(4)] == [422] * 4
        assert unlock(rested, "135790").location == "/sign-in?next=/"
        assert rested.get("/account").location == "/sign-in?next=/account"
        with door.app.app_context():
            tags = session().scalars(select(TrailEntry.tag)).all()
            assert tags.count("accounts:session:fail") == 3  # the first, the second, the fourth
            assert tags.count("accounts:session:end") == 1
            assert verify().whole

    def test_a_wrong_one_is_told(self, rested):
        assert "This PIN does not fit." in unlock(rested, "135790").text

    @pytest.mark.parametrize("text", ["", "x" * 1_000_000, "nul\x00", "😀", "' OR 1=1 --", "-1", "9" * 400])
    def test_hostile_ones_are_answered(self, rested, text):
        assert unlock(rested, text).status_code == 422

    def test_that_of_another_person_opens_nothing(self, door, rested):
        with door.app.app_context(), writing():
            made = passwords.hash_password("971350", cost=CHEAP)
            pins.set_own(actor=door.people.actor("worker"), pin_hash=made, now=door.now)
        assert unlock(rested, "971350").status_code == 422

    def test_a_closed_account_is_not_opened(self, door, rested):
        with door.app.app_context(), writing():
            session().get_one(Staff, door.people.staff["admin"]).state = "disabled"
        assert rested.get("/unlock").location == "/"
        assert rested.get("/").location == "/sign-in?next=/"


class TestPost:
    def send(self, door, ticking):
        door.now = ticking.now
        give_pin(door, "admin")
        client = door.enter("admin", ticking)
        url = f"/people/{door.people.staff['worker']}/edit"
        page = client.get(url).text
        rv = page.split('name="rv" value="')[1].split('"')[0]
        ticking.move(minutes=6)
        sent = {"csrf_token": token_of(page), "rv": rv, "name": TEXT, "post_en": "<b>Post</b>", "language": "en"}
        return client, url, client.post(url, data=sent)

    def test_it_is_given_back_and_sent_by_its_writer(self, door, ticking):
        client, url, answer = self.send(door, ticking)
        assert answer.location == f"/unlock?next={url}"
        assert TEXT not in client.get(answer.location).text
        with door.app.app_context():
            assert TEXT not in queries.staff_names([door.people.staff["worker"]]).values()
        assert unlock(client, PIN).location == "/kept"
        assert client.get("/kept").location == url
        page = client.get(url).text
        assert f'value="{TEXT}"' in page and "<b>Post</b>" not in page and "&lt;b&gt;Post" in page
        assert "Your text is back. Nothing of it was saved yet." in page
        fields = {"csrf_token": token_of(page), "rv": "1", "name": TEXT, "post_en": "Post", "language": "en"}
        assert client.post(url, data=fields).status_code == 303
        with door.app.app_context():
            assert queries.staff_names([door.people.staff["worker"]]) == {door.people.staff["worker"]: TEXT}
            assert session().scalars(select(ParkedPost)).all() == []
            assert verify().whole
        assert client.get_cookie("cf-kept") is None
        assert "Your text is back" not in client.get(url).text

    def test_nothing_of_it_lies_in_clear(self, door, ticking):
        self.send(door, ticking)
        home = door.app.extensions["caseflow"].config.home
        raw = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
        assert TEXT.encode() not in raw

    def test_secrets_are_not_kept(self, door, ticking):
        door.now = ticking.now
        give_pin(door, "worker")
        client = door.enter("worker", ticking)
        token = token_of(client.get("/account").text)
        ticking.move(minutes=6)
        sent = {"csrf_token": token, "current": "a", "password": "b", "again": "b"}
        assert client.post("/account/password", data=sent).location == "/unlock?next=/account"
        assert client.get_cookie("cf-kept") is None
        assert unlock(client, PIN).location == "/"


class TestChoosing:
    def test_it_is_kept_changed_and_taken_away(self, door, ticking):
        client = door.enter("worker", ticking)
        assert post(client, "/account/pin", {"pin": PIN}, page="/account/pin").location == "/account"
        assert "Your PIN is kept." in client.get("/account").text
        ticking.move(minutes=4)
        with door.app.app_context():
            kept = vault.read(session().get_one(Staff, door.people.staff["worker"]))["pin"]
            assert kept.startswith("$argon2id$") and PIN not in kept
        assert post(client, "/account/pin/remove").location == "/account"
        ticking.move(minutes=6)
        assert client.get("/account").status_code == 200

    def test_it_wants_the_second_factor_again(self, door, ticking):
        client = door.enter("worker", ticking)
        ticking.move(minutes=6)
        for url in ("/account/pin", "/account/pin/remove"):
            answer = post(client, url, {"pin": PIN})
            assert (answer.status_code, "Confirm that it is you" in answer.text) == (403, True)

    @pytest.mark.parametrize(
        "pin", ["123456", "654321", "000000", "111112", "135791", "890123", "12345", "1234567", "abcdef"]
    )
    def test_what_others_try_first_is_refused(self, pin):
        with pytest.raises(Invalid):
            pins.check_new(pin)

    @pytest.mark.parametrize("pin", [PIN, "971350", "۲۶۰۴۱۷"])
    def test_others_are_taken(self, pin):
        assert pins.check_new(pin).isascii()
