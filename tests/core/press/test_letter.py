import json
import re
from dataclasses import replace
from datetime import datetime

import pytest
import segno

from caseflow.core.press import letter as letters
from caseflow.core.press import qr
from caseflow.core.press.errors import Malformed
from caseflow.core.press.letter import Copy, Letter, Line
from tests.core.press import reading
from tests.core.press.samples import ISSUE, LETTER, LETTER_UR

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {% raw %} ${7*7} '; DROP TABLE x --"


def with_lines(count, value="A short value"):
    return replace(LETTER, lines=tuple(Line(label=f"Group {n}", value=value) for n in range(count)))


class TestSnapshotPart:
    def test_is_the_same_after_a_journey_through_json(self):
        document = json.loads(json.dumps(LETTER.to_document()))
        assert document == LETTER.to_document()
        assert Letter.from_document(document) == LETTER

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"name": "Zarmina"}, "name"),
            ({"consent": None}, "consent"),
            ({"consent": 7}, "consent"),
            ({"lines": "x"}, "lines"),
            ({"lines": [{"label": "x"}]}, "lines.0.value"),
            ({"lines": [{"label": "x", "value": "y", "note": "z"}]}, "lines.0.note"),
            ({"ask": []}, "ask"),
            ({"template": "letter-0"}, "template"),
            ({"language": "fr"}, "language"),
            ({"urgency": {"level": "soon", "text": "x"}}, "urgency.level"),
        ],
    )
    def test_refuses_another_shape_and_says_where(self, change, where):
        with pytest.raises(Malformed) as refusal:
            Letter.from_document(LETTER.to_document() | change)
        assert refusal.value.params == {"field": where}

    def test_reads_an_older_letter_and_prints_none_in_new_words(self):
        document = LETTER.to_document() | {"template": "letter-1"}
        del document["officer_name"]
        letter = Letter.from_document(document)
        assert letter.officer_name == ""
        with pytest.raises(Malformed):
            letters.as_html(letter, ISSUE)

    def test_refuses_a_missing_part(self):
        document = LETTER.to_document()
        del document["consent"]
        with pytest.raises(Malformed):
            Letter.from_document(document)


class TestIssue:
    @pytest.mark.parametrize(
        "change", [{"number": "../x"}, {"number": ""}, {"snapshot_hash": "4be7"}, {"approver_post": ""}]
    )
    def test_refuses_what_the_register_cannot_have_given(self, change):
        with pytest.raises(Malformed):
            replace(ISSUE, **change)

    def test_gives_a_neutral_file_name(self):
        assert letters.file_name("R-5T2N-8W") == "letter-R-5T2N-8W-1.pdf"
        assert letters.file_name("R-5T2N-8W", letters.Copy.PERSON) == "letter-R-5T2N-8W-2.pdf"
        with pytest.raises(Malformed):
            letters.file_name("R-1/../x")


class TestRender:
    def test_says_in_english_all_that_the_snapshot_holds(self):
        pdf = letters.render(LETTER, ISSUE)
        assert reading.missing(pdf, reading.html_words(letters.as_html(LETTER, ISSUE))) == set()
        shown = " ".join(reading.text(pdf).split())
        for text in (LETTER.ask.reason, LETTER.to_organisation, "4be7 90a2 c15d 83f6", "H7QD", "R-5T2N-8W"):
            assert text in shown
        assert "12:20 on Tuesday 17 November 2026" in shown
        assert "Page 1 / 2" in shown

    def test_is_one_page_to_read_and_one_to_send_back(self):
        for letter in (LETTER, LETTER_UR):
            first, second = reading.reader(letters.render(letter, ISSUE)).pages
            assert ISSUE.check_code not in first.extract_text()
            assert ISSUE.check_code in second.extract_text()

    def test_says_in_urdu_what_the_snapshot_holds(self):
        pdf = letters.render(LETTER_UR, ISSUE)
        source = reading.html_words(letters.as_html(LETTER_UR, ISSUE))
        # Tools lose a few words to lam-alef and glued signs (Vazirmatn: 109 of 118 with pypdf).
        assert len(reading.missing(pdf, source)) <= len(reading.words_of(source)) // 10
        assert reading.reader(pdf).trailer["/Root"]["/Lang"] == "ur"
        assert 'dir="rtl"' in letters.as_html(LETTER_UR, ISSUE)

    def test_carries_its_fonts(self):
        assert reading.fonts(letters.render(LETTER, ISSUE)) == {"CF-Latin": True, "CF-Latin-Bold": True}
        urdu = reading.fonts(letters.render(LETTER_UR, ISSUE))
        assert set(urdu) == {"CF-Latin", "CF-Latin-Bold", "CF-Arabic", "CF-Arabic-Bold"}
        assert all(urdu.values())

    def test_gives_the_same_bytes_again(self):
        assert letters.render(LETTER_UR, ISSUE) == letters.render(LETTER_UR, ISSUE)

    def test_names_no_person_in_its_properties(self):
        pdf = letters.render(LETTER, ISSUE)
        properties = reading.reader(pdf).metadata
        assert properties.title == "Letter R-5T2N-8W"
        assert properties.author == LETTER.letterhead.name
        assert properties.subject is None
        xmp = reading.reader(pdf).trailer["/Root"]["/Metadata"].get_data().decode()
        assert not any(line.value in xmp for line in LETTER.lines)

    def test_leaves_out_what_is_empty(self):
        bare = replace(LETTER, safety=(), ask=replace(LETTER.ask, hopes="", support_given="", escort=""))
        html = letters.as_html(bare, ISSUE)
        for words in ("Keep the person safe", "hopes for", "already given", "Who comes along", "Appointment"):
            assert words not in html

    def test_says_that_approval_follows_when_nobody_approved_yet(self):
        html = letters.as_html(LETTER, replace(ISSUE, approver_post="", approved_at=None))
        assert "approval to follow" in html
        assert "Approved by" not in html

    def test_refuses_a_time_without_zone(self):
        with pytest.raises(ValueError, match="zone"):
            letters.as_html(LETTER, replace(ISSUE, answer_by=datetime(2026, 11, 17)))  # noqa: DTZ001  the point


class TestHostileValues:
    def test_prints_them_as_plain_text(self):
        pdf = letters.render(with_lines(3, HOSTILE), ISSUE)
        shown = reading.text(pdf)
        assert shown.count("<script>alert(1)</script>") == 3
        assert "{{ 7*7 }}" in shown
        assert "49" not in shown

    def test_loads_nothing_that_a_value_names(self):
        pdf = letters.render(with_lines(1, "<img src=file:///etc/hostname><link href=http://127.0.0.1:9>"), ISSUE)
        assert "<img src=file:///etc/hostname>" in reading.text(pdf)

    @pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\u202e", "\u2066", "\ud800"])
    def test_drops_signs_that_cannot_be_seen(self, sign):
        html = letters.as_html(with_lines(1, f"be{sign}fore"), ISSUE)
        assert sign not in html
        assert "before" in html

    def test_keeps_the_joiners_of_urdu_and_shows_emoji(self):
        assert "می\u200cشود" in letters.as_html(with_lines(1, "می\u200cشود"), ISSUE)
        assert letters.render(with_lines(1, "A heart ❤ and 🙂"), ISSUE)

    def test_gives_each_value_its_own_direction(self):
        html = letters.as_html(with_lines(1, "وہ گھر پر ہے۔"), ISSUE)
        assert '<td><bdi dir="rtl">وہ گھر پر ہے۔</bdi></td>' in html


class TestLongContent:
    @pytest.mark.parametrize(("lines", "pages"), [(1, 2), (40, 3)])
    def test_flows_over_as_many_pages_as_it_needs(self, lines, pages):
        pdf = letters.render(with_lines(lines), ISSUE)
        assert len(reading.reader(pdf).pages) == pages
        assert f"Group {lines - 1}" in reading.text(pdf)

    def test_breaks_a_value_without_a_space_and_a_value_longer_than_a_page(self):
        pdf = letters.render(with_lines(2, "x" * 300 + " " + "long words " * 900), ISSUE)
        shown = re.sub(r"\s", "", reading.text(pdf))
        # A page may end between the two words of a pair, so each is counted by itself.
        assert shown.count("long") >= 1800
        assert shown.count("words") >= 1800
        assert "x" * 300 in shown

    def test_keeps_line_breaks(self):
        page = reading.text(letters.render(with_lines(1, "first\nsecond"), ISSUE))
        assert "first\nsecond" in page


class TestPersonsCopy:
    def test_tells_a_finder_nothing(self):
        pdf = letters.render(LETTER, ISSUE, copy=Copy.PERSON)
        shown = reading.text(pdf)
        assert ISSUE.number in shown
        for secret in (LETTER.ask.service, LETTER.to_organisation, LETTER.letterhead.name, "Blue Cedar", "CONFID"):
            assert secret not in shown
        assert reading.reader(pdf).metadata.author is None

    def test_the_file_copy_says_so(self):
        assert "Copy 3 of 3: for the file" in letters.as_html(LETTER, ISSUE, copy=Copy.FILE)


class TestSquare:
    def test_holds_number_and_check_code_only(self):
        assert qr.payload("R-5T2N-8W", "H7QD") == "R-5T2N-8W H7QD"

    def test_draws_every_module_of_the_code(self):
        side, path = qr.path("R-5T2N-8W", "H7QD")
        drawn = [[0] * side for _ in range(side)]
        for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
            for step in range(int(run)):
                drawn[int(y)][int(x) + step] = 1
        code = segno.make_qr("R-5T2N-8W H7QD", error="m", boost_error=False)
        assert drawn == [list(row) for row in code.matrix_iter(border=4)]
