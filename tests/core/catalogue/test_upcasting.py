"""Documents of release 2026.1, as the trunk stored them, read by this one."""

import json

import pytest

from caseflow.core.catalogue import RELEASE, load, matrix, upcast

# Written by hand from the release of that time, never from the code under test.
SAFETY_2026_1 = """{"catalogue": "2026.1", "data": {"safe_contact_way": ["call"], "safe_phone": "+923001112223",
"risk_level": "high", "next_review_date": "2026-11-10", "medical_needs": "Rest"}}"""


def test_the_risk_leaves_the_safety_record_for_an_assessment():
    doc = upcast("safety", json.loads(SAFETY_2026_1))
    assert doc["catalogue"] == RELEASE
    assert doc["data"] == {"safe_contact_way": ["call"], "safe_phone": "+923001112223", "medical_needs": "Rest"}
    assert doc["moved"] == {"assessment": {"risk_level": "high", "next_review_date": "2026-11-10"}}


def test_what_moved_are_answers_of_the_kind_it_moved_to():
    moved = upcast("safety", json.loads(SAFETY_2026_1))["moved"]
    for kind, answers in moved.items():
        assert {load().kind(kind).field(code).code for code in answers} == set(answers)


def test_the_stored_document_itself_is_not_touched():
    stored = json.loads(SAFETY_2026_1)
    upcast("safety", stored)
    assert stored == json.loads(SAFETY_2026_1)


@pytest.mark.parametrize("kind", ["person", "identity", "screening", "note"])
def test_other_kinds_keep_every_answer(kind):
    doc = {"catalogue": "2026.1", "data": {"risk_level": "as it was"}}
    assert upcast(kind, doc) == {"catalogue": RELEASE, "data": {"risk_level": "as it was"}}


def test_a_safety_record_without_a_risk_moves_nothing():
    assert "moved" not in upcast("safety", {"catalogue": "2026.1", "data": {"code_word": "apricot"}})


def test_letters_that_wait_rest_on_the_same_disclosure_matrix():
    assert matrix("2026.1") is matrix("2026.1")
    assert matrix().version == "2026.1"
