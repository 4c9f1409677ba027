"""A case and the sealed records in it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from caseflow.accounts.queries import organisation_doc
from caseflow.cases.models import Case, CaseRecord
from caseflow.core import catalogue, vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound

# One record of each in a case, kept up to date.
ONE_EACH = ("person", "identity", "safety", "trafficking", "smuggling", "journey")
MANY = ("screening", "assessment", "note")  # one for each contact or review: the old ones stay as they were
# Every case is opened with these: where one is missing, somebody took it away or relabelled it.
FROM_THE_START = ("screening", "person", "safety")
HOME_ZONE = "Asia/Karachi"


def get_case(case_id: UUID, *, for_update: bool = False) -> Case:
    """A case; `for_update` locks it until the end of the transaction. Raises NotFound."""
    found = session().get(Case, case_id, with_for_update=for_update or None, populate_existing=for_update)
    if found is None:
        raise NotFound()
    return found


def office_day(organisation_id: UUID, now: datetime) -> date:
    """The day it is at the office of an organisation: due days and "not in the future" follow its zone."""
    zone = organisation_doc(organisation_id).get("zone") or HOME_ZONE
    return now.astimezone(ZoneInfo(zone)).date()


def records_of(case_id: UUID, kind: str) -> list[CaseRecord]:
    """Every record of a kind, oldest first."""
    token = vault.kind_token(case_id, kind)
    query = select(CaseRecord).where(CaseRecord.case_id == case_id, CaseRecord.kind_token == token)
    found = list(session().scalars(query.order_by(CaseRecord.created_at, CaseRecord.id)))
    for record in found:
        record.kind = kind
    return found


def record_of(case_id: UUID, kind: str) -> CaseRecord | None:
    """The latest record of a kind, None when nothing was written yet.

    Raises SealBroken where a record that every case has is gone (it must never look empty), and where there are two
    of what there is one of: one of them was put there.
    """
    found = records_of(case_id, kind)
    if kind in ONE_EACH and len(found) > 1:
        raise vault.SealBroken(CaseRecord.__tablename__, found[-1].id)
    if not found and kind in FROM_THE_START and session().get(Case, case_id) is not None:
        raise vault.SealBroken(CaseRecord.__tablename__, case_id)
    return found[-1] if found else None


def get_record(case_id: UUID, record_id: UUID, kind: str | None = None) -> CaseRecord:
    """A record of this case (of this kind, when one is named). Raises NotFound."""
    found = session().get(CaseRecord, record_id)
    if found is None or found.case_id != case_id:
        raise NotFound()
    for candidate in (kind,) if kind else catalogue.load().kinds:
        if vault.kind_token(case_id, candidate) == bytes(found.kind_token):
            found.kind = candidate
            return found
    raise NotFound()


def read_record(record: CaseRecord) -> dict[str, Any]:
    """The answers of a record, in the form of the present catalogue. Raises SealBroken, UnknownVersion."""
    return cast(dict[str, Any], catalogue.upcast(record.kind, vault.read(record))["data"])


def data_of(case_id: UUID, kind: str) -> dict[str, Any]:
    """The answers of the latest record of a kind, {} when there is none. Raises SealBroken.

    Before the first assessment they are what an older release asked about the risk in the safety record.
    """
    record = record_of(case_id, kind)
    if record is None and kind == "assessment":
        return cast(dict[str, Any], moved_of(record_of(case_id, "safety")).get(kind, {}))
    return read_record(record) if record else {}


def moved_of(record: CaseRecord | None) -> dict[str, Any]:
    """What a record still holds of an older release that is now asked in records of other kinds, by kind."""
    doc = catalogue.upcast(record.kind, vault.read(record)) if record else {}
    return cast(dict[str, Any], doc.get(catalogue.MOVED, {}))


def record_id_for(case_id: UUID, kind: str) -> UUID:
    """The id a first record of a kind gets: the same for everybody, so that two first saves meet as two versions."""
    return UUID(bytes=vault.kind_token(case_id, kind), version=4)


def facts(case_id: UUID, kind: str, *, today: date) -> dict[str, Any]:
    """What is known outside a record of this kind, on which questions and whole kinds rest.

    The day, the type of the case by the latest screening, and whether the person is an adult or counts as a child.
    """
    known: dict[str, Any] = {"today": today.isoformat(), "case_type": vault.read(get_case(case_id))["type"]}
    if kind != "person":
        known["majority_status"] = _majority(case_id)
    return known


def _majority(case_id: UUID) -> str:
    """The person's age status; in doubt that of a child, as `is_child` has it."""
    said = str(data_of(case_id, "person").get("majority_status") or "unknown")
    if said != "adult" or not is_child(case_id):
        return said
    later = _last_word("majority_status", [read_record(one) for one in records_of(case_id, "screening")])
    return "minor" if later == "minor" else "unknown"


def is_child(case_id: UUID) -> bool:
    """Whether the person counts as a child: a minor, of unknown age, or of an age that is doubted.

    In doubt for the child (UNICEF Guidelines on the protection of child victims of trafficking): what a later
    screening leaves out ends no doubt, and one that says "child" counts although the person's record says "adult".
    Raises SealBroken.
    """
    if data_of(case_id, "person").get("majority_status") != "adult":
        return True
    first, *later = [read_record(one) for one in records_of(case_id, "screening")] or [data_of(case_id, "screening")]
    doubt, majority = _last_word("age_doubt", [first, *later]), _last_word("majority_status", later)
    return doubt == "yes" or majority not in (None, "adult")  # the first screening's word is in the person's record


def _last_word(code: str, screenings: Iterable[dict[str, Any]]) -> Any:
    """The latest answer to a question, None when it was never answered."""
    answered = [one[code] for one in screenings if one.get(code)]
    return answered[-1] if answered else None
