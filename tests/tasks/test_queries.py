"""Lists and counts of tasks: whose, due when, in a total order, nothing of others."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from caseflow.core.db import session
from caseflow.core.policy import Action, permits
from caseflow.support.models import Task
from caseflow.support.queries import DueCounts, counts_due, list_tasks, of_case, visible_to
from caseflow.support.states import Due
from tests.cases.factories import opened
from tests.referrals.factories import START
from tests.support.world import PEOPLE
from tests.tasks.factories import TODAY, added, finish

pytestmark = pytest.mark.both_databases


@pytest.fixture
def made(app, people):
    """Days before or after today -> task of the worker; one of the team, one done, one of a stranger beside them."""
    case_id = opened(people, now=START - timedelta(days=9))
    ids = {}
    for away in (3, -2, 0, 1, -1):
        ids[away] = added(people, case_id, away=away, now=START + timedelta(days=min(away, 0)))
    ids["team"] = added(people, case_id, away=0, who=None)
    ids["done"] = added(people, case_id, away=0)
    finish(people, ids["done"])
    ids["stranger"] = added(people, opened(people, "stranger", team="far"), key="stranger", who="stranger")
    return case_id, ids


def names(made, rows):
    known = {task_id: name for name, task_id in made[1].items()}
    return [known[row.id] for row in rows]


def test_my_tasks_come_by_day_the_late_ones_first(people, made):
    rows = list_tasks(people.actor("worker"), today=TODAY, mine=True)
    assert names(made, rows) == [-2, -1, 0, 1, 3]


@pytest.mark.parametrize(("due", "expected"), [("late", {-2, -1}), ("today", {0, "team"}), ("later", {1, 3})])
def test_a_list_is_narrowed_by_when_it_is_due(people, made, due, expected):
    rows = list_tasks(people.actor("worker"), today=TODAY, due=Due(due))
    assert set(names(made, rows)) == expected
    assert {row.due(TODAY) for row in rows} == {Due(due)}


def test_the_team_sees_everything_of_the_team_and_nothing_of_others(people, made):
    for key in ("worker", "colleague", "supervisor"):
        rows = list_tasks(people.actor(key), today=TODAY)
        assert set(names(made, rows)) == {-2, -1, 0, 1, 3, "team"}
    for key in ("other_team", "protection", "auditor", "admin"):
        assert list_tasks(people.actor(key), today=TODAY) == []
    assert names(made, list_tasks(people.actor("stranger"), today=TODAY)) == ["stranger"]


def test_paging_shows_each_once(people, made):
    seen, after = [], None
    while rows := list_tasks(people.actor("worker"), today=TODAY, after=after, limit=2):
        seen += rows
        after = (rows[-1].due_on, rows[-1].id)
    assert [(row.due_on, row.id) for row in seen] == sorted((row.due_on, row.id) for row in seen)
    assert len({row.id for row in seen}) == len(seen) == 6


def test_counts_need_nothing_opened(people, made, monkeypatch):
    actor, admin = people.actor("worker"), people.actor("admin")
    monkeypatch.setattr("caseflow.core.vault.read", None)
    assert counts_due(actor, today=TODAY) == DueCounts(late=2, today=1, later=2)
    assert counts_due(actor, today=TODAY).now == 3
    assert counts_due(actor, today=TODAY, mine=False) == DueCounts(late=2, today=2, later=2)
    assert counts_due(admin, today=TODAY, mine=False) == DueCounts()


def test_what_is_visible_is_what_policy_lets_read(people, made):
    every = session().scalars(select(Task)).all()
    for key in PEOPLE:
        actor = people.actor(key)
        seen = set(session().scalars(select(Task.id).where(visible_to(actor))))
        assert seen == {one.id for one in every if permits(actor, Action.Task.READ, one)}, key


def test_a_case_shows_open_tasks_first_then_what_ended(people, made):
    assert names(made, of_case(made[0]))[-1] == "done"
    assert [row.due_on for row in of_case(made[0])[:-1]] == sorted(row.due_on for row in of_case(made[0])[:-1])
