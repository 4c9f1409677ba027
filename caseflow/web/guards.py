"""Every endpoint declares its guard; one without a guard is refused, and a test fails on it.

A guard loads the object, asks policy, then calls the view with it. An object that may not be read answers as an
unknown one does: 404, same body.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask, g, redirect, request, url_for
from werkzeug.wrappers import Response

from caseflow.core import clock
from caseflow.core.errors import NotAllowed
from caseflow.core.policy import ActionEnum, Actor, require
from caseflow.web.sessions import SignedIn, current_session

View = Callable[..., Any]
STEP_UP_FOR = timedelta(minutes=5)


class SignInNeeded(NotAllowed):
    """Nobody is signed in, or the second factor is still to come."""


class PinNeeded(SignInNeeded):
    """The session rested; its owner's PIN opens it again. Accounts answers this one, and keeps what was posted."""


class StepUpNeeded(NotAllowed):
    """The act wants the second factor again; the error handler shows a page that keeps what was posted."""


@dataclass(frozen=True)
class Guard:
    """What an endpoint asks for: an action, or a reason for being open."""

    action: ActionEnum | None = None
    load: Callable[..., Any] | None = None
    open_reason: str = ""
    step_up: bool = False
    anyone_signed_in: bool = False


def current_actor() -> Actor:
    """Who acts in this request. Raises SignInNeeded, PinNeeded."""
    held = current_session()
    if isinstance(held, SignedIn) and held.level == "locked":
        raise PinNeeded()
    if not isinstance(held, SignedIn) or held.level != "full":
        raise SignInNeeded()
    return held.actor


def request_time() -> datetime:
    """The moment of this request: read once, so that everything in it agrees."""
    if "now" not in g:
        g.now = clock.now()
    return cast(datetime, g.now)


def requires(
    action: ActionEnum, *, load: Callable[..., Any] | None = None, step_up: bool = False
) -> Callable[[View], View]:
    """Ask policy for `action`, on the object that `load(id)` finds when the address has an `<uuid:id>`.

    The view gets the object as its first argument. With `step_up` a POST needs a second factor shown within five
    minutes. Raises NotFound, NotAllowed, SignInNeeded, StepUpNeeded.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            actor = current_actor()
            found = [load(arguments.pop("id"))] if load else []
            require(actor, action, *found)
            if step_up and request.method == "POST":
                _confirm_lately()
            return view(*found, **arguments)

        return _declare(guarded, Guard(action, load, step_up=step_up))

    return decorate


def signed_in(view: View) -> View:
    """For pages of every member of staff: home, own account, language."""
    return _of_all_staff(view, step_up=False)


def confirmed(view: View) -> View:
    """For what a member of staff does to their own account and weighs: a POST needs the second factor, as above."""
    return _of_all_staff(view, step_up=True)


def _of_all_staff(view: View, *, step_up: bool) -> View:
    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        current_actor()
        if step_up and request.method == "POST":
            _confirm_lately()
        return view(**arguments)

    return _declare(guarded, Guard(anyone_signed_in=True, step_up=step_up))


def open_to_all(reason: str) -> Callable[[View], View]:
    """For the few endpoints that need no sign-in; the reason is part of the declaration."""
    return lambda view: _declare(view, Guard(open_reason=reason))


def guard_of(view: View) -> Guard | None:
    """The declared guard of a view function."""
    return getattr(view, "caseflow_guard", None)


def init_app(app: Flask) -> None:
    """Refuse every endpoint without a guard (closed by default); send who is not signed in to the door."""

    def closed_by_default() -> Response | None:
        view = app.view_functions.get(request.endpoint or "")
        if view is not None and request.endpoint != "static" and guard_of(view) is None:
            raise NotAllowed()
        return None

    def to_the_door(_error: SignInNeeded) -> Response:
        following = request.full_path.rstrip("?") if request.method == "GET" else ""
        held = current_session()
        half_way = isinstance(held, SignedIn) and held.level == "password"
        door = "accounts.sign_in_code" if half_way else "accounts.sign_in"
        return redirect(url_for(door, next=following or None), 303)

    app.before_request(closed_by_default)
    app.register_error_handler(SignInNeeded, to_the_door)


def _declare(view: View, guard: Guard) -> View:
    view.caseflow_guard = guard  # type: ignore[attr-defined]
    return view


def _confirm_lately() -> None:
    held = current_session()
    if not isinstance(held, SignedIn) or not held.needs_step_up(request_time(), STEP_UP_FOR):
        return
    shown = request.form.get("confirm_code") or request.form.get("confirm_recovery") or ""
    if not held.confirm(shown, now=request_time()):
        raise StepUpNeeded()
