"""Leave: sign out, or the quick exit, which goes on to a page on which nothing of CaseFlow stands."""

from typing import Any

from flask import make_response, redirect, render_template, url_for

from caseflow.accounts.services import sessions
from caseflow.accounts.views.base import blueprint, settings
from caseflow.core.db import writing
from caseflow.web.guards import open_to_all, request_time
from caseflow.web.sessions import SignedIn, current_session, give_token

# Not "cookies": ours is deleted by name, and the language shall stay.
EMPTY_THE_BROWSER = {"Clear-Site-Data": '"cache", "storage"'}


def end_here(reason: str) -> None:
    """End the session on the server and take its cookie away."""
    held = current_session()
    if isinstance(held, SignedIn):
        with writing():
            sessions.end_session(session_id=held.held.id, actor=held.actor, reason=reason, now=request_time())
    give_token("")


@blueprint.post("/lock")
@open_to_all("Signing out works for every session, also one that still waits for its second factor")
def lock() -> Any:
    """End the session on the server and empty what the browser kept."""
    end_here("lock")
    answer = redirect(url_for("accounts.sign_in", out=1), 303)
    answer.headers.update(EMPTY_THE_BROWSER)
    return answer


@blueprint.post("/leave")
@open_to_all("Somebody at the desk must be able to leave at once, whatever the session is")
def leave() -> Any:
    """The same at once, and on to a page that shows nothing of CaseFlow."""
    end_here("leave")
    answer = redirect(url_for("accounts.unavailable"), 303)
    answer.headers.update(EMPTY_THE_BROWSER)
    return answer


@blueprint.get("/unavailable")
@open_to_all("The neutral page behind the quick exit; it knows nobody")
def unavailable() -> Any:
    """A page as any browser shows it; where the settings name an address, it leads on to that at once."""
    return render_template("accounts/unavailable.html", away=settings().exit_url)


def leave_anyway() -> Any:
    """The button was pressed on a page of a dead session: there is nothing to end, and nothing of us is shown."""
    answer = make_response(unavailable(), 400)
    answer.headers.update(EMPTY_THE_BROWSER)
    return answer
