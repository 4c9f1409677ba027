"""Life cycles as tables: a state enum and STEPS; services ask, buttons and tests read the same rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from caseflow.core.errors import TooLate
from caseflow.core.policy.actions import ActionEnum


@dataclass(frozen=True)
class Step:
    """One move of a life cycle.

    `frm` are the states it starts from (empty: the thing is being made), `to` the state it ends in (None: an event
    that leaves the state as it is), `action` what policy is asked, `guard` the name of the rule a service checks,
    `who` the role as the standards name it, `later` true while no screen offers the verb.
    """

    verb: str
    frm: frozenset[StrEnum]
    to: StrEnum | None
    action: ActionEnum
    guard: str = ""
    later: bool = False


def step(
    verb: str,
    frm: Iterable[StrEnum],
    to: StrEnum | None,
    action: ActionEnum,
    guard: str = "",
    *,
    later: bool = False,
) -> Step:
    """A row of a STEPS table."""
    return Step(verb, frozenset(frm), to, action, guard, later)


def find(steps: Sequence[Step], verb: str, state: StrEnum | None) -> Step:
    """The row for `verb` from `state`. Raises TooLate when the verb does not start there."""
    for row in steps:
        if row.verb == verb and ((state is None and not row.frm) or state in row.frm):
            return row
    raise TooLate()


def open_verbs(steps: Sequence[Step], state: StrEnum) -> list[Step]:
    """The rows that start from `state` and have a screen, in the table's order."""
    return [row for row in steps if state in row.frm and not row.later]
