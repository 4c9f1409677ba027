"""Write and read access grants. Features write them; predicates see only those in force."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.core.db import session
from caseflow.core.policy.actor import Grant
from caseflow.core.policy.models import AccessGrant


def give(
    *, user_id: UUID, case_id: UUID, reason_kind: str, valid_from: datetime, valid_until: datetime, source: UUID
) -> AccessGrant:
    """Open one case to one person for a while. The caller records it in the trail with the returned row."""
    grant = AccessGrant(
        user_id=user_id,
        case_id=case_id,
        reason_kind=reason_kind,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
    )
    session().add(grant)
    session().flush()
    return grant


def end(*, source: UUID, now: datetime) -> list[AccessGrant]:
    """End every running grant that rests on `source`; returns the rows that changed."""
    running = session().scalars(select(AccessGrant).where(AccessGrant.source == source, AccessGrant.valid_until > now))
    ended = list(running)
    for grant in ended:
        grant.valid_until = now
    session().flush()
    return ended


def in_force(user_id: UUID, *, now: datetime) -> tuple[Grant, ...]:
    """The grants of a person that run at this moment."""
    query = select(AccessGrant).where(*_running(user_id, now))
    return tuple(Grant(row.case_id, row.reason_kind, row.source) for row in session().scalars(query))


def _running(user_id: UUID, now: datetime) -> tuple[Any, ...]:
    return AccessGrant.user_id == user_id, AccessGrant.valid_from <= now, AccessGrant.valid_until > now
