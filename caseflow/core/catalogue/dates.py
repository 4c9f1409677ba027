"""Dates and times as they are typed, day before month, in any digits; stored as ISO 8601 text."""

import datetime
import re
from collections.abc import Mapping
from typing import Final

from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.text import latin_digits

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
_PARTS: Final = ("day", "month", "year")
_SEPARATOR: Final = re.compile(r"[-/. ]+")
_TIME: Final = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?")


def clean_date(raw: object) -> str | None:
    """A whole date as YYYY-MM-DD, None when blank; raises Fault."""
    parts = _numbers(raw, "date")
    if not parts:
        return None
    if len(parts) != len(_PARTS):
        raise Fault("date")
    return _iso(parts, "date")


def clean_partial_date(raw: object) -> str | None:
    """A year, month or day as YYYY, YYYY-MM or YYYY-MM-DD, None when blank; raises Fault."""
    parts = _numbers(raw, "partial_date")
    return _iso(parts, "partial_date") if parts else None


def clean_time(raw: object) -> str | None:
    """A time of day as HH:MM, None when blank; raises Fault."""
    text = latin_digits(raw, "time")
    if not text:
        return None
    match = _TIME.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Fault("time")
    return f"{int(match[1]):02}:{match[2]}"


def _numbers(raw: object, fault: str) -> list[int]:
    """The numbers of a date, year first, as far as they are given."""
    pieces = _boxes(raw, fault) if isinstance(raw, Mapping) else _pieces(raw, fault)
    if not all(re.fullmatch(r"[0-9]{1,4}", piece) for piece in pieces):
        raise Fault(fault)
    return [int(piece) for piece in pieces]


def _boxes(raw: Mapping[object, object], fault: str) -> list[str]:
    """The three boxes of a form. A day without a month, or a month without a year, is no date."""
    boxes = [raw.get(part) for part in _PARTS]
    day, month, year = ("" if box is None else latin_digits(box, fault) for box in boxes)
    given = [year, month, day]
    if not any(given):
        return []
    if not year or (day and not month):
        raise Fault(fault)
    return [piece for piece in given if piece]


def _pieces(raw: object, fault: str) -> list[str]:
    """A typed date: ISO (year first) or day-month-year, told apart by where the four digits stand."""
    text = latin_digits(raw, fault)
    pieces = _SEPARATOR.split(text) if text else []
    if len(pieces) > len(_PARTS):
        raise Fault(fault)
    return pieces if not pieces or len(pieces[0]) == 4 else pieces[::-1]


def _iso(parts: list[int], fault: str) -> str:
    year, month, day = (*parts, 1, 1)[:3]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Fault("date_range", minimum=FIRST_YEAR, maximum=LAST_YEAR)
    try:
        whole = datetime.date(year, month, day).isoformat()
    except ValueError:
        raise Fault(fault) from None
    return whole[: {1: 4, 2: 7, 3: 10}[len(parts)]]
