"""Pages of the consent register."""

from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from caseflow.accounts.queries import staff_names
from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.consent import forms, queries, services, states
from caseflow.consent.queries import ConsentView
from caseflow.core import catalogue
from caseflow.core.db import new_id, session, writing
from caseflow.core.errors import Invalid, StaleVersion
from caseflow.core.policy import Action
from caseflow.core.words import gettext as _
from caseflow.core.words import language
from caseflow.partners import queries as partners
from caseflow.partners.queries import PartnerView
from caseflow.web.guards import current_actor, request_time, requires
from caseflow.web.refusals import note_broken_seal

blueprint = Blueprint("consent", __name__)
Answer = str | tuple[str, int] | Response


class Asked(NamedTuple):
    """What a new consent is about: its scope, and the partner of a sharing."""

    scope: str
    partner: PartnerView | None


@blueprint.get("/cases/<uuid:id>/consent")
@requires(Action.Consent.READ, load=cases.get_case)
def register(case: Case) -> Answer:
    """Every consent, refusal and withdrawal of a case."""
    case = _note_read(case.id)
    views = _register(case)
    for view in views:
        if view.broken:
            note_broken_seal(view.broken)
    case = cases.get_case(case.id)
    asked = {view.doc["scope"] for view in views if not view.broken}
    open_scopes = [code for code in catalogue.load().list("consent_scope").codes if code not in asked]
    return render_template("consent/register.html", case=case, views=views, open_scopes=open_scopes, **_who(views))


@blueprint.get("/cases/<uuid:id>/consent/new")
@requires(Action.Consent.RECORD, load=cases.get_case)
def new(case: Case) -> Answer:
    """Choose what it is about, then the form for just that."""
    asked = _asked()
    if asked is None:
        return _choose(case)
    defaults = {"consent_id": str(new_id()), "given_on": _today(case), "language": _language(case)}
    return _form_page(case, asked, _form_class(case, asked)(data=defaults))


@blueprint.post("/cases/<uuid:id>/consent/new")
@requires(Action.Consent.RECORD, load=cases.get_case)
def record(case: Case) -> Answer:
    """Record what the person answered."""
    asked = _asked()
    if asked is None:
        return _choose(case), 422
    case_id, form = case.id, _form_class(case, asked)()
    if form.validate() and _recorded(case_id, asked, form):
        flash(_("The answer is in the register."), "good")
        return redirect(url_for("consent.register", id=case_id), 303)
    return _form_page(cases.get_case(case_id), asked, form), 422


@blueprint.route("/cases/<uuid:id>/consent/<uuid:consent_id>/confirm", methods=["GET", "POST"])
@requires(Action.Consent.CONFIRM, load=cases.get_case)
def confirm(case: Case, consent_id: UUID) -> Answer:
    """Confirm in private what was not given freely."""
    view = _one(case, consent_id)
    form = forms.ConfirmForm(data={"rv": str(view.rv), "on": _today(case)})
    return _change(case, view, form, "consent/confirm.html", services.confirm_consent)


@blueprint.route("/cases/<uuid:id>/consent/<uuid:consent_id>/withdraw", methods=["GET", "POST"])
@requires(Action.Consent.WITHDRAW, load=cases.get_case)
def withdraw(case: Case, consent_id: UUID) -> Answer:
    """Record that the person took a consent back."""
    view = _one(case, consent_id)
    form = forms.WithdrawForm(data={"rv": str(view.rv), "withdrawn_on": _today(case)})
    return _change(case, view, form, "consent/withdraw.html", services.withdraw_consent)


def _change(case: Case, view: ConsentView, form: Any, template: str, service: Any) -> Answer:
    """Draw a small form, or hand its answers to the service; text is kept, and a newer version is said in words."""
    case_id, status = case.id, 200
    if request.method == "POST":
        status = 422
        try:
            if form.validate():
                with writing():
                    service(actor=current_actor(), case_id=case_id, consent_id=view.id, data=form.answers(),
                            rv=form.version, now=request_time())  # fmt: skip
                flash(_("The register is up to date."), "good")
                return redirect(url_for("consent.register", id=case_id), 303)
        except Invalid as problem:
            form.add_problems(problem.problems)
        except StaleVersion:
            session().expire_all()
            case, status = cases.get_case(case_id), 409
            view = _one(case, view.id)
            form.rest_on(view.rv)
    page = {"case": cases.get_case(case_id), "view": view, "form": form, "stale": status == 409}
    return render_template(template, **page, **_who([view])), status


def _recorded(case_id: UUID, asked: Asked, form: Any) -> bool:
    known = {"scope": asked.scope, "recipient_id": str(asked.partner.id) if asked.partner else ""}
    try:
        with writing():
            services.record_consent(
                actor=current_actor(),
                consent_id=form.record(new_id()),
                case_id=case_id,
                data=form.answers(**known),
                now=request_time(),
            )
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True


def _asked() -> Asked | None:
    """What the page is about, from the form or the address; None while something is still to be chosen."""
    scope = request.form.get("scope") or request.args.get("scope", "")
    if scope not in catalogue.load().list("consent_scope"):
        return None
    if scope not in states.SHARING:
        return Asked(scope, None)
    wanted = request.form.get("recipient_id") or request.args.get("partner", "")
    partner = next((one for one in _partners_for(scope) if str(one.id) == wanted), None)
    return Asked(scope, partner) if partner else None


def _partners_for(scope: str) -> list[PartnerView]:
    found = (one for one in partners.all_active() if not one.statistics_only)
    return [one for one in found if states.scope_for(one.recipient_class) == scope]


def _choose(case: Case) -> str:
    """First the scope; for a sharing, then the recipient."""
    scope = request.form.get("scope") or request.args.get("scope", "")
    form = None
    if scope in states.SHARING:
        form = forms.RecipientForm.among([(str(one.id), one.name) for one in _partners_for(scope)], scope)
    scopes = catalogue.load().list("consent_scope").codes
    return render_template("consent/choose.html", case=case, scope=scope if form else "", scopes=scopes, form=form)


def _form_class(case: Case, asked: Asked) -> Any:
    cells = queries.cells(case.id, asked.partner.recipient_class) if asked.partner else None
    return forms.record_form(cells=cells, child=cases.is_child(case.id), scope=asked.scope)


def _form_page(case: Case, asked: Asked, form: Any) -> str:
    text = queries.statement()
    return render_template(
        "consent/new.html", case=case, asked=asked, form=form, text=text, child=cases.is_child(case.id),
        stands=_standing(case, asked), paragraphs=text.paragraphs(asked.scope, language()),
    )  # fmt: skip


def _standing(case: Case, asked: Asked) -> ConsentView | None:
    """What the person last agreed to about the same thing: the new answer takes its place."""
    about = (asked.scope, str(asked.partner.id) if asked.partner else "")
    given = (view for view in _register(case) if not view.broken and view.about == about)
    return next((view for view in given if view.status is states.ConsentStatus.GIVEN), None)


def _register(case: Case) -> list[ConsentView]:
    day = cases.office_day(case.organisation_id, request_time())
    return queries.register_of(case.id, today=day)


def _one(case: Case, consent_id: UUID) -> ConsentView:
    """One consent as the register shows it. Raises NotFound, SealBroken."""
    queries.get_consent(consent_id, case_id=case.id)
    view = next(one for one in _register(case) if one.id == consent_id)
    if view.broken:
        raise view.broken
    return view


def _who(views: list[ConsentView]) -> dict[str, Any]:
    """Names of recipients, and of who took or confirmed a consent."""
    whole = [view for view in views if not view.broken]
    ids = [UUID(view.doc["recipient_id"]) for view in whole if view.doc["recipient_id"]]
    return {
        "names": {str(one): name for one, name in partners.names(ids).items()},
        "staff": {str(one): name for one, name in staff_names({t for view in whole for t in view.takers}).items()},
        "status_words": {str(code): _(words) for code, words in states.STATUS_WORDS.items()},
    }


def _note_read(case_id: UUID) -> Case:
    with writing():
        services.note_read(actor=current_actor(), case_id=case_id, now=request_time())
    return cases.get_case(case_id)


def _today(case: Case) -> str:
    return cases.office_day(case.organisation_id, request_time()).isoformat()


def _language(case: Case) -> str:
    return str(cases.summary_of(case).get("language") or "")
