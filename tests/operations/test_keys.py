"""Key life at the terminal: rolled, the root key changed wherever a crash cuts in, unlocked in the browser, told."""

import json
from datetime import UTC, datetime

import pytest

from caseflow.core import vault
from caseflow.core.db import NO_CASE, new_id, session
from caseflow.core.errors import SetupError
from caseflow.core.trail import models as trail_models
from caseflow.core.trail.verify import verify
from caseflow.core.vault import keyring, root
from caseflow.core.vault.keyring import RingFile
from caseflow.operations import keys, rounds, running
from caseflow.operations.install import root_path
from caseflow.operations.rootpage import RootPage
from caseflow.operations.running import NotNow, Opener

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
WORDS = "five quiet unrelated river words"


@pytest.fixture
def opener(installation, app):
    return Opener(installation[0], lambda _root: app)


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setattr(root.create_passphrase, "__kwdefaults__", {"memory_kib": 64})


def told(tag):
    """Details of the entries with a tag."""
    rows = session().query(trail_models.TrailEntry).filter_by(tag=tag).all()
    return [vault.current().open_bytes(NO_CASE, row.detail, "trail_entry", row.id, "detail") for row in rows]


@pytest.mark.both_databases
class TestRoll:
    def test_it_is_recorded_with_counts_and_the_trail_is_whole(self, app):
        vault.new_case_key(new_id(), now=NOW)
        done = keys.roll(now=NOW, at_once=True)
        (entry,) = told("vault:keyring:roll")
        assert entry == {"epoch": 2, "resumed": False, "wrapped": done.wrapped, "broken": 0, "destroyed": 1}
        assert verify().whole

    def test_the_status_says_when_an_old_epoch_goes(self, app):
        keys.roll(now=NOW, at_once=False)
        first, second = keys.status()["epochs"]
        assert (first["state"], first["keys"], first["goes"]) == ("decrypt_only", 0, "2026-12-06")
        assert (second["state"], second["goes"]) == ("primary", "")

    def test_the_worker_destroys_it_on_that_day_and_records_it_once(self, app):
        keys.roll(now=NOW, at_once=False)
        assert rounds.destroy_epochs(now=NOW) == []
        assert rounds.destroy_epochs(now=LATER) == [1] and rounds.destroy_epochs(now=LATER) == []
        assert told("vault:epoch:destroy") == [{"epochs": 1}]

    def test_the_worker_waits_while_a_command_changes_the_keys(self, app):
        keys.roll(now=NOW, at_once=False)
        with vault.current().ring_file.changing():
            assert rounds.destroy_epochs(now=LATER) == []
        assert rounds.destroy_epochs(now=LATER) == [1]


class TestRoot:
    def test_a_new_root_opens_everything_and_the_old_one_nothing(self, opener):
        old = opener.root_key(str)
        keys.rotate_root(opener, passphrase="", now=NOW)
        fresh = opener.root_key(str)
        assert fresh != old and keyring.load(fresh, vault.current().ring_file.path)
        with pytest.raises(SetupError, match="does not open"):
            keyring.load(old, vault.current().ring_file.path)
        assert len(told("vault:root:change")) == 1

    def test_a_file_becomes_a_passphrase_and_a_file_again(self, opener):
        keys.rotate_root(opener, passphrase=WORDS, now=NOW)
        assert opener.sealed
        fresh = opener.root_key(lambda: WORDS)
        vault.current().ring_file = vault.current().ring_file.moved(fresh)
        keys.rotate_root(opener, passphrase="", now=NOW)
        assert not opener.sealed and opener.root_key(str) != fresh

    def test_short_words_change_nothing(self, opener):
        before = opener.root_key(str)
        with pytest.raises(SetupError, match="16"):
            keys.rotate_root(opener, passphrase="short", now=NOW)
        assert opener.root_key(str) == before

    @pytest.mark.parametrize("cut", ["before the keyring", "after the keyring"])
    def test_wherever_it_is_cut_off_one_root_opens_the_keyring(self, opener, monkeypatch, cut):
        real = RingFile.save

        def save(self, ring):
            if cut == "after the keyring":
                real(self, ring)
            raise KeyboardInterrupt

        with monkeypatch.context() as inner:
            inner.setattr(RingFile, "save", save)
            with pytest.raises(KeyboardInterrupt):
                keys.rotate_root(opener, passphrase="", now=NOW)
        assert root.following(root_path(opener.config)).exists()
        opened = opener.root_key(str)
        assert keyring.load(opened, vault.current().ring_file.path)
        vault.current().ring_file = vault.current().ring_file.moved(opened)
        keys.rotate_root(opener, passphrase="", now=NOW)
        assert opener.root_key(str) != opened and not root.following(root_path(opener.config)).exists()


class TestUnlockPage:
    @pytest.fixture
    def sealed(self, opener):
        keys.rotate_root(opener, passphrase=WORDS, now=NOW)
        return opener

    def test_the_words_put_the_root_key_into_memory(self, sealed):
        page = RootPage()
        running.unlock_page(sealed, page, WORDS)
        assert keyring.load(page.get(), vault.current().ring_file.path)

    def test_wrong_words_are_counted_slowed_and_told_to_the_trail_at_the_unlock(self, sealed, app):
        page = RootPage()
        for _ in range(2):
            with pytest.raises(SetupError, match="do not open"):
                running.unlock_page(sealed, page, "another five quiet river words")
        with pytest.raises(NotNow):
            running.unlock_page(sealed, page, WORDS)  # even the right words wait
        assert page.get() == b""
        running.tell_trail(app, sealed.tries)
        assert told("vault:root:open") == [{"wrong": 2, "sealed": 0}]
        assert sealed.tries.read() == []

    def test_two_at_once_do_not_hash_at_once(self, sealed):
        with sealed.tries.alone(), pytest.raises(NotNow):
            running.unlock_page(sealed, RootPage(), WORDS)

    def test_nothing_happened_leaves_no_entry(self, sealed, app):
        running.tell_trail(app, sealed.tries)
        assert told("vault:root:open") == []

    def test_nothing_to_seal_is_said(self, sealed):
        assert not keys.seal_now(sealed, now=NOW)


def test_the_status_prints_no_key(app):
    shown = json.dumps(keys.status())
    ring = vault.current().keyring
    assert not any(key.hex() in shown for key in (ring.org, *ring.kek.values()))
