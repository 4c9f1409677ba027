"""The blueprint of the referral pages, and what all of them need."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from caseflow.cases import queries as cases
from caseflow.cases import services as casework
from caseflow.cases.models import Case
from caseflow.consent.states import scope_for
from caseflow.core.db import writing
from caseflow.core.errors import NotFound
from caseflow.core.policy import Action, permits
from caseflow.core.words import gettext
from caseflow.referrals import queries, services
from caseflow.referrals.letters.disclosing import IDENTIFIERS
from caseflow.referrals.models import Referral
from caseflow.web.forms.carried import NO_VERSION, version_of
from caseflow.web.guards import current_actor, request_time
from caseflow.web.refusals import note_broken_seal
from caseflow.web.sessions import SignedIn, current_session
from caseflow.web.shown import is_caseload_shown, is_shown

blueprint = Blueprint("referrals", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.app_context_processor
def alerts() -> dict[str, int]:
    """How many emergency issues wait for a decision of who is signed in: the head of every page says it."""
    held = current_session()
    if not isinstance(held, SignedIn) or held.level != "full" or not permits(held.actor, Action.Referral.ALERTS):
        return {}
    return {"emergencies_waiting": queries.count_emergencies(held.actor)}


def today_of(organisation_id: UUID) -> date:
    """The day it is at the office to which a case belongs."""
    return cases.office_day(organisation_id, request_time())


def uuid_or_404(text: str | None) -> UUID:
    """An id from an address or a hidden field. Raises NotFound for anything else."""
    try:
        return UUID(text or "")
    except ValueError:
        raise NotFound() from None


def version_or_404(text: Any) -> int:
    """The version that a form rests on. Raises NotFound when somebody changed the hidden field."""
    found = version_of(text)
    if found == NO_VERSION:
        raise NotFound()
    return found


def wants(what: str) -> bool:
    """Whether the second button of a form was pressed."""
    return request.form.get("then") == what


def to_referral(referral_id: UUID) -> Response:
    """To the page of a referral, after a post."""
    return redirect(url_for("referrals.show", id=referral_id), 303)


def consent_link(case_id: UUID, partner_id: object, recipient_class: str) -> str:
    """Where the person's answer about sharing with a partner is recorded."""
    return url_for("consent.new", id=case_id, scope=scope_for(recipient_class), partner=str(partner_id))


def read_noted(referral_id: UUID) -> Referral:
    """Record that this person read the referral; loads it again."""
    with writing():
        services.note_read(actor=current_actor(), referral_id=referral_id, now=request_time())
    return queries.get_referral(referral_id)


def case_read_noted(case_id: UUID) -> Case:
    """Record that this person read the case, as the form of a referral shows its answers; loads it again."""
    with writing():
        casework.note_read(actor=current_actor(), case_id=case_id, now=request_time())
    return cases.get_case(case_id)


def veiled(group: str, value: str, case: Case) -> str:
    """The words of a group of data, those of who the person is only after the recorded tap of this sign-in."""
    if not value or group not in IDENTIFIERS or _names_open(case):
        return value
    return gettext("The real name and numbers are hidden.")


def _names_open(case: Case) -> bool:
    actor = current_actor()
    tapped = is_shown(case.id) or (is_caseload_shown() and case.assignee_id == actor.user_id)
    return tapped and permits(actor, Action.Case.REVEAL, case)


def note_broken(rows: Iterable[Any]) -> None:
    """Record each seal that did not open among what was read."""
    for row in rows:
        if error := getattr(row, "error", None) or getattr(row, "broken", None):
            note_broken_seal(error)
