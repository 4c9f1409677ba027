"""The home of a caseworker: what to do today, what waits at partners, what came back, one's own cases."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from caseflow.cases import queries as cases
from caseflow.core.policy import Actor
from caseflow.core.vault import SealBroken
from caseflow.desk.queries.days import Day, chart_days, working_days
from caseflow.referrals import queries as referrals
from caseflow.referrals.queries import ReferralRow
from caseflow.referrals.states import ReferralState
from caseflow.support import queries as support

SHOWN = 8
_S = ReferralState


@dataclass(frozen=True, kw_only=True, repr=False)
class CaseworkerHome:
    """A caseworker's own work. Lists hold what is shown; the counts say how much there is."""

    today: date
    tasks: list[support.TaskRow]
    due: support.DueCounts
    workers: dict[UUID, str]
    finishable: set[UUID]
    waiting: list[ReferralRow]
    returned: list[ReferralRow]
    drafted: list[ReferralRow]
    counts: referrals.Standing
    drafts: list[cases.DraftRow]
    reviews: list[cases.CaseRow]
    days: list[Day]
    risks: Counter[str]
    broken: list[SealBroken]

    def rows(self) -> Iterable[Any]:
        """Every row that may not have opened."""
        return [*self.tasks, *self.waiting, *self.returned, *self.drafted, *self.drafts, *self.reviews]


def caseworker_home(actor: Actor, *, today: date, now: datetime) -> CaseworkerHome:
    """What waits for a caseworker now."""
    held, own = cases.held_by(actor), referrals.own(actor)
    tasks = support.list_tasks(actor, today=today, mine=True, limit=SHOWN)
    risks, broken = cases.risks(held)
    counts = referrals.standing(own, now=now, since=now)
    return CaseworkerHome(
        today=today,
        tasks=tasks,
        due=support.counts_due(actor, today=today),
        workers=support.workers(tasks, now=now),
        finishable=support.finishable(actor, tasks),
        counts=counts,
        waiting=referrals.at_partner(own, limit=SHOWN) if counts.at_partner else [],
        returned=referrals.written(own, _S.RETURNED, limit=SHOWN) if counts.states[_S.RETURNED] else [],
        drafted=referrals.written(own, _S.DRAFT, limit=SHOWN) if counts.states[_S.DRAFT] else [],
        drafts=cases.drafts_of(actor, limit=SHOWN),
        reviews=cases.reviews_due(held, until=today, limit=SHOWN),
        days=chart_days(cases.due_days(held, until=working_days(today)[-1]), today),
        risks=risks,
        broken=broken,
    )
