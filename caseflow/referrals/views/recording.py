"""Record what happened to a referral: one small form for each verb."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from flask import render_template

from caseflow.core.db import writing
from caseflow.core.errors import Invalid, TooLate
from caseflow.core.lifecycle import find
from caseflow.core.words import N_, gettext
from caseflow.referrals import forms, queries, services
from caseflow.referrals.models import Referral
from caseflow.referrals.states import BEFORE_ISSUE, STEPS, VERB_LABELS, ReferralState
from caseflow.referrals.views import showing
from caseflow.referrals.views.base import Answer, blueprint, to_referral, version_or_404
from caseflow.web.filters import office_zone
from caseflow.web.forms import CaseForm
from caseflow.web.guards import current_actor, request_time, requires

TOO_LATE = N_("This step does not fit the referral any more. Open it to see how it stands now.")


def ask(referral: Referral, verb: str) -> Answer:
    """The small form of one verb, filled in with this moment."""
    _require_open(referral, verb)
    here = request_time().astimezone(office_zone())
    first = {"rv": str(referral.rv), "happened_on": here.date().isoformat(), "happened_at": f"{here:%H:%M}"}
    return _page(referral, verb, forms.answer_form(verb, has_left=_has_left(referral))(data=first))


def keep(referral: Referral, verb: str) -> Answer:
    """Record it; a repeated post shows what the first one did."""
    referral_id = referral.id
    if _was_recorded(referral, verb):
        return to_referral(referral_id)
    _require_open(referral, verb)
    form = forms.answer_form(verb, has_left=_has_left(referral))()
    if form.validate() and _recorded(form, referral_id, verb):
        return to_referral(referral_id)
    return _page(queries.get_referral(referral_id), verb, form), 422


# One address and one guard for each verb, so that the table of rights says who may record what.
for _verb in services.FORMS:
    _guard = requires(next(one.action for one in STEPS if one.verb == _verb), load=queries.get_referral)
    _address: dict[str, Any] = {"rule": f"/referrals/<uuid:id>/record/{_verb}", "defaults": {"verb": _verb}}
    blueprint.add_url_rule(endpoint=f"record_{_verb}", view_func=_guard(ask), methods=["GET"], **_address)
    blueprint.add_url_rule(endpoint=f"keep_{_verb}", view_func=_guard(keep), methods=["POST"], **_address)


def _require_open(referral: Referral, verb: str) -> None:
    """Raises TooLate, in words, when the verb does not start from the present state."""
    try:
        find(STEPS, verb, ReferralState(referral.state))
    except TooLate:
        raise TooLate(TOO_LATE) from None


def _was_recorded(referral: Referral, verb: str) -> bool:
    """Whether the last thing on the line is this very step by this very person: the button was pressed twice."""
    events = queries.events_of(referral.id)
    return bool(events) and events[-1].verb == verb != "no_show" and events[-1].actor_id == current_actor().user_id


def _has_left(referral: Referral) -> bool:
    return referral.state not in BEFORE_ISSUE


def _recorded(form: CaseForm, referral_id: UUID, verb: str) -> bool:
    try:
        with writing():
            services.record_answer(
                actor=current_actor(), referral_id=referral_id, verb=verb, data=_answers(form),
                rv=version_or_404(form["rv"].data), now=request_time(),
            )  # fmt: skip
    except Invalid as refusal:
        form.add_problems(refusal.problems)
        return False
    return True


def _answers(form: CaseForm) -> dict[str, Any]:
    """The answers of the form; day and time become one moment on the office's wall clock."""
    values = form.values()
    day, hour = values.pop("happened_on", None), values.pop("happened_at", None)
    values.pop("rv", None)
    if day and hour:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), tzinfo=office_zone())
        values["happened_at"] = local.astimezone(UTC)
    return values


def _page(referral: Referral, verb: str, form: CaseForm) -> str:
    row = queries.row_of(referral)
    return render_template(
        "referrals/record.html", referral=referral, row=row, verb=verb, form=form, title=gettext(VERB_LABELS[verb]),
        state=showing.state_look(row), harm=row.doc.get("harm"),
    )  # fmt: skip
