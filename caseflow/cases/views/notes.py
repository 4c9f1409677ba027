"""Notes of a case. They are added and never changed: a correction is another note."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from caseflow.cases import forms, queries, services
from caseflow.cases.models import Case
from caseflow.cases.views.frame import blueprint, keep_draft, note_broken, note_read, opened, today, wants, with_writers
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid, TooLate
from caseflow.core.policy import Action
from caseflow.core.words import gettext as _
from caseflow.web.guards import current_actor, request_time, requires

Answer = str | tuple[str, int] | Response


@blueprint.get("/cases/<uuid:id>/notes")
@requires(Action.Case.READ, load=queries.get_case)
def notes(case: Case) -> Answer:
    """The notes, newest first, with the form for another one."""
    case_id = case.id
    note_read(case_id, "note")
    draft = queries.draft_of(current_actor(), _asked_id()) if "draft" in request.args else None
    note_broken([draft] if draft else [])
    return _page(case_id, _form(forms.of_draft(draft.fields) if draft and draft.fields else None))


@blueprint.post("/cases/<uuid:id>/notes")
@requires(Action.Case.NOTE, load=queries.get_case)
def add_note(case: Case) -> Answer:
    """Add a note, or keep a draft of it."""
    form, case_id = _form(), case.id
    record_id = form.record(new_id())
    if wants("leave"):
        return keep_draft(case_id=case_id, kind="note", record_id=record_id, base_rv=0)
    if not form.validate() or not _added(case_id, record_id, form):
        return _page(case_id, form), 422
    flash(_("The note is kept."), "good")
    return redirect(url_for("cases.notes", id=case_id), 303)


def _added(case_id: UUID, record_id: UUID, form: forms.RecordForm) -> bool:
    """Add it; False when the form now says what is in the way."""
    said: dict[str, Any] = {"actor": current_actor(), "case_id": case_id, "data": form.answers()}
    try:
        with writing():
            services.add_note(record_id=record_id, now=request_time(), **said)
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    except TooLate as late:
        form.add_problems({"": (late.message, late.params)})
        return False
    return True


def _asked_id() -> UUID:
    try:
        return UUID(request.args["draft"])
    except ValueError:
        return new_id()


def _form(sent: Any = None) -> forms.RecordForm:
    first = {} if request.method == "POST" else {"happened_at": today().isoformat()}
    data, own = {"today": today().isoformat(), **first}, {"record_id": str(new_id()), "rv": "0"}
    return forms.record_form("note", data, sent=sent, own=own)


def _page(case_id: UUID, form: forms.RecordForm) -> str:
    case = queries.get_case(case_id)
    shown = [opened(record, case) for record in reversed(queries.records_of(case_id, "note"))]
    return render_template("cases/notes.html", case=queries.get_case(case_id), shown=with_writers(shown), form=form)
