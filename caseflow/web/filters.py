"""How values look on a page: dates day-month-year in the office's zone, isolated codes and typed text, code labels.

Everything follows the language of the context (`core.words`). Nothing here reads the clock: `now` is passed in.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date
from flask import Flask, g, has_request_context
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from caseflow.core import catalogue, words
from caseflow.core.words import gettext as _
from caseflow.core.words import ngettext
from caseflow.web import assets

HOME_ZONE = ZoneInfo("Asia/Karachi")
# Direction controls that no keyboard types: they could reorder the words around a text (compare CVE-2021-42574).
_DIRECTION = re.compile("([\u202a-\u202e\u2066-\u2069])")
_MARK = Markup('<span class="odd" aria-hidden="true">⇄</span>')
_PARTS_SHOWN = {1: "y", 2: "MMMM y", 3: "d MMMM y"}


def office_zone() -> ZoneInfo:
    """The zone of the reader's office: `g.office_zone` when the session set it, else Pakistan's."""
    return g.get("office_zone", HOME_ZONE) if has_request_context() else HOME_ZONE


def _local(moment: datetime) -> datetime:
    """The moment on the office's wall clock. Raises ValueError for a naive one: it could mean any zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown")
    return moment.astimezone(office_zone())


def _day(value: date | datetime, pattern: str) -> str:
    return format_date(_local(value) if isinstance(value, datetime) else value, pattern, words.language())


def show_date(value: date | datetime | str | None) -> str:
    """`17 November 2026`. A text is an ISO date that may lack its day or its month: `2026-11` gives `November 2026`."""
    if not value:
        return ""
    if not isinstance(value, str):
        return _day(value, "d MMMM y")
    parts = [int(part) for part in value.split("-")]
    return _day(date(*[*parts, 1, 1][:3]), _PARTS_SHOWN[len(parts)])


def show_weekday(value: date | datetime) -> str:
    """`Tuesday 17 November 2026`."""
    return _day(value, "EEEE d MMMM y")


def show_weekday_short(value: date) -> str:
    """`Tue`, below a bar of a chart."""
    return _day(value, "EEE")


def show_day_short(value: date) -> str:
    """`17/11`, below a bar of a chart."""
    return _day(value, "d/M")


def show_size(octets: int) -> str:
    """`3.4 GiB`, `512 MiB`: the room on a disk."""
    mebi = octets / 1024**2
    return f"\u2066{mebi / 1024:.1f} GiB\u2069" if mebi >= 1024 else f"\u2066{mebi:.0f} MiB\u2069"


def show_time(moment: datetime) -> str:
    """`14:05` on the office's wall clock, 24 hours."""
    return f"{_local(moment):%H:%M}"


def show_datetime(moment: datetime | None) -> str:
    """`17 November 2026, 14:05`."""
    return _("%(day)s, %(time)s", day=show_date(moment), time=show_time(moment)) if moment else ""


def show_day_or_today(value: date | datetime, now: datetime) -> str:
    """`Today`, `Yesterday`, `Tomorrow`, else the date."""
    day = _local(value).date() if isinstance(value, datetime) else value
    near = {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}
    return near.get((day - _local(now).date()).days) or show_date(day)


def span(length: timedelta) -> str:
    """A length in its largest whole unit: `35 minutes`, `4 hours`, `2 days`."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 120:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60))


def ago(moment: datetime, now: datetime) -> str:
    """`5 minutes ago`, `just now`."""
    if now - moment < timedelta(minutes=1):
        return _("just now")
    return _("%(span)s ago", span=span(now - moment))


def left(due: datetime, now: datetime) -> str:
    """`35 minutes left` before a limit, `4 hours late` after it."""
    if due >= now:
        return _("%(span)s left", span=span(due - now))
    return _("%(span)s late", span=span(now - due))


def bdi(value: Any) -> Markup:
    """A number, an id or a code: left to right wherever it stands."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(value)


def code(value: Any) -> Markup:
    """A case number or a check code, in the face that tells 0 from O."""
    return Markup('<bdi class="code" dir="ltr">{}</bdi>').format(value)


def typed(value: Any) -> Markup:
    """Text that a person typed: isolated, its line breaks kept, direction controls shown as a mark and not obeyed."""
    pieces = _DIRECTION.split(str(value))
    shown = Markup("").join(_MARK if _DIRECTION.fullmatch(piece) else escape(piece) for piece in pieces)
    return Markup('<bdi class="typed" dir="auto">{}</bdi>').format(shown)


def phone(value: str | None) -> Markup:
    """A stored number (E.164) as people read it, `+92 300 1234567`; anything else as it stands."""
    if not value:
        return Markup("")
    if not value.startswith("+"):
        return bdi(value)  # a public short number, such as 1099
    try:
        number = phonenumbers.parse(value, "PK")
    except phonenumbers.NumberParseException:
        return bdi(value)
    return bdi(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def code_label(value: str, list_name: str) -> str:
    """The label of a code in the reader's language: `{{ 'high'|code_label('risk_level') }}`."""
    return catalogue.load().label(list_name, value, words.language())


def iso(moment: datetime) -> str:
    """For the `datetime` attribute of a `time` element."""
    return moment.astimezone(UTC).isoformat(timespec="minutes")


FILTERS = {
    "date": show_date, "weekday": show_weekday, "weekday_short": show_weekday_short,
    "day_short": show_day_short, "size": show_size, "time": show_time, "datetime": show_datetime,
    "day_or_today": show_day_or_today, "span": span, "ago": ago, "left": left, "bdi": bdi, "code": code,
    "typed": typed, "phone": phone, "code_label": code_label, "iso": iso,
}  # fmt: skip


def init_app(app: Flask) -> None:
    """Give templates, and the macros they import, these filters and the words in both languages."""
    assets.init_app(app)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        {
            "_": words.gettext,
            "gettext": words.gettext,
            "ngettext": words.ngettext,
            "pgettext": words.pgettext,
            "language": words.language,
            "direction": words.direction,
            # Imported macros see no context, only globals, and each of their forms prints a token.
            "csrf_token": generate_csrf,
        }
    )
