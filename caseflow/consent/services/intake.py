"""What screening and intake ask of the register, through the ports."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from caseflow.cases import queries as cases
from caseflow.consent import queries, states
from caseflow.consent.models import Consent
from caseflow.consent.queries.faults import faults_of
from caseflow.consent.services.dates import default_until
from caseflow.consent.services.register import keep
from caseflow.core.db import new_id
from caseflow.core.policy import Action, Actor, require
from caseflow.core.ports import Reason
from caseflow.core.words import N_

# The three ticks of the screening, and the scope that each opens.
TICKS = {
    "consent_talk": states.INTERVIEW,
    "consent_record": states.RECORD,
    "consent_share": states.SHARE,
}
ASKED_FIRST = (states.INTERVIEW, states.RECORD)
WANTED = {
    states.RECORD: N_("The person's consent to keep a record is missing."),
    states.SERVICES: N_("The person's consent to receive services is missing."),
}


def keep_screening_consents(
    *, actor: Actor, case_id: UUID, data: Mapping[str, Any], screening_id: UUID, now: datetime
) -> list[Consent]:
    """Keep each tick of a screening as a consent. An empty box says nothing: it is no refusal.

    A screening kept without the person's word, for a vital interest, says so with its reason (`vital_interest`).

    A named body is kept in its words, without a partner: it opens nothing until it is recorded for a partner of the
    directory. Whether it was given freely follows from who was in the room. Raises NotFound.
    """
    require(actor, Action.Consent.RECORD, cases.get_case(case_id))
    return [
        keep(
            _document(tick, data, screening_id=screening_id, now=now),
            actor=actor,
            consent_id=new_id(),
            case_id=case_id,
            now=now,
        )
        for tick, scope in TICKS.items()
        if data.get(tick) or (data.get("vital_interest") and scope in ASKED_FIRST)
    ]


def reasons_against_intake(*, case_id: UUID, today: date) -> list[Reason]:
    """Why intake cannot start: consent to the record and to services, for a child by the child route."""
    register, child = queries.register_of(case_id, today=today), cases.is_child(case_id)
    reasons: list[Reason] = []
    for scope, missing in WANTED.items():
        found = [view for view in register if not view.broken and view.doc["scope"] == scope]
        faults = [faults_of(view, child=child) for view in found]
        if not any(not fault for fault in faults):
            reasons += [(missing, {}), *(faults[0] if faults else [])]
    return list({message: (message, params) for message, params in reasons}.values())


def _document(tick: str, data: Mapping[str, Any], *, screening_id: UUID, now: datetime) -> dict[str, Any]:
    scope, said = TICKS[tick], bool(data.get(tick))
    given_on = str(data.get("contact_date") or now.date().isoformat())
    text = queries.statement()
    return {
        "scope": scope,
        "recipient_id": "",
        "recipient_class": "",
        "named_body": str(data.get("consent_share_body") or "") if scope == states.SHARE else "",
        "groups": [],
        "own_ticks": [],
        "purpose": "",
        "given_on": given_on,
        "valid_until": default_until(scope, given_on),
        "confirmed": None,
        "told": {},
        "text_version": text.version,
        "text_sha256": text.sha256,
        "withdrawn_on": "",
        "withdrawn_how": "",
        "withdrawn_by": "",
        "screening_id": str(screening_id),
        **_said(data, said=said),
        **_room(data),
    }


def _said(data: Mapping[str, Any], *, said: bool) -> dict[str, Any]:
    """The answer and what it rests on: a child's tick is an assent, which waits for a guardian."""
    child = data.get("majority_status") != "adult" or data.get("age_doubt") == "yes"
    return {
        "status": str(states.ConsentStatus.GIVEN if said else states.ConsentStatus.NOT_SOUGHT),
        "basis": "vital_interest" if not said else states.ASSENT_GUARDIAN if child else "informed",
        "assent": child and said,
        "guardian": None,
        "witness": "",
        "reason": "" if said else str(data["vital_interest"]),
    }


def _room(data: Mapping[str, Any]) -> dict[str, Any]:
    """How and where it was said."""
    present = list(data.get("persons_present") or ())
    return {
        "method": "verbal_phone" if data.get("contact_channel") == "phone" else "",
        "language": str(data.get("primary_language") or ""),
        "interpreter": "interpreter" in present,
        "private": str(data.get("private") or ""),
        "free_to_leave": str(data.get("free_to_leave") or ""),
        "setting": present,
        "free": states.given_freely(data.get("private"), data.get("free_to_leave"), present),
    }
