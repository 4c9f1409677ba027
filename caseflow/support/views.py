"""Pages of tasks: the list by day, one task, and the small steps of its life."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from caseflow.accounts.queries import staff_names
from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid, NotFound, StaleVersion, TooLate
from caseflow.core.policy import Action
from caseflow.core.words import gettext
from caseflow.support import forms, queries, services
from caseflow.support.models import Task
from caseflow.support.states import DUE_LABELS, Due, TaskState
from caseflow.web import paging
from caseflow.web.forms import CaseForm
from caseflow.web.guards import current_actor, request_time, requires
from caseflow.web.refusals import note_broken_seal

blueprint = Blueprint("support", __name__)
Answer = str | tuple[str, int] | Response


@blueprint.get("/tasks/")
@requires(Action.Task.LIST)
def tasks() -> Answer:
    """Open tasks, one's own or those of the teams, what is due first first."""
    actor, today, due, mine = current_actor(), _today(), _due(), request.args.get("show") != "team"
    rows = queries.list_tasks(
        actor, today=today, mine=mine, due=due, after=_after(), limit=paging.PAGE_SIZE + 1
    )  # fmt: skip
    page = paging.page_of(rows, key=lambda row: (row.due_on.isoformat(), str(row.id)))
    shown = {
        "mine": mine,
        "due": due,
        "labels": DUE_LABELS,
        "counts": queries.counts_due(actor, today=today, mine=mine),
    }
    return render_template("support/list.html", page=page, **_shown(page.items), **shown)


@blueprint.get("/cases/<uuid:id>/tasks/new")
@requires(Action.Task.ADD, load=cases.get_case)
def new(case: Case) -> Answer:
    """The form of a new task: due tomorrow, for the case's caseworker, unless somebody says otherwise."""
    tomorrow = _today() + timedelta(days=1)
    given = {"task_id": str(new_id()), "rv": "0", "due_on": tomorrow.isoformat(), "assignee_id": _first_choice(case)}
    return _asked(case, _form(case, given))


@blueprint.post("/cases/<uuid:id>/tasks/new")
@requires(Action.Task.ADD, load=cases.get_case)
def create(case: Case) -> Answer:
    """Add it; a repeated post shows what the first one made."""
    case_id, form = case.id, _form(case, {})
    if not form.validate() or not _kept(form, services.add_task, case_id=case_id, task_id=form.record(new_id())):
        return _asked(cases.get_case(case_id), form), 422
    flash(gettext("The task was added."), "good")
    return redirect(url_for("desk.case", id=case_id, _anchor="tasks"), 303)


@blueprint.get("/tasks/<uuid:id>")
@requires(Action.Task.READ, load=queries.get_task)
def task(task: Task) -> Answer:
    """One task; that it was read is recorded."""
    with writing():
        services.note_read(actor=current_actor(), task_id=task.id, now=request_time())
    return _one(queries.get_task(task.id), forms.FinishForm())


@blueprint.post("/tasks/<uuid:id>/finish")
@requires(Action.Task.FINISH, load=queries.get_task)
def finish(task: Task) -> Answer:
    """Done, with one tap or with a few words."""
    form, task_id, case_id = forms.FinishForm(), task.id, task.case_id
    if _ended_by_me(task, TaskState.DONE):
        return _back(task_id, case_id)
    words = form.outcome.data or ""
    if not form.validate() or not _done(form, services.finish_task, task_id=task_id, outcome=words):
        return _one(queries.get_task(task_id), form), 422
    flash(gettext("Done. The task is closed."), "good")
    return _back(task_id, case_id)


@blueprint.get("/tasks/<uuid:id>/drop")
@requires(Action.Task.DROP, load=queries.get_task)
def ask_drop(task: Task) -> Answer:
    """Why is it not done?"""
    _require_open(task)
    return _page("drop", task, forms.DropForm())


@blueprint.post("/tasks/<uuid:id>/drop")
@requires(Action.Task.DROP, load=queries.get_task)
def drop(task: Task) -> Answer:
    """Close it without having done it, with a reason."""
    form, task_id, case_id = forms.DropForm(), task.id, task.case_id
    if _ended_by_me(task, TaskState.DROPPED):
        return _back(task_id, case_id)
    reason = form.reason.data or ""
    if not form.validate() or not _done(form, services.drop_task, task_id=task_id, reason=reason):
        return _page("drop", queries.get_task(task_id), form), 422
    flash(gettext("The task is closed as not done."), "good")
    return _back(task_id, case_id)


@blueprint.get("/tasks/<uuid:id>/change")
@requires(Action.Task.CHANGE, load=queries.get_task)
def ask_change(task: Task) -> Answer:
    """The task as a form."""
    _require_open(task)
    doc, case = vault.read(task), task.case
    kept = queries.belongs_to(case, task.assignee_id, now=request_time())
    given = {"rv": str(task.rv), "kind": doc["kind"], "words": doc["words"], "due_on": task.due_on.isoformat()}
    return _page("change", task, _form(case, {**given, "assignee_id": str(task.assignee_id) if kept else forms.TEAM}))


@blueprint.post("/tasks/<uuid:id>/change")
@requires(Action.Task.CHANGE, load=queries.get_task)
def change(task: Task) -> Answer:
    """Save it; when somebody was faster, both versions stand on the page and nothing typed is lost."""
    form, task_id, case_id = _form(task.case, {}), task.id, task.case_id
    try:
        if not form.validate() or not _kept(form, services.change_task, task_id=task_id, rv=form.version):
            return _page("change", queries.get_task(task_id), form), 422
    except StaleVersion:
        return _conflict(queries.get_task(task_id), form)
    flash(gettext("Saved."), "good")
    return _back(task_id, case_id)


def _shown(rows: Sequence[queries.TaskRow]) -> dict[str, Any]:
    """What the list of rows needs beside them; a seal that does not open is recorded."""
    for row in rows:
        if row.error is not None:
            note_broken_seal(row.error)
    finishable = queries.finishable(current_actor(), rows)
    return {"workers": queries.workers(rows, now=request_time()), "finishable": finishable, "today": _today()}


def _today() -> date:
    return cases.office_day(current_actor().organisation_id, request_time())


def _due() -> Due | None:
    asked = request.args.get("due", "")
    if not asked:
        return None
    try:
        return Due(asked)
    except ValueError:
        raise NotFound() from None


def _after() -> tuple[date, UUID] | None:
    """The day and id of the last row shown. Raises NotFound for a made-up one."""
    key = paging.after(length=2)
    if key is None:
        return None
    try:
        return date.fromisoformat(str(key[0])), UUID(str(key[1]))
    except ValueError:
        raise NotFound() from None


def _form(case: Case, given: dict[str, str]) -> forms.TaskForm:
    people = queries.members(case.team_id, now=request_time())
    names = staff_names(one.id for one in people)
    return forms.task_form([(str(one.id), names[one.id]) for one in people], given)


def _first_choice(case: Case) -> str:
    held = queries.belongs_to(case, case.assignee_id, now=request_time())
    return str(case.assignee_id if held else current_actor().user_id)


def _kept(form: forms.TaskForm, act: Any, **which: Any) -> bool:
    """Whether the service took the answers of the form; the form then says what is in the way."""
    return _done(form, act, **which, **form.answers())


def _done(form: CaseForm, act: Any, **answers: Any) -> bool:
    try:
        with writing():
            act(actor=current_actor(), now=request_time(), **answers)
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True


def _ended_by_me(task: Task, state: TaskState) -> bool:
    """Whether this very person ended it so before: the button was pressed twice."""
    return task.state == state and vault.read(task).get("ended_by") == str(current_actor().user_id)


def _require_open(task: Task) -> None:
    if task.state != TaskState.OPEN:
        raise TooLate()


def _back(task_id: UUID, case_id: UUID) -> Response:
    """To where the button stood: the list, the case, home, or the task itself."""
    places = {
        "tasks": url_for("support.tasks"),
        "case": url_for("desk.case", id=case_id, _anchor="tasks"),
        "home": url_for("desk.home"),
    }
    return redirect(places.get(request.form.get("back", ""), url_for("support.task", id=task_id)), 303)


def _asked(case: Case, form: forms.TaskForm) -> str:
    return render_template("support/new.html", case=case, form=form)


def _one(task: Task, form: CaseForm) -> str:
    return _page("show", task, form)


def _page(name: str, task: Task, form: CaseForm, **more: Any) -> str:
    row = queries.rows_of([task])[0]
    shown = _shown([row])
    ended_by = UUID(row.doc["ended_by"]) if row.doc.get("ended_by") else None
    people = staff_names([row.created_by, ended_by])
    told = {
        name: people.get(one, "") if one else "" for name, one in (("added_by", row.created_by), ("ended_by", ended_by))
    }
    return render_template(f"support/{name}.html", row=row, form=form, **shown, **told, **more)


def _conflict(task: Task, form: forms.TaskForm) -> Answer:
    """What is stored now, beside the form as it was typed; saving again takes the typed version."""
    form["rv"].raw_data = [str(task.rv)]
    return _page("change", task, form, stored=True), 409
