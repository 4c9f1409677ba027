"""Reads of people: who acts, who works where, how a member of staff is shown."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.accounts.models import Organisation, Staff, StaffMembership, Team
from caseflow.accounts.queries.deputies import (
    deputies_of,
    holders,
    memberships_of,
    office_zone,
    own_deputies,
    standing_in,
)
from caseflow.accounts.queries.listing import (
    PersonRow,
    list_people,
    office_names,
    organisations,
    people_list,
    team_names,
    team_names_of,
)
from caseflow.accounts.queries.own import bound_id, device_place, idle_limit, live_sessions
from caseflow.accounts.queries.requests import (
    count_waiting,
    get_request,
    requests_about,
    second_persons,
    waiting_requests,
)
from caseflow.accounts.queries.standing import Invited, count_people, invited, locked_out
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Actor, Role
from caseflow.core.policy.grants import in_force

__all__ = [
    "Invited",
    "PersonRow",
    "actor_for",
    "bound_id",
    "count_people",
    "count_waiting",
    "deputies_of",
    "device_place",
    "get_organisation",
    "get_request",
    "get_staff",
    "idle_limit",
    "invited",
    "list_people",
    "live_sessions",
    "locked_out",
    "memberships_of",
    "office_names",
    "office_zone",
    "organisation_doc",
    "organisations",
    "own_deputies",
    "people_list",
    "requests_about",
    "second_persons",
    "staff_docs",
    "staff_names",
    "standing_in",
    "team_members",
    "team_names",
    "team_names_of",
    "teams_of",
    "waiting_requests",
]


def actor_for(
    staff: Staff, *, now: datetime, session_id: UUID | None = None, confirmed_at: datetime | None = None
) -> Actor:
    """The actor that policy sees: roles (own and lent for some days) and grants in force.

    All are read anew each request, so that a removal works at once.
    """
    own = memberships_of(staff.id, now=now)
    lent, stands_for = standing_in(staff.id, now=now)
    return Actor(
        user_id=staff.id,
        organisation_id=staff.organisation_id,
        memberships=own + lent,
        stands_for=stands_for,
        grants=in_force(staff.id, now=now),
        session_id=session_id,
        confirmed_at=confirmed_at,
        emergency_suspended=_is_suspended(staff),
    )


def _is_suspended(staff: Staff) -> bool:
    """Whether a supervisor took this person's right to issue alone; also when the record cannot say."""
    try:
        return bool(vault.read(staff).get("emergency_suspended"))
    except vault.SealBroken:
        return True


def get_staff(staff_id: UUID, *, for_update: bool = False) -> Staff:
    """A member of staff. Raises NotFound."""
    found = session().get(Staff, staff_id, with_for_update=for_update or None, populate_existing=for_update)
    if found is None:
        raise NotFound()
    return found


def get_organisation(organisation_id: UUID, *, for_update: bool = False) -> Organisation:
    """An organisation. Raises NotFound."""
    lock = for_update or None
    found = session().get(Organisation, organisation_id, with_for_update=lock, populate_existing=for_update)
    if found is None:
        raise NotFound()
    return found


def organisation_doc(organisation_id: UUID) -> dict[str, Any]:
    """The opened document of an organisation (names, letterhead)."""
    return vault.read(get_organisation(organisation_id))


def staff_docs(ids: Iterable[UUID | None]) -> dict[UUID, dict[str, Any]]:
    """Opened documents of several members of staff (name, post), for pages that show who did what."""
    wanted = {one for one in ids if one}
    rows = session().scalars(select(Staff).where(Staff.id.in_(wanted))) if wanted else ()
    return {row.id: vault.read(row) for row in rows}


def staff_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of members of staff by id."""
    return {one: doc["name"] for one, doc in staff_docs(ids).items()}


def team_members(team_id: UUID, *roles: Role, now: datetime, lent: bool = True) -> list[Staff]:
    """Active staff who hold one of the roles in the team at this moment, in a steady order.

    With `lent` also who holds it for a colleague for some days. A caseworker's deputy works the cases of that
    caseworker and no others, and so is no member of the team.
    """
    return holders(StaffMembership.team_id == team_id, *roles, now=now, lent=lent)


def teams_of(organisation_id: UUID) -> list[Team]:
    """The teams of an organisation."""
    return list(
        session().scalars(select(Team).where(Team.organisation_id == organisation_id).order_by(Team.created_at))
    )
