"""The red button: who and what, the nearest partners, what is told and on what ground, issue. Four pages at most.

Every step is a post to one address and carries the answers of the steps before as hidden fields: nothing that was
typed stands in an address, and nothing is stored before the issue.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from caseflow.accounts.queries import team_names
from caseflow.cases import queries as cases
from caseflow.cases import services as casework
from caseflow.cases.states import PublicState
from caseflow.consent.states import RESCUE_CLASS
from caseflow.core import catalogue
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid, NotFound, Refused
from caseflow.core.policy import Action, Role
from caseflow.core.words import gettext, language
from caseflow.partners.queries import PartnerView
from caseflow.referrals import queries, services
from caseflow.referrals.forms.emergency import NEW, ground_form, rescue_form, who_form
from caseflow.referrals.letters.disclosing import CASE_LINE, CONSENT_LINE
from caseflow.referrals.queries.nearest import nearest, rescuers
from caseflow.referrals.services.emergency import CONTACT, PERSON, WITH_PERSON
from caseflow.referrals.views.base import Answer, blueprint, case_read_noted, today_of, uuid_or_404
from caseflow.referrals.views.choosing import chosen
from caseflow.web.forms import CaseForm
from caseflow.web.forms.carried import id_of
from caseflow.web.guards import current_actor, request_time, requires

CASES = 300
FIRST = 6  # cards that lie open; the others are one tap away


@dataclass(frozen=True)
class Who:
    """Whom it is about: an open case, or nobody who is in the system yet."""

    case_id: UUID | None
    gender: str
    child: bool


@blueprint.get("/emergency")
@requires(Action.Referral.EMERGENCY)
def emergency() -> Answer:
    """Who and what; `?case=` chooses one of the own open cases."""
    form = _form()
    asked, known = request.args.get("case", ""), {option[0] for option in form["case"].options}
    first = {"emergency_id": str(new_id()), "new_case_id": str(new_id()), "case": asked if asked in known else NEW}
    return _first(_form(data=first))


@blueprint.post("/emergency")
@requires(Action.Referral.EMERGENCY)
def emergency_step() -> Answer:
    """The next page, or the one before; the last one issues."""
    form, step = _form(), request.form.get("back") or request.form.get("step")
    if (made := _made(form)) is not None:
        return made
    if step == "who":
        return _first(form)
    if not form.validate():
        return _first(form), 422
    if step not in ("check", "issue"):
        return _partners(form)
    partner = _partner()
    return _check(form, partner) if step == "check" else _issue(form, partner)


def _form(**given: Any) -> CaseForm:
    actor = current_actor()
    rows = [row for row in cases.list_cases(actor, mine=True, limit=CASES) if row.public is not PublicState.CLOSED]
    names, teams = team_names(), sorted(actor.teams(Role.CASEWORKER))
    own = [(str(row.id), row.code_name) for row in rows if not row.broken]
    made: CaseForm = who_form(cases=own, teams=[(str(one), names[one]) for one in teams])(**given)
    return made


def _made(form: CaseForm) -> Response | None:
    """To the page of what a first post already issued: the button was pressed twice on a weak network."""
    try:
        made = queries.get_referral(id_of(form["emergency_id"].data, new_id()))
    except NotFound:
        return None
    return _issued(made.id) if made.author_id == current_actor().user_id else None


def _issued(referral_id: UUID) -> Response:
    return redirect(url_for("referrals.emergency_issued", id=referral_id), 303)


def _first(form: CaseForm) -> str:
    return render_template("referrals/emergency/who.html", form=form)


def _partners(form: CaseForm) -> str:
    who, values, today = _who(form), form.values(), today_of(current_actor().organisation_id)
    district = values.get("district", "")
    found = nearest(services=values["services"], gender=who.gender, child=who.child, district=district, today=today)
    return render_template(
        "referrals/emergency/partners.html", carried=_carried(form), found=found, first=FIRST, child=who.child,
        police=rescuers(district, today=today)[:FIRST],
    )  # fmt: skip


def _partner() -> PartnerView:
    partner = chosen(uuid_or_404(request.form.get("partner_id")))
    if partner.recipient_class not in (*queries.CLASSES, RESCUE_CLASS):
        raise NotFound()
    return partner


def _last_form(form: CaseForm, partner: PartnerView) -> type[CaseForm]:
    """The last page asks for the ground; of the police for the place of danger."""
    return rescue_form() if partner.recipient_class == RESCUE_CLASS else ground_form(child=_who(form).child)


def _who(form: CaseForm) -> Who:
    values = form.values()
    if values["case"] == NEW:
        return Who(None, values.get("gender", ""), values["majority_status"] != "adult")
    gender, child = queries.who_is(UUID(values["case"]))
    return Who(UUID(values["case"]), gender, child)


def _carried(form: CaseForm) -> list[tuple[str, str]]:
    """The answers so far, as they were sent."""
    return [(name, value) for name, value in request.form.items(multi=True) if name in form]


def _check(form: CaseForm, partner: PartnerView, ground: CaseForm | None = None) -> str:
    """What this partner would be told, and the ground."""
    who = _who(form)
    ground = ground or _last_form(form, partner)(formdata=None, data={"language": language()})
    if partner.recipient_class == RESCUE_CLASS:
        return render_template(
            "referrals/emergency/rescue.html", ground=ground, carried=_carried(form), partner=partner
        )
    if who.case_id:
        case_read_noted(who.case_id)
    actor, values = current_actor(), form.values()
    doc = {
        "partner_id": str(partner.id), "recipient_class": partner.recipient_class, "services": values["services"],
        "request": values["request"], "own_ticks": [], "language": language(), "urgency": "emergency",
    }  # fmt: skip
    told = queries.would_tell(
        actor=actor, case_id=who.case_id, said=_said(values), partner=partner, doc=doc,
        today=today_of(actor.organisation_id),
    )  # fmt: skip
    return render_template(
        "referrals/emergency/check.html", ground=ground, form=form, carried=_carried(form), partner=partner,
        told=[line for line in told.told if line.group not in (CASE_LINE, CONSENT_LINE)],
        withheld=told.withheld, child=who.child,
    )  # fmt: skip


def _said(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What was said of a new person, by kind of record; of everybody the danger."""
    answers = _person(values)
    danger = catalogue.load().label("emergency_reason", values["reason"], language())
    return {
        "person": {code: answers[code] for code in (*PERSON, *WITH_PERSON) if code in answers},
        "safety": {
            **{code: answers[code] for code in CONTACT if code in answers}, "immediate_safety_alert": danger
        },
    }  # fmt: skip


def _person(values: dict[str, Any]) -> dict[str, Any]:
    """The answers about a new person, as the services take them."""
    answers = {code: values[code] for code in (*PERSON, *WITH_PERSON, *CONTACT) if code in values}
    if answers.pop("interpreter_needed", False):
        answers["interpreter_needed"] = "yes"
    if answers.get("safe_phone"):
        answers["safe_contact_way"] = ["call"]
    return answers


def _issue(form: CaseForm, partner: PartnerView) -> Answer:
    ground = _last_form(form, partner)()
    if ground.validate() and _was_issued(form, ground, partner):
        return _issued(UUID(form["emergency_id"].data))
    return _check(form, partner, ground), 422


def _was_issued(form: CaseForm, ground: CaseForm, partner: PartnerView) -> bool:
    """Hand everything to the service; False when it was refused with reasons."""
    values, said, now = form.values(), ground.values(), request_time()
    teams = sorted(current_actor().teams(Role.CASEWORKER))
    data = {
        **_person(values), "partner_id": str(partner.id), "ground": said.get("ground", "vital_interest"),
        "place_of_danger": said.get("place_of_danger", ""), "private": said.get("private", ""),
        "language": said.get("language") or language(),
        **{code: values[code] for code in ("services", "reason", "request")},
    }  # fmt: skip
    known = None if values["case"] == NEW else UUID(values["case"])
    case_id = known or casework.reserve(uuid_or_404(values.get("new_case_id")), now=now)
    try:
        with writing():
            services.issue_emergency(
                actor=current_actor(), referral_id=uuid_or_404(values.get("emergency_id")), case_id=case_id,
                team_id=UUID(values["team_id"]) if values.get("team_id") else teams[0], data=data, now=now,
            )  # fmt: skip
    except Invalid as problem:
        ground.add_problems(problem.problems)
        return False
    except Refused as refusal:
        ground.further += [refusal.text, *(gettext(text, **params) for text, params in refusal.reasons)]
        return False
    return True
