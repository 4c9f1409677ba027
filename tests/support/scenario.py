"""One whole fictional case, made through the services: records, notes, consents, a served referral with its letter."""

from datetime import UTC, datetime

from caseflow.core.db import writing
from caseflow.demo.stories import Storyteller
from caseflow.partners import queries as partners
from caseflow.partners.services import create_partner, seed_directory

SHELTER = {
    "name_en": "Test Shelter", "name_ur": "آزمائشی پناہ گاہ", "organisation_type": "shelter",
    "recipient_class": "L4_shelter", "services": ["safe_shelter"], "serves": ["women"],
    "channels": ["sealed_paper"], "post_en": "The manager on duty", "phone": "+924200000001",
    "agreement_since": "2026-01-01", "agreement_until": "2027-12-31",
}  # fmt: skip
STORY = {
    "days": 10, "who": "worker", "state": "assessment",
    "screening": {
        "contact_channel": "in_person", "contact_place": "our_office", "gender": "feminine", "age_at_contact": 22,
        "citizenship": ["PK"], "primary_language": "ps", "immediate_danger": "no", "act_offer": "yes",
        "case_type": "tip", "worker_opinion": "Test opinion.",
    },
    "person": {"hopes": "A quiet room.", "dependants_with_person": 1, "dependants_ages": "3"},
    "identity": {"first_name": "Testname", "cnic": "35202-1234567-2", "phone_mobile": "+923001112223"},
    "safety": {
        "safe_contact_way": ["call"], "safe_phone": "+923001112223",
        "immediate_safety_alert": "Confirm the stay to no caller.",
    },
    "assessment": {"risk_level": "high"},
    "note": [{"subject": "First note", "text": "The text of the first note."}],
    "referral": [
        {"partner": "shelter", "services": ["safe_shelter"], "urgency": "urgent", "request": "A room.",
         "until": "accepted"},
    ],
}  # fmt: skip


class Made:
    """What the storyteller needs, from the people of the tests."""

    def __init__(self, people):
        self.people, self.teams = people, people.teams
        now = datetime.now(UTC)
        with writing():
            seed_directory(now=now)
        with writing():
            shelter = create_partner(actor=people.actor("supervisor"), data=SHELTER, now=now).id
        self.partners = {"shelter": shelter} | {one.code: one.id for one in partners.all_active() if one.code}

    def actor(self, key, now):
        return self.people.actor(key, now=now)


def teller(app, people):
    """A storyteller over the people of the tests."""
    return Storyteller(
        made=Made(people), outbox=app.extensions["caseflow"].outbox, now=datetime.now(UTC),
        supervisors=("supervisor", "second_supervisor"),
    )  # fmt: skip


def whole_case(app, people, **changes):
    """Make the story above (with changes); returns the case's id. Runs inside an application context."""
    return teller(app, people).tell({**STORY, **changes})
