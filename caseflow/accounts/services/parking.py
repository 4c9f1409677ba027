"""Keep what somebody wrote while their session ended or rested.

It is never executed: they see it again and decide anew.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from caseflow.accounts.models import ParkedPost, StaffSession
from caseflow.accounts.queries.invitations import token_hash
from caseflow.core.db import new_id, session
from caseflow.core.errors import NotFound
from caseflow.core.vault import SealBroken, parked
from caseflow.core.words import N_

KEPT_FOR = timedelta(days=1)
MOST = 200  # a dead cookie must not fill the disk


def park(*, token: str, path: str, fields: list[tuple[str, str]], now: datetime) -> tuple[UUID, bytes]:
    """Seal a post for the owner of a dead session; returns its id and the key, which is for the browser alone.

    Raises NotFound when nobody owned such a session, or too much is parked already.
    """
    session().execute(delete(ParkedPost).where(ParkedPost.expires_at <= now))
    owner = session().scalars(select(StaffSession.staff_id).where(StaffSession.token_hash == token_hash(token))).first()
    if owner is None or (session().scalar(select(func.count()).select_from(ParkedPost)) or 0) >= MOST:
        raise NotFound()
    parked_id = new_id()
    key, sealed = parked.seal_away({"owner": str(owner), "path": path, "fields": fields}, parked_id)
    session().add(ParkedPost(id=parked_id, sealed=sealed, created_at=now, expires_at=now + KEPT_FOR))
    session().flush()
    return parked_id, key


def take(*, parked_id: UUID, key: bytes, staff_id: UUID, now: datetime) -> dict[str, Any]:
    """The post, which is gone from here. Raises NotFound, also for anybody but the person who wrote it."""
    row = session().get(ParkedPost, parked_id, with_for_update=True, populate_existing=True)
    gone = NotFound(N_("What you wrote is not kept any more: it was shown before, or it is too old."))
    if row is None or row.expires_at <= now:
        raise gone
    try:
        document = parked.open_again(key, row.sealed, row.id)
    except (SealBroken, ValueError):
        raise gone from None
    if document["owner"] != str(staff_id):
        raise gone
    session().delete(row)
    return document
