"""Seal format 1: frozen known answers, and nothing altered opens."""

import uuid

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from caseflow.core.vault.seal import Place, SealBroken, decrypt, encrypt, open_sealed, pad, seal, unpad, wrap_aad

KEY = bytes(range(32))
NONCE = bytes(range(12))
PLACE = Place(
    deployment=uuid.UUID("00000000-0000-4000-8000-000000000001"),
    table="case_record",
    record_id=uuid.UUID("00000000-0000-4000-8000-000000000002"),
    case_id=uuid.UUID("00000000-0000-4000-8000-000000000003"),
    slot="person",
    rv=1,
)
DOCUMENT = {"catalogue": "2026.1", "data": {"gender": "feminine"}}

# Frozen with the format, printed in docs/formats/seal.md. A change here is a new format, never an edit.
AAD_HEX = (
    "000f63617365666c6f772f7365616c2f31001000000000000040008000000000000001"
    "0006c10100000001000b636173655f7265636f7264001000000000000040008000000000000002"
    "0010000000000000400080000000000000030006706572736f6e00080000000000000001"
)
SEALED_HEX = (
    "c10100000001000102030405060708090a0b4702d628bec7a17af920fbe4d69c1d4fb9f4b504c24d714d1a4bc7e17c1d6190"
    "3b6b8c9bcaaf76fd068645cfeee2455180300ee878abdeda3f972a1918e3f5ee17ea98007ecf63297ca58e8a70f12e0e"
)
WRAPPED_HEX = (
    "c10100000007000102030405060708090a0b4702d61bc5e5c21b8d41978bb1e9786d83d68734f07b5f7c3867e5851d6900b2"
    "3818c6092179b1ef33bc0380ce7fe61d"
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)


def test_the_associated_data_is_frozen():
    assert PLACE.aad(bytes.fromhex("c10100000001")).hex() == AAD_HEX


def test_the_sealed_bytes_are_frozen():
    assert seal(AESGCM(KEY), 1, DOCUMENT, PLACE, nonce=NONCE).hex() == SEALED_HEX


def test_a_vector_of_the_first_release_still_opens():
    assert open_sealed(AESGCM(KEY), bytes.fromhex(SEALED_HEX), PLACE) == DOCUMENT


def test_the_wrapped_key_is_frozen():
    aad = wrap_aad(PLACE.deployment, PLACE.case_id, 1)
    wrapped = encrypt(AESGCM(KEY), 7, bytes(32), aad, NONCE)
    assert wrapped.hex() == WRAPPED_HEX
    assert decrypt(AESGCM(KEY), wrapped, aad) == bytes(32)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), json_values))
def test_any_document_comes_back(document):
    assert open_sealed(AESGCM(KEY), seal(AESGCM(KEY), 1, document, PLACE), PLACE) == document


def test_every_flipped_bit_is_refused():
    for bit in range(len(SEALED_HEX) * 4):
        altered = bytearray.fromhex(SEALED_HEX)
        altered[bit // 8] ^= 1 << (bit % 8)
        with pytest.raises(SealBroken):
            open_sealed(AESGCM(KEY), bytes(altered), PLACE)


def test_every_truncation_is_refused():
    for length in range(len(SEALED_HEX) // 2):
        with pytest.raises(SealBroken):
            open_sealed(AESGCM(KEY), bytes.fromhex(SEALED_HEX)[:length], PLACE)


@pytest.mark.parametrize(
    "change",
    [
        {"deployment": uuid.uuid4()},
        {"table": "consent"},
        {"record_id": uuid.uuid4()},
        {"case_id": uuid.uuid4()},
        {"slot": "identity"},
        {"rv": 2},
        {"rv": 0},
    ],
)
def test_another_place_does_not_open(change):
    moved = Place(**{**PLACE.__dict__, **change})
    with pytest.raises(SealBroken):
        open_sealed(AESGCM(KEY), bytes.fromhex(SEALED_HEX), moved)


@given(st.binary(max_size=300))
def test_foreign_bytes_only_ever_break_the_seal(raw):
    with pytest.raises(SealBroken):
        open_sealed(AESGCM(KEY), raw, PLACE)


@given(st.binary(max_size=700), st.sampled_from([64, 256]))
def test_padding_hides_the_length_within_its_block(document, block):
    padded = pad(document, block)
    assert len(padded) % block == 0
    assert unpad(padded) == document


names = st.text(max_size=20)


@given(names, names, names, names)
def test_two_places_never_encode_alike(table, slot, other_table, other_slot):
    one = Place(PLACE.deployment, table, PLACE.record_id, PLACE.case_id, slot, 1)
    two = Place(PLACE.deployment, other_table, PLACE.record_id, PLACE.case_id, other_slot, 1)
    assert (one.aad(b"header") == two.aad(b"header")) == (one == two)
