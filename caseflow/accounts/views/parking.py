"""A post on a dead or resting session: kept under a key in a cookie, shown once when its writer is back.

It is never sent by itself: the page shows what was written, and a button sends it from there.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, cast
from uuid import UUID

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.routing import RequestRedirect

from caseflow.accounts.services import parking
from caseflow.accounts.views.base import blueprint, settings
from caseflow.accounts.views.leaving import leave_anyway
from caseflow.core import catalogue
from caseflow.core.catalogue import Field
from caseflow.core.db import writing
from caseflow.core.errors import NotFound
from caseflow.core.words import language
from caseflow.web.guards import current_actor, guard_of, request_time, signed_in
from caseflow.web.refusals import show_http_error
from caseflow.web.sessions import Sessions

AN_HOUR = 3600
SECRET = frozenset({"csrf_token", "confirm_code", "password", "again", "current", "code", "pin"})
# Sent again with the rest, but not what a person wrote: ids, versions, the way on.
UNSEEN = frozenset({"rv", "next", "draw"})
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
DATE_PARTS = ("-day", "-month", "-year")


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
    written = any(value and not _is_unseen(name, value) for name, value in fields)
    if not written or guard is None or guard.open_reason:
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


@blueprint.route("/kept", methods=["GET", "POST"])
@signed_in
def kept() -> Any:
    """Say that something is kept; a post shows it, once."""
    if request.method == "GET":
        return render_template("accounts/kept.html", fields=None) if has_kept() else redirect("/", 303)
    its_id, key = _held()
    with writing():
        found = parking.take(parked_id=its_id, key=key, staff_id=current_actor().user_id, now=request_time())
    sent, path = found["fields"], found["path"]
    shown = _in_words([(name, value) for name, value in sent if value and not _is_unseen(name, value)])
    facts = {"fields": shown, "sent": sent, "path": path, "back": form_at(path.partition("?")[0])}
    answer = make_response(render_template("accounts/kept.html", **facts))
    answer.delete_cookie(_cookie(), secure=settings().https, httponly=True, samesite="Strict")
    return answer


def _in_words(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Questions and coded answers in the words of the catalogue, a date in one piece; other names stay as they are."""
    tongue, known = language(), _questions(fields)
    said: dict[str, str] = {}
    for name, value in fields:
        in_date = name.endswith(DATE_PARTS)
        code = name.rpartition("-")[0] if in_date else name
        field = known[code][1] if code in known else None
        if field and field.items:
            continue  # the ids of its items, which tell nobody anything
        words = field.options.label(value, tongue) if field and field.options else value
        said[code] = said[code] + ("-" if in_date else ", ") + words if code in said else words
    return [(known[code][0] if code in known else code, words) for code, words in said.items()]


def _questions(fields: list[tuple[str, str]]) -> dict[str, tuple[str, Field]]:
    """Label and question by the name of a control; those inside an item carry the item's name before their own."""
    tongue = language()
    every = [field for kind in catalogue.load().kinds.values() for field in kind.fields]
    items = [
        (field, number, key)
        for field in every
        for number, key in enumerate((value for name, value in fields if name == field.code and field.items), 1)
    ]
    inside = {
        f"{field.code}-{key}-{inner.code}": (
            f"{catalogue.name_of_item(field, number, tongue)}: {inner.label[tongue]}",
            inner,
        )
        for field, number, key in items
        for inner in field.items
    }
    return {field.code: (field.label[tongue], field) for field in every} | inside


def _cookie() -> str:
    return "__Host-cf-kept" if settings().https else "cf-kept"


def _held() -> tuple[UUID, bytes]:
    its_id, _dot, key = request.cookies.get(_cookie(), "").partition(".")
    try:
        return UUID(its_id), urlsafe_b64decode(key)
    except ValueError:
        raise NotFound() from None


def _is_unseen(name: str, value: str) -> bool:
    """Whether a field was carried along by the page: people never write ids."""
    return name in UNSEEN or bool(_ID.fullmatch(value))


def form_at(path: str) -> str:
    """The address of the form, or of the start page where the address takes posts only."""
    try:
        current_app.create_url_adapter(request).match(path, "GET")  # type: ignore[union-attr]
    except (MethodNotAllowed, NoSuchPage, RequestRedirect):
        return "/"
    return path
