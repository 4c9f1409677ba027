"""Take up an invitation: choose a password, set up the second factor."""

import secrets
from typing import Any

import segno
from flask import flash, redirect, render_template, url_for

from caseflow.accounts import second_factor
from caseflow.accounts.forms import FactorForm, NewPasswordForm
from caseflow.accounts.queries.invitations import open_invitation
from caseflow.accounts.services import invitations, passwords
from caseflow.accounts.services.sign_in import WrongCode
from caseflow.accounts.views.base import blueprint, burst_limit, codes_page, cost, fours, global_limit, settings
from caseflow.core import vault
from caseflow.core.db import writing
from caseflow.core.errors import Invalid
from caseflow.core.words import N_, gettext
from caseflow.web.guards import open_to_all, request_time

_WELCOME = N_("Your account is open. Sign in with your new password.")
_WHY = "Whoever holds a one-time link has no account yet"


@blueprint.route("/join/<token>", methods=["GET", "POST"])
@open_to_all(_WHY)
@global_limit
@burst_limit
def join(token: str) -> Any:
    """Choose a password. Opening the page uses nothing up, because programs that check mail open links too."""
    _invitation, staff = open_invitation(token, now=request_time())
    form: Any = NewPasswordForm()
    sign_in = vault.read(staff)["sign_in"]
    if form.is_submitted() and form.validate():
        try:
            return _choose(token, form.password.data)
        except Invalid as error:
            form.add_problems(error.problems)
    return render_template("accounts/join.html", form=form, sign_in=sign_in, reset=False), 422 if form.mistakes else 200


@blueprint.route("/join/<token>/code", methods=["GET", "POST"])
@open_to_all(_WHY)
@global_limit
@burst_limit
def join_code(token: str) -> Any:
    """Scan the seed, show by a code that it arrived; then the account is open."""
    _invitation, staff = open_invitation(token, now=request_time())
    if not staff.password_hash:
        return redirect(url_for("accounts.join", token=token), 303)
    form: Any = FactorForm(data={"draw": secrets.token_urlsafe(16)})
    sign_in = vault.read(staff)["sign_in"]
    if form.is_submitted() and form.validate():
        try:
            return _finish(token, form)
        except WrongCode as error:
            form.add_problems({"code": (error.message, {})})
    seed = invitations.seed_for(token, form.draw.data or "")
    picture = segno.make(second_factor.address(seed, account=sign_in)).svg_data_uri(border=4, scale=4)
    shown = {"form": form, "seed": fours(seed), "picture": picture}
    return render_template("accounts/join_code.html", **shown), 422 if form.mistakes else 200


def _choose(token: str, word: str) -> Any:
    invitations.check_password(token=token, word=word, now=request_time())
    made, asks_code = passwords.hash_password(word, cost=cost()), settings().second_factor
    with writing():
        is_open = invitations.choose_password(token=token, password_hash=made, asks_code=asks_code, now=request_time())
    return _welcome() if is_open else redirect(url_for("accounts.join_code", token=token), 303)


def _finish(token: str, form: Any) -> Any:
    with writing():
        codes = invitations.join(token=token, draw=form.draw.data or "", code=form.code.data, now=request_time())
    return codes_page(codes, going_on=url_for("accounts.sign_in"), text=_WELCOME)


def _welcome() -> Any:
    flash(gettext(_WELCOME), "good")
    return redirect(url_for("accounts.sign_in"), 303)
