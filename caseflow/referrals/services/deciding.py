"""The second pair of eyes: approve, return, decline. What is approved is the digest that the approver saw."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from caseflow.cases.queries import office_day
from caseflow.core import outbox, trail, vault
from caseflow.core.errors import Invalid, NotAllowed, Refused, TooLate
from caseflow.core.policy import Action, Actor, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_
from caseflow.referrals import queries
from caseflow.referrals.letters import digest
from caseflow.referrals.models import Referral
from caseflow.referrals.services.checking import TOO_LONG, words_of
from caseflow.referrals.services.gates import reasons_against
from caseflow.referrals.services.line import CHANGED, DECIDED, add_event, begin, locked, move, moved
from caseflow.referrals.services.register import cancel_entry
from caseflow.referrals.states import ReferralState

COMMENT_LENGTH = 1000
JOB = "referrals.issue"


def approve(
    *,
    actor: Actor,
    referral_id: UUID,
    snapshot_digest: str,
    rv: int,
    now: datetime,
    checked: Sequence[str] = (),
) -> Referral:
    """Approve exactly what `snapshot_digest` (hex) and version `rv` show; the worker then issues the letter.

    `checked` are codes of the lines that the approver ticked on the page; they are kept with the approval.
    Raises NotAllowed for who wrote, edited or took consent, TooLate when somebody changed or decided it first,
    Refused when the consent gate is no longer open.
    """
    referral, step = _begin_decision(actor, referral_id, "approve", rv)
    snapshot = queries.snapshot_of(referral)
    frozen = vault.read(snapshot)
    seen = snapshot_digest.lower().encode("utf-8", "replace")
    if not hmac.compare_digest(seen, bytes(snapshot.digest).hex().encode()):
        raise TooLate(CHANGED)
    if not hmac.compare_digest(digest(frozen), bytes(snapshot.digest)):
        raise TooLate(CHANGED)
    doc = vault.read(referral)
    today = office_day(referral.organisation_id, now)
    gate = queries.gate_of(referral.case_id, doc, today=today, for_update=True)
    if actor.user_id in gate.taker_ids:  # a newer consent may rest on another taker than at submission
        raise NotAllowed()
    if reasons := reasons_against(doc, frozen, gate, queries.partner_of(doc), today):
        raise Refused(reasons=reasons)
    referral.approver_id, referral.approved_at = actor.user_id, now
    move(referral, {**doc, "takers": sorted({*doc["takers"], *map(str, gate.taker_ids)})}, step, now=now)
    kept = {"digest": bytes(snapshot.digest).hex(), "checks": frozen["checks"], "checked": list(checked)}
    event = add_event(referral, "approve", actor=actor, now=now, doc=kept)
    trail.record(
        Tag.REFERRAL_APPROVED, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail={"snapshot": kept["digest"], "checks": _codes(frozen)}, writes=[referral, event],
    )  # fmt: skip
    outbox.enqueue(JOB, now=now, referral_id=referral.id)
    return referral


def return_(*, actor: Actor, referral_id: UUID, rv: int, comments: Mapping[str, str], now: datetime) -> Referral:
    """Return a referral with comments: `comments` maps a data group, or "" for the whole, to words.

    Raises Invalid without any comment, TooLate, NotAllowed.
    """
    written = {group: words_of(text) for group, text in comments.items() if words_of(text)}
    if not written:
        raise Invalid({"comment": (N_("Say what should change."), {})})
    _check_length(written, "comment")
    referral, step = _begin_decision(actor, referral_id, "return", rv)
    doc, before = vault.read(referral), referral.state
    new = [
        {"by": str(actor.user_id), "at": now.isoformat(), "group": group, "text": text}
        for group, text in written.items()
    ]
    referral.due_at = None
    move(referral, {**doc, "comments": [*doc["comments"], *new]}, step, now=now)
    event = add_event(referral, "return", actor=actor, now=now, doc={"comments": new})
    trail.record(
        Tag.REFERRAL_MOVED, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail=moved(step, before), writes=[referral, event],
    )  # fmt: skip
    return referral


def decline(*, actor: Actor, referral_id: UUID, rv: int, reason: str, now: datetime) -> Referral:
    """Decide that a referral is not made; `reason` are words, kept sealed. Raises Invalid, TooLate, NotAllowed."""
    text = words_of(reason)
    if not text:
        raise Invalid({"reason": (N_("Say why it is not made."), {})})
    _check_length({"": text}, "reason")
    referral, step = _begin_decision(actor, referral_id, "decline", rv)
    before = referral.state
    referral.due_at = None
    move(referral, {**vault.read(referral), "outcome": str(step.to)}, step, now=now)
    event = add_event(referral, "decline", actor=actor, now=now, doc={"text": text})
    trail.record(
        Tag.REFERRAL_MOVED, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail=moved(step, before), writes=[referral, event, *cancel_entry(referral)],
    )  # fmt: skip
    return referral


def _begin_decision(actor: Actor, referral_id: UUID, verb: str, rv: int) -> tuple[Referral, Any]:
    """As `begin`, with words for who comes second: another supervisor decided, or the author changed it."""
    referral = locked(referral_id)
    require(actor, Action.Referral.READ, referral)
    if referral.state != ReferralState.PENDING:
        require(actor, _ACTIONS[verb], referral)
        raise TooLate(DECIDED)
    return begin(actor=actor, referral_id=referral_id, verb=verb, rv=rv)


_ACTIONS = {
    "approve": Action.Referral.APPROVE,
    "return": Action.Referral.RETURN,
    "decline": Action.Referral.DECLINE,
}


def _check_length(texts: Mapping[str, str], field: str) -> None:
    if any(len(text) > COMMENT_LENGTH for text in texts.values()):
        raise Invalid({field: (TOO_LONG, {"limit": COMMENT_LENGTH})})


def _codes(frozen: Mapping[str, Any]) -> list[str]:
    return [f"{check['code']}:{check['status']}" for check in frozen["checks"]]
