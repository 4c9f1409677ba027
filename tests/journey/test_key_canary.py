"""The key bytes themselves as canaries: after a working day, a roll and forced crashes, no key lies in clear in any
database, write-ahead log, sealed file, temporary file, log, page, job or environment; ROOT only in its own file.

On SQLite the raw files are searched, on PostgreSQL every row of both databases.
"""

import base64
import logging
import os
import tempfile

import pytest
from sqlalchemy import select

from caseflow.cases.models import Document
from caseflow.core import clock, vault
from caseflow.core.db import session
from caseflow.core.vault.keyring import RingFile
from caseflow.core.vault.roll import roll
from caseflow.desk.views import case as case_page
from caseflow.operations import logs
from caseflow.operations.rootpage import RootPage
from tests.attack.stage import build
from tests.routes.scene import NOW
from tests.support.database import rows_of

pytestmark = pytest.mark.both_databases


def keys_in(app):
    """{name: bytes} of every key that this installation has: ROOT, keyring, case keys, file keys."""
    held = vault.current()
    ring = held.keyring
    found = {"root": held.ring_file.root}
    found |= {f"kek {epoch}": key for epoch, key in ring.kek.items()}
    found |= {f"index {field}": key for field, key in ring.index.items()}
    found |= {name: getattr(ring, name) for name in ("pepper", "org", "cookie", "trail_mac", "trail_sign")}
    for document in session().scalars(select(Document)):
        for key in held._case_keys(document.key_case_id):
            found[f"case {document.case_id} {key.ver}"] = key.raw
        found[f"file {document.id}"] = base64.b64decode(vault.read(document)["key"])
    return found


def forms(key):
    """How a key could have been written down."""
    yield key
    text = [key.hex(), key.hex().upper(), repr(key)[2:-1], key.decode("latin-1"), str(list(key))[1:-1]]
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + key).decode()
        middle = whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]
        text += [middle, middle.replace("+", "-").replace("/", "_")]
    text.append(base64.b32encode(key).decode().rstrip("="))
    for one in text:
        yield one.encode()
        yield one.encode("utf-16-le")


def seen_in(keys, content):
    """Names of the keys that stand in these bytes, in any form."""
    return sorted({name for name, key in keys.items() for form in set(forms(key)) if form in content})


@pytest.fixture
def log_file(tmp_path):
    handler = logging.FileHandler(tmp_path / "caseflow.log")
    handler.setFormatter(logs.JsonLines())
    top, before = logging.getLogger(), logging.getLogger().level
    top.addHandler(handler)
    top.setLevel(logging.DEBUG)
    yield tmp_path / "caseflow.log"
    top.removeHandler(handler)
    top.setLevel(before)
    handler.close()


@pytest.fixture
def day(bare_app, people, tmp_path, monkeypatch, log_file):
    """A day of work with a roll of the keys in it; returns ({name: key}, ids)."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with bare_app.app_context():
        ids = build(bare_app, people)
        before = keys_in(bare_app)
        session().rollback()
        roll(vault.current(), now=NOW, at_once=True)
        after = {f"{name} after": key for name, key in keys_in(bare_app).items()}
        session().rollback()
    return before | after, ids


def everything(config, tmp_path):
    """(place, bytes) of whatever is kept: files, and the rows of both databases where they lie on a server."""
    for path in tmp_path.rglob("*"):
        if path.is_file() and path != config.home / "root" / "root.key":
            yield path.name, path.read_bytes()
    for url in (config.database_url, config.keys_url):
        if not url.startswith("sqlite"):
            yield url.rpartition("/")[2], rows_of(url)


def test_no_key_lies_anywhere_in_clear(day, installation, tmp_path):
    keys, _ids = day
    config = installation[0]
    assert len(keys) > 25 and {"kek 1", "kek 2 after", "org", "root"} <= keys.keys()
    assert (config.home / "root" / "root.key").read_bytes() == keys["root"]
    found = {place: seen for place, content in everything(config, tmp_path) if (seen := seen_in(keys, content))}
    assert found == {}


def test_the_search_finds_a_key_in_every_form():
    key = bytes(range(7, 250, 8)) + b"k"
    for number, form in enumerate(set(forms(key))):
        assert seen_in({"a key": key}, b"some bytes " + form + b" and more") == ["a key"], number


def test_a_crash_with_keys_in_hand_tells_neither_page_nor_log(day, bare_app, people, monkeypatch, log_file):
    keys, ids = day

    def crash(*_args, **_named):
        ring, all_of_it = vault.current().keyring, dict(keys)
        raise RuntimeError(f"{ring.org!r} {ring.org.hex()} {all_of_it}")

    monkeypatch.setattr(case_page.services, "note_read", crash, raising=False)
    monkeypatch.setattr(case_page, "or_broken", crash)
    bare_app.config["PROPAGATE_EXCEPTIONS"] = False
    client = bare_app.test_client()
    with bare_app.app_context():
        client.set_cookie("cf", people.token("worker", now=NOW))
    answer = client.get(f"/cases/{ids['case']}")
    assert answer.status_code == 500
    assert seen_in(keys, answer.data + str(answer.headers).encode()) == []
    for handler in logging.getLogger().handlers:
        handler.flush()
    assert "RuntimeError" in log_file.read_text()
    assert seen_in(keys, log_file.read_bytes()) == []


def test_nothing_that_holds_a_key_shows_it_when_printed(day, bare_app):
    keys, _ids = day
    with bare_app.app_context():
        held, page = vault.current(), RootPage()
        page.put(keys["root"])
        holders = [held, held.keyring, held.ring_file, held._org, held.store, page, bare_app, bare_app.config,
                   bare_app.extensions["caseflow"], *held._case_keys(next(iter(held._keys)))]  # fmt: skip
        said = "\n".join(f"{one!r} {one!s} {[one]} {one!a}" for one in holders)
        page.clear()
    assert isinstance(held.ring_file, RingFile)
    assert seen_in(keys, said.encode()) == []


def test_no_key_is_in_the_environment_or_a_job(day, installation):
    keys, _ids = day
    assert seen_in(keys, "\n".join(os.environ.values()).encode(errors="surrogateescape")) == []
    jobs = rows_of(installation[0].database_url, only="job")
    assert jobs
    assert seen_in(keys, jobs) == []
