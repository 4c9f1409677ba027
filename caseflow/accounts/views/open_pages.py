"""Pages without a feature behind them: language, rights, health."""

from typing import Any

from flask import current_app, redirect, render_template, request, session
from sqlalchemy import select

from caseflow.accounts.queries.rights import rights
from caseflow.accounts.views.base import blueprint
from caseflow.core.db import session as database
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.words import LANGUAGES, N_, gettext
from caseflow.web.guards import open_to_all, signed_in
from caseflow.web.local import local_path

RESOURCES = {
    "case": N_("Cases"),
    "contact": N_("Help without a case"),
    "consent": N_("Consent"),
    "partner": N_("Partners"),
    "referral": N_("Referrals"),
    "task": N_("Tasks"),
    "audit": N_("Audits"),
    "people": N_("People"),
    "request": N_("A second person"),
    "duty": N_("Duty roster"),
    "trail": N_("Trail"),
}


@blueprint.post("/language")
@open_to_all("A page must be readable before one signs in")
def language() -> Any:
    """Read on in the other language."""
    if request.form.get("language") in LANGUAGES:
        session["language"] = request.form["language"]
    return redirect(local_path(request.form.get("next")), 303)


@blueprint.get("/rights")
@signed_in
def show_rights() -> str:
    """Who may do what, read from the rules."""
    groups = [(gettext(RESOURCES[name]), lines) for name, lines in rights().items()]
    return render_template("accounts/rights.html", groups=groups, roles=ROLE_LABELS)


@blueprint.get("/health")
@open_to_all("Watchdogs have no account; the answer says one word")
def health() -> Any:
    """Whether both databases answer."""
    database().execute(select(1))
    good = current_app.extensions["caseflow"].store.state() is not None
    return {"status": "ok" if good else "failing"}, 200 if good else 503
