"""Every mutation against every sealed table, with the expected result of each cell as data (mutations.py).

The seal must refuse, or the trail must find. The pages that show a broken record have tests of their own
(test_front_door.py, test_more_pages.py).
"""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from caseflow.cases.models import CaseRecord
from caseflow.core import clock, vault
from caseflow.core.db import session
from caseflow.core.trail.verify import verify
from caseflow.core.vault import SealBroken
from tests.attack.behind import Thief, sealed_models
from tests.attack.mutations import BROKEN, EXPECTED, FOUND, GONE, MUTATIONS, OPENS, SILENT, UNDIGESTED
from tests.attack.stage import build, hand_of
from tests.routes.scene import NOW

pytestmark = pytest.mark.both_databases


@pytest.fixture
def victims(app, people, installation, monkeypatch):
    """(the thief, {table: Hand}) over an installation with a row in every sealed table."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    build(app, people)
    session().rollback()
    thief = Thief(installation[0].database_url)
    yield thief, hands(thief)
    thief.close()


def hands(thief):
    """One row of every sealed table, ready to be attacked."""
    models = sealed_models()
    rows = {table: thief.rows(model.__table__) for table, model in models.items()}
    assert not [table for table, found in rows.items() if not found], "no row of a sealed table: add it to stage.py"
    made = {}
    for number, (table, model) in enumerate(models.items()):
        victim = rows[table][0]
        twin = next((one for one in rows[table] if owner(one) != owner(victim)), rows[table][-1])
        foreign = rows[list(models)[number - 1]][0]
        made[table] = hand_of(model, victim, twin if twin.id != victim.id else None, bytes(foreign.sealed))
    return made


def owner(row):
    return row._mapping.get("case_id", row.id)


def state_of(model, hand):
    """Whether the row opens."""
    record, row_id = session().get(model, hand.row.id), hand.row.id
    if record is None:
        return GONE
    if model is CaseRecord:
        record.kind = hand.place.slot
    try:
        vault.read(record)
    except SealBroken as error:
        return BROKEN if (error.table, error.record_id) == (model.__tablename__, row_id) else "broken elsewhere"
    return OPENS


def test_every_mutation_has_its_expected_result():
    assert MUTATIONS.keys() == EXPECTED.keys()
    assert UNDIGESTED.keys() <= sealed_models().keys()


def expected(mutation, table):
    opens, found = EXPECTED[mutation]
    return opens, SILENT if table in UNDIGESTED else found


def test_every_mutation_of_every_sealed_table_is_refused_or_found(victims):
    thief, attacked = victims
    models, wrong = sealed_models(), []
    assert verify().findings == []
    for mutation, mutate in MUTATIONS.items():
        for table, hand in attacked.items():
            apply(thief, models[table].__table__, hand, mutate)
        session().rollback()
        session().expunge_all()
        reported = {(one.table, one.row_id) for one in verify().findings}
        for table, hand in attacked.items():
            seen = state_of(models[table], hand), FOUND if (table, hand.row.id) in reported else SILENT
            if seen != expected(mutation, table):
                wrong.append(f"{mutation} / {table}: {seen}")
        session().rollback()
        for table, hand in attacked.items():
            thief.restore(models[table].__table__, hand.row)
    session().expunge_all()
    assert not wrong, "\n".join(wrong)
    assert verify().findings == []


def apply(thief, table, hand, mutate):
    changed = mutate(hand)
    if changed is None:
        thief.remove(table, hand.row)
    else:
        thief.change(table, hand.row, **changed)


@pytest.mark.parametrize("how", ["a copy under a new id", "a forged row"])
def test_a_row_that_nobody_wrote_never_opens(victims, how):
    """The database may refuse it (one of a kind); where it does not, the row has no seal that fits."""
    thief, attacked = victims
    models, opened = sealed_models(), []
    for table, hand in attacked.items():
        its_id, model = uuid4(), models[table]
        sealed = hand.sealed if how == "a copy under a new id" else hand.forged(record_id=uuid4())
        try:
            thief.insert(model.__table__, {**hand.row._mapping, "id": its_id, "sealed": sealed})
        except IntegrityError:
            continue
        session().rollback()
        if state_of(model, replace(hand, row=session().get_one(model, its_id))) != BROKEN:
            opened.append(table)
        session().rollback()
        session().expunge_all()
    assert opened == []
    assert {one.row_id for one in verify().findings} <= {hand.row.id for hand in attacked.values()}
