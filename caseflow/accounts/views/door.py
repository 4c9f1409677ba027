"""Sign in by password, then by code."""

from collections.abc import Callable
from typing import Any

from flask import g, redirect, render_template, request, url_for

from caseflow.accounts.forms import CodeForm, RecoveryForm, SignInForm
from caseflow.accounts.services import sign_in as services
from caseflow.accounts.services.failures import MustWait
from caseflow.accounts.services.sign_in import WrongCode, WrongSignIn
from caseflow.accounts.views.base import blueprint, browser, burst_limit, cost, global_limit, place, settings
from caseflow.core.db import writing
from caseflow.core.errors import CaseFlowError
from caseflow.web.forms import CaseForm
from caseflow.web.guards import open_to_all, request_time
from caseflow.web.local import local_path
from caseflow.web.sessions import SignedIn, current_session, give_token

Answer = Any
Check = Callable[..., bool]
Enter = Callable[..., str]


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to_all("The door itself")
@global_limit
@burst_limit
def sign_in() -> Answer:
    """Ask for name and password; the answer is the same for every name that does not fit."""
    form: Any = SignInForm(data={"next": local_path(request.args.get("next"))})
    problem = None
    if request.method == "GET" and _inside():
        return redirect(form.next.data, 303)
    if form.is_submitted() and form.validate():
        try:
            return _enter(form)
        except (WrongSignIn, MustWait) as error:
            problem = error
    return _page("accounts/sign_in.html", form, problem)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@open_to_all("The second page of the door; it wants a session that began with the password")
@global_limit
@burst_limit
def sign_in_code() -> Answer:
    """Ask for the second factor."""
    return _second_page("accounts/code.html", CodeForm, services.check_code, services.enter_with_code)


@blueprint.route("/sign-in/recovery", methods=["GET", "POST"])
@open_to_all("Another second page of the door, for who has no phone at hand")
@global_limit
@burst_limit
def sign_in_recovery() -> Answer:
    """Ask for a recovery code in place of the second factor."""
    pair = services.check_recovery, services.enter_with_recovery
    return _second_page("accounts/recovery.html", RecoveryForm, *pair)


def _inside() -> bool:
    held = current_session()
    return isinstance(held, SignedIn) and held.level == "full"


def _enter(form: Any) -> Answer:
    now, asks_code = request_time(), settings().second_factor
    word = {"sign_in": form.sign_in.data, "word": form.password.data}
    checked = services.check_password(**word, place=place(), cost=cost(), now=now)
    if not checked.fits:
        with writing():
            services.refuse(checked, place=place(), now=now)
        raise WrongSignIn()
    seen = browser()
    with writing():
        token = services.enter(checked, browser=seen, asks_code=asks_code, now=now)
    following = local_path(form.next.data)
    give_token(token)
    return redirect(url_for("accounts.sign_in_code", next=following) if asks_code else following, 303)


def _second_page(template: str, form_class: type[CaseForm], check: Check, enter: Enter) -> Answer:
    form: Any = form_class(data={"next": local_path(request.args.get("next"))})
    problem = None
    held = current_session()
    if not isinstance(held, SignedIn) or held.level != "password":
        return redirect(url_for("accounts.sign_in", next=form.next.data), 303)
    if form.is_submitted() and form.validate():
        try:
            return _enter_with_code(held, form, check, enter)
        except (WrongCode, WrongSignIn, MustWait) as error:
            problem = error
    return _page(template, form, problem)


def _enter_with_code(held: SignedIn, form: Any, check: Check, enter: Enter) -> Answer:
    now, who, seen = request_time(), held.actor.user_id, browser()
    if not check(staff_id=who, code=form.code.data, place=seen.place, now=now):
        with writing():
            services.refuse_code(staff_id=who, place=seen.place, now=now)
        raise WrongCode()
    with writing():
        token = enter(staff_id=who, code=form.code.data, browser=seen, now=now)
    give_token(token)
    return redirect(local_path(form.next.data), 303)


def _page(template: str, form: Any, problem: CaseFlowError | None) -> Answer:
    if problem is not None:
        form.add_problems({"": (problem.message, problem.params)})
    status = problem.status if problem else 422 if form.mistakes else 200
    lost = g.get("session_was_lost", False) and request.method == "GET"
    host = settings().public_url.split("//")[1]
    return render_template(template, form=form, lost=lost, out="out" in request.args, host=host), status
