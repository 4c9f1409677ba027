"""What waits for a second person: list, look, approve, refuse."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from caseflow.accounts import queries
from caseflow.accounts.models import StaffRequest
from caseflow.accounts.services import requests as services
from caseflow.accounts.views.base import blueprint, link_page
from caseflow.core.db import writing
from caseflow.core.errors import Refused
from caseflow.core.policy import Action, Role, permits
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.words import gettext
from caseflow.web.guards import current_actor, request_time, requires


@blueprint.get("/requests/")
@requires(Action.Request.LIST)
def requests() -> str:
    """What waits, oldest first."""
    rows = queries.waiting_requests(current_actor())
    return render_template("accounts/requests.html", rows=rows, **_names(*rows))


@blueprint.get("/requests/<uuid:id>")
@requires(Action.Request.READ, load=queries.get_request)
def request_of(row: StaffRequest) -> str:
    """What was asked, by whom, and who may decide."""
    return _page(row)


@blueprint.post("/requests/<uuid:id>/approve")
@requires(Action.Request.APPROVE, load=queries.get_request, step_up=True)
def approve_request(row: StaffRequest) -> Any:
    """Decide as the second person; a new second factor or password answers with the link to hand over."""
    its_id, staff_id = row.id, row.staff_id
    try:
        kind = row.kind
        with writing():
            token = services.approve(actor=current_actor(), request_id=its_id, now=request_time())
    except Refused as error:
        flash(error.text, "stop")
        return redirect(url_for("accounts.request_of", id=its_id), 303)
    if token:
        return link_page(kind, token, going_on=url_for("accounts.requests"))
    flash(gettext("The role is given."), "good")
    return redirect(url_for("accounts.person", id=staff_id) if _administers() else url_for("accounts.requests"), 303)


@blueprint.post("/requests/<uuid:id>/refuse")
@requires(Action.Request.READ, load=queries.get_request)
def refuse_request(row: StaffRequest) -> Any:
    """Decide against it, or take back what one asked for."""
    its_id = row.id
    with writing():
        services.refuse(actor=current_actor(), request_id=its_id, now=request_time())
    return redirect(url_for("accounts.request_of", id=its_id), 303)


def _administers() -> bool:
    return permits(current_actor(), Action.People.LIST)


def _page(row: StaffRequest) -> str:
    now, actor = request_time(), current_actor()
    who = queries.second_persons(row, now=now)
    staff = queries.get_staff(row.staff_id)
    facts = {
        "row": row,
        "staff": staff,
        "may_approve": permits(actor, Action.Request.APPROVE, row),
        "is_own": row.asked_by == actor.user_id,
        "waits_for_joining": staff.state == "invited" and row.role in services.JOINED_FIRST,
        "seconds": sorted(queries.staff_names(who).values()),
        "sign_in": queries.staff_docs([row.staff_id])[row.staff_id]["sign_in"],
    }
    return render_template("accounts/request.html", **facts, **_names(row))


def _names(*rows: StaffRequest) -> dict[str, Any]:
    """Names of everybody and everything that requests mention."""
    people = [who for row in rows for who in (row.staff_id, row.asked_by, row.decided_by)]
    return {
        "names": queries.staff_names(people),
        "teams": queries.team_names(),
        "offices": queries.office_names(),
        "labels": {str(role): ROLE_LABELS[role] for role in Role},
    }
