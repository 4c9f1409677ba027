"""Records in words, compared, and brought up from the version they were written with."""

import pytest

from caseflow.core.catalogue import RELEASE, UnknownKind, UnknownVersion, describe, diff, load, upcast

SAFETY = load().kind("safety")
STORED = {"safe_contact_way": ["call", "text"], "never_leave_message": True, "contact_confirmed_on": "2026-03-07"}


def shown(kind, data, language):
    return {field.code: value for _, lines in describe(kind, data, language) for _, value, field in lines}


class TestDescribe:
    def test_answers_are_words_of_the_language(self):
        english, urdu = shown(SAFETY, STORED, "en"), shown(SAFETY, STORED, "ur")
        assert english["safe_contact_way"] == "Telephone call, Text message"
        assert urdu["safe_contact_way"] == "فون کال، تحریری پیغام"
        assert (english["never_leave_message"], urdu["never_leave_message"]) == ("Yes", "ہاں")
        assert (english["contact_confirmed_on"], urdu["contact_confirmed_on"]) == ("7 March 2026", "7 مارچ 2026")

    def test_a_partial_date_shows_what_is_known(self):
        identity = load().kind("identity")
        assert shown(identity, {"birthdate": "1994"}, "en")["birthdate"] == "1994"
        assert shown(identity, {"birthdate": "1994-03"}, "en")["birthdate"] == "March 1994"

    def test_a_question_without_answer_is_empty_and_one_not_asked_is_left_out(self):
        lines = shown(load().kind("screening"), {"immediate_danger": "no"}, "en")
        assert lines["outcome"] == ""
        assert "danger_what" not in lines

    def test_an_answer_that_an_older_version_stored_is_never_hidden(self):
        lines = shown(load().kind("screening"), {"immediate_danger": "no", "danger_what": "dogs"}, "en")
        assert lines["danger_what"] == "dogs"

    def test_sections_carry_their_label(self):
        assert [label for label, _ in describe(SAFETY, STORED, "ur")] == ["محفوظ رابطہ", "خطرہ", "صحت کی ضروریات"]


class TestDiff:
    def test_only_changed_codes_are_named_in_order(self):
        new = {**STORED, "medical_needs": "rest", "safe_contact_way": ["call"]}
        assert diff(SAFETY, STORED, new) == ["safe_contact_way", "medical_needs"]
        assert diff(SAFETY, STORED, {}) == list(STORED)
        assert diff(SAFETY, STORED, dict(STORED)) == []


class TestUpcast:
    def test_a_document_of_this_version_is_returned_as_it_is(self):
        doc = {"catalogue": RELEASE, "data": {}}
        assert upcast("note", doc) is doc

    @pytest.mark.parametrize("doc", [{}, {"catalogue": "1999.1"}, {"catalogue": None}])
    def test_an_unknown_version_is_refused(self, doc):
        with pytest.raises(UnknownVersion):
            upcast("note", doc)

    def test_an_unknown_kind_is_refused(self):
        with pytest.raises(UnknownKind):
            upcast("nothing", {"catalogue": RELEASE})
