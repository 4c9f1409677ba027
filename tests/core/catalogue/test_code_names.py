"""Code names: neutral, in two languages, and drawn from random bytes alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.core.catalogue import draw_code_name
from caseflow.core.catalogue.code_names import _words


class TestWords:
    @pytest.mark.parametrize(("name", "least"), [("adjectives", 60), ("nouns", 120)])
    def test_there_are_enough_and_no_two_are_alike(self, name, least):
        words = _words(name)
        assert len(words) >= least
        for language in (0, 1):
            assert len({pair[language] for pair in words}) == len(words)
            assert all(pair[language].strip() == pair[language] != "" for pair in words)

    def test_no_urdu_adjective_changes_with_gender(self):
        assert not [urdu for _, urdu in _words("adjectives") if urdu.endswith("ا")]


class TestDraw:
    @given(st.binary(min_size=8, max_size=32))
    def test_the_same_bytes_give_the_same_name_in_both_languages(self, drawn):
        english, urdu = draw_code_name(drawn)
        assert draw_code_name(drawn) == (english, urdu)
        assert english.isascii()
        assert not urdu.isascii()

    def test_other_bytes_give_other_names(self):
        assert len({draw_code_name(number.to_bytes(8, "big")) for number in range(5000)}) == 5000

    def test_too_few_bytes_are_refused(self):
        with pytest.raises(ValueError, match="8 random bytes"):
            draw_code_name(b"1234567")
