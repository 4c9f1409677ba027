"""Recovery codes: shown once, each works once in place of the app's code, and its use is told."""

import re

import pytest
from sqlalchemy import select

from caseflow.accounts.models import Staff
from caseflow.accounts.services import recovery
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.policy import Actor
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from tests.accounts.conftest import WORD
from tests.support.http import post, token_of

CODE = re.compile(r'<code dir="ltr">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>')


def codes_of(door, key="worker"):
    with door.app.app_context(), writing():
        return recovery.renew(actor=door.people.actor(key), now=door.now)


def show(client, code, **options):
    page = client.get("/sign-in/recovery", **options)
    return client.post("/sign-in/recovery", data={"csrf_token": token_of(page.text), "code": code, "next": ""})


@pytest.fixture
def half_way(door, ticking):
    """(browser after the password, recovery codes)."""
    door.now = ticking.now
    door.enrol("worker")
    codes = codes_of(door)
    client = door.browser()
    assert door.knock(client, "worker", WORD).status_code == 303
    return client, codes


def test_one_lets_in_and_works_once(door, half_way, ticking):
    client, codes = half_way
    assert show(client, codes[3]).status_code == 303
    assert client.get("/account").status_code == 200
    other = door.browser()
    door.knock(other, "worker", WORD)
    answer = show(other, codes[3])
    assert answer.status_code == 422
    assert "was used before" in answer.text
    assert show(other, codes[4]).status_code == 303
    with door.app.app_context():
        assert len(vault.read(session().get_one(Staff, door.people.staff["worker"]))["recovery"]) == 8
        assert verify().whole


@pytest.mark.parametrize("change", [str.lower, lambda one: one.replace("-", " "), lambda one: f" {one} "])
def test_small_letters_and_blanks_are_forgiven(half_way, change):
    client, codes = half_way
    assert show(client, change(codes[0])).status_code == 303


def test_letters_that_look_alike_are_forgiven(half_way):
    client, codes = half_way
    code = next((one for one in codes if set(one) & {"0", "1"}), codes[0])
    assert show(client, code.replace("0", "O").replace("1", "l")).status_code == 303


def test_its_use_is_told_everywhere_until_new_ones_are_made(door, half_way, ticking):
    client, codes = half_way
    seed = door.enrol("worker")
    with door.app.app_context(), writing():
        staff = session().get_one(Staff, door.people.staff["worker"])
        vault.write(staff, vault.read(staff) | recovery.fresh(staff.id)[1], rv=staff.rv)
    codes = codes_of(door)
    rightful = door.enter("worker", ticking, seed=seed)
    assert show(client, codes[0]).status_code == 303
    told = "A recovery code of yours was used in place of your phone."
    assert told in client.get("/account").text
    assert told in rightful.get("/rights").text
    ticking.move(seconds=60)
    again = door.enter("worker", ticking, seed=seed)
    assert told in again.get("/").text
    page = post(again, "/account/recovery-codes")
    assert len(set(CODE.findall(page.text))) == 10
    ticking.move(seconds=60)
    assert told not in door.enter("worker", ticking, seed=seed).get("/").text


def test_new_ones_void_the_former(door, half_way):
    client, codes = half_way
    codes_of(door)
    assert show(client, codes[0]).status_code == 422


def test_they_want_the_second_factor_again(door, ticking):
    client = door.enter("worker", ticking)
    ticking.move(minutes=6)
    assert "Confirm that it is you" in post(client, "/account/recovery-codes").text
    ticking.move(minutes=4)


def test_the_account_says_how_many_are_left(door, half_way):
    client, codes = half_way
    show(client, codes[0])
    page = client.get("/account").text
    assert "You have 9 codes left" in page
    assert not any(code in page for code in codes)


def test_nothing_of_a_code_is_kept(door, half_way):
    _client, codes = half_way
    home = door.app.extensions["caseflow"].config.home
    raw = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    with door.app.app_context():
        kept = vault.read(session().get_one(Staff, door.people.staff["worker"]))["recovery"]
    for code, digest in zip(codes, kept, strict=True):
        assert code.encode() not in raw and code.replace("-", "").encode() not in raw
        assert digest.encode() not in raw and code not in digest


def test_those_of_another_person_open_nothing(door, half_way):
    client, _codes = half_way
    others = codes_of(door, "colleague")
    assert show(client, others[0]).status_code == 422


def test_guessing_has_to_wait_and_is_recorded(door, half_way):
    client, codes = half_way
    assert [show(client, "AAAA-BBBB-CCCC").status_code for _ in range(5)] == [422] * 5
    assert show(client, codes[0]).status_code == 429
    with door.app.app_context():
        assert "accounts:session:fail" in session().scalars(select(TrailEntry.tag)).all()


def test_it_wants_the_password_first(door):
    assert door.browser().get("/sign-in/recovery").location == "/sign-in?next=/"


@pytest.mark.parametrize("text", ["", "x" * 1_000_000, "nul\x00", "‮", "😀", "' OR 1=1 --", "0" * 12, "۱۲۳۴-۱۲۳۴-۱۲۳۴"])
def test_hostile_ones_are_answered(half_way, text):
    client, _codes = half_way
    assert show(client, text).status_code == 422


@pytest.mark.both_databases
def test_a_code_is_used_up_in_the_same_write(app, people):
    from datetime import UTC, datetime

    now = datetime(2026, 11, 1, 9, tzinfo=UTC)
    actor: Actor = people.actor("worker")
    with writing():
        codes = recovery.renew(actor=actor, now=now)
    with writing():
        staff = session().get_one(Staff, actor.user_id)
        assert recovery.matches(staff, codes[9])
        assert recovery.use(staff, codes[9], now=now) == 9
    with writing():
        staff = session().get_one(Staff, actor.user_id)
        assert recovery.use(staff, codes[9], now=now) is None
        assert recovery.use(staff, codes[0], now=now) == 8
    assert verify().whole
