"""Screenings of an open case: read, and done again. The old ones stay as they were."""

from typing import Any
from uuid import UUID

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from caseflow.cases import forms, queries, services
from caseflow.cases.models import Case
from caseflow.cases.views.frame import (
    blueprint,
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
from caseflow.core.errors import Invalid
from caseflow.core.policy import Action
from caseflow.core.words import gettext as _
from caseflow.web.guards import current_actor, request_time, requires

Answer = str | tuple[str, int] | Response


@blueprint.get("/cases/<uuid:id>/screening")
@requires(Action.Case.READ, load=queries.get_case)
def screenings(case: Case) -> Answer:
    """Every screening of the case, the latest first."""
    case = note_read(case.id, "screening")
    shown = [opened(record, case) for record in reversed(queries.records_of(case.id, "screening"))]
    return render_template("cases/screenings.html", case=case, shown=with_writers(shown))


@blueprint.get("/cases/<uuid:id>/screening/new")
@requires(Action.Case.UPDATE, load=queries.get_case)
def screen_again(case: Case) -> Answer:
    """Screen again, empty or as a draft was left."""
    draft = queries.draft_of(current_actor(), _asked_id()) if "draft" in request.args else None
    note_broken([draft] if draft else [])
    sent = forms.of_draft(draft.fields) if draft and draft.fields else None
    return _page(case, _form(case, sent))


@blueprint.post("/cases/<uuid:id>/screening/new")
@requires(Action.Case.UPDATE, load=queries.get_case)
def save_screening(case: Case) -> Answer:
    """Save another screening, or keep a draft of it."""
    form, case_id = _form(case), case.id
    record_id = form.record(new_id())
    if wants("leave"):
        return keep_draft(case_id=case_id, kind="screening", record_id=record_id, base_rv=0)
    if not form.validate():
        return _page(case, form), 422
    try:
        _save(case_id, record_id, form)
    except Invalid as problem:
        form.add_problems(problem.problems)
        return _page(queries.get_case(case_id), form), 422
    flash(_("Saved."), "good")
    return to_case(case_id)


def _save(case_id: UUID, record_id: UUID, form: forms.RecordForm) -> None:
    said: dict[str, Any] = {"kind": "screening", "record_id": record_id, "data": form.answers(), "rv": 0}
    with writing():
        services.save_record(actor=current_actor(), case_id=case_id, now=request_time(), **said)


def _asked_id() -> UUID:
    try:
        return UUID(request.args["draft"])
    except ValueError:
        return new_id()


def _form(case: Case, sent: Any = None) -> forms.RecordForm:
    known = queries.facts(case.id, "screening", today=today())
    first = {} if request.method == "POST" else {"contact_date": today().isoformat()}
    own = {"record_id": str(new_id()), "rv": "0"}
    return forms.record_form("screening", {**known, **first}, sent=sent, own=own)


def _page(case: Case, form: forms.RecordForm) -> str:
    return render_template("cases/screening_new.html", form=form, case=case, first=False)
