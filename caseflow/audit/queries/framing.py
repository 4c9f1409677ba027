"""Which cases a sample is drawn from: by clear columns and by the clear tags of the trail, never by content."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select

from caseflow.audit.models import AuditFrame
from caseflow.audit.states import Happened
from caseflow.cases.models import Case
from caseflow.cases.states import CaseState, PublicState, states_of
from caseflow.core import sampling, vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.sampling import Counts, Line
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.referrals.models import ReferralEvent

_READING = frozenset({"case_view", "case_search", "attachment_view", "sensitive_reveal", "audit_read"})
_WORKROOMS = ("cases:", "consent:", "referrals:", "support:")
_WORK = tuple(str(tag) for tag in Tag if tag.startswith(_WORKROOMS) and tag.event not in _READING)
_TAGS: dict[Happened, tuple[str, ...]] = {
    Happened.WORKED: _WORK,
    Happened.ISSUED: (str(Tag.LETTER_ISSUED),),
    Happened.WITHDRAWN: (str(Tag.CONSENT_WITHDRAWN),),
    Happened.SHOWN: (str(Tag.NAMES_REVEALED),),
}
_EMERGENCY = "issue_emergency"
_CLOSED = tuple(str(one) for one in (CaseState.CLOSED, CaseState.TRANSFERRED, CaseState.ARCHIVED, CaseState.ERASED))


@dataclass(frozen=True)
class Frame:
    """A frozen frame, opened: its text as it is hashed, its digest, and how many cases lie where."""

    text: str
    digest: str
    counts: Counts


def frame_lines(organisation_id: UUID, wanted: Mapping[str, Any], *, zone: str) -> list[Line]:
    """The cases that fit the filter at this moment, as lines of a frame."""
    query = select(Case.id, Case.state, Case.created_at, Case.team_id).where(_fits(organisation_id, wanted, zone))
    place = ZoneInfo(zone)
    return [
        Line(case_id, state, created_at.astimezone(place).strftime("%Y-%m"), team_id)
        for case_id, state, created_at, team_id in session().execute(query)
    ]


def frame_size(organisation_id: UUID, wanted: Mapping[str, Any], *, zone: str) -> int:
    """How many cases fit the filter at this moment: whoever decides sees the number, and no case."""
    query = select(func.count()).select_from(Case).where(_fits(organisation_id, wanted, zone))
    return int(session().scalar(query) or 0)


def frame_of(audit_id: UUID) -> Frame:
    """The frozen frame of an audit. Raises NotFound before the approval and for named cases, SealBroken."""
    stored = session().get(AuditFrame, audit_id)
    if stored is None:
        raise NotFound()
    text = str(vault.read(stored)["text"])
    return Frame(text, sampling.frame_digest(text), sampling.count(sampling.read_frame(text)))


def _fits(organisation_id: UUID, wanted: Mapping[str, Any], zone: str) -> ColumnElement[bool]:
    ways = [Case.organisation_id == organisation_id, _happened(wanted, zone)]
    if wanted["states"]:
        ways.append(Case.state.in_([str(one) for public in wanted["states"] for one in states_of(PublicState(public))]))
    if wanted["teams"]:
        ways.append(Case.team_id.in_([UUID(one) for one in wanted["teams"]]))
    return and_(*ways)


def _happened(wanted: Mapping[str, Any], zone: str) -> ColumnElement[bool]:
    """The first and the last day count whole, in the office's zone, by when things were recorded."""
    kind, start, end = Happened(wanted["happened"]), _start(wanted["since"], 0, zone), _start(wanted["until"], 1, zone)
    if kind is Happened.OPENED:
        return and_(Case.created_at >= start, Case.created_at < end)
    if kind is Happened.CLOSED:
        return and_(Case.state.in_(_CLOSED), Case.state_since >= start, Case.state_since < end)
    if kind is Happened.EMERGENCY:
        events = select(ReferralEvent.case_id).where(ReferralEvent.verb == _EMERGENCY)
        return Case.id.in_(events.where(ReferralEvent.recorded_at >= start, ReferralEvent.recorded_at < end))
    entries = select(TrailEntry.case_id).where(TrailEntry.case_id.is_not(None), TrailEntry.tag.in_(_TAGS[kind]))
    return Case.id.in_(entries.where(TrailEntry.recorded_at >= start, TrailEntry.recorded_at < end))


def _start(day: str, later: int, zone: str) -> datetime:
    return datetime.combine(date.fromisoformat(day) + timedelta(days=later), time(), ZoneInfo(zone)).astimezone(UTC)
