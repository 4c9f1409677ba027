"""What goes on around the cases: tasks, help without a case and audits in each state."""

from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import select

from caseflow.audit import services as audits
from caseflow.cases import services as casework
from caseflow.cases.models import Case
from caseflow.core.db import new_id, session, writing
from caseflow.core.outbox import Outbox
from caseflow.core.policy import Actor
from caseflow.support import services as support

ZONE = "Asia/Karachi"
# Days ago an audit was asked for, how it stands, and its purpose.
AUDITS = (
    (40, "ended", "Referrals to shelters in the last half year"),
    (20, "refused", "All cases of one worker"),
    (6, "running", "Consent and approval of referrals this month"),
    (1, "asked", "Answers of partners that came late"),
)
TASKS = (
    (-1, "call", "Ask whether the appointment still fits."),
    (0, "document", "Bring the copy of the complaint."),
    (2, "accompany", "Go with the person to the advocate."),
    (6, "visit", "See whether the room is quiet."),
)


class Ids(Protocol):
    """What this needs of what was made before."""

    offices: dict[str, UUID]
    staff: dict[str, UUID]
    teams: dict[str, UUID]

    def actor(self, sign_in: str, now: datetime) -> Actor: ...


def work_goes_on(made: Ids, outbox: Outbox, now: datetime) -> None:
    """Everything of this file, in the first office."""
    mine = select(Case).where(Case.assignee_id == made.staff["sana"], Case.state != "screening")
    cases = session().scalars(mine.order_by(Case.created_at.desc()).limit(len(TASKS))).all()
    _tasks(made, [one.id for one in cases], now)
    _counts(made, now)
    for days, state, purpose in AUDITS:
        _audit(made, outbox, (cases[0].id, cases[0].number), state, purpose, now - timedelta(days=days))


def _tasks(made: Ids, cases: list[UUID], now: datetime) -> None:
    for case_id, (away, kind, words) in zip(cases, TASKS, strict=True):
        at = now + timedelta(days=min(away, 0))
        with writing():
            support.add_task(
                actor=made.actor("sana", at), task_id=new_id(), case_id=case_id, kind=kind, words=words,
                due_on=(now + timedelta(days=away)).date(), assignee_id=made.staff["sana"], now=at,
            )  # fmt: skip


def _counts(made: Ids, now: datetime) -> None:
    """Four people who were helped without a case and one who wanted no record."""
    sana, team_id = made.actor("sana", now), made.teams["chenab"]
    for given in (["food_water", "call"], ["food_water"], ["call"], ["food_water"]):
        data = {"help_given": given, "majority_status": "adult"}
        with writing():
            casework.count_helped(actor=sana, case_id=new_id(), team_id=team_id, data=data, now=now)
    with writing():
        casework.count_declined(actor=sana, case_id=new_id(), team_id=team_id, now=now)


def _audit(made: Ids, outbox: Outbox, case: tuple[UUID, str], state: str, purpose: str, at: datetime) -> None:
    audit_id, today, protection = new_id(), at.date(), made.actor("kamran", at)
    with writing():
        audits.ask_audit(
            actor=made.actor("nadia", at), audit_id=audit_id, numbers=[case[1]], ends_on=today + timedelta(days=14),
            purpose=purpose, scope="Consent, approval, letter and answer", today=today, now=at,
        )  # fmt: skip
    if state == "refused":
        with writing():
            audits.refuse_audit(actor=protection, audit_id=audit_id, reason="Please name a sample.", now=at)
    elif state in ("running", "ended"):
        with writing():
            audits.approve_audit(actor=protection, audit_id=audit_id, zone=ZONE, today=today, now=at)
        with writing():
            audits.ask_file(
                actor=made.actor("nadia", at), audit_id=audit_id, file_id=new_id(), case_id=case[0], what="file",
                today=today, now=at,
            )  # fmt: skip
        outbox.run_due(clock=lambda: at + timedelta(minutes=1))
    if state == "ended":
        ended = at + timedelta(days=9)
        with writing():
            audits.end_audit(actor=made.actor("nadia", ended), audit_id=audit_id, now=ended)
