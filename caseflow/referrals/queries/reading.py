"""Reads of referrals: one, its line of events, lists by queue, the letter register."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_

from caseflow.accounts.queries import organisation_doc
from caseflow.cases import queries as cases
from caseflow.cases.models import Case, Document
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Actor
from caseflow.core.vault import SealBroken
from caseflow.core.words import language
from caseflow.partners import queries as partners
from caseflow.referrals.models import Referral, ReferralEvent, RegisterEntry, Snapshot, involved_in
from caseflow.referrals.states import EVENT_LABELS, OPEN, PUBLIC, PublicState, ReferralState, line_of

RATIFY_WITHIN = timedelta(hours=24)
QUEUES = ("waiting", "mine", "sent", "answered", "done")
_VERBS = tuple(EVENT_LABELS)
# Queues in which a clock runs show what is due first; the others show what changed last.
BY_CLOCK = frozenset({"waiting", "sent"})
_QUEUE_STATE = {
    "waiting": PublicState.WAITING,
    "sent": PublicState.SENT,
    "answered": PublicState.ANSWERED,
    "done": PublicState.DONE,
}


@dataclass(frozen=True, repr=False)
class ReferralRow:
    """A referral in a list. Policy can be asked about it as about the referral.

    `error` is set when the referral cannot be opened; it is then shown as such. `key` is its place for paging.
    """

    id: UUID
    number: str
    case_id: UUID
    case_number: str
    code_name: str
    organisation_id: UUID
    team_id: UUID
    assignee_id: UUID | None
    author_id: UUID
    approver_id: UUID | None
    state: ReferralState
    state_since: datetime
    due_at: datetime | None
    updated_at: datetime
    rv: int
    document_id: UUID | None
    created_at: datetime
    partner_name: str
    key: tuple[datetime, UUID]
    doc: dict[str, Any] = field(default_factory=dict)
    error: SealBroken | None = None
    partner_phone: str = ""

    @property
    def involved(self) -> frozenset[UUID]:
        """Who wrote or edited it, or took a consent it rests on, as far as it opens: none of them may approve it."""
        return involved_in(self.author_id, self.doc)

    @property
    def broken(self) -> bool:
        """True when the referral cannot be opened."""
        return self.error is not None

    @property
    def last_comment(self) -> dict[str, Any]:
        """The last words that came with a return, {} when there are none. `by` is "" for the system's."""
        comments: list[dict[str, Any]] = self.doc.get("comments") or [{}]
        return comments[-1]

    @property
    def public(self) -> PublicState:
        """The state that people see."""
        return PUBLIC[self.state]

    @property
    def line(self) -> list[tuple[str, str]]:
        """The steps as (label, past | now | next); of an emergency issue the approval is still to come."""
        line = line_of(self.state)
        return [(line[0][0], "next"), *line[1:]] if line and self.undecided else line

    @property
    def emergency(self) -> bool:
        """Whether it left as an emergency issue."""
        return bool(self.doc.get("emergency"))

    @property
    def undecided(self) -> bool:
        """An emergency issue that was neither ratified nor recalled."""
        return self.emergency and self.approver_id is None

    @property
    def decide_by(self) -> datetime:
        """The end of the time to ratify an emergency issue: it is made and issued in one act."""
        return self.created_at + RATIFY_WITHIN

    def overdue(self, now: datetime) -> bool:
        """Whether the clock of the present state has run out."""
        return self.due_at is not None and self.due_at < now


@dataclass(frozen=True, repr=False)
class EventView:
    """One event on the line of a referral, opened; `error` is set when it cannot be."""

    id: UUID
    verb: str
    happened_at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    doc: dict[str, Any] = field(default_factory=dict)
    error: SealBroken | None = None

    @property
    def broken(self) -> bool:
        """True when the event cannot be opened."""
        return self.error is not None


@dataclass(frozen=True)
class RegisterRow:
    """One line of the letter register: nothing of a person or a recipient. `state` is reserved, issued or cancelled."""

    number: str
    year: int
    seq: int
    state: str
    referral_id: UUID
    referral_number: str
    case_id: UUID
    team_id: UUID
    organisation_id: UUID
    assignee_id: UUID | None
    reserved_at: datetime
    issued_at: datetime | None


def get_referral(referral_id: UUID, *, for_update: bool = False) -> Referral:
    """A referral; `for_update` locks it until the end of the transaction. Raises NotFound."""
    # Only the referral itself is locked: its case is joined, and an outer join cannot be.
    lock = {"of": Referral} if for_update else None
    found = session().get(Referral, referral_id, with_for_update=lock, populate_existing=for_update)
    if found is None:
        raise NotFound()
    return found


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on Referral that is the twin of `Action.Referral.READ`: it follows the case."""
    return Referral.case_id.in_(select(Case.id).where(cases.visible_to(actor)))


def list_referrals(
    actor: Actor, *, queue: str, after: tuple[datetime, UUID] | None = None, limit: int = 26
) -> list[ReferralRow]:
    """Referrals of a queue (waiting, mine, sent, answered, done) that the actor may see, in a total order.

    `after` is the `key` of the last row shown. `mine` are the open ones that the actor wrote or whose case is theirs.
    Raises NotFound for an unknown queue.
    """
    if queue not in QUEUES:
        raise NotFound()
    rows = list(session().scalars(_queue(actor, queue, after).limit(limit)))
    return rows_of(rows, by_clock=queue in BY_CLOCK)


def count_queue(actor: Actor, queue: str) -> int:
    """How many referrals a queue holds, from clear columns only."""
    rows = _queue(actor, queue, None).with_only_columns(Referral.id).order_by(None).subquery()
    return session().scalar(select(func.count()).select_from(rows)) or 0


def _queue(actor: Actor, queue: str, after: tuple[datetime, UUID] | None) -> Select[Referral]:
    query = select(Referral).where(visible_to(actor))
    if queue == "mine":
        theirs = select(Case.id).where(Case.assignee_id == actor.user_id)
        query = query.where(
            Referral.state.in_(OPEN), or_(Referral.author_id == actor.user_id, Referral.case_id.in_(theirs))
        )
    else:
        query = query.where(Referral.state.in_([state for state in PUBLIC if PUBLIC[state] is _QUEUE_STATE[queue]]))
    if queue in BY_CLOCK:
        place = tuple_(Referral.due_at, Referral.id)
        query = query.where(Referral.due_at.is_not(None), *([place > after] if after else []))
        return query.order_by(Referral.due_at, Referral.id)
    place = tuple_(Referral.updated_at, Referral.id)
    query = query.where(*([place < after] if after else []))
    return query.order_by(Referral.updated_at.desc(), Referral.id.desc())


def of_case(case_id: UUID) -> list[ReferralRow]:
    """The referrals of a case, newest first."""
    query = select(Referral).where(Referral.case_id == case_id)
    return rows_of(list(session().scalars(query.order_by(Referral.created_at.desc(), Referral.id.desc()))))


def row_of(referral: Referral) -> ReferralRow:
    """One referral as a row, for pages that show it like a list does."""
    return rows_of([referral])[0]


def rows_of(referrals: Sequence[Referral], *, by_clock: bool = False) -> list[ReferralRow]:
    """Rows in the order of `referrals`, with one query for the keys and one for the partners."""
    vault.load_keys([one.case_id for one in referrals])
    opened = {one.id: _opened(one) for one in referrals}
    known = partners.views_of(UUID(doc["partner_id"]) for doc, _error in opened.values() if doc)
    return [_row(one, *opened[one.id], known, by_clock) for one in referrals]


def _opened(record: Referral | ReferralEvent) -> tuple[dict[str, Any], SealBroken | None]:
    try:
        return vault.read(record), None
    except SealBroken as broken:
        return {}, broken


def _row(
    one: Referral,
    doc: dict[str, Any],
    error: SealBroken | None,
    known: dict[UUID, partners.PartnerView],
    by_clock: bool,
) -> ReferralRow:
    name, error = _code_name(one.case, error)
    partner = known.get(UUID(doc["partner_id"])) if doc else None
    return ReferralRow(
        id=one.id,
        number=one.number,
        case_id=one.case_id,
        case_number=one.case.number,
        code_name=name,
        organisation_id=one.organisation_id,
        team_id=one.team_id,
        assignee_id=one.assignee_id,
        author_id=one.author_id,
        approver_id=one.approver_id,
        state=ReferralState(one.state),
        state_since=one.state_since,
        due_at=one.due_at,
        updated_at=one.updated_at,
        rv=one.rv,
        document_id=one.document_id,
        partner_name=partner.name if partner else "",
        partner_phone=str(partner.doc.get("phone") or "") if partner else "",
        created_at=one.created_at,
        key=(one.due_at if by_clock and one.due_at else one.updated_at, one.id),
        doc=doc,
        error=error,
    )


def _code_name(case: Case, error: SealBroken | None) -> tuple[str, SealBroken | None]:
    try:
        return cases.code_name(vault.read(case)), error
    except SealBroken as broken:
        return "", error or broken


def events_of(referral_id: UUID) -> list[EventView]:
    """The line of a referral in the order in which it was recorded; each event with its two dates."""
    query = select(ReferralEvent).where(ReferralEvent.referral_id == referral_id).order_by(ReferralEvent.id)
    return [_event(one) for one in sorted(session().scalars(query), key=_place)]


def _place(one: ReferralEvent) -> tuple[datetime, int]:
    """What was recorded first; of one moment, what comes first in the life cycle."""
    return one.recorded_at, _VERBS.index(one.verb) if one.verb in _VERBS else len(_VERBS)


def _event(one: ReferralEvent) -> EventView:
    doc, error = _opened(one)
    return EventView(one.id, one.verb, one.happened_at, one.recorded_at, one.actor_id, doc, error)


def snapshot_of(referral: Referral) -> Snapshot:
    """What was submitted last. Raises NotFound when nothing was, or an edit voided it."""
    found = session().get(Snapshot, referral.snapshot_id) if referral.snapshot_id else None
    if found is None:
        raise NotFound()
    return found


def letter_document(referral: Referral, copy: str = "recipient") -> Document:
    """The kept letter in one of its copies (recipient, file, person), or the paper of an approval that came after it.

    Raises NotFound before it was made.
    """
    doc = vault.read(referral)
    kept = {**doc.get("documents", {}), **({"approval": doc["approval"]} if doc.get("approval") else {})}
    found = session().get(Document, UUID(kept[copy])) if copy in kept else None
    if found is None:
        raise NotFound()
    return found


def register_of(organisation_id: UUID, *, year: int | None = None) -> list[RegisterRow]:
    """The letter register of an organisation, the newest number first; all years, or one."""
    query = (
        select(RegisterEntry, Referral)
        .join(Referral, Referral.id == RegisterEntry.referral_id)
        .where(RegisterEntry.organisation_id == organisation_id)
        .order_by(RegisterEntry.year.desc(), RegisterEntry.seq.desc())
    )
    if year is not None:
        query = query.where(RegisterEntry.year == year)
    code = register_code(organisation_id)
    return [_register_row(entry, referral, code) for entry, referral in session().execute(query)]


def _register_row(entry: RegisterEntry, referral: Referral, code: str) -> RegisterRow:
    return RegisterRow(
        number=printed(code, entry.year, entry.seq),
        year=entry.year,
        seq=entry.seq,
        state=entry.state,
        referral_id=referral.id,
        referral_number=referral.number,
        case_id=referral.case_id,
        team_id=referral.team_id,
        organisation_id=entry.organisation_id,
        assignee_id=referral.assignee_id,
        reserved_at=entry.reserved_at,
        issued_at=entry.issued_at,
    )


def register_entry(referral_id: UUID) -> RegisterEntry | None:
    """The line of the register that belongs to a referral, None before one was reserved."""
    return session().scalars(select(RegisterEntry).where(RegisterEntry.referral_id == referral_id)).first()


def register_number(referral: Referral) -> str:
    """The printed letter number of a referral, "" before one was reserved."""
    entry = register_entry(referral.id)
    return printed(register_code(referral.organisation_id), entry.year, entry.seq) if entry else ""


def register_code(organisation_id: UUID) -> str:
    """The short letters of an organisation, as its letter numbers begin."""
    letters = "".join(one for one in str(organisation_doc(organisation_id).get("code", "")).upper() if _plain(one))
    return letters[:12] or "L"


def _plain(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def printed(code: str, year: int, seq: int) -> str:
    """A letter number as it is printed: CPO-2026-0012."""
    return f"{code}-{year}-{seq:04d}"


def partner_of(doc: dict[str, Any]) -> partners.PartnerView:
    """The recipient that a referral's document names, opened. Raises NotFound, SealBroken."""
    return partners.view_of(partners.get_partner(UUID(doc["partner_id"])))


def resting_on(case_id: UUID, consent_id: UUID) -> Iterable[Referral]:
    """The referrals of a case, locked, whose last submission rests on a consent."""
    query = select(Referral).where(Referral.case_id == case_id).order_by(Referral.id).with_for_update(of=Referral)
    for one in session().scalars(query.execution_options(populate_existing=True)):
        if str(consent_id) in vault.read(one).get("consent_ids", ()):
            yield one


def staff_post(doc: dict[str, Any]) -> str:
    """The post of a member of staff in the language of the moment."""
    return str(doc.get(f"post_{language()}") or doc.get("post_en") or "")
