"""Everything that changes a task. Keyword-only, time passed in, never commits."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.cases.models import Case
from caseflow.cases.queries import get_case, office_day
from caseflow.cases.services.checks import still_open
from caseflow.core import catalogue, trail, vault
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.text import clean_text
from caseflow.core.db import session
from caseflow.core.errors import Invalid, NotFound, StaleVersion
from caseflow.core.lifecycle import Step, find
from caseflow.core.policy import Action, Actor, require
from caseflow.core.ports import Reason
from caseflow.core.trail import Tag
from caseflow.core.words import N_
from caseflow.support.models import Task
from caseflow.support.queries import belongs_to, get_task
from caseflow.support.states import STEPS, TaskState

LONGEST = 500
FURTHEST = timedelta(days=730)
Problems = dict[str, Reason]


def add_task(
    *,
    actor: Actor | None,
    task_id: UUID,
    case_id: UUID,
    kind: str,
    words: str = "",
    due_on: date,
    assignee_id: UUID | None,
    source: Mapping[str, UUID] | None = None,
    now: datetime,
) -> Task:
    """Add a task to an open case. The same id again gives the first.

    actor None is the system, which may always. assignee_id: who does it; None, or (for the system) somebody who no
    longer works in the team: it is the team's. source: what it came from, such as {"referral": id}.
    Raises NotFound, NotAllowed, TooLate for a closed case, Invalid.
    """
    case = get_case(case_id, for_update=True)
    if actor is not None:
        require(actor, Action.Task.ADD, case)
    by = actor.user_id if actor else None
    if (first := session().get(Task, task_id)) is not None:
        if (first.case_id, first.created_by) != (case_id, by):
            raise NotFound()
        return first
    still_open(case)
    if actor is None and not belongs_to(case, assignee_id, now=now):
        assignee_id = None
    doc = _checked(case, kind, words, due_on, assignee_id, now=now)
    task = Task(
        id=task_id, case_id=case_id, assignee_id=assignee_id, due_on=due_on, state=str(find(STEPS, "add", None).to),
        state_since=now, created_at=now, created_by=by, updated_at=now,
    )  # fmt: skip
    told = {name: str(one) for name, one in (source or {}).items()}
    vault.write(task, {**doc, "source": told, "outcome": "", "ended_by": ""}, rv=0)
    session().add(task)
    trail.record(Tag.TASK_ADDED, actor=actor, now=now, obj=("task", task.id), case_id=case_id, writes=[task])
    return task


def change_task(
    *,
    actor: Actor,
    task_id: UUID,
    kind: str,
    words: str,
    due_on: date,
    assignee_id: UUID | None,
    rv: int,
    now: datetime,
) -> Task:
    """Change an open task, or hand it over. Answers that are stored already make no new version.

    Raises NotFound, NotAllowed, TooLate when it has ended, StaleVersion when it has moved on, Invalid.
    """
    task, _step = _begin(actor, task_id, "change")
    case, old = still_open(task.case), vault.read(task)
    doc = _checked(case, kind, words, due_on, assignee_id, now=now, before=task)
    changed = sorted(name for name in doc if doc[name] != old[name])
    changed += [name for name, new in (("assignee", assignee_id), ("due_on", due_on)) if new != _clear(task)[name]]
    if not changed:
        return task
    if task.rv != rv:
        raise StaleVersion()
    task.assignee_id, task.due_on, task.updated_at = assignee_id, due_on, now
    vault.write(task, {**old, **doc}, rv=task.rv)
    verb = "hand_over" if changed == ["assignee"] else "change"
    trail.record(
        Tag.TASK_CHANGED, actor=actor, now=now, obj=("task", task.id), case_id=case.id,
        detail={"verb": verb, "changed": changed}, writes=[task],
    )  # fmt: skip
    return task


def finish_task(*, actor: Actor, task_id: UUID, outcome: str = "", now: datetime) -> Task:
    """Record that a task is done, with a few words or none. Raises NotFound, NotAllowed, TooLate, Invalid."""
    return _end(actor, task_id, "finish", _line("outcome", outcome), now)


def drop_task(*, actor: Actor, task_id: UUID, reason: str, now: datetime) -> Task:
    """Record that a task will not be done, and why. Raises NotFound, NotAllowed, TooLate, Invalid."""
    words = _line("reason", reason)
    if not words:
        raise Invalid({"reason": (N_("Write the reason."), {})})
    return _end(actor, task_id, "drop", words, now)


def note_read(*, actor: Actor, task_id: UUID, now: datetime) -> None:
    """Record that somebody opened a task. Raises NotFound."""
    task = get_task(task_id)
    require(actor, Action.Task.READ, task)
    trail.record(Tag.TASK_READ, actor=actor, now=now, obj=("task", task_id), case_id=task.case_id)


def _begin(actor: Actor, task_id: UUID, verb: str) -> tuple[Task, Step]:
    """The task, locked after its case as everywhere, when the actor may take this step of it now."""
    case_id = session().scalar(select(Task.case_id).where(Task.id == task_id))
    if case_id is None:
        raise NotFound()
    get_case(case_id, for_update=True)
    task = get_task(task_id, for_update=True)
    require(actor, next(row.action for row in STEPS if row.verb == verb), task)
    return task, find(STEPS, verb, TaskState(task.state))


def _end(actor: Actor, task_id: UUID, verb: str, words: str, now: datetime) -> Task:
    task, step = _begin(actor, task_id, verb)
    task.state, task.state_since, task.updated_at = str(step.to), now, now
    vault.write(task, {**vault.read(task), "outcome": words, "ended_by": str(actor.user_id)}, rv=task.rv)
    trail.record(
        Tag.TASK_ENDED, actor=actor, now=now, obj=("task", task.id), case_id=task.case_id, detail={"verb": verb},
        writes=[task],
    )  # fmt: skip
    return task


def _clear(task: Task) -> dict[str, Any]:
    return {"assignee": task.assignee_id, "due_on": task.due_on}


def _checked(
    case: Case,
    kind: str,
    words: str,
    due_on: date,
    assignee_id: UUID | None,
    *,
    now: datetime,
    before: Task | None = None,
) -> dict[str, str]:
    """The part of the document that a form writes. `before` is the task as it stands, whose day may lie behind."""
    problems: Problems = {}
    today = office_day(case.organisation_id, now)
    if kind not in catalogue.load().list("task_kind"):
        problems["kind"] = (N_("Choose from the list."), {})
    text = ""
    try:
        text = _line("words", words)
    except Invalid as error:
        problems |= error.problems
    if kind == "other" and not text and "words" not in problems:
        problems["words"] = (N_("Write what is to be done."), {})
    if not (before and before.due_on == due_on) and (wrong := _wrong_day(due_on, today)):
        problems["due_on"] = wrong
    kept = before is not None and before.assignee_id == assignee_id
    if assignee_id is not None and not kept and not belongs_to(case, assignee_id, now=now):
        problems["assignee_id"] = (N_("Choose somebody who works in this team."), {})
    if problems:
        raise Invalid(problems)
    return {"kind": kind, "words": text}


def _wrong_day(due_on: date, today: date) -> Reason | None:
    if due_on < today:
        return (N_("This day is over. Choose today or a later day."), {})
    if due_on > today + FURTHEST:
        return (N_("This day is more than two years away."), {})
    return None


def _line(code: str, text: str) -> str:
    """Words in their stored form, "" for none. Raises Invalid."""
    try:
        return clean_text(text, LONGEST) or ""
    except Fault as fault:
        raise Invalid({code: (catalogue.MESSAGES[fault.code], dict(fault.params))}) from None
