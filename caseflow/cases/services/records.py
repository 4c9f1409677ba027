"""Write the sealed records of a case: one kind at a time, version by version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from caseflow.cases.models import Case, CaseRecord, Draft
from caseflow.cases.queries import MANY, ONE_EACH, facts, get_record, moved_of, office_day, read_record, record_of
from caseflow.cases.services.checks import belonging, checked, due_day, locked_case, still_open
from caseflow.cases.services.summaries import index_case, is_indexed, rebuild_summary
from caseflow.core import catalogue, ports, trail, vault
from caseflow.core.db import session
from caseflow.core.errors import Invalid, NotFound, StaleVersion, TooLate
from caseflow.core.policy import Action, Actor
from caseflow.core.trail import Tag
from caseflow.core.words import N_

_TICKS = ("consent_talk", "consent_record", "consent_share")


def save_record(
    *,
    actor: Actor,
    case_id: UUID,
    kind: str,
    record_id: UUID,
    data: dict[str, Any],
    rv: int,
    now: datetime,
) -> CaseRecord:
    """Save a record of which a case has one, or add a screening or assessment; `rv` is the version seen, 0 for none.

    Answers that are already stored make no new version, so a repeated post is harmless. Raises Invalid, StaleVersion
    when the record has moved on, TooLate for a closed case or a screening that is already kept, SealBroken.
    """
    if kind not in (*ONE_EACH, *MANY) or kind == "note":
        raise NotFound()
    case = still_open(locked_case(actor, Action.Case.UPDATE, case_id))
    stored = _stored(case_id, kind, record_id)
    former = read_record(stored) if stored else {}
    clean = _checked(case, kind, data, stored, former, now)
    if stored is not None and former == clean:
        drop_draft(actor, record_id)
        return stored
    _refuse_stale(stored, record_id, kind, rv)
    changed = catalogue.diff(catalogue.load().kind(kind), former, clean)
    record = stored or new_record(actor, case_id, kind, record_id, now)
    _write(actor, case, record, clean, now)
    obj, detail = ("case_record", record.id), {"kind": kind, "changed": changed}
    writes = [record, case, rebuild_summary(case)]
    trail.record(Tag.RECORD_WRITTEN, actor=actor, now=now, obj=obj, case_id=case_id, detail=detail, writes=writes)
    drop_draft(actor, record_id)
    if kind == "screening" and any(clean.get(tick) for tick in _TICKS):
        ports.screening_consents.tell(actor=actor, case_id=case_id, data=clean, screening_id=record.id, now=now)
    if is_indexed(kind, changed):
        index_case(case)
    return record


def add_note(*, actor: Actor, case_id: UUID, record_id: UUID, data: dict[str, Any], now: datetime) -> CaseRecord:
    """Add a note. Notes are never changed: a correction is another note.

    The same id with the same words again gives the first result. Raises Invalid, TooLate when the id has other words.
    """
    case = still_open(locked_case(actor, Action.Case.NOTE, case_id))
    today = office_day(case.organisation_id, now)
    clean = checked("note", data, facts(case_id, "note", today=today))
    if not clean.get("text"):
        raise Invalid({"text": (N_("Write the note."), {})})
    clean.setdefault("happened_at", today.isoformat())
    stored = _stored(case_id, "note", record_id)
    if stored is not None:
        if read_record(stored) != clean:
            raise TooLate(N_("This note is kept already. Write a correction as a note of its own."))
        drop_draft(actor, record_id)
        return stored
    record = new_record(actor, case_id, "note", record_id, now)
    _write(actor, case, record, clean, now)
    obj = ("case_record", record.id)
    happened_at = trail.moment_of(clean["happened_at"], now=now)
    trail.record(
        Tag.NOTE_ADDED, actor=actor, now=now, obj=obj, case_id=case_id, happened_at=happened_at, writes=[record, case]
    )
    drop_draft(actor, record_id)
    return record


def new_record(actor: Actor, case_id: UUID, kind: str, record_id: UUID, now: datetime) -> CaseRecord:
    """An unsealed, unsaved record of a kind."""
    record = CaseRecord(
        id=record_id,
        case_id=case_id,
        kind_token=vault.kind_token(case_id, kind),
        created_at=now,
        created_by=actor.user_id,
        updated_at=now,
        updated_by=actor.user_id,
    )
    record.kind = kind
    return record


def seal_answers(record: CaseRecord, answers: dict[str, Any]) -> CaseRecord:
    """Seal answers as the record's next version and add it to the transaction; what moved away stays beside them."""
    moved = moved_of(record) if record.rv else {}
    doc = {"catalogue": catalogue.RELEASE, "data": answers} | ({catalogue.MOVED: moved} if moved else {})
    vault.write(record, doc, rv=record.rv or 0)
    session().add(record)
    return record


def drop_draft(actor: Actor, record_id: UUID) -> None:
    """Remove the actor's draft of a record that is now saved."""
    session().execute(delete(Draft).where(Draft.owner_id == actor.user_id, Draft.record_id == record_id))


def _checked(
    case: Case, kind: str, data: dict[str, Any], stored: CaseRecord | None, former: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """The answers in their stored form, for a case that asks them. Raises Invalid."""
    known = facts(case.id, kind, today=office_day(case.organisation_id, now))
    clean = checked(kind, data, known if stored else belonging(kind, known), former)
    if clean.get("outcome") == "helped_once":
        raise Invalid({"outcome": (N_("A case is open for this person. Choose what happens in it."), {})})
    return clean


def _stored(case_id: UUID, kind: str, record_id: UUID) -> CaseRecord | None:
    """The record that this save is about. Raises NotFound when the id belongs to anything else."""
    if kind in ONE_EACH and (found := record_of(case_id, kind)):
        return found
    if session().get(CaseRecord, record_id) is None:
        return None
    return get_record(case_id, record_id, kind)


def _refuse_stale(stored: CaseRecord | None, record_id: UUID, kind: str, rv: int) -> None:
    if stored is None and rv == 0:
        return
    if kind == "screening":
        raise TooLate(N_("This screening is kept already. Screen again if something has changed."))
    if kind == "assessment":
        raise TooLate(N_("This assessment is kept already. Write a new one if something has changed."))
    if stored is None or stored.id != record_id or stored.rv != rv:
        raise StaleVersion()


def _write(actor: Actor, case: Case, record: CaseRecord, clean: dict[str, Any], now: datetime) -> None:
    """Seal the answers, and carry into the case what its lists and its own document need of them."""
    seal_answers(record, clean)
    record.updated_at, record.updated_by, case.updated_at = now, actor.user_id, now
    if record.kind == "assessment":
        case.due_on = due_day(clean) or case.due_on
    if record.kind == "screening" and (case_type := clean.get("case_type")):
        # Smuggling can become trafficking: the latest screening says what kind of case this is.
        vault.write(case, {**vault.read(case), "type": case_type}, rv=case.rv)
    session().flush()
