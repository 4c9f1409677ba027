"""Screenings of an open case: read, and done again. The old ones stay as they were."""

from flask import render_template

from caseflow.cases import forms, queries
from caseflow.cases.models import Case
from caseflow.cases.views import rounds
from caseflow.cases.views.frame import blueprint
from caseflow.core.policy import Action
from caseflow.web.guards import requires


@blueprint.get("/cases/<uuid:id>/screening")
@requires(Action.Case.READ, load=queries.get_case)
def screenings(case: Case) -> rounds.Answer:
    """Every screening of the case, the latest first."""
    return rounds.every(case, "screening")


@blueprint.get("/cases/<uuid:id>/screening/new")
@requires(Action.Case.UPDATE, load=queries.get_case)
def screen_again(case: Case) -> rounds.Answer:
    """Screen again, empty or as a draft was left."""
    return rounds.begin(case, "screening", _page)


@blueprint.post("/cases/<uuid:id>/screening/new")
@requires(Action.Case.UPDATE, load=queries.get_case)
def save_screening(case: Case) -> rounds.Answer:
    """Save another screening, or keep a draft of it."""
    return rounds.save(case, "screening", _page)


def _page(case: Case, form: forms.RecordForm) -> str:
    return render_template("cases/screening_new.html", form=form, case=case, first=False)
