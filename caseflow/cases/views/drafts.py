"""What one was writing: listed, opened again as the form it was, or thrown away."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from caseflow.cases import queries, services
from caseflow.cases.views.frame import blueprint, note_broken
from caseflow.core.db import writing
from caseflow.core.policy import Action
from caseflow.core.words import gettext as _
from caseflow.web.guards import current_actor, request_time, requires


@blueprint.get("/drafts")
@requires(Action.Case.CREATE)
def drafts() -> str:
    """One's own drafts, newest first."""
    rows = queries.drafts_of(current_actor())
    note_broken(rows)
    return render_template("cases/drafts.html", rows=rows)


@blueprint.post("/drafts/<uuid:draft_id>/discard")
@requires(Action.Case.CREATE)
def discard_draft(draft_id: UUID) -> Response:
    """Throw a draft away; of a case that was never opened nothing is left."""
    queries.get_draft(current_actor(), draft_id)
    with writing():
        services.discard_draft(actor=current_actor(), draft_id=draft_id, now=request_time())
    flash(_("The draft is gone."), "good")
    return redirect(url_for("cases.drafts"), 303)
