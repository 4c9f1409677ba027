"""Consent was withdrawn or narrowed: what has not left stops here; what has left is marked, as nobody can unsend it."""

from datetime import datetime
from uuid import UUID

from caseflow.core import trail, vault
from caseflow.core.policy import Action, Actor, require
from caseflow.core.ports import Reason
from caseflow.core.trail import Tag
from caseflow.core.words import N_
from caseflow.referrals import queries
from caseflow.referrals.models import Referral
from caseflow.referrals.services.issuing import send_back
from caseflow.referrals.services.line import add_event
from caseflow.referrals.states import ReferralState

WITHDRAWN: Reason = (N_("The person withdrew or narrowed the consent this rests on. Nothing was sent."), {})
_STOPPED = (ReferralState.PENDING, ReferralState.APPROVED)


def on_consent_withdrawn(*, actor: Actor, case_id: UUID, consent_id: UUID, now: datetime) -> None:
    """Handler of the port `consent_withdrawn`, in the transaction of the withdrawal.

    Referrals that wait or are approved go back with the reason; issued ones get an event and a mark, also those that
    have ended, because the recipient still holds the letter. Raises NotAllowed, SealBroken.
    """
    for referral in list(queries.resting_on(case_id, consent_id)):
        require(actor, Action.Consent.WITHDRAW, referral)
        doc = vault.read(referral)
        if referral.state in _STOPPED:
            send_back(referral, doc, [WITHDRAWN], actor=actor, now=now)
        elif referral.document_id is not None or doc.get("emergency"):
            _mark(referral, actor=actor, consent_id=consent_id, now=now)


def _mark(referral: Referral, *, actor: Actor, consent_id: UUID, now: datetime) -> None:
    doc = vault.read(referral)
    marks = doc.get("consent_withdrawn", [])
    if str(consent_id) in marks:
        return
    referral.updated_at = now
    vault.write(referral, {**doc, "consent_withdrawn": [*marks, str(consent_id)]}, rv=referral.rv)
    event = add_event(referral, "consent_withdrawn", actor=actor, now=now, doc={"consent_id": str(consent_id)})
    trail.record(
        Tag.CONSENT_GONE, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail={"state": referral.state}, writes=[referral, event],
    )  # fmt: skip
