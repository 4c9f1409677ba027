"""Reads of tasks: one, those of a case, lists by whose they are and when they are due, and counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_

from caseflow.accounts.queries import staff_names, team_members
from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Action, Actor, Role, permits
from caseflow.core.vault import SealBroken
from caseflow.support.models import Task
from caseflow.support.states import Due, TaskState


@dataclass(frozen=True, repr=False)
class TaskRow:
    """A task in a list. Policy can be asked about it as about the task. `error` is set when it cannot be opened."""

    id: UUID
    case_id: UUID
    case: Case
    case_number: str
    code_name: str
    organisation_id: UUID
    team_id: UUID
    assignee_id: UUID | None
    due_on: date
    state: TaskState
    state_since: datetime
    created_at: datetime
    created_by: UUID | None
    rv: int
    doc: dict[str, Any] = field(default_factory=dict)
    error: SealBroken | None = None

    @property
    def broken(self) -> bool:
        """True when the task cannot be opened: it is shown as such, never as empty."""
        return self.error is not None

    def due(self, today: date) -> Due:
        """How it lies to the day it is at the office."""
        return Due.LATE if self.due_on < today else Due.TODAY if self.due_on == today else Due.LATER


@dataclass(frozen=True)
class DueCounts:
    """How many open tasks are late, due today and due later."""

    late: int = 0
    today: int = 0
    later: int = 0

    @property
    def all(self) -> int:
        """Everything still to do."""
        return self.late + self.today + self.later

    @property
    def now(self) -> int:
        """What waits today: late ones and those of today."""
        return self.late + self.today


def get_task(task_id: UUID, *, for_update: bool = False) -> Task:
    """A task; `for_update` locks it until the end of the transaction. Raises NotFound."""
    lock = {"of": Task} if for_update else None  # its case is joined, and an outer join cannot be locked
    found = session().get(Task, task_id, with_for_update=lock, populate_existing=for_update)
    if found is None:
        raise NotFound()
    return found


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on Task that is the twin of `Action.Task.READ`: it follows the case."""
    return Task.case_id.in_(select(Case.id).where(cases.visible_to(actor)))


def list_tasks(
    actor: Actor,
    *,
    today: date,
    mine: bool = False,
    due: Due | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int = 26,
) -> list[TaskRow]:
    """Open tasks the actor may see, what is due first first; `after` is (due_on, id) of the last row shown.

    mine: only those assigned to the actor. due: only the late ones, those of today, or the later ones.
    """
    query = _open(select(Task), actor, mine=mine)
    if due:
        query = query.where(_when(due, today))
    if after:
        query = query.where(tuple_(Task.due_on, Task.id) > after)
    return rows_of(list(session().scalars(query.order_by(Task.due_on, Task.id).limit(limit))))


def counts_due(actor: Actor, *, today: date, mine: bool = True) -> DueCounts:
    """How many open tasks wait for the actor (or their teams), from clear columns only."""
    place = case((_when(Due.LATE, today), "late"), (_when(Due.TODAY, today), "today"), else_="later")
    query = _open(select(place, func.count()), actor, mine=mine).group_by(place)
    return DueCounts(**{str(name): int(count) for name, count in session().execute(query)})


def of_case(case_id: UUID) -> list[TaskRow]:
    """The tasks of a case: open ones by their day, then those that ended, the latest first."""
    found = session().scalars(select(Task).where(Task.case_id == case_id).order_by(Task.due_on, Task.id))
    rows = rows_of(list(found))
    ended = [row for row in rows if row.state is not TaskState.OPEN]
    ended.sort(key=lambda row: (row.state_since, row.id), reverse=True)
    return [row for row in rows if row.state is TaskState.OPEN] + ended


def rows_of(tasks: Sequence[Task]) -> list[TaskRow]:
    """Rows in the order of `tasks`, with one query for the keys and one for the summaries of their cases."""
    known = {row.id: row for row in cases.rows_of(list({one.case_id: one.case for one in tasks}.values()))}
    return [_row(one, known[one.case_id]) for one in tasks]


def workers(rows: Sequence[TaskRow], *, now: datetime) -> dict[UUID, str]:
    """Who does each task, by the task's id; "" when it is the team's, also when its assignee has left the team."""
    teams = {team_id: {one.id for one in members(team_id, now=now)} for team_id in {row.team_id for row in rows}}
    names = staff_names(row.assignee_id for row in rows)
    still = {row.id: row.assignee_id for row in rows if row.assignee_id in teams[row.team_id]}
    return {row.id: names[who] if (who := still.get(row.id)) else "" for row in rows}


def finishable(actor: Actor, rows: Sequence[TaskRow]) -> set[UUID]:
    """Those of the tasks that the actor may close as done."""
    open_ones = [row for row in rows if row.state is TaskState.OPEN and not row.broken]
    return {row.id for row in open_ones if permits(actor, Action.Task.FINISH, row)}


def belongs_to(case: Case, staff_id: UUID | None, *, now: datetime) -> bool:
    """Whether somebody works in the team of a case, and so can be given its tasks."""
    return staff_id is not None and staff_id in {one.id for one in members(case.team_id, now=now)}


def members(team_id: UUID, *, now: datetime) -> list[Any]:
    """Who works the cases of a team."""
    return list(team_members(team_id, Role.CASEWORKER, Role.SUPERVISOR, now=now))


def _open(query: Select[Any], actor: Actor, *, mine: bool) -> Select[Any]:
    query = query.where(visible_to(actor), Task.state == TaskState.OPEN)
    return query.where(Task.assignee_id == actor.user_id) if mine else query


def _when(due: Due, today: date) -> ColumnElement[bool]:
    return {Due.LATE: Task.due_on < today, Due.TODAY: Task.due_on == today, Due.LATER: Task.due_on > today}[due]


def _row(one: Task, of: cases.CaseRow) -> TaskRow:
    doc: dict[str, Any] = {}
    error = None
    try:
        doc = vault.read(one)
    except SealBroken as broken:
        error = broken
    return TaskRow(
        id=one.id, case_id=one.case_id, case=one.case, case_number=of.number, code_name=of.code_name,
        organisation_id=one.organisation_id, team_id=one.team_id, assignee_id=one.assignee_id, due_on=one.due_on,
        state=TaskState(one.state), state_since=one.state_since, created_at=one.created_at, created_by=one.created_by,
        rv=one.rv, doc=doc, error=error,
    )  # fmt: skip
