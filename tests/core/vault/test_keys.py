"""Keyring, ROOT and key store: modes, damage, strangers, and the trigger against old epochs."""

import stat
from datetime import UTC, datetime

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from caseflow.core import vault
from caseflow.core.db import new_id
from caseflow.core.errors import SetupError
from caseflow.core.vault import keyring, root
from caseflow.core.vault.keystore import blind_index, case_keys, epochs
from caseflow.core.vault.vault import Vault

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def ring():
    return keyring.Keyring.create(now=NOW)


class TestKeyring:
    def test_it_comes_back_as_it_was_written(self, ring, tmp_path):
        keyring.save(ring, bytes(32), tmp_path / "k" / "keyring.cfk")
        assert keyring.load(bytes(32), tmp_path / "k" / "keyring.cfk") == ring

    def test_the_file_is_private_and_holds_no_key(self, ring, tmp_path):
        path = tmp_path / "keyring.cfk"
        keyring.save(ring, bytes(32), path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
        assert not any(key in path.read_bytes() for key in (ring.org, ring.pepper, *ring.kek.values()))

    def test_a_repr_shows_no_key(self, ring):
        assert ring.org.hex() not in repr(ring) and repr(ring.org) not in repr(ring)

    def test_every_damage_is_one_clear_sentence(self, ring, tmp_path):
        path = tmp_path / "keyring.cfk"
        keyring.save(ring, bytes(32), path)
        whole = path.read_bytes()
        path.chmod(0o600)
        for damaged in (b"", whole[:10], whole[:-1], whole[:40] + b"\0" + whole[41:], b"XXXX" + whole[4:]):
            path.write_bytes(damaged)
            with pytest.raises(SetupError):
                keyring.load(bytes(32), path)

    def test_another_root_does_not_open_it(self, ring, tmp_path):
        keyring.save(ring, bytes(32), tmp_path / "keyring.cfk")
        with pytest.raises(SetupError, match="ROOT"):
            keyring.load(bytes([1]) * 32, tmp_path / "keyring.cfk")


class TestRoot:
    def test_a_file_open_to_others_is_refused(self, tmp_path):
        root.create_file(tmp_path / "root.key")
        (tmp_path / "root.key").chmod(0o440)
        with pytest.raises(SetupError, match="chmod 400"):
            root.read_file(tmp_path / "root.key")

    def test_it_is_never_overwritten(self, tmp_path):
        first = root.create_file(tmp_path / "root.key")
        with pytest.raises(SetupError):
            root.create_file(tmp_path / "root.key")
        assert root.read_file(tmp_path / "root.key") == first

    def test_a_passphrase_opens_it_and_another_does_not(self, tmp_path):
        words = "five quiet unrelated river words"
        made = root.create_passphrase(tmp_path / "root.key", words, memory_kib=64)
        assert root.read_passphrase(tmp_path / "root.key", words) == made
        with pytest.raises(SetupError, match="do not open"):
            root.read_passphrase(tmp_path / "root.key", "five quiet unrelated river word")

    def test_a_short_passphrase_is_refused(self, tmp_path):
        with pytest.raises(SetupError, match="16"):
            root.create_passphrase(tmp_path / "root.key", "short")


@pytest.mark.both_databases
class TestKeyStore:
    def test_a_key_under_an_old_epoch_is_refused_by_the_database(self, app):
        store = vault.current().store
        with store.begin() as connection:
            connection.execute(update(epochs).values(state="decrypt_only"))
        with pytest.raises(DBAPIError, match="not primary"):
            store.add_key(new_id(), 1, 1, b"wrapped", now=NOW)

    def test_an_epoch_that_holds_keys_cannot_be_destroyed(self, app):
        store = vault.current().store
        vault.new_case_key(new_id(), now=NOW)
        with pytest.raises(DBAPIError, match="still holds keys"), store.begin() as connection:
            connection.execute(update(epochs).values(state="destroyed"))

    def test_a_destroyed_key_moves_the_generation_and_takes_its_index_along(self, app):
        store, case_id = vault.current().store, new_id()
        vault.new_case_key(case_id, now=NOW)
        vault.put_index(case_id, [("cnic", "35202-1234567-1")])
        before = store.generation()
        assert vault.find_cases([("cnic", "35202-1234567-1")]) == {case_id}
        vault.destroy_case_key(case_id, now=NOW)
        assert store.generation() == before + 1
        assert vault.find_cases([("cnic", "35202-1234567-1")]) == set()
        with store.engine.connect() as connection:
            assert connection.execute(case_keys.select()).one().wrapped is None

    def test_the_same_value_in_two_fields_has_two_tokens(self, app):
        assert vault.current().index_token("cnic", "x") != vault.current().index_token("phone", "x")

    def test_index_rows_hold_tokens_only(self, app):
        case_id = new_id()
        vault.new_case_key(case_id, now=NOW)
        vault.put_index(case_id, [("phone", "+923001234567")])
        with vault.current().store.engine.connect() as connection:
            assert connection.execute(blind_index.select()).one().token == vault.current().index_token(
                "phone", "+923001234567"
            )

    def test_an_older_keystore_is_refused_at_the_start(self, app):
        now = vault.current()
        with now.store.begin() as connection:
            connection.execute(text("UPDATE store_meta SET generation = 0"))
        with pytest.raises(SetupError, match="older"):
            Vault(now.keyring, now.store, now.files)

    def test_an_older_keyring_is_refused_at_the_start(self, app):
        now = vault.current()
        with now.store.begin() as connection:
            connection.execute(text("UPDATE store_meta SET generation = 9, keyring_generation = 9"))
        with pytest.raises(SetupError, match="The keyring is older"):
            Vault(now.keyring, now.store, now.files)

    def test_a_foreign_keyring_is_refused_at_the_start(self, app, ring):
        with pytest.raises(SetupError, match="another installation"):
            Vault(ring, vault.current().store, vault.current().files)
