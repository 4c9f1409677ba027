"""The approval of an emergency letter on paper, for a partner who asks: the letter says that it is to follow (ADR 8).

Pressed once by the same worker when the issue is ratified. It tells the number of the letter, its digest, the post and
the moment, and nothing of the person.
"""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from caseflow.accounts.queries import actor_for, get_staff
from caseflow.cases.files import keep_document
from caseflow.core import trail, vault
from caseflow.core.press import letter as press
from caseflow.core.trail import Tag
from caseflow.referrals.models import Referral
from caseflow.referrals.services.issuing import MEDIA_TYPE, Ticket, ticket_of
from caseflow.referrals.services.line import add_event, locked

APPROVAL_JOB = "referrals.approval"
DOCUMENT_TYPE = "letter_approval"


def prepare_approval(*, referral_id: UUID) -> Ticket | None:
    """What the paper is pressed from. None when it is kept already, or nobody ratified."""
    referral = locked(referral_id)
    doc = vault.read(referral)
    if referral.approved_at is None or not doc.get("emergency") or doc.get("approval"):
        return None
    return ticket_of(referral, doc, datetime.fromisoformat(doc["issued_at"]))


def press_approval(ticket: Ticket) -> bytes:
    """The paper as PDF. Slow; runs outside any transaction."""
    return press.render_approval(ticket.letter, ticket.issue)


def keep_approval(*, ticket: Ticket, content: bytes, now: datetime) -> Referral | None:
    """Keep the bytes beside those of the letter. None when that was done meanwhile."""
    referral = locked(ticket.referral_id)
    doc = vault.read(referral)
    if doc.get("approval") or referral.approver_id is None:
        return None
    approver = actor_for(get_staff(referral.approver_id), now=now)
    document = keep_document(
        actor_id=approver.user_id, case_id=referral.case_id, name=press.approval_file_name(ticket.issue.number),
        media_type=MEDIA_TYPE, what=DOCUMENT_TYPE, content=content, now=now,
    )  # fmt: skip
    referral.updated_at = now
    vault.write(referral, {**doc, "approval": str(document.id)}, rv=referral.rv)
    said = {"register": ticket.issue.number, "sha256": sha256(content).hexdigest()}
    event = add_event(referral, "approval", actor=None, now=now, doc=said)
    trail.record(
        Tag.APPROVAL_MADE, actor=approver, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail={"snapshot": ticket.issue.snapshot_hash, "sha256": said["sha256"]}, writes=[referral, event, document],
    )  # fmt: skip
    return referral
