"""People who work here: list, invite, show, correct, ask for roles and take them, close an account."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for

from caseflow.accounts import queries
from caseflow.accounts.forms import PersonForm, invite_form, role_form
from caseflow.accounts.models import Staff
from caseflow.accounts.queries.invitations import running_until
from caseflow.accounts.queries.listing import held_by, list_people, teams
from caseflow.accounts.services import changes, invitations, requests, sessions
from caseflow.accounts.views.base import blueprint, conflict, link_page, status_of, version
from caseflow.core import vault
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid, NotFound, Refused, StaleVersion, TooLate
from caseflow.core.policy import Action, Role
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.words import gettext, ngettext
from caseflow.web import paging
from caseflow.web.guards import current_actor, request_time, requires
from caseflow.web.refusals import note_broken_seal


@blueprint.get("/people/")
@requires(Action.People.LIST)
def people() -> str:
    """Everybody who works here, in pages."""
    rows = list_people(now=request_time(), after=paging.after_moment(), limit=paging.PAGE_SIZE + 1)
    page = paging.page_of(rows, key=lambda row: row.key)
    for row in page.items:
        if row.broken:
            note_broken_seal(row.broken)
    return render_template("accounts/people.html", page=page, labels=ROLE_LABELS)


@blueprint.route("/people/invite", methods=["GET", "POST"])
@requires(Action.People.INVITE, step_up=True)
def invite() -> Any:
    """Invite somebody; the one-time link is on the answer and nowhere else."""
    form = invite_form(teams=_teams(), offices=_offices())(data={"id": str(new_id()), "language": "en"})
    if form.is_submitted() and form.validate():
        try:
            return _invite(form)
        except Invalid as error:
            form.add_problems(error.problems)
        except Refused as error:
            form.add_problems({"": (error.message, {})})
    return render_template("accounts/invite.html", form=form), 422 if form.mistakes else 200


@blueprint.get("/people/<uuid:id>")
@requires(Action.People.READ, load=queries.get_staff)
def person(staff: Staff) -> Any:
    """One member of staff."""
    return _person(staff, role_form(teams=_teams(), offices=_offices())())


@blueprint.route("/people/<uuid:id>/edit", methods=["GET", "POST"])
@requires(Action.People.EDIT, load=queries.get_staff)
def edit_person(staff: Staff) -> Any:
    """Correct what is known of a member of staff."""
    form, staff_id, theirs = PersonForm(data=vault.read(staff) | {"rv": staff.rv}), staff.id, None
    if form.is_submitted() and form.validate():
        try:
            return _correct(staff_id, form)
        except StaleVersion as error:
            theirs = conflict(form, error, queries.get_staff(staff_id))
    shown = {"form": form, "id": staff_id, "theirs": theirs}
    return render_template("accounts/edit_person.html", **shown), status_of(form, theirs)


@blueprint.post("/people/<uuid:id>/link")
@requires(Action.People.INVITE, load=queries.get_staff, step_up=True)
def new_link(staff: Staff) -> str:
    """A new one-time link; the old one is void."""
    staff_id = staff.id
    with writing():
        token = invitations.reissue(actor=current_actor(), staff_id=staff_id, now=request_time())
    return link_page("join", token, going_on=url_for("accounts.person", id=staff_id))


@blueprint.post("/people/<uuid:id>/roles")
@requires(Action.People.EDIT, load=queries.get_staff, step_up=True)
def ask_role(staff: Staff) -> Any:
    """Ask for a role; somebody else decides on it."""
    form, staff_id = role_form(teams=_teams(), offices=_offices())(), staff.id
    if form.validate():
        try:
            with writing():
                held = queries.get_staff(staff_id, for_update=True)
                asked = requests.ask_role(actor=current_actor(), staff=held, now=request_time(), **_role(form)).id
            return redirect(url_for("accounts.request_of", id=asked), 303)
        except (Refused, TooLate) as error:
            form.add_problems({"": (error.message, {})})
    return _person(queries.get_staff(staff_id), form), 422


@blueprint.post("/people/<uuid:id>/factor")
@requires(Action.People.EDIT, load=queries.get_staff, step_up=True)
def ask_factor(staff: Staff) -> Any:
    """Ask that a person who lost the second factor may set it up anew; somebody else decides, and gets the link."""
    staff_id = staff.id
    with _told_on_page(), writing():
        asked = requests.ask_factor(actor=current_actor(), staff_id=staff_id, now=request_time()).id
        return redirect(url_for("accounts.request_of", id=asked), 303)
    return redirect(url_for("accounts.person", id=staff_id), 303)


@blueprint.post("/people/<uuid:id>/password")
@requires(Action.People.EDIT, load=queries.get_staff, step_up=True)
def reset_password(staff: Staff) -> Any:
    """Start a new password for who forgot theirs: the link is on the answer, or waits for a second person."""
    staff_id = staff.id
    with _told_on_page(), writing():
        asked = requests.ask_password(actor=current_actor(), staff_id=staff_id, now=request_time())
        if isinstance(asked, str):
            return link_page("password", asked, going_on=url_for("accounts.person", id=staff_id))
        return redirect(url_for("accounts.request_of", id=asked.id), 303)
    return redirect(url_for("accounts.person", id=staff_id), 303)


@blueprint.post("/people/<uuid:id>/roles/<uuid:membership_id>/end")
@requires(Action.People.EDIT, load=queries.get_staff, step_up=True)
def revoke_role(staff: Staff, membership_id: UUID) -> Any:
    """Take a role away; the person's sessions end."""
    staff_id = staff.id
    with _told_on_page(), writing():
        changes.revoke_role(actor=current_actor(), staff_id=staff_id, membership_id=membership_id, now=request_time())
    return redirect(url_for("accounts.person", id=staff_id), 303)


@blueprint.post("/people/<uuid:id>/disable")
@requires(Action.People.DISABLE, load=queries.get_staff, step_up=True)
def disable(staff: Staff) -> Any:
    """Close an account."""
    staff_id = staff.id
    with _told_on_page(), writing():
        changes.disable(actor=current_actor(), staff_id=staff_id, now=request_time())
    return redirect(url_for("accounts.person", id=staff_id), 303)


@blueprint.post("/people/<uuid:id>/sessions/end")
@requires(Action.People.EDIT, load=queries.get_staff)
def end_sessions(staff: Staff) -> Any:
    """End every session of a person, as when a phone is lost: no second factor is asked, so that nothing delays it."""
    staff_id = staff.id
    with writing():
        count = sessions.end_everywhere(actor=current_actor(), staff_id=staff_id, now=request_time())
    flash(ngettext("%(num)s session is ended.", "%(num)s sessions are ended.", count), "good")
    return redirect(url_for("accounts.person", id=staff_id), 303)


@contextmanager
def _told_on_page() -> Iterator[None]:
    """A refusal of these buttons is told on the person's page, to which both answers lead."""
    try:
        yield
    except Refused as error:
        flash(error.text, "stop")


def _correct(staff_id: UUID, form: PersonForm) -> Any:
    rests_on = version(form.rv.data)
    with writing():
        changes.update_staff(
            actor=current_actor(), staff_id=staff_id, fields=form.doc(), rv=rests_on, now=request_time()
        )
    return redirect(url_for("accounts.person", id=staff_id), 303)


def _invite(form: Any) -> Any:
    staff_id = _uuid(form.id.data)
    with suppress(NotFound):
        return redirect(url_for("accounts.person", id=queries.get_staff(staff_id).id), 303)
    with writing():
        token = invitations.invite(
            actor=current_actor(), staff_id=staff_id, doc=form.doc(), now=request_time(), **_role(form)
        )[1]
    return link_page("join", token, going_on=url_for("accounts.person", id=staff_id))


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return new_id()


def _role(form: Any) -> dict[str, Any]:
    """The arguments of a role: a team brings its organisation."""
    role = Role(form.role.data)
    if not form.team.data:
        return {"role": role, "team_id": None, "organisation_id": UUID(form.organisation.data)}
    team = next(one for one in teams() if str(one.id) == form.team.data)
    return {"role": role, "team_id": team.id, "organisation_id": team.organisation_id}


def _person(staff: Staff, form: Any) -> str:
    now, names = request_time(), queries.team_names()
    held = [
        (row, ROLE_LABELS[Role(row.role)], names[row.team_id] if row.team_id else "")
        for row in held_by(staff.id, now=now)
    ]
    facts: dict[str, Any] = {
        "doc": vault.read(staff),
        "held": held,
        "office": queries.office_names().get(staff.organisation_id),
    }
    facts["asked"] = [
        (row, gettext(ROLE_LABELS[Role(row.role)]) if row.role else gettext(requests.WHAT[row.kind]))
        for row in queries.requests_about(staff.id)
    ]
    facts["open_sessions"] = len(queries.live_sessions(queries.actor_for(staff, now=now), now=now))
    until = running_until(staff.id, now=now)
    return render_template("accounts/person.html", staff=staff, form=form, until=until, **facts)


def _teams() -> list[tuple[str, str]]:
    """Teams under the name of their organisation, as there may be two of one name."""
    offices, names = queries.office_names(), queries.team_names()
    return [(str(one.id), f"{offices[one.organisation_id]}: {names[one.id]}") for one in teams()]


def _offices() -> list[tuple[str, str]]:
    return [(str(one), name) for one, name in queries.office_names().items()]
