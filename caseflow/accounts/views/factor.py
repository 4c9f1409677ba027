"""A new second factor: set up by its owner, signed in, or by who lost it, with a link that two people agreed to."""

import secrets
from typing import Any

import segno
from flask import render_template, url_for

from caseflow.accounts import queries, second_factor
from caseflow.accounts.forms import NewFactorForm
from caseflow.accounts.queries.invitations import open_invitation
from caseflow.accounts.services import factor as services
from caseflow.accounts.services.failures import MustWait
from caseflow.accounts.services.invitations import seed_for
from caseflow.accounts.services.sign_in import WrongCode
from caseflow.accounts.views.account import check_present
from caseflow.accounts.views.base import blueprint, burst_limit, codes_page, cost, fours, global_limit, place
from caseflow.core import vault
from caseflow.core.db import writing
from caseflow.core.errors import Invalid
from caseflow.core.words import N_
from caseflow.web.guards import confirmed, current_actor, open_to_all, request_time


@blueprint.route("/factor/<token>", methods=["GET", "POST"])
@open_to_all("Whoever lost the second factor cannot sign in; the link opens nothing without the password")
@global_limit
@burst_limit
def factor(token: str) -> Any:
    """Scan a new seed, show password and code; then the old factor is dead. Opening the page uses nothing up."""
    _invitation, staff = open_invitation(token, purpose="factor", now=request_time())
    form: Any = NewFactorForm(data={"draw": secrets.token_urlsafe(16)})
    account = vault.read(staff)["sign_in"]
    if form.is_submitted() and form.validate():
        try:
            return _set_up(token, form)
        except Invalid as error:
            form.add_problems(error.problems)
        except (WrongCode, MustWait) as error:
            form.add_problems({"": (error.message, error.params)})
    return _page(form, seed_for(token, form.draw.data or ""), account)


@blueprint.route("/account/factor", methods=["GET", "POST"])
@confirmed
def own_factor() -> Any:
    """Set up a new phone for oneself; who lost the old one came in with a recovery code."""
    form: Any = NewFactorForm(data={"draw": secrets.token_urlsafe(16)})
    seed = seed_for(f"own {current_actor().user_id}", form.draw.data or "")
    if form.is_submitted() and form.validate():
        try:
            return _renew(form, seed)
        except Invalid as error:
            form.add_problems(error.problems)
        except (WrongCode, MustWait) as error:
            form.add_problems({"": (error.message, error.params)})
    return _page(form, seed, vault.read(queries.get_staff(current_actor().user_id))["sign_in"], own=True)


def _page(form: Any, seed: str, account: str, *, own: bool = False) -> tuple[str, int]:
    picture = segno.make(second_factor.address(seed, account=account)).svg_data_uri(border=4, scale=4)
    shown = {"form": form, "seed": fours(seed), "picture": picture, "sign_in": account, "own": own}
    return render_template("accounts/factor.html", **shown), 422 if form.mistakes else 200


def _renew(form: Any, seed: str) -> str:
    check_present(form.current.data)
    with writing():
        codes = services.renew(actor=current_actor(), seed=seed, code=form.code.data, now=request_time())
    text = N_("Your codes come from the new phone now. The old ones are dead, and you are signed out everywhere else.")
    return codes_page(codes, going_on=url_for("accounts.account"), text=text)


def _set_up(token: str, form: Any) -> Any:
    now, here = request_time(), place()
    if not services.check_password(token=token, word=form.current.data, place=here, cost=cost(), now=now):
        with writing():
            services.refuse(token=token, place=here, now=now)
        raise Invalid({"current": (N_("This is not your password."), {})})
    with writing():
        codes = services.set_up(token=token, draw=form.draw.data or "", code=form.code.data, now=now)
    text = N_("Your codes come from the new phone now. The old ones are dead, and you are signed out everywhere.")
    return codes_page(codes, going_on=url_for("accounts.sign_in"), text=text)
