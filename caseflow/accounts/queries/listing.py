"""Lists of people: for the page of an administrator, and for the command `caseflow people`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_

from caseflow.accounts.models import Organisation, Staff, StaffMembership, Team
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.words import language


@dataclass
class PersonRow:
    """A member of staff as a list shows them. `broken` holds the error when the record does not open."""

    staff: Staff
    doc: dict[str, Any] = field(default_factory=dict)
    office: str = ""
    roles: list[str] = field(default_factory=list)
    broken: vault.SealBroken | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The sort key, for keyset paging: when the account was made, then its id."""
        return self.staff.created_at.isoformat(), str(self.staff.id)


def list_people(
    *, now: datetime, after: tuple[datetime, UUID] | None = None, limit: int | None = 26
) -> list[PersonRow]:
    """Staff of the whole installation, oldest account first, with the roles they hold now."""
    query = select(Staff).order_by(Staff.created_at, Staff.id).limit(limit)
    if after:
        query = query.where(tuple_(Staff.created_at, Staff.id) > after)
    return rows_of(list(session().scalars(query)), now=now)


def rows_of(staff: Sequence[Staff], *, now: datetime) -> list[PersonRow]:
    """Rows in the order of `staff`, with the roles they hold now."""
    roles, offices = _roles((row.id for row in staff), now), office_names()
    return [_row(one, offices.get(one.organisation_id, ""), roles.get(one.id, [])) for one in staff]


def people_list(*, now: datetime) -> list[dict[str, Any]]:
    """Everybody for `caseflow people --json`: sign-in name, name, roles, organisation, state. No secret is in it."""
    return [
        {
            "sign_in": row.doc.get("sign_in", ""),
            "name": row.doc.get("name", ""),
            "roles": row.roles,
            "organisation": row.office,
            "state": row.staff.state,
        }
        for row in list_people(now=now, limit=None)
    ]


def held_by(staff_id: UUID, *, now: datetime) -> list[StaffMembership]:
    """The running memberships of a person, first given first."""
    running = or_(StaffMembership.valid_until.is_(None), StaffMembership.valid_until > now)
    query = (
        select(StaffMembership)
        .where(StaffMembership.staff_id == staff_id, running)
        .order_by(StaffMembership.valid_from, StaffMembership.id)
    )
    return list(session().scalars(query))


def organisations() -> list[Organisation]:
    """All organisations of the installation: a handful, so the list has no pages."""
    return list(session().scalars(select(Organisation).order_by(Organisation.created_at, Organisation.id)))


def teams() -> list[Team]:
    """All teams of the installation."""
    return list(session().scalars(select(Team).order_by(Team.created_at, Team.id)))


def name_of(record: Organisation | Team) -> str:
    """The name in the language of the context; a sign in its place when the record does not open."""
    try:
        doc = vault.read(record)
    except vault.SealBroken:
        return "?"
    return str(doc.get(f"name_{language()}") or doc["name_en"])


def office_names() -> dict[UUID, str]:
    """Names of all organisations by id."""
    return {one.id: name_of(one) for one in organisations()}


def team_names() -> dict[UUID, str]:
    """Names of all teams by id."""
    return {one.id: name_of(one) for one in teams()}


def team_names_of(organisation_id: UUID) -> dict[UUID, str]:
    """Names of the teams of one organisation by id, the oldest first."""
    return {one.id: name_of(one) for one in teams() if one.organisation_id == organisation_id}


def _roles(ids: Iterable[UUID], now: datetime) -> dict[UUID, list[str]]:
    running = or_(StaffMembership.valid_until.is_(None), StaffMembership.valid_until > now)
    query = select(StaffMembership.staff_id, StaffMembership.role).where(
        StaffMembership.staff_id.in_(list(ids)), running
    )
    found: dict[UUID, list[str]] = {}
    for staff_id, role in session().execute(query.order_by(StaffMembership.valid_from, StaffMembership.id)):
        if role not in found.setdefault(staff_id, []):
            found[staff_id].append(role)
    return found


def _row(staff: Staff, office: str, roles: Sequence[str]) -> PersonRow:
    row = PersonRow(staff, office=office, roles=list(roles))
    try:
        row.doc = vault.read(staff)
    except vault.SealBroken as error:
        row.broken = error
    return row
