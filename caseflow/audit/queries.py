"""Reads of audits: who sees which, what lies in scope, which files were made."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_

from caseflow.audit.models import Audit, AuditFile
from caseflow.audit.states import AuditState
from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Actor, Role


@dataclass(frozen=True)
class AuditView:
    """An audit with its opened document and the state it is in today (the end date ends it by itself)."""

    audit: Audit
    doc: dict[str, Any]
    state: AuditState

    @property
    def case_ids(self) -> list[UUID]:
        """The cases in its scope, in the order they were asked for."""
        return [UUID(one) for one in self.doc["case_ids"]]


def get_audit(audit_id: UUID, *, for_update: bool = False) -> Audit:
    """An audit. Raises NotFound."""
    found = session().get(Audit, audit_id, with_for_update=for_update or None, populate_existing=for_update)
    if found is None:
        raise NotFound()
    return found


def state_on(audit: Audit, today: date) -> AuditState:
    """The state of an audit on a day: a running one is over the day after its end date."""
    state = AuditState(audit.state)
    return AuditState.ENDED if state is AuditState.RUNNING and today > audit.ends_on else state


def view_of(audit: Audit, *, today: date) -> AuditView:
    """An audit, opened. Raises SealBroken."""
    return AuditView(audit, vault.read(audit), state_on(audit, today))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The twin of the rule `audit:read` as a condition on audits."""
    own = Audit.auditor_id == actor.user_id if actor.has(Role.AUDITOR) else false()
    protection = Audit.organisation_id == actor.organisation_id if actor.has(Role.DATA_PROTECTION) else false()
    return or_(own, protection)


def list_audits(actor: Actor, *, today: date, after: tuple[datetime, UUID] | None, limit: int) -> list[AuditView]:
    """Audits the person may see, newest first; `after` is the (asked_at, id) of the last row shown."""
    query = select(Audit).where(visible_to(actor)).order_by(Audit.asked_at.desc(), Audit.id.desc()).limit(limit)
    if after:
        query = query.where(tuple_(Audit.asked_at, Audit.id) < after)
    return [view_of(audit, today=today) for audit in session().scalars(query)]


def cases_by_number(numbers: list[str], *, organisation_id: UUID) -> dict[str, Case]:
    """Cases of one organisation by their numbers; unknown and foreign numbers are simply absent."""
    query = select(Case).where(and_(Case.number.in_(numbers), Case.organisation_id == organisation_id))
    return {case.number: case for case in session().scalars(query)}


def cases_in(view: AuditView) -> dict[UUID, Case]:
    """The cases in an audit's scope, by id."""
    return {case.id: case for case in session().scalars(select(Case).where(Case.id.in_(view.case_ids)))}


def files_of(audit_id: UUID) -> list[AuditFile]:
    """The files asked for in an audit, newest first."""
    query = select(AuditFile).where(AuditFile.audit_id == audit_id).order_by(AuditFile.asked_at.desc(), AuditFile.id)
    return list(session().scalars(query))


def get_file(audit_id: UUID, file_id: UUID) -> AuditFile:
    """One file of an audit. Raises NotFound when it is another audit's."""
    found = session().get(AuditFile, file_id)
    if found is None or found.audit_id != audit_id:
        raise NotFound()
    return found
