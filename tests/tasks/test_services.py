"""Tasks: who may do what with them, from which state, and what is kept of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from caseflow.accounts.models import StaffMembership
from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import CaseFlowError, Invalid, NotAllowed, NotFound, StaleVersion, TooLate
from caseflow.core.policy import Action, permits
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from caseflow.support.models import Task
from caseflow.support.queries import get_task, of_case, workers
from caseflow.support.states import STEPS, TaskState
from tests.cases.factories import opened
from tests.referrals.factories import START
from tests.tasks.factories import TODAY, WORDS, added, change, drop, finish

pytestmark = pytest.mark.both_databases
WHO = ("worker", "colleague", "supervisor", "other_team", "protection", "auditor", "admin", "stranger")
ACTS = {"change": lambda *a: change(*a, words="Other words"), "hand_over": lambda people, task_id, key: change(
    people, task_id, key, assignee_id=people.staff["supervisor"]), "finish": finish, "drop": drop}  # fmt: skip


@pytest.fixture
def case_id(app, people):
    return opened(people, now=START - timedelta(days=1))


def leave(people, key):
    """Somebody leaves their team."""
    with writing():
        ended = update(StaffMembership).where(StaffMembership.staff_id == people.staff[key])
        session().execute(ended.values(valid_until=START - timedelta(hours=1)))


def close(case_id):
    with writing():
        session().execute(update(Case).where(Case.id == case_id).values(state="closed"))


def tags(task_id):
    return list(session().scalars(select(TrailEntry.tag).where(TrailEntry.object_id == task_id)))


class TestLife:
    def test_every_verb_has_an_act_here(self):
        assert {row.verb for row in STEPS} == {"add", *ACTS}

    @pytest.mark.parametrize("verb", ACTS)
    @pytest.mark.parametrize("state", TaskState)
    def test_every_verb_starts_where_the_table_says(self, people, case_id, verb, state):
        task_id = added(people, case_id)
        if state != "open":
            ACTS["finish" if state == "done" else "drop"](people, task_id, "worker")
        row = next(one for one in STEPS if one.verb == verb)
        if state in row.frm:
            ACTS[verb](people, task_id, "worker")
            assert get_task(task_id).state == (row.to or state)
        else:
            with pytest.raises(TooLate):
                ACTS[verb](people, task_id, "worker")
            assert get_task(task_id).state == state

    @pytest.mark.parametrize("verb", ACTS)
    @pytest.mark.parametrize("key", WHO)
    def test_who_may_do_it_is_what_policy_says(self, people, case_id, verb, key):
        task_id = added(people, case_id)
        action = next(one.action for one in STEPS if one.verb == verb)
        may = permits(people.actor(key), action, get_task(task_id))
        assert may == (key in ("worker", "supervisor"))
        if may:
            ACTS[verb](people, task_id, key)
        else:
            with pytest.raises(NotAllowed if key == "colleague" else NotFound):
                ACTS[verb](people, task_id, key)

    def test_a_colleague_who_was_given_it_may_finish_it_and_no_more(self, people, case_id):
        task_id = added(people, case_id, who="colleague")
        task, actor = get_task(task_id), people.actor("colleague")
        assert permits(actor, Action.Task.FINISH, task)
        assert not permits(actor, Action.Task.CHANGE, task) and not permits(actor, Action.Task.DROP, task)
        finish(people, task_id, "colleague", outcome="Reached.")
        doc = vault.read(get_task(task_id))
        assert (doc["outcome"], doc["ended_by"]) == ("Reached.", str(people.staff["colleague"]))

    def test_who_left_the_team_finishes_nothing(self, people, case_id):
        task_id = added(people, case_id, who="colleague")
        leave(people, "colleague")
        with pytest.raises(NotFound):
            finish(people, task_id, "colleague")

    def test_only_who_works_the_case_adds_a_task(self, people, case_id):
        for key in WHO:
            if key in ("worker", "supervisor"):
                added(people, case_id, key=key)
            else:
                with pytest.raises(NotAllowed if key == "colleague" else NotFound):
                    added(people, case_id, key=key)
        assert len(of_case(case_id)) == 2

    def test_each_step_is_in_the_trail_and_the_trail_is_whole(self, people, case_id):
        task_id = added(people, case_id)
        change(people, task_id, words="Other words")
        finish(people, task_id)
        assert tags(task_id) == ["support:task:add", "support:task:change", "support:task:end"]
        assert verify().findings == []


class TestAdding:
    def test_the_system_may_always_and_is_named_as_such(self, people, case_id):
        task = get_task(added(people, case_id, key=None, source={"referral": uuid4()}))
        assert task.created_by is None and task.assignee_id == people.staff["worker"]
        entry = session().scalars(select(TrailEntry).where(TrailEntry.object_id == task.id)).one()
        assert (entry.actor_id, entry.role) == (None, "system")

    def test_the_system_gives_a_task_to_the_team_when_its_worker_has_left(self, people, case_id):
        leave(people, "worker")
        assert get_task(added(people, case_id, key=None)).assignee_id is None

    def test_the_same_id_again_gives_the_first(self, people, case_id):
        task_id = added(people, case_id)
        assert added(people, case_id, task_id=task_id, words="Other words") == task_id
        assert [row.doc["words"] for row in of_case(case_id)] == [WORDS]

    def test_an_id_that_somebody_else_used_is_unknown(self, people, case_id):
        task_id = added(people, case_id)
        with pytest.raises(NotFound):
            added(people, case_id, task_id=task_id, key="supervisor")
        with pytest.raises(NotFound):
            added(people, opened(people), task_id=task_id)

    def test_a_closed_case_gets_no_task_not_even_from_the_system(self, people, case_id):
        close(case_id)
        for key in ("worker", None):
            with pytest.raises(TooLate):
                added(people, case_id, key=key)

    def test_a_task_of_a_closed_case_is_not_changed_but_can_be_ended(self, people, case_id):
        task_id = added(people, case_id)
        close(case_id)
        with pytest.raises(TooLate):
            change(people, task_id, words="Other words")
        drop(people, task_id)
        assert get_task(task_id).state == "dropped"

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"kind": "dance"}, "kind"), ({"kind": "other", "words": " "}, "words"), ({"words": "x" * 501}, "words"),
            ({"words": "a\x00b"}, "words"), ({"words": "\ud800"}, "words"), ({"away": -1}, "due_on"),
            ({"away": 731}, "due_on"), ({"who": "other_team"}, "assignee_id"), ({"who": "admin"}, "assignee_id"),
        ],
    )  # fmt: skip
    def test_what_does_not_fit_is_refused_at_its_field(self, people, case_id, changed, field):
        with pytest.raises(Invalid) as refused:
            added(people, case_id, **changed)
        assert set(refused.value.problems) == {field}
        assert of_case(case_id) == []

    def test_the_day_is_the_offices_day(self, people, case_id):
        """At 20:00 UTC it is already tomorrow in Pakistan."""
        late = START.replace(hour=20)
        with pytest.raises(Invalid):
            added(people, case_id, away=0, now=late)
        added(people, case_id, away=1, now=late)

    def test_nothing_of_it_lies_in_clear(self, people, case_id):
        task = get_task(added(people, case_id, kind="lawful_cover"))
        clear = {name: getattr(task, name) for name in Task.__mapper__.column_attrs.keys()}  # noqa: SIM118  a mapping of its own
        assert "lawful" not in str(clear) and "Canary" not in str(clear)


class TestChanging:
    def test_the_same_answers_make_no_new_version(self, people, case_id):
        task_id = added(people, case_id)
        change(people, task_id)
        assert get_task(task_id).rv == 1
        assert tags(task_id) == ["support:task:add"]

    def test_a_change_on_an_older_version_is_stale(self, people, case_id):
        task_id = added(people, case_id)
        rv = get_task(task_id).rv
        change(people, task_id, words="First")
        with pytest.raises(StaleVersion):
            change(people, task_id, "supervisor", rv=rv, words="Second")
        assert vault.read(get_task(task_id))["words"] == "First"

    def test_a_late_task_keeps_its_day_but_gets_no_other_past_one(self, people, case_id):
        task_id, later = added(people, case_id, away=0), START + timedelta(days=3)
        change(people, task_id, now=later, words="Late now")
        with pytest.raises(Invalid):
            change(people, task_id, now=later, due_on=TODAY + timedelta(days=1))

    def test_it_can_be_handed_over_and_given_back_to_the_team(self, people, case_id):
        task_id = added(people, case_id)
        change(people, task_id, assignee_id=people.staff["colleague"])
        assert workers(of_case(case_id), now=START) == {task_id: "Test Colleague"}
        change(people, task_id, assignee_id=None)
        assert workers(of_case(case_id), now=START) == {task_id: ""}

    def test_an_open_task_of_who_left_shows_as_the_teams(self, people, case_id):
        task_id = added(people, case_id, who="colleague")
        leave(people, "colleague")
        assert workers(of_case(case_id), now=START) == {task_id: ""}
        change(people, task_id, words="Still changes")
        with pytest.raises(Invalid):
            change(people, added(people, case_id), assignee_id=people.staff["colleague"])

    def test_a_task_is_not_dropped_without_a_reason(self, people, case_id):
        task_id = added(people, case_id)
        for reason in ("", "  ", "x" * 501):
            with pytest.raises(Invalid):
                drop(people, task_id, reason=reason)

    def test_a_broken_task_is_never_written_over(self, people, case_id):
        task_id = added(people, case_id)
        with writing():
            session().execute(Task.__table__.update().where(Task.id == task_id).values(sealed=bytes(90)))
        session().expire_all()
        for act in (finish, drop):
            with pytest.raises(CaseFlowError):
                act(people, task_id)
        session().expire_all()
        assert [row.broken for row in of_case(case_id)] == [True]
