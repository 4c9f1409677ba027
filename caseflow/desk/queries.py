"""Reads that combine features: what has happened in a case, how far its file is, what waits on a home page."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.cases.states import PUBLIC, CaseState, PublicState
from caseflow.core import catalogue, vault
from caseflow.core.db import session
from caseflow.core.errors import Invalid
from caseflow.core.numbers import canonical
from caseflow.core.policy import Actor
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.vault import SealBroken
from caseflow.referrals import queries as referrals
from caseflow.referrals.queries import ReferralRow
from caseflow.referrals.states import PublicState as Standing
from caseflow.referrals.states import ReferralState

# Reading leaves a record for auditors; the line of a case tells what was done.
UNTOLD = frozenset(
    {Tag.CASE_READ, Tag.RECORD_READ, Tag.REFERRAL_READ, Tag.TASK_READ, Tag.DRAFT_KEPT, Tag.DRAFT_DISCARDED, Tag.REFUSED}
)
CASELOAD = 300  # more open cases than this nobody has; the home page opens their summaries


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
class Desk:
    """A caseworker's own work."""

    sent: list[ReferralRow] = field(default_factory=list)
    returned: list[ReferralRow] = field(default_factory=list)
    drafted: list[ReferralRow] = field(default_factory=list)
    drafts: list[cases.DraftRow] = field(default_factory=list)
    risks: Counter[str] = field(default_factory=Counter)
    broken: list[cases.CaseRow] = field(default_factory=list)


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


def desk_of(actor: Actor) -> Desk:
    """A caseworker's referrals, drafts, and own open cases by risk."""
    mine = referrals.list_referrals(actor, queue="mine", limit=100)
    rows = [row for row in cases.list_cases(actor, mine=True, limit=CASELOAD) if row.public is not PublicState.CLOSED]
    sent = [row for row in mine if row.public is Standing.SENT]
    return Desk(
        sent=sorted(sent, key=lambda row: (row.due_at is None, row.due_at or row.updated_at, row.id)),
        returned=[row for row in mine if row.state is ReferralState.RETURNED],
        drafted=[row for row in mine if row.state is ReferralState.DRAFT],
        drafts=cases.drafts_of(actor),
        risks=Counter(row.summary.get("risk", "") for row in rows if not row.broken),
        broken=[row for row in rows if row.broken],
    )


def approvals(actor: Actor) -> list[ReferralRow]:
    """Referrals that wait for a supervisor: the most urgent first, then the oldest."""
    urgency = {code: place for place, code in enumerate(catalogue.load().list("referral_urgency").codes)}
    rows = referrals.list_referrals(actor, queue="waiting", limit=50)
    waiting = [row for row in rows if row.state is ReferralState.PENDING]
    return sorted(waiting, key=lambda row: (urgency.get(row.doc.get("urgency", ""), 0), row.state_since, row.id))


def states_of_team(actor: Actor) -> Counter[PublicState]:
    """How many cases of the actor's teams stand in each public state, from clear columns only."""
    query = select(Case.state, func.count()).where(cases.visible_to(actor)).group_by(Case.state)
    counted: Counter[PublicState] = Counter()
    for state, count in session().execute(query):
        counted[PUBLIC[CaseState(state)]] += count
    return counted


def keys_of(text: str) -> list[str]:
    """What a text in the one search box may be: numbers are looked up exactly, letters as code name and name too."""
    if _WHOLE_NUMBER.fullmatch(canonical(text[:40])):
        return ["number"]
    letters = any(character.isalpha() for character in text)
    digits = any(character.isdigit() for character in text)
    if not letters:
        return ["cnic", "phone"] if digits else []
    return ["number", "passport", "code_name", "name"] if digits else ["code_name", "name"]


def search(actor: Actor, text: str, keys: Iterable[str]) -> list[cases.CaseRow]:
    """Cases the actor may see that `text` finds by one of these keys, each once, newest change first.

    A text that cannot be, say, a passport number finds nothing by it; that is no mistake of who typed it.
    """
    found: dict[UUID, cases.CaseRow] = {}
    for key in keys:
        with suppress(Invalid):
            found |= {row.id: row for row in _SEARCHES[key](actor, text)}
    return sorted(found.values(), key=lambda row: (row.updated_at, row.id), reverse=True)


_WHOLE_NUMBER = re.compile("CF-[0-9A-Z]{4}-[0-9A-Z]{4}")
_SEARCHES: dict[str, Callable[[Actor, str], list[cases.CaseRow]]] = {
    "number": cases.number_lookup,
    "code_name": cases.find_by_code_name,
    "cnic": lambda actor, text: cases.find_same(actor, cnic=text),
    "passport": lambda actor, text: cases.find_same(actor, passport=text),
    "phone": lambda actor, text: cases.find_same(actor, phone=text),
    "name": lambda actor, text: cases.find_same(actor, name=text),
}
