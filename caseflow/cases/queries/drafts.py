"""What somebody was writing: one's own drafts, of cases one may still write in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.cases.models import Case, Draft
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Action, Actor, permits
from caseflow.core.vault import SealBroken


@dataclass(frozen=True)
class DraftRow:
    """An opened draft. `number` is the case's, "" while the case is not open; `error` is set when it is broken."""

    id: UUID
    case_id: UUID
    record_id: UUID
    base_rv: int
    updated_at: datetime
    number: str = ""
    kind: str = ""
    section: str = ""
    fields: dict[str, list[str]] | None = None
    error: SealBroken | None = None

    @property
    def broken(self) -> bool:
        """True when it cannot be opened."""
        return self.error is not None


def get_draft(actor: Actor, draft_id: UUID) -> Draft:
    """One of the actor's own drafts. Raises NotFound."""
    found = session().get(Draft, draft_id)
    if found is None or found.owner_id != actor.user_id or not _may_write(actor, found.case_id):
        raise NotFound()
    return found


def draft_of(actor: Actor, record_id: UUID) -> DraftRow | None:
    """What the actor was writing in this record, None when nothing was kept."""
    query = select(Draft).where(Draft.owner_id == actor.user_id, Draft.record_id == record_id)
    found = session().scalars(query).first()
    return _row(found) if found and _may_write(actor, found.case_id) else None


def drafts_of(actor: Actor, *, limit: int = 100) -> list[DraftRow]:
    """The actor's own drafts, newest first, with one query for the keys."""
    query = select(Draft).where(Draft.owner_id == actor.user_id).order_by(Draft.updated_at.desc(), Draft.id)
    found = [draft for draft in session().scalars(query.limit(limit)) if _may_write(actor, draft.case_id)]
    vault.load_keys(draft.case_id for draft in found)
    return [_row(draft) for draft in found]


def _may_write(actor: Actor, case_id: UUID) -> bool:
    """Whoever left a team does not read on in a case through an old draft."""
    case = session().get(Case, case_id)
    return permits(actor, Action.Case.UPDATE, case) if case else permits(actor, Action.Case.CREATE)


def _row(draft: Draft) -> DraftRow:
    case = session().get(Case, draft.case_id)
    doc: dict[str, Any] = {}
    error = None
    try:
        doc = vault.read(draft)
    except SealBroken as broken:
        error = broken
    return DraftRow(
        id=draft.id,
        case_id=draft.case_id,
        record_id=draft.record_id,
        base_rv=draft.base_rv,
        updated_at=draft.updated_at,
        number=case.number if case else "",
        kind=doc.get("kind", ""),
        section=doc.get("section", ""),
        fields=doc.get("fields"),
        error=error,
    )
