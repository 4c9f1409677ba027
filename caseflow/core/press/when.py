"""Times on paper: day-month-year and the 24-hour clock of the office, with Western digits in both languages."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from caseflow.core.words import gettext as _
from caseflow.core.words import language

# British English writes the day first; Babel's `ur` keeps Western digits, as Pakistani offices do.
_LOCALES = {"en": "en_GB", "ur": "ur"}


def _write(moment: datetime, pattern: str, zone: str) -> str:
    if moment.tzinfo is None:
        raise ValueError("a time on paper must know its zone")
    return format_datetime(moment.astimezone(ZoneInfo(zone)), pattern, locale=_LOCALES[language()])


def day(moment: datetime, zone: str) -> str:
    """17 November 2026."""
    return _write(moment, "d MMMM y", zone)


def minute(moment: datetime, zone: str) -> str:
    """17 November 2026, 10:20."""
    return _("%(day)s, %(time)s", day=day(moment, zone), time=_write(moment, "HH:mm", zone))


def deadline(moment: datetime, zone: str) -> str:
    """12:20 on Tuesday 17 November 2026."""
    return _("%(time)s on %(day)s", day=_write(moment, "EEEE d MMMM y", zone), time=_write(moment, "HH:mm", zone))


def stamp(moment: datetime, zone: str) -> str:
    """2026-11-17 10:20:05, for dense tables, where a column must sort by eye."""
    return _write(moment, "y-MM-dd HH:mm:ss", zone)
