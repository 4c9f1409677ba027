"""Plan the duty roster, and keep the right of caseworkers to issue alone."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from caseflow.accounts import queries
from caseflow.accounts.models import Duty
from caseflow.accounts.queries.duty import ROLES, get_duty, role_holders
from caseflow.core import trail, vault
from caseflow.core.db import session
from caseflow.core.errors import Invalid, NotFound, TooLate
from caseflow.core.policy import Action, Actor, Role, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_

LONGEST = timedelta(days=31)
Problems = dict[str, tuple[str, dict[str, Any]]]


def plan_duty(
    *,
    actor: Actor,
    duty_id: UUID,
    user_id: UUID,
    role: Role,
    starts_at: datetime,
    ends_at: datetime,
    phone: str,
    now: datetime,
) -> Duty:
    """Put somebody of the actor's organisation on duty. The same id again by the same office gives the first turn.

    Raises Invalid, NotFound for an id of another organisation, NotAllowed.
    """
    require(actor, Action.Duty.PLAN)
    if (first := session().get(Duty, duty_id)) is not None:
        if first.organisation_id != actor.organisation_id:
            raise NotFound()
        return first
    _check(actor.organisation_id, user_id, role, starts_at, ends_at, phone, now)
    turn = Duty(
        id=duty_id,
        organisation_id=actor.organisation_id,
        user_id=user_id,
        role=str(role),
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=now,
    )
    vault.write(turn, {"phone": phone}, rv=0)
    session().add(turn)
    detail = {"role": str(role)}
    trail.record(Tag.DUTY_PLANNED, actor=actor, now=now, obj=("staff", user_id), detail=detail, writes=[turn])
    return turn


def end_duty(*, actor: Actor, duty_id: UUID, now: datetime) -> None:
    """Take a turn off the roster: one to come never begins, a running one ends. Raises NotFound, TooLate."""
    turn = get_duty(duty_id, for_update=True)
    require(actor, Action.Duty.END, turn)
    if turn.ends_at <= now:
        raise TooLate(N_("This turn is over."))
    turn.ends_at = now
    turn.starts_at = min(turn.starts_at, now)
    vault.write(turn, vault.read(turn), rv=turn.rv)
    detail = {"role": turn.role}
    trail.record(Tag.DUTY_ENDED, actor=actor, now=now, obj=("staff", turn.user_id), detail=detail, writes=[turn])


def suspend_emergency_right(*, actor: Actor, staff_id: UUID, now: datetime) -> None:
    """Take somebody's right to issue alone, after an emergency issue was not ratified. Twice changes nothing.

    The caller asked policy about that issue.
    """
    _set_suspended(actor, staff_id, True, Tag.EMERGENCY_RIGHT_TAKEN, now)


def restore_emergency_right(*, actor: Actor, staff_id: UUID, now: datetime) -> None:
    """Give it back. Raises NotFound for somebody of another organisation."""
    require(actor, Action.Duty.RIGHT, queries.get_staff(staff_id))
    _set_suspended(actor, staff_id, False, Tag.EMERGENCY_RIGHT_GIVEN, now)


def _set_suspended(actor: Actor, staff_id: UUID, wanted: bool, tag: Tag, now: datetime) -> None:
    staff = queries.get_staff(staff_id, for_update=True)
    doc = vault.read(staff)
    if bool(doc.get("emergency_suspended")) is wanted:
        return
    vault.write(staff, {**doc, "emergency_suspended": wanted}, rv=staff.rv)
    trail.record(tag, actor=actor, now=now, obj=("staff", staff.id), writes=[staff])


def _check(
    organisation_id: UUID, user_id: UUID, role: Role, starts_at: datetime, ends_at: datetime, phone: str, now: datetime
) -> None:
    problems: Problems = {}
    if role not in ROLES or user_id not in {one.id for one in role_holders(organisation_id, role, now=now)}:
        problems["who"] = (N_("Choose from the list."), {})
    if not phone:
        problems["phone"] = (N_("Write the number at which this person answers."), {})
    if ends_at <= starts_at:
        problems["ends_on"] = (N_("The turn cannot end before it begins."), {})
    elif ends_at <= now:
        problems["ends_on"] = (N_("This lies in the past."), {})
    elif ends_at - starts_at > LONGEST:
        problems["ends_on"] = (N_("A turn lasts a month at most."), {})
    if problems:
        raise Invalid(problems)
