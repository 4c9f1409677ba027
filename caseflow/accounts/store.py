"""The session store that the factory hands to the web: our own table, one row a signed-in browser."""

import json
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.accounts import queries, second_factor
from caseflow.accounts.models import Staff, StaffSession
from caseflow.accounts.queries.invitations import token_hash
from caseflow.accounts.services import failures, recovery
from caseflow.accounts.services.sessions import end_session
from caseflow.core import trail, vault
from caseflow.core.db import session, writing
from caseflow.core.trail import Tag
from caseflow.web.sessions import Held

SEEN_EVERY = timedelta(minutes=1)


class SessionStore:
    """Finds, saves and confirms sessions. Last-seen is the one thing a GET may change."""

    def __init__(self, *, second_factor: bool, lock_after: timedelta) -> None:
        self.second_factor, self.lock_after = second_factor, lock_after

    def find(self, token: str, *, now: datetime) -> Held | None:
        """The live session of a token; None when it is unknown, ended, idle too long, or its owner is not active.

        A session that rested for some minutes, and whose owner has a PIN, comes back as `locked`: it goes on after
        the PIN. Its rest is not interrupted by who merely looks at the page that asks for it.
        """
        row = _row(token)
        if row is None or row.ended_at or row.expires_at <= now:
            return None
        staff = session().get(Staff, row.staff_id)
        if staff is None or staff.state != "active":
            return None
        actor = queries.actor_for(staff, now=now, session_id=row.id, confirmed_at=row.confirmed_at)
        rest = now - row.last_seen_at
        if rest > queries.idle_limit(actor):
            return None
        try:
            doc = vault.read(staff)
        except vault.SealBroken:
            return None  # nobody can say any more whose session it is; the door refuses, and records why
        is_locked = bool(row.level == "full" and rest > self.lock_after and doc.get("pin"))
        held = Held(
            id=row.id,
            actor=actor,
            level="locked" if is_locked else row.level,
            data=json.loads(row.data),
            confirmed_at=row.confirmed_at,
            label=doc["name"],
            office=queries.office_names().get(staff.organisation_id, ""),
        )
        if rest > SEEN_EVERY and not is_locked:
            with writing():
                session().get_one(StaffSession, held.id).last_seen_at = now
        return held

    def save(self, session_id: UUID, data: dict[str, Any]) -> None:
        """Keep the small data of a session (CSRF value, language, notices)."""
        with writing():
            session().get_one(StaffSession, session_id).data = json.dumps(data)

    def confirm(self, session_id: UUID, code: str, *, now: datetime) -> bool:
        """Check a second-factor code for the session's owner; a code works once, five wrong ones end the session."""
        with writing():
            row = session().get_one(StaffSession, session_id)
            staff = queries.get_staff(row.staff_id, for_update=True)
            actor = queries.actor_for(staff, now=now, session_id=row.id)
            account, place = staff.sign_in_token, failures.place_token(str(row.id))
            if not second_factor.accept(staff, code, now=now) and recovery.use(staff, code, now=now) is None:
                tries = failures.note_failure(account=account, place=place, staff_id=staff.id, now=now)
                if tries >= failures.FREE_TRIES:
                    end_session(session_id=row.id, actor=actor, reason="codes", now=now)
                return False
            failures.forgive(account=account, place=place)
            row.confirmed_at = now
            trail.record(Tag.STEP_UP, actor=actor, now=now, obj=("staff_session", row.id))
            return True


def _row(token: str) -> StaffSession | None:
    """The session of a token; none for a row that was not made here (queries.bound_id)."""
    row = session().scalars(select(StaffSession).where(StaffSession.token_hash == token_hash(token))).first()
    if row is None or not compare_digest(row.id.bytes, queries.bound_id(token, row.staff_id, row.level).bytes):
        return None
    return row
