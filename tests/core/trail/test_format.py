"""Trail entry format 1: frozen known answers."""

import uuid
from datetime import UTC, date, datetime

import pytest

from caseflow.core.trail.format import Written, encode, encode_value, entry_hash, entry_mac, micros, row_digest

CASE = uuid.UUID("00000000-0000-4000-8000-000000000003")
AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
ENTRY = {
    "deployment": uuid.UUID("00000000-0000-4000-8000-000000000001"),
    "stream": CASE,
    "seq": 1,
    "tag": "cases:case:read",
    "actor_id": uuid.UUID("00000000-0000-4000-8000-000000000004"),
    "role": "caseworker",
    "object_type": "case",
    "object_id": CASE,
    "case_id": CASE,
    "happened_at": AT,
    "recorded_at": AT,
    "detail": b"\xc1",
    "writes": [Written("case_file", CASE, 1, bytes([0x11]) * 32)],
    "prev": bytes(32),
}
HASH_HEX = "12183185ef823322aeee3b98133d79e5176cba5c1307d2c71b6cf0a234ac6b05"
MAC_HEX = "7b427281de442f92dbe8abc289af23bc79397fe2e771a831f5ea82cd71a94ffa"
ROW_HEX = "9e2328d63f4e1c83bc5381b01015cfaf9be1fd014057cc2d2b5cd10893b68033"


def test_the_hash_and_the_mac_are_frozen():
    digest = entry_hash(encode(**ENTRY))
    assert digest.hex() == HASH_HEX
    assert entry_mac(bytes([0x22]) * 32, digest).hex() == MAC_HEX


def test_the_row_digest_is_frozen_and_knows_no_order_of_columns():
    columns = [("state", "intake"), ("rv", 2), ("due_on", date(2026, 11, 2)), ("at", AT), ("id", CASE), ("by", None)]
    assert row_digest("case_file", columns).hex() == ROW_HEX
    assert row_digest("case_file", columns[::-1]).hex() == ROW_HEX


@pytest.mark.parametrize("part", ["tag", "role", "seq", "actor_id", "happened_at", "detail", "prev", "stream"])
def test_every_part_counts(part):
    other = {"tag": "x", "role": "x", "seq": 2, "actor_id": None, "happened_at": AT.replace(hour=8), "detail": b""}
    other |= {"prev": bytes([1]) * 32, "stream": uuid.uuid4()}
    assert encode(**{**ENTRY, part: other[part]}) != encode(**ENTRY)


def test_times_are_exact_microseconds():
    assert micros(datetime(2026, 11, 1, 9, 0, 0, 1, tzinfo=UTC)) == micros(AT) + 1


@pytest.mark.parametrize(
    "pair",
    [(None, ""), (1, "1"), (True, 1), (b"1", "1"), ("", b""), (CASE, CASE.bytes), (date(2026, 1, 1), "2026-01-01")],
)
def test_values_of_different_types_never_encode_alike(pair):
    assert encode_value(pair[0]) != encode_value(pair[1])


def test_fractions_are_refused():
    with pytest.raises(TypeError):
        encode_value(0.5)
