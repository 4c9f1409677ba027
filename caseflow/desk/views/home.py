"""Home: what waits for whoever is signed in. Who has several roles sees each of their parts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, render_template

from caseflow.accounts.queries import count_waiting, deputies_of, staff_names
from caseflow.audit.states import LABELS as AUDIT_LABELS
from caseflow.cases import queries as cases
from caseflow.cases.states import PUBLIC_LABELS
from caseflow.core.policy import Action, Role, permits
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.words import gettext
from caseflow.desk import queries
from caseflow.desk.views.frame import blueprint, note_broken
from caseflow.referrals import queries as referrals
from caseflow.referrals.queries import ReferralRow
from caseflow.web.guards import current_actor, request_time, signed_in
from caseflow.web.refusals import note_broken_seal


@blueprint.get("/")
@signed_in
def home() -> str:
    """The start page of each role."""
    actor = current_actor()
    parts = {str(role): gather() for role, gather in PARTS.items() if actor.has(role)}
    return render_template("desk/home.html", parts=parts, roles=ROLE_LABELS, **_everybody())


def _everybody() -> dict[str, Any]:
    """What stands above the parts: emergencies, requests for a second person, for whom one stands in."""
    actor = current_actor()
    asked = count_waiting(actor) if permits(actor, Action.Request.LIST) else 0
    return {"emergencies": _emergencies(), "requests": asked, "standing": _standing()}


def _emergencies() -> list[ReferralRow]:
    """Emergency issues without a decision, the fewest hours left first, for who is alerted to them."""
    if not permits(current_actor(), Action.Referral.ALERTS):
        return []
    rows = referrals.waiting_emergencies(current_actor())
    note_broken(rows)
    return rows


def _standing() -> list[tuple[str, datetime]]:
    """For whom the reader stands in now, and until when."""
    found = deputies_of(current_actor().user_id, now=request_time())
    names = staff_names(one.principal_id for one in found)
    return [(names[one.principal_id], one.last_day) for one in found]


def _caseworker() -> dict[str, Any]:
    desk = queries.caseworker_home(current_actor(), **_moment())
    note_broken(desk.rows())
    for error in desk.broken:
        note_broken_seal(error)
    return {"desk": desk, "words": [_last_words(row) for row in desk.returned]}


def _last_words(row: ReferralRow) -> dict[str, Any]:
    """What was said when a referral came back: the words, who (the system has no name), when."""
    said = row.last_comment
    text = gettext(said["text"], **said["params"]) if "params" in said else said.get("text", "")
    by = UUID(said["by"]) if said.get("by") else None
    at = datetime.fromisoformat(said["at"]) if said.get("at") else None
    return {"row": row, "text": text, "who": staff_names([by]).get(by, "") if by else "", "at": at}


def _supervisor() -> dict[str, Any]:
    desk = queries.supervisor_home(current_actor(), **_moment())
    note_broken(desk.rows())
    return {"desk": desk, "labels": PUBLIC_LABELS}


def _protection() -> dict[str, Any]:
    desk = queries.protection_home(current_actor(), **_moment())
    note_broken(desk.rows())
    return {"desk": desk, "labels": AUDIT_LABELS}


def _auditor() -> dict[str, Any]:
    desk = queries.auditor_home(current_actor(), today=_moment()["today"])
    note_broken(desk.rows())
    return {"desk": desk, "labels": AUDIT_LABELS}


def _administrator() -> dict[str, Any]:
    config = current_app.extensions["caseflow"].config
    desk = queries.administrator_home(now=request_time(), home=config.home, unlock=config.unlock)
    note_broken(desk.rows())
    return {"desk": desk}


def _moment() -> dict[str, Any]:
    """The moment of the request, and the day it is at the office."""
    now = request_time()
    return {"now": now, "today": cases.office_day(current_actor().organisation_id, now)}


# In the order in which the parts stand on the page: first what others wait for.
PARTS: dict[Role, Callable[[], dict[str, Any]]] = {
    Role.SUPERVISOR: _supervisor,
    Role.CASEWORKER: _caseworker,
    Role.DATA_PROTECTION: _protection,
    Role.AUDITOR: _auditor,
    Role.ADMINISTRATOR: _administrator,
}
