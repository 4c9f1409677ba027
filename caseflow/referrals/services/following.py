"""What an answer leaves to do: a task for the worker of the case, in the transaction of the answer."""

from datetime import date, datetime, timedelta
from uuid import UUID

from caseflow.cases.queries import office_day, summary_of
from caseflow.cases.states import PUBLIC, CaseState, PublicState
from caseflow.core.vault import SealBroken
from caseflow.referrals.models import Referral
from caseflow.support.services import add_task

_GRAVE = frozenset({"high", "emergency"})


def follow_up(referral: Referral, verb: str, *, event_id: UUID, now: datetime) -> None:
    """Open the task that a refusal or a no-show calls for. The task has the event's id: one event, one task."""
    case = referral.case
    if PUBLIC[CaseState(case.state)] is PublicState.CLOSED:
        return
    today = office_day(case.organisation_id, now)
    if asked := _asked(referral, verb, today):
        kind, due_on = asked
        add_task(
            actor=None, task_id=event_id, case_id=case.id, kind=kind, due_on=due_on, assignee_id=case.assignee_id,
            source={"referral": referral.id}, now=now,
        )  # fmt: skip


def _asked(referral: Referral, verb: str, today: date) -> tuple[str, date] | None:
    """(Kind, day) of the task: another partner by tomorrow; who did not arrive and is in danger, today."""
    if verb == "refuse":
        return "find_another_partner", today + timedelta(days=1)
    if verb == "no_show" and _in_danger(referral):
        return "safety_check", today
    return None


def _in_danger(referral: Referral) -> bool:
    """Whether the risk is high. Where it cannot be read we look after the person rather than not."""
    try:
        return summary_of(referral.case).get("risk") in _GRAVE
    except SealBroken:
        return True
