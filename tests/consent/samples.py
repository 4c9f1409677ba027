"""Consents for tests, made through the services. All fictional."""

from datetime import UTC, date, datetime
from uuid import uuid4

from caseflow.consent import services
from caseflow.core.db import writing
from caseflow.partners import services as partners
from tests.partners.samples import partner_data

TODAY = date(2026, 11, 3)
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
CLASSES = (
    "L1_law", "L2_gov", "L3_child", "L4_shelter", "L4_health", "L4_forensic", "L4_mhpss", "L4_legal", "L4_service",
    "L4_docs", "L4_iom", "L4_asylum", "L5_consular", "L6_oversight", "L7_statistics",
)  # fmt: skip
SCOPES = {"L1_law": "law_enforcement", "L5_consular": "consular"}


def answer(**changed):
    """A consent given freely by an adult, in the words of the form."""
    return {
        "scope": "services", "status": "given", "basis": "informed", "method": "signature", "language": "ur",
        "private": "yes", "free_to_leave": "yes", "setting": ["alone"], "given_on": "2026-11-02",
        "told": {"purpose": True, "uses": True, "storage": True, "see": True, "withdraw": True}, **changed,
    }  # fmt: skip


def partner_of(people, recipient_class, **changed):
    """The id of a fictional partner of a class."""
    services_of = {"L4_shelter": ["safe_shelter"], "L7_statistics": []}.get(recipient_class, ["other"])
    data = partner_data(recipient_class=recipient_class, services=services_of, organisation_type="ngo", **changed)
    with writing():
        return partners.create_partner(actor=people.actor("supervisor"), data=data, now=NOW).id


def sharing(partner_id, recipient_class, groups=(), own_ticks=(), **changed):
    """The answers of a consent to share with a partner."""
    return answer(
        scope=SCOPES.get(recipient_class, "share_referral"), recipient_id=str(partner_id), groups=list(groups),
        own_ticks=list(own_ticks), **changed,
    )  # fmt: skip


def recorded(people, case_id, data, *, key="worker", now=NOW):
    """Record a consent; its id."""
    with writing():
        return services.record_consent(
            actor=people.actor(key), consent_id=uuid4(), case_id=case_id, data=data, now=now
        ).id
