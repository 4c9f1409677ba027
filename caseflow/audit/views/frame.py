"""What the pages of audits share: the blueprint, the day at the office, and the page of one audit."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from caseflow.accounts.queries import staff_names
from caseflow.audit import queries
from caseflow.audit.forms import DecideForm
from caseflow.audit.models import Audit
from caseflow.audit.states import LABELS, AuditState
from caseflow.core.db import new_id
from caseflow.web.guards import current_actor, request_time
from caseflow.web.refusals import note_broken_seal

blueprint = Blueprint("audit", __name__)


def zone() -> str:
    """The time zone of the actor's office."""
    return queries.office_zone(current_actor().organisation_id)


def today() -> date:
    """The day it is at the actor's office."""
    return request_time().astimezone(ZoneInfo(zone())).date()


def to_audit(audit_id: UUID) -> Response:
    """The audit's page, after a post."""
    return redirect(url_for("audit.show", id=audit_id), 303)


def audit_page(audit: Audit, form: DecideForm | None = None) -> str:
    """The page of one audit, for its auditor and for who decides on it."""
    view = queries.view_of(audit, today=today())
    rows = queries.scope_of(view)
    for row in rows:
        if row.error:
            note_broken_seal(row.error)
    people = staff_names([audit.auditor_id, audit.decided_by])
    return render_template(
        "audit/show.html",
        audit=queries.get_audit(audit.id),
        view=view,
        rows=rows,
        people=people,
        labels=LABELS,
        running=view.state is AuditState.RUNNING,
        own=audit.auditor_id == current_actor().user_id,
        form=form or DecideForm(),
        new_id=new_id,
    )
