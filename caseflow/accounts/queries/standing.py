"""How the people of an installation stand, for its administrator: who is still to join, who has to wait."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from caseflow.accounts.models import Invitation, SignInFailure, Staff
from caseflow.accounts.queries.listing import PersonRow, rows_of
from caseflow.core.db import session

MOST = 20


@dataclass(frozen=True)
class Invited:
    """Somebody who has not joined yet. `until`: their link works so long; None: it does not work any more."""

    row: PersonRow
    until: datetime | None


def count_people() -> Counter[str]:
    """How many members of staff are invited, active and disabled."""
    found = session().execute(select(Staff.state, func.count()).group_by(Staff.state))
    return Counter({str(state): int(count) for state, count in found})


def invited(*, now: datetime, limit: int = MOST) -> list[Invited]:
    """Who was invited and has not joined, the longest ago first."""
    query = select(Staff).where(Staff.state == "invited").order_by(Staff.created_at, Staff.id).limit(limit)
    rows = rows_of(list(session().scalars(query)), now=now)
    running = (
        select(Invitation.staff_id, func.max(Invitation.expires_at))
        .where(Invitation.staff_id.in_([row.staff.id for row in rows]))
        .where(Invitation.used_at.is_(None), Invitation.expires_at > now)
        .group_by(Invitation.staff_id)
    )
    until = {row[0]: row[1] for row in session().execute(running)}
    return [Invited(row, until.get(row.staff.id)) for row in rows]


def locked_out(*, now: datetime, limit: int = MOST) -> list[PersonRow]:
    """Members of staff at whose account somebody has to wait after wrong tries."""
    waiting = select(SignInFailure.account_token).where(SignInFailure.locked_until > now)
    query = select(Staff).where(Staff.sign_in_token.in_(waiting)).order_by(Staff.created_at, Staff.id)
    return rows_of(list(session().scalars(query.limit(limit))), now=now)
