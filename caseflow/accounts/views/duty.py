"""The duty roster: who answers now, who is next; and the right of caseworkers to issue alone."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for

from caseflow.accounts.forms import duty_form
from caseflow.accounts.models import Duty, Staff
from caseflow.accounts.queries import duty as queries
from caseflow.accounts.queries import get_staff, staff_docs
from caseflow.accounts.services import duty as services
from caseflow.accounts.views.base import blueprint
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid
from caseflow.core.policy import Action, Role, permits
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.words import gettext
from caseflow.web.filters import office_zone
from caseflow.web.forms.carried import id_of
from caseflow.web.guards import current_actor, request_time, requires
from caseflow.web.refusals import note_broken_seal

BETWEEN = ":"


@blueprint.get("/duty")
@requires(Action.Duty.LIST)
def duty() -> str:
    """Who is on duty now and next."""
    here = request_time().astimezone(office_zone())
    first = {"duty_id": str(new_id()), "starts_on": here.date().isoformat(), "starts_at": f"{here:%H:%M}"}
    return _page(duty_form(_people())(data=first))


@blueprint.post("/duty")
@requires(Action.Duty.PLAN)
def plan_duty() -> Any:
    """Put somebody on the roster."""
    form = duty_form(_people())()
    if form.validate() and _planned(form):
        return redirect(url_for("accounts.duty"), 303)
    return _page(form), 422


@blueprint.post("/duty/<uuid:id>/end")
@requires(Action.Duty.END, load=queries.get_duty)
def end_duty(turn: Duty) -> Any:
    """Take a turn off the roster."""
    duty_id = turn.id
    with writing():
        services.end_duty(actor=current_actor(), duty_id=duty_id, now=request_time())
    return redirect(url_for("accounts.duty"), 303)


@blueprint.post("/duty/right/<uuid:id>")
@requires(Action.Duty.RIGHT, load=get_staff)
def give_right(staff: Staff) -> Any:
    """Give a caseworker the right to issue alone back."""
    staff_id = staff.id
    with writing():
        services.restore_emergency_right(actor=current_actor(), staff_id=staff_id, now=request_time())
    return redirect(url_for("accounts.duty"), 303)


def _planned(form: Any) -> bool:
    values = form.values()
    role, _between, user_id = values["who"].partition(BETWEEN)
    try:
        with writing():
            services.plan_duty(
                actor=current_actor(), duty_id=id_of(form.duty_id.data, new_id()), user_id=UUID(user_id),
                role=Role(role), starts_at=_moment(values, "starts"), ends_at=_moment(values, "ends"),
                phone=values["phone"], now=request_time(),
            )  # fmt: skip
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True


def _moment(values: dict[str, Any], which: str) -> datetime:
    """A day and an hour of the form, on the office's wall clock."""
    day, hour = date.fromisoformat(values[f"{which}_on"]), time.fromisoformat(values[f"{which}_at"])
    return datetime.combine(day, hour, tzinfo=office_zone()).astimezone(UTC)


def _people() -> list[tuple[str, str]]:
    """Who can be put on duty: (role and id, name and role). Supervisors and data protection of the own office."""
    office, now = current_actor().organisation_id, request_time()
    if not permits(current_actor(), Action.Duty.PLAN):
        return []
    held = [(role, one.id) for role in queries.ROLES for one in queries.role_holders(office, role, now=now)]
    docs = staff_docs(staff_id for _role, staff_id in held)
    comma = gettext(", ")
    return [(f"{role}{BETWEEN}{one}", f"{docs[one]['name']}{comma}{gettext(ROLE_LABELS[role])}") for role, one in held]


def _page(form: Any) -> str:
    actor, now = current_actor(), request_time()
    office = actor.organisation_id
    called = {role: queries.on_duty(office, role, now=now) for role in queries.ROLES}
    turns = queries.roster(office, now=now)
    for one in (*turns, *(one for people in called.values() for one in people)):
        if one.broken:
            note_broken_seal(one.broken)
    return render_template(
        "accounts/duty.html", form=form, called=called, turns=turns, labels=ROLE_LABELS,
        suspended=queries.suspended(office, now=now) if permits(actor, Action.Duty.PLAN) else [],
        gives_back=actor.has(Role.SUPERVISOR),
    )  # fmt: skip
