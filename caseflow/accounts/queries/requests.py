"""What waits for a second person, and who could be that person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from caseflow.accounts.models import Staff, StaffMembership, StaffRequest
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Actor, Role


def get_request(request_id: UUID, *, for_update: bool = False) -> StaffRequest:
    """A request. Raises NotFound."""
    lock = for_update or None
    found = session().get(StaffRequest, request_id, with_for_update=lock, populate_existing=for_update)
    if found is None:
        raise NotFound()
    return found


def waiting_requests(actor: Actor) -> list[StaffRequest]:
    """What waits and the actor may read, oldest first: a handful, so the list has no pages."""
    query = select(StaffRequest).where(StaffRequest.state == "asked", visible_to(actor))
    return list(session().scalars(query.order_by(StaffRequest.asked_at, StaffRequest.id)))


def count_waiting(actor: Actor) -> int:
    """How many of them wait for this actor: what they asked themselves, or gain by, is not theirs to decide."""
    others = StaffRequest.asked_by.is_distinct_from(actor.user_id), StaffRequest.staff_id != actor.user_id
    query = select(func.count()).select_from(StaffRequest).where(StaffRequest.state == "asked", *others)
    return session().scalar(query.where(visible_to(actor))) or 0


def requests_about(staff_id: UUID) -> list[StaffRequest]:
    """What waits for one person."""
    query = select(StaffRequest).where(StaffRequest.staff_id == staff_id, StaffRequest.state == "asked")
    return list(session().scalars(query.order_by(StaffRequest.asked_at, StaffRequest.id)))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The twin of `Action.Request.READ`: administrators read all, data protection those of its organisation."""
    return true() if actor.has(Role.ADMINISTRATOR) else StaffRequest.organisation_id == actor.organisation_id


def second_persons(row: StaffRequest, *, now: datetime) -> list[UUID]:
    """Ids of the members of staff who could decide on a request now."""
    one: Any = StaffMembership
    running = and_(one.valid_from <= now, or_(one.valid_until.is_(None), one.valid_until > now))
    protects = and_(one.role == Role.DATA_PROTECTION, Staff.organisation_id == row.organisation_id)
    query = (
        select(Staff.id)
        .join(one, one.staff_id == Staff.id)
        .where(Staff.state == "active", running, or_(one.role == Role.ADMINISTRATOR, protects))
        .where(Staff.id.not_in([who for who in (row.asked_by, row.staff_id) if who]))
        .distinct()
        .order_by(Staff.id)
    )
    return list(session().scalars(query))
