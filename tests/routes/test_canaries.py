"""A word of its own typed into every field of every form: afterwards it lies in no byte of what is kept in clear.

Accepted or refused, whatever the form does with it: databases, write-ahead logs, files, temporary folder and log.
"""

import logging
import os
import tempfile

import pytest

from caseflow.accounts.views.base import limiter
from caseflow.operations import logs
from tests.journey.test_canary import encodings
from tests.routes.sweeping import SENSIBLE, filled
from tests.routes.test_bad_input import FAMILIES, met, reveal, send
from tests.support.browser import Page

PARTS = ("-day", "-month", "-year")
# Names that a form sends for other reasons than to keep a text.
MARKS = tuple(set(encodings("Zqxjvk")))
NOT_FREE = {"next", "email", "cnic", "phone", "address", "sign_in"}


@pytest.fixture
def watched(house, tmp_path, monkeypatch):
    """The house with its log and its temporary folder beside it."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    handler = logging.FileHandler(tmp_path / "caseflow.log")
    handler.setFormatter(logs.JsonLines())
    top, before = logging.getLogger(), logging.getLogger().level
    top.addHandler(handler)
    top.setLevel(logging.DEBUG)
    yield house
    top.removeHandler(handler)
    top.setLevel(before)
    handler.close()


def planted(form, number):
    """The form with a word of its own in each free field, and {field: word}."""
    full = filled(form, {})
    free = [name for name in form.names("text") if name not in NOT_FREE and not name.endswith(PARTS)]
    words = {name: f"Zqxjvk{number:03d}x{place:02d}wqzyx" for place, name in enumerate(free)}
    return full, words


def refused(answer, url):
    """Names of the fields that a page says are wrong."""
    if "html" not in (answer.content_type or ""):
        return set()
    tree = Page(answer, url).tree
    return {
        node.get("name") for node in tree.iter() if isinstance(node.tag, str) and node.get("aria-invalid") == "true"
    }


def plant(house, form, number):
    """Post the words; where a field takes no word, something sensible in its place. Returns (words, taken)."""
    full, words = planted(form, number)
    kept = dict(words)
    for _round in range(4):
        limiter.reset()
        answer = send(house, form, full.values | {name: [word] for name, word in kept.items()})
        if answer.status_code < 400:
            return set(words.values()), bool(kept)
        wrong = refused(answer, form.page) & kept.keys()
        if not wrong:
            break
        kept = {name: word for name, word in kept.items() if name not in wrong and name not in SENSIBLE}
    return set(words.values()), False


def found_in(tmp_path, words):
    """(file, word) of every find below the folder of this test."""
    forms = [(word, one) for word in words for one in set(encodings(word)) if len(one) > 5]
    found = []
    for path in (each for each in tmp_path.rglob("*") if each.is_file()):
        content = path.read_bytes()
        if any(mark in content for mark in MARKS):  # what all words share, in every encoding: looked for first
            found += [(path.name, word) for word, one in forms if one in content]
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_no_word_typed_into_any_form_lies_in_clear(watched, tmp_path, family):
    reveal(watched)
    taken = 0
    for number, form in enumerate(one for one in met(watched, family) if one.method == "POST"):
        words, accepted = plant(watched, form, number)
        taken += accepted
        assert found_in(tmp_path, words) == [], form.action
        watched.books.restore()
    assert taken >= LEAST[family]
    assert (tmp_path / "caseflow.log").exists() and os.listdir(tmp_path / "temporary") == []


# How many forms of a family take a word at least: a sweep that every form refuses would prove little.
LEAST = {
    "cases": 2, "records": 6, "groups": 2, "consent": 2, "writing": 2, "referrals": 5, "partners": 2, "people": 4,
    "tasks": 3, "others": 2,
}  # fmt: skip


def test_the_search_sees_a_word_in_each_encoding(tmp_path):
    for number, form in enumerate(encodings("Zqxjvk001x01wqzyx")):
        (tmp_path / f"planted{number}").write_bytes(b"some bytes " + form + b" and more")
    assert len({name for name, _word in found_in(tmp_path, {"Zqxjvk001x01wqzyx"})}) >= 8
