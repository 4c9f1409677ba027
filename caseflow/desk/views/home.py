"""Home: what waits for whoever is signed in. Who has several roles sees each of their parts."""

from datetime import datetime
from typing import Any

from flask import render_template

from caseflow.accounts.queries import count_waiting, deputies_of, staff_names
from caseflow.audit import queries as audits
from caseflow.audit.states import AuditState
from caseflow.cases import queries as cases
from caseflow.cases.states import PUBLIC_LABELS
from caseflow.core.policy import Action, Role, permits
from caseflow.desk import queries
from caseflow.desk.views.frame import blueprint, note_broken
from caseflow.referrals import queries as referrals
from caseflow.support import queries as support
from caseflow.web.guards import current_actor, request_time, signed_in

SHOWN = 8


@blueprint.get("/")
@signed_in
def home() -> str:
    """The start page of each role."""
    actor = current_actor()
    parts: dict[str, Any] = {"labels": PUBLIC_LABELS, "shown": SHOWN}
    if actor.has(Role.CASEWORKER):
        parts |= _caseworker()
    if actor.has(Role.SUPERVISOR):
        parts |= _supervisor()
    if actor.has(Role.DATA_PROTECTION) or actor.has(Role.AUDITOR):
        parts |= _audits()
    parts |= {"without_role": not actor.memberships, "standing": _standing()}
    if permits(actor, Action.Request.LIST):
        parts["requests"] = count_waiting(actor)
    if permits(actor, Action.Referral.ALERTS):
        parts |= _emergencies()
    return render_template("desk/home.html", administers=actor.has(Role.ADMINISTRATOR), **parts)


def _emergencies() -> dict[str, Any]:
    rows = referrals.waiting_emergencies(current_actor())
    note_broken(rows)
    return {"emergencies": rows}


def _caseworker() -> dict[str, Any]:
    desk = queries.desk_of(current_actor())
    note_broken([*desk.sent, *desk.returned, *desk.drafts, *desk.broken])
    return {"desk": desk, "most": max(desk.risks.values(), default=0), **_tasks()}


def _tasks() -> dict[str, Any]:
    actor, now = current_actor(), request_time()
    today = cases.office_day(actor.organisation_id, now)
    rows = support.list_tasks(actor, today=today, mine=True, limit=SHOWN)
    note_broken(rows)
    return {
        "tasks": rows,
        "due": support.counts_due(actor, today=today),
        "workers": support.workers(rows, now=now),
        "finishable": support.finishable(actor, rows),
        "today": today,
    }


def _supervisor() -> dict[str, Any]:
    waiting = queries.approvals(current_actor())
    note_broken(waiting)
    return {"waiting": waiting, "states": queries.states_of_team(current_actor())}


def _audits() -> dict[str, Any]:
    actor, now = current_actor(), request_time()
    today = cases.office_day(actor.organisation_id, now)
    decides = actor.has(Role.DATA_PROTECTION)
    found = audits.list_audits(actor, today=today, limit=SHOWN, state=AuditState.ASKED if decides else None)
    note_broken(found)
    return {"audits": found, "decides": decides}


def _standing() -> list[tuple[str, datetime]]:
    """For whom the reader stands in now, and until when."""
    found = deputies_of(current_actor().user_id, now=request_time())
    names = staff_names(one.principal_id for one in found)
    return [(names[one.principal_id], one.last_day) for one in found]
