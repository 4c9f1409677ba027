"""Cases for tests, made through the services. Everything about a person is fictional."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from caseflow.cases import services
from caseflow.cases.queries import ONE_EACH, record_of
from caseflow.core.db import writing

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)

SCREENING = {
    "contact_date": "2026-11-02",
    "contact_channel": "in_person",
    "referral_source": "self",
    "persons_present": ["alone"],
    "private": "yes",
    "free_to_leave": "yes",
    "consent_talk": True,
    "consent_record": True,
    "immediate_danger": "yes",
    "danger_what": "Fictional danger near the old bridge",
    "age_at_contact": 24,
    "majority_status": "adult",
    "gender": "feminine",
    "citizenship": ["PK"],
    "primary_language": "ur",
    "act_offer": "yes",
    "worker_opinion": "Fictional opinion of the worker",
    "case_type": "tip",
    "outcome": "intake",
}
IDENTITY = {
    "first_name": "Zarmeena",
    "other_names": "Testwoman",
    "name_urdu": "زرمینہ فرضی",
    "cnic": "35202-1234567-8",
    "passport_number": "AB1234567",
    "phone_mobile": "+923001234567",
    "address": "House 7, Fictional Street",
}
SAFETY = {
    "safe_contact_way": ["call"],
    "safe_phone": "+923219876543",
    "safe_contact_hours": "10:00 to 12:00",
    "never_leave_message": True,
    "code_word": "mulberry",
}
ASSESSMENT = {"assessed_on": "2026-11-03", "risk_level": "high", "next_review_date": "2026-11-10"}
JOURNEY = {
    "legs": [
        {"id": "a1a1a1a1a1a1", "event": "recruitment", "when": "2025-03", "country": "PK", "province": "PK-PB"},
        {"id": "b2b2b2b2b2b2", "event": "border_crossing", "when": "2025-04", "country": "IR", "crossing": "taftan",
         "mode": "truck", "note": "Fictional night in a fictional field"},
    ]
}  # fmt: skip


def opened(people, key="worker", *, team="north", now=NOW, case_id: UUID | None = None, **changed) -> UUID:
    """A case that `key` opened, by id."""
    case_id = services.reserve(case_id or uuid4(), now=now)
    data = {code: value for code, value in {**SCREENING, **changed}.items() if value is not None}
    with writing():
        services.open_case(actor=people.actor(key), case_id=case_id, team_id=people.teams[team], data=data, now=now)
    return case_id


def saved(people, case_id, kind, data, *, key="worker", now=SOON, rv=None, record_id=None):
    """Save a record of a kind over whatever is there; its id and version."""
    stored = record_of(case_id, kind) if kind in ONE_EACH else None
    with writing():
        record = services.save_record(
            actor=people.actor(key),
            case_id=case_id,
            kind=kind,
            record_id=record_id or (stored.id if stored else uuid4()),
            data=data,
            rv=(stored.rv if stored else 0) if rv is None else rv,
            now=now,
        )
        return record.id, record.rv
