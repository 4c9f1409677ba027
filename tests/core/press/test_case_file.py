import re
from copy import deepcopy

import jinja2
import pytest

from caseflow.core.press import case_file as files
from caseflow.core.press.errors import Malformed
from tests.core.press import reading
from tests.core.press.audit_samples import CASE_FILE, TRAIL, entry


def changed(content, **parts):
    return deepcopy(content) | parts


class TestCaseFile:
    def test_says_all_that_it_is_given(self):
        pdf = files.case_file(CASE_FILE, language="en")
        assert reading.missing(pdf, reading.html_words(files.case_file_html(CASE_FILE, language="en"))) == set()

    def test_turns_round_for_urdu(self):
        assert '<html lang="ur" dir="rtl">' in files.case_file_html(CASE_FILE, language="ur")
        pdf = files.case_file(CASE_FILE, language="ur")
        assert reading.reader(pdf).trailer["/Root"]["/Lang"] == "ur"
        shown = reading.text(pdf)
        for words in ("CF-7K4M-2QX9", "AU-2026-04", "4be7 4be7", "71ab 71ab", "Sukh Chain Shelter", "نومبر"):
            assert words in shown

    def test_has_cover_index_and_end_page(self):
        pages = [page.extract_text() for page in reading.reader(files.case_file(CASE_FILE, language="en")).pages]
        for words in ("CF-7K4M-2QX9", "AU-2026-04", "Level 1: redacted", "Yearly sample", "9f2c 9f2c"):
            assert words in pages[0]
        index = dict(re.findall(r"\d\. ([A-Z][a-z ]+?)\s+(\d)$", pages[0], flags=re.M))
        assert index["Chronology"] == "2"
        assert index["End of the file"] == str(len(pages))
        assert "71ab 71ab" in pages[-1]
        assert "The chain holds." in pages[-1]

    def test_marks_what_is_withheld_so_that_it_is_not_taken_for_empty(self):
        assert reading.text(files.case_file(CASE_FILE, language="en")).count("withheld at level 1") == 3

    def test_says_when_a_section_is_empty(self):
        lists = ("chronology", "screenings", "consents", "referrals", "notes", "access", "checks")
        html = files.case_file_html(changed(CASE_FILE, **{name: [] for name in lists}), language="en")
        assert html.count("Nothing is recorded.") == len(lists)

    def test_shows_a_failed_check_and_a_broken_chain_in_words(self):
        broken = changed(CASE_FILE, chain=CASE_FILE["chain"] | {"verified": False})
        shown = reading.text(files.case_file(broken, language="en"))
        assert "Failed" in shown
        assert "The chain does not hold" in shown

    def test_prints_a_hostile_title_as_plain_text(self):
        note = CASE_FILE["notes"][0] | {"title": "<script>x</script> {{ cover }}"}
        shown = reading.text(files.case_file(changed(CASE_FILE, notes=[note]), language="en"))
        assert "<script>x</script> {{ cover }}" in shown

    def test_refuses_a_file_with_a_part_missing(self):
        content = deepcopy(CASE_FILE)
        del content["checks"]
        with pytest.raises(jinja2.UndefinedError):
            files.case_file(content, language="en")

    def test_is_named_by_case_number_only(self):
        assert files.file_name("CF-7K4M-2QX9") == "CF-7K4M-2QX9.pdf"
        assert files.trail_name("CF-7K4M-2QX9") == "CF-7K4M-2QX9-trail.pdf"
        with pytest.raises(Malformed):
            files.file_name("Blue Cedar")

    def test_carries_no_words_of_the_case_in_its_properties(self):
        properties = reading.reader(files.case_file(CASE_FILE, language="en")).metadata
        assert properties.title == "Case file CF-7K4M-2QX9"
        assert properties.author == CASE_FILE["cover"]["office"]

    def test_gives_the_same_bytes_again(self):
        assert files.case_file(CASE_FILE, language="ur") == files.case_file(CASE_FILE, language="ur")


class TestTrail:
    @pytest.mark.parametrize("language", ["en", "ur"])
    def test_prints_every_entry_on_lying_pages_with_a_head(self, language):
        pdf = files.trail(TRAIL, language=language)
        pages = reading.reader(pdf).pages
        assert all(page.mediabox.width > page.mediabox.height for page in pages)
        assert len(pages) > 2
        shown = reading.text(pdf)
        assert all(f"{seq:04x} {seq:04x}" in shown for seq in range(1, 49))
        assert shown.count("case:record:saved") == 48

    def test_repeats_the_head_of_the_table(self):
        many = changed(TRAIL, entries=[entry(seq) for seq in range(60)])
        for page in reading.reader(files.trail(many, language="en")).pages[:-1]:
            assert "Time (UTC)" in page.extract_text()

    def test_shows_an_empty_trail(self):
        assert "Nothing is recorded." in files.trail_html(changed(TRAIL, entries=[]), language="en")

    def test_shows_both_dates_where_something_was_recorded_later(self):
        html = files.trail_html(TRAIL, language="en")
        assert html.count("happened on") == 1
        assert "2026-11-16" in html
