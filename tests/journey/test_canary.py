"""Distinctive strings typed into every field of the journey occur in no byte on disk: databases, WAL, files, temporary
folder, logs, job queue; in UTF-8, UTF-16, hex or base64."""

import base64
import logging
import os
import tempfile
from pathlib import Path

import pytest

from caseflow.core import clock
from caseflow.core.db import writing
from caseflow.operations import logs, worker
from caseflow.partners.services import create_partner
from tests.journey import test_journey as steps
from tests.support.database import rows_of
from tests.support.scenario import SHELTER

WORD = "Zqxjvk{0:03d}wqzyx"


class Typed:
    """Gives every free-text field of a form a word of its own, and remembers all words."""

    def __init__(self):
        self.words = []

    def word(self):
        self.words.append(WORD.format(len(self.words)))
        return self.words[-1]

    def fill(self, page, has):
        """A word for each free-text field of the form that holds the field `has`."""
        form = page.form(has)
        filled = {}
        for node in form.iter():
            tag = node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""
            plain = tag == "input" and node.get("type", "text") == "text" and not node.get("inputmode")
            if node.get("name") and (tag == "textarea" or plain) and node.get("name") not in NOT_FREE:
                filled[node.get("name")] = self.word()
        return filled


# What else an installation writes at the end of a day, as f(config, folder); it is searched with the rest.
AFTERWARDS = ()
NOT_FREE = {"cnic", "passport_number", "case_numbers", "contact_time", "happened_at", "email"}
# Numbers with their own shape; their stored and typed forms are canaries as well.
NUMBERS = ["35202-7654321-9", "352027654321", "+923009998877", "9998877", "QX7654321"]


def encodings(word):
    """Every form in which a word could lie on a disk."""
    yield word.encode()
    yield word.encode("utf-16-le")
    yield word.encode("utf-16-be")
    yield word.encode().hex().encode()
    yield word.encode().hex().upper().encode()
    for shift in range(3):  # base64 of the word at each of the three places it can start
        middle = base64.b64encode(b"\0" * shift + word.encode())
        yield middle[4 if shift else 0 : len(middle) // 4 * 4 - 4]


def sweep(folders, words):
    """(file, word) of every find."""
    patterns = [(word, one) for word in words for one in set(encodings(word)) if len(one) > 5]
    found = []
    for folder in folders:
        for path in Path(folder).rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                found += [(path.name, word) for word, one in patterns if one in content]
    return found


@pytest.fixture
def story(bare_app, browser_of, people, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    config = bare_app.extensions["caseflow"].config
    bare_app.extensions["caseflow"].outbox.wake = worker.waker(config)
    with bare_app.app_context(), writing():
        create_partner(actor=people.actor("supervisor"), data=SHELTER, now=clock.now())
    return steps.Story(bare_app, browser_of, "en")


@pytest.fixture
def log_file(tmp_path):
    handler = logging.FileHandler(tmp_path / "caseflow.log")
    handler.setFormatter(logs.JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    root.warning("the log is written")  # so that an empty file shows a log that was not listened to
    yield
    root.removeHandler(handler)
    root.setLevel(before)
    handler.close()


def type_everything(story, typed):
    """The journey with a word in each free-text field of each form."""
    one = story("worker")
    one.get("/cases/new")
    one.submit({"cnic": NUMBERS[0], "phone": NUMBERS[2], "name": typed.word()}, has="cnic")
    one.get(one.page.link("/screening"))
    filled = typed.fill(one.page, "contact_channel") | {"consent_share_body": None, "persons_present_other": None}
    case = one.submit(steps.SCREENING | filled, has="contact_channel").url
    for kind, has, more in (
        ("person", "hopes", {"dependants_with_person": "2"}),
        ("identity", "first_name", {"cnic": NUMBERS[0], "passport_number": NUMBERS[4], "phone_mobile": NUMBERS[2]}),
        ("safety", "safe_phone", {"safe_contact_way": ["call", "trusted_person"], "safe_phone": NUMBERS[2]}),
        ("assessment/new", "risk_level", {"risk_level": "high"}),
        ("trafficking", "exploitation_happened", {}),
        ("notes", "subject", {}),
    ):  # fmt: skip
        one.get(f"{case}/{kind}")
        filled = typed.fill(one.page, has)
        filled.pop("carer_and_guardian", None)
        one.submit(filled | more, has=has)
    one.get(f"{case}/tasks/new")
    one.submit(typed.fill(one.page, "words") | {"kind": "call"}, has="words")
    one.get(one.page.link("Call the person"))
    one.submit(typed.fill(one.page, "outcome"), has="outcome")
    return case


def type_an_emergency(story, typed):
    """From the red button to a recall, a word in each free line."""
    one = story("worker")
    one.get("/emergency")
    filled = typed.fill(one.page, "dependants_ages")
    one.submit(filled | {
        "case": "new", "majority_status": "adult", "gender": "feminine", "dependants_with_person": "2",
        "primary_language": "ur", "safe_phone": NUMBERS[2], "services": ["safe_shelter"], "reason": "life_now",
    }, has="case")  # fmt: skip
    partner = next(node.get("value") for node in one.page.form("partner_id").iter() if node.get("name") == "partner_id")
    one.submit(has="partner_id", press=("partner_id", partner))
    one.submit({"ground": "vital_interest"}, has="ground")
    page = one.page.url
    story.work()
    supervisor = story("supervisor")
    supervisor.get(page.replace("/emergency", "/ratify"))
    supervisor.submit({"decision": "recall", "reason": typed.word()}, has="decision")


@pytest.mark.both_databases
def test_no_typed_word_lies_anywhere_in_clear(story, tmp_path, installation, log_file):
    typed, one = Typed(), story("worker")
    case = type_everything(story, typed)
    one.get(f"{case}/person")  # a draft is kept sealed too
    one.submit(typed.fill(one.page, "hopes") | {"carer_and_guardian": None}, has="hopes", press=("then", "leave"))
    steps.consent_to_services(story, case)
    shelter = steps.consent_to_share(story, case)
    one.get("/search")
    one.submit({"text": typed.word()}, has="text")
    referral = steps.write_referral(story, case, shelter)
    steps.approve(story, referral)
    steps.read_letter(story, referral)
    steps.answer(story, referral)
    type_an_emergency(story, typed)
    assert len(typed.words) > 28
    config, _people = installation
    folders = [config.home, tmp_path / "temporary", os.environ["TMPDIR"]]
    assert (config.home / "jobs.db").exists()
    for write in AFTERWARDS:
        write(config, tmp_path)
    for name, url in (("main", config.database_url), ("keys", config.keys_url)):
        if not url.startswith("sqlite"):
            (tmp_path / f"rows-{name}").write_bytes(rows_of(url))
    words = [*typed.words, *NUMBERS, "A safe room for some days", "Duty manager", "Test Shelter", "A colleague"]
    assert sweep([*folders, tmp_path / "caseflow.log"], words) == []
    assert sweep([tmp_path], words) == []
    assert (tmp_path / "caseflow.log").stat().st_size > 0


def test_the_sweep_finds_what_lies_in_clear(tmp_path):
    for number, form in enumerate(encodings("Zqxjvk001wqzyx")):
        (tmp_path / f"planted{number}").write_bytes(b"some bytes " + form + b" and more")
    assert len({name for name, _word in sweep([tmp_path], ["Zqxjvk001wqzyx"])}) >= 8
