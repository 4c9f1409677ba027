"""Shows a record in words: for the read view, letters, blank forms and the comparison of versions."""

import datetime
from collections.abc import Mapping
from typing import Any

from babel.dates import format_date

from caseflow.core.catalogue.checking import applies
from caseflow.core.catalogue.loader import load
from caseflow.core.catalogue.model import Field, FieldType, Kind

Line = tuple[str, str, Field]
_PATTERNS = {4: "y", 7: "MMMM y", 10: "d MMMM y"}


def describe(
    kind: Kind, data: Mapping[str, Any], language: str, facts: Mapping[str, Any] | None = None
) -> list[tuple[str, list[Line]]]:
    """Each section's label with its lines (label, value in words, field); "" where there is no answer.

    Questions that do not apply are left out, unless an older version stored an answer. The items of a repeat follow
    their section as parts of their own, each with what was answered.
    """
    shown = []
    for section in kind.sections:
        here = [field for field in section.fields if _is_shown(field, data, facts or {})]
        lines = [_line(field, data, language) for field in here if not _has_items(field, data)]
        if here:
            shown.append((section.label[language], lines))
        shown += [part for field in here if _has_items(field, data) for part in _parts(field, data, language)]
    return shown


def in_words(field: Field, value: object, language: str) -> str:
    """One stored answer in a language, "" for none."""
    if value is None:
        return ""
    match field.type:
        case FieldType.CODE | FieldType.CODES if field.options is not None:
            codes = value if isinstance(value, list) else [value]
            return _comma(language).join(field.options.label(str(code), language) for code in codes)
        case FieldType.TICK:
            return load().label("yes_no", "yes" if value else "no", language)
        case FieldType.DATE | FieldType.PARTIAL_DATE:
            return _date_in_words(str(value), language)
        case FieldType.REPEAT if isinstance(value, list):
            told = [item_in_words(field, item, language) for item in value]
            return "\n".join(f"{number}. {words}" for number, words in enumerate(told, 1))
    return str(value)


def item_in_words(field: Field, item: Mapping[str, Any] | None, language: str) -> str:
    """One item of a repeat in a line, "" when there is none."""
    words = [in_words(inner, (item or {}).get(inner.code), language) for inner in field.items]
    return " · ".join(word for word in words if word)


def name_of_item(field: Field, number: int, language: str) -> str:
    """What an item is called on a page: its word and its place."""
    return f"{field.item_label[language]} {number}"


def diff(kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Codes of the fields whose stored answer differs, in the order of the kind."""
    return [field.code for field in kind.fields if old.get(field.code) != new.get(field.code)]


def _is_shown(field: Field, data: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    return data.get(field.code) is not None or applies(field, data, facts)


def _has_items(field: Field, data: Mapping[str, Any]) -> bool:
    return field.type is FieldType.REPEAT and bool(data.get(field.code))


def _line(field: Field, data: Mapping[str, Any], language: str) -> Line:
    return field.label[language], in_words(field, data.get(field.code), language), field


def _parts(field: Field, data: Mapping[str, Any], language: str) -> list[tuple[str, list[Line]]]:
    return [
        (
            name_of_item(field, number, language),
            [_line(inner, item, language) for inner in field.items if item.get(inner.code) is not None],
        )
        for number, item in enumerate(data[field.code], 1)
    ]


def _date_in_words(value: str, language: str) -> str:
    """Day, month in words, year: no reader can mistake the month for the day."""
    year, month, day = (*(int(part) for part in value.split("-")), 1, 1)[:3]
    return format_date(datetime.date(year, month, day), _PATTERNS[len(value)], locale=language)


def _comma(language: str) -> str:
    return "، " if language == "ur" else ", "
