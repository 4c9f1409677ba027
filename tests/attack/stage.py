"""An installation with at least one row in every sealed table. Everything in it is fictional."""

from uuid import uuid4

from caseflow.cases.models import CaseRecord
from caseflow.cases.queries import get_record
from caseflow.cases.services import count_helped
from caseflow.core import vault
from caseflow.core.db import session, writing
from tests.attack.mutations import Hand
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


def hand_of(model, row, twin, foreign):
    """The attack on this row, with what a forger would need; inside an application context."""
    record, held = session().get_one(model, row.id), vault.current()
    if model is CaseRecord:  # its kind is its slot, and is not stored
        get_record(row.case_id, row.id)
    key = held._case_keys(record.key_case_id)[0]
    place = held._place(record, record.rv)
    return Hand(row, twin, foreign, key.aead, key.ver, place, vault.read(record))
