"""One audit: read it, approve or refuse it, end it."""

from flask import flash, request
from werkzeug.wrappers import Response

from caseflow.audit import queries, services
from caseflow.audit.forms import DecideForm
from caseflow.audit.models import Audit
from caseflow.audit.views.frame import audit_page, blueprint, to_audit, today, zone
from caseflow.core.db import writing
from caseflow.core.errors import Invalid, NotFound
from caseflow.core.policy import Action
from caseflow.core.words import gettext as _
from caseflow.web.guards import current_actor, request_time, requires

Answer = str | tuple[str, int] | Response


@blueprint.get("/audits/<uuid:id>")
@requires(Action.Audit.READ, load=queries.get_audit)
def show(audit: Audit) -> str:
    """What it is for, until when, its cases and its files."""
    return audit_page(audit)


@blueprint.post("/audits/<uuid:id>/decide")
@requires(Action.Audit.APPROVE, load=queries.get_audit, step_up=True)
def decide(audit: Audit) -> Answer:
    """Approve or refuse; the page comes back when a refusal gives no reason."""
    audit_id, decision, form = audit.id, request.form.get("decision", ""), DecideForm()
    if decision not in ("approve", "refuse"):
        raise NotFound()
    if not form.validate() or not _decided(audit, decision, form):
        return audit_page(queries.get_audit(audit_id), form), 422
    flash(_("Approved.") if decision == "approve" else _("Refused. The auditor sees why."), "good")
    return to_audit(audit_id)


@blueprint.post("/audits/<uuid:id>/end")
@requires(Action.Audit.END, load=queries.get_audit)
def end(audit: Audit) -> Answer:
    """End it now; everything it opened closes."""
    audit_id = audit.id
    with writing():
        services.end_audit(actor=current_actor(), audit_id=audit_id, now=request_time())
    flash(_("Ended. Its cases and files are closed."), "good")
    return to_audit(audit_id)


def _decided(audit: Audit, decision: str, form: DecideForm) -> bool:
    """Take the decision; False when the form now says what is missing."""
    actor, now, audit_id, day, place = current_actor(), request_time(), audit.id, today(), zone()
    try:
        with writing():
            if decision == "approve":
                services.approve_audit(actor=actor, audit_id=audit_id, zone=place, today=day, now=now)
            else:
                services.refuse_audit(actor=actor, audit_id=audit_id, reason=form.reason.data or "", now=now)
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True
