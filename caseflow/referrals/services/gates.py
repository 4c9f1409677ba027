"""Whether what was submitted may still leave: asked at approval and again at issue."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from caseflow.consent.queries import GateResult
from caseflow.core import catalogue
from caseflow.core.ports import Reason
from caseflow.core.press.letter import TEMPLATE_VERSION
from caseflow.core.words import N_
from caseflow.partners.queries import PartnerView
from caseflow.referrals import queries

AGREEMENT_ENDED: Reason = (N_("The agreement with this partner has ended since it was sent for approval."), {})
CLASS_CHANGED: Reason = (N_("The partner was retired, or its class has changed in the directory."), {})
CONSENT_CHANGED: Reason = (
    N_("The consent it names was replaced: submit again, so that the letter names the right one."),
    {},
)
FORM_CHANGED: Reason = (N_("The form of letters or the disclosure table has changed since: submit it again."), {})
APPROVER_INVOLVED: Reason = (
    N_("Who approved it has since taken or confirmed the consent: somebody else must approve."),
    {},
)
CONSENT_GONE: Reason = (N_("No valid consent or basis covers this any more."), {})


def reasons_against(
    doc: Mapping[str, Any], frozen: Mapping[str, Any], gate: GateResult, partner: PartnerView, today: date
) -> list[Reason]:
    """Why the frozen letter may not leave on this day; an empty list means that it may.

    A missing agreement that was known at submission is a warning and no reason; one that ended since is a reason.
    """
    reasons = list(gate.reasons)
    if not gate.open and not reasons:
        reasons.append(CONSENT_GONE)
    if gate.open and sorted(str(one) for one in gate.consent_ids) != sorted(frozen["consent_ids"]):
        reasons.append(CONSENT_CHANGED)
    if not queries.holds(partner, dict(doc)) or frozen["recipient_class"] != doc["recipient_class"]:
        reasons.append(CLASS_CHANGED)
    if frozen["template"] != TEMPLATE_VERSION or frozen["matrix"] != catalogue.matrix().version:
        reasons.append(FORM_CHANGED)
    if not partner.agreement_in_force(today) and "agreement" not in doc["warnings"]:
        reasons.append(AGREEMENT_ENDED)
    return reasons
