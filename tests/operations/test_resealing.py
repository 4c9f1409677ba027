"""A new key version for a case: every record of it is sealed anew, nothing else is, and the trail stays whole."""

from datetime import timedelta

import pytest

from caseflow.cases.models import Case, CaseRecord
from caseflow.cases.queries import get_record
from caseflow.core import clock, vault
from caseflow.core.db import session, writing
from caseflow.core.errors import NotFound
from caseflow.core.outbox import Job
from caseflow.core.trail.verify import verify
from caseflow.operations import resealing
from tests.attack.behind import sealed_models
from tests.attack.stage import build
from tests.routes.scene import NOW

pytestmark = pytest.mark.both_databases
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def case(app, people, monkeypatch):
    """The case of the scene with most records, each kind of sealed row among them."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    build(app, people)
    return max(session().query(Case).all(), key=lambda one: len(rows_of(one.id)))


def rows_of(case_id):
    """Every sealed row under the case's key, found without the code that is tested: by looking at all of them."""
    return [row for model in sealed_models().values() for row in session().query(model) if row.key_case_id == case_id]


def opened(row):
    if isinstance(row, CaseRecord):
        get_record(row.case_id, row.id)
    return vault.read(row)


def version(row):
    return int.from_bytes(row.sealed[2:6], "big")


def test_every_record_rests_on_the_new_version_and_says_what_it_said(app, case):
    case_id, before = case.id, {row.id: opened(row) for row in rows_of(case.id)}
    assert {type(row).__tablename__ for row in rows_of(case_id)} > {
        "case_file",
        "case_summary",
        "case_record",
        "consent",
    }
    assert resealing.bump(number=case.number, now=LATER) == 2
    app.extensions["caseflow"].outbox.run_due(clock=lambda: LATER)
    session().expire_all()
    assert {version(row) for row in rows_of(case_id)} == {2}
    assert {row.id: opened(row) for row in rows_of(case_id)} == before
    assert verify().whole


def test_other_cases_stay_as_they_were(app, case):
    others = [one.id for one in session().query(Case) if one.id != case.id]
    before = {row.id: bytes(row.sealed) for one in others for row in rows_of(one)}
    resealing.bump(number=case.number, now=LATER)
    app.extensions["caseflow"].outbox.run_due(clock=lambda: LATER)
    session().expire_all()
    assert {row.id: bytes(row.sealed) for one in others for row in rows_of(one)} == before


def test_done_twice_it_changes_nothing_more(app, case):
    case_id = case.id
    resealing.bump(number=case.number, now=LATER)
    assert resealing.reseal_case(case_id=case_id, now=LATER) == len(rows_of(case_id))
    assert resealing.reseal_case(case_id=case_id, now=LATER) == 0


def test_a_record_that_does_not_open_is_left_and_found(app, case):
    case_id = case.id
    broken = next(row for row in rows_of(case_id) if isinstance(row, CaseRecord))
    its_id, damaged = broken.id, bytes(broken.sealed[:-1]) + bytes([broken.sealed[-1] ^ 1])
    with writing() as current:
        current.get_one(CaseRecord, its_id).sealed = damaged
    resealing.bump(number=case.number, now=LATER)
    assert resealing.reseal_case(case_id=case_id, now=LATER) == len(rows_of(case_id)) - 1
    session().expire_all()
    assert bytes(session().get_one(CaseRecord, its_id).sealed) == damaged
    assert not verify().whole


def test_an_unknown_number_is_said_and_gives_no_key(app, case):
    with pytest.raises(NotFound, match="no case with this number"):
        resealing.bump(number="CF-0000-0000", now=LATER)
    assert session().query(Job).filter_by(name=resealing.RESEAL).count() == 0


def test_a_crash_after_the_key_is_made_good_by_the_next_run(app, case, monkeypatch):
    case_id, number = case.id, case.number
    with monkeypatch.context() as inner:
        inner.setattr(resealing, "enqueue", lambda *_a, **_k: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            resealing.bump(number=number, now=LATER)
    session().expire_all()
    assert all(opened(row) is not None for row in rows_of(case_id))
    assert resealing.bump(number=number, now=LATER) == 3
    app.extensions["caseflow"].outbox.run_due(clock=lambda: LATER)
    session().expire_all()
    assert {version(row) for row in rows_of(case_id)} == {3} and verify().whole
