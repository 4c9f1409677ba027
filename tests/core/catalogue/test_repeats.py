"""Answers of several items: checked item by item, shown in words, counted, compared; and kinds that facts open."""

import pytest

from caseflow.core.catalogue import (
    RELEASE,
    check,
    complete_count,
    describe,
    diff,
    in_words,
    is_asked,
    load,
    missing,
    rests_outside,
)

FACTS = {"today": "2026-11-03", "case_type": "tip_som", "majority_status": "adult"}
JOURNEY = load().kind("journey")
FIRST = {"id": "a1a1a1a1", "event": "transit", "when": "2025-03", "country": "PK", "province": "PK-PB"}
SECOND = {"id": "b2b2b2b2", "event": "border_crossing", "country": "IR", "crossing": "taftan"}


def legs(*items):
    clean, problems = check(RELEASE, "journey", {"legs": list(items)}, FACTS)
    return clean.get("legs"), [(one.field, one.code) for one in problems]


class TestCheck:
    def test_items_keep_their_order_and_their_ids(self):
        assert legs(SECOND, FIRST) == ([SECOND, FIRST], [])

    def test_clean_items_stay_as_they_are(self):
        clean, _ = legs({"id": "a1a1a1a1", "when": "3 2025", "city": "  Quetta "})
        assert clean == [{"id": "a1a1a1a1", "when": "2025-03", "city": "Quetta"}]
        assert legs(*clean) == (clean, [])

    def test_an_item_in_which_nothing_was_answered_is_not_kept(self):
        assert legs({"id": "a1a1a1a1"}, SECOND, {"id": "c3c3c3c3", "city": "  "}) == ([SECOND], [])
        assert legs({"id": "a1a1a1a1"}) == (None, [])

    def test_a_problem_names_the_item(self):
        wrong = {"id": "c3c3c3c3", "when": "99", "city": "x" * 500, "event": "flight"}
        clean, problems = legs(FIRST, wrong)
        assert clean == [FIRST]
        assert problems == [
            ("legs-c3c3c3c3-event", "not_listed"), ("legs-c3c3c3c3-when", "date_range"),
            ("legs-c3c3c3c3-city", "too_long"),
        ]  # fmt: skip

    def test_the_future_is_refused_inside_an_item_too(self):
        assert legs({"id": "a1a1a1a1", "when": "2026-12"})[1] == [("legs-a1a1a1a1-when", "future")]

    def test_a_question_of_an_item_rests_on_the_answers_of_the_same_item(self):
        crossing = {"id": "c3c3c3c3", "event": "transit", "crossing": "taftan"}
        assert legs(SECOND, crossing)[1] == [("legs-c3c3c3c3-crossing", "not_applicable")]

    @pytest.mark.parametrize(
        "raw", ["x", {"id": "a1a1a1a1"}, ["a"], [{"event": "transit"}], [{"id": "../../x"}], [{"id": "A1A1A1A1"}],
                [{"id": 7}], [FIRST, FIRST]],
    )  # fmt: skip
    def test_what_is_no_list_of_items_is_refused(self, raw):
        assert [one.code for one in check(RELEASE, "journey", {"legs": raw}, FACTS)[1]] == ["wrong_type"]

    def test_a_stranger_inside_an_item_is_refused(self):
        assert legs({**FIRST, "role": "x"})[1] == [("legs", "unknown_field")]

    def test_sixty_are_kept_and_one_more_is_refused_with_the_limit(self):
        many = [{"id": f"{number:08x}", "event": "transit"} for number in range(61)]
        assert len(legs(*many[:60])[0]) == 60
        problem = check(RELEASE, "journey", {"legs": many}, FACTS)[1][0]
        assert (problem.field, problem.code, problem.params) == ("legs", "too_many", {"limit": 60, "count": 61})


class TestWords:
    def test_each_item_is_a_part_of_its_own_with_what_was_answered(self):
        shown = describe(JOURNEY, {"legs": [FIRST, SECOND]}, "en")
        assert [heading for heading, _ in shown] == ["The way, leg by leg", "Leg 1", "Leg 2"]
        assert [(label, value) for label, value, _ in shown[2][1]] == [
            ("What happened?", "Border crossing"), ("Country", "Iran"), ("Crossing point", "Taftan (Mirjaveh, Iran)"),
        ]  # fmt: skip

    def test_none_yet_is_one_line_without_an_answer(self):
        ((heading, lines),) = describe(JOURNEY, {}, "ur")
        assert heading == "سفر، مرحلہ وار"
        assert [value for _, value, _ in lines] == [""]

    def test_in_one_text_the_items_are_numbered(self):
        words = in_words(JOURNEY.field("legs"), [FIRST, SECOND], "en")
        assert words.split("\n") == [
            "1. Transit · March 2025 · Pakistan · Punjab",
            "2. Border crossing · Iran · Taftan (Mirjaveh, Iran)",
        ]

    def test_another_order_is_a_difference(self):
        assert diff(JOURNEY, {"legs": [FIRST, SECOND]}, {"legs": [SECOND, FIRST]}) == ["legs"]


class TestCompleteness:
    def test_a_repeat_counts_as_one_question(self):
        assert complete_count(JOURNEY, {}) == (0, 1)
        assert complete_count(JOURNEY, {"legs": [FIRST, SECOND]}) == (1, 1)

    def test_a_need_without_its_service_is_open(self):
        whole = {"risk_level": "low", "next_review_date": "2026-11-20", "assessed_on": "2026-11-03"}
        needs = [{"id": "a1a1a1a1", "service": "legal"}, {"id": "b2b2b2b2", "note": "advice"}]
        assert missing(RELEASE, "assessment", {**whole, "needs": needs[:1]}, "A", FACTS) == []
        assert missing(RELEASE, "assessment", {**whole, "needs": needs}, "A", FACTS) == ["needs"]
        assert missing(RELEASE, "assessment", {**whole, "needs": needs}, "I", FACTS) == []

    @pytest.mark.parametrize(("majority", "open_"), [("minor", True), ("unknown", True), ("adult", False)])
    def test_best_interests_are_asked_of_whoever_may_be_a_child(self, majority, open_):
        assert ("best_interests" in missing(RELEASE, "assessment", {}, "A", {"majority_status": majority})) == open_


class TestFacts:
    @pytest.mark.parametrize(
        ("case_type", "kinds"),
        [
            ("tip", {"trafficking"}),
            ("som", {"smuggling", "journey"}),
            ("tip_som", {"trafficking", "smuggling", "journey"}),
            ("undetermined", {"trafficking", "smuggling", "journey"}),
            ("vulnerable_migrant", {"journey"}),
        ],
    )
    def test_the_type_of_the_case_opens_what_people_went_through(self, case_type, kinds):
        resting = [kind for kind in load().kinds.values() if kind.condition]
        assert {kind.code for kind in resting if is_asked(kind, {"case_type": case_type})} == kinds

    def test_every_other_kind_is_always_asked(self):
        assert all(is_asked(kind, {}) for kind in load().kinds.values() if not kind.condition)

    @pytest.mark.parametrize("majority", ["minor", "unknown"])
    def test_no_means_are_asked_of_a_child(self, majority):
        facts = {**FACTS, "majority_status": majority}
        assert check(RELEASE, "trafficking", {"acts": ["receipt"]}, facts) == ({"acts": ["receipt"]}, [])
        assert [one.field for one in check(RELEASE, "trafficking", {"means": ["fraud"]}, facts)[1]] == ["means"]

    def test_what_was_stored_before_a_fact_changed_stays_until_it_is_changed(self):
        facts, former = {**FACTS, "majority_status": "minor"}, {"means": ["fraud"]}
        assert check(RELEASE, "trafficking", {"means": ["fraud"]}, facts, former) == (former, [])
        assert check(RELEASE, "trafficking", {"means": ["force"]}, facts, former)[1][0].code == "not_applicable"

    def test_only_facts_close_a_question_for_good(self):
        trafficking = load().kind("trafficking")
        resting = [field.code for field in trafficking.fields if rests_outside(trafficking, field)]
        assert resting == ["means"]
