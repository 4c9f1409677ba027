"""The letter register: numbers without gaps per organisation and year, one for each referral, for ever."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from caseflow.accounts.models import Organisation
from caseflow.cases.queries import office_day
from caseflow.core.db import new_id, session
from caseflow.referrals import queries
from caseflow.referrals.models import Referral, RegisterEntry

RESERVED, ISSUED, CANCELLED = "reserved", "issued", "cancelled"


def reserve(referral: Referral, *, now: datetime) -> tuple[RegisterEntry, bool]:
    """The line of this referral, and whether it is new. The caller records a new one in the trail.

    The organisation's row is locked, so that two letters issued at once take two numbers, one after the other.
    """
    _lock(referral.organisation_id)
    if (entry := queries.register_entry(referral.id)) is not None:
        return entry, False
    year = office_day(referral.organisation_id, now).year
    here = (RegisterEntry.organisation_id == referral.organisation_id, RegisterEntry.year == year)
    last = session().scalar(select(func.max(RegisterEntry.seq)).where(*here)) or 0
    entry = RegisterEntry(
        id=new_id(),
        organisation_id=referral.organisation_id,
        year=year,
        seq=last + 1,
        referral_id=referral.id,
        state=RESERVED,
        reserved_at=now,
    )
    session().add(entry)
    session().flush()
    return entry, True


def cancel_entry(referral: Referral) -> list[RegisterEntry]:
    """Mark the line of a referral that will never be issued; it stays listed. Returns the rows changed."""
    entry = queries.register_entry(referral.id)
    if entry is None or entry.state != RESERVED:
        return []
    entry.state = CANCELLED
    return [entry]


def _lock(organisation_id: UUID) -> None:
    session().execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
