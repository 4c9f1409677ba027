"""Wrong tries, counted by account and place together: whoever guesses waits longer and longer, nobody else does.

A place is an address, or one signed-in browser for the codes asked in it. Names nobody has are counted like others,
so that waiting tells nothing about who works here.
"""

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from caseflow.accounts.models import SignInFailure
from caseflow.core import trail, vault
from caseflow.core.db import NO_CASE, new_id, session
from caseflow.core.errors import CaseFlowError
from caseflow.core.trail import Tag
from caseflow.core.words import N_

FREE_TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=24)


class MustWait(CaseFlowError):
    """Too many wrong tries from this place; `minutes` says for how long it rests."""

    status = 429
    message = N_("There were several wrong tries from here. Wait %(minutes)s min, then try again.")


def place_token(place: str) -> bytes:
    """What stands for an address or a browser in the table: a keyed hash, so that no address is kept."""
    return vault.pepper(f"place\0{place}")


def check_wait(*, account: bytes, place: bytes, now: datetime) -> None:
    """Refuse while this place has to wait for this account. Raises MustWait."""
    row = session().scalars(_row(account, place)).first()
    if row is not None and row.locked_until and row.locked_until > now:
        raise MustWait(minutes=ceil((row.locked_until - now) / timedelta(minutes=1)))


def note_failure(*, account: bytes, place: bytes, staff_id: UUID | None, now: datetime) -> int:
    """Count one wrong try and return the count. From the fifth on, each one doubles the wait.

    The trail gets an entry when the count reaches 1, 2, 4, 8 and so on, with the count: a flood of tries must not
    become a flood of entries.
    """
    row = _counted(account, place, now)
    if now - row.last_at > FORGOTTEN_AFTER:
        row.count, row.first_at = 0, now
    row.count, row.last_at = row.count + 1, now
    beyond = row.count - FREE_TRIES
    row.locked_until = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(beyond, 10)) if beyond >= 0 else None
    count = row.count
    if count & (count - 1) == 0:
        about = ("staff", staff_id or NO_CASE)
        trail.record(Tag.SIGN_IN_FAILED, actor=None, now=now, obj=about, detail={"count": count})
    session().execute(delete(SignInFailure).where(SignInFailure.last_at < now - FORGOTTEN_AFTER))
    return count


def forgive(*, account: bytes, place: bytes) -> None:
    """Forget the wrong tries of this place: the right person is in."""
    session().execute(
        delete(SignInFailure).where(SignInFailure.account_token == account, SignInFailure.address_token == place)
    )


def tries_since(*, account: bytes, since: datetime) -> int:
    """Wrong tries at this account from all places whose last one came after `since`: the person is told at sign-in."""
    query = select(SignInFailure.count).where(SignInFailure.account_token == account, SignInFailure.last_at > since)
    return sum(session().scalars(query))


def _row(account: bytes, place: bytes) -> Select[SignInFailure]:
    return select(SignInFailure).where(SignInFailure.account_token == account, SignInFailure.address_token == place)


def _counted(account: bytes, place: bytes, now: datetime) -> SignInFailure:
    """The row, made when missing and locked: two first failures at once must not both insert it."""
    current = session()
    insert = sqlite_insert if current.get_bind().dialect.name == "sqlite" else postgres_insert
    start = {"account_token": account, "address_token": place, "count": 0, "first_at": now, "last_at": now}
    current.execute(insert(SignInFailure).values(id=new_id(), **start).on_conflict_do_nothing())
    return current.scalars(_row(account, place).with_for_update().execution_options(populate_existing=True)).one()
