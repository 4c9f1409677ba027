"""Keep what somebody wrote while their session ended or rested.

It is never executed: they see it again and decide anew. One address keeps one post of one person, the last: its id
is derived from both, so that it can be destroyed without the key, which only the browser holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from caseflow.accounts.models import ParkedPost, StaffSession
from caseflow.accounts.queries.invitations import token_hash
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Actor
from caseflow.core.vault import SealBroken, parked

KEPT_FOR = timedelta(days=1)
MOST = 200  # a dead cookie must not fill the disk


@dataclass(frozen=True)
class Kept:
    """A post that was not executed: where it was going, and what was typed."""

    id: UUID
    path: str
    fields: list[tuple[str, str]]


def park(*, token: str, path: str, fields: list[tuple[str, str]], now: datetime) -> tuple[UUID, bytes]:
    """Seal a post for the owner of a dead session; returns its id and the key, which is for the browser alone.

    An older one of the same address goes. Raises NotFound when nobody owned such a session, or too much is parked.
    """
    session().execute(delete(ParkedPost).where(ParkedPost.expires_at <= now))
    owner = session().scalars(select(StaffSession.staff_id).where(StaffSession.token_hash == token_hash(token))).first()
    if owner is None:
        raise NotFound()
    its_id = _id_of(owner, path)
    session().execute(delete(ParkedPost).where(ParkedPost.id == its_id))
    if (session().scalar(select(func.count()).select_from(ParkedPost)) or 0) >= MOST:
        raise NotFound()
    key, sealed = parked.seal_away({"owner": str(owner), "path": path, "fields": fields}, its_id)
    session().add(ParkedPost(id=its_id, sealed=sealed, created_at=now, expires_at=now + KEPT_FOR))
    session().flush()
    return its_id, key


def look(*, actor: Actor, parked_id: UUID, key: bytes, now: datetime) -> Kept | None:
    """What is kept, as it was typed; None when it is gone, too old, or somebody else's. It stays where it is."""
    row = session().get(ParkedPost, parked_id)
    if row is None or row.expires_at <= now:
        return None
    try:
        document = parked.open_again(key, row.sealed, row.id)
    except (SealBroken, ValueError):
        return None
    if document["owner"] != str(actor.user_id):
        return None
    return Kept(parked_id, document["path"], [(name, value) for name, value in document["fields"]])


def destroy(*, parked_id: UUID) -> None:
    """Destroy what was kept: it was saved, or its writer wants it no more. Nothing happens when it is gone already."""
    session().execute(delete(ParkedPost).where(ParkedPost.id == parked_id))


def destroy_at(*, actor: Actor, paths: tuple[str, ...]) -> None:
    """Destroy what a person's posts to these addresses left, in whatever browser its key is."""
    session().execute(delete(ParkedPost).where(ParkedPost.id.in_(_id_of(actor.user_id, path) for path in paths)))


def _id_of(owner: UUID, path: str) -> UUID:
    """The id of what a person posted to an address: nobody can derive it who has only the database."""
    return UUID(bytes=vault.pepper(f"parked\0{owner}\0{path.partition('?')[0]}")[:16], version=4)
