"""Speak to the pages of cases as people do: fill in, press, read. Everything about a person is fictional."""

import re
from uuid import uuid4

from tests.cases import factories
from tests.support.http import post

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def typed(answers):
    """Answers as a browser posts them."""
    return {code: "yes" if value is True else value for code, value in answers.items() if value not in (None, False)}


def hidden(page, name):
    """What a form carries unseen."""
    return dict(HIDDEN.findall(page)).get(name, "")


def screen(client, *, case_id=None, **changed):
    """Post a first screening; the answer."""
    url = f"/cases/new/{case_id or uuid4()}/screening"
    return post(client, url, typed({**factories.SCREENING, **changed}), page="/search")


def open_case(client, **changed):
    """Open a case through the front door; the address of its page."""
    answer = screen(client, **changed)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def write(client, address, answers, **extra):
    """Save a record from its own form; the answer."""
    page = client.get(address).text
    carried = {name: hidden(page, name) for name in ("record_id", "rv", "csrf_token")}
    return client.post(address, data={**carried, **typed(answers), **extra})
