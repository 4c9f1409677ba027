"""The cases that the benchmark multiplies: one caseload in small, told through the services. All fictional."""

from itertools import cycle
from typing import Any
from uuid import UUID

from flask import Flask

from tests.support import scenario, world

# How far the referral of each story has come; "" for a case without one. Two in five cases have a referral.
REFERRALS = (
    "", "issued", "", "draft", "", "accepted", "", "pending_approval", "", "returned",
    "", "", "in_service", "", "refused", "", "issued", "", "", "acknowledged",
)  # fmt: skip
RISKS = ("medium", "low", "high", "medium", "emergency", "low", "low")
STATES = ("assessment", "intake", "assessment", "screening")


def tell_all(app: Flask, people: world.World) -> list[UUID]:
    """One case a story, the simplest first told last; their ids. Runs inside an application context."""
    teller = scenario.teller(app, people)
    return [teller.tell(one) for one in stories()]


def stories() -> list[dict[str, Any]]:
    """As many as REFERRALS."""
    turns = zip(REFERRALS, cycle(RISKS), cycle(STATES), strict=False)
    return [_story(place, until, risk, state) for place, (until, risk, state) in enumerate(turns)]


def _story(place: int, until: str, risk: str, state: str) -> dict[str, Any]:
    screening = {
        "contact_channel": "in_person", "contact_place": "our_office", "immediate_danger": "no", "act_offer": "yes",
        "gender": ("feminine", "masculine")[place % 2], "age_at_contact": 19 + place, "citizenship": ["PK"],
        "primary_language": ("ur", "ps", "pa")[place % 3], "case_type": ("tip", "som")[place % 2],
        "worker_opinion": "A fictional opinion of a few lines. " * 8,
    }  # fmt: skip
    safety = {"safe_contact_way": ["call"], "safe_phone": "+923001112223", "safe_contact_hours": "10:00 to 12:00"}
    story = {
        "days": 3 + place, "who": "worker", "state": "intake" if until and state == "screening" else state,
        "screening": screening,
        "person": {"hopes": "A quiet room and work.", "dependants_with_person": 1, "dependants_ages": "3"},
        "identity": {"first_name": "Fictional", "cnic": "35202-1234567-2", "phone_mobile": "+923001112223"},
        "safety": {**safety, **({"risk_level": risk} if risk else {})},
        "note": [{"subject": "Talk", "text": "The text of a fictional note. " * 10} for _ in range(place % 3)],
    }  # fmt: skip
    if until:
        asked = {"partner": "shelter", "services": ["safe_shelter"], "urgency": "urgent", "request": "A room."}
        story["referral"] = [{**asked, "until": until}]
    return story
