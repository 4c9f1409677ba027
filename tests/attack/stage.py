"""An installation with at least one row in every sealed table. Everything in it is fictional."""

from uuid import uuid4

from caseflow.cases.services import count_declined
from caseflow.core.db import writing
from tests.routes import scene


def build(app, people):
    """Make it, on the clock of tests/routes/scene.py; returns {name: id} of what is in it."""
    ids = scene.build(app, people)
    with writing():
        count_declined(
            actor=people.actor("worker", now=scene.NOW), case_id=uuid4(), team_id=people.teams["north"], now=scene.NOW
        )
    return ids
