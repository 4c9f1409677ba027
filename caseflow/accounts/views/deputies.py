"""One's own deputies: who stands in, in which role, on which days."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for

from caseflow.accounts import queries
from caseflow.accounts.forms import deputy_form
from caseflow.accounts.queries.deputies import LENDABLE, could_stand_in, memberships_of
from caseflow.accounts.services import deputies as services
from caseflow.accounts.views.base import blueprint
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid
from caseflow.core.policy import Role
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.words import gettext
from caseflow.web.guards import confirmed, current_actor, request_time, signed_in


@blueprint.route("/account/deputies", methods=["GET", "POST"])
@confirmed
def deputies() -> Any:
    """Who stands in for me; name somebody."""
    roles, colleagues = _roles(), _colleagues()
    form: Any = deputy_form(roles=roles, colleagues=colleagues)(data={"id": str(new_id())} | _only(roles))
    if roles and form.is_submitted() and form.validate():
        try:
            return _name(form)
        except Invalid as error:
            form.add_problems(error.problems)
    now, who = request_time(), current_actor().user_id
    mine, others = queries.own_deputies(who, now=now), queries.deputies_of(who, now=now)
    names = queries.staff_names(one for row in (*mine, *others) for one in (row.deputy_id, row.principal_id))
    shown = {"mine": mine, "others": others, "names": names, "roles": roles, "colleagues": colleagues}
    page = render_template("accounts/deputies.html", form=form, labels=ROLE_LABELS, **shown)
    return page, 422 if form.mistakes else 200


@blueprint.post("/account/deputies/<uuid:deputy_id>/end")
@signed_in
def end_deputy(deputy_id: UUID) -> Any:
    """End a deputyship I gave."""
    with writing():
        services.end_deputy(actor=current_actor(), record_id=deputy_id, now=request_time())
    flash(gettext("This deputy has ended."), "good")
    return redirect(url_for("accounts.deputies"), 303)


def _name(form: Any) -> Any:
    days = {"first": date.fromisoformat(form.first.data), "last": date.fromisoformat(form.last.data)}
    who, role = UUID(form.deputy.data), Role(form.role.data)
    with writing():
        services.name_deputy(
            actor=current_actor(), record_id=_id(form.id.data), deputy_id=who, role=role, now=request_time(), **days
        )
    flash(gettext("Your deputy is named."), "good")
    return redirect(url_for("accounts.deputies"), 303)


def _id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return new_id()


def _roles() -> list[tuple[str, str]]:
    """The roles I hold myself and may lend."""
    held = {one.role for one in memberships_of(current_actor().user_id, now=request_time())}
    return [(str(role), gettext(ROLE_LABELS[role])) for role in LENDABLE if role in held]


def _only(roles: list[tuple[str, str]]) -> dict[str, str]:
    return {"role": roles[0][0]} if len(roles) == 1 else {}


def _colleagues() -> list[tuple[str, str]]:
    mine = queries.get_staff(current_actor().user_id)
    docs = queries.staff_docs(could_stand_in(mine, now=request_time()))
    return sorted(((str(one), doc["name"]) for one, doc in docs.items()), key=lambda pair: pair[1])
