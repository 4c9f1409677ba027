"""Tasks for tests, made through the services."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from caseflow.core.db import session, writing
from caseflow.support import services
from caseflow.support.models import Task
from tests.referrals.factories import START

TODAY = date(2026, 11, 17)
WORDS = "Canary words of a task"


def added(people, case_id, *, key="worker", away=1, who="worker", now=START, task_id=None, **changed) -> UUID:
    """A task due `away` days from today for `who` (None: the team's), added by `key` (None: the system); by id."""
    data = {"kind": "call", "words": WORDS, "due_on": TODAY + timedelta(days=away), **changed}
    with writing():
        return services.add_task(
            actor=people.actor(key) if key else None, task_id=task_id or uuid4(), case_id=case_id,
            assignee_id=people.staff[who] if who else None, now=now, **data,
        ).id  # fmt: skip


def change(people, task_id, key="worker", *, now=START, rv=None, **changed):
    """Change some answers of a task."""
    from caseflow.core import vault

    task = session().get_one(Task, task_id)
    doc = vault.read(task)
    data = {"kind": doc["kind"], "words": doc["words"], "due_on": task.due_on, "assignee_id": task.assignee_id}
    rv = task.rv if rv is None else rv
    with writing():
        services.change_task(actor=people.actor(key), task_id=task_id, rv=rv, now=now, **{**data, **changed})


def finish(people, task_id, key="worker", *, now=START, outcome=""):
    """Record that it is done."""
    with writing():
        services.finish_task(actor=people.actor(key), task_id=task_id, outcome=outcome, now=now)


def drop(people, task_id, key="worker", *, now=START, reason="No longer needed"):
    """Record that it will not be done."""
    with writing():
        services.drop_task(actor=people.actor(key), task_id=task_id, reason=reason, now=now)
