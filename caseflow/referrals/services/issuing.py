"""Approved -> issued, in three parts: reserve a number, press the letter outside any write, issue in one transaction.

An emergency issue has left already when its letter is pressed (ADR 8): its number stands, and the bytes are added.

Each part may run again after a crash: the number stays with its referral, and a letter that was not kept never left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from caseflow.accounts.queries import actor_for, get_staff, staff_docs
from caseflow.cases.files import keep_document
from caseflow.cases.models import Document
from caseflow.cases.queries import office_day
from caseflow.core import trail, vault
from caseflow.core.errors import TooLate
from caseflow.core.lifecycle import find
from caseflow.core.numbers import check_code
from caseflow.core.policy import Actor
from caseflow.core.ports import Reason
from caseflow.core.press import letter as press
from caseflow.core.press.letter import Copy, Issue, Letter
from caseflow.core.trail import Tag
from caseflow.core.words import speaking
from caseflow.referrals import queries
from caseflow.referrals.models import Referral
from caseflow.referrals.services.gates import APPROVER_INVOLVED, reasons_against
from caseflow.referrals.services.line import add_event, answer_due, locked, move, moved
from caseflow.referrals.services.register import ISSUED, reserve
from caseflow.referrals.states import STEPS, ReferralState

MEDIA_TYPE = "application/pdf"
DOCUMENT_TYPE = "referral_letter"


@dataclass(frozen=True, repr=False)
class Ticket:
    """What the press needs, read in the first transaction: the frozen letter and what the register added."""

    referral_id: UUID
    snapshot_id: UUID
    letter: Letter
    issue: Issue


def prepare(*, referral_id: UUID, now: datetime) -> Ticket | None:
    """Check everything again and reserve the number. None when there is nothing to issue: it was issued, stopped, or
    is sent back by this very call, because consent, class or agreement does not hold any more.
    """
    referral = locked(referral_id)
    doc = vault.read(referral)
    if queries.awaits_letter(referral, doc):
        return ticket_of(referral, doc, datetime.fromisoformat(doc["issued_at"]))
    if referral.state != ReferralState.APPROVED:
        return None
    frozen = vault.read(queries.snapshot_of(referral))
    if reasons := _reasons(referral, doc, frozen, now):
        send_back(referral, doc, reasons, actor=None, now=now)
        return None
    _reserve(referral, now)
    return ticket_of(referral, doc, now)


def ticket_of(referral: Referral, doc: Mapping[str, Any], issued_at: datetime) -> Ticket:
    """What is pressed. An emergency issue that nobody decided on yet has no approver: the letter says so."""
    snapshot = queries.snapshot_of(referral)
    letter = Letter.from_document(vault.read(snapshot)["letter"])
    issue = Issue(
        number=queries.register_number(referral),
        check_code=check_code(),
        issued_at=issued_at,
        answer_by=answer_due(doc["urgency"], issued_at),
        snapshot_hash=bytes(snapshot.digest).hex(),
        approver_post=_post(referral, letter.language) if referral.approved_at else "",
        approved_at=referral.approved_at,
    )
    return Ticket(referral.id, snapshot.id, letter, issue)


def press_copies(ticket: Ticket) -> dict[str, bytes]:
    """The letter as PDF in its copies. Slow; runs outside any transaction, in the worker's one thread."""
    return {copy.value: press.render(ticket.letter, ticket.issue, copy=copy) for copy in Copy}


def issue(*, ticket: Ticket, copies: Mapping[str, bytes], now: datetime) -> Referral | None:
    """Keep the bytes and issue, in the approver's name. None when it was stopped or sent back meanwhile."""
    referral = locked(ticket.referral_id)
    if queries.awaits_letter(referral, vault.read(referral)):
        return _complete(referral, ticket, copies, now)
    if referral.state != ReferralState.APPROVED or referral.snapshot_id != ticket.snapshot_id:
        return None
    doc, frozen = vault.read(referral), vault.read(queries.snapshot_of(referral))
    if reasons := _reasons(referral, doc, frozen, now):
        send_back(referral, doc, reasons, actor=None, now=now)
        return None
    actor = _approver(referral, now)
    kept = {copy: _keep(referral, ticket, copy, content, actor, now) for copy, content in copies.items()}
    _issue(referral, doc, ticket, kept, now)
    _record(referral, frozen, doc, ticket, copies, kept, actor, now)
    return referral


def _complete(referral: Referral, ticket: Ticket, copies: Mapping[str, bytes], now: datetime) -> Referral:
    """Keep the letter of an emergency issue, which left already: by telephone, in its author's name."""
    author = actor_for(get_staff(referral.author_id), now=now)
    kept = {copy: _keep(referral, ticket, copy, content, author, now) for copy, content in copies.items()}
    referral.document_id, referral.updated_at = kept[Copy.RECIPIENT.value].id, now
    documents = {copy: str(document.id) for copy, document in kept.items()}
    vault.write(referral, {**vault.read(referral), "documents": documents}, rv=referral.rv)
    hashes = {copy: sha256(content).hexdigest() for copy, content in copies.items()}
    said = {"register": ticket.issue.number, "check_code": ticket.issue.check_code, "sha256": hashes}
    event = add_event(referral, "letter", actor=None, now=now, doc=said)
    groups = vault.read(queries.snapshot_of(referral))["groups"]
    detail = {"snapshot": ticket.issue.snapshot_hash, "sha256": hashes[Copy.RECIPIENT.value], "groups": groups}
    trail.record(
        Tag.LETTER_MADE, actor=author, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail=detail, writes=[referral, event, *kept.values()],
    )  # fmt: skip
    return referral


def _issue(
    referral: Referral, doc: dict[str, Any], ticket: Ticket, kept: Mapping[str, Document], now: datetime
) -> None:
    step = find(STEPS, "issue", ReferralState(referral.state))
    referral.document_id = kept[Copy.RECIPIENT.value].id
    referral.due_at = ticket.issue.answer_by
    documents = {copy: str(document.id) for copy, document in kept.items()}
    move(referral, {**doc, "documents": documents, "issued_at": ticket.issue.issued_at.isoformat()}, step, now=now)


def _record(
    referral: Referral,
    frozen: Mapping[str, Any],
    doc: Mapping[str, Any],
    ticket: Ticket,
    copies: Mapping[str, bytes],
    kept: Mapping[str, Document],
    actor: Actor,
    now: datetime,
) -> None:
    """The event and the three entries: the letter was made, it was issued, these groups were disclosed."""
    entry, _new = reserve(referral, now=now)
    entry.state, entry.issued_at = ISSUED, now
    number, hashes = ticket.issue.number, {copy: sha256(content).hexdigest() for copy, content in copies.items()}
    event = add_event(
        referral, "issue", actor=actor, now=now,
        doc={"register": number, "check_code": ticket.issue.check_code, "sha256": hashes, "groups": frozen["groups"]},
    )  # fmt: skip
    about: dict[str, Any] = {"actor": actor, "now": now, "obj": ("referral", referral.id), "case_id": referral.case_id}
    made = {
        "snapshot": ticket.issue.snapshot_hash,
        "sha256": hashes[Copy.RECIPIENT.value],
        "groups": frozen["groups"],
    }
    trail.record(Tag.LETTER_MADE, **about, detail=made, writes=list(kept.values()))
    trail.record(Tag.LETTER_ISSUED, **about, detail={"register": number}, writes=[referral, entry, event])
    disclosed = {
        "groups": frozen["groups"], "class": frozen["recipient_class"], "basis": doc["basis"],
        "consents": frozen["consent_ids"],
    }  # fmt: skip
    trail.record(Tag.DISCLOSED, **about, detail=disclosed)


def send_back(
    referral: Referral, doc: dict[str, Any], reasons: list[Reason], *, actor: Actor | None, now: datetime
) -> None:
    """Pending or approved -> returned by the system, with the reasons; the register row stays with the referral."""
    before = referral.state
    step = find(STEPS, "send_back", ReferralState(before))
    comments = [
        {"by": "", "at": now.isoformat(), "group": "", "text": message, "params": params} for message, params in reasons
    ]
    referral.approver_id = referral.approved_at = referral.due_at = None
    move(referral, {**doc, "comments": [*doc["comments"], *comments]}, step, now=now)
    event = add_event(referral, "send_back", actor=actor, now=now, doc={"comments": comments})
    trail.record(
        Tag.REFERRAL_MOVED, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail=moved(step, before), writes=[referral, event],
    )  # fmt: skip


def _reasons(referral: Referral, doc: dict[str, Any], frozen: dict[str, Any], now: datetime) -> list[Reason]:
    today = office_day(referral.organisation_id, now)
    gate = queries.gate_of(referral.case_id, doc, today=today, for_update=True)
    involved = [APPROVER_INVOLVED] if referral.approver_id in gate.taker_ids else []
    return [*reasons_against(doc, frozen, gate, queries.partner_of(doc), today), *involved]


def _reserve(referral: Referral, now: datetime) -> None:
    entry, new = reserve(referral, now=now)
    if new:
        trail.record(
            Tag.LETTER_RESERVED, actor=_approver(referral, now), now=now, obj=("referral", referral.id),
            case_id=referral.case_id, detail={"register": queries.register_number(referral)}, writes=[entry],
        )  # fmt: skip


def _approver(referral: Referral, now: datetime) -> Actor:
    """The approver as an actor: the worker acts in the name of the one who decided."""
    return actor_for(get_staff(_approver_id(referral)), now=now)


def _approver_id(referral: Referral) -> UUID:
    if referral.approver_id is None:
        raise TooLate()
    return referral.approver_id


def _post(referral: Referral, language: str) -> str:
    with speaking(language):
        return queries.staff_post(staff_docs([referral.approver_id])[_approver_id(referral)])


def _keep(referral: Referral, ticket: Ticket, copy: str, content: bytes, actor: Actor, now: datetime) -> Document:
    return keep_document(
        actor_id=actor.user_id,
        case_id=referral.case_id,
        name=press.file_name(ticket.issue.number, Copy(copy)),
        media_type=MEDIA_TYPE,
        what=DOCUMENT_TYPE,
        content=content,
        now=now,
    )
