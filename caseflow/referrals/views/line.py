"""The line of a referral's events and its comments, in words: who, when it happened, when it was recorded."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from caseflow.accounts.queries import staff_names
from caseflow.core import catalogue
from caseflow.core.words import N_, gettext, language
from caseflow.referrals import queries
from caseflow.referrals.states import EVENT_LABELS
from caseflow.web.filters import show_date, show_day_or_today, show_time
from caseflow.web.guards import request_time

ICONS = {
    "draft": "edit", "edit": "edit", "submit": "send", "approve": "sealed", "return": "undo", "decline": "no",
    "send_back": "undo", "issue": "file", "refuse": "no", "cancel": "no", "withdraw": "hidden", "no_show": "triangle",
    "consent_withdrawn": "hidden", "issue_emergency": "octagon", "letter": "file", "call": "phone",
    "escalate": "clock", "ratify": "sealed", "approval": "file", "recall": "octagon",
}  # fmt: skip


def spoken(comments: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Comments with who and when; those of the system are messages, said in the reader's language."""
    given = list(comments)
    names = staff_names(UUID(one["by"]) for one in given if one["by"])
    return [
        {
            "group": one["group"],
            "text": gettext(one["text"], **one["params"]) if "params" in one else one["text"],
            "who": names.get(UUID(one["by"]), "") if one["by"] else gettext("The system"),
            "at": datetime.fromisoformat(one["at"]),
        }
        for one in given
    ]


def days(events: list[queries.EventView]) -> list[dict[str, Any]]:
    """The line of events for the timeline, the latest day first."""
    named = [UUID(one.doc["who"]) for one in events if one.doc.get("who")]  # who was called, or called in
    names, now = staff_names([*(one.actor_id for one in events), *named]), request_time()
    found: dict[str, list[dict[str, Any]]] = {}
    # Of two that happened at once the later recorded one comes first.
    numbered = sorted(enumerate(events), key=lambda pair: (pair[1].happened_at, pair[1].recorded_at, pair[0]))
    for _place, one in reversed(numbered):
        found.setdefault(show_day_or_today(one.happened_at, now), []).append(_entry(one, names, now))
    return [{"label": label, "entries": entries} for label, entries in found.items()]


def _entry(one: queries.EventView, names: dict[UUID, str], now: datetime) -> dict[str, Any]:
    who = names.get(one.actor_id, "") if one.actor_id else gettext("The system")
    text = gettext(EVENT_LABELS.get(one.verb, one.verb))
    if one.broken:
        text = gettext("This record cannot be opened")
    recorded = ""
    if abs((one.recorded_at - one.happened_at).total_seconds()) >= 60:
        when = f"{show_day_or_today(one.recorded_at, now)}, {show_time(one.recorded_at)}"
        recorded = gettext("recorded %(when)s", when=when)
    return {
        "time": show_time(one.happened_at), "moment": one.happened_at.isoformat(timespec="minutes"),
        "icon": ICONS.get(one.verb, "done"), "text": text, "who": who, "recorded": recorded,
        "said": [*_called(one, names), *said(one.doc)],
    }  # fmt: skip


def _called(one: queries.EventView, names: dict[UUID, str]) -> list[tuple[str, str]]:
    who = names.get(UUID(one.doc["who"]), "") if one.doc.get("who") else ""
    return [("", who)] if who else []


_SAID = (
    ("how", "answer_channel", N_("Learned by")),
    ("reason", "referral_refusal_reason", N_("Reason")),
    ("emergency_reason", "emergency_reason", N_("Danger")),
    ("reached", "yes_no_unknown", N_("Reached the service")),
    ("satisfied", "yes_no_unknown", N_("Content with it")),
    ("harm", "yes_no", N_("Harm or danger")),
    ("told", "yes_no", N_("Partner told to stop and delete")),
)


def said(doc: dict[str, Any]) -> list[tuple[str, str]]:
    """Pairs (label, words) of what an event says beside its name."""
    lists = catalogue.load()
    pairs = [(gettext("Post"), doc.get("by_post", "")), (gettext("Name"), doc.get("by_name", ""))]
    pairs += [
        (gettext(label), lists.label(name, doc[code], language())) for code, name, label in _SAID if doc.get(code)
    ]
    if doc.get("date"):
        pairs.append((gettext("First appointment"), show_date(doc["date"])))
    pairs += [(gettext("Letter"), doc.get("register", "")), ("", doc.get("text", ""))]
    pairs.append((gettext("Other needs"), doc.get("other_needs", "")))
    return [(label, value) for label, value in pairs if value]
