"""Start and end sessions of staff. A session is bound to no address: phones change networks all day."""

import json
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import update

from caseflow.accounts.models import Staff, StaffSession
from caseflow.core import trail
from caseflow.core.db import new_id, session
from caseflow.core.policy import Actor
from caseflow.core.trail import Tag

ABSOLUTE = timedelta(hours=12)
HALF_WAY = timedelta(minutes=10)  # between the password and the second factor


def start_session(
    *, staff: Staff, level: str, now: datetime, confirmed: bool = False, data: dict[str, Any] | None = None
) -> tuple[str, StaffSession]:
    """A new session and its token (32 random bytes; only the hash is kept). `level` is password or full.

    `data` is what the browser's session starts with: the language, a notice.
    """
    token = secrets.token_urlsafe(32)
    made = StaffSession(
        id=new_id(),
        token_hash=sha256(token.encode()).digest(),
        staff_id=staff.id,
        level=level,
        created_at=now,
        last_seen_at=now,
        expires_at=now + (ABSOLUTE if level == "full" else HALF_WAY),
        confirmed_at=now if confirmed else None,
        data=json.dumps(data or {}),
    )
    session().add(made)
    session().flush()
    return token, made


def end_session(*, session_id: UUID, actor: Actor | None, reason: str, now: datetime) -> None:
    """End one session; its token is dead from now on. `reason` is a code: lock, codes."""
    row = session().get_one(StaffSession, session_id)
    if row.ended_at is None:
        row.ended_at = now
        about = ("staff_session", row.id)
        trail.record(Tag.SIGN_OUT, actor=actor, now=now, obj=about, detail={"reason": reason})


def replace_session(*, session_id: UUID, now: datetime) -> None:
    """End a session because another one takes its place (a new token at every step of signing in)."""
    session().get_one(StaffSession, session_id).ended_at = now


def end_all(*, staff_id: UUID, now: datetime) -> None:
    """End every session of a person: after a change of role or password, or when the account is closed."""
    open_ones = (StaffSession.staff_id == staff_id) & StaffSession.ended_at.is_(None)
    session().execute(update(StaffSession).where(open_ones).values(ended_at=now))
