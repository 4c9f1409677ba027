"""Compose the trail of an audit: its frame and sample, everything done under it, and how the streams verify."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from caseflow.audit.letters.access import reason_in_words
from caseflow.audit.letters.composing import PROGRAM_VERSION, sealed
from caseflow.audit.letters.redacting import label
from caseflow.audit.letters.sources import SYSTEM, EntryView, unopened
from caseflow.audit.letters.tag_words import tag_in_words
from caseflow.audit.letters.trail_file import happened_in_words
from caseflow.audit.states import HAPPENED_LABELS, Happened
from caseflow.cases.states import PUBLIC_LABELS, PublicState
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.press import when
from caseflow.core.press.audit_file import AuditTrail, Counted, Deed, Drawn, Skeleton, Stream
from caseflow.core.press.case_file import Chain, Cover
from caseflow.core.press.pages import grouped
from caseflow.core.sampling import Counts
from caseflow.core.trail import INSTALLATION
from caseflow.core.trail.verify import Report
from caseflow.core.words import gettext as _
from caseflow.core.words import language

Tally = list[tuple[str, int]]
Lines = list[tuple[str, str | None]]
# Details that are counts, codes, days or hashes; they are printed with their value.
_PLAIN = ("cases", "frame", "until", "level", "action", "status")


@dataclass(frozen=True)
class CaseLine:
    """A case of the audit by what is clear of it."""

    number: str
    state: str
    opened_at: datetime
    state_since: datetime
    skeleton: bool


@dataclass(frozen=True, repr=False)
class StreamLine:
    """A stream as it was verified, with its head (number, hash)."""

    stream: UUID
    report: Report
    head: tuple[int, str]


@dataclass(frozen=True, kw_only=True, repr=False)
class AuditSources:
    """What the trail of an audit is made from. `about` says of each entry's object what it is, by the object's id.

    `posts` and `aliases` stand for the staff: no name is in the document. `teams` are names by id.
    """

    language: str
    zone: str
    made_at: datetime
    office: str
    audit_number: str
    purpose: str
    scope: str
    made_by: str
    approved_by: str
    state: str
    last_day: str
    sampling: Mapping[str, Any] | None
    counts: Counts | None
    cases: dict[UUID, CaseLine]
    entries: list[EntryView]
    about: Mapping[UUID, str]
    posts: Mapping[UUID, str]
    aliases: Mapping[UUID, str]
    teams: Mapping[UUID, str]
    streams: list[StreamLine]

    def case_of(self, entry: EntryView) -> CaseLine | None:
        """The case an entry concerns, None where it concerns none."""
        return self.cases.get(entry.case_id) if entry.case_id else None

    def who(self, entry: EntryView) -> str:
        """Post and pseudonym of whoever acted."""
        if entry.actor_id is None or entry.role == SYSTEM:
            return _("CaseFlow")
        role = next((_(words) for one, words in ROLE_LABELS.items() if one == entry.role), _("Staff"))
        return f"{self.posts.get(entry.actor_id) or role} {self.aliases.get(entry.actor_id, '')}".strip()


@dataclass(frozen=True, kw_only=True, repr=False)
class SkeletonSources:
    """What the page of a skeleton is made from."""

    language: str
    zone: str
    made_at: datetime
    office: str
    audit_number: str
    purpose: str
    made_by: str
    approved_by: str
    case_number: str
    case: CaseLine
    stream: StreamLine


def compose_audit(sources: AuditSources) -> AuditTrail:
    """The trail of one audit, oldest deed first; its cover carries the SHA-256 of all the rest."""
    content = {
        "cover": _cover(sources, ""),
        "facts": _facts(sources),
        "sample": _sample(sources.sampling, sources.teams) if sources.sampling else [],
        "counts": _counts(sources.counts, sources.teams) if sources.counts else [],
        "cases": [_case(one) for one in sources.cases.values()],
        "deeds": [_deed(sources, one) for one in sources.entries],
        "streams": [_stream(sources, one) for one in sources.streams],
    }
    return cast(AuditTrail, sealed(content))


def compose_skeleton(sources: SkeletonSources) -> Skeleton:
    """The page of a case of which only number, state and dates are left."""
    case = sources.case
    facts: Lines = [
        (_("State"), label("case_status", case.state)),
        (_("Opened"), when.day(case.opened_at, sources.zone)),
        (_("In this state since"), when.day(case.state_since, sources.zone)),
        (_("Content"), _("destroyed with the key of the case")),
    ]
    content = {"cover": _cover(sources, sources.case_number), "facts": facts, "chain": _chain(sources.stream)}
    return cast(Skeleton, sealed(content))


def _cover(sources: AuditSources | SkeletonSources, case_number: str) -> Cover:
    names = ("office", "made_by", "approved_by", "audit_number", "purpose", "made_at", "zone")
    plain = {name: getattr(sources, name) for name in names}
    return cast(Cover, {**plain, "case_number": case_number, "code_name": "", "digest": "", "version": PROGRAM_VERSION})


def _facts(sources: AuditSources) -> Lines:
    return [
        (_("State"), sources.state),
        (_("Last day"), _in_words(sources.last_day)),
        (_("Why these cases?"), sources.scope or _("not written down")),
        (_("How they were chosen"), _("A sample") if sources.sampling else _("Named by their numbers")),
    ]


def _sample(wanted: Mapping[str, Any], teams: Mapping[UUID, str]) -> Lines:
    lines = filter_in_words(wanted, teams)
    drawn = [
        (_("Cases in the frame"), str(wanted.get("cases", ""))),
        (_("Cases asked for"), str(wanted["size"])),
        (_("Seed"), wanted["seed"]),
        (_("Frame frozen at (UTC)"), str(wanted.get("frozen_at", ""))[:19].replace("T", " ")),
        (_("Frame (SHA-256)"), wanted.get("sha256", "")),
    ]
    return [*lines, *drawn]


def filter_in_words(wanted: Mapping[str, Any], teams: Mapping[UUID, str]) -> Lines:
    """What a case had to be to lie in the frame."""
    between = "، " if language() == "ur" else ", "
    states = [_(PUBLIC_LABELS[PublicState(one)]) for one in wanted["states"]]
    named = [teams.get(UUID(one), "?") for one in wanted["teams"]]
    return [
        (_("First day of the period"), _in_words(wanted["since"])),
        (_("Last day of the period"), _in_words(wanted["until"])),
        (_("What happened in it"), _(HAPPENED_LABELS[Happened(wanted["happened"])])),
        (_("States"), between.join(states) or _("all")),
        (_("Teams"), between.join(named) or _("all")),
    ]


def counts_in_words(counts: Counts, teams: Mapping[UUID, str]) -> tuple[Tally, Tally, Tally]:
    """How many cases of a frame lie in each state, team and month of opening."""
    by_state = [(label("case_status", code), number) for code, number in sorted(counts.states.items())]
    by_team = sorted((teams.get(one, "?"), number) for one, number in counts.teams.items())
    return by_state, by_team, sorted(counts.months.items())


def _counts(counts: Counts, teams: Mapping[UUID, str]) -> list[Counted]:
    by_state, by_team, months = counts_in_words(counts, teams)
    return [
        {"title": _("The frame by state"), "rows": by_state},
        {"title": _("The frame by team"), "rows": by_team},
        {"title": _("The frame by month of opening"), "rows": months},
    ]


def _case(one: CaseLine) -> Drawn:
    return {
        "number": one.number,
        "state": label("case_status", one.state),
        "opened": one.opened_at,
        "skeleton": one.skeleton,
    }


def _deed(sources: AuditSources, one: EntryView) -> Deed:
    return {
        "at": one.recorded_at,
        "happened": happened_in_words(one),
        "tag": f"{tag_in_words(one.tag)}\n{one.tag}",
        "actor": sources.who(one),
        "object": _object(sources, one),
        "detail": _detail(sources, one),
        "digest": one.digest,
    }


def _object(sources: AuditSources, one: EntryView) -> str:
    """What was acted on; where the audit acted on a case, the case's number too."""
    about, case = sources.about.get(one.object_id, one.object_type), sources.case_of(one)
    return f"{about}: {case.number}" if case and case.number not in about else about


def _detail(sources: AuditSources, one: EntryView) -> str:
    if one.error:
        case = sources.case_of(one)
        return _("destroyed with the key of the case") if case and case.skeleton else unopened()
    parts = [f"{name}={one.detail[name]}" for name in _PLAIN if one.detail.get(name) not in (None, "")]
    if one.detail.get("sha256"):
        parts.append(f"sha256 {grouped(one.detail['sha256'])}")
    if one.detail.get("reason"):
        parts.append(reason_in_words(one))
    return "\n".join(parts)


def _stream(sources: AuditSources, one: StreamLine) -> Stream:
    case = sources.cases.get(one.stream)
    name = _("The installation") if one.stream == INSTALLATION else case.number if case else str(one.stream)
    seq, digest = one.head
    return {
        "name": name,
        "entries": one.report.entries,
        "head": seq,
        "digest": digest,
        "findings": len(one.report.findings),
    }


def _chain(one: StreamLine) -> Chain:
    seq, digest = one.head
    return {"entries": one.report.entries, "head": seq, "digest": digest, "verified": one.report.whole}


def _in_words(day: str) -> str:
    """An ISO day as people write it."""
    return when.day(datetime.fromisoformat(f"{day}T12:00:00+00:00"), "UTC")
