"""Record that somebody verified the trail."""

from datetime import datetime

from caseflow.core import trail
from caseflow.core.policy import Action, Actor, require
from caseflow.core.trail import INSTALLATION, Tag
from caseflow.core.trail.verify import Report

MOST_FINDINGS = 50


def verify_trail(*, actor: Actor, report: Report, now: datetime) -> None:
    """Record a verification of the whole trail and what it found: codes and places, nothing of a person."""
    require(actor, Action.Trail.VERIFY)
    where = [[one.what, str(one.stream), one.seq, one.table] for one in report.findings[:MOST_FINDINGS]]
    detail = {
        "entries": report.entries, "streams": report.streams, "rows": report.rows,
        "findings": len(report.findings), "where": where,
    }  # fmt: skip
    trail.record(Tag.TRAIL_VERIFIED, actor=actor, now=now, obj=("trail", INSTALLATION), detail=detail)
