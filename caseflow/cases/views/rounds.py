"""What is written anew at each contact or review, screenings and assessments: listed, written, kept as a draft."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from caseflow.cases import forms, queries, services
from caseflow.cases.models import Case
from caseflow.cases.views.frame import (
    keep_draft,
    note_broken,
    note_read,
    opened,
    to_case,
    today,
    wants,
    with_writers,
)
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid, TooLate
from caseflow.core.words import gettext as _
from caseflow.web.forms import is_press, press
from caseflow.web.guards import current_actor, request_time

Answer = str | tuple[str, int] | Response
Draw = Callable[[Case, forms.RecordForm], str]
# The day on which each took place.
_DAYS = {"screening": "contact_date", "assessment": "assessed_on"}
# What a review starts from is the one before it, but for what was said of its own day.
_ANEW = ("assessed_on", "next_review_date")


def every(case: Case, kind: str) -> str:
    """All of a kind in a case, the latest first."""
    case = note_read(case.id, kind)
    shown = [opened(record, case) for record in reversed(queries.records_of(case.id, kind))]
    return render_template("cases/rounds.html", case=case, kind=kind, shown=with_writers(shown))


def begin(case: Case, kind: str, draw: Draw) -> Answer:
    """The form of another one, or as a draft was left."""
    draft = queries.draft_of(current_actor(), _asked_id()) if "draft" in request.args else None
    note_broken([draft] if draft else [])
    sent = forms.of_draft(draft.fields) if draft and draft.fields else None
    return draw(case, _form(case, kind, sent, _start(case, kind)))


def save(case: Case, kind: str, draw: Draw) -> Answer:
    """Save another one, keep a draft of it, or add and remove items of the form."""
    form, case_id = _form(case, kind, press(request.form), {}), case.id
    record_id = form.record(new_id())
    if wants("leave"):
        return keep_draft(case_id=case_id, kind=kind, record_id=record_id, base_rv=0)
    if is_press(request.form):
        return draw(case, form)
    if not form.validate():
        return draw(case, form), 422
    try:
        _save(case_id, kind, record_id, form)
    except Invalid as problem:
        form.add_problems(problem.problems)
        return draw(queries.get_case(case_id), form), 422
    except TooLate as late:
        form.add_problems({"": (late.message, late.params)})
        return draw(queries.get_case(case_id), form), 409
    flash(_("Saved."), "good")
    return to_case(case_id)


def _save(case_id: UUID, kind: str, record_id: UUID, form: forms.RecordForm) -> None:
    said: dict[str, Any] = {"kind": kind, "record_id": record_id, "data": form.answers(), "rv": 0}
    with writing():
        services.save_record(actor=current_actor(), case_id=case_id, now=request_time(), **said)


def _asked_id() -> UUID:
    try:
        return UUID(request.args["draft"])
    except ValueError:
        return new_id()


def _start(case: Case, kind: str) -> dict[str, Any]:
    """What a new one starts from: today, and for a review what the one before it said."""
    former = queries.data_of(case.id, kind) if kind == "assessment" else {}
    kept = {code: value for code, value in former.items() if code not in _ANEW}
    return {**kept, _DAYS[kind]: today().isoformat()}


def _form(case: Case, kind: str, sent: Any, first: dict[str, Any]) -> forms.RecordForm:
    known = queries.facts(case.id, kind, today=today())
    own = {"record_id": str(new_id()), "rv": "0"}
    return forms.record_form(kind, {**known, **first}, sent=sent, own=own)
