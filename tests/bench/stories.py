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
    """One case a story; their ids. Runs inside an application context."""
    teller = scenario.teller(app, people)
    return [teller.tell(one) for one in stories()]


def stories() -> list[dict[str, Any]]:
    """As many as REFERRALS."""
    turns = zip(REFERRALS, cycle(RISKS), cycle(STATES), strict=False)
    return [_story(place, until, risk, state) for place, (until, risk, state) in enumerate(turns)]


def _story(place: int, until: str, risk: str, state: str) -> dict[str, Any]:
    """The whole case of the tests, varied."""
    known = scenario.STORY
    screening = {
        "gender": ("feminine", "masculine")[place % 2], "age_at_contact": 19 + place,
        "primary_language": ("ur", "ps", "pa")[place % 3], "case_type": ("tip", "som")[place % 2],
        "worker_opinion": "A fictional opinion of a few lines. " * 8,
    }  # fmt: skip
    return {
        **known, "days": 3 + place, "state": "intake" if until and state == "screening" else state,
        "screening": {**known["screening"], **screening},
        "assessment": {"risk_level": risk},
        "note": [{"subject": "Talk", "text": "The text of a fictional note. " * 10} for _ in range(place % 3)],
        "referral": [{**known["referral"][0], "until": until}] if until else [],
    }  # fmt: skip
