"""The life of a task: open until somebody has done it, or has said why it is not done."""

from enum import StrEnum

from caseflow.core.lifecycle import Step, step
from caseflow.core.policy import Action
from caseflow.core.words import N_

A = Action.Task


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


S = TaskState

STEPS: tuple[Step, ...] = (
    step("add", (), S.OPEN, A.ADD, "case_open"),
    step("change", (S.OPEN,), None, A.CHANGE, "case_open"),
    step("hand_over", (S.OPEN,), None, A.CHANGE, "of_the_team"),
    step("finish", (S.OPEN,), S.DONE, A.FINISH),
    step("drop", (S.OPEN,), S.DROPPED, A.DROP, "reason"),
)


class Due(StrEnum):
    """How an open task lies to the day it is at the office."""

    LATE = "late"
    TODAY = "today"
    LATER = "later"


DUE_LABELS: dict[Due, str] = {Due.LATE: N_("Late"), Due.TODAY: N_("Due today"), Due.LATER: N_("Due later")}
