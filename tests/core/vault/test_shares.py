"""Recovery words: any two of three lists give ROOT back, one tells nothing, and what is mistyped is named."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.core.errors import SetupError
from caseflow.core.vault import shares

ROOT = bytes(range(32))


def test_any_two_of_the_three_give_it_back():
    lists = shares.split(ROOT)
    assert len(lists) == shares.MADE == 3
    assert {len(one.split()) for one in lists} == {shares.LENGTH}
    for pair in itertools.permutations(lists, 2):
        assert shares.join(pair) == ROOT


@given(st.binary(min_size=32, max_size=32))
def test_it_is_so_for_every_root(root):
    first, _second, third = shares.split(root)
    assert shares.join([third, first]) == root


def test_one_list_alone_or_twice_gives_nothing():
    one = shares.split(ROOT)[0]
    for lists in ([one], [one, one]):
        with pytest.raises(SetupError, match="do not fit"):
            shares.join(lists)


def test_lists_of_two_kits_do_not_mix():
    with pytest.raises(SetupError, match="do not fit"):
        shares.join([shares.split(ROOT)[0], shares.split(ROOT)[1]])


def test_it_is_read_as_people_type():
    one = shares.split(ROOT)[0]
    words = one.split()
    assert shares.read("\n".join(f"{place}. {word.upper()}" for place, word in enumerate(words, start=1))) == one
    assert shares.read("  ".join(word[:4] for word in words)) == one


@pytest.mark.parametrize("wrong", ["", "xyzzy", "a", "acidd", "\u0645\u062f\u062f", "\ud800"])
def test_a_word_that_is_on_no_sheet_is_named_by_its_place(wrong):
    words = shares.split(ROOT)[0].split()
    words[6] = wrong
    place = "Word 7" if wrong else "A list has 33 words, here are 32"
    with pytest.raises(SetupError) as problem:
        shares.read(" ".join(words))
    assert problem.value.text.startswith(place)


def test_two_words_changed_for_each_other_are_found():
    first, second, _third = shares.split(ROOT)
    words = first.split()
    words[10], words[20] = words[20], words[10]
    if words[10] != words[20]:
        with pytest.raises(SetupError, match="do not fit"):
            shares.join([" ".join(words), second])


@pytest.mark.parametrize("typed", ["", "acid", "acid " * 32, "acid " * 34, "acid " * 100_000])
def test_a_list_of_another_length_is_refused(typed):
    with pytest.raises(SetupError) as problem:
        shares.read(typed)
    assert problem.value.text.startswith("A list has 33 words, here are ")
