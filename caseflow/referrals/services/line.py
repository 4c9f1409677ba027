"""What every step of a referral does: lock, ask, move, write the event. Only the services of this room use it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.cases.queries import get_case
from caseflow.core import catalogue, vault
from caseflow.core.db import new_id, session
from caseflow.core.errors import NotFound, TooLate
from caseflow.core.lifecycle import Step, find
from caseflow.core.policy import Actor, require
from caseflow.core.words import N_
from caseflow.referrals.models import Referral, ReferralEvent
from caseflow.referrals.queries import get_referral
from caseflow.referrals.states import STEPS, ReferralState

CHANGED = N_("Somebody changed this referral since you opened the page. Look at it again.")
DECIDED = N_("Somebody else decided first. The page shows what they decided.")
EMERGENCY = "emergency"


def locked(referral_id: UUID) -> Referral:
    """The referral and its case, locked in that order everywhere: case first. Raises NotFound."""
    # Not the whole row yet: one that somebody changes while we wait for its case would be stale when it is locked.
    case_id = session().scalar(select(Referral.case_id).where(Referral.id == referral_id))
    if case_id is None:
        raise NotFound()
    get_case(case_id, for_update=True)
    return get_referral(referral_id, for_update=True)


def begin(*, actor: Actor, referral_id: UUID, verb: str, rv: int | None = None) -> tuple[Referral, Step]:
    """Lock the referral and check that this actor may take this step now.

    Raises NotFound or NotAllowed by policy, TooLate when the state has moved on or `rv` is not the stored version.
    """
    referral = locked(referral_id)
    actions = {row.action for row in STEPS if row.verb == verb}
    for action in sorted(actions):
        require(actor, action, referral)
    step = find(STEPS, verb, ReferralState(referral.state))
    if rv is not None and rv != referral.rv:
        raise TooLate(CHANGED)
    return referral, step


def move(
    referral: Referral, doc: dict[str, Any], step: Step, *, now: datetime, happened_at: datetime | None = None
) -> None:
    """Seal the document and take the step; the time of the state is when it happened, the clock's time too."""
    if step.to is not None:
        referral.state = str(step.to)
        referral.state_since = happened_at or now
    referral.updated_at = now
    vault.write(referral, doc, rv=referral.rv)


def add_event(
    referral: Referral,
    verb: str,
    *,
    actor: Actor | None,
    now: datetime,
    happened_at: datetime | None = None,
    doc: dict[str, Any] | None = None,
) -> ReferralEvent:
    """Write one event on the line of the referral, with its two dates."""
    event = ReferralEvent(
        id=new_id(),
        referral_id=referral.id,
        case_id=referral.case_id,
        verb=verb,
        happened_at=happened_at or now,
        recorded_at=now,
        actor_id=actor.user_id if actor else None,
    )
    vault.write(event, doc or {}, rv=0)
    session().add(event)
    return event


def answer_due(urgency: str, start: datetime) -> datetime:
    """The end of the clock for an answer: 2, 24 or 72 hours (ours; the inter-agency form times the service only)."""
    return start + _hours(urgency, "ack_within_hours_inferred")


def service_due(urgency: str, start: datetime) -> datetime:
    """The end of the clock for the service: 24 hours, 72 hours, 2 weeks (inter-agency referral form)."""
    return start + _hours(urgency, "service_within_hours")


def _hours(urgency: str, column: str) -> timedelta:
    return timedelta(hours=int(catalogue.load().list("referral_urgency").row(urgency).extra[column]))


def moved(step: Step, referral_before: str, reason: str = "") -> dict[str, str]:
    """The detail of a trail entry about a move: codes only."""
    detail = {"verb": step.verb, "from": referral_before, "to": str(step.to or referral_before)}
    return {**detail, "reason": reason} if reason else detail
