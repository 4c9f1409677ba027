"""What an entry of the directory may hold: shapes for the catalogue's cleaners, and the rules between the answers."""

import re
from collections.abc import Mapping
from typing import Any

from caseflow.core import catalogue
from caseflow.core.catalogue import DataClass, Field, FieldType
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.text import latin_digits
from caseflow.core.catalogue.values import clean
from caseflow.core.errors import Invalid
from caseflow.core.words import N_
from caseflow.partners.queries import gives_shelter

Problems = dict[str, tuple[str, dict[str, Any]]]
# Whom a partner serves: men and boys are victims too, and a shelter for women does not say so by silence.
SERVES = {
    "women": N_("Women"),
    "men": N_("Men"),
    "boys_over_12": N_("Boys over 12"),
    "girls": N_("Girls"),
    "boys": N_("Boys up to 12"),
    "khawaja_sira": N_("Khawaja sira and transgender persons"),
    "persons_with_disability": N_("Persons with disabilities"),
}
LEVELS = {"federal": N_("Federal"), "provincial": N_("Provincial"), "national": N_("National")}
# A seeded help line is a public short number such as 1099; telephones otherwise are E.164.
_SHORT_NUMBER = re.compile(r"[0-9]{3,5}")


def _shape(kind: FieldType, most: int = 200, of: str = "") -> Field:
    return Field(
        code="", type=kind, label={}, hint={}, options=catalogue.load().list(of) if of else None,
        klass=DataClass.O, required_at=None, condition=None, max_length=most, htcds="", group=None,
    )  # fmt: skip


SHAPES: dict[str, Field] = {
    "name_en": _shape(FieldType.TEXT),
    "name_ur": _shape(FieldType.TEXT),
    "organisation_type": _shape(FieldType.CODE, of="organisation_type"),
    "recipient_class": _shape(FieldType.CODE, of="recipient_class"),
    "province": _shape(FieldType.CODE, of="province"),
    "districts": _shape(FieldType.CODES, of="district"),
    "services": _shape(FieldType.CODES, of="service_type"),
    "channels": _shape(FieldType.CODES, of="referral_channel"),
    "post_en": _shape(FieldType.TEXT, 120),
    "post_ur": _shape(FieldType.TEXT, 120),
    "email": _shape(FieldType.EMAIL, 254),
    "address": _shape(FieldType.LONGTEXT, 400),
    "hours": _shape(FieldType.TEXT, 120),
    "languages": _shape(FieldType.CODES, of="language"),
    "agreement_since": _shape(FieldType.DATE),
    "agreement_until": _shape(FieldType.DATE),
    "verified_on": _shape(FieldType.DATE),
    "role_note": _shape(FieldType.LONGTEXT, 400),
}
LISTS = ("districts", "services", "channels", "languages")
NEEDED = {
    "name_en": N_("Write the name of the organisation in English."),
    "organisation_type": N_("Choose what kind of organisation it is."),
    "recipient_class": N_("Choose the class: it decides which data may go there."),
}
NO_SHELTER_ADDRESS = N_(
    "The address of a shelter is written nowhere, here neither. Leave it empty: people are brought there by hand."
)


def check_partner(data: Mapping[str, Any], *, today: str) -> dict[str, Any]:
    """The clean document of an entry; unknown keys are dropped. Raises Invalid, with all problems at once."""
    doc, problems = _cleaned(data)
    doc["phone"] = _phone(data.get("phone"), problems)
    doc["open_24h"] = data.get("open_24h") is True
    doc["serves"] = _coded(data, "serves", SERVES, problems)
    doc["level"] = next(iter(_coded({"level": [data.get("level")]}, "level", LEVELS, problems)), "")
    for code, message in NEEDED.items():
        if not doc.get(code) and code not in problems:
            problems[code] = (message, {})
    _rules(doc, problems, today)
    if problems:
        raise Invalid(problems)
    return doc


def clean_phone(raw: object) -> str | None:
    """A telephone in E.164, or a public short number as it is. Raises Fault."""
    digits = latin_digits(raw, "phone") if raw else ""
    return digits if _SHORT_NUMBER.fullmatch(digits) else clean(_shape(FieldType.PHONE), raw)  # type: ignore[return-value]


def _cleaned(data: Mapping[str, Any]) -> tuple[dict[str, Any], Problems]:
    doc: dict[str, Any] = {}
    problems: Problems = {}
    for code, shape in SHAPES.items():
        try:
            value = clean(shape, data.get(code))
        except Fault as fault:
            value = None
            problems[code] = (catalogue.MESSAGES[fault.code], dict(fault.params))
        doc[code] = value if value is not None else [] if code in LISTS else ""
    return doc, problems


def _phone(raw: object, problems: Problems) -> str:
    try:
        return clean_phone(raw) or ""
    except Fault as fault:
        problems["phone"] = (catalogue.MESSAGES[fault.code], dict(fault.params))
        return ""


def _coded(data: Mapping[str, Any], code: str, known: Mapping[str, str], problems: Problems) -> list[str]:
    given = [one for one in data.get(code) or [] if one]
    if any(one not in known for one in given):
        problems[code] = (catalogue.MESSAGES["not_listed"], {})
    return [one for one in known if one in given]


def _rules(doc: dict[str, Any], problems: Problems, today: str) -> None:
    if doc["address"] and gives_shelter(doc):
        problems["address"] = (NO_SHELTER_ADDRESS, {})
    if doc["agreement_until"] and not doc["agreement_since"]:
        problems.setdefault("agreement_since", (N_("Write since when the agreement holds."), {}))
    elif doc["agreement_until"] and doc["agreement_until"] < doc["agreement_since"]:
        problems.setdefault("agreement_until", (N_("The agreement cannot end before it begins."), {}))
    if doc["verified_on"] > today:
        problems.setdefault("verified_on", (N_("This date cannot be in the future."), {}))
