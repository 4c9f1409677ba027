"""After an emergency issue: who was called, whether it is ratified, and who is called in when nobody decides.

Not ratified recalls the data and opens an incident. It never ends the service: nothing here tells a partner to send
anybody away, and a task asks for lawful cover of the stay.
"""

import hmac
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from caseflow.accounts.services.duty import suspend_emergency_right
from caseflow.cases.queries import office_day
from caseflow.cases.states import PUBLIC, CaseState, PublicState
from caseflow.core import outbox, trail, vault
from caseflow.core.errors import Invalid, NotFound, TooLate
from caseflow.core.policy import Action, Actor, Role, grants, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_, gettext
from caseflow.referrals import queries
from caseflow.referrals.models import Referral
from caseflow.referrals.queries.reading import RATIFY_WITHIN
from caseflow.referrals.services.checking import TOO_LONG, words_of
from caseflow.referrals.services.confirming import APPROVAL_JOB
from caseflow.referrals.services.emergency import call_in, plan
from caseflow.referrals.services.line import CHANGED, DECIDED, add_event, begin, locked, move, moved
from caseflow.referrals.states import TERMINAL

LENGTH = 1000


def ratify(*, actor: Actor, referral_id: UUID, snapshot_digest: str, text: str, now: datetime) -> Referral:
    """Approve afterwards exactly what `snapshot_digest` (hex) shows; also when the 24 hours are over, which is marked.

    Raises NotFound, NotAllowed for who wrote it, TooLate when somebody decided first, Invalid.
    """
    referral, step, doc = _begin(actor, referral_id, "ratify", snapshot_digest)
    text = _words(text, needed=False)
    referral.approver_id, referral.approved_at = actor.user_id, now
    move(referral, _decided(doc, actor, "ratified", text, now), step, now=now)
    event = add_event(referral, "ratify", actor=actor, now=now, doc={"text": text} if text else {})
    detail = {"snapshot": snapshot_digest.lower(), "overdue": _overdue(referral, now)}
    trail.record(
        Tag.EMERGENCY_RATIFIED, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail=detail, writes=[referral, event, *grants.end(source=referral.id, now=now)],
    )  # fmt: skip
    outbox.enqueue(APPROVAL_JOB, now=now, referral_id=referral.id)
    return referral


def recall(
    *, actor: Actor, referral_id: UUID, snapshot_digest: str, text: str, suspend: bool, now: datetime
) -> Referral:
    """Not ratified: the data are recalled, an incident is opened. With `suspend` a supervisor takes the author's right.

    Raises as `ratify`, and Invalid without a reason.
    """
    referral, step, doc = _begin(actor, referral_id, "recall", snapshot_digest)
    text, before = _words(text, needed=True), referral.state
    referral.approver_id = actor.user_id
    doc = _decided(doc, actor, "recalled", text, now)
    if step.to in TERMINAL:
        referral.due_at, doc["outcome"] = None, str(step.to)
    move(referral, doc, step, now=now)
    event = add_event(referral, "recall", actor=actor, now=now, doc={"text": text})
    trail.record(
        Tag.EMERGENCY_RECALLED, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail={**moved(step, before), "overdue": _overdue(referral, now)},
        writes=[referral, event, *grants.end(source=referral.id, now=now)],
    )  # fmt: skip
    _leave_tasks(referral, now)
    if suspend and actor.has(Role.SUPERVISOR, referral.organisation_id):
        suspend_emergency_right(actor=actor, staff_id=referral.author_id, now=now)
    return referral


def _leave_tasks(referral: Referral, now: datetime) -> None:
    """The partner must stop using the data, and the stay needs another ground: two tasks, neither ends the stay."""
    case = referral.case
    if PUBLIC[CaseState(case.state)] is PublicState.CLOSED:
        return
    today = office_day(case.organisation_id, now)
    words = gettext("Ask the partner to stop using the data and to confirm it. The service goes on.")
    plan(case, "follow_up", words, today, now)
    words = gettext("The data of the emergency letter were recalled. Find another lawful ground; nobody is sent away.")
    plan(case, "lawful_cover", words, today + timedelta(days=1), now)


def note_call(*, actor: Actor, referral_id: UUID, user_id: UUID, happened_at: datetime, now: datetime) -> Referral:
    """Record that somebody on duty was called about an emergency issue.

    Raises NotFound for a referral that is none, Invalid for a moment before the issue or to come, or for somebody who
    is not to be called.
    """
    referral = locked(referral_id)
    require(actor, Action.Referral.ANSWER, referral)
    if not referral.emergency:
        raise NotFound()
    doc, roles = vault.read(referral), (Role.SUPERVISOR, Role.DATA_PROTECTION)
    known = {one.user_id for role in roles for one in queries.whom_to_call(referral.case, role, now=now)}
    if user_id not in known:
        raise Invalid({"who": (N_("Choose from the list."), {})})
    if happened_at > now:
        raise Invalid({"called_at": (N_("This lies in the future."), {})})
    if happened_at < referral.created_at.replace(second=0, microsecond=0):
        raise Invalid({"called_at": (N_("This lies before the letter was issued."), {})})
    call = {"who": str(user_id), "at": happened_at.isoformat(), "by": str(actor.user_id)}
    if call in doc["emergency"]["called"]:
        return referral
    referral.updated_at = now
    emergency = {**doc["emergency"], "called": [*doc["emergency"]["called"], call]}
    vault.write(referral, {**doc, "emergency": emergency}, rv=referral.rv)
    event = add_event(referral, "call", actor=actor, now=now, happened_at=happened_at, doc={"who": str(user_id)})
    trail.record(
        Tag.EMERGENCY_CALLED, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        happened_at=happened_at, writes=[referral, event],
    )  # fmt: skip
    return referral


def escalate(*, referral_id: UUID, now: datetime) -> None:
    """Nobody decided within 24 hours: call in the next person of the roster, once. Again, or after a crash: nothing.

    The overdue mark stays the supervisor's, and the worker's right stays whole.
    """
    referral = locked(referral_id)
    doc = vault.read(referral)
    if referral.approver_id is not None or doc["emergency"]["escalated"] or now < referral.created_at + RATIFY_WITHIN:
        return
    following = _next(referral, doc, now)
    kept = {"to": str(following) if following else "", "at": now.isoformat()}
    referral.updated_at = now
    vault.write(referral, {**doc, "emergency": {**doc["emergency"], "escalated": kept}}, rv=referral.rv)
    event = add_event(referral, "escalate", actor=None, now=now, doc={"who": kept["to"]})
    trail.record(
        Tag.EMERGENCY_ESCALATED, actor=None, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        writes=[referral, event],
    )  # fmt: skip
    if following:
        call_in(referral, following, actor=None, now=now)


def _next(referral: Referral, doc: dict[str, Any], now: datetime) -> UUID | None:
    """The next named person: a supervisor, else data protection; nobody alerted before, nobody who wrote it."""
    passed = {*map(UUID, doc["emergency"]["alerted"]), *referral.involved}
    for role in (Role.SUPERVISOR, Role.DATA_PROTECTION):
        for one in queries.whom_to_call(referral.case, role, now=now):
            if one.user_id not in passed:
                return one.user_id
    return None


def _begin(actor: Actor, referral_id: UUID, verb: str, seen: str) -> tuple[Referral, Any, dict[str, Any]]:
    """As `begin`, with words for who comes second; what was issued cannot change, so its digest is what counts."""
    referral = locked(referral_id)
    require(actor, Action.Referral.RATIFY, referral)
    if referral.approver_id is not None:
        raise TooLate(DECIDED)
    held = bytes(queries.snapshot_of(referral).digest).hex().encode()
    if not hmac.compare_digest(seen.lower().encode("utf-8", "replace"), held):
        raise TooLate(CHANGED)
    referral, step = begin(actor=actor, referral_id=referral_id, verb=verb)
    return referral, step, vault.read(referral)


def _decided(doc: dict[str, Any], actor: Actor, what: str, text: str, now: datetime) -> dict[str, Any]:
    role = Role.SUPERVISOR if actor.has(Role.SUPERVISOR) else Role.DATA_PROTECTION
    decision = {"what": what, "by": str(actor.user_id), "role": str(role), "at": now.isoformat(), "text": text}
    return {**doc, "emergency": {**doc["emergency"], "decision": decision}}


def _overdue(referral: Referral, now: datetime) -> str:
    return "yes" if now > referral.created_at + RATIFY_WITHIN else "no"


def _words(text: str, *, needed: bool) -> str:
    words = words_of(text)
    if needed and not words:
        raise Invalid({"reason": (N_("Give a reason."), {})})
    if len(words) > LENGTH:
        raise Invalid({"reason": (TOO_LONG, {"limit": LENGTH})})
    return words
