"""What the two documents of a case are made from: everything opened, nothing redacted yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from caseflow.consent.queries import ConsentView
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.trail.verify import Report
from caseflow.core.vault import SealBroken
from caseflow.core.words import gettext as _
from caseflow.referrals.queries import EventView, ReferralRow

SYSTEM = "system"


@dataclass(frozen=True, repr=False)
class EntryView:
    """One entry of the trail, its detail opened; `error` is set when that cannot be opened."""

    seq: int
    tag: str
    actor_id: UUID | None
    role: str
    object_type: str
    object_id: UUID
    happened_at: datetime
    recorded_at: datetime
    detail: Mapping[str, Any]
    digest: str
    error: SealBroken | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, repr=False)
class RecordView:
    """A record of a case; `data` is None when it cannot be opened."""

    at: datetime
    author_id: UUID
    data: Mapping[str, Any] | None


@dataclass(frozen=True, repr=False)
class ReferralView:
    """A referral with all that hangs on it.

    `snapshot` is what was submitted last, None when there is none or it cannot be opened (`unreadable` says which).
    `involved` wrote or edited it or took its consents, None when that cannot be read. `letter_sha256` is of the
    recipient's copy, "" before the issue.
    """

    row: ReferralRow
    events: list[EventView]
    snapshot: Mapping[str, Any] | None = None
    unreadable: bool = False
    digest: str = ""
    letter_sha256: str = ""
    letter_number: str = ""
    approved_at: datetime | None = None
    involved: frozenset[UUID] | None = None

    def when(self, verb: str) -> datetime | None:
        """When the last event of this verb happened, None when it did not."""
        return next((one.happened_at for one in reversed(self.events) if one.verb == verb), None)

    @property
    def issued_at(self) -> datetime | None:
        """When its letter left, approved or in an emergency."""
        return self.when("issue") or self.when("issue_emergency")


@dataclass(frozen=True, repr=False)
class DocumentView:
    """A sealed file of the case: what it is by code, its size and hash; `doc` is None when it cannot be opened.

    Its name is left out: people give names to files.
    """

    at: datetime
    made_by: UUID | None
    doc: Mapping[str, Any] | None


@dataclass(frozen=True)
class Period:
    """Somebody had something (a place in the team, a grant) from one moment to another; None: still."""

    staff_id: UUID
    since: datetime
    until: datetime | None

    def covers(self, staff_id: UUID, moment: datetime) -> bool:
        """Whether this person had it at this moment."""
        return self.staff_id == staff_id and self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, kw_only=True, repr=False)
class Sources:
    """Everything a case file and a trail may draw from. `zone` is the office's; `today` its day.

    `child` is None when that cannot be read. `partners` are names by id, `aliases` pseudonyms of staff, the same in
    every file of one audit and in no other.
    """

    language: str
    zone: str
    today: date
    made_at: datetime
    office: str
    audit_number: str
    purpose: str
    made_by: str
    approved_by: str
    case_number: str
    code_name: str
    entries: list[EntryView]
    screenings: list[RecordView]
    notes: list[RecordView]
    consents: list[ConsentView]
    referrals: list[ReferralView]
    partners: Mapping[UUID, str]
    aliases: Mapping[UUID, str]
    team: list[Period] = field(default_factory=list)
    grants: list[Period] = field(default_factory=list)
    documents: list[DocumentView] = field(default_factory=list)
    assignee_id: UUID | None = None
    child: bool | None = None
    report: Report = field(default_factory=Report)
    head: tuple[int, str] = (0, "")

    def who(self, staff_id: UUID | None, role: str = "") -> str:
        """A member of staff as these documents show them: role and pseudonym, never a name."""
        role = role or self.roles.get(staff_id, "")
        if staff_id is None or role == SYSTEM:
            return _("CaseFlow")
        label = next((_(words) for one, words in ROLE_LABELS.items() if one == role), _("Staff"))
        return f"{label} {self.aliases.get(staff_id, '')}".strip()

    @property
    def roles(self) -> dict[UUID | None, str]:
        """The role in which each person acted last in this case."""
        return {entry.actor_id: entry.role for entry in self.entries}

    def day_of(self, moment: datetime) -> str:
        """The office's day of a moment, as an ISO date."""
        return moment.astimezone(ZoneInfo(self.zone)).date().isoformat()


def unopened() -> str:
    """What stands in place of a record that does not open; it is never left out."""
    return _("This record cannot be opened. It is not empty: its seal does not fit.")
