"""Cases as work: reviews that are due, cases in which nothing happens, how many each worker holds.

`whose` is one of the two conditions below. Counts use clear columns; a summary is opened only for a row that is shown.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, false, func, select

from caseflow.cases.models import Case, CaseSummary
from caseflow.cases.queries.caseload import CaseRow, is_childs, rows_of, visible_to
from caseflow.cases.states import PUBLIC, CaseState, PublicState
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.policy import Actor, Role
from caseflow.core.vault import SealBroken, SealedRow

OPEN = tuple(state for state in CaseState if PUBLIC[state] is not PublicState.CLOSED)
MOST = 300  # summaries opened to count the cases of one worker: more open cases nobody holds
LONGEST = 150  # late reviews among which the children are looked for

Whose = ColumnElement[bool]


@dataclass(frozen=True)
class Load:
    """How many open cases somebody holds (None: nobody), and in how many of them the review is late."""

    worker_id: UUID | None
    cases: int
    late: int


def held_by(actor: Actor) -> Whose:
    """The cases assigned to the actor that the actor may still see."""
    return (Case.assignee_id == actor.user_id) & visible_to(actor)


def supervised_by(actor: Actor) -> Whose:
    """The cases of the teams in which the actor is supervisor."""
    teams = actor.teams(Role.SUPERVISOR)
    return Case.team_id.in_(teams) if teams else false()


def reviews_due(whose: Whose, *, until: date, limit: int) -> list[CaseRow]:
    """Open cases whose review is due by this day: what cannot be opened and children first, then the longest due."""
    query = (
        select(Case.id, Case.due_on, CaseSummary.rv, CaseSummary.sealed)
        .outerjoin(CaseSummary, CaseSummary.id == Case.id)
        .where(whose, Case.state.in_(OPEN), Case.due_on <= until)
    )
    stored = session().execute(query.order_by(Case.due_on, Case.id).limit(LONGEST)).all()
    vault.load_keys(row.id for row in stored)
    first = [row.id for row in sorted(stored, key=lambda row: (_turn(row), row.due_on, row.id))][:limit]
    found = rows_of(list(session().scalars(select(Case).where(Case.id.in_(first)))))
    return sorted(found, key=lambda row: first.index(row.id))


def _turn(row: Any) -> int:
    """Whose turn it is: what cannot be opened, children, everybody else."""
    try:
        return 1 if is_childs(_summary(row)) else 2
    except SealBroken:
        return 0


def due_days(whose: Whose, *, until: date) -> Counter[date]:
    """How many reviews are due on each day up to this one, the late days too."""
    query = select(Case.due_on, func.count()).where(whose, Case.state.in_(OPEN), Case.due_on <= until)
    return Counter({day: count for day, count in session().execute(query.group_by(Case.due_on)) if day})


def risks(whose: Whose) -> tuple[Counter[str], list[SealBroken]]:
    """Open cases by risk level ("" where none is recorded), and those that do not open."""
    query = (
        select(CaseSummary.id, CaseSummary.rv, CaseSummary.sealed)
        .join(Case, Case.id == CaseSummary.id)
        .where(whose, Case.state.in_(OPEN))
        .order_by(Case.updated_at.desc(), Case.id)
    )
    stored = session().execute(query.limit(MOST)).all()
    vault.load_keys(row.id for row in stored)
    levels: Counter[str] = Counter()
    broken: list[SealBroken] = []
    for row in stored:
        try:
            levels[_summary(row).get("risk", "")] += 1
        except SealBroken as error:
            broken.append(error)
    return levels, broken


def _summary(row: Any) -> dict[str, Any]:
    if row.sealed is None:
        raise SealBroken(CaseSummary.__tablename__, row.id)
    return vault.read_row(SealedRow(CaseSummary.__tablename__, row.id, row.id, CaseSummary.SLOT, row.rv, row.sealed))


def quiet(whose: Whose, *, since: datetime, limit: int) -> list[CaseRow]:
    """Open cases in which nothing was written since then, the longest quiet first."""
    query = select(Case).where(*_quiet(whose, since)).order_by(Case.updated_at, Case.id)
    return rows_of(list(session().scalars(query.limit(limit))))


def count_quiet(whose: Whose, *, since: datetime) -> int:
    """How many these are."""
    return session().scalar(select(func.count()).select_from(Case).where(*_quiet(whose, since))) or 0


def _quiet(whose: Whose, since: datetime) -> Sequence[ColumnElement[bool]]:
    return whose, Case.state.in_(OPEN), Case.updated_at < since


def loads(whose: Whose, *, today: date) -> list[Load]:
    """Open cases by worker, the most first; what is nobody's comes before everything."""
    late = func.sum(case((Case.due_on < today, 1), else_=0))
    query = select(Case.assignee_id, func.count(), late).where(whose, Case.state.in_(OPEN)).group_by(Case.assignee_id)
    found = [Load(worker, int(count), int(behind or 0)) for worker, count, behind in session().execute(query)]
    return sorted(found, key=lambda one: (one.worker_id is not None, -one.cases, str(one.worker_id)))


def states(whose: Whose) -> Counter[PublicState]:
    """How many cases stand in each public state."""
    query = select(Case.state, func.count()).where(whose).group_by(Case.state)
    counted: Counter[PublicState] = Counter()
    for state, count in session().execute(query):
        counted[PUBLIC[CaseState(state)]] += count
    return counted
