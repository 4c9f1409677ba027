"""The home of a supervisor: decisions, harm, late reviews with children first, late answers, loads."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from caseflow.accounts.queries import staff_names
from caseflow.cases import queries as cases
from caseflow.cases.states import PublicState
from caseflow.core.policy import Action, Actor, permits
from caseflow.core.vault import SealBroken
from caseflow.desk.queries.days import Day, chart_days, working_days
from caseflow.referrals import queries as referrals
from caseflow.referrals.queries import ReferralRow
from caseflow.referrals.states import ReferralState

SHOWN = 8
FEW = 5
QUIET_FOR = timedelta(days=30)
LOOK_BACK = timedelta(days=90)
_S = ReferralState


@dataclass(frozen=True, repr=False)
class Approval:
    """A referral that waits for a decision. `changes` says what a returned one tells otherwise now (None: first time).

    The words of a letter are not here: who reads them reads the page of the decision, which is recorded.
    """

    row: ReferralRow
    mine: bool
    changes: list[referrals.Change] | None = None
    error: SealBroken | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class SupervisorHome:
    """The work of the teams one supervises. Lists hold what is shown; the counts say how much there is."""

    today: date
    waiting: list[Approval]
    harmed: list[ReferralRow]
    reviews: list[cases.CaseRow]
    review_count: int
    days: list[Day]
    late: list[ReferralRow]
    quiet: list[cases.CaseRow]
    quiet_count: int
    loads: list[cases.Load]
    names: dict[UUID, str]
    states: Counter[PublicState]
    counts: referrals.Standing

    def rows(self) -> Iterable[Any]:
        """Everything that may not have opened."""
        approvals = [one for each in self.waiting for one in (each.row, each)]
        return [*approvals, *self.harmed, *self.reviews, *self.late, *self.quiet]


def supervisor_home(actor: Actor, *, today: date, now: datetime) -> SupervisorHome:
    """What waits for a supervisor now."""
    team, which = cases.supervised_by(actor), referrals.of_teams(actor)
    due = cases.due_days(team, until=working_days(today)[-1])
    counts = referrals.standing(which, now=now, since=now - LOOK_BACK)
    late = referrals.at_partner(which, limit=FEW) if counts.late else []
    reviews = cases.reviews_due(team, until=today - timedelta(days=1), limit=SHOWN)
    quiet = cases.quiet(team, since=now - QUIET_FOR, limit=FEW)
    loads = cases.loads(team, today=today)
    return SupervisorHome(
        today=today,
        counts=counts,
        waiting=_approvals(actor, referrals.to_decide(which, limit=SHOWN)) if counts.states[_S.PENDING] else [],
        harmed=referrals.harmed(which) if counts.states[_S.FEEDBACK] else [],
        reviews=reviews,
        review_count=sum(count for day, count in due.items() if day < today),
        days=chart_days(due, today),
        late=[row for row in late if row.overdue(now)],
        quiet=quiet,
        quiet_count=cases.count_quiet(team, since=now - QUIET_FOR),
        loads=loads,
        names=staff_names([*(one.worker_id for one in loads), *(row.assignee_id for row in (*reviews, *quiet))]),
        states=cases.states(team),
    )


def _approvals(actor: Actor, rows: list[ReferralRow]) -> list[Approval]:
    again = referrals.sent_before(row.id for row in rows)
    return [_approval(actor, row, row.id in again) for row in rows]


def _approval(actor: Actor, row: ReferralRow, again: bool) -> Approval:
    mine = permits(actor, Action.Referral.APPROVE, row)
    if not again or row.broken:
        return Approval(row, mine)
    try:
        return Approval(row, mine, referrals.changes_since_sent(referrals.get_referral(row.id)))
    except SealBroken as error:
        return Approval(row, mine, error=error)
