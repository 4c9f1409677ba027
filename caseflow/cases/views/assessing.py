"""Needs and risk of a case: each review a record of its own, the latest counts."""

from flask import render_template, url_for

from caseflow.cases import forms, queries
from caseflow.cases.models import Case
from caseflow.cases.views import rounds
from caseflow.cases.views.frame import blueprint, kind_label
from caseflow.core.policy import Action
from caseflow.web.guards import requires


@blueprint.get("/cases/<uuid:id>/assessment")
@requires(Action.Case.READ, load=queries.get_case)
def assessments(case: Case) -> rounds.Answer:
    """Every assessment of the case, the latest first."""
    return rounds.every(case, "assessment")


@blueprint.get("/cases/<uuid:id>/assessment/new")
@requires(Action.Case.UPDATE, load=queries.get_case)
def assess(case: Case) -> rounds.Answer:
    """Assess needs and risk, starting from the assessment before, or as a draft was left."""
    return rounds.begin(case, "assessment", _page)


@blueprint.post("/cases/<uuid:id>/assessment/new")
@requires(Action.Case.UPDATE, load=queries.get_case)
def save_assessment(case: Case) -> rounds.Answer:
    """Save an assessment, or keep a draft of it."""
    return rounds.save(case, "assessment", _page)


def _page(case: Case, form: forms.RecordForm) -> str:
    action, label = url_for("cases.save_assessment", id=case.id), kind_label("assessment")
    return render_template("cases/assessment_new.html", form=form, case=case, label=label, action=action)
