"""Shows a record in words: for the read view, letters, blank forms and the comparison of versions."""

import datetime
from collections.abc import Mapping
from typing import Any

from babel.dates import format_date

from caseflow.core.catalogue.checking import applies
from caseflow.core.catalogue.loader import RELEASE, UnknownVersion, load
from caseflow.core.catalogue.model import Field, FieldType, Kind

Line = tuple[str, str, Field]
_PATTERNS = {4: "y", 7: "MMMM y", 10: "d MMMM y"}


def describe(
    kind: Kind, data: Mapping[str, Any], language: str, facts: Mapping[str, Any] | None = None
) -> list[tuple[str, list[Line]]]:
    """Each section's label with its lines (label, value in words, field); "" where there is no answer.

    Questions that do not apply are left out, unless an older version stored an answer.
    """
    shown = []
    for section in kind.sections:
        lines = [
            (field.label[language], in_words(field, data.get(field.code), language), field)
            for field in section.fields
            if data.get(field.code) is not None or applies(field, data, facts or {})
        ]
        if lines:
            shown.append((section.label[language], lines))
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
    return str(value)


def diff(kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Codes of the fields whose stored answer differs, in the order of the kind."""
    return [field.code for field in kind.fields if old.get(field.code) != new.get(field.code)]


def upcast(kind: str, doc: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document in the form of the current version; `doc["catalogue"]` names the one it was written with.

    Raises UnknownVersion for a version that this installation does not know, and UnknownKind.
    """
    load().kind(kind)
    if doc.get("catalogue") != RELEASE:
        raise UnknownVersion
    return doc


def _date_in_words(value: str, language: str) -> str:
    """Day, month in words, year: no reader can mistake the month for the day."""
    year, month, day = (*(int(part) for part in value.split("-")), 1, 1)[:3]
    return format_date(datetime.date(year, month, day), _PATTERNS[len(value)], locale=language)


def _comma(language: str) -> str:
    return "، " if language == "ur" else ", "
