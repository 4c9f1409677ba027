"""Lists of cases: what somebody may see, newest first, each row with its opened summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_

from caseflow.cases.models import Case, CaseSummary
from caseflow.cases.states import PUBLIC, CaseState, PublicState, states_of
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.policy import Actor, Role
from caseflow.core.policy.predicates import DEPUTY
from caseflow.core.vault import SealBroken
from caseflow.core.words import language


@dataclass(frozen=True)
class CaseRow:
    """A case in a list. Policy can be asked about it as about the case. `error` is set when its summary is broken."""

    id: UUID
    number: str
    organisation_id: UUID
    team_id: UUID
    assignee_id: UUID | None
    state: CaseState
    state_since: datetime
    due_on: date | None
    created_at: datetime
    updated_at: datetime
    summary: dict[str, Any]
    error: SealBroken | None = None

    @property
    def case_id(self) -> UUID:
        """The case's id, under the name that policy asks for."""
        return self.id

    @property
    def public(self) -> PublicState:
        """The state that people see."""
        return PUBLIC[self.state]

    @property
    def broken(self) -> bool:
        """True when the summary cannot be opened: the row is shown as such, never as empty."""
        return self.error is not None

    @property
    def child(self) -> bool:
        """Whether the person counts as a child, in doubt too (`is_child`); False for a broken row."""
        return is_childs(self.summary)

    @property
    def code_name(self) -> str:
        """The code name in the language of the moment, "" for a broken row."""
        return code_name(self.summary) if self.summary else ""


def is_childs(summary: dict[str, Any]) -> bool:
    """Whether a summary is that of a child, in doubt too (`is_child`); False for an empty one."""
    return bool(summary.get("child", summary.get("majority", "adult") != "adult"))


def code_name(doc: dict[str, Any]) -> str:
    """The code name that a case or summary document holds, in the language of the moment."""
    return str(doc.get(f"code_{language()}") or doc["code_en"])


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on Case that is the twin of `Action.Case.READ`: teams one works in, and cases one stands in for."""
    teams = actor.teams(Role.CASEWORKER, Role.SUPERVISOR)
    deputy = {grant.case_id for grant in actor.grants if grant.reason_kind == DEPUTY}
    ways: list[ColumnElement[bool]] = [Case.team_id.in_(teams)] if teams else []
    if deputy:
        ways.append(Case.id.in_(deputy))
    ways += [and_(Case.assignee_id == who, Case.team_id == team) for who, team in sorted(actor.stands_for)]
    return or_(*ways) if ways else false()


def list_cases(
    actor: Actor,
    *,
    state: PublicState | None = None,
    mine: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 26,
) -> list[CaseRow]:
    """Cases the actor may see, newest change first; `after` is (updated_at, id) of the last row already shown."""
    query = select(Case).where(visible_to(actor))
    if state:
        query = query.where(Case.state.in_(states_of(state)))
    if mine:
        query = query.where(Case.assignee_id == actor.user_id)
    if after:
        query = query.where(tuple_(Case.updated_at, Case.id) < after)
    return rows_of(list(session().scalars(query.order_by(Case.updated_at.desc(), Case.id.desc()).limit(limit))))


def summary_of(case: Case) -> dict[str, Any]:
    """The opened summary of a case. Raises SealBroken, also when it is missing: a case is never shown as empty."""
    return _opened(case.id, session().get(CaseSummary, case.id))


def rows_of(cases: Sequence[Case]) -> list[CaseRow]:
    """Rows in the order of `cases`, with one query for the keys and one for the summaries."""
    ids = [case.id for case in cases]
    vault.load_keys(ids)
    summaries = {row.id: row for row in session().scalars(select(CaseSummary).where(CaseSummary.id.in_(ids)))}
    return [_row(case, summaries.get(case.id)) for case in cases]


def _row(case: Case, stored: CaseSummary | None) -> CaseRow:
    summary: dict[str, Any] = {}
    error = None
    try:
        summary = _opened(case.id, stored)
    except SealBroken as broken:
        error = broken
    return CaseRow(
        id=case.id,
        number=case.number,
        organisation_id=case.organisation_id,
        team_id=case.team_id,
        assignee_id=case.assignee_id,
        state=CaseState(case.state),
        state_since=case.state_since,
        due_on=case.due_on,
        created_at=case.created_at,
        updated_at=case.updated_at,
        summary=summary,
        error=error,
    )


def _opened(case_id: UUID, stored: CaseSummary | None) -> dict[str, Any]:
    if stored is None:
        raise SealBroken(CaseSummary.__tablename__, case_id)
    return vault.read(stored)
