"""Before a call: what keeps a call from putting the person in danger, and words that name nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from caseflow.core import catalogue
from caseflow.core.words import LANGUAGES, N_, gettext, language, speaking

NONE_NOW = "none_now"
STALE_AFTER = timedelta(days=30)
_URGENCY = {"emergency": N_("Emergency"), "high": N_("Urgent")}


class Advice(StrEnum):
    """May I call at all?"""

    NEVER = "never"  # no safe contact now: that is an answer
    UNKNOWN = "unknown"  # nobody has asked yet
    OTHERWISE = "otherwise"  # the person is reached in another way
    CALL = "call"


@dataclass(frozen=True, repr=False)
class CallCard:
    """What to know before the telephone is picked up. `phone` is the number, for who may see it."""

    advice: Advice
    ways: str
    hours: str
    shared_with: str
    trusted_person: str
    cover_story: str
    code_word: str
    never_leave_message: bool
    confirmed_on: date | None
    stale: bool
    not_told: str
    phone: str


def call_card(safety: Mapping[str, Any], *, today: date) -> CallCard:
    """The card of a safety record. It is stale when nobody confirmed it with the person for thirty days, or ever."""
    ways = safety.get("safe_contact_way") or []
    confirmed = date.fromisoformat(safety["contact_confirmed_on"]) if safety.get("contact_confirmed_on") else None
    field = catalogue.load().kind("safety").field("safe_contact_way")
    return CallCard(
        advice=_advice(ways),
        ways=catalogue.in_words(field, ways, language()),
        hours=safety.get("safe_contact_hours", ""),
        shared_with=safety.get("phone_shared_with", ""),
        trusted_person=safety.get("trusted_person", ""),
        cover_story=safety.get("cover_story", ""),
        code_word=safety.get("code_word", ""),
        never_leave_message=bool(safety.get("never_leave_message")),
        confirmed_on=confirmed,
        stale=confirmed is None or today - confirmed > STALE_AFTER,
        not_told=safety.get("do_not_inform_persons", ""),
        phone="" if NONE_NOW in ways else safety.get("safe_phone", ""),
    )


def neutral_messages(number: str, risk: str) -> dict[str, str]:
    """What may travel by messenger: a number, how urgent it is, and "call me"; by language. No name, no place."""
    found = {}
    for tongue in LANGUAGES:
        with speaking(tongue):
            urgency = gettext(_URGENCY.get(risk, N_("Not urgent")))
            found[tongue] = gettext("%(number)s. %(urgency)s. Please call me.", number=number, urgency=urgency)
    return found


def _advice(ways: list[str]) -> Advice:
    if NONE_NOW in ways:
        return Advice.NEVER
    if not ways:
        return Advice.UNKNOWN
    return Advice.CALL if "call" in ways else Advice.OTHERWISE
