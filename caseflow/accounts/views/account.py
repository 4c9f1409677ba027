"""One's own account."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, session, url_for
from flask_login import current_user

from caseflow.accounts import queries
from caseflow.accounts.forms import LanguageForm, OwnPasswordForm
from caseflow.accounts.queries.listing import held_by
from caseflow.accounts.services import changes, failures, passwords, sessions
from caseflow.accounts.views.base import blueprint, browser, burst_limit, cost, global_limit, settings
from caseflow.core import vault
from caseflow.core.db import writing
from caseflow.core.errors import Invalid
from caseflow.core.policy import Role
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.words import gettext, language
from caseflow.web.guards import current_actor, request_time, signed_in
from caseflow.web.sessions import current_session, give_token


@blueprint.get("/account")
@signed_in
def account() -> str:
    """Name, roles, language, password, session."""
    return _page(LanguageForm(data={"language": language()}), OwnPasswordForm())


@blueprint.post("/account/language")
@signed_in
def account_language() -> Any:
    """Keep one's language for every later sign-in."""
    form: Any = LanguageForm()
    if not form.validate():
        return _page(form, OwnPasswordForm(formdata=None)), 422
    with writing():
        changes.set_own_language(actor=current_actor(), language=form.language.data, now=request_time())
    session["language"] = form.language.data
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/password")
@signed_in
@global_limit
@burst_limit
def account_password() -> Any:
    """Change one's own password; every other session of the person ends."""
    form = OwnPasswordForm()
    if form.validate():
        try:
            return _change(form)
        except Invalid as error:
            form.add_problems(error.problems)
    return _page(LanguageForm(formdata=None, data={"language": language()}), form), 422


def _change(form: Any) -> Any:
    actor, now = current_actor(), request_time()
    check_present(form.current.data)
    changes.check_own_password(actor=actor, word=form.password.data)
    made = passwords.hash_password(form.password.data, cost=cost())
    data = {"language": language(), "_flashes": [("good", gettext("Your password is changed."))]}
    with writing():
        staff = changes.set_own_password(actor=actor, password_hash=made, now=now)
        token = sessions.start_session(staff=staff, level="full", now=now, data=data, device=browser().kept)[0]
    give_token(token)
    return redirect(url_for("accounts.account"), 303)


def check_present(word: str) -> None:
    """The present password, with five tries for each session. Raises Invalid, MustWait."""
    actor, now = current_actor(), request_time()
    staff = queries.get_staff(actor.user_id)
    account, place = staff.sign_in_token, failures.place_token(str(actor.session_id))
    failures.check_wait(account=account, place=place, now=now)
    if passwords.fits(staff.password_hash, word, cost=cost()):
        return
    with writing():
        failures.note_failure(account=account, place=place, staff_id=actor.user_id, now=now)
    raise Invalid({"current": (gettext("This is not your present password."), {})})


def _page(language_form: LanguageForm, password_form: OwnPasswordForm) -> str:
    actor, now = current_actor(), request_time()
    doc, teams = vault.read(queries.get_staff(actor.user_id)), queries.team_names()
    held = held_by(actor.user_id, now=now)
    roles = [(ROLE_LABELS[Role(row.role)], teams[row.team_id] if row.team_id else "") for row in held]
    facts = {"doc": doc, "roles": roles, "person": current_user, "since": current_session().held.confirmed_at}
    facts |= {"open_sessions": len(queries.live_sessions(actor, now=now)), "left": len(doc.get("recovery") or ())}
    used = doc.get("recovery_used") or ""
    facts |= {"rest": settings().lock_minutes, "used": datetime.fromisoformat(used) if used else None}
    return render_template("accounts/account.html", language_form=language_form, password_form=password_form, **facts)
