"""Which roles somebody holds now: their own, and those that a colleague lent them for some days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select

from caseflow.accounts.models import Deputy, Organisation, Staff, StaffMembership
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.policy import Membership, Role

HOME_ZONE = "Asia/Karachi"
LENDABLE = (Role.SUPERVISOR, Role.DATA_PROTECTION, Role.CASEWORKER)
TEAM_ROLES = (Role.CASEWORKER, Role.SUPERVISOR)


@dataclass(frozen=True)
class Standing:
    """A deputyship as pages show it."""

    id: UUID
    principal_id: UUID
    deputy_id: UUID
    role: Role
    since: datetime
    until: datetime

    @property
    def last_day(self) -> datetime:
        """A moment of the last day: it ends at midnight, which is the next day already."""
        return self.until - timedelta(seconds=1)


def memberships_of(staff_id: UUID, *, now: datetime) -> tuple[Membership, ...]:
    """The roles a person holds in their own right at this moment, in the order they were given."""
    running = or_(StaffMembership.valid_until.is_(None), StaffMembership.valid_until > now)
    query = (
        select(StaffMembership)
        .where(StaffMembership.staff_id == staff_id, StaffMembership.valid_from <= now, running)
        .order_by(StaffMembership.valid_from, StaffMembership.id)
    )
    return tuple(Membership(row.organisation_id, row.team_id, Role(row.role)) for row in session().scalars(query))


def standing_in(staff_id: UUID, *, now: datetime) -> tuple[tuple[Membership, ...], frozenset[tuple[UUID, UUID]]]:
    """(roles lent to a person now, pairs of caseworker and team whose cases the person works).

    They are what the principals hold themselves at this moment: a role that ended, or an account that was closed,
    is lent no longer. What was lent is never lent on.
    """
    lent: list[Membership] = []
    cases: set[tuple[UUID, UUID]] = set()
    for row in deputies_of(staff_id, now=now):
        for one in memberships_of(row.principal_id, now=now):
            if one.role != row.role:
                continue
            if one.role == Role.CASEWORKER and one.team_id:
                cases.add((row.principal_id, one.team_id))
            else:
                lent.append(Membership(one.organisation_id, one.team_id, one.role, row.principal_id))
    return tuple(lent), frozenset(cases)


def deputies_of(staff_id: UUID, *, now: datetime) -> list[Standing]:
    """For whom a person stands in now."""
    query = (
        select(Deputy)
        .join(Staff, Staff.id == Deputy.principal_id)
        .where(Deputy.deputy_id == staff_id, Deputy.valid_from <= now, Deputy.valid_until > now)
        .where(Staff.state == "active")
        .order_by(Deputy.valid_from, Deputy.id)
    )
    return [_standing(row) for row in session().scalars(query)]


def own_deputies(staff_id: UUID, *, now: datetime) -> list[Standing]:
    """Who stands in for a person now or later."""
    query = select(Deputy).where(Deputy.principal_id == staff_id, Deputy.valid_until > now)
    return [_standing(row) for row in session().scalars(query.order_by(Deputy.valid_from, Deputy.id))]


def holders(place: ColumnElement[bool], *roles: Role, now: datetime, lent: bool = True) -> list[Staff]:
    """Active staff who hold one of the roles now in a place (a team, an organisation), the oldest account first.

    With `lent` also who stands in for one of them; a caseworker's deputy has cases of one person, not the role.
    """
    held = StaffMembership
    running = (held.valid_from <= now) & or_(held.valid_until.is_(None), held.valid_until > now)
    own = select(held.staff_id).where(place, held.role.in_(roles), running)
    ways = [Staff.id.in_(own)]
    if lent:
        same = (Deputy.principal_id == held.staff_id) & (Deputy.role == held.role)
        days = (Deputy.valid_from <= now) & (Deputy.valid_until > now)
        active = Deputy.principal_id.in_(select(Staff.id).where(Staff.state == "active"))
        theirs = own.join(Deputy, same).where(days, active, held.role != Role.CASEWORKER)
        ways.append(Staff.id.in_(theirs.with_only_columns(Deputy.deputy_id)))
    query = select(Staff).where(or_(*ways), Staff.state == "active").order_by(Staff.created_at, Staff.id)
    return list(session().scalars(query))


def could_stand_in(principal: Staff, *, now: datetime) -> dict[UUID, frozenset[Role]]:
    """Colleagues of the same organisation who may be deputies, and for which roles.

    Cases are worked by who works cases. Administrators and auditors stand in for nobody.
    """
    running = or_(StaffMembership.valid_until.is_(None), StaffMembership.valid_until > now)
    query = (
        select(Staff.id, StaffMembership.role)
        .join(StaffMembership, StaffMembership.staff_id == Staff.id)
        .where(Staff.organisation_id == principal.organisation_id, Staff.id != principal.id, Staff.state == "active")
        .where(StaffMembership.valid_from <= now, running)
        .order_by(Staff.created_at, Staff.id)
    )
    held: dict[UUID, set[str]] = {}
    for its_id, role in session().execute(query):
        held.setdefault(its_id, set()).add(role)
    may = {its_id: _lendable(roles) for its_id, roles in held.items()}
    return {its_id: roles for its_id, roles in may.items() if roles}


def office_zone(organisation_id: UUID) -> ZoneInfo:
    """The zone in which days of an organisation begin and end."""
    doc = vault.read(session().get_one(Organisation, organisation_id))
    return ZoneInfo(doc.get("zone") or HOME_ZONE)


def _lendable(held: set[str]) -> frozenset[Role]:
    if held & {Role.ADMINISTRATOR, Role.AUDITOR}:
        return frozenset()
    if held & set(TEAM_ROLES):
        return frozenset(LENDABLE)
    return frozenset({Role.DATA_PROTECTION}) if Role.DATA_PROTECTION in held else frozenset()


def _standing(row: Deputy) -> Standing:
    return Standing(row.id, row.principal_id, row.deputy_id, Role(row.role), row.valid_from, row.valid_until)
