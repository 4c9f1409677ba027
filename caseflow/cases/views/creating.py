"""A new case: look before you create, then one page of screening."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import render_template, request
from werkzeug.wrappers import Response

from caseflow.accounts.queries import staff_names
from caseflow.cases import forms, queries, services
from caseflow.cases.services import RecordRefused
from caseflow.cases.views.contacts import helped_page, keep_nothing
from caseflow.cases.views.frame import blueprint, keep_draft, note_broken, team_for, teams, to_case, today, wants
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid, NotFound, Refused
from caseflow.core.policy import Action, require
from caseflow.web.guards import current_actor, request_time, requires

Answer = str | tuple[str, int] | Response


@blueprint.get("/cases/new")
@requires(Action.Case.CREATE)
def look() -> Answer:
    """Ask whether the person is known, before a second case is opened for them."""
    return render_template("cases/look.html", form=forms.LookForm(), hits=None, **_fresh())


@blueprint.post("/cases/new")
@requires(Action.Case.CREATE)
def look_up() -> Answer:
    """Show the cases that fit, among those one may see. What was typed is recorded nowhere."""
    form = forms.LookForm()
    hits = _hits(form) if form.validate() else None
    page = {"hits": hits, "looked": bool(form.values()), **_fresh()}
    names = staff_names(row.assignee_id for row in hits or ())
    return render_template("cases/look.html", form=form, names=names, **page), 422 if form.mistakes else 200


@blueprint.get("/cases/new/<uuid:case_id>/screening")
@requires(Action.Case.CREATE)
def new_screening(case_id: UUID) -> Answer:
    """The first screening, empty or as its draft was left."""
    if _is_open(case_id):
        return to_case(case_id)
    draft = queries.draft_of(current_actor(), case_id)
    note_broken([draft] if draft else [])
    if draft and draft.fields is None:
        return render_template("cases/draft_broken.html")
    return _page(case_id, _form(sent=forms.of_draft(draft.fields) if draft and draft.fields else None))


@blueprint.post("/cases/new/<uuid:case_id>/screening")
@requires(Action.Case.CREATE)
def open_case(case_id: UUID) -> Answer:
    """Open the case, keep a draft, or keep nothing because the person wants no record."""
    if _is_open(case_id):
        return to_case(case_id)
    if wants("leave"):
        return keep_draft(case_id=case_id, kind="screening", record_id=case_id, base_rv=0)
    if wants("declined"):
        return keep_nothing(case_id, team_id=request.form.get("team_id"))
    form = _form()
    if wants("look"):
        return _page(case_id, form)
    valid = form.validate()
    if wants("helped") or form.values().get("outcome") == "helped_once":
        return helped_page(case_id, known=_told(form))
    return _opened(case_id, form) if valid else (_page(case_id, form), 422)


def _is_open(case_id: UUID) -> bool:
    """Whether this case was opened already (a repeated post). Raises NotFound when it is not the actor's to see."""
    try:
        case = queries.get_case(case_id)
    except NotFound:
        return False
    require(current_actor(), Action.Case.READ, case)
    return True


def _form(sent: Any = None) -> forms.RecordForm:
    day = today().isoformat()
    first = {} if sent is not None or request.method == "POST" else {"contact_date": day}
    return forms.record_form("screening", {"today": day, **first}, sent=sent, teams=teams())


def _page(case_id: UUID, form: forms.RecordForm) -> str:
    return render_template("cases/screening_new.html", form=form, case_id=case_id, first=True)


def _told(form: forms.RecordForm) -> dict[str, Any]:
    """What the page of help without a case asks too: nobody answers it twice."""
    return {code: value for code, value in form.values().items() if code in ("gender", "majority_status")}


def _opened(case_id: UUID, form: forms.RecordForm) -> Answer:
    """The case page; the form again when it now says what is in the way; or the page that nothing was kept."""
    actor, now, team_id = current_actor(), request_time(), form.values().get("team_id")
    said: dict[str, Any] = {"team_id": team_for(team_id), "data": form.answers()}
    reserved = services.reserve(case_id, now=now)
    try:
        with writing():
            services.take_back_declined(actor=actor, case_id=case_id, now=now)
            return to_case(services.open_case(actor=actor, case_id=reserved, now=now, **said).id)
    except Invalid as problem:
        form.add_problems(problem.problems)
    except RecordRefused:
        return keep_nothing(case_id, team_id=team_id)
    except Refused as refusal:
        for reason in refusal.reasons or [(refusal.message, {})]:
            form.add_problems({"": reason})
    return _page(case_id, form), 422


def _fresh() -> dict[str, UUID]:
    return {"fresh": new_id(), "fresh_group": new_id()}


def _hits(form: forms.LookForm) -> Sequence[queries.CaseRow] | None:
    """The cases that fit; the search is recorded without its words."""
    actor, now, typed = current_actor(), request_time(), form.values()
    try:
        hits = queries.find_same(actor, **typed) if typed else []
    except Invalid as problem:
        form.add_problems(problem.problems)
        return None
    if typed:
        with writing():
            services.note_search(actor=actor, now=now, count=len(hits), fields=sorted(typed))
    note_broken(hits)
    return hits
