"""Write a referral: choose a partner, fill in the form, correct it, send it to a supervisor."""

from typing import Any
from uuid import UUID

from flask import render_template, request

from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid, NotFound, Refused, StaleVersion, TooLate
from caseflow.core.policy import Action
from caseflow.core.words import N_
from caseflow.partners import queries as partners
from caseflow.referrals import forms, queries, services
from caseflow.referrals.models import Referral
from caseflow.referrals.states import ReferralState
from caseflow.referrals.views import choosing, comparing, drawing, showing
from caseflow.referrals.views.base import (
    Answer,
    blueprint,
    case_read_noted,
    note_broken,
    read_noted,
    to_referral,
    today_of,
    uuid_or_404,
    version_or_404,
    wants,
)
from caseflow.web import paging
from caseflow.web.forms.fields import showable
from caseflow.web.guards import current_actor, request_time, requires

CARDS = 15
EDITABLE = (ReferralState.DRAFT, ReferralState.RETURNED)
NOT_EDITABLE = N_("This referral was sent on, so it cannot be changed any more. A supervisor can return it to you.")


@blueprint.get("/cases/<uuid:id>/referrals/new")
@requires(Action.Referral.DRAFT, load=cases.get_case)
def new(case: Case) -> Answer:
    """Choose a partner; with `?partner=` the form."""
    if "partner" not in request.args:
        return _choose(case)
    partner, case = choosing.chosen(uuid_or_404(request.args["partner"])), case_read_noted(case.id)
    form = drawing.form_class(case, partner)(data={**drawing.first_choice(case, partner), "referral_id": str(new_id())})
    return drawing.form_page(case, partner, form)


@blueprint.post("/cases/<uuid:id>/referrals/new")
@requires(Action.Referral.DRAFT, load=cases.get_case)
def create(case: Case) -> Answer:
    """Keep a new referral; a repeated post shows the first result."""
    partner = choosing.chosen(uuid_or_404(request.args.get("partner")))
    form = drawing.form_class(case, partner)()
    referral_id = uuid_or_404(form.referral_id.data)
    if form.validate() and _kept(form, case_id=case.id, referral_id=referral_id, partner=partner):
        return _saved(referral_id)
    return drawing.form_page(case, partner, form), 422


@blueprint.get("/referrals/<uuid:id>/edit")
@requires(Action.Referral.DRAFT, load=queries.get_referral)
def edit(referral: Referral) -> Answer:
    """Correct a draft or a returned referral."""
    _still_open(referral)
    referral = read_noted(referral.id)
    doc, partner = _doc_and_partner(referral)
    data = {**drawing.stored_choice(doc), "referral_id": str(referral.id), "rv": str(referral.rv)}
    return drawing.form_page(
        referral.case, partner, drawing.form_class(referral.case, partner)(data=data), referral=referral, doc=doc
    )


@blueprint.post("/referrals/<uuid:id>/edit")
@requires(Action.Referral.DRAFT, load=queries.get_referral)
def save(referral: Referral) -> Answer:
    """Save a correction; one that rests on an older version gets the page that compares both."""
    _still_open(referral)
    doc, partner = _doc_and_partner(referral)
    form = drawing.form_class(referral.case, partner)(
        formdata=comparing.settled(request.form, drawing.stored_choice(doc))
    )
    rv, referral_id = version_or_404(form.rv.data), referral.id
    try:
        if form.validate() and _changed(form, referral_id=referral_id, rv=rv, partner=partner):
            return _saved(referral_id)
    except StaleVersion:
        return comparing.page(queries.get_referral(referral_id), form, partner), 409
    return drawing.form_page(referral.case, partner, form, referral=referral, doc=doc), 422


@blueprint.post("/referrals/<uuid:id>/submit")
@requires(Action.Referral.SUBMIT, load=queries.get_referral)
def submit(referral: Referral) -> Answer:
    """Send a draft to a supervisor; a closed gate says why."""
    return _submitted(referral.id, version_or_404(request.form.get("rv")))


def _choose(case: Case) -> str:
    filters = {name: showable(request.args.get(name, ""))[:100] for name in ("q", "service")}
    today = today_of(case.organisation_id)
    directory = partners.directory(text=filters["q"], service=filters["service"])
    found = choosing.in_order(directory, case_id=case.id, today=today)
    key = paging.after(length=1)
    rest = _following(found, uuid_or_404(str(key[0]))) if key else found
    page = paging.page_of(rest[: CARDS + 1], key=lambda view: (str(view.id),), size=CARDS)
    note_broken(page.items)
    shown = choosing.cards(page.items, case_id=case.id, today=today)
    return render_template(
        "referrals/choose.html", case=case, code_name=cases.code_name(vault.read(case)), cards=shown, page=page,
        total=len(found), filters=filters, services=forms.choices("service_type"),
    )  # fmt: skip


def _following(found: list[partners.PartnerView], last: UUID) -> list[partners.PartnerView]:
    """The partners after the last one shown. Raises NotFound when it is not among them."""
    ids = [one.id for one in found]
    if last not in ids:
        raise NotFound()
    return found[ids.index(last) + 1 :]


def _kept(form: Any, *, case_id: UUID, referral_id: UUID, partner: partners.PartnerView) -> bool:
    try:
        with writing():
            services.draft_referral(
                actor=current_actor(), referral_id=referral_id, case_id=case_id,
                data=drawing.form_data(form, partner), now=request_time(),
            )  # fmt: skip
    except Invalid as refusal:
        form.add_problems(refusal.problems)
        return False
    return True


def _changed(form: Any, *, referral_id: UUID, rv: int, partner: partners.PartnerView) -> bool:
    try:
        with writing():
            services.edit_referral(
                actor=current_actor(), referral_id=referral_id,
                data=drawing.form_data(form, partner), rv=rv, now=request_time(),
            )  # fmt: skip
    except Invalid as refusal:
        form.add_problems(refusal.problems)
        return False
    return True


def _saved(referral_id: UUID) -> Answer:
    if not wants("submit"):
        return to_referral(referral_id)
    return _submitted(referral_id, queries.get_referral(referral_id).rv)


def _submitted(referral_id: UUID, rv: int) -> Answer:
    """Submit, or the referral's page with the reasons why not. What waits already was sent by the first post."""
    if queries.get_referral(referral_id).state == ReferralState.PENDING:
        return to_referral(referral_id)
    try:
        with writing():
            services.submit(actor=current_actor(), referral_id=referral_id, rv=rv, now=request_time())
    except Refused as refusal:
        return showing.page(queries.get_referral(referral_id), refused=refusal), 422
    return to_referral(referral_id)


def _still_open(referral: Referral) -> None:
    if referral.state not in EDITABLE:
        raise TooLate(NOT_EDITABLE)


def _doc_and_partner(referral: Referral) -> tuple[dict[str, Any], partners.PartnerView]:
    doc = vault.read(referral)
    return doc, queries.partner_of(doc)
