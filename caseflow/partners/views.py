"""Pages of the partner directory."""

from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from caseflow.core.db import new_id, session, writing
from caseflow.core.errors import Invalid, NotFound, StaleVersion
from caseflow.core.policy import Action
from caseflow.core.words import gettext
from caseflow.partners import queries, services
from caseflow.partners.forms import FilterForm, PartnerForm
from caseflow.partners.models import Partner
from caseflow.partners.queries import PartnerView
from caseflow.partners.services.checking import LEVELS, SERVES
from caseflow.web.filters import office_zone
from caseflow.web.guards import current_actor, request_time, requires
from caseflow.web.paging import PAGE_SIZE, after, page_of
from caseflow.web.refusals import note_broken_seal

blueprint = Blueprint("partners", __name__)
Answer = str | tuple[str, int] | Response


@blueprint.get("/partners/")
@requires(Action.Partner.READ)
def listing() -> Answer:
    """The directory, narrowed by what stands in the address."""
    form = FilterForm(formdata=request.args)
    form.validate()
    found = queries.directory(**form.wanted())
    rows = queries.page_after(found, _last())[: PAGE_SIZE + 1]
    _note_broken(rows)
    page = page_of(rows, key=lambda view: (str(view.id),))
    status = 422 if form.mistakes else 200
    return render_template("partners/list.html", form=form, page=page, count=len(found), today=_today()), status


@blueprint.get("/partners/<uuid:id>")
@requires(Action.Partner.READ, load=queries.get_partner)
def show(partner: Partner) -> Answer:
    """One partner."""
    view = queries.view_of(partner)
    served = [gettext(words) for code, words in SERVES.items() if code in view.doc["serves"]]
    level = gettext(LEVELS.get(view.doc["level"], ""))
    return render_template("partners/show.html", partner=view, today=_today(), served=served, level=level)


@blueprint.route("/partners/new", methods=["GET", "POST"])
@requires(Action.Partner.EDIT)
def new() -> Answer:
    """Add a partner."""
    form = PartnerForm(data={"partner_id": str(new_id()), "rv": "0"})
    partner_id = form.record(new_id())
    if form.validate_on_submit() and _created(form, partner_id):
        return redirect(url_for("partners.show", id=partner_id), 303)
    return render_template("partners/edit.html", form=form, partner=None), _status()


@blueprint.get("/partners/<uuid:id>/edit")
@requires(Action.Partner.EDIT, load=queries.get_partner)
def edit(partner: Partner) -> Answer:
    """The entry as a form."""
    view = queries.view_of(partner)
    form = PartnerForm(data={**view.doc, "partner_id": str(view.id), "rv": str(view.rv)})
    return render_template("partners/edit.html", form=form, partner=view)


@blueprint.post("/partners/<uuid:id>/edit")
@requires(Action.Partner.EDIT, load=queries.get_partner)
def save(partner: Partner) -> Answer:
    """Save the entry; a newer version of somebody else is shown beside what was written."""
    view = queries.view_of(partner)
    form = PartnerForm()
    form.take_stored([name[5:] for name, kept in request.form.items() if kept == "theirs"], view)
    try:
        if form.validate() and _updated(form, view.id):
            return redirect(url_for("partners.show", id=view.id), 303)
    except StaleVersion:
        return _conflict(form, view.id)
    return render_template("partners/edit.html", form=form, partner=view), 422


@blueprint.post("/partners/<uuid:id>/retire")
@requires(Action.Partner.EDIT, load=queries.get_partner)
def retire(partner: Partner) -> Answer:
    """Take a partner out of use."""
    partner_id = partner.id
    with writing():
        services.retire_partner(actor=current_actor(), partner_id=partner_id, now=request_time())
    return redirect(url_for("partners.show", id=partner_id), 303)


def _created(form: PartnerForm, partner_id: UUID) -> bool:
    try:
        with writing():
            services.create_partner(
                actor=current_actor(), partner_id=partner_id, data=form.answers(), now=request_time()
            )
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True


def _updated(form: PartnerForm, partner_id: UUID) -> bool:
    try:
        with writing():
            services.update_partner(
                actor=current_actor(),
                partner_id=partner_id,
                data=form.answers(),
                rv=form.version,
                now=request_time(),
            )
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True


def _conflict(form: PartnerForm, partner_id: UUID) -> tuple[str, int]:
    session().expire_all()
    stored = queries.view_of(queries.get_partner(partner_id))
    rows = form.compared(stored)
    form.rv.raw_data, form.rv.data = None, str(stored.rv)
    return render_template("partners/edit.html", form=form, partner=stored, conflict=rows), 409


def _last() -> UUID | None:
    key = after(length=1)
    try:
        return UUID(str(key[0])) if key else None
    except ValueError:
        raise NotFound() from None


def _note_broken(rows: list[PartnerView]) -> None:
    for view in rows:
        if view.broken:
            note_broken_seal(view.broken)


def _status() -> int:
    return 422 if request.method == "POST" else 200


def _today() -> date:
    return request_time().astimezone(office_zone()).date()
