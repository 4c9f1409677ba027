"""A new password by a one-time link and one's own second factor: for who forgot the old one."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from caseflow.accounts.forms import NewPasswordForm, ResetForm
from caseflow.accounts.queries.invitations import open_invitation
from caseflow.accounts.services import passwords
from caseflow.accounts.services import resets as services
from caseflow.accounts.services.failures import MustWait
from caseflow.accounts.services.sign_in import WrongCode
from caseflow.accounts.views.base import blueprint, burst_limit, cost, global_limit, place, settings
from caseflow.core import vault
from caseflow.core.db import writing
from caseflow.core.errors import Invalid
from caseflow.core.words import gettext
from caseflow.web.guards import open_to_all, request_time


@blueprint.route("/password/<token>", methods=["GET", "POST"])
@open_to_all("Whoever forgot the password cannot sign in; the link opens nothing without the second factor")
@global_limit
@burst_limit
def new_password(token: str) -> Any:
    """Choose a new password, showing the second factor. Opening the page uses nothing up."""
    _invitation, staff = open_invitation(token, purpose="password", now=request_time())
    sign_in, asks_code = vault.read(staff)["sign_in"], settings().second_factor
    form: Any = ResetForm() if asks_code else NewPasswordForm()
    if form.is_submitted() and form.validate():
        try:
            return _choose(token, form, asks_code)
        except Invalid as error:
            form.add_problems(error.problems)
        except (WrongCode, MustWait) as error:
            form.add_problems({"code" if asks_code else "": (error.message, error.params)})
    shown = {"form": form, "sign_in": sign_in, "reset": True}
    return render_template("accounts/join.html", **shown), 422 if form.mistakes else 200


def _choose(token: str, form: Any, asks_code: bool) -> Any:
    now, here = request_time(), place()
    services.check(token=token, word=form.password.data, place=here, now=now)
    made = passwords.hash_password(form.password.data, cost=cost())
    code = form.code.data if asks_code else ""
    try:
        with writing():
            services.choose(token=token, password_hash=made, code=code, asks_code=asks_code, now=now)
    except WrongCode:
        with writing():
            services.refuse(token=token, place=here, now=now)
        raise
    flash(gettext("Your password is changed. Sign in with it."), "good")
    return redirect(url_for("accounts.sign_in"), 303)
