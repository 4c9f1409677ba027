"""Who sees which audits, what lies in their scope, which files were made."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_

from caseflow.accounts.queries import organisation_doc
from caseflow.audit.models import Audit, AuditFile
from caseflow.audit.states import AuditState
from caseflow.cases.models import Case, Document
from caseflow.cases.queries import code_name
from caseflow.cases.states import CaseState
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Actor, Role
from caseflow.core.vault import SealBroken

HOME_ZONE = "Asia/Karachi"


@dataclass(frozen=True, repr=False)
class AuditView:
    """An audit with its opened document and the state it is in today (the end date ends it by itself).

    `error` is set when the document cannot be opened; in a list the audit is then shown as such.
    """

    audit: Audit
    doc: dict[str, Any]
    state: AuditState
    error: SealBroken | None = None

    @property
    def broken(self) -> bool:
        """True when the audit cannot be opened."""
        return self.error is not None

    @property
    def case_ids(self) -> list[UUID]:
        """The cases in its scope, as asked for or as drawn; none before the draw, or when it cannot be opened."""
        return [UUID(one) for one in self.doc.get("case_ids", ())]

    @property
    def sampling(self) -> dict[str, Any] | None:
        """How its sample is or was drawn; None for named cases. The frame's digest is in it after the draw."""
        return self.doc.get("sampling")

    @property
    def size(self) -> int:
        """How many cases it covers, or shall cover at most when the sample is not drawn yet."""
        return len(self.case_ids) or (self.sampling or {}).get("size", 0)


@dataclass(frozen=True, repr=False)
class ScopeRow:
    """A case in the scope of an audit, and the files asked for, newest first.

    Of a skeleton (erased, or its key destroyed) number, state and dates are left. `code_name` and `state` are "" to
    somebody for whom the case is not open now.
    """

    id: UUID
    number: str
    code_name: str
    state: str
    opened_at: datetime
    state_since: datetime
    skeleton: bool = False
    files: list[AuditFile] = field(default_factory=list)
    error: SealBroken | None = None

    @property
    def broken(self) -> bool:
        """True when the case cannot be opened; its number and its files are shown all the same."""
        return self.error is not None

    def is_newest(self, made: AuditFile) -> bool:
        """Whether nothing was asked for after this file that is of the same kind."""
        return next(one for one in self.files if one.what == made.what) is made


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


def sees_sample(actor: Actor, view: AuditView) -> bool:
    """Whether somebody may see which cases are in an audit: who asked for it and who decided, or decides, on it.

    A drawn sample is known to these two alone; cases that were named in the question, to data protection of the house.
    """
    if actor.user_id in (view.audit.auditor_id, view.audit.decided_by):
        return True
    return view.sampling is None


def office_zone(organisation_id: UUID) -> str:
    """The time zone of an office: the last day of an audit ends there."""
    return str(organisation_doc(organisation_id).get("zone") or HOME_ZONE)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The twin of the rule `audit:read` as a condition on audits."""
    own = Audit.auditor_id == actor.user_id if actor.has(Role.AUDITOR) else false()
    protection = Audit.organisation_id == actor.organisation_id if actor.has(Role.DATA_PROTECTION) else false()
    return or_(own, protection)


def list_audits(
    actor: Actor,
    *,
    today: date,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 26,
    state: AuditState | None = None,
) -> list[AuditView]:
    """Audits the person may see, newest first; `after` is the (asked_at, id) of the last row shown.

    `state` is the stored one: a running audit whose last day has passed is found under running.
    """
    query = select(Audit).where(visible_to(actor)).order_by(Audit.asked_at.desc(), Audit.id.desc()).limit(limit)
    if after:
        query = query.where(tuple_(Audit.asked_at, Audit.id) < after)
    if state:
        query = query.where(Audit.state == str(state))
    return [_row(audit, today) for audit in session().scalars(query)]


def _row(audit: Audit, today: date) -> AuditView:
    try:
        return view_of(audit, today=today)
    except SealBroken as broken:
        return AuditView(audit, {}, state_on(audit, today), broken)


def cases_by_number(numbers: list[str], *, organisation_id: UUID) -> dict[str, Case]:
    """Cases of one organisation by their numbers; unknown and foreign numbers are simply absent."""
    query = select(Case).where(and_(Case.number.in_(numbers), Case.organisation_id == organisation_id))
    return {case.number: case for case in session().scalars(query)}


def skeletons(case_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these cases of which only a skeleton is left: erased, or their key destroyed."""
    wanted = list(case_ids)
    erased = session().scalars(select(Case.id).where(Case.id.in_(wanted), Case.state == str(CaseState.ERASED)))
    return frozenset(erased) | frozenset(vault.destroyed_keys(wanted))


def stream_of(case_id: UUID | None) -> UUID | None:
    """The stream that takes an entry about this case: its own, or (None) the installation's when its key is gone."""
    return case_id if case_id and vault.has_key(case_id) else None


def scope_of(view: AuditView, *, opened: bool) -> list[ScopeRow]:
    """The cases of an audit in their order; `opened` says whether they are opened for whoever looks."""
    found = {case.id: case for case in session().scalars(select(Case).where(Case.id.in_(view.case_ids)))}
    vault.load_keys(found)
    gone = skeletons(found)
    made: dict[UUID | None, list[AuditFile]] = {}
    for one in files_of(view.audit.id):
        made.setdefault(one.case_id, []).append(one)
    return [
        _scope_row(found[one], made.get(one, []), skeleton=one in gone, opened=opened)
        for one in view.case_ids
        if one in found
    ]


def _scope_row(case: Case, files: list[AuditFile], *, skeleton: bool, opened: bool) -> ScopeRow:
    name, error = "", None
    try:
        name = code_name(vault.read(case)) if opened and not skeleton else ""
    except SealBroken as broken:
        error = broken
    state = case.state if opened else ""
    return ScopeRow(case.id, case.number, name, state, case.created_at, case.state_since, skeleton, files, error)


def files_of(audit_id: UUID) -> list[AuditFile]:
    """The files asked for in an audit, newest first."""
    query = select(AuditFile).where(AuditFile.audit_id == audit_id).order_by(AuditFile.asked_at.desc(), AuditFile.id)
    return list(session().scalars(query))


def get_file(audit_id: UUID, file_id: UUID, *, for_update: bool = False) -> AuditFile:
    """One file of an audit. Raises NotFound when it is another audit's."""
    found = session().get(AuditFile, file_id, with_for_update=for_update or None, populate_existing=for_update)
    if found is None or found.audit_id != audit_id:
        raise NotFound()
    return found


def kept_document(made: AuditFile) -> Document:
    """The sealed document of a file that was made. Raises NotFound before that."""
    found = session().get(Document, made.document_id) if made.document_id else None
    if found is None:
        raise NotFound()
    return found
