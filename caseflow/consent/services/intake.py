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
WANTED = {
    states.RECORD: N_("The person's consent to keep a record is missing."),
    states.SERVICES: N_("The person's consent to receive services is missing."),
}


def keep_screening_consents(
    *, actor: Actor, case_id: UUID, data: Mapping[str, Any], screening_id: UUID, now: datetime
) -> list[Consent]:
    """Keep each tick of a screening as a consent. An empty box says nothing: it is no refusal.

    A named body is kept in its words, without a partner: it opens nothing until it is recorded for a partner of the
    directory. Whether it was given freely follows from who was in the room. Raises NotFound.
    """
    require(actor, Action.Consent.RECORD, cases.get_case(case_id))
    return [
        keep(
            _document(scope, data, screening_id=screening_id, now=now),
            actor=actor,
            consent_id=new_id(),
            case_id=case_id,
            now=now,
        )
        for tick, scope in TICKS.items()
        if data.get(tick)
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


def _document(scope: str, data: Mapping[str, Any], *, screening_id: UUID, now: datetime) -> dict[str, Any]:
    given_on = str(data.get("contact_date") or now.date().isoformat())
    child = data.get("majority_status") in ("minor", "unknown") or data.get("age_doubt") == "yes"
    present = list(data.get("persons_present") or ())
    text = queries.statement()
    return {
        "scope": scope,
        "recipient_id": "",
        "recipient_class": "",
        "named_body": str(data.get("consent_share_body") or "") if scope == states.SHARE else "",
        "groups": [],
        "own_ticks": [],
        "purpose": "",
        "status": str(states.ConsentStatus.GIVEN),
        "basis": states.ASSENT_GUARDIAN if child else "informed",
        "method": "verbal_phone" if data.get("contact_channel") == "phone" else "",
        "language": str(data.get("primary_language") or ""),
        "interpreter": "interpreter" in present,
        "witness": "",
        "guardian": None,
        "assent": child,
        "private": str(data.get("private") or ""),
        "free_to_leave": str(data.get("free_to_leave") or ""),
        "setting": present,
        "free": states.given_freely(data.get("private"), data.get("free_to_leave"), present),
        "confirmed": None,
        "told": {},
        "given_on": given_on,
        "valid_until": default_until(scope, given_on),
        "text_version": text.version,
        "text_sha256": text.sha256,
        "withdrawn_on": "",
        "withdrawn_how": "",
        "withdrawn_by": "",
        "reason": "",
        "screening_id": str(screening_id),
    }
