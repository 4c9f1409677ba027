"""The home of the data-protection person: audits to decide on, agreements that end, partners that changed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from caseflow.audit import queries as audits
from caseflow.audit.states import AuditState
from caseflow.core import catalogue
from caseflow.core.policy import Actor
from caseflow.desk.queries.auditor import Integrity, integrity
from caseflow.partners import queries as partners
from caseflow.referrals import queries as referrals

SHOWN = 8
ENDS_WITHIN = timedelta(days=60)
CHANGED_WITHIN = timedelta(days=30)
WEEKS = 8


@dataclass(frozen=True, kw_only=True, repr=False)
class ProtectionHome:
    """What a data-protection person has to decide or to look at. `weeks` are (Monday, letters that left)."""

    today: date
    asked: list[audits.AuditView]
    running: list[audits.AuditView]
    ending: list[partners.PartnerView]
    changed: list[partners.Changed]
    broken: list[partners.PartnerView]
    matrix: str
    weeks: list[tuple[date, int]]
    integrity: Integrity

    def rows(self) -> Iterable[Any]:
        """Everything that may not have opened."""
        return [*self.asked, *self.running, *self.changed, *self.broken, self.integrity]


def protection_home(actor: Actor, *, today: date, now: datetime) -> ProtectionHome:
    """What waits for the data-protection person now."""
    every = partners.directory()
    running = audits.list_audits(actor, today=today, limit=50, state=AuditState.RUNNING)
    return ProtectionHome(
        today=today,
        asked=audits.list_audits(actor, today=today, limit=SHOWN, state=AuditState.ASKED),
        running=[view for view in running if view.state is AuditState.RUNNING][:SHOWN],
        ending=sorted(
            (view for view in every if view.agreement_ends_by(today + ENDS_WITHIN, since=today)),
            key=lambda view: (view.doc["agreement_until"], str(view.id)),
        ),
        changed=partners.changed_since(now - CHANGED_WITHIN),
        broken=[view for view in every if view.broken],
        matrix=catalogue.matrix().version,
        weeks=_weeks(actor, today, now),
        integrity=integrity(),
    )


def _weeks(actor: Actor, today: date, now: datetime) -> list[tuple[date, int]]:
    """Letters of the organisation that left in each of the last weeks, the oldest week first."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    left: Counter[date] = Counter()
    for day in referrals.days_of_issue(actor.organisation_id, since=now - timedelta(weeks=WEEKS + 1)):
        left[day - timedelta(days=day.weekday())] += 1
    return [(day, left[day]) for day in (first + timedelta(weeks=at) for at in range(WEEKS))]
