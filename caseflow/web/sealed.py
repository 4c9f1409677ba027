"""What is served while the root key is not in memory: one page, in both languages, and nothing else.

An application of its own, without database, vault or staff: it holds no key and could not give anything away. The
form's token lies in a signed cookie under a secret drawn when the server started.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, redirect, render_template, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from caseflow.core import clock
from caseflow.core.errors import CaseFlowError
from caseflow.core.words import LANGUAGES, lazy_gettext, set_language
from caseflow.web import compress, filters, headers, origin, static
from caseflow.web.forms.base import CaseForm
from caseflow.web.forms.fields import PasswordField
from caseflow.web.local import local_path

TOP = Path(__file__).resolve().parents[2]
FORM_BYTES = 16 * 1024

Unlock = Callable[[str], None]


class PassphraseForm(CaseForm):
    """The operators' words."""

    passphrase = PasswordField(
        lazy_gettext("Passphrase of this installation"),
        needed=lazy_gettext("Write the passphrase."),
        attributes={"autocomplete": "off"},
    )


def create_sealed_app(*, secret: bytes, https: bool, unlock: Unlock | None) -> Flask:
    """The application that unlocks.

    `unlock` takes the words and puts the root key into memory, or raises a CaseFlowError that says why not; None means
    that no words open this installation here (its root key is a file, and somebody sealed it on purpose).
    """
    app = Flask("caseflow_sealed", root_path=str(TOP), template_folder="templates", static_folder=None)
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=FORM_BYTES,
        SESSION_COOKIE_NAME="__Host-cf-sealed" if https else "cf-sealed",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=https,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    headers.init_app(app, https=https)
    compress.init_app(app)
    static.init_app(app, https=https)
    filters.init_app(app)
    app.before_request(_speak)
    origin.init_app(app)
    CSRFProtect(app)
    app.register_error_handler(CSRFError, lambda _error: _page(PassphraseForm(formdata=None), unlock, 400))
    app.register_error_handler(HTTPException, lambda _error: _page(PassphraseForm(formdata=None), unlock, 503))
    app.register_error_handler(CaseFlowError, lambda _error: _page(PassphraseForm(formdata=None), unlock, 403))
    app.add_url_rule("/unlock", "unlock", lambda: _unlock(unlock), methods=["POST"])
    app.add_url_rule("/language", "language", _language, methods=["POST"])
    # Every other address comes here as an unknown one: what lies behind the lock is not this application's to know.
    app.add_url_rule("/", "door", lambda: _page(PassphraseForm(), unlock, 503))
    return app


def _speak() -> None:
    set_language(session.get("language") or request.accept_languages.best_match(list(LANGUAGES)))


def _language() -> Any:
    if request.form.get("language") in LANGUAGES:
        session["language"] = request.form["language"]
    return redirect(local_path(request.form.get("next")), 303)


def _unlock(unlock: Unlock | None) -> Any:
    form: Any = PassphraseForm()
    if unlock is None or not form.validate():
        return _page(form, unlock, 422)
    try:
        unlock(form.passphrase.data)
    except CaseFlowError as problem:
        form.passphrase.data = None
        return _page(form, unlock, problem.status, problem.text)
    return redirect("/", 303)


def _page(form: Any, unlock: Unlock | None, status: int, problem: str = "") -> Response:
    """The one page. 503 tells watchdogs that the installation is not at work; nothing is lost."""
    facts = {"form": form, "problem": problem, "by_words": unlock is not None, "host": request.host}
    page = Response(render_template("sealed/unlock.html", now=clock.now(), **facts), status)
    if status == 503:
        page.headers["Retry-After"] = "60"
    return page
