"""One-time links: random, shown once, kept as a hash; an invitation is good for three days, a new password for less."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update

from caseflow.accounts.models import Invitation, Staff
from caseflow.accounts.queries.invitations import token_hash
from caseflow.core.db import new_id, session
from caseflow.core.policy import Actor

VALID_FOR = {"join": timedelta(hours=72), "factor": timedelta(hours=72), "password": timedelta(hours=2)}


def new_link(*, staff: Staff, purpose: str, actor: Actor | None, now: datetime) -> str:
    """The token of a new link of this purpose for a person; their old ones are void."""
    running = (Invitation.staff_id == staff.id) & Invitation.used_at.is_(None)
    session().execute(update(Invitation).where(running).values(used_at=now))
    token = secrets.token_urlsafe(32)
    session().add(
        Invitation(
            id=new_id(),
            staff_id=staff.id,
            token_hash=token_hash(token),
            expires_at=now + VALID_FOR[purpose],
            created_at=now,
            created_by=actor.user_id if actor else None,
            purpose=purpose,
        )
    )
    session().flush()
    return token
