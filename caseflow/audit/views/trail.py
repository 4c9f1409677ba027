"""Is the trail whole? The last result, and the button that verifies now."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from caseflow.accounts.queries import staff_names
from caseflow.audit import queries, services
from caseflow.audit.views.frame import blueprint
from caseflow.core.db import writing
from caseflow.core.policy import Action
from caseflow.core.trail.verify import verify
from caseflow.core.words import N_
from caseflow.core.words import gettext as _
from caseflow.web.guards import current_actor, request_time, requires

FINDINGS = {
    "gap": N_("An entry is missing"),
    "chain": N_("An entry does not follow the one before it"),
    "altered": N_("An entry was altered"),
    "forged": N_("An entry was not written by this installation"),
    "cut": N_("The end of a stream was cut off, or goes on without its head"),
    "forged_head": N_("The head of a stream was not written by this installation"),
    "stream_gone": N_("A whole stream is gone"),
    "row_gone": N_("A record is gone that the trail knows"),
    "row_differs": N_("A record is not as the trail left it"),
    "unreadable": N_("A value in the trail cannot be read"),
}


@blueprint.get("/trail")
@requires(Action.Trail.VERIFY)
def trail() -> str:
    """The last verification: when, by whom, how much, what it found."""
    last = queries.last_verification()
    people = staff_names([last.actor_id]) if last else {}
    return render_template("audit/trail.html", last=last, people=people, findings=FINDINGS)


@blueprint.post("/trail")
@requires(Action.Trail.VERIFY)
def verify_now() -> Response:
    """Verify every entry and every record; the result is itself recorded."""
    actor, now = current_actor(), request_time()
    queries.steady_read()
    report = verify()
    with writing():
        services.verify_trail(actor=actor, report=report, now=now)
    flash(_("Verified. Nothing is wrong.") if report.whole else _("Verified. Something is wrong: see below."),
          "good" if report.whole else "stop")  # fmt: skip
    return redirect(url_for("audit.trail"), 303)
