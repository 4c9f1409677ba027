"""Whatever lies where a sealed thing should lie, only the named refusal comes out: no crash, no hang, no detail."""

import struct
import uuid

import orjson
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from caseflow.core import vault
from caseflow.core.errors import CaseFlowError, SetupError
from caseflow.core.vault import keyring, parked, root
from caseflow.core.vault.files import CHUNK, MAGIC, read_file, write_file
from caseflow.core.vault.keystore import case_keys
from caseflow.core.vault.seal import (
    Place,
    SealBroken,
    decrypt,
    encrypt,
    lp,
    open_sealed,
    pad,
    seal,
    unpad,
    wrap_aad,
)
from tests.core.vault.test_seal import KEY, NONCE, PLACE, SEALED_HEX
from tests.support.world import FOUNDED

AEAD = AESGCM(KEY)
ON_A_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
SEALED = bytes.fromhex(SEALED_HEX)
WORDS = "five quiet unrelated river words"
whole_numbers = st.integers(-(2**63), 2**63 - 1)


def damages(whole):
    """Everything near a whole: a changed byte, a cut, something appended, two pieces swapped, or something foreign."""
    places = st.integers(0, len(whole) - 1)
    return st.one_of(
        st.builds(lambda at, by: whole[:at] + bytes([whole[at] ^ by]) + whole[at + 1 :], places, st.integers(1, 255)),
        st.builds(lambda at: whole[:at], places),
        st.builds(lambda more: whole + more, st.binary(min_size=1, max_size=40)),
        st.builds(lambda at, more: whole[:at] + more + whole[at:], places, st.binary(min_size=1, max_size=20)),
        st.builds(lambda at: whole[at:] + whole[:at], st.integers(1, len(whole) - 1)),
        st.binary(max_size=200),
    ).filter(lambda damaged: damaged != whole)


class TestBlobs:
    @given(damages(SEALED))
    def test_what_is_near_a_sealed_document_only_breaks_the_seal(self, damaged):
        with pytest.raises(SealBroken):
            open_sealed(AEAD, damaged, PLACE)

    @given(st.text(max_size=70_000), st.text(max_size=30), whole_numbers)
    @example("x" * 70_000, "", 1)
    @example("", "\ud800", 1)
    @example("", "", -1)
    def test_no_place_that_a_row_could_claim_crashes(self, table, slot, rv):
        with pytest.raises(SealBroken):
            open_sealed(AEAD, SEALED, Place(PLACE.deployment, table, PLACE.record_id, PLACE.case_id, slot, rv))

    @given(st.binary(max_size=400))
    @example(b"\xff\xff\xff\xff{}")
    @example(struct.pack(">I", 2) + b"{}" + b"\1")
    @example(struct.pack(">I", 2) + b"[]")
    @example(struct.pack(">I", 9) + b'{"a":NaN}')
    @example(struct.pack(">I", 14) + b'{"a":"\\ud800"}'.ljust(14))
    def test_a_rightly_sealed_wrong_frame_breaks_the_seal_or_is_a_document(self, plain):
        sealed = encrypt(AEAD, 1, plain, PLACE.aad)
        try:
            assert isinstance(open_sealed(AEAD, sealed, PLACE), dict)
        except SealBroken:
            pass

    @pytest.mark.parametrize("brackets", ["[", '{"a":'])
    @pytest.mark.parametrize("depth", [1_100, 200_000])
    def test_deep_nesting_is_bounded(self, brackets, depth):
        sealed = encrypt(AEAD, 1, pad(b'{"a":' + brackets.encode() * depth, 64), PLACE.aad)
        with pytest.raises(SealBroken):
            open_sealed(AEAD, sealed, PLACE)

    @pytest.mark.parametrize("odd", ["\ud800", "a\udfffb", 2**64, -(2**63) - 1, object(), {1: 2}, {"\ud800": 1}])
    def test_what_json_cannot_hold_is_never_sealed(self, odd):
        with pytest.raises(TypeError):
            seal(AEAD, 1, {"odd": odd}, PLACE)

    def test_a_document_nested_too_deep_is_never_sealed(self):
        deep = []
        for _ in range(2_000):
            deep = [deep]
        with pytest.raises(TypeError):
            seal(AEAD, 1, {"odd": deep}, PLACE)

    @pytest.mark.parametrize("size", [0, 1, 59, 60, 61, 1_000_000])
    def test_every_size_comes_back(self, size):
        document = {"text": "پ" * size, "number": 2**63 - 1}
        assert open_sealed(AEAD, seal(AEAD, 1, document, PLACE, block=256), PLACE) == document

    @given(st.binary(max_size=300))
    def test_unpadding_gives_back_or_refuses(self, raw):
        try:
            document = unpad(raw)
        except ValueError:
            return
        assert raw.startswith(struct.pack(">I", len(document)) + document)
        assert not any(raw[4 + len(document) :])


class TestEncoding:
    @given(st.lists(st.binary(max_size=12), max_size=6), st.lists(st.binary(max_size=12), max_size=6))
    @example([b"", b"a"], [b"a", b""])
    @example([b"\0\1a"], [b"", b"\1a"])
    def test_length_prefixes_keep_lists_apart(self, one, other):
        assert (b"".join(map(lp, one)) == b"".join(map(lp, other))) == (one == other)

    @given(*[st.tuples(st.uuids(), st.text(max_size=8), st.uuids(), st.uuids(), st.text(max_size=8),
                       st.integers(0, 2**64 - 1), st.binary(min_size=6, max_size=6))] * 2)  # fmt: skip
    def test_two_places_or_headers_never_encode_alike(self, one, other):
        encoded = [Place(*parts[:6]).aad(parts[6]) for parts in (one, other)]
        assert (encoded[0] == encoded[1]) == (one == other)

    @given(st.uuids(), st.uuids(), st.integers(0, 2**32 - 1), st.binary(min_size=6, max_size=6))
    def test_a_wrap_is_never_a_document(self, deployment, case_id, ver, header):
        place = Place(deployment, "case_key", case_id, case_id, "", ver)
        assert wrap_aad(deployment, case_id, ver)(header) != place.aad(header)


class TestWrappedKeys:
    WRAPPED = encrypt(AEAD, 7, bytes(32), wrap_aad(PLACE.deployment, PLACE.case_id, 1), NONCE)

    @given(damages(WRAPPED))
    def test_what_is_near_a_wrapped_key_does_not_open(self, damaged):
        with pytest.raises(ValueError, match=r"tag|format|short"):
            decrypt(AEAD, damaged, wrap_aad(PLACE.deployment, PLACE.case_id, 1))

    @given(whole_numbers.filter(lambda ver: ver != 1))
    def test_another_version_does_not_open(self, ver):
        with pytest.raises(ValueError, match="tag"):
            decrypt(AEAD, self.WRAPPED, wrap_aad(PLACE.deployment, PLACE.case_id, ver))

    @ON_A_FIXTURE
    @given(st.data())
    def test_no_row_of_the_key_store_crashes_the_vault(self, app, data):
        held, case_id = vault.current(), uuid.uuid4()
        vault.new_case_key(case_id, now=FOUNDED)
        (whole,) = [bytes(row.wrapped) for row in held.store.keys([case_id])]
        with held.store.begin() as connection:
            row = case_keys.c.case_id == case_id
            connection.execute(case_keys.update().where(row).values(wrapped=data.draw(damages(whole))))
        assert not vault.has_key(case_id)


@pytest.fixture
def ring(tmp_path_factory):
    path = tmp_path_factory.mktemp("ring") / "keyring.cfk"
    made = keyring.Keyring.create(now=FOUNDED)
    keyring.save(made, KEY, path)
    path.chmod(0o600)
    return made, path, path.read_bytes()


@pytest.fixture
def sealed_root(tmp_path_factory):
    path = tmp_path_factory.mktemp("root") / "root.key"
    root.create_passphrase(path, WORDS, memory_kib=64)
    path.chmod(0o600)
    return path, path.read_bytes()


class TestKeyFiles:
    @ON_A_FIXTURE
    @given(data=st.data())
    def test_what_is_near_a_keyring_is_one_sentence(self, ring, data):
        _made, path, whole = ring
        path.write_bytes(data.draw(damages(whole)))
        with pytest.raises(SetupError):
            keyring.load(KEY, path)

    @ON_A_FIXTURE
    @given(data=st.data())
    def test_a_keyring_rightly_sealed_with_odd_content_is_one_sentence(self, ring, data):
        made, path, _whole = ring
        odd = st.none() | st.integers(-9, 2**40) | st.text(max_size=5) | st.lists(st.text(max_size=3)) | st.just("AAAA")
        document = made.document()
        name = data.draw(st.sampled_from([*(set(document) - {"made_at"}), "kek/1", "index/cnic"]))
        holder = document[name.partition("/")[0]] if "/" in name else document
        holder[name.rpartition("/")[2]] = data.draw(odd.filter(lambda value: not name.endswith(
            ("generation", "primary_epoch")) or not isinstance(value, int)))  # fmt: skip
        place = Place(made.deployment, "keyring", uuid.UUID(int=0), uuid.UUID(int=0), "keyring", 1)
        path.write_bytes(keyring.MAGIC + made.deployment.bytes + seal(AEAD, 1, document, place))
        with pytest.raises(SetupError):
            keyring.load(KEY, path)

    # Pieces swapped or foreign could ask for much memory; the bound has its own test below.
    @ON_A_FIXTURE
    @given(data=st.data())
    def test_what_is_near_a_sealed_root_is_one_sentence(self, sealed_root, data):
        path, whole = sealed_root
        damaged = data.draw(damages(whole))
        if damaged[5:17] != whole[5:17]:
            damaged = damaged[:5] + whole[5:17] + damaged[17:]
        path.write_bytes(damaged)
        if damaged != whole:
            with pytest.raises(SetupError):
                root.read_passphrase(path, WORDS)

    @pytest.mark.parametrize(
        "params", [(0, 1, 1), (7, 1, 1), (8, 1, 8), (2**22, 3, 1), (2**32 - 1, 1, 1), (64, 0, 1), (64, 2**31, 1),
                   (64, 1, 0), (64, 1, 2**24), (64, 17, 1)],
    )  # fmt: skip
    def test_a_root_file_cannot_ask_for_the_whole_machine(self, sealed_root, params):
        path, whole = sealed_root
        path.write_bytes(whole[:5] + struct.pack(">III", *params) + whole[17:])
        with pytest.raises(SetupError, match="damaged"):
            root.read_passphrase(path, WORDS)

    @ON_A_FIXTURE
    @given(content=st.binary(max_size=80).filter(lambda raw: len(raw) != 32))
    def test_a_plain_root_of_another_length_is_one_sentence(self, tmp_path, content):
        path = tmp_path / "root.key"
        path.write_bytes(content)
        path.chmod(0o400)
        with pytest.raises(SetupError, match="damaged"):
            root.read_file(path)
        path.chmod(0o600)


class TestFiles:
    IDS = {"deployment": PLACE.deployment, "file_id": PLACE.record_id, "case_id": PLACE.case_id}

    @ON_A_FIXTURE
    @given(data=st.data(), size=st.sampled_from([0, 20, CHUNK + 20]))
    def test_what_is_near_a_sealed_file_only_breaks_the_seal(self, tmp_path, data, size):
        path = tmp_path / "file"
        write_file(path, bytes(size), key=KEY, **self.IDS)
        path.chmod(0o600)
        path.write_bytes(data.draw(damages(path.read_bytes())))
        with pytest.raises(SealBroken):
            read_file(path, key=KEY, **self.IDS)

    def test_a_folder_in_its_place_only_breaks_the_seal(self, tmp_path):
        with pytest.raises(SealBroken):
            read_file(tmp_path, key=KEY, **self.IDS)

    def test_the_mark_of_the_format_alone_is_no_file(self, tmp_path):
        (tmp_path / "file").write_bytes(MAGIC)
        with pytest.raises(SealBroken):
            read_file(tmp_path / "file", key=KEY, **self.IDS)


class TestParkedPosts:
    @ON_A_FIXTURE
    @given(data=st.data())
    def test_what_is_near_a_parked_post_only_breaks_the_seal(self, app, data):
        record_id = uuid.UUID(int=9)
        key, sealed = parked.seal_away({"fields": []}, record_id)
        with pytest.raises(SealBroken):
            parked.open_again(key, data.draw(damages(sealed)), record_id)

    @ON_A_FIXTURE
    @given(key=st.binary(max_size=64))
    def test_a_foreign_key_is_refused_by_name(self, app, key):
        record_id = uuid.UUID(int=9)
        _key, sealed = parked.seal_away({"fields": []}, record_id)
        with pytest.raises((SealBroken, ValueError)):
            parked.open_again(key, sealed, record_id)


class TestCookies:
    @ON_A_FIXTURE
    @given(value=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='";,\\'), max_size=300),
           name=st.sampled_from(["cf", "cf-anon", "__Host-cf"]))  # fmt: skip
    def test_no_cookie_signs_in_or_crashes(self, bare_app, name, value):
        client = bare_app.test_client()
        client.set_cookie(name, value)
        assert client.get("/").status_code in (302, 303)
        assert client.get("/sign-in").status_code == 200


def test_the_refusals_are_ours():
    """A page is drawn for every one of them: nothing of the library's own reaches the last-resort handler."""
    assert issubclass(SealBroken, CaseFlowError) and issubclass(SetupError, CaseFlowError)
    assert not issubclass(orjson.JSONDecodeError, CaseFlowError)
