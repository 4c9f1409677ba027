"""After an emergency issue: the letter, whom to call, who answered; and the decision within 24 hours."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for

from caseflow.accounts.queries import staff_names
from caseflow.accounts.queries.duty import ROLES
from caseflow.core import catalogue, vault
from caseflow.core.db import writing
from caseflow.core.errors import Invalid, NotFound, TooLate
from caseflow.core.policy import Action, Role
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.words import gettext, language
from caseflow.referrals import queries, services
from caseflow.referrals.forms.emergency import call_form, ratify_form
from caseflow.referrals.models import Referral
from caseflow.referrals.views import showing
from caseflow.referrals.views.base import Answer, blueprint, read_noted, today_of
from caseflow.referrals.views.telling import telling
from caseflow.web.filters import office_zone
from caseflow.web.forms import CaseForm
from caseflow.web.guards import current_actor, request_time, requires

CALLED_FIRST = 3


def get_emergency(referral_id: UUID) -> Referral:
    """A referral that left as an emergency issue. Raises NotFound for any other."""
    referral = queries.get_referral(referral_id)
    if not referral.emergency:
        raise NotFound()
    return referral


@blueprint.get("/referrals/<uuid:id>/emergency")
@requires(Action.Referral.READ, load=get_emergency)
def emergency_issued(referral: Referral) -> Answer:
    """It is issued: the letter, the calls to make, who answered."""
    referral = read_noted(referral.id)
    here = request_time().astimezone(office_zone())
    return _issued_page(referral, call_form(_to_call(referral))(data={"called_at": f"{here:%H:%M}"}))


@blueprint.post("/referrals/<uuid:id>/called")
@requires(Action.Referral.ANSWER, load=get_emergency)
def called(referral: Referral) -> Answer:
    """Record that somebody on duty was called."""
    form, referral_id = call_form(_to_call(referral))(), referral.id
    if form.validate() and _was_called(form, referral_id):
        return redirect(url_for("referrals.emergency_issued", id=referral_id), 303)
    return _issued_page(queries.get_referral(referral_id), form), 422


@blueprint.get("/referrals/<uuid:id>/ratify")
@requires(Action.Referral.RATIFY, load=get_emergency)
def ratify(referral: Referral) -> Answer:
    """What was told, why, who was called; ratify or recall."""
    if referral.approver_id is not None:
        return _decided_page(referral, ""), 409
    _note_read(referral)
    referral = queries.get_referral(referral.id)
    return _ratify_page(referral, _ratify_form()(data={"snapshot": queries.snapshot_digest(referral)}))


@blueprint.post("/referrals/<uuid:id>/ratify")
@requires(Action.Referral.RATIFY, load=get_emergency, step_up=True)
def record_ratification(referral: Referral) -> Answer:
    """Record the decision; who comes second sees what was decided, and keeps what they typed."""
    form, referral_id = _ratify_form()(), referral.id
    try:
        if referral.approver_id is not None:
            raise TooLate()
        if form.validate() and _decided(form, referral_id):
            flash(gettext("Your decision is recorded."), "good")
            return redirect("/", 303)
    except TooLate as late:
        return _too_late(queries.get_referral(referral_id), form, late), 409
    return _ratify_page(queries.get_referral(referral_id), form), 422


def _too_late(referral: Referral, form: CaseForm, late: TooLate) -> str:
    """Somebody decided first; or the form was about something else than what was issued, and is shown anew."""
    if referral.approver_id is not None:
        return _decided_page(referral, form["reason"].data or "")
    form["snapshot"].raw_data = [queries.snapshot_digest(referral)]
    form.further.append(late.text)
    return _ratify_page(referral, form)


def _note_read(referral: Referral) -> None:
    referral_id = referral.id
    with writing():
        services.note_emergency_read(actor=current_actor(), referral_id=referral_id, now=request_time())


def _to_call(referral: Referral) -> list[tuple[str, str]]:
    """(Id, name and role) of who can be called, in order."""
    now = request_time()
    found = [one for role in ROLES for one in queries.whom_to_call(referral.case, role, now=now)[:CALLED_FIRST]]
    comma = gettext(", ")
    return [(str(one.user_id), f"{one.name}{comma}{gettext(ROLE_LABELS[one.role])}") for one in found if not one.broken]


def _was_called(form: CaseForm, referral_id: UUID) -> bool:
    values, now = form.values(), request_time()
    here = now.astimezone(office_zone())
    at = datetime.combine(here.date(), time.fromisoformat(values["called_at"]), tzinfo=office_zone())
    if at > here:  # just after midnight one writes down the call of 23:55
        at -= timedelta(days=1)
    try:
        with writing():
            services.note_call(
                actor=current_actor(), referral_id=referral_id, user_id=UUID(values["who"]),
                happened_at=at.astimezone(UTC), now=now,
            )  # fmt: skip
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True


def _ratify_form() -> type[CaseForm]:
    return ratify_form(may_suspend=current_actor().has(Role.SUPERVISOR))


def _decided(form: CaseForm, referral_id: UUID) -> bool:
    values = form.values()
    act: dict[str, Any] = {
        "actor": current_actor(), "referral_id": referral_id, "snapshot_digest": values.get("snapshot", ""),
        "text": values.get("reason", ""), "now": request_time(),
    }  # fmt: skip
    try:
        with writing():
            if values["decision"] == "ratify":
                services.ratify(**act)
            else:
                services.recall(**act, suspend=bool(values.get("suspend")))
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True


def _issued_page(referral: Referral, form: CaseForm) -> str:
    row = queries.row_of(referral)
    people = queries.whom_to_call(referral.case, Role.SUPERVISOR, now=request_time())[:CALLED_FIRST]
    return render_template(
        "referrals/emergency/issued.html", referral=referral, row=row, form=form, partner=queries.partner_of(row.doc),
        register=queries.register_number(referral), letters=bool(row.doc["documents"]),
        on_duty=people, decided=showing.decided(row.doc), **_facts(row.doc),
    )  # fmt: skip


def _ratify_page(referral: Referral, form: CaseForm) -> str:
    row, today = queries.row_of(referral), today_of(referral.organisation_id)
    told = telling(referral, row.doc, today, [])
    return render_template(
        "referrals/emergency/ratify.html", referral=referral, row=row, doc=row.doc, form=form, told=told,
        partner=queries.partner_of(row.doc), checks=queries.checks_of(referral, today),
        author=staff_names([referral.author_id]).get(referral.author_id, ""), answered=showing.state_look(row),
        **_facts(row.doc),
    )  # fmt: skip


def _decided_page(referral: Referral, kept: str) -> str:
    row, decision = queries.row_of(referral), vault.read(referral)["emergency"]["decision"]
    by = UUID(decision["by"])
    return render_template(
        "referrals/emergency/decided.html", referral=referral, row=row, decision=decision, kept=kept,
        who=staff_names([by]).get(by, ""), at=datetime.fromisoformat(decision["at"]),
    )  # fmt: skip


def _facts(doc: dict[str, Any]) -> dict[str, Any]:
    """The danger in words, and the calls: (name, when)."""
    emergency = doc["emergency"]
    names = staff_names(UUID(one["who"]) for one in emergency["called"])
    calls = [(names.get(UUID(one["who"]), ""), datetime.fromisoformat(one["at"])) for one in emergency["called"]]
    danger = catalogue.load().label("emergency_reason", emergency["reason"], language())
    return {"danger": danger, "calls": calls, "consented": emergency["ground"] != "vital_interest"}
