"""Rolls of the key-encryption key: nothing is lost, whoever writes meanwhile and wherever a crash cuts in."""

import fcntl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from caseflow.core import vault
from caseflow.core.db import new_id
from caseflow.core.errors import SetupError
from caseflow.core.vault import keyring, roll
from caseflow.core.vault.keyring import RingFile
from caseflow.core.vault.keystore import KeyStore, case_keys, epochs, meta
from caseflow.core.vault.seal import SealBroken
from caseflow.core.vault.vault import Vault

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
LATER = NOW + roll.BACKUP_HORIZON + timedelta(days=1)
pytestmark = pytest.mark.both_databases


@pytest.fixture
def here(app):
    return vault.current()


@pytest.fixture
def another(here):
    """another() is the vault of another process: its own store, its own keyring as the file is now."""
    stores = []

    def start():
        stores.append(KeyStore(here.store.engine.url.render_as_string(hide_password=False)))
        return Vault(here.ring_file.load(), stores[-1], here.files, ring_file=here.ring_file)

    yield start
    for store in stores:
        store.engine.dispose()


def make(opened, count):
    """New cases, each with one sealed text: {case id: sealed}."""
    made = {}
    for place in range(count):
        case_id = new_id()
        opened.new_case_key(case_id, now=NOW)
        made[case_id] = opened.seal_bytes(case_id, {"place": place}, "t", case_id, "s")
    return made


def assert_all_open(opened, made):
    opened.refresh()
    for place, (case_id, sealed) in enumerate(made.items()):
        assert opened.open_bytes(case_id, sealed, "t", case_id, "s") == {"place": place}


def states(opened):
    with opened.store.engine.connect() as connection:
        return dict(connection.execute(select(epochs.c.epoch, epochs.c.state)).all())


def resting(opened):
    with opened.store.engine.connect() as connection:
        return {row.epoch for row in connection.execute(case_keys.select()) if row.wrapped is not None}


class TestRoll:
    def test_every_key_rests_on_the_new_epoch_and_every_case_opens(self, here, another):
        made, heard = make(here, 12), []
        done = roll.roll(here, now=NOW, told=lambda *both: heard.append(both))
        assert (done.epoch, done.wrapped, done.broken, done.resumed, done.destroyed) == (2, 12, 0, False, [])
        assert states(here) == {1: "decrypt_only", 2: "primary"} and resting(here) == {2}
        assert heard[0] == (0, 12) and heard[-1] == (12, 12)
        assert_all_open(here, made)
        assert_all_open(another(), made)

    def test_the_old_epoch_goes_after_the_backup_horizon(self, here):
        roll.roll(here, now=NOW)
        assert roll.destroy_due(here, now=NOW + roll.BACKUP_HORIZON - timedelta(seconds=1)) == []
        assert roll.destroy_due(here, now=NOW + roll.BACKUP_HORIZON) == [1]
        assert states(here) == {1: "destroyed", 2: "primary"} and set(here.ring_file.load().kek) == {2}

    def test_the_next_roll_takes_due_epochs_along(self, here):
        roll.roll(here, now=NOW)
        assert roll.roll(here, now=LATER).destroyed == [1]

    def test_after_an_erasure_the_old_epoch_goes_at_once_and_old_copies_of_the_key_store_open_nothing(
        self, here, another
    ):
        made = make(here, 3)
        erased = next(iter(made))
        with here.store.engine.connect() as connection:
            copies = connection.execute(case_keys.select().where(case_keys.c.case_id == erased)).all()
        here.destroy_case_key(erased, now=NOW)
        assert roll.roll(here, now=NOW, at_once=True).destroyed == [1]
        assert 1 not in another().keyring.kek
        with pytest.raises(DBAPIError, match="not primary"):  # not even the database takes it back
            here.store.add_key(erased, 2, copies[0].epoch, copies[0].wrapped, now=NOW)
        with pytest.raises(SealBroken):
            here.open_bytes(erased, made.pop(erased), "t", erased, "s")
        for case_id, sealed in made.items():
            assert here.open_bytes(case_id, sealed, "t", case_id, "s")

    def test_a_key_whose_wrap_was_altered_is_kept_and_holds_its_epoch_back(self, here):
        made = make(here, 3)
        broken = next(iter(made))
        with here.store.begin() as connection:
            connection.execute(update(case_keys).where(case_keys.c.case_id == broken).values(wrapped=b"\xc1" * 66))
        done = roll.roll(here, now=NOW, at_once=True)
        assert (done.wrapped, done.broken, done.destroyed) == (2, 1, [])
        again = roll.roll(here, now=LATER, at_once=True)
        assert (again.epoch, again.resumed, again.broken, again.destroyed) == (3, False, 1, [2])
        with here.store.engine.connect() as connection:
            row = connection.execute(case_keys.select().where(case_keys.c.case_id == broken)).one()
        assert row.wrapped == b"\xc1" * 66 and row.epoch == 1

    def test_two_commands_do_not_roll_at_once(self, here):
        with (here.ring_file.path.parent / "lock").open("a") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            with pytest.raises(SetupError, match="Another command"):
                roll.roll(here, now=NOW)
        assert states(here) == {1: "primary"}


class TestWhoWorksMeanwhile:
    def test_a_process_with_the_old_keyring_makes_its_key_under_the_new_epoch(self, here, another):
        old = another()
        roll.roll(here, now=NOW)
        assert old.keyring.primary_epoch == 1
        made = make(old, 1)
        assert resting(here) == {2}
        assert_all_open(here, made)

    def test_a_process_with_the_old_keyring_opens_what_was_wrapped_again(self, here, another):
        made, old = make(here, 2), another()
        roll.roll(here, now=NOW, at_once=True)
        for place, (case_id, sealed) in enumerate(made.items()):  # in the middle of a request: no refresh
            assert old.open_bytes(case_id, sealed, "t", case_id, "s") == {"place": place}

    def test_a_key_destroyed_during_the_roll_stays_destroyed(self, here, another, monkeypatch):
        made = make(here, 3)
        victim, real = next(iter(made)), roll._wrapped_again

        def destroyed_in_between(*given):
            fresh = real(*given)
            another().destroy_case_key(victim, now=NOW)
            return fresh

        monkeypatch.setattr(roll, "_wrapped_again", destroyed_in_between)
        roll.roll(here, now=NOW)
        assert here.store.destroyed(made) == {victim}

    def test_cases_made_while_it_rolls_are_not_lost(self, here, another):
        made, stop, wrong = make(here, 40), threading.Event(), []

        def work():
            own = another()
            while not stop.is_set():
                try:
                    made.update({key: (sealed, own) for key, sealed in make(own, 1).items()})
                except Exception as problem:  # whatever it is, it must not be swallowed by the thread
                    wrong.append(problem)
                    return

        workers = [threading.Thread(target=work) for _ in range(3)]
        for one in workers:
            one.start()
        for _ in range(4):
            roll.roll(here, now=NOW, at_once=True)
        stop.set()
        for one in workers:
            one.join()
        assert wrong == []
        roll.roll(here, now=NOW, at_once=True)
        fresh = another()
        for case_id, kept in made.items():
            sealed = kept[0] if isinstance(kept, tuple) else kept
            assert "place" in fresh.open_bytes(case_id, sealed, "t", case_id, "s")


class Cut(Exception):
    """The machine stopped here."""


def cut_at(monkeypatch, here, step):
    """Stop before the `step`-th commit of the key store or write of the keyring; returns what counts them."""
    seen = []

    def counted(real):
        def act(*given):
            seen.append(real.__name__)
            if len(seen) == step:
                raise Cut()
            return real(*given)

        return act

    monkeypatch.setattr(KeyStore, "begin", counted(KeyStore.begin))
    monkeypatch.setattr(RingFile, "save", counted(RingFile.save))
    return seen


class TestCrash:
    @pytest.mark.parametrize("step", range(1, 10))
    def test_a_roll_cut_off_anywhere_goes_on_and_loses_nothing(self, here, another, monkeypatch, step):
        monkeypatch.setattr(roll, "BATCH", 5)
        made = make(here, 12)
        with monkeypatch.context() as inner:
            cut_at(inner, here, step)
            with pytest.raises(Cut):
                roll.roll(here, now=NOW, at_once=True)
        after = another()  # the next start: nothing refuses, everything opens
        assert_all_open(after, made)
        made |= make(after, 1)
        assert_all_open(after, dict(list(made.items())[:12]))
        done = roll.roll(after, now=NOW, at_once=True)
        assert done.broken == 0 and resting(after) == {done.epoch}
        assert set(after.ring_file.load().kek) == {done.epoch}
        fresh = another()
        for case_id, sealed in made.items():
            assert fresh.open_bytes(case_id, sealed, "t", case_id, "s")

    def test_the_steps_above_are_all_there_are(self, here, monkeypatch):
        monkeypatch.setattr(roll, "BATCH", 5)
        make(here, 12)
        with monkeypatch.context() as inner:
            seen = cut_at(inner, here, 0)
            roll.roll(here, now=NOW, at_once=True)
        assert seen == ["begin", "save", "begin", "begin", "begin", "begin", "begin", "save", "begin"]

    def test_what_a_crash_left_of_a_destroyed_epoch_goes_with_the_next_round(self, here, another):
        roll.roll(here, now=NOW)
        with here.store.begin() as connection:
            connection.execute(update(epochs).where(epochs.c.epoch == 1).values(state="destroyed"))
        assert 1 in here.ring_file.load().kek
        assert roll.destroy_due(here, now=NOW) == [1] and roll.destroy_due(here, now=NOW) == []
        assert set(another().keyring.kek) == {2}

    def test_after_an_erasure_a_turn_that_was_cut_off_is_followed_by_a_whole_one(self, here, another, monkeypatch):
        monkeypatch.setattr(roll, "BATCH", 2)
        made = make(here, 6)
        with monkeypatch.context() as inner:
            cut_at(inner, here, 5)  # one batch is wrapped under epoch 2 already
            with pytest.raises(Cut):
                roll.roll(here, now=NOW)
        with here.store.engine.connect() as connection:
            wrapped = connection.execute(case_keys.select().where(case_keys.c.epoch == 2)).first()
        erased = wrapped.case_id
        another().destroy_case_key(erased, now=NOW)
        done = roll.roll(here, now=NOW, at_once=True)
        assert (done.epoch, done.resumed, done.destroyed) == (3, True, [1, 2])
        assert set(another().keyring.kek) == {3}  # so the copy in `wrapped` opens with nothing that is left
        made.pop(erased)
        fresh = another()
        for case_id, sealed in made.items():
            assert fresh.open_bytes(case_id, sealed, "t", case_id, "s")

    def test_an_older_copy_of_the_keyring_is_refused(self, here, another):
        copy = here.ring_file.path.read_bytes()
        roll.roll(here, now=NOW)
        keyring.write_private(here.ring_file.path, copy)
        with pytest.raises(SetupError, match="The keyring is older"):
            another()

    def test_the_store_is_never_behind_the_keyring(self, here):
        for _ in range(3):
            roll.roll(here, now=NOW, at_once=True)
            with here.store.engine.connect() as connection:
                row = connection.execute(meta.select()).one()
            assert row.keyring_generation <= here.ring_file.load().generation <= row.generation


class TestCaseKeyVersions:
    def test_what_is_written_after_a_bump_rests_on_the_new_version_and_all_opens(self, here, another):
        made = make(here, 1)
        ((case_id, before),) = made.items()
        other = another()
        assert other.open_bytes(case_id, before, "t", case_id, "s")
        assert here.bump_case_key(case_id, now=NOW) == 2
        after = here.seal_bytes(case_id, {"new": True}, "t", case_id, "s")
        assert after[2:6] == b"\0\0\0\2"
        for opened in (here, other, another()):  # `other` holds version 1 only, in the middle of a request
            assert opened.open_bytes(case_id, before, "t", case_id, "s") == {"place": 0}
            assert opened.open_bytes(case_id, after, "t", case_id, "s") == {"new": True}

    def test_a_roll_wraps_every_version(self, here, another):
        ((case_id, before),) = make(here, 1).items()
        here.bump_case_key(case_id, now=NOW)
        assert roll.roll(here, now=NOW, at_once=True).wrapped == 2
        assert another().open_bytes(case_id, before, "t", case_id, "s")

    def test_a_bump_does_not_move_the_tokens_of_kinds(self, here):
        ((case_id, _sealed),) = make(here, 1).items()
        before = here.kind_token(case_id, "person")
        here.bump_case_key(case_id, now=NOW)
        assert here.kind_token(case_id, "person") == before
