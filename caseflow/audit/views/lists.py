"""The list of audits, and the form that asks for one."""

from uuid import UUID

from flask import flash, render_template
from werkzeug.wrappers import Response

from caseflow.accounts.queries import team_names_of
from caseflow.audit import queries, services
from caseflow.audit.forms import NAMED, AskForm, ask_form
from caseflow.audit.states import LABELS, AuditState
from caseflow.audit.views.frame import blueprint, to_audit, today
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid
from caseflow.core.policy import Action, permits
from caseflow.core.words import gettext as _
from caseflow.web import paging
from caseflow.web.guards import current_actor, request_time, requires
from caseflow.web.refusals import note_broken_seal

Answer = str | tuple[str, int] | Response


@blueprint.get("/audits/")
@requires(Action.Audit.LIST)
def audits() -> str:
    """What waits for a decision first, then every audit one may see."""
    actor, after = current_actor(), paging.after_moment()
    asked = queries.list_audits(actor, today=today(), state=AuditState.ASKED, limit=paging.PAGE_SIZE)
    waiting = [] if after else [view for view in asked if permits(actor, Action.Audit.APPROVE, view.audit)]
    rows = queries.list_audits(actor, today=today(), after=after, limit=paging.PAGE_SIZE + 1)
    page = paging.page_of(rows, key=lambda view: (view.audit.asked_at.isoformat(), str(view.audit.id)))
    for view in page.items:
        if view.error:
            note_broken_seal(view.error)
    return render_template("audit/list.html", page=page, waiting=waiting, labels=LABELS)


@blueprint.get("/audits/new")
@requires(Action.Audit.ASK)
def ask() -> str:
    """The empty form, with the id its audit will have."""
    return render_template("audit/ask.html", form=_form()(data={"audit_id": str(new_id()), "way": NAMED}))


@blueprint.post("/audits/new")
@requires(Action.Audit.ASK)
def asked() -> Answer:
    """Ask, or say what needs another look."""
    form = _form()()
    audit_id = form.validate() and _asked(form)
    if not audit_id:
        return render_template("audit/ask.html", form=form), 422
    flash(_("Asked. Nothing opens until somebody else has approved it."), "good")
    return to_audit(audit_id)


def _form() -> type[AskForm]:
    return ask_form(team_names_of(current_actor().organisation_id))


def _asked(form: AskForm) -> UUID | None:
    """The id of the audit that was asked for; None when the form now says what is wrong."""
    now, day, actor = request_time(), today(), current_actor()
    try:
        with writing():
            return services.ask_audit(
                actor=actor,
                audit_id=_id(form.audit_id.data),
                purpose=form.purpose.data or "",
                scope=form.scope.data or "",
                numbers=form.numbers(),
                sampling=form.sampling(),
                ends_on=form.last_day(),
                today=day,
                now=now,
            ).id
    except Invalid as problem:
        form.add_problems(problem.problems)
        return None


def _id(text: str | None) -> UUID:
    """The id the form carried; a form without one gets a new one."""
    try:
        return UUID(text or "")
    except ValueError:
        return new_id()
