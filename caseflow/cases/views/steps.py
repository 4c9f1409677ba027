"""The small steps: move a case on, hand it over, show its names."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from caseflow.accounts.queries import staff_names, team_members
from caseflow.cases import forms, queries, services
from caseflow.cases.models import Case
from caseflow.cases.states import PUBLIC, PUBLIC_LABELS, VERB_LABELS, CaseState
from caseflow.cases.views.frame import blueprint, to_case
from caseflow.core.db import writing
from caseflow.core.errors import Invalid, Refused
from caseflow.core.policy import Action, Role
from caseflow.core.words import gettext as _
from caseflow.web import shown
from caseflow.web.forms import CaseForm
from caseflow.web.guards import current_actor, request_time, requires

Answer = str | tuple[str, int] | Response


@blueprint.post("/cases/<uuid:id>/move")
@requires(Action.Case.MOVE, load=queries.get_case)
def move(case: Case) -> Answer:
    """Take the next step, or say what is missing for it."""
    case_id, verb = case.id, request.form.get("verb", "")
    try:
        with writing():
            services.move_case(actor=current_actor(), case_id=case_id, verb=verb, now=request_time())
    except Refused as refusal:
        label = _(VERB_LABELS.get(verb, ""))
        page = {"case": queries.get_case(case_id), "label": label, "reasons": refusal.reasons}
        return render_template("cases/refused.html", **page), 422
    state = PUBLIC_LABELS[PUBLIC[CaseState(queries.get_case(case_id).state)]]
    flash(_("Done. The case is now: %(state)s.", state=_(state)), "good")
    return to_case(case_id)


@blueprint.get("/cases/<uuid:id>/assign")
@requires(Action.Case.ASSIGN, load=queries.get_case)
def assign(case: Case) -> Answer:
    """Choose somebody of the team."""
    return render_template("cases/assign.html", case=case, form=_assign_form(case))


@blueprint.post("/cases/<uuid:id>/assign")
@requires(Action.Case.ASSIGN, load=queries.get_case)
def hand_over(case: Case) -> Answer:
    """Hand the case over."""
    form, case_id = _assign_form(case), case.id
    if not form.validate():
        return render_template("cases/assign.html", case=case, form=form), 422
    chosen = UUID(form.assignee_id.data)
    with writing():
        services.assign_case(actor=current_actor(), case_id=case_id, assignee_id=chosen, now=request_time())
    flash(_("The case was handed over."), "good")
    return to_case(case_id)


@blueprint.post("/cases/<uuid:id>/reveal")
@requires(Action.Case.REVEAL, load=queries.get_case)
def reveal(case: Case) -> Answer:
    """Show the real name and numbers of one case, with a reason; it is recorded."""
    form, case_id = forms.RevealForm(), case.id
    if not form.validate() or not _revealed(case_id, form):
        return render_template("cases/reveal.html", case=queries.get_case(case_id), form=form), 422
    shown.show(case_id)
    if request.form.get("back") == "case":
        return to_case(case_id)
    return redirect(url_for("cases.record", id=case_id, kind="identity"), 303)


@blueprint.post("/cases/reveal")
@requires(Action.Case.LIST)
def reveal_caseload() -> Answer:
    """Show real names beside code names in one's own caseload, or hide them again."""
    if request.form.get("then") == "hide":
        shown.hide_caseload()
    else:
        with writing():
            services.reveal_caseload(actor=current_actor(), now=request_time())
        shown.show_caseload()
    back = request.form.get("back", "")
    return to_case(UUID(back)) if _is_id(back) else redirect(url_for("cases.cases", show="mine"), 303)


def _assign_form(case: Case) -> CaseForm:
    members = team_members(case.team_id, Role.CASEWORKER, Role.SUPERVISOR, now=request_time(), lent=False)
    names = staff_names(one.id for one in members)
    return forms.assign_form([(str(one.id), names[one.id]) for one in members], now_with=str(case.assignee_id or ""))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _revealed(case_id: UUID, form: forms.RevealForm) -> bool:
    """Record the reveal; False when the form now says what is in the way."""
    actor, now, reason = current_actor(), request_time(), str(form.reason.data)
    try:
        with writing():
            services.reveal(actor=actor, case_id=case_id, kind="identity", reason=reason, now=now)
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True
