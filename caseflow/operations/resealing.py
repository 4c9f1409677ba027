"""A new key version for one case, when its key may have been seen, and the job that seals its records anew.

What was written before stays readable to whoever kept both an old copy and the old key: this protects what is
written from now on. The details of the trail and the tokens of kinds stay under the first version, and sealed files
keep the key that lies in their document.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select

from caseflow.cases.models import Case, CaseRecord
from caseflow.cases.queries import get_record
from caseflow.core import trail, vault
from caseflow.core.db import Base, session, writing
from caseflow.core.errors import NotFound
from caseflow.core.numbers import canonical
from caseflow.core.outbox import enqueue
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailWrite
from caseflow.core.vault import SealBroken, Sealed
from caseflow.core.words import N_

RESEAL = "keys.reseal"


def bump(*, number: str, now: datetime) -> int:
    """Give the case with this number its next key version and have its records sealed anew; returns the version.

    The key comes first: a crash after it leaves records under the former version, and running it again does them all.
    Raises NotFound.
    """
    case = session().scalars(select(Case).where(Case.number == canonical(number[:40]))).first()
    if case is None:
        raise NotFound(N_("There is no case with this number."))
    case_id = case.id
    version = vault.current().bump_case_key(case_id, now=now)
    with writing():
        about, detail = ("case", case_id), {"version": version}
        trail.record(Tag.CASE_KEY_BUMPED, actor=None, now=now, obj=about, case_id=case_id, detail=detail)
        enqueue(RESEAL, now=now, case_id=case_id)
    return version


def reseal_case(*, case_id: UUID, now: datetime) -> int:
    """Seal every record of a case under its newest key version; again, or after a crash: what is so already stays.

    Returns how many were sealed. A record that does not open is left as it is. Raises StaleVersion when somebody saved
    one in between: the outbox tries again.
    """
    with writing():
        changed = [row for row in _rows_of(case_id) if _resealed(row)]
        session().flush()
        if changed:
            about, detail = ("case", case_id), {"records": len(changed)}
            trail.record(
                Tag.CASE_RESEALED, actor=None, now=now, obj=about, case_id=case_id, detail=detail,
                writes=_trailed(changed),
            )  # fmt: skip
    return len(changed)


def _rows_of(case_id: UUID) -> list[Any]:
    """Every sealed row under the key of a case, asked of the models, so that no table can be forgotten."""
    found: list[Any] = []
    for model in (mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Sealed)):
        column = inspect(model).columns.get("case_id")
        column = inspect(model).columns["id"] if column is None else column
        rows = session().scalars(select(model).where(column == case_id).with_for_update(of=model))
        found += [row for row in rows if row.key_case_id == case_id]
    return found


def _resealed(row: Any) -> bool:
    try:
        if isinstance(row, CaseRecord):
            get_record(row.case_id, row.id)  # its kind is its slot
        return vault.current().reseal(row)
    except (SealBroken, NotFound):
        return False


def _trailed(rows: list[Any]) -> list[Any]:
    """Those of which the trail holds a digest: drafts, for example, are none of its matters."""
    known = select(TrailWrite.row_id).where(TrailWrite.row_id.in_([row.id for row in rows]))
    ids = set(session().scalars(known))
    return [row for row in rows if row.id in ids]
