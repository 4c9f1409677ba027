"""Open the issued letter: the only way to its bytes, and each time is recorded."""

from datetime import datetime
from uuid import UUID

from caseflow.cases.files import read_document
from caseflow.core import trail, vault
from caseflow.core.policy import Action, Actor, require
from caseflow.core.press.letter import Copy
from caseflow.core.trail import Tag
from caseflow.referrals import queries


def open_letter(
    *, actor: Actor, referral_id: UUID, copy: str = Copy.RECIPIENT.value, now: datetime
) -> tuple[str, bytes]:
    """The neutral file name and the bytes of one copy (recipient, file, person), or of the approval of an emergency.

    Raises NotFound before the issue or for an unknown copy, NotAllowed, SealBroken.
    """
    referral = queries.get_referral(referral_id)
    require(actor, Action.Referral.LETTER, referral)
    document = queries.letter_document(referral, copy)
    kept, content = vault.read(document), read_document(document)
    trail.record(
        Tag.LETTER_READ, actor=actor, now=now, obj=("document", document.id), case_id=referral.case_id,
        detail={"sha256": kept["sha256"]},
    )  # fmt: skip
    return kept["name"], content


def note_read(*, actor: Actor, referral_id: UUID, now: datetime) -> None:
    """Record that somebody read a referral. Raises NotFound."""
    referral = queries.get_referral(referral_id)
    require(actor, Action.Referral.READ, referral)
    trail.record(Tag.REFERRAL_READ, actor=actor, now=now, obj=("referral", referral_id), case_id=referral.case_id)


def note_emergency_read(*, actor: Actor, referral_id: UUID, now: datetime) -> None:
    """Record that who may ratify an emergency issue read it. Raises NotFound, NotAllowed."""
    referral = queries.get_referral(referral_id)
    require(actor, Action.Referral.RATIFY, referral)
    trail.record(Tag.REFERRAL_READ, actor=actor, now=now, obj=("referral", referral_id), case_id=referral.case_id)
