"""Open everything that a case's file is made from. One record that does not open never stops the others."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from caseflow.accounts.models import StaffMembership
from caseflow.accounts.queries import organisation_doc, staff_docs
from caseflow.audit.letters.sources import DocumentView, EntryView, Period, RecordView, ReferralView, Sources, unopened
from caseflow.audit.models import Audit, AuditFile
from caseflow.audit.queries.entries import entries_of
from caseflow.audit.queries.reading import get_audit, office_zone
from caseflow.cases import queries as cases
from caseflow.cases.models import Case, CaseRecord, Document
from caseflow.consent import queries as consents
from caseflow.core import vault
from caseflow.core.catalogue import UnknownVersion
from caseflow.core.db import session
from caseflow.core.policy import Role
from caseflow.core.policy.models import AccessGrant
from caseflow.core.trail.models import TrailHead
from caseflow.core.trail.verify import verify
from caseflow.core.vault import SealBroken
from caseflow.core.words import language
from caseflow.partners import queries as partners
from caseflow.referrals import queries as referrals
from caseflow.referrals.models import Referral

ALIAS_DIGITS = 4


def gather(made: AuditFile, case_id: UUID, *, now: datetime) -> Sources:
    """What the file or the trail of one case is made from, in the language of the moment.

    A record that does not open is marked. Raises SealBroken when the audit itself does not, or the case has no key.
    """
    audit, case = get_audit(made.audit_id), cases.get_case(case_id)
    zone, doc = office_zone(audit.organisation_id), vault.read(audit)
    today = now.astimezone(ZoneInfo(zone)).date()
    entries = entries_of(case.id)
    found = [_referral(one) for one in _referrals_of(case.id)]
    register = consents.register_of(case.id, today=today)
    screenings, notes = _records(case.id, "screening"), _records(case.id, "note")
    papers = _documents(case.id)
    seen = _staff(entries, [*screenings, *notes], found, papers) | {audit.auditor_id, audit.decided_by}
    return Sources(
        language=language(),
        zone=zone,
        today=today,
        made_at=now,
        office=named(organisation_doc(audit.organisation_id), "name"),
        audit_number=audit.number,
        purpose=doc["purpose"],
        **posts(audit, audit.auditor_id),
        case_number=case.number,
        code_name=_code_name(case),
        entries=entries,
        screenings=screenings,
        notes=notes,
        consents=register,
        referrals=found,
        partners=partners.names(_partner_ids(register, found)),
        aliases=aliases(audit.id, seen),
        team=_team(case.team_id),
        grants=_grants(case.id),
        documents=papers,
        assignee_id=case.assignee_id,
        child=_child(case.id),
        report=verify(case_id=case.id),
        head=head_of(case.id),
    )


def _staff(
    entries: list[EntryView], records: list[RecordView], found: list[ReferralView], papers: list[DocumentView]
) -> set[UUID | None]:
    """Everybody who acts in one of these."""
    acted = {one.actor_id for one in entries} | {event.actor_id for one in found for event in one.events}
    wrote = {one.author_id for one in records} | {one.row.author_id for one in found}
    return acted | wrote | {one.made_by for one in papers}


def head_of(stream: UUID) -> tuple[int, str]:
    """The last number and hash of a stream, (0, "") of one without entries."""
    head = session().get(TrailHead, stream)
    return (head.seq, bytes(head.hash).hex()) if head else (0, "")


def aliases(audit_id: UUID, staff_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Pseudonyms of staff for one audit: keyed, so that nobody outside can find who it is by trying ids."""
    drawn = {one: vault.pepper(f"audit-staff/1:{audit_id}:{one}").hex() for one in staff_ids if one}
    digits = ALIAS_DIGITS
    while len({text[:digits] for text in drawn.values()}) < len(drawn):
        digits += 1
    return {one: text[:digits] for one, text in drawn.items()}


def posts(audit: Audit, maker_id: UUID) -> dict[str, str]:
    """Who made and who approved, by post: names have no place in a document that travels."""
    docs = staff_docs([maker_id, audit.decided_by])
    approver = docs.get(audit.decided_by, {}) if audit.decided_by else {}
    return {"made_by": named(docs.get(maker_id, {}), "post"), "approved_by": named(approver, "post")}


def named(doc: dict[str, Any], what: str) -> str:
    return str(doc.get(f"{what}_{language()}") or doc.get(f"{what}_en") or "")


def _code_name(case: Case) -> str:
    try:
        return cases.code_name(vault.read(case))
    except SealBroken:
        return unopened()


def _child(case_id: UUID) -> bool | None:
    try:
        return cases.is_child(case_id)
    except (SealBroken, UnknownVersion):
        return None


def _records(case_id: UUID, kind: str) -> list[RecordView]:
    return [RecordView(one.created_at, one.created_by, _data(one)) for one in cases.records_of(case_id, kind)]


def _data(record: CaseRecord) -> dict[str, Any] | None:
    try:
        return cases.read_record(record)
    except (SealBroken, UnknownVersion):
        return None


def _documents(case_id: UUID) -> list[DocumentView]:
    query = select(Document).where(Document.case_id == case_id).order_by(Document.created_at, Document.id)
    return [DocumentView(one.created_at, one.created_by, _paper(one)) for one in session().scalars(query)]


def _paper(document: Document) -> dict[str, Any] | None:
    try:
        return vault.read(document)
    except SealBroken:
        return None


def _referrals_of(case_id: UUID) -> list[Referral]:
    query = select(Referral).where(Referral.case_id == case_id).order_by(Referral.created_at, Referral.id)
    return list(session().scalars(query))


def _referral(one: Referral) -> ReferralView:
    snapshot, unreadable, digest = None, False, referrals.snapshot_digest(one)
    letter = involved = None
    try:
        involved = one.involved
        letter = vault.read(referrals.letter_document(one))["sha256"] if one.document_id else None
        snapshot = vault.read(referrals.snapshot_of(one)) if one.snapshot_id else None
    except SealBroken:
        unreadable = True
    return ReferralView(
        row=referrals.row_of(one),
        events=referrals.events_of(one.id),
        snapshot=snapshot,
        unreadable=unreadable,
        digest=digest,
        letter_sha256=letter or "",
        letter_number=referrals.register_number(one),
        approved_at=one.approved_at,
        involved=involved,
    )


def _partner_ids(register: list[consents.ConsentView], found: list[ReferralView]) -> set[UUID]:
    named = {view.doc.get("recipient_id") for view in register} | {one.row.doc.get("partner_id") for one in found}
    return {UUID(one) for one in named if one}


def _team(team_id: UUID) -> list[Period]:
    roles = (str(Role.CASEWORKER), str(Role.SUPERVISOR))
    query = select(StaffMembership).where(StaffMembership.team_id == team_id, StaffMembership.role.in_(roles))
    return [Period(one.staff_id, one.valid_from, one.valid_until) for one in session().scalars(query)]


def _grants(case_id: UUID) -> list[Period]:
    query = select(AccessGrant).where(AccessGrant.case_id == case_id, AccessGrant.valid_until > AccessGrant.valid_from)
    return [Period(one.user_id, one.valid_from, one.valid_until) for one in session().scalars(query)]
