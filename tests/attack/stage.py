"""An installation with at least one row in every sealed table. Everything in it is fictional."""

from uuid import uuid4

from caseflow.cases.services import count_helped
from caseflow.core.db import writing
from tests.routes import scene

HELP = {"help_given": ["food_water", "call"], "gender": "masculine", "majority_status": "adult"}


def build(app, people):
    """Make it, on the clock of tests/routes/scene.py; returns {name: id} of what is in it."""
    ids = scene.build(app, people)
    with writing():
        count_helped(
            actor=people.actor("worker", now=scene.NOW), case_id=uuid4(), team_id=people.teams["north"], data=HELP,
            now=scene.NOW,
        )  # fmt: skip
    return ids
