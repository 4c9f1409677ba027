"""What a check stores, what it refuses, and what it leaves to the life cycle."""

import pytest

from caseflow.core.catalogue import (
    RELEASE,
    Problem,
    UnknownKind,
    UnknownVersion,
    check,
    complete_count,
    load,
    messages_by_field,
    missing,
)
from caseflow.core.errors import Invalid
from caseflow.core.words import speaking

FACTS = {"today": "2026-11-23"}


def checked(kind, **data):
    return check(RELEASE, kind, data, FACTS)


def one(kind, code, value):
    """The stored form of one answer; fails when there is a problem."""
    clean, problems = checked(kind, **{code: value})
    assert problems == []
    return clean.get(code)


def fault(kind, code, value):
    """The one message code for one answer."""
    clean, problems = checked(kind, **{code: value})
    assert code not in clean
    assert [problem.field for problem in problems] == [code]
    return problems[0].code


class TestText:
    def test_plain_text_is_kept_as_it_is(self):
        for text in (
            "<script>alert(1)</script>",
            "'; DROP TABLE x;--",
            "{{ 7*7 }}",
            "سلام 😀",
            "a\u200fb\u2066c\u2069",
        ):
            assert one("note", "subject", text) == text

    def test_lines_are_kept_in_long_text_and_refused_in_short(self):
        assert one("note", "text", "one\r\ntwo\rthree\u2028four") == "one\ntwo\nthree\nfour"
        assert fault("note", "subject", "one\ntwo") == "one_line"

    def test_blank_text_is_no_answer(self):
        assert one("note", "subject", "  \u3000 ") is None

    def test_letters_are_composed(self):
        assert one("identity", "first_name", "Jose\u0301") == "José"

    @pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x7fb", "a\x9bb", "a\ufffeb", "a\U0010ffffb"])
    def test_control_characters_are_refused(self, text):
        assert fault("note", "subject", text) == "control"
        assert fault("note", "text", text) == "control"

    @pytest.mark.parametrize("text", ["a\u202eb", "a\u202db"])
    def test_forced_direction_is_refused(self, text):
        assert fault("note", "text", text) == "direction"

    @pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
    def test_lone_surrogates_are_refused(self, text):
        assert fault("note", "text", text) == "unreadable"

    def test_a_megabyte_is_refused_with_its_length(self):
        _, problems = checked("note", text="ا" * 1_000_000)
        assert problems == [Problem("text", "too_long", {"limit": 10000, "length": 1_000_000})]

    def test_the_limit_itself_is_allowed(self):
        assert one("note", "subject", "x" * 120) == "x" * 120
        assert fault("note", "subject", "x" * 121) == "too_long"

    @pytest.mark.parametrize("value", [1, 1.5, ["a"], {"a": 1}, True, b"a"])
    def test_another_type_is_refused(self, value):
        assert fault("note", "subject", value) == "wrong_type"


class TestNumbers:
    @pytest.mark.parametrize("typed", ["17", "۱۷", "١٧", " 17 ", 17])
    def test_digits_of_any_script_are_a_number(self, typed):
        assert one("person", "age_at_contact", typed) == 17

    def test_none_and_zero_differ(self):
        assert one("person", "children_count", "0") == 0
        assert one("person", "children_count", "") is None

    @pytest.mark.parametrize("typed", [2**63, 2**64, -(2**63) - 1, 121, -1, "-1", "9223372036854775808"])
    def test_numbers_out_of_range_are_refused(self, typed):
        assert fault("person", "age_at_contact", typed) == "number_range"

    def test_a_number_too_large_to_be_written_is_refused(self):
        assert fault("person", "age_at_contact", 10**5000) == "number_range"

    @pytest.mark.parametrize("typed", ["17.5", "seventeen", "1e3", "0x1", "9" * 30, "9" * 999, "1\x007"])
    def test_what_is_no_whole_number_is_refused(self, typed):
        assert fault("person", "age_at_contact", typed) == "number"

    @pytest.mark.parametrize("typed", [True, 1.0, ["1"]])
    def test_another_type_is_refused(self, typed):
        assert fault("person", "age_at_contact", typed) == "wrong_type"


class TestIdentifiers:
    @pytest.mark.parametrize(
        "typed",
        ["3520212345671", "35202-1234567-1", "۳۵۲۰۲-۱۲۳۴۵۶۷-۱", "35202 1234567 1", "\u200e35202–1234567–1\u200f"],
    )
    def test_a_cnic_is_stored_in_one_form(self, typed):
        assert one("identity", "cnic", typed) == "35202-1234567-1"

    @pytest.mark.parametrize("typed", ["352021234567", "35202-1234567-12", "3520A-1234567-1", "1" * 999, "۳\x00"])
    def test_a_wrong_cnic_is_refused(self, typed):
        assert fault("identity", "cnic", typed) == "cnic"

    @pytest.mark.parametrize("typed", ["0300 1234567", "۰۳۰۰۱۲۳۴۵۶۷", "+92-300-1234567", "0092 300 1234567"])
    def test_a_phone_is_stored_as_e164(self, typed):
        assert one("identity", "phone_mobile", typed) == "+923001234567"

    def test_a_phone_of_another_country_keeps_its_code(self):
        assert one("identity", "phone_mobile", "+93 70 123 4567") == "+93701234567"

    @pytest.mark.parametrize("typed", ["12", "call me", "0300-CALLNOW", "0300 1234567 ext. 5", "+999 1", "+" * 30])
    def test_a_wrong_phone_is_refused(self, typed):
        assert fault("identity", "phone_mobile", typed) == "phone"

    def test_a_passport_is_stored_in_capitals(self):
        assert one("identity", "passport_number", "ab ۱۲۳۴۵۶۷") == "AB1234567"
        assert fault("identity", "passport_number", "AB_1") == "passport"
        assert fault("identity", "passport_number", "ß12345\x00") == "passport"

    def test_an_email_has_one_at_sign_and_a_domain(self):
        assert one("identity", "email", " a.b@example.org ") == "a.b@example.org"
        for typed in ("a", "a@b", "a@@example.org", "a b@example.org", "a@example..org", "ا@example.org"):
            assert fault("identity", "email", typed) == "email"


class TestDates:
    @pytest.mark.parametrize(
        "typed",
        ["2026-03-07", "7-3-2026", "7/3/2026", "۷ ۳ ۲۰۲۶", {"day": "7", "month": "3", "year": "2026"}],
    )
    def test_a_date_is_stored_as_iso(self, typed):
        assert one("note", "happened_at", typed) == "2026-03-07"

    @pytest.mark.parametrize(
        "typed",
        ["30-2-2026", "2026", "3-2026", "7-3-26", "x", "1-2-3-2026", {"day": "7"}, {"year": 2**70}, {"day": []}],
    )
    def test_a_date_that_is_none_is_refused(self, typed):
        assert fault("note", "happened_at", typed) in ("date", "date_range", "wrong_type")

    def test_empty_boxes_are_no_answer(self):
        assert one("note", "happened_at", {"day": "", "month": " ", "year": ""}) is None
        assert one("note", "happened_at", {}) is None

    def test_a_year_may_be_all_that_is_known(self):
        assert one("identity", "birthdate", "۱۹۹۴") == "1994"
        assert one("identity", "birthdate", {"day": "", "month": "3", "year": "1994"}) == "1994-03"
        assert fault("identity", "birthdate", {"day": "3", "month": "", "year": "1994"}) == "partial_date"

    def test_the_future_is_refused_only_when_today_is_known(self):
        assert fault("identity", "birthdate", "2027") == "future"
        assert one("identity", "birthdate", "2026") == "2026"
        assert fault("note", "happened_at", "24-11-2026") == "future"
        assert check(RELEASE, "note", {"happened_at": "24-11-2026"}, {})[1] == []

    def test_a_review_may_lie_ahead(self):
        assert one("assessment", "next_review_date", "1-1-2027") == "2027-01-01"

    def test_a_year_far_off_is_refused_with_its_limits(self):
        assert fault("assessment", "next_review_date", "1-1-2262") == "date_range"

    def test_a_time_of_day_is_stored_with_two_digits(self):
        assert one("screening", "contact_time", "۹:۰۵") == "09:05"
        assert fault("screening", "contact_time", "24:00") == "time"


class TestCodes:
    def test_only_a_listed_code_is_stored(self):
        assert one("person", "gender", "feminine") == "feminine"
        for typed in ("Feminine", "x" * 1_000_000, "\ud800", "a\x00"):
            assert fault("person", "gender", typed) == "not_listed"
        assert fault("person", "gender", ["feminine"]) == "wrong_type"

    def test_several_codes_are_stored_once_in_the_order_of_the_list(self):
        assert one("person", "citizenship", ["AF", "PK", "AF", ""]) == ["PK", "AF"]
        assert fault("person", "citizenship", ["PK", "XX"]) == "not_listed"
        assert fault("person", "citizenship", "PK") == "wrong_type"

    def test_an_answer_that_stands_alone_stands_alone(self):
        assert fault("safety", "safe_contact_way", ["none_now", "call"]) == "exclusive"
        assert one("safety", "safe_contact_way", ["none_now"]) == ["none_now"]

    def test_a_tick_is_there_or_it_is_not(self):
        assert one("screening", "consent_talk", True) is True
        assert one("screening", "consent_talk", False) is None
        assert fault("screening", "consent_talk", "yes") == "wrong_type"


class TestConditions:
    def test_an_answer_whose_question_is_asked_is_kept(self):
        clean, problems = checked("screening", immediate_danger="yes", danger_what="outside the gate")
        assert clean["danger_what"] == "outside the gate"
        assert problems == []

    def test_an_answer_whose_question_is_not_asked_is_named(self):
        clean, problems = checked("screening", immediate_danger="no", danger_what="outside the gate")
        assert "danger_what" not in clean
        assert [(problem.field, problem.code) for problem in problems] == [("danger_what", "not_applicable")]

    def test_one_wrong_answer_gives_one_message(self):
        _, problems = checked("screening", immediate_danger="perhaps", danger_what="outside the gate")
        assert [problem.field for problem in problems] == ["immediate_danger"]

    def test_one_of_several_answers_is_enough(self):
        clean, problems = checked("safety", safe_contact_way=["text", "wait"], safe_phone="03001234567")
        assert clean["safe_phone"] == "+923001234567"
        assert problems == []


class TestTheWholeRecord:
    def test_missing_answers_are_never_refused(self):
        for kind in load().kinds:
            assert checked(kind) == ({}, [])

    def test_unknown_questions_are_counted_not_named(self):
        clean, problems = checked("note", subject="x", **{"\ud800": 1, "secret": 2})
        assert clean == {"subject": "x"}
        assert problems == [Problem("", "unknown_field", {"count": 2})]

    @pytest.mark.parametrize("data", [None, [], "x", 1])
    def test_what_is_no_record_is_refused(self, data):
        assert check(RELEASE, "note", data, {})[1][0].code == "not_a_record"

    def test_an_unknown_version_or_kind_is_refused(self):
        with pytest.raises(UnknownVersion):
            check("0", "note", {}, {})
        with pytest.raises(UnknownKind):
            check(RELEASE, "0", {}, {})

    def test_messages_serve_the_refusal_of_a_service(self):
        _, problems = checked("note", subject="x" * 121)
        refusal = Invalid(messages_by_field(problems))
        message, params = refusal.problems["subject"]
        with speaking("en"):
            assert message % params == problems[0].text
        assert "120" in problems[0].text


class TestCompleteness:
    def test_what_a_stage_requires_is_listed_in_order(self):
        assert missing(RELEASE, "assessment", {}, "S", {}) == ["risk_level"]
        assert missing(RELEASE, "assessment", {}, "I", {}) == ["risk_level", "next_review_date"]
        assert missing(RELEASE, "assessment", {"risk_level": "low"}, "I", {}) == ["next_review_date"]

    def test_identity_is_complete_when_empty(self):
        assert missing(RELEASE, "identity", {}, "C", {}) == []

    def test_only_questions_that_apply_are_counted(self):
        kind = load().kind("screening")
        assert complete_count(kind, {}, "danger") == (0, 1)
        assert complete_count(kind, {"immediate_danger": "yes"}, "danger") == (1, 2)
        done, asked = complete_count(kind, {"immediate_danger": "yes"})
        assert (done, asked) == (1, complete_count(kind, {})[1] + 1)
