"""From a named refusal to a page, and to the trail: recorded after the rollback, so that the record survives it."""

import logging
import uuid
from typing import Any

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from caseflow.core import trail
from caseflow.core.db import session as database
from caseflow.core.db import writing
from caseflow.core.errors import CaseFlowError, NotAllowed, NotFound
from caseflow.core.trail import Tag
from caseflow.core.vault import Locked, SealBroken
from caseflow.web.guards import StepUpNeeded, guard_of, request_time
from caseflow.web.sessions import SignedIn, current_session

log = logging.getLogger("caseflow.web")
PAGES = {400, 403, 404, 409, 413, 422, 429, 500}


def init_app(app: Flask) -> None:
    """Register one handler for our own refusals, one for HTTP errors, one for everything else."""
    app.register_error_handler(StepUpNeeded, show_step_up)
    app.register_error_handler(CaseFlowError, show_refusal)
    app.register_error_handler(CSRFError, show_http_error)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_accident)


def show_refusal(error: CaseFlowError) -> tuple[str, int]:
    """A page for a refusal that no view turned into a better one."""
    database().rollback()
    if isinstance(error, SealBroken):
        note_broken_seal(error)
        return render_template("errors/sealed_broken.html", reference=""), error.status
    if isinstance(error, Locked):
        return render_template("errors/locked.html"), error.status
    if isinstance(error, NotAllowed | NotFound):
        _note_refusal(error)
    status = error.status if error.status in PAGES else 500
    return render_template(f"errors/{status}.html", message=error.text, reference=""), error.status


def show_step_up(_error: StepUpNeeded) -> tuple[str, int]:
    """Ask for the second factor and carry what was posted along, so that nothing typed is lost."""
    database().rollback()
    own = ("csrf_token", "confirm_code", "confirm_recovery")
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in own]
    wrong = any(request.form.get(name) for name in own[1:])
    return render_template("errors/step_up.html", kept=kept, wrong=wrong, target=request.full_path.rstrip("?")), 403


def show_http_error(error: HTTPException) -> tuple[str, int]:
    """The framework's own errors (unknown address, wrong method, missing form token) as our pages."""
    status = error.code or 500
    page = status if status in PAGES else 400 if status < 500 else 500
    if status == 404:
        _note_refusal(NotFound())
    return render_template(f"errors/{page}.html", message="", reference=""), status


def show_accident(error: Exception) -> tuple[str, int]:
    """The last resort: a page with a reference; the log gets the class and the place, never the message or the form."""
    database().rollback()
    reference = uuid.uuid4().hex[:8]
    place = _place_of(error)
    log.error("accident %s %s at %s in %s", reference, type(error).__name__, place, request.endpoint)
    return render_template("errors/500.html", message="", reference=reference), 500


def note_broken_seal(error: SealBroken) -> None:
    """Record that a record did not open; its own transaction, because the page may be a reading one."""
    held: Any = current_session()
    with writing():
        trail.record(
            Tag.SEAL_BROKEN,
            actor=held.actor if isinstance(held, SignedIn) else None,
            now=request_time(),
            obj=(error.table[:32], error.record_id),
            detail={"table": error.table, "record": str(error.record_id)},
        )


def _note_refusal(error: CaseFlowError) -> None:
    held: Any = current_session()
    if not isinstance(held, SignedIn) or request.endpoint is None:
        return
    view = request.url_rule and _view()
    guard = guard_of(view) if view else None
    target = (request.view_args or {}).get("id")
    with writing():
        trail.record(
            Tag.REFUSED,
            actor=held.actor,
            now=request_time(),
            obj=("address", target if isinstance(target, uuid.UUID) else uuid.UUID(int=0)),
            detail={"action": str(guard.action) if guard and guard.action else "", "status": error.status},
        )


def _view() -> Any:
    from flask import current_app

    return current_app.view_functions.get(request.endpoint or "")


def _place_of(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "?"
