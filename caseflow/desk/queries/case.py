"""What the case page tells of a case: what has happened in it, and how far its file is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.core import catalogue, vault
from caseflow.core.db import session
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.vault import SealBroken

# Reading leaves a record for auditors; the line of a case tells what was done.
UNTOLD = frozenset(
    {Tag.CASE_READ, Tag.RECORD_READ, Tag.REFERRAL_READ, Tag.TASK_READ, Tag.DRAFT_KEPT, Tag.DRAFT_DISCARDED, Tag.REFUSED}
)
FILE = ("screening", "person", "identity", "safety")


@dataclass(frozen=True)
class Told:
    """One entry of a case's trail, opened. `detail` is empty when its seal does not open."""

    tag: str
    actor_id: UUID | None
    object_id: UUID
    happened_at: datetime
    recorded_at: datetime
    detail: dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One kind of record in the task list of a file. `open` counts answers that intake still needs."""

    kind: str
    done: int = 0
    asked: int = 0
    open: int = 0
    count: int = 0
    error: SealBroken | None = None


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


def file_of(case: Case, *, today: date) -> list[Part]:
    """How far each kind of record of a case is, as its task list shows it."""
    return [_part(case, kind, today) for kind in FILE]


def _part(case: Case, kind: str, today: date) -> Part:
    try:
        data = cases.data_of(case.id, kind)
        known = cases.facts(case.id, kind, today=today)
    except SealBroken as error:
        return Part(kind, error=error)
    done, asked = catalogue.complete_count(catalogue.load().kind(kind), data, facts=known)
    needed = catalogue.missing(catalogue.RELEASE, kind, data, "I", known)
    return Part(kind, done, asked, len(needed))
