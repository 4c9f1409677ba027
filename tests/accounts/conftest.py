"""People who can sign in: a password and a seed for somebody of the world."""

import re

import pyotp
import pytest

from caseflow.accounts.models import Staff
from caseflow.accounts.services import passwords
from caseflow.core import clock, trail, vault
from caseflow.core.db import session, writing
from caseflow.core.trail import Tag
from tests.support.http import token_of

WORD = "vier bunte Steine am Ufer"
CHEAP = passwords.Cost(64, 1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now):
        self.now = now

    def move(self, **by):
        from datetime import timedelta

        self.now += timedelta(**by)


@pytest.fixture
def ticking(monkeypatch):
    """The clock of the application, in our hands."""
    held = Clock(clock.now())
    monkeypatch.setattr(clock, "now", lambda: held.now)
    return held


class Door:
    """The door as one person with a browser sees it."""

    def __init__(self, app, people):
        self.app, self.people = app, people

    def enrol(self, key, *, word=WORD, cost=CHEAP):
        """Give somebody of the world a password and a seed; returns the seed."""
        seed = pyotp.random_base32()
        with self.app.app_context(), writing():
            staff = session().get_one(Staff, self.people.staff[key])
            staff.password_hash = passwords.hash_password(word, cost=cost)
            vault.write(staff, vault.read(staff) | {"totp_seed": seed}, rv=staff.rv)
            trail.record(Tag.FACTOR_CHANGED, actor=None, now=clock.now(), obj=("staff", staff.id), writes=[staff])
        return seed

    def browser(self):
        return self.app.test_client()

    def knock(self, client, sign_in, word, *, following="", **options):
        """Post name and password."""
        page = client.get("/sign-in", query_string={"next": following} if following else None, **options)
        fields = {"csrf_token": token_of(page.text), "sign_in": sign_in, "password": word, "next": following}
        return client.post("/sign-in", data=fields, **options)

    def show_code(self, client, code, *, following="", **options):
        page = client.get("/sign-in/code", **options)
        fields = {"csrf_token": token_of(page.text), "code": code, "next": following}
        return client.post("/sign-in/code", data=fields, **options)

    def enter(self, key, ticking, *, client=None, word=WORD, seed=None, **options):
        """All the way in; returns the browser."""
        seed = seed or self.enrol(key, word=word)
        client = client or self.browser()
        assert self.knock(client, key, word, **options).status_code == 303
        answer = self.show_code(client, pyotp.TOTP(seed).at(int(ticking.now.timestamp())), **options)
        assert answer.status_code == 303, answer.text
        return client


@pytest.fixture
def door(bare_app, people):
    return Door(bare_app, people)


def words_of(page):
    """The text of a page without its form tokens, which differ each time."""
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", page)
