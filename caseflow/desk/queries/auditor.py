"""The home of an auditor: one's audits with their last days, and whether the trail is whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from caseflow.accounts.queries import staff_names
from caseflow.audit import queries as audits
from caseflow.audit.states import AuditState
from caseflow.core.policy import Actor

SHOWN = 8
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, repr=False)
class Integrity:
    """The last verification of the trail: the entry that records it (None: never), and who asked for it."""

    last: Any = None
    who: str = ""

    @property
    def findings(self) -> int:
        """How many findings that verification had."""
        return int(self.last.detail.get("findings", 0)) if self.last else 0

    @property
    def error(self) -> Any:
        """Set when the entry does not open."""
        return self.last.error if self.last else None


@dataclass(frozen=True, kw_only=True, repr=False)
class AuditorHome:
    """An auditor's audits: those that run (what ends first first), those that wait, those that are over."""

    today: date
    running: list[audits.AuditView]
    asked: list[audits.AuditView]
    over: list[audits.AuditView]
    integrity: Integrity

    @property
    def soon(self) -> int:
        """How many of the running ones end within a week."""
        return sum(view.audit.ends_on <= self.today + WEEK for view in self.running)

    def rows(self) -> Iterable[Any]:
        """Everything that may not have opened."""
        return [*self.running, *self.asked, *self.over, self.integrity]


def auditor_home(actor: Actor, *, today: date) -> AuditorHome:
    """What waits for an auditor now."""
    found = audits.list_audits(actor, today=today, limit=50)
    running = [view for view in found if view.state is AuditState.RUNNING]
    return AuditorHome(
        today=today,
        running=sorted(running, key=lambda view: (view.audit.ends_on, view.audit.id)),
        asked=[view for view in found if view.state is AuditState.ASKED],
        over=[view for view in found if view.state in (AuditState.ENDED, AuditState.REFUSED)][:SHOWN],
        integrity=integrity(),
    )


def integrity() -> Integrity:
    """Whether the trail was whole when it was last verified."""
    last = audits.last_verification()
    who = staff_names([last.actor_id]) if last else {}
    return Integrity(last=last, who=next(iter(who.values()), ""))
