"""A post on a dead or resting session: kept under a key in a cookie, and back in its form when its writer is.

It is never sent by itself. The page of the form shows what was typed as after a mistake; a form that cannot take it
leaves it to a page that shows it as text. Saved or given up, it is destroyed.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, cast
from uuid import UUID

from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.routing import RequestRedirect

from caseflow.accounts.services import parking
from caseflow.accounts.services.parking import Kept
from caseflow.accounts.views.base import blueprint, settings
from caseflow.accounts.views.leaving import leave_anyway
from caseflow.accounts.views.said import in_words
from caseflow.core.db import writing
from caseflow.core.errors import NotFound
from caseflow.core.words import gettext
from caseflow.web.forms import refill
from caseflow.web.guards import guard_of, request_time, signed_in
from caseflow.web.refusals import show_http_error
from caseflow.web.sessions import Sessions, SignedIn, current_session

AN_HOUR = 3600
SECRET = frozenset({"csrf_token", "confirm_code", "confirm_recovery", "password", "again", "current", "code", "pin"})
DONE, SHOWN = 303, 200


@blueprint.app_errorhandler(CSRFError)
def park(error: CSRFError) -> Any:
    """The form token of a dead session fits nothing: instead of losing the text, keep it and ask to sign in."""
    if request.endpoint == "accounts.leave":
        return leave_anyway()
    if not g.get("session_was_lost"):
        return show_http_error(error)
    answer = redirect(url_for("accounts.sign_in", next=url_for("accounts.kept")), 303)
    return answer if keep(answer) else show_http_error(error)


def keep(answer: Any) -> bool:
    """Seal what was posted and put its key into a cookie of the answer; False when there is nothing to keep."""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in SECRET]
    view = current_app.view_functions.get(request.endpoint or "")
    guard = guard_of(view) if view else None
    written = any(refill.is_written(name, value) for name, value in fields)
    if not written or guard is None or guard.open_reason or request.form.get("then") in refill.KEPT_NOWHERE:
        return False
    token = request.cookies[cast(Sessions, current_app.session_interface).token_name]
    path = request.full_path.rstrip("?")
    try:
        with writing():
            its_id, key = parking.park(token=token, path=path, fields=fields, now=request_time())
    except NotFound:
        return False
    value, secure = f"{its_id.hex}.{urlsafe_b64encode(key).decode()}", settings().https
    answer.set_cookie(_cookie(), value, max_age=AN_HOUR, secure=secure, httponly=True, samesite="Strict")
    return True


def has_kept() -> bool:
    """Whether this browser holds the key of something kept."""
    return _cookie() in request.cookies


@blueprint.before_app_request
def offer_kept() -> None:
    """Put what was typed back into its form, when its writer looks at the page of it."""
    g.kept = kept = _found() if has_kept() and request.endpoint not in ("static", "accounts.kept") else None
    if kept is not None and request.method == "GET" and request.path == page_of(kept.path):
        refill.offer(kept.fields)


@blueprint.after_app_request
def let_go(answer: Response) -> Response:
    """What was saved is kept no more. A form that came back for another look changes nothing."""
    kept = g.get("kept")
    if kept is None or request.method != "POST" or request.path != kept.path.partition("?")[0]:
        return answer
    if answer.status_code == DONE or (answer.status_code == SHOWN and "then" not in request.form):
        _destroy(kept, answer)
    return answer


@blueprint.app_context_processor
def known() -> dict[str, Any]:
    """For the frame of every page: what is kept, and whether the form of this page shows it."""
    return {"kept_post": g.get("kept"), "is_refilled": refill.is_taken}


@blueprint.get("/kept")
@signed_in
def kept() -> Any:
    """On to the form that shows what was typed; as text, where it has none or when this was asked for."""
    found = _found()
    if found is None:
        return _forgotten(redirect("/", 303))
    page = page_of(found.path)
    if page and "text" not in request.args:
        return redirect(_with_query(page, found.path), 303)
    facts = {"fields": in_words(found.fields), "sent": found.fields, "path": found.path, "back": page}
    return render_template("accounts/kept.html", **facts)


@blueprint.post("/kept")
@signed_in
def give_up_kept() -> Any:
    """Destroy it: its writer wants it no more."""
    found = _found()
    if found is None:
        raise NotFound()
    answer = redirect(page_of(found.path) or "/", 303)
    _destroy(found, answer)
    flash(gettext("What you had written is gone. Nothing of it was saved."), "good")
    return answer


def page_of(path: str) -> str:
    """The address of the page with the form: the same, or the nearest above it that can be looked at; "" for none."""
    here = path.partition("?")[0]
    while here.strip("/"):
        if _can_be_looked_at(here):
            return here
        here = here.rpartition("/")[0]
    return ""


def _with_query(page: str, path: str) -> str:
    return path if page == path.partition("?")[0] else page


def _can_be_looked_at(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, "GET")  # type: ignore[union-attr]
    except (MethodNotAllowed, NoSuchPage, RequestRedirect):
        return False
    return True


def _cookie() -> str:
    return "__Host-cf-kept" if settings().https else "cf-kept"


def _found() -> Kept | None:
    """What this browser's key opens, for its writer alone and only once they are inside again."""
    held = current_session()
    if not isinstance(held, SignedIn) or held.level != "full":
        return None
    its_id, _dot, key = request.cookies.get(_cookie(), "").partition(".")
    try:
        parked_id, opens = UUID(its_id), urlsafe_b64decode(key)
    except ValueError:
        return None
    return parking.look(actor=held.actor, parked_id=parked_id, key=opens, now=request_time())


def _destroy(kept: Kept, answer: Any) -> None:
    with writing():
        parking.destroy(parked_id=kept.id)
    _forgotten(answer)


def _forgotten(answer: Any) -> Any:
    """The same answer; the browser drops the key."""
    answer.delete_cookie(_cookie(), secure=settings().https, httponly=True, samesite="Strict")
    return answer
