"""What the pages of audits share: the blueprint, the day at the office, and the page of one audit."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from caseflow.accounts.queries import staff_names, team_names
from caseflow.audit import letters, queries, services
from caseflow.audit.forms import DecideForm
from caseflow.audit.models import Audit
from caseflow.audit.states import LABELS, AuditState
from caseflow.core.db import new_id
from caseflow.core.policy import Action, permits
from caseflow.web.guards import current_actor, request_time
from caseflow.web.refusals import note_broken_seal

blueprint = Blueprint("audit", __name__)
_APPROVE = Action.Audit.APPROVE


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
    people = staff_names([audit.auditor_id, audit.decided_by])
    return render_template(
        "audit/show.html",
        audit=queries.get_audit(audit.id),
        view=view,
        rows=scope_rows(view),
        papers=[one for one in queries.files_of(audit.id) if one.what == services.WHOLE],
        people=people,
        labels=LABELS,
        form=form or DecideForm(),
        new_id=new_id,
        fits=_fits(view),
        filter=sample_in_words(view),
        **standing(view),
    )


def standing(view: queries.AuditView) -> dict[str, bool]:
    """Where whoever looks stands: it is their own audit, it runs, they keep its record, they see which cases it has."""
    actor, audit = current_actor(), view.audit
    own, running = audit.auditor_id == actor.user_id, view.state is AuditState.RUNNING
    decided = view.state in (AuditState.RUNNING, AuditState.ENDED) and audit.decided_by is not None
    return {
        "own": own,
        "running": running,
        "keeps": decided and (running or not own),
        "sees": queries.sees_sample(actor, view) and (running or not own or not view.sampling),
    }


def scope_rows(view: queries.AuditView) -> list[queries.ScopeRow]:
    """The cases for whoever looks: opened to the auditor while the audit runs; to others numbers, states and dates."""
    stands = standing(view)
    if not stands["sees"]:
        return []
    rows = queries.scope_of(view, opened=stands["own"] and stands["running"])
    for row in rows:
        if row.error:
            note_broken_seal(row.error)
    return rows


def sample_in_words(view: queries.AuditView) -> list[tuple[str, str | None]]:
    """The filter of a sample as lines; none for named cases."""
    return letters.filter_in_words(view.sampling, team_names()) if view.sampling else []


def _fits(view: queries.AuditView) -> int | None:
    """How many cases fit the filter at this moment, for whoever decides; None where nothing is to be decided."""
    if view.state is not AuditState.ASKED or not view.sampling or not permits(current_actor(), _APPROVE, view.audit):
        return None
    return queries.frame_size(view.audit.organisation_id, view.sampling, zone=zone())
