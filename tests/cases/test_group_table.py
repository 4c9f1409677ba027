"""Lines pasted from a spreadsheet: understood in two languages, cleared of names and numbers of people."""

import pytest

from caseflow.cases.services import MOST_LINES, read_table
from caseflow.cases.services.group_lines import code_for, normal, read_line, with_twins
from caseflow.core.errors import Invalid
from tests.cases import groups

TODAY = "2026-11-03"


def rows(text):
    return read_table(text).rows


class TestHead:
    @pytest.mark.parametrize("head", [groups.HEAD, groups.HEAD_UR])
    def test_is_understood_in_both_languages(self, head):
        found = rows(groups.table(2, head=head))
        assert found[1]["line_label"] == "A1"
        assert found[1]["gender"] == "female"
        assert found[1]["agreed_record"] == "yes"

    @pytest.mark.parametrize("mark", ["\t", ";", ",", "|", "،"])
    def test_the_mark_between_cells_is_found(self, mark):
        assert rows(groups.table(1).replace("\t", mark))[0]["age_at_contact"] == "18"

    def test_columns_may_stand_in_any_order(self):
        assert rows("Age,Sex\n24,m") == [{"age_at_contact": "24", "gender": "m"}]

    def test_without_a_head_the_words_tell_which_column_is_which(self):
        table = read_table("A1\tm\t24\t\tPK\tyes\ty")
        known = ["line_label", "gender", "age_at_contact", None, "citizenship", "agreed_talk", "agreed_record"]
        assert table.guessed == known
        assert table.samples[:3] == [["A1"], ["m"], ["24"]]

    def test_free_words_are_never_guessed_to_be_a_need(self):
        table = read_table("1\tFictional Canary\tm\t24\n2\tFictional Sparrow\tf\t31\n3\tNobody Else\tf\t9")
        assert table.guessed == ["line_label", None, "gender", "age_at_contact"]
        assert "Canary" not in str(table.rows)

    def test_what_somebody_chose_counts(self):
        found = read_table("m\twater", columns=["gender", "urgent_need"])
        assert (found.rows, found.samples) == ([{"gender": "m", "urgent_need": "water"}], [])

    def test_without_a_head_and_without_marks_the_gender_stands_first(self):
        assert rows("m\t24\nf\t31") == [
            {"gender": "m", "age_at_contact": "24"}, {"gender": "f", "age_at_contact": "31"}
        ]  # fmt: skip

    def test_quoted_cells_may_hold_marks_and_line_breaks(self):
        assert rows('Sex,Age,Need\nm,24,"water,\nbread"')[0]["urgent_need"] == "water, bread"

    def test_empty_lines_are_no_lines(self):
        assert len(rows(groups.table(2) + "\n\n\t\t\t\n")) == 2


class TestWhatNobodyMayKeep:
    @pytest.mark.parametrize(
        "head",
        ["Name", "Full name", "Father's name", "CNIC", "CNIC No.", "Mobile", "Phone", "Address", "نام", "شناختی کارڈ"],
    )
    def test_a_column_of_it_is_left_out(self, head):
        table = read_table(f"{head}\tSex\tAge\nFictional Person\tm\t24")
        assert table.rows == [{"gender": "m", "age_at_contact": "24"}]
        assert table.dropped == 1

    def test_a_word_in_the_place_of_a_mark_is_left_out(self):
        table = read_table("Mark\tSex\tAge\nZarmeena\tf\t24\nA2\tm\t30")
        assert [row["line_label"] for row in table.rows] == ["", "A2"]
        assert table.names == 1

    @pytest.mark.parametrize("number", ["35202-1234567-8", "0300 1234567", "+92 300 1234567", "۰۳۰۰۱۲۳۴۵۶۷"])
    def test_a_long_number_is_left_out_wherever_it_stands(self, number):
        table = read_table(f"Sex\tAge\tNeed\nm\t24\tcall {number} soon")
        assert table.rows[0]["urgent_need"] == "call  soon"
        assert table.numbers == 1

    def test_a_column_nobody_knows_is_left_out(self):
        table = read_table("Sex\tAge\tFavourite colour\nm\t24\tgreen")
        assert (table.unknown, table.rows) == (1, [{"gender": "m", "age_at_contact": "24"}])

    def test_columns_beyond_the_head_are_left_out(self):
        assert read_table("Sex\tAge\nm\t24\tZarmeena").rows == [{"gender": "m", "age_at_contact": "24"}]


class TestLimits:
    @pytest.mark.parametrize("text", ["", " \n\t\n", "-\n--"])
    def test_nothing_is_said_to_be_nothing(self, text):
        with pytest.raises(Invalid):
            read_table(text)

    def test_as_many_lines_as_fit(self):
        assert len(rows(groups.table(MOST_LINES))) == MOST_LINES

    @pytest.mark.parametrize(("count", "room"), [(61, 60), (500, 60), (11, 10)])
    def test_more_lines_than_fit_are_refused_whole(self, count, room):
        with pytest.raises(Invalid) as refused:
            read_table(groups.table(count), room=room)
        assert refused.value.problems["paste"][1]["count"] == count

    def test_a_megabyte_is_refused(self):
        with pytest.raises(Invalid):
            read_table("x" * 1_000_000)

    @pytest.mark.parametrize(
        "text", ['"' * 999, '"a\tb\nc', "\x00\x00m\t24", "\u202em\t24", "=cmd|' /C calc'!A0\tm", "\ud800\tm"]
    )
    def test_nothing_breaks_it(self, text):
        assert isinstance(read_table(text).rows, list)


class TestWords:
    @pytest.mark.parametrize(
        ("of", "word", "code"),
        [
            ("gender", "F", "feminine"), ("gender", "لڑکی", "feminine"), ("gender", "Khawaja sira", "non_conforming"),
            ("yes_no", "جی", "yes"), ("yes_no", "NO", "no"), ("country", "افغانستان", "AF"),
            ("country", "Afghan", "AF"),
            ("language", "پشتو", "ps"), ("child_with", "Alone", "alone"), ("majority_status", "child", "minor"),
        ],
    )  # fmt: skip
    def test_are_read_in_both_languages(self, of, word, code):
        assert code_for(of, word) == code

    def test_two_forms_of_an_urdu_letter_are_one(self):
        assert normal("پاكستاني") == normal("پاکستانی")

    def test_a_word_without_meaning_has_no_code(self):
        assert code_for("gender", "???") is None


def line(**cells):
    said = {"agreed_talk": "yes", "agreed_record": "yes", **cells}
    return read_line(groups.uuid4(), 1, said, {"contact_date": "2026-11-02"}, TODAY)


class TestLine:
    def test_a_good_one_is_a_screening_of_its_own(self):
        found = line(gender="f", age_at_contact="۲۴", citizenship="پاکستان / Afghan", urgent_need="water")
        assert found.answers == {
            "contact_date": "2026-11-02", "consent_talk": True, "consent_record": True, "immediate_danger": "yes",
            "danger_what": "water", "age_at_contact": 24, "majority_status": "adult", "gender": "feminine",
            "citizenship": ["PK", "AF"], "outcome": "intake",
        }  # fmt: skip

    @pytest.mark.parametrize(("age", "majority"), [("17", "minor"), ("18", "adult"), ("0", "minor"), ("", "unknown")])
    def test_the_age_says_adult_or_child_and_doubt_counts_as_child(self, age, majority):
        assert line(age_at_contact=age).answers["majority_status"] == majority

    @pytest.mark.parametrize(
        ("cells", "where"),
        [
            ({"gender": "femmale"}, "gender"),
            ({"age_at_contact": "many"}, "age_at_contact"),
            ({"age_at_contact": "-4"}, "age_at_contact"),
            ({"age_at_contact": "12", "majority_status": "adult"}, "majority_status"),
            ({"citizenship": "Atlantis"}, "citizenship"),
            ({"child_with": "parent", "age_at_contact": "40"}, "child_with"),
            ({"agreed_talk": ""}, "agreed_talk"),
            ({"agreed_record": ""}, "agreed_record"),
            ({"agreed_talk": "no"}, "agreed_talk"),
            ({"line_label": "Zarmeena"}, "line_label"),
            ({"urgent_need": "=cmd|' /C calc'!A0"}, "urgent_need"),
            ({"urgent_need": "turned \u202e round"}, "urgent_need"),
            ({"urgent_need": "x" * 201}, "urgent_need"),
            ({"gender": "x" * 100_000}, "gender"),
        ],
    )
    def test_a_wrong_cell_has_its_message_and_no_other(self, cells, where):
        found = line(**cells)
        assert set(found.problems) == {where}
        assert found.answers == {}

    def test_who_wants_no_record_is_asked_nothing_else(self):
        found = line(agreed_record="no", gender="femmale", agreed_talk="")
        assert (found.declined, found.ready, found.answers) == (True, True, {})

    def test_one_mark_twice_or_all_the_same_twice_is_told(self):
        same = {"gender": "f", "age_at_contact": "24"}
        cells = [
            {"line_label": "A1"},
            {"line_label": "a1"},
            same,
            {**same, "gender": "F"},
            {**same, "citizenship": "PK"},
            {},
        ]
        lines = [read_line(groups.uuid4(), number, one, {}, TODAY) for number, one in enumerate(cells, 1)]
        assert [one.twins for one in with_twins(lines)] == [(2,), (1,), (4,), (3,), (), ()]
