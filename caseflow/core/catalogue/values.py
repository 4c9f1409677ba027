"""One cleaner for each type of field: takes what came in, gives the stored form, or says what is wrong."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import phonenumbers

from caseflow.core.catalogue.dates import clean_date, clean_partial_date, clean_time
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.model import Field, FieldType, Value
from caseflow.core.catalogue.text import clean_line, clean_text, latin_digits

_REGION = "PK"
_INT64 = 2**63
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PASSPORT = re.compile(r"[A-Z0-9]{5,15}")
_PHONE = re.compile(r"\+?[0-9 ()./-]{4,40}")
_ITEM_ID = re.compile(r"[0-9a-f]{8,32}")
_SEPARATORS = str.maketrans("", "", " -‐‑‒–—−")


def clean(field: Field, raw: object) -> Value | None:
    """The stored form of an answer, None when there is no answer; raises Fault."""
    if raw is None or raw is False or raw == "" or raw == [] or raw == ():
        return None
    if field.type in _PLAIN:
        return _PLAIN[field.type](raw)
    return _BY_FIELD[field.type](field, raw)


def is_item_id(raw: object) -> bool:
    """Whether this can be the id of an item in a repeat: it stands in names of form fields, so it is plain."""
    return isinstance(raw, str) and bool(_ITEM_ID.fullmatch(raw))


def _text(field: Field, raw: object) -> str | None:
    return clean_line(raw, field.max_length)


def _longtext(field: Field, raw: object) -> str | None:
    return clean_text(raw, field.max_length)


def _code(field: Field, raw: object) -> str:
    if not isinstance(raw, str):
        raise Fault("wrong_type")
    if field.options is None or raw not in field.options:
        raise Fault("not_listed")
    return raw


def _codes(field: Field, raw: object) -> list[str] | None:
    if not isinstance(raw, list | tuple):
        raise Fault("wrong_type")
    chosen = {_code(field, one) for one in raw if one != ""}
    options = field.options
    if options is None or not chosen:
        return None
    if len(chosen) > 1 and any(options.row(code).extra.get("exclusive") for code in chosen):
        raise Fault("exclusive")
    return [code for code in options.codes if code in chosen]


def _tick(raw: object) -> bool:
    """A tick is there or it is not: an empty box says nothing, so False is no answer."""
    if raw is not True:
        raise Fault("wrong_type")
    return True


def _number(field: Field, raw: object) -> int | None:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise Fault("wrong_type")
    number = raw if isinstance(raw, int) else _whole(raw)
    if number is None:
        return None
    if not -_INT64 <= number < _INT64 or not field.minimum <= number <= field.maximum:
        raise Fault("number_range", minimum=field.minimum, maximum=field.maximum)
    return number


def _whole(raw: str) -> int | None:
    digits = latin_digits(raw, "number")
    if not digits:
        return None
    if not re.fullmatch(r"-?[0-9]{1,19}", digits):
        raise Fault("number")
    return int(digits)


def _cnic(raw: object) -> str | None:
    """NADRA's 13 digits as NNNNN-NNNNNNN-N; without check digit, and the last digit never tells a gender."""
    digits = latin_digits(raw, "cnic").translate(_SEPARATORS)
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]{13}", digits):
        raise Fault("cnic")
    return f"{digits[:5]}-{digits[5:12]}-{digits[12]}"


def _passport(raw: object) -> str | None:
    """Upper case without separators (ICAO Doc 9303 uses capital letters and digits only)."""
    number = latin_digits(raw, "passport").translate(_SEPARATORS).upper()
    if not number:
        return None
    if not _PASSPORT.fullmatch(number):
        raise Fault("passport")
    return number


def _phone(raw: object) -> str | None:
    """E.164. A number without a country code is read as one of Pakistan."""
    text = latin_digits(raw, "phone")
    if not text:
        return None
    text = "+" + text[2:] if text.startswith("00") else text
    if not _PHONE.fullmatch(text):
        raise Fault("phone")
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        raise Fault("phone") from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise Fault("phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(field: Field, raw: object) -> str | None:
    address = clean_line(raw, field.max_length)
    if address is not None and (not address.isascii() or not _EMAIL.fullmatch(address)):
        raise Fault("email")
    return address


_Plain = Callable[[object], Value | None]
_ByField = Callable[[Field, object], Value | None]
_PLAIN: Final[Mapping[FieldType, _Plain]] = {
    FieldType.TICK: _tick,
    FieldType.DATE: clean_date,
    FieldType.PARTIAL_DATE: clean_partial_date,
    FieldType.TIME: clean_time,
    FieldType.CNIC: _cnic,
    FieldType.PASSPORT: _passport,
    FieldType.PHONE: _phone,
}
_BY_FIELD: Final[Mapping[FieldType, _ByField]] = {
    FieldType.TEXT: _text,
    FieldType.LONGTEXT: _longtext,
    FieldType.CODE: _code,
    FieldType.CODES: _codes,
    FieldType.NUMBER: _number,
    FieldType.EMAIL: _email,
}
