"""Start and end sessions of staff."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from caseflow.accounts.models import Staff, StaffSession
from caseflow.core.db import new_id, session

ABSOLUTE = timedelta(hours=12)


def start_session(*, staff: Staff, level: str, now: datetime, confirmed: bool = False) -> tuple[str, StaffSession]:
    """A new session and its token (32 random bytes; only the hash is kept). `level` is password or full."""
    token = secrets.token_urlsafe(32)
    made = StaffSession(
        id=new_id(),
        token_hash=sha256(token.encode()).digest(),
        staff_id=staff.id,
        level=level,
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE,
        confirmed_at=now if confirmed else None,
    )
    session().add(made)
    session().flush()
    return token, made
