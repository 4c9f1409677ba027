"""The table of steps is whole, and every verb from every state by every role does what it says and nothing else."""

import pytest

from caseflow.cases import services
from caseflow.cases.models import Case
from caseflow.cases.services import moving
from caseflow.cases.states import PROGRESS, PUBLIC, PUBLIC_LABELS, STEPS, VERB_LABELS, CaseState, PublicState, states_of
from caseflow.core import catalogue
from caseflow.core.db import session, writing
from caseflow.core.errors import NotAllowed, NotFound, TooLate
from caseflow.core.lifecycle import open_verbs
from caseflow.core.policy import all_actions
from tests.cases.factories import SOON, opened

VERBS = sorted({row.verb for row in STEPS})
WORKS_ON_IT = ("worker", "supervisor", "second_supervisor")
READS_IT = ("colleague",)
NEVER_SEES_IT = (
    "other_team", "other_team_supervisor", "protection", "auditor", "admin", "stranger", "stranger_supervisor",
    "stranger_auditor",
)  # fmt: skip


class TestTheTable:
    def test_the_states_are_the_codes_of_the_list(self):
        assert {str(state) for state in CaseState} == set(catalogue.load().list("case_status").codes)

    def test_people_see_five_states_and_every_state_is_one_of_them(self):
        assert len(PublicState) == len(PUBLIC_LABELS) == 5
        assert set(PUBLIC) == set(CaseState)
        assert sorted(state for public in PublicState for state in states_of(public)) == sorted(CaseState)

    def test_every_state_can_be_reached_and_all_but_the_last_can_be_left(self):
        assert {row.to for row in STEPS if row.to} == set(CaseState)
        assert {state for row in STEPS for state in row.frm} == set(CaseState) - {CaseState.ERASED}

    def test_no_verb_starts_twice_from_one_state(self):
        starts = [(row.verb, state) for row in STEPS for state in row.frm]
        assert len(starts) == len(set(starts))

    def test_every_step_names_its_guard_and_a_known_action(self):
        assert all(row.guard for row in STEPS)
        assert {row.action for row in STEPS} <= set(all_actions())

    def test_steps_with_a_screen_have_their_guard_and_their_words(self):
        built = [row for row in STEPS if not row.later and row.frm]
        assert {row.guard for row in built} == set(moving.GUARDS)
        assert {row.verb for row in built} == set(VERB_LABELS)

    def test_buttons_come_from_the_table(self):
        assert [row.verb for row in open_verbs(STEPS, CaseState.SCREENING)] == ["begin_intake"]
        assert [row.verb for row in open_verbs(STEPS, CaseState.INTAKE)] == ["begin_assessment"]
        assert open_verbs(STEPS, CaseState.CLOSED) == []

    def test_the_progress_line_starts_at_screening_and_ends_closed(self):
        assert (PROGRESS[0], PROGRESS[-1]) == (CaseState.SCREENING, CaseState.CLOSED)


def expected(key, verb, state):
    """What one attempt gives: the new state, or the refusal's class."""
    if key in NEVER_SEES_IT:
        return NotFound
    if key in READS_IT:
        return NotAllowed
    rows = [row for row in STEPS if row.verb == verb and state in row.frm]
    if not rows:
        return TooLate
    return NotAllowed if rows[0].later else rows[0].to


@pytest.mark.both_databases
@pytest.mark.parametrize("key", [*WORKS_ON_IT, *READS_IT, *NEVER_SEES_IT])
def test_every_verb_from_every_state(app, people, monkeypatch, key):
    monkeypatch.setattr(moving, "GUARDS", {})
    case_id, actor = opened(people), people.actor(key)
    wrong = []
    for state in CaseState:
        for verb in VERBS:
            found = attempt(actor, case_id, verb, state)
            if found != expected(key, verb, state):
                wrong.append((verb, state, found))
    assert wrong == []


def attempt(actor, case_id, verb, state):
    """Try a verb from a state and leave no trace."""
    current = session()
    current.rollback()
    current.execute(Case.__table__.update().where(Case.id == case_id).values(state=state.value))
    try:
        return CaseState(services.move_case(actor=actor, case_id=case_id, verb=verb, now=SOON).state)
    except (NotFound, NotAllowed, TooLate) as refusal:
        return type(refusal)
    finally:
        current.rollback()


def test_a_verb_that_nobody_knows_is_too_late(app, people):
    case_id = opened(people)
    with pytest.raises(TooLate), writing():
        services.move_case(actor=people.actor("worker"), case_id=case_id, verb="x' OR 1=1", now=SOON)
