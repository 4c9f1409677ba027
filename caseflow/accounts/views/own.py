"""One's own sessions, recovery codes and PIN."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for

from caseflow.accounts import queries
from caseflow.accounts.forms import NewPinForm
from caseflow.accounts.services import passwords, pins, recovery
from caseflow.accounts.services import sessions as services
from caseflow.accounts.views.base import blueprint, codes_page, cost, settings
from caseflow.core import vault
from caseflow.core.db import writing
from caseflow.core.errors import Invalid
from caseflow.core.words import N_, gettext, ngettext
from caseflow.web.guards import confirmed, current_actor, request_time, signed_in
from caseflow.web.sessions import give_token


@blueprint.get("/account/sessions")
@signed_in
def own_sessions() -> str:
    """Where one is signed in."""
    rows = queries.live_sessions(current_actor(), now=request_time())
    return render_template("accounts/sessions.html", rows=rows)


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@signed_in
def end_session(session_id: UUID) -> Any:
    """End one of them; this one leads to the door."""
    actor = current_actor()
    with writing():
        services.end_own(actor=actor, session_id=session_id, now=request_time())
    if session_id == actor.session_id:
        give_token("")
        return redirect(url_for("accounts.sign_in", out=1), 303)
    flash(gettext("The session is ended."), "good")
    return redirect(url_for("accounts.own_sessions"), 303)


@blueprint.post("/account/sessions/end-others")
@signed_in
def end_other_sessions() -> Any:
    """End all but this one."""
    with writing():
        count = services.end_others(actor=current_actor(), now=request_time())
    flash(ngettext("%(num)s session is ended.", "%(num)s sessions are ended.", count), "good")
    return redirect(url_for("accounts.own_sessions"), 303)


@blueprint.post("/account/recovery-codes")
@confirmed
def new_recovery_codes() -> str:
    """Ten new recovery codes, on this answer and nowhere else."""
    with writing():
        codes = recovery.renew(actor=current_actor(), now=request_time())
    return codes_page(codes, going_on=url_for("accounts.account"), text=N_("Your former codes do not work any more."))


@blueprint.route("/account/pin", methods=["GET", "POST"])
@confirmed
def own_pin() -> Any:
    """Choose a PIN, or another one."""
    form: Any = NewPinForm()
    if form.is_submitted() and form.validate():
        try:
            return _keep_pin(pins.check_new(form.pin.data))
        except Invalid as error:
            form.add_problems(error.problems)
    has_one = bool(vault.read(queries.get_staff(current_actor().user_id)).get("pin"))
    shown = {"form": form, "has_one": has_one, "rest": settings().lock_minutes}
    return render_template("accounts/own_pin.html", **shown), 422 if form.mistakes else 200


@blueprint.post("/account/pin/remove")
@confirmed
def remove_pin() -> Any:
    """Do without a PIN."""
    with writing():
        pins.set_own(actor=current_actor(), pin_hash="", now=request_time())
    flash(gettext("You have no PIN any more."), "good")
    return redirect(url_for("accounts.account"), 303)


def _keep_pin(pin: str) -> Any:
    made = passwords.hash_password(pin, cost=cost())
    with writing():
        pins.set_own(actor=current_actor(), pin_hash=made, now=request_time())
    flash(gettext("Your PIN is kept."), "good")
    return redirect(url_for("accounts.account"), 303)
