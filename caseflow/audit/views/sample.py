"""The frame of a sample: its page, and the frame itself as text."""

from flask import render_template
from werkzeug.wrappers import Response

from caseflow.accounts.queries import team_names
from caseflow.audit import letters, queries, services
from caseflow.audit.models import Audit
from caseflow.audit.views.frame import blueprint, sample_in_words, scope_rows, standing, today
from caseflow.core.db import writing
from caseflow.core.policy import Action
from caseflow.web.guards import current_actor, request_time, requires


@blueprint.get("/audits/<uuid:id>/frame")
@requires(Action.Audit.READ, load=queries.get_audit)
def sample(audit: Audit) -> str:
    """How many cases lay in the frame and where, its digest, the seed, and what was drawn."""
    view, frame = queries.view_of(audit, today=today()), queries.frame_of(audit.id)
    states, by_team, months = letters.counts_in_words(frame.counts, team_names())
    return render_template(
        "audit/frame.html",
        audit=audit,
        view=view,
        frame=frame,
        filter=sample_in_words(view),
        rows=scope_rows(view),
        states=states,
        by_team=by_team,
        months=months,
        **standing(view),
    )


@blueprint.get("/audits/<uuid:id>/frame.txt")
@requires(Action.Audit.READ, load=queries.get_audit)
def frame_text(audit: Audit) -> Response:
    """The frame, exactly the bytes that were hashed; that it was taken is recorded first."""
    audit_id, number, day = audit.id, audit.number, today()
    with writing():
        text = services.read_frame(actor=current_actor(), audit_id=audit_id, today=day, now=request_time())
    answer = Response(text.encode("ascii"), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{number}-frame.txt"'
    return answer
