"""Record what happens to an issued referral, and how a referral ends: who said so, how, when it happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from caseflow.core import catalogue, trail, vault
from caseflow.core.errors import Invalid
from caseflow.core.policy import Action, Actor, require
from caseflow.core.ports import Reason
from caseflow.core.trail import Tag
from caseflow.core.words import N_
from caseflow.referrals.models import Referral
from caseflow.referrals.services.checking import NOT_ON_LIST, TOO_LONG, one_line, words_of
from caseflow.referrals.services.following import follow_up
from caseflow.referrals.services.line import add_event, begin, move, moved, service_due
from caseflow.referrals.services.register import cancel_entry
from caseflow.referrals.states import BEFORE_ISSUE, TERMINAL, ReferralState

LENGTHS = {"by_name": 200, "by_post": 200, "date": 200, "text": 1000, "other_needs": 1000}
_WORDS = frozenset({"text", "other_needs"})
_LISTS = {
    "how": "answer_channel",
    "reason": "referral_refusal_reason",
    "reached": "yes_no_unknown",
    "satisfied": "yes_no_unknown",
    "harm": "yes_no",
    "told": "yes_no",
}
_WHO = ("happened_at", "by_name", "by_post", "how")


@dataclass(frozen=True)
class Form:
    """The answers that a verb takes, in the order of its form, and those it cannot do without."""

    fields: tuple[str, ...]
    required: frozenset[str]


# by_name may stay empty: a post is enough to know who answered for the partner.
FORMS: dict[str, Form] = {
    "acknowledge": Form((*_WHO, "text"), frozenset({"happened_at", "by_post", "how"})),
    "accept": Form((*_WHO, "date", "text"), frozenset({"happened_at", "by_post", "how"})),
    "refuse": Form((*_WHO, "reason", "text"), frozenset({"happened_at", "by_post", "how", "reason"})),
    "start_service": Form((*_WHO, "text"), frozenset({"happened_at"})),
    "no_show": Form((*_WHO, "text"), frozenset({"happened_at"})),
    "deliver": Form((*_WHO, "text"), frozenset({"happened_at"})),
    "feedback": Form(
        ("happened_at", "how", "reached", "satisfied", "harm", "other_needs", "text"),
        frozenset({"happened_at", "reached", "satisfied", "harm"}),
    ),
    "close": Form(("happened_at", "text"), frozenset()),
    "withdraw": Form((*_WHO, "told", "text"), frozenset({"happened_at"})),
    "cancel": Form(("happened_at", "text"), frozenset({"text"})),
}
_NEEDED: Reason = (N_("An answer is needed here."), {})


def record_answer(
    *, actor: Actor, referral_id: UUID, verb: str, data: Mapping[str, Any], now: datetime, rv: int | None = None
) -> Referral:
    """Record one of the verbs of `FORMS`. `data` holds its fields; `happened_at` is an aware datetime.

    Raises Invalid for missing or ill-formed answers, TooLate when the state does not allow the verb (or `rv` is not
    the stored version), NotFound, NotAllowed: a referral after which harm was reported is closed by a supervisor.
    """
    referral, step = begin(actor=actor, referral_id=referral_id, verb=verb, rv=rv)
    doc, before = vault.read(referral), ReferralState(referral.state)
    if verb == "close" and doc.get("harm"):
        require(actor, Action.Referral.CLOSE_HARM, referral)
    kept, happened_at = _clean(verb, data, issued_at=_issued_at(doc), now=now, before=before)
    if verb == "feedback":
        doc["harm"] = kept["harm"] == "yes"
    if step.to in TERMINAL:
        doc["outcome"] = str(step.to)
    referral.due_at = _due(step.to or before, doc, referral)
    move(referral, doc, step, now=now, happened_at=happened_at)
    event = add_event(referral, verb, actor=actor, now=now, happened_at=happened_at, doc=kept)
    ended = cancel_entry(referral) if step.to in TERMINAL else []
    trail.record(
        Tag.REFERRAL_MOVED, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        happened_at=happened_at, detail=moved(step, str(before), kept.get("reason", "")),
        writes=[referral, event, *ended],
    )  # fmt: skip
    follow_up(referral, verb, event_id=event.id, now=now)
    return referral


def _issued_at(doc: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(doc["issued_at"]) if doc.get("issued_at") else None


def _due(state: Any, doc: Mapping[str, Any], referral: Referral) -> datetime | None:
    """After an answer the clock of the service runs, from the issue on; nothing runs once the service started."""
    issued_at = _issued_at(doc)
    if issued_at and state in (ReferralState.ACKNOWLEDGED, ReferralState.ACCEPTED):
        return service_due(doc["urgency"], issued_at)
    return None if state != referral.state else referral.due_at


def _clean(
    verb: str, data: Mapping[str, Any], *, issued_at: datetime | None, now: datetime, before: ReferralState
) -> tuple[dict[str, str], datetime]:
    """The answers in their stored form, and when it happened. Raises Invalid."""
    form = FORMS[verb]
    problems: dict[str, Reason] = {}
    kept = {name: _answer(name, data, problems) for name in form.fields if name != "happened_at"}
    required = set(form.required)
    if verb == "withdraw" and before not in BEFORE_ISSUE:
        required |= {"told"}  # the recipient has the letter: somebody must tell them to stop
    happened_at = data.get("happened_at") if "happened_at" in form.fields else now
    if happened_at is None and "happened_at" not in required:
        happened_at = now
    for name in sorted(required):
        if not (happened_at if name == "happened_at" else kept.get(name)):
            problems.setdefault(name, _NEEDED)
    if isinstance(happened_at, datetime) and (wrong := _wrong_time(happened_at, issued_at, now)):
        problems["happened_at"] = wrong
    if problems or not isinstance(happened_at, datetime):
        raise Invalid(problems or {"happened_at": _NEEDED})
    return {name: value for name, value in kept.items() if value}, happened_at


def _answer(name: str, data: Mapping[str, Any], problems: dict[str, Reason]) -> str:
    clean = words_of if name in _WORDS else one_line
    value = clean(data.get(name))
    if name in _LISTS and value and value not in catalogue.load().list(_LISTS[name]):
        problems[name] = NOT_ON_LIST
    elif name == "date" and value and not _is_day(value):
        problems[name] = (N_("Write the day as day, month and year."), {})
    elif name in LENGTHS and len(value) > LENGTHS[name]:
        problems[name] = (TOO_LONG, {"limit": LENGTHS[name]})
    return value


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _wrong_time(happened_at: datetime, issued_at: datetime | None, now: datetime) -> Reason | None:
    if happened_at > now:
        return (N_("This lies in the future."), {})
    # Forms give minutes: an answer in the minute of the issue is not before it.
    if issued_at and happened_at < issued_at.replace(second=0, microsecond=0):
        return (N_("This lies before the letter was issued."), {})
    return None
