"""The second pair of eyes: what will be told, what not, the checks, and the decision."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for

from caseflow.accounts.queries import staff_names
from caseflow.core import vault
from caseflow.core.db import writing
from caseflow.core.errors import Invalid, NotAllowed, Refused, TooLate
from caseflow.core.policy import Action, permits
from caseflow.core.words import N_, gettext
from caseflow.referrals import forms, queries, services
from caseflow.referrals.models import Referral
from caseflow.referrals.states import EVENT_LABELS, ReferralState
from caseflow.referrals.views import showing
from caseflow.referrals.views.base import Answer, blueprint, read_noted, to_referral, today_of, version_or_404, wants
from caseflow.referrals.views.line import spoken
from caseflow.referrals.views.telling import about, telling
from caseflow.web.guards import current_actor, request_time, requires

WROTE = N_("You wrote or changed this referral, so somebody else must decide on it.")
TOOK = N_("You took a consent on which this referral rests, so somebody else must decide on it.")
NOT_SUPERVISOR = N_("Only a supervisor of this team decides on referrals.")
DECISIONS = ("approve", "return", "decline")
HOME = "home"
DONE = {
    "approve": N_("Approved. The letter is being made."),
    "return": N_("Returned with your comments."),
    "decline": N_("Recorded: this referral is not made."),
}


def to_decide(referral_id: UUID) -> Referral:
    """The referral, for who may decide on it. Raises NotAllowed with the reason for who may only read it."""
    referral, actor = queries.get_referral(referral_id), current_actor()
    may_read = permits(actor, Action.Referral.READ, referral)
    if not may_read or permits(actor, Action.Referral.APPROVE, referral):
        return referral
    doc = vault.read(referral)
    if str(actor.user_id) in doc["hands"] or referral.author_id == actor.user_id:
        raise NotAllowed(WROTE)
    raise NotAllowed(TOOK if str(actor.user_id) in doc["takers"] else NOT_SUPERVISOR)


@blueprint.get("/referrals/<uuid:id>/decide")
@requires(Action.Referral.APPROVE, load=to_decide)
def decide(referral: Referral) -> Answer:
    """The approval page: what the letter tells, what not and why, the checks, the decision."""
    if referral.state != ReferralState.PENDING:
        return _too_late(referral, None), 409
    read_noted(referral.id)
    first = {"snapshot": queries.snapshot_digest(referral), "rv": str(referral.rv)}
    first["back"] = HOME if request.args.get("back") == HOME else ""
    return _page(referral, _form(referral)(data=first))


@blueprint.post("/referrals/<uuid:id>/decide")
@requires(Action.Referral.APPROVE, load=to_decide, step_up=True)
def record_decision(referral: Referral) -> Answer:
    """Record the decision; whoever comes second sees who decided what, and keeps what they typed."""
    form, referral_id = _form(referral)(), referral.id
    try:
        if referral.state != ReferralState.PENDING:
            raise TooLate()
        if form.validate() and _decided(form, referral_id):
            return _onward(form, referral_id)
    except TooLate:
        return _too_late(queries.get_referral(referral_id), form), 409
    return _page(queries.get_referral(referral_id), form), 422


def _onward(form: forms.DecisionForm, referral_id: UUID) -> Answer:
    """Where a decision leads: to the next that waits, back to the list on the start page, or to the referral."""
    if not wants("next") and form.back.data != HOME:
        return to_referral(referral_id)
    flash(gettext(DONE[form.decision.data or ""]), "good")
    following = _others(referral_id) if wants("next") else []
    if not following:
        return redirect("/#waiting", 303)
    return redirect(url_for("referrals.decide", id=following[0].id, back=form.back.data or None), 303)


def _others(referral_id: UUID) -> list[queries.ReferralRow]:
    """What else waits for a decision by this person, the most urgent first."""
    actor = current_actor()
    return [
        row
        for row in queries.to_decide(queries.of_teams(actor))
        if row.id != referral_id and not row.broken and permits(actor, Action.Referral.APPROVE, row)
    ]


def _decided(form: forms.DecisionForm, referral_id: UUID) -> bool:
    """Hand the decision to its service; False when it was refused with reasons."""
    act: dict[str, Any] = {
        "actor": current_actor(), "referral_id": referral_id, "rv": version_or_404(form.rv.data), "now": request_time(),
    }  # fmt: skip
    try:
        with writing():
            if form.decision.data == "approve":
                services.approve(snapshot_digest=form.snapshot.data or "", **act)
            elif form.decision.data == "return":
                services.return_(comments={form["group"].data or "": form.comment.data or ""}, **act)
            else:
                services.decline(reason=form.reason.data or "", **act)
    except Invalid as refusal:
        form.add_problems(refusal.problems)
        return False
    except Refused as refusal:
        form.further += [refusal.text, *(gettext(message, **params) for message, params in refusal.reasons)]
        return False
    return True


def _form(referral: Referral) -> type[forms.DecisionForm]:
    """The form of the decision; what is decided already is about nothing any more."""
    if referral.state != ReferralState.PENDING:
        return forms.decision_form([])
    told = telling(referral, vault.read(referral), today_of(referral.organisation_id), [])
    return forms.decision_form(about(told))


def _page(referral: Referral, form: forms.DecisionForm) -> str:
    row, today = queries.row_of(referral), today_of(referral.organisation_id)
    checks = queries.checks_of(referral, today)
    told = telling(referral, row.doc, today, spoken(row.doc["comments"]))
    return render_template(
        "referrals/decide.html", referral=referral, row=row, doc=row.doc, told=told, form=form,
        partner=queries.partner_of(row.doc), clock=showing.clock(row, request_time()),
        urgency=showing.URGENCY.get(row.doc["urgency"]), names=staff_names([referral.author_id]),
        checks=sorted(checks, key=lambda one: ("failed", "look", "passed").index(one.status)),
        doubtful=sum(one.status != "passed" for one in checks), others=len(_others(referral.id)),
        changes=queries.changes_since_sent(referral),
    )  # fmt: skip


def _too_late(referral: Referral, form: forms.DecisionForm | None) -> str:
    """Somebody decided first, or the referral waits again with other content."""
    row = queries.row_of(referral)
    decided = (
        one for one in reversed(queries.events_of(referral.id)) if one.verb in (*DECISIONS, "withdraw", "cancel")
    )
    last = None if referral.state == ReferralState.PENDING else next(decided, None)
    return render_template(
        "referrals/decided.html", referral=referral, row=row, last=last,
        what=gettext(EVENT_LABELS[last.verb]) if last else "", state=showing.state_look(row),
        who=staff_names([last.actor_id]).get(last.actor_id, "") if last and last.actor_id else "",
        kept=(form.comment.data or form.reason.data or "") if form else "",
    )  # fmt: skip
