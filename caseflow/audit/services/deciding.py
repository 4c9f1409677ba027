"""Approve, refuse or end an audit. Access is a grant for each case, and ends with the audit.

A sample is drawn in the transaction of the approval: the frame is frozen at that moment, and nobody who could still
change it has seen the seed.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from caseflow.audit import queries
from caseflow.audit.models import Audit, AuditFrame
from caseflow.audit.services.sampling import draw_sample
from caseflow.audit.states import STEPS, AuditState
from caseflow.core import catalogue, trail, vault
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.text import clean_text
from caseflow.core.errors import Invalid, TooLate
from caseflow.core.lifecycle import find
from caseflow.core.policy import Action, Actor, require
from caseflow.core.policy import grants as access
from caseflow.core.policy.models import AccessGrant
from caseflow.core.policy.predicates import AUDIT
from caseflow.core.trail import Tag
from caseflow.core.words import N_


def approve_audit(*, actor: Actor, audit_id: UUID, zone: str, today: date, now: datetime) -> Audit:
    """Approve an audit somebody else asked for, and open its cases to its auditor until the end of its last day.

    `zone` is the office's time zone. Raises TooLate when it was decided or its end date has passed, Invalid when a
    sample was asked for and no case fits its filter.
    """
    audit = queries.get_audit(audit_id, for_update=True)
    require(actor, Action.Audit.APPROVE, audit)
    step = find(STEPS, "approve", AuditState(audit.state))
    if today > audit.ends_on:
        raise TooLate(N_("The end date of this audit has passed. It has to be asked for again."))
    drawn: dict[str, Any] = {}
    frames: list[AuditFrame] = []
    if queries.view_of(audit, today=today).sampling:
        drawn, frame = draw_sample(audit, zone=zone, now=now)
        frames = [frame]
    _decide(audit, actor, step.to, now)
    case_ids = queries.view_of(audit, today=today).case_ids
    given = _open(audit, case_ids, zone, now)
    detail = {"cases": len(case_ids), "until": audit.ends_on.isoformat(), **drawn}
    writes = [audit, *frames, *given.values()]
    trail.record(Tag.AUDIT_APPROVED, actor=actor, now=now, obj=("audit", audit.id), detail=detail, writes=writes)
    told = {"reason": AUDIT, "until": audit.ends_on.isoformat()}
    for one in given:
        place = queries.stream_of(one)
        trail.record(Tag.ACCESS_GRANTED, actor=actor, now=now, obj=("audit", audit.id), case_id=place, detail=told)
    return audit


def _open(audit: Audit, case_ids: list[UUID], zone: str, now: datetime) -> dict[UUID, AccessGrant]:
    """A grant for each case of which more than a skeleton is left, by case."""
    last = datetime.combine(audit.ends_on + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    period = {"valid_from": now, "valid_until": last}
    gone = queries.skeletons(case_ids)
    return {
        one: access.give(user_id=audit.auditor_id, case_id=one, reason_kind=AUDIT, source=audit.id, **period)
        for one in case_ids
        if one not in gone
    }


def refuse_audit(*, actor: Actor, audit_id: UUID, reason: str, now: datetime) -> Audit:
    """Refuse an audit with a reason. Raises Invalid without one, TooLate when it was decided."""
    audit = queries.get_audit(audit_id, for_update=True)
    require(actor, Action.Audit.REFUSE, audit)
    step = find(STEPS, "refuse", AuditState(audit.state))
    vault.write(audit, {**vault.read(audit), "refused_because": _reason(reason)}, rv=audit.rv)
    _decide(audit, actor, step.to, now)
    trail.record(Tag.AUDIT_REFUSED, actor=actor, now=now, obj=("audit", audit.id), writes=[audit])
    return audit


def _reason(raw: str) -> str:
    try:
        reason = clean_text(raw, 1000)
    except Fault as fault:
        raise Invalid({"reason": (catalogue.MESSAGES[fault.code], dict(fault.params))}) from None
    if reason is None:
        raise Invalid({"reason": (N_("Write why, so that the auditor can ask better."), {})})
    return reason


def end_audit(*, actor: Actor, audit_id: UUID, now: datetime) -> Audit:
    """End an audit now; every access it gave ends with it. Raises TooLate when it is over."""
    audit = queries.get_audit(audit_id, for_update=True)
    require(actor, Action.Audit.END, audit)
    step = find(STEPS, "end", AuditState(audit.state))
    audit.state = str(step.to)
    ended = access.end(source=audit.id, now=now)
    trail.record(Tag.AUDIT_ENDED, actor=actor, now=now, obj=("audit", audit.id), writes=[audit, *ended])
    return audit


def _decide(audit: Audit, actor: Actor, to: StrEnum | None, now: datetime) -> None:
    audit.state, audit.decided_at, audit.decided_by = str(to), now, actor.user_id
