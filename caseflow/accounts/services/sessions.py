"""Start and end sessions of staff. A session is bound to no address: phones change networks all day."""

import json
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from caseflow.accounts import queries
from caseflow.accounts.models import Staff, StaffSession
from caseflow.core import trail, vault
from caseflow.core.db import NO_CASE, session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Action, Actor, require
from caseflow.core.trail import Tag

ABSOLUTE = timedelta(hours=12)
HALF_WAY = timedelta(minutes=10)  # between the password and the second factor


def start_session(
    *,
    staff: Staff,
    level: str,
    now: datetime,
    confirmed: bool = False,
    data: dict[str, Any] | None = None,
    device: dict[str, str] | None = None,
) -> tuple[str, StaffSession]:
    """A new session and its token (32 random bytes; only the hash is kept). `level` is password or full.

    `data` is what the browser's session starts with: the language, a notice. `device` (browser, platform) is kept
    sealed, so that people know their own sessions again.
    """
    token = secrets.token_urlsafe(32)
    its_id = queries.bound_id(token, staff.id, level)
    made = StaffSession(
        id=its_id,
        token_hash=sha256(token.encode()).digest(),
        staff_id=staff.id,
        level=level,
        created_at=now,
        last_seen_at=now,
        expires_at=now + (ABSOLUTE if level == "full" else HALF_WAY),
        confirmed_at=now if confirmed else None,
        data=json.dumps(data or {}),
        device=vault.current().seal_bytes(NO_CASE, dict(device), *queries.device_place(its_id)) if device else None,
    )
    session().add(made)
    session().flush()
    return token, made


def end_session(*, session_id: UUID, actor: Actor | None, reason: str, now: datetime) -> None:
    """End one session; its token is dead from now on. `reason` is a code: lock, codes, pin, own."""
    row = session().get_one(StaffSession, session_id)
    if row.ended_at is None:
        row.ended_at = now
        about = ("staff_session", row.id)
        trail.record(Tag.SIGN_OUT, actor=actor, now=now, obj=about, detail={"reason": reason})


def end_own(*, actor: Actor, session_id: UUID, now: datetime) -> None:
    """End one of one's own sessions. Raises NotFound, also for the session of somebody else."""
    row = session().get(StaffSession, session_id)
    if row is None or row.staff_id != actor.user_id:
        raise NotFound()
    end_session(session_id=session_id, actor=actor, reason="own", now=now)


def end_others(*, actor: Actor, now: datetime) -> int:
    """End all of one's own sessions but this one; returns how many there were."""
    found = _open(actor.user_id).where(StaffSession.id != actor.session_id)
    return _end(found, actor=actor, staff_id=actor.user_id, now=now)


def end_everywhere(*, actor: Actor, staff_id: UUID, now: datetime) -> int:
    """End every session of a member of staff, as an administrator does when a phone is lost. Raises NotAllowed."""
    require(actor, Action.People.EDIT, queries.get_staff(staff_id))
    return _end(_open(staff_id), actor=actor, staff_id=staff_id, now=now)


def replace_session(*, session_id: UUID, now: datetime) -> None:
    """End a session because another one takes its place (a new token at every step of signing in)."""
    session().get_one(StaffSession, session_id).ended_at = now


def end_all(*, staff_id: UUID, now: datetime) -> None:
    """End every session of a person: after a change of role or password, or when the account is closed."""
    open_ones = (StaffSession.staff_id == staff_id) & StaffSession.ended_at.is_(None)
    session().execute(update(StaffSession).where(open_ones).values(ended_at=now))


def tell(*, staff_id: UUID, kind: str, say: Any) -> None:
    """Put a notice on the next page of every open session of a person; `say(language)` makes its words."""
    for row in session().scalars(_open(staff_id)):
        data = json.loads(row.data)
        data["_flashes"] = [*data.get("_flashes", ()), [kind, say(data.get("language", "en"))]]
        row.data = json.dumps(data)


def _open(staff_id: UUID) -> Any:
    return select(StaffSession).where(
        StaffSession.staff_id == staff_id, StaffSession.level == "full", StaffSession.ended_at.is_(None)
    )


def _end(found: Any, *, actor: Actor, staff_id: UUID, now: datetime) -> int:
    rows = list(session().scalars(found))
    for row in rows:
        row.ended_at = now
    about, detail = ("staff", staff_id), {"count": len(rows)}
    trail.record(Tag.SESSIONS_ENDED, actor=actor, now=now, obj=about, detail=detail)
    return len(rows)
