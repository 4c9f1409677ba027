"""The key store and the sessions attacked behind the application's back, seen through the front door."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, func, select

from caseflow.accounts.models import Staff, StaffSession
from caseflow.accounts.services.sessions import start_session
from caseflow.cases import files
from caseflow.cases.models import Document
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.vault import keystore
from caseflow.referrals.models import Referral
from tests.attack.behind import Thief
from tests.support.scenario import STORY, teller

pytestmark = pytest.mark.both_databases
CANNOT = "cannot be opened"
KEYS, INDEX = keystore.case_keys, keystore.blind_index


@dataclass
class Scene:
    """Two whole cases; the keys of the first are attacked."""

    app: Any
    config: Any
    case_id: Any
    other_id: Any
    thief: Thief

    def key(self, case_id):
        return next(one for one in self.thief.rows(KEYS) if one.case_id == case_id)

    def change(self, **values):
        self.thief.change(KEYS, self.key(self.case_id), **values)

    def broken(self):
        """How many broken seals the trail holds."""
        engine = create_engine(self.config.database_url)
        with engine.connect() as connection:
            tag = TrailEntry.__table__.c.tag
            found = connection.execute(select(func.count()).where(tag == str(Tag.SEAL_BROKEN))).scalar_one()
        engine.dispose()
        return found


@pytest.fixture
def scene(bare_app, people, installation):
    with bare_app.app_context():
        tell = teller(bare_app, people)
        made = [tell.tell(STORY), tell.tell({**STORY, "identity": {"first_name": "Othername"}})]
        session().rollback()
    thief = Thief(installation[0].keys_url)
    yield Scene(bare_app, installation[0], *made, thief)
    thief.close()


def flipped(at):
    def mutate(scene):
        wrapped = bytearray(scene.key(scene.case_id).wrapped)
        wrapped[at] ^= 1
        scene.change(wrapped=bytes(wrapped))

    return mutate


def swapped(scene):
    one, other = scene.key(scene.case_id), scene.key(scene.other_id)
    scene.change(wrapped=other.wrapped)
    scene.thief.change(KEYS, other, wrapped=one.wrapped)


def moved(scene):
    """The row of one case given to another."""
    one, other = scene.key(scene.case_id), scene.key(scene.other_id)
    scene.thief.remove(KEYS, one)
    scene.thief.insert(KEYS, {**other._mapping, "case_id": scene.case_id})


# What is done to the wrapped key of a case, and which of the two cases can no longer be opened.
ATTACKS = {
    "flip in the magic": (flipped(0), "first"),
    "flip in the suite": (flipped(1), "first"),
    "flip in the epoch of the header": (flipped(5), "first"),
    "flip in the nonce": (flipped(8), "first"),
    "flip in the key": (flipped(30), "first"),
    "flip in the tag": (flipped(-1), "first"),
    "nothing left": (lambda scene: scene.change(wrapped=b""), "first"),
    "cut": (lambda scene: scene.change(wrapped=bytes(scene.key(scene.case_id).wrapped)[:-1]), "first"),
    "longer": (lambda scene: scene.change(wrapped=bytes(scene.key(scene.case_id).wrapped) + b"\0"), "first"),
    "a plain key": (lambda scene: scene.change(wrapped=bytes(32)), "first"),
    "no key": (lambda scene: scene.change(wrapped=None), "first"),
    "the row removed": (lambda scene: scene.thief.remove(KEYS, scene.key(scene.case_id)), "first"),
    "swapped between two cases": (swapped, "both"),
    "another case's row": (moved, "first"),
    "another epoch": (lambda scene: scene.change(epoch=77), "first"),
    "an epoch below nought": (lambda scene: scene.change(epoch=-1), "first"),
    "another version": (lambda scene: scene.change(ver=2), "first"),
    "a version below nought": (lambda scene: scene.change(ver=-3), "first"),
    "only said to be destroyed": (lambda scene: scene.change(destroyed_at=scene.key(scene.case_id).created_at), "none"),
}


def test_an_attack_on_a_wrapped_key_shows_on_the_page_and_in_the_trail(scene, browser_of):
    kept = scene.thief.rows(KEYS)
    for attack, (act, lost) in ATTACKS.items():
        act(scene)
        expect(scene, browser_of("worker"), attack, lost)
        for one in scene.thief.rows(KEYS):
            scene.thief.remove(KEYS, one)
        for one in kept:
            scene.thief.insert(KEYS, one._mapping)
    expect(scene, browser_of("worker"), "nothing", "none")


def expect(scene, browser, attack, lost):
    """Each page of a lost case says so and is recorded; the others are as they were."""
    with scene.app.app_context():
        vault.current().store.touch()  # whoever waits for a restart gains nothing else by it
    for case_id, is_lost in ((scene.case_id, lost != "none"), (scene.other_id, lost == "both")):
        for page in (f"/cases/{case_id}", f"/cases/{case_id}/person", f"/cases/{case_id}/notes"):
            before = scene.broken()
            answer = browser.get(page)
            assert answer.status_code < 500
            assert (CANNOT in answer.text.lower()) == is_lost, (attack, page)
            assert (scene.broken() > before) == is_lost, (attack, page)
    assert browser.get("/cases/").status_code == 200


def test_an_index_row_moved_to_another_case_shows_nobody_who_is_not_there(scene, browser_of):
    """Index rows are not authenticated: whoever moves one makes a search miss, or find another visible case."""
    rows = [one for one in scene.thief.rows(INDEX) if one.case_id == scene.case_id]
    assert rows
    for one in rows:
        scene.thief.change(INDEX, one, case_id=uuid4())
    with scene.app.app_context():
        assert vault.find_cases([("cnic", "3520212345672")]).isdisjoint({scene.case_id, scene.other_id})
    page = browser_of("worker").get("/search")
    assert page.status_code == 200


def test_a_session_changed_in_the_database_opens_no_page_it_should_not(scene, browser_of, people):
    browser = browser_of("worker")
    assert browser.get("/cases/").status_code == 200
    table = StaffSession.__table__
    thief = Thief(scene.config.database_url)
    with scene.app.app_context():
        row = next(one for one in thief.rows(table) if one.staff_id == people.staff["worker"] and not one.ended_at)
    for damage in ({"token_hash": bytes(32)}, {"ended_at": row.created_at}, {"expires_at": row.created_at},
                   {"staff_id": uuid4()}):  # fmt: skip
        thief.change(table, row, **damage)
        assert browser.get("/cases/").status_code in (302, 303), damage
        thief.restore(table, row)
    thief.change(table, row, device=b"\xc1\1" + bytes(60))
    assert browser.get("/account/sessions").status_code == 200
    thief.close()


def test_nobody_signs_in_by_writing_a_session_into_the_database(scene, people):
    """One's own session given to another person or to a higher level, or a row of one's own: the id does not fit."""
    table, thief, client = StaffSession.__table__, Thief(scene.config.database_url), scene.app.test_client()
    now = datetime.now(UTC)
    with scene.app.app_context(), writing():
        worker = session().get_one(Staff, people.staff["worker"])
        tokens = {level: start_session(staff=worker, level=level, now=now)[0] for level in ("full", "password")}
    hashes = {level: sha256(token.encode()).digest() for level, token in tokens.items()}
    rows = {level: next(one for one in thief.rows(table) if one.token_hash == hashes[level]) for level in tokens}
    for level, change in (("full", {"staff_id": people.staff["supervisor"]}), ("password", {"level": "full"})):
        thief.change(table, rows[level], **change)
        client.set_cookie("cf", tokens[level])
        assert client.get("/account").status_code in (302, 303), change
        thief.restore(table, rows[level])
    client.set_cookie("cf", tokens["full"])
    assert client.get("/account").status_code == 200
    made_up = {"id": uuid4(), "staff_id": people.staff["admin"], "token_hash": sha256(b"x" * 43).digest()}
    thief.insert(table, {**rows["full"]._mapping, **made_up})
    client.set_cookie("cf", "x" * 43)
    assert client.get("/account").status_code in (302, 303)
    thief.close()


# A sealed file, cut up: chunks are bound to their file, place and end.
PIECES = {
    "removed": None,
    "emptied": lambda raw, _other: b"",
    "the mark alone": lambda raw, _other: raw[:5],
    "another mark": lambda raw, _other: b"CFFL\x02" + raw[5:],
    "a bit in the nonce": lambda raw, _other: raw[:6] + bytes([raw[6] ^ 1]) + raw[7:],
    "a bit in the middle": lambda raw, _other: raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1])
    + raw[len(raw) // 2 + 1 :],
    "the last byte gone": lambda raw, _other: raw[:-1],
    "a byte more": lambda raw, _other: raw + b"\0",
    "another document's": lambda _raw, other: other,
    "another document appended": lambda raw, other: raw + other[5:],
}  # fmt: skip


def test_an_attack_on_a_sealed_file_shows_on_the_page_and_in_the_trail(scene, browser_of):
    with scene.app.app_context():
        found = session().scalars(select(Document)).all()
        one, other = (next(each for each in found if each.case_id == case) for case in (scene.case_id, scene.other_id))
        path, raw, foreign = (
            files.path_of(one.id),
            files.path_of(one.id).read_bytes(),
            files.path_of(other.id).read_bytes(),
        )
    engine = create_engine(scene.config.database_url)
    with engine.connect() as connection:
        referral = connection.execute(select(Referral.id).where(Referral.document_id == one.id)).scalar_one()
    engine.dispose()
    url = f"/referrals/{referral}/letter?copy=recipient"
    assert browser_of("worker").get(url).data.startswith(b"%PDF")
    path.chmod(0o600)
    for name, damage in PIECES.items():
        path.write_bytes(damage(raw, foreign)) if damage else path.unlink()
        before, answer = scene.broken(), browser_of("worker").get(url)
        assert answer.status_code == 422 and CANNOT in answer.text.lower(), name
        assert scene.broken() > before, name
        path.write_bytes(raw)
    assert browser_of("worker").get(url).data.startswith(b"%PDF")
