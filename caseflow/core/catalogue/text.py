"""Text as people type and paste it: what is kept, what is refused, and digits of Urdu made Latin."""

import re
import unicodedata
from typing import Final

from caseflow.core.catalogue.faults import Fault

# U+202D and U+202E force a direction on everything after them: a line would read otherwise than it is stored.
# The other direction marks are kept, since Urdu text needs them and telephones add them when text is copied.
_OVERRIDES: Final = frozenset("\u202d\u202e")
_MARKS: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\u061c]")
_BREAKS: Final = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# Composing shortens text at most some four times; what is longer still is refused without that work.
_SHRINK: Final = 4
_NUMBER_LIMIT: Final = 60


def clean_text(raw: object, limit: int) -> str | None:
    """Text of several lines in Unicode NFC, None when blank; raises Fault. `limit` counts characters."""
    if not isinstance(raw, str):
        raise Fault("wrong_type")
    if len(raw) > limit * _SHRINK:
        raise Fault("too_long", limit=limit, length=len(raw))
    text = _BREAKS.sub("\n", raw)
    for character in set(text):
        _refuse_character(character)
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > limit:
        raise Fault("too_long", limit=limit, length=len(text))
    return text or None


def clean_line(raw: object, limit: int) -> str | None:
    """Text of one line in Unicode NFC, None when blank; raises Fault."""
    text = clean_text(raw, limit)
    if text is not None and "\n" in text:
        raise Fault("one_line")
    return text


def latin_digits(raw: object, fault: str) -> str:
    """A number as typed, with Urdu, Arabic and other digits made Latin and direction marks dropped.

    Raises Fault `fault` when it is longer than any number.
    """
    if not isinstance(raw, str):
        raise Fault("wrong_type")
    if len(raw) > _NUMBER_LIMIT:
        raise Fault(fault)
    for character in set(raw):
        if unicodedata.category(character) in ("Cs", "Cc"):
            raise Fault(fault)
    return "".join(_latin(character) for character in _MARKS.sub("", raw)).strip()


def _latin(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _refuse_character(character: str) -> None:
    if character in "\n\t":
        return
    if "\ud800" <= character <= "\udfff":
        raise Fault("unreadable")
    if unicodedata.category(character) == "Cc" or ord(character) & 0xFFFE == 0xFFFE:
        raise Fault("control")
    if character in _OVERRIDES:
        raise Fault("direction")
