"""The entries of a case's trail, opened; and the last verification."""

from uuid import UUID

from sqlalchemy import Select, select

from caseflow.audit.letters.sources import EntryView
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.trail import INSTALLATION, Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.vault import SealBroken


def steady_read() -> None:
    """Begin a read that sees one moment only, however long it takes.

    SQLite always reads so. PostgreSQL would see what others commit meanwhile, and a row that moved between two
    queries would look like one that was changed behind the trail's back.
    """
    current = session()
    current.rollback()
    if current.get_bind().dialect.name == "postgresql":
        current.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def entries_of(case_id: UUID) -> list[EntryView]:
    """Every entry in the stream of a case, oldest first."""
    query = select(TrailEntry).where(TrailEntry.stream == case_id).order_by(TrailEntry.seq)
    return opened_entries(query)


def opened_entries(query: Select[TrailEntry]) -> list[EntryView]:
    """The entries a query finds, each opened as far as it can be."""
    return [_opened(one) for one in session().scalars(query)]


def last_verification() -> EntryView | None:
    """The entry of the last verification of the whole trail, None before the first."""
    query = select(TrailEntry).where(TrailEntry.stream == INSTALLATION, TrailEntry.tag == str(Tag.TRAIL_VERIFIED))
    found = session().scalars(query.order_by(TrailEntry.seq.desc()).limit(1)).first()
    return _opened(found) if found else None


def _opened(entry: TrailEntry) -> EntryView:
    detail, error = {}, None
    try:
        detail = vault.current().open_bytes(entry.stream, bytes(entry.detail), "trail_entry", entry.id, "detail")
    except SealBroken as broken:
        error = broken
    return EntryView(
        seq=entry.seq,
        tag=entry.tag,
        actor_id=entry.actor_id,
        role=entry.role,
        object_type=entry.object_type,
        object_id=entry.object_id,
        happened_at=entry.happened_at,
        recorded_at=entry.recorded_at,
        detail=detail,
        digest=bytes(entry.hash).hex(),
        error=error,
        case_id=entry.case_id,
    )
