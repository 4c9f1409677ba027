"""Background work of referrals: the issue of an approved letter, and the clock of an emergency issue."""

from datetime import datetime
from uuid import UUID

from caseflow.core.db import writing
from caseflow.core.outbox import Outbox
from caseflow.referrals import services
from caseflow.referrals.services.deciding import JOB
from caseflow.referrals.services.emergency import ESCALATION


def register(outbox: Outbox) -> None:
    """Tell the outbox who handles what."""
    outbox.handle(JOB, issue_letter)
    outbox.handle(ESCALATION, escalate)
    outbox.handle(services.APPROVAL_JOB, write_approval)


def issue_letter(*, referral_id: UUID, now: datetime) -> None:
    """Issue one approved letter, or press that of an emergency issue.

    Again, or after a crash in any place: the same number, one letter.

    What the press raises leaves the referral approved, and the outbox tries again later.
    """
    with writing():
        ticket = services.prepare(referral_id=referral_id, now=now)
    if ticket is None:
        return
    copies = services.press_copies(ticket)  # slow: no transaction is open here
    with writing():
        services.issue(ticket=ticket, copies=copies, now=now)


def write_approval(*, referral_id: UUID, now: datetime) -> None:
    """Press the approval of an emergency letter that was ratified; again, or after a crash: one paper."""
    with writing():
        ticket = services.prepare_approval(referral_id=referral_id)
    if ticket is None:
        return
    content = services.press_approval(ticket)  # slow: no transaction is open here
    with writing():
        services.keep_approval(ticket=ticket, content=content, now=now)


def escalate(*, referral_id: UUID, now: datetime) -> None:
    """Call in the next person when an emergency issue is undecided after 24 hours; decided, or again: nothing."""
    with writing():
        services.escalate(referral_id=referral_id, now=now)
