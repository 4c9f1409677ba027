"""Every text has its Urdu, and a language holds for as long as it should."""

import re

import pytest

from caseflow.core import words
from caseflow.core.words import gettext, lazy_gettext, ngettext, pgettext, speaking
from caseflow.operations import phrases

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
URDU_LETTER = re.compile(r"[\u0600-\u06ff]")
EASTERN_DIGIT = re.compile(r"[\u0660-\u0669\u06f0-\u06f9]")


def key(message):
    return message.context, message.id if isinstance(message.id, str) else tuple(message.id)


def translated():
    return [one for one in phrases.load() if one.id]


def forms(message):
    """Pairs (English forms joined, Urdu form)."""
    source = message.id if isinstance(message.id, str) else message.id[1]
    strings = message.string if message.pluralizable else (message.string,)
    return [(source, one) for one in strings]


def pairs():
    return [pair for message in translated() for pair in forms(message)]


def test_every_text_of_the_source_has_its_urdu():
    have = {key(one) for one in translated() if phrases.complete(one)}
    assert sorted(str(key(one)) for one in phrases.template() if one.id and key(one) not in have) == []


def test_nothing_is_translated_that_is_not_in_the_source():
    source = {key(one) for one in phrases.template()}
    assert [key(one) for one in translated() if key(one) not in source] == []


def test_placeholders_are_the_same():
    assert [
        (english, urdu) for english, urdu in pairs()
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(urdu))
    ] == []  # fmt: skip


def test_no_lone_percent_sign_breaks_a_text_when_it_is_filled():
    assert [urdu for _english, urdu in pairs() if "%" in PLACEHOLDER.sub("", urdu)] == []


def test_no_english_sentence_is_left():
    assert [
        english for english, urdu in pairs()
        if english == urdu and len(LATIN_WORD.findall(PLACEHOLDER.sub("", english))) > 1
    ] == []  # fmt: skip


def test_each_urdu_text_is_in_urdu_letters_wherever_the_english_has_words():
    silent = {"CaseFlow", "CaseFlow %(version)s"}
    assert [
        english for english, urdu in pairs()
        if LATIN_WORD.search(PLACEHOLDER.sub("", english)) and not URDU_LETTER.search(urdu) and english not in silent
    ] == []  # fmt: skip


def test_urdu_keeps_the_commands_and_settings_of_the_english():
    assert [
        english for english, urdu in pairs()
        if sorted(re.findall(r"`[^`]+`|CASEFLOW_\w+", english)) != sorted(re.findall(r"`[^`]+`|CASEFLOW_\w+", urdu))
    ] == []  # fmt: skip


def test_digits_are_western():
    assert [urdu for _english, urdu in pairs() if EASTERN_DIGIT.search(urdu)] == []


def test_nobody_is_labelled_a_victim_or_an_offender():
    assert [urdu for _english, urdu in pairs() if re.search("متاثرہ|متاثرین|مجرم|ملزم", urdu)] == []


def test_the_edges_of_a_text_are_kept():
    def edges(text):
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [(english, urdu) for english, urdu in pairs() if edges(english) != edges(urdu)] == []


def test_a_refresh_changes_nothing(tmp_path, monkeypatch):
    before = phrases.URDU.read_text(encoding="utf-8")
    copy = tmp_path / "ur" / "caseflow.po"
    copy.parent.mkdir()
    copy.write_text(before, encoding="utf-8")
    monkeypatch.setattr(phrases, "URDU", copy)
    _texts, without = phrases.update()
    assert without == 0
    assert copy.read_text(encoding="utf-8") == before


def test_a_text_is_found_under_any_name_of_the_function(tmp_path):
    source = tmp_path / "page.py"
    source.write_text(
        "from caseflow.core.words import lazy_gettext as _l\n"
        "LABELS = {'return': _l('Returned')}\n"
        "shown = gettext(LABELS['return'])\n"
        "many = ngettext('one file', 'two files', 2)\n"
        "button = words.pgettext('button', 'Open')\n"
    )
    with source.open("rb") as handle:
        found = {one[1:3] for one in phrases.python_texts(handle, phrases.KEYWORDS, (), options={})}
    assert found == {
        ("lazy_gettext", ("Returned",)),
        ("ngettext", ("one file", "two files", None)),
        ("pgettext", ("button", "Open")),
    }


def test_speaking_switches_and_returns():
    with speaking("ur"):
        assert (words.language(), words.direction(), gettext("Save")) == ("ur", "rtl", "محفوظ کریں")
        with speaking("en"):
            assert (words.language(), words.direction(), gettext("Save")) == ("en", "ltr", "Save")
        assert words.language() == "ur"
    assert words.language() == "en"


def test_speaking_returns_after_a_mistake():
    with pytest.raises(ZeroDivisionError), speaking("ur"):
        raise ZeroDivisionError
    assert words.language() == "en"


@pytest.mark.parametrize("code", ["xx", "", "UR", None])
def test_an_unknown_language_is_english(code):
    with speaking(code):
        assert (words.language(), gettext("Save")) == ("en", "Save")
    words.set_language(code)
    assert words.language() == "en"


def test_lazy_texts_follow_the_language():
    label = lazy_gettext("Save")
    assert str(label) == "Save"
    with speaking("ur"):
        assert (str(label), label.__html__()) == ("محفوظ کریں", "محفوظ کریں")
    assert str(label) == "Save"


def test_a_lazy_text_is_filled_and_escaped_when_shown():
    assert lazy_gettext("%(num)s <b>") % {"num": 3} == "3 <b>"
    assert lazy_gettext("a <b>").__html__() == "a &lt;b&gt;"


def test_plurals_and_contexts_follow_the_language():
    assert [ngettext("%(num)s hour", "%(num)s hours", n) for n in (1, 2)] == ["1 hour", "2 hours"]
    with speaking("ur"):
        assert [ngettext("%(num)s hour", "%(num)s hours", n) for n in (1, 2)] == ["1 گھنٹہ", "2 گھنٹے"]
        assert (gettext("Open"), pgettext("button", "Open")) == ("جاری", "کھولیں")


def test_a_text_without_urdu_stays_as_it_is_and_nothing_stays_nothing():
    with speaking("ur"):
        assert gettext("Nobody ever wrote this text.") == "Nobody ever wrote this text."
        assert gettext("") == ""
