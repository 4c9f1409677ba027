"""Level 1 of redaction: what of a case's records may stand in a file that an auditor takes along.

No value of class S or X, none of class D, and no free text of any class: what somebody typed can hold a name. A
question of class S is never shown or left out by the answers to others, for its place alone would tell.
"""

from collections.abc import Mapping
from typing import Any

from caseflow.core import catalogue
from caseflow.core.catalogue import DataClass, Field, FieldType, Section
from caseflow.core.words import gettext as _
from caseflow.core.words import language

Line = tuple[str, str | None]
OPEN_CLASSES = frozenset({DataClass.O, DataClass.P})
CODED = frozenset(
    {FieldType.CODE, FieldType.CODES, FieldType.TICK, FieldType.NUMBER, FieldType.DATE, FieldType.PARTIAL_DATE,
     FieldType.TIME}
)  # fmt: skip
# These services say by themselves what was done to the person, or what the person fears.
TELLING_SERVICES = frozenset({"sexual_rehab", "labour_rehab", "forensic", "asylum", "witness_protection"})
SHELTER_CLASS = "L4_shelter"


def redacted_lines(kind: str, data: Mapping[str, Any]) -> list[Line]:
    """The answers of a record as (label, value); None is withheld, and an open question is said to be one.

    A section of which nothing may be shown is one line. Values of class D are not even mentioned.
    """
    return [line for section in catalogue.load().kind(kind).sections for line in _section(section, data)]


def _section(section: Section, data: Mapping[str, Any]) -> list[Line]:
    fields = [field for field in section.fields if field.klass is not DataClass.D]
    lines: list[Line] = [(field.label[language()], _value(field, data)) for field in fields]
    if lines and all(value is None for _label, value in lines):
        return [(section.label[language()], None)]
    return lines


def _value(field: Field, data: Mapping[str, Any]) -> str | None:
    if field.klass not in OPEN_CLASSES or field.type not in CODED:
        return None
    return catalogue.in_words(field, data.get(field.code), language()) or _("not answered")


def label(options: str, code: str) -> str:
    """A code in words, "" for none."""
    return catalogue.load().label(options, code, language()) if code else ""


def labels(options: str, codes: list[str]) -> str:
    """Several codes in words, in one line."""
    return ("، " if language() == "ur" else ", ").join(label(options, code) for code in codes)


def services_in_words(codes: list[str]) -> str:
    """The services asked for; one that tells too much is named as withheld."""
    told = [code for code in codes if code not in TELLING_SERVICES]
    shown = [labels("service_type", told)] if told else []
    if len(told) < len(codes):
        shown.append(_("a service withheld at level 1"))
    return ("، " if language() == "ur" else ", ").join(shown) or _("No service chosen")


def recipient_in_words(name: str, recipient_class: str) -> str:
    """A recipient by name and class; a shelter by its class alone, because that is where the person lives."""
    kind = label("recipient_class", recipient_class)
    if recipient_class == SHELTER_CLASS:
        return _("%(kind)s (its name is withheld at level 1)", kind=kind)
    return f"{name} ({kind})" if name and kind else name or kind
