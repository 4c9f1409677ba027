"""The duty roster: who answers at this hour, who is next, and the turns that are planned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.accounts.models import Duty, Staff, StaffMembership
from caseflow.accounts.queries.deputies import holders
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Role

ROLES = (Role.SUPERVISOR, Role.DATA_PROTECTION)


@dataclass(frozen=True, repr=False)
class OnDuty:
    """Somebody who can be called. `name` and `phone` are empty when a record does not open (`broken` says so).

    `id` is the turn's, None for who holds the role but is on no roster; `now` says whether the turn runs.
    """

    user_id: UUID
    role: Role
    name: str = ""
    phone: str = ""
    now: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    id: UUID | None = None
    broken: vault.SealBroken | None = None


def get_duty(duty_id: UUID, *, for_update: bool = False) -> Duty:
    """One turn of the roster. Raises NotFound."""
    found = session().get(Duty, duty_id, with_for_update=for_update or None, populate_existing=for_update)
    if found is None:
        raise NotFound()
    return found


def roster(organisation_id: UUID, *, now: datetime) -> list[OnDuty]:
    """The turns of an organisation that run or are to come, in the order of their beginning."""
    query = (
        select(Duty, Staff)
        .join(Staff, Staff.id == Duty.user_id)
        .where(Duty.organisation_id == organisation_id, Duty.ends_at > now, Staff.state == "active")
        .order_by(Duty.starts_at, Duty.created_at, Duty.id)
    )
    return [_turn(turn, staff, now) for turn, staff in session().execute(query)]


def on_duty(organisation_id: UUID, role: Role, *, now: datetime) -> list[OnDuty]:
    """Whom to call, in order, each once: who is on duty now, then the next named ones, then all others of the role.

    A person who no longer holds the role is not called, whatever the roster says.
    """
    holders = {one.id: one for one in role_holders(organisation_id, role, now=now)}
    named = [one for one in roster(organisation_id, now=now) if one.role == role and one.user_id in holders]
    found: dict[UUID, OnDuty] = {}
    for one in (*sorted(named, key=lambda turn: not turn.now), *(_holder(one, role) for one in holders.values())):
        found.setdefault(one.user_id, one)
    return list(found.values())


def role_holders(organisation_id: UUID, role: Role, *, now: datetime) -> list[Staff]:
    """Active staff of an organisation who hold a role now, deputies included, the oldest account first."""
    return holders(StaffMembership.organisation_id == organisation_id, role, now=now)


def suspended(organisation_id: UUID, *, now: datetime) -> list[tuple[UUID, str]]:
    """(Id, name) of the caseworkers whose right to issue alone is suspended."""
    found = []
    for staff in role_holders(organisation_id, Role.CASEWORKER, now=now):
        try:
            doc = vault.read(staff)
        except vault.SealBroken:
            continue  # the list of people shows such a record, and the door lets nobody in by it
        if doc.get("emergency_suspended"):
            found.append((staff.id, str(doc["name"])))
    return found


def _turn(turn: Duty, staff: Staff, now: datetime) -> OnDuty:
    runs = turn.starts_at <= now
    about: dict[str, Any] = {"now": runs, "starts_at": turn.starts_at, "ends_at": turn.ends_at, "id": turn.id}
    try:
        name, phone = vault.read(staff)["name"], vault.read(turn)["phone"]
    except vault.SealBroken as broken:
        return OnDuty(turn.user_id, Role(turn.role), broken=broken, **about)
    return OnDuty(turn.user_id, Role(turn.role), name=name, phone=phone, **about)


def _holder(staff: Staff, role: Role) -> OnDuty:
    try:
        doc = vault.read(staff)
    except vault.SealBroken as broken:
        return OnDuty(staff.id, role, broken=broken)
    return OnDuty(staff.id, role, name=doc["name"], phone=str(doc.get("phone") or ""))
