"""Read a referral, the letter as it would look, and the issued letter."""

from flask import Response, render_template, request
from markupsafe import Markup

from caseflow.core.db import writing
from caseflow.core.policy import Action
from caseflow.core.words import speaking
from caseflow.referrals import queries, services
from caseflow.referrals.models import Referral
from caseflow.referrals.views import showing
from caseflow.referrals.views.base import Answer, blueprint, read_noted, today_of
from caseflow.web.guards import current_actor, request_time, requires


@blueprint.get("/referrals/<uuid:id>")
@requires(Action.Referral.READ, load=queries.get_referral)
def show(referral: Referral) -> Answer:
    """The page of one referral."""
    read_noted(referral.id)
    return showing.page(referral)


@blueprint.get("/referrals/<uuid:id>/preview")
@requires(Action.Referral.LETTER, load=queries.get_referral)
def preview(referral: Referral) -> Answer:
    """The letter for reading: as frozen when it was submitted, else as it would be today."""
    read_noted(referral.id)
    letter = queries.preview(referral, today_of(referral.organisation_id))
    with speaking(letter.language):
        sheet = Markup(render_template("referrals/sheet.html", letter=letter, head=letter.letterhead))  # noqa: S704  a template's own words
    return render_template("referrals/preview.html", referral=referral, letter=letter, sheet=sheet)


@blueprint.get("/referrals/<uuid:id>/letter")
@requires(Action.Referral.LETTER, load=queries.get_referral)
def letter(referral: Referral) -> Answer:
    """One copy of the issued letter as a file; each download is recorded."""
    copy = request.args.get("copy", "recipient")
    with writing():
        name, content = services.open_letter(
            actor=current_actor(), referral_id=referral.id, copy=copy, now=request_time()
        )
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype="application/pdf", headers=headers)
