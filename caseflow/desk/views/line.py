"""The trail of a case in plain words: what was done, when it happened, by whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from caseflow.accounts.queries import staff_names
from caseflow.core import catalogue
from caseflow.core.trail import Tag
from caseflow.core.words import N_, gettext, language, ngettext
from caseflow.desk.queries import Told
from caseflow.referrals.states import EVENT_LABELS
from caseflow.web.filters import iso, show_date, show_day_or_today, show_time

# Tag -> (icon, sentence). What a sentence leaves open is filled by `_SAYERS`.
SENTENCES: dict[str, tuple[str, str]] = {
    Tag.CASE_OPENED: ("folder", N_("Case opened after a screening")),
    Tag.CASE_MOVED: ("arrow", N_("The case moved on")),
    Tag.CASE_ASSIGNED: ("user", N_("The case was handed over")),
    Tag.RECORD_WRITTEN: ("edit", N_("A section was changed")),
    Tag.NOTE_ADDED: ("edit", N_("Note kept")),
    Tag.NAMES_REVEALED: ("eye", N_("The real name and numbers were shown")),
    Tag.CONSENT_RECORDED: ("done", N_("Consent recorded")),
    Tag.CONSENT_CONFIRMED: ("done", N_("Consent confirmed in private")),
    Tag.CONSENT_WITHDRAWN: ("undo", N_("Consent withdrawn")),
    Tag.REFERRAL_DRAFTED: ("edit", N_("Referral written")),
    Tag.REFERRAL_MOVED: ("send", N_("Referral changed")),
    Tag.REFERRAL_APPROVED: ("sealed", N_("Referral approved")),
    Tag.LETTER_RESERVED: ("file", N_("Letter number reserved")),
    Tag.CONSENT_GONE: ("undo", N_("Consent withdrawn or narrowed after the letter had left")),
    Tag.LETTER_MADE: ("file", N_("Letter made")),
    Tag.APPROVAL_MADE: ("file", N_("Approval of the emergency letter made")),
    Tag.LETTER_ISSUED: ("send", N_("Letter issued")),
    Tag.DISCLOSED: ("send", N_("Information shared with a partner")),
    Tag.EMERGENCY_CALLED: ("phone", N_("Somebody on duty was called")),
    Tag.EMERGENCY_RATIFIED: ("sealed", N_("Emergency issue ratified")),
    Tag.EMERGENCY_RECALLED: ("octagon", N_("Emergency issue not ratified: data recalled, incident opened")),
    Tag.EMERGENCY_ESCALATED: ("clock", N_("No decision in 24 hours: the next person was called in")),
    Tag.LETTER_READ: ("file", N_("Letter opened")),
    Tag.TASK_ADDED: ("tasks", N_("Task added")),
    Tag.TASK_CHANGED: ("tasks", N_("Task changed")),
    Tag.TASK_ENDED: ("tasks", N_("Task ended")),
    Tag.FILE_ASKED: ("sealed", N_("Audit file asked for")),
    Tag.FILE_MADE: ("sealed", N_("Redacted file made for an audit")),
    Tag.FILE_READ: ("sealed", N_("Redacted file opened in an audit")),
    Tag.TRAIL_READ: ("sealed", N_("Record of events read in an audit")),
    Tag.ACCESS_GRANTED: ("key", N_("Access granted")),
    Tag.AUDIT_ENDED: ("key", N_("Access ended")),
    Tag.SEAL_BROKEN: ("octagon", N_("A record could not be opened")),
}
OTHERWISE = ("info", N_("Something was recorded"))


def days(told: Sequence[Told], partners: dict[UUID, str], now: datetime) -> list[dict[str, Any]]:
    """The line for the timeline macro, the latest day first. partners: names of partners by referral id."""
    principals = [UUID(one.detail["deputy_for"]) for one in told if one.detail.get("deputy_for")]
    names = staff_names([*(one.actor_id for one in told), *principals])
    found: dict[str, list[dict[str, Any]]] = {}
    for one in told:
        found.setdefault(show_day_or_today(one.recorded_at, now), []).append(_entry(one, names, partners))
    return [{"label": label, "entries": entries} for label, entries in found.items()]


def _entry(one: Told, names: dict[UUID, str], partners: dict[UUID, str]) -> dict[str, Any]:
    icon, _sentence = SENTENCES.get(one.tag, OTHERWISE)
    who = names.get(one.actor_id, "") if one.actor_id else gettext("The system")
    if one.detail.get("deputy_for"):
        principal = names.get(UUID(one.detail["deputy_for"]), "")
        who = gettext("%(name)s, deputy for %(principal)s", name=who, principal=principal)
    happened = ""
    if show_date(one.happened_at) != show_date(one.recorded_at):
        happened = gettext("happened on %(day)s", day=show_date(one.happened_at))
    told = (who, partners.get(one.object_id, ""), _further(one), happened)
    return {
        "time": show_time(one.recorded_at),
        "moment": iso(one.recorded_at),
        "icon": icon,
        "text": sentence(one),
        # Each part is isolated, or a Latin name would pull the number of an Urdu date to its side.
        "meta": " · ".join(f"\u2068{part}\u2069" for part in told if part),
    }


def sentence(one: Told) -> str:
    """What happened, in the reader's language."""
    said, detail = gettext(SENTENCES.get(one.tag, OTHERWISE)[1]), one.detail
    books, tongue = catalogue.load(), language()
    if one.tag == Tag.CASE_MOVED and detail:
        return gettext("The case is now: %(state)s", state=books.label("case_status", detail["to"], tongue))
    if one.tag == Tag.RECORD_WRITTEN and detail.get("kind") in books.kinds:
        return gettext("%(section)s changed", section=books.kind(detail["kind"]).label[tongue])
    if one.tag == Tag.REFERRAL_MOVED and detail.get("verb") in EVENT_LABELS:
        return gettext("Referral: %(step)s", step=gettext(EVENT_LABELS[detail["verb"]]))
    if one.tag == Tag.CONSENT_RECORDED and detail.get("scope"):
        scope = books.label("consent_scope", detail["scope"], tongue)
        return gettext("%(scope)s: %(status)s", scope=scope, status=_status(detail, tongue))
    if one.tag == Tag.TASK_ENDED and detail.get("verb"):
        return gettext("Task done") if detail["verb"] == "finish" else gettext("Task not done")
    return said


def _status(detail: dict[str, Any], tongue: str) -> str:
    return catalogue.load().label("consent_status", detail.get("status", "given"), tongue)


def _further(one: Told) -> str:
    if one.tag == Tag.RECORD_WRITTEN and one.detail.get("changed"):
        return ngettext("%(num)s answer", "%(num)s answers", len(one.detail["changed"]))
    return ""
