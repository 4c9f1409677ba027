"""Organisations, their letterheads and their teams."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for

from caseflow.accounts import queries
from caseflow.accounts.forms import OrganisationForm, TeamForm
from caseflow.accounts.models import Organisation
from caseflow.accounts.queries.listing import name_of
from caseflow.accounts.services import changes
from caseflow.accounts.services import people as services
from caseflow.accounts.views.base import blueprint, conflict, status_of, version
from caseflow.core import vault
from caseflow.core.db import writing
from caseflow.core.errors import StaleVersion
from caseflow.core.policy import Action
from caseflow.web.guards import current_actor, request_time, requires


@blueprint.get("/people/organisation")
@requires(Action.People.ORGANISATION)
def offices() -> str:
    """All organisations with their teams."""
    rows = [
        (one.id, name_of(one), [name_of(team) for team in queries.teams_of(one.id)]) for one in queries.organisations()
    ]
    return render_template("accounts/offices.html", rows=rows)


@blueprint.route("/people/organisation/new", methods=["GET", "POST"])
@requires(Action.People.ORGANISATION)
def new_office() -> Any:
    """Add an organisation."""
    form = OrganisationForm()
    if form.is_submitted() and form.validate():
        with writing():
            made = services.create_organisation(actor=current_actor(), doc=form.doc(), now=request_time()).id
        return redirect(url_for("accounts.office", id=made), 303)
    return render_template("accounts/new_office.html", form=form), 422 if form.mistakes else 200


@blueprint.route("/people/organisation/<uuid:id>", methods=["GET", "POST"])
@requires(Action.People.ORGANISATION, load=queries.get_organisation)
def office(found: Organisation) -> Any:
    """Correct the names and letterhead of an organisation."""
    form, its_id, theirs = OrganisationForm(data=vault.read(found) | {"rv": found.rv}), found.id, None
    if form.is_submitted() and form.validate():
        try:
            return _correct(its_id, form)
        except StaleVersion as error:
            theirs = conflict(form, error, queries.get_organisation(its_id))
    return _page(its_id, form, TeamForm(formdata=None), theirs)


@blueprint.post("/people/organisation/<uuid:id>/teams")
@requires(Action.People.ORGANISATION, load=queries.get_organisation)
def new_team(found: Organisation) -> Any:
    """Add a team."""
    its_id, form = found.id, TeamForm()
    if form.validate():
        with writing():
            doc = {"name_en": form.team_name_en.data, "name_ur": form.team_name_ur.data or ""}
            services.create_team(actor=current_actor(), organisation_id=its_id, doc=doc, now=request_time())
        return redirect(url_for("accounts.office", id=its_id), 303)
    return _page(its_id, OrganisationForm(formdata=None, data=vault.read(found) | {"rv": found.rv}), form)


def _correct(its_id: UUID, form: OrganisationForm) -> Any:
    actor, rests_on, now = current_actor(), version(form.rv.data), request_time()
    with writing():
        changes.update_organisation(actor=actor, organisation_id=its_id, fields=form.doc(), rv=rests_on, now=now)
    return redirect(url_for("accounts.offices"), 303)


def _page(its_id: UUID, form: Any, team_form: Any, theirs: list[tuple[str, str]] | None = None) -> Any:
    names = [name_of(team) for team in queries.teams_of(its_id)]
    status = status_of(form, theirs) if form.mistakes else status_of(team_form)
    shown = {"form": form, "team_form": team_form, "teams": names, "id": its_id, "theirs": theirs}
    return render_template("accounts/office.html", **shown), status
