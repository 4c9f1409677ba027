"""Find an open invitation by the token of its link."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from caseflow.accounts.models import Invitation, Staff
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.words import N_

STATE = {"join": "invited", "factor": "active", "password": "active"}  # of the person for whom a link works


def token_hash(token: str) -> bytes:
    """What is stored of an invitation's token."""
    return sha256(token.encode("utf-8", "replace")).digest()


def open_invitation(
    token: str, *, now: datetime, purpose: str = "join", for_update: bool = False
) -> tuple[Invitation, Staff]:
    """The invitation and whom it is for; `purpose` is join; factor or password for who joined long ago.

    Raises NotFound, alike for unknown, used, void and expired links.
    """
    query = (
        select(Invitation, Staff)
        .join(Staff, Staff.id == Invitation.staff_id)
        .where(Invitation.token_hash == token_hash(token), Invitation.used_at.is_(None), Invitation.expires_at > now)
        .where(Invitation.purpose == purpose, Staff.state == STATE[purpose])
    )
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session().execute(query).first()
    if found is None:
        raise NotFound(N_("This link does not work any more. Ask your administrator for a new one."))
    return found[0], found[1]


def running_until(staff_id: UUID, *, now: datetime) -> datetime | None:
    """Until when the person's link works; None when there is none."""
    query = select(Invitation.expires_at).where(
        Invitation.staff_id == staff_id,
        Invitation.used_at.is_(None),
        Invitation.expires_at > now,
        Invitation.purpose == "join",
    )
    return session().scalars(query.order_by(Invitation.expires_at.desc())).first()
