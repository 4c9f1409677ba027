"""What people see of their own account: live sessions, how many recovery codes are left."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.accounts.models import StaffSession
from caseflow.core import vault
from caseflow.core.db import NO_CASE, session
from caseflow.core.policy import Actor, Role

IDLE = timedelta(minutes=15)
IDLE_SUPERVISOR = timedelta(minutes=30)  # supervisors work at desktops, with many pages open


@dataclass(frozen=True)
class SessionRow:
    """A live session as its owner sees it."""

    id: UUID
    started: datetime
    last_seen: datetime
    browser: str
    platform: str
    is_this: bool


def idle_limit(actor: Actor) -> timedelta:
    """After how long without any request a session of this person is dead."""
    return IDLE_SUPERVISOR if actor.has(Role.SUPERVISOR) else IDLE


def live_sessions(actor: Actor, *, now: datetime) -> list[SessionRow]:
    """The live sessions of a person, the last used first; `actor.session_id` marks the one that asks."""
    query = (
        select(StaffSession)
        .where(StaffSession.staff_id == actor.user_id, StaffSession.level == "full", StaffSession.ended_at.is_(None))
        .where(StaffSession.expires_at > now, StaffSession.last_seen_at >= now - idle_limit(actor))
        .order_by(StaffSession.last_seen_at.desc(), StaffSession.id)
    )
    return [_row(one, actor) for one in session().scalars(query)]


def bound_id(token: str, staff_id: UUID, level: str) -> UUID:
    """The id of the session with this token: a keyed stand-in for token, owner and level together.

    Whoever writes the database, but has no key, can neither add a session for somebody nor give their own to another
    person or a higher level: its id would not fit.
    """
    return UUID(bytes=vault.pepper(f"session\0{token}\0{staff_id}\0{level}")[:16], version=4)


def device_place(session_id: UUID) -> tuple[str, UUID, str]:
    """Where a device is sealed: table, record, slot."""
    return "staff_session", session_id, "device"


def _row(one: StaffSession, actor: Actor) -> SessionRow:
    device = _device(one)
    return SessionRow(
        id=one.id,
        started=one.created_at,
        last_seen=one.last_seen_at,
        browser=device.get("browser", ""),
        platform=device.get("platform", ""),
        is_this=one.id == actor.session_id,
    )


def _device(one: StaffSession) -> dict[str, Any]:
    if one.device is None:
        return {}
    try:
        return vault.current().open_bytes(NO_CASE, one.device, *device_place(one.id))
    except vault.SealBroken:
        return {}  # an unknown device: the session can be ended all the same
