"""What a call leaves: that the number was opened, what came of it, and that contact is not safe any more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from caseflow.cases.models import CaseRecord
from caseflow.cases.queries import get_case, office_day, read_record, record_of
from caseflow.cases.queries.calling import NONE_NOW
from caseflow.cases.services.reading import reveal
from caseflow.cases.services.records import add_note, save_record
from caseflow.core import catalogue
from caseflow.core.errors import Invalid, NotFound
from caseflow.core.policy import Actor
from caseflow.core.words import N_, gettext, language

REASON = "contact"


def open_number(*, actor: Actor, case_id: UUID, now: datetime) -> UUID:
    """Record that the actor opened the number in order to call; the id of the safety record it stands in.

    Raises NotFound, NotAllowed, SealBroken.
    """
    reveal(actor=actor, case_id=case_id, kind="safety", reason=REASON, now=now)
    return _safety(case_id).id


def note_contact(*, actor: Actor, case_id: UUID, record_id: UUID, result: str, words: str, now: datetime) -> CaseRecord:
    """Keep what came of a try to reach the person, as a note of today.

    Raises Invalid, TooLate, NotFound, NotAllowed.
    """
    known = catalogue.load().list("contact_result")
    if result not in known:
        raise Invalid({"result": (N_("Say what came of the call."), {})})
    data: dict[str, Any] = {
        "happened_at": office_day(get_case(case_id).organisation_id, now).isoformat(),
        "subject": gettext("Call"),
        "contact_result": result,
        "text": words.strip() or known.label(result, language()),
    }
    return add_note(actor=actor, case_id=case_id, record_id=record_id, data=data, now=now)


def end_safe_contact(*, actor: Actor, case_id: UUID, rv: int, now: datetime) -> CaseRecord:
    """Write that there is no safe way of contact now; everything else of the record stays, the number too.

    Raises StaleVersion when somebody wrote a newer version than `rv`, TooLate, NotFound, NotAllowed, SealBroken.
    """
    record = _safety(case_id)
    data = {**read_record(record), "safe_contact_way": [NONE_NOW]}
    return save_record(
        actor=actor, case_id=case_id, kind="safety", record_id=record.id, data=data, rv=rv, now=now
    )  # fmt: skip


def _safety(case_id: UUID) -> CaseRecord:
    record = record_of(case_id, "safety")
    if record is None:
        raise NotFound()
    return record
