"""What the case page tells of a case: what has happened in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.vault import SealBroken

# Reading leaves a record for auditors; the line of a case tells what was done.
UNTOLD = frozenset(
    {Tag.CASE_READ, Tag.RECORD_READ, Tag.REFERRAL_READ, Tag.TASK_READ, Tag.DRAFT_KEPT, Tag.DRAFT_DISCARDED, Tag.REFUSED}
)


@dataclass(frozen=True)
class Told:
    """One entry of a case's trail, opened. `detail` is empty when its seal does not open."""

    tag: str
    actor_id: UUID | None
    object_id: UUID
    happened_at: datetime
    recorded_at: datetime
    detail: dict[str, Any]


def line_of_case(case_id: UUID, *, limit: int) -> list[Told]:
    """What was done in a case, the latest first."""
    query = select(TrailEntry).where(TrailEntry.case_id == case_id, TrailEntry.tag.not_in([str(tag) for tag in UNTOLD]))
    found = session().scalars(query.order_by(TrailEntry.recorded_at.desc(), TrailEntry.seq.desc()).limit(limit))
    return [_told(entry) for entry in found]


def _told(entry: TrailEntry) -> Told:
    detail: dict[str, Any] = {}
    try:
        stream = entry.case_id or entry.stream
        detail = vault.current().open_bytes(stream, entry.detail, "trail_entry", entry.id, "detail")
    except SealBroken:
        # The verifier of the trail reports it; the line still tells that something happened.
        detail = {}
    return Told(entry.tag, entry.actor_id, entry.object_id, entry.happened_at, entry.recorded_at, detail)
