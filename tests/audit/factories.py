"""Audits for tests, made through the services. Everything in them is fictional."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from caseflow.audit import queries, services
from caseflow.audit.models import AuditFile
from caseflow.cases.queries import get_case
from caseflow.cases.services import add_note, note_read, reveal
from caseflow.core.db import session, writing
from tests.referrals.factories import ANSWERED, START, Referrals

ASKED = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)
RUNNING = ASKED + timedelta(hours=2)
LAST_DAY = date(2026, 11, 30)
ZONE = "Asia/Karachi"
OVER = datetime(2026, 11, 30, 19, 0, 1, tzinfo=UTC)  # one second into the next day in Karachi

NOTE = {"subject": "Canarysubject", "text": "Canarynote <script>alert(1)</script> فرضی", "happened_at": "2026-11-16"}
# What somebody typed anywhere in the case; none of it may stand in a file of level 1.
TYPED = [
    "Canary", "canary", "CANARY", "35202", "1234567", "AB1234567", "3001234567", "3219876543", "فرضی نام",
    "Fictional danger", "Fictional opinion", "Fictional Clerk", "A fictional remark", "A first talk with a lawyer",
    "The lawyer needs it", "2002-05-06", "May 2002", "why I looked", "Test Caseworker", "Test Supervisor",
]  # fmt: skip


def day(now: datetime) -> date:
    """The day it is at the office."""
    return now.astimezone(ZoneInfo(ZONE)).date()


def full_case(people, *, recipient_class="L4_legal") -> tuple[UUID, Referrals]:
    """A case with everything in it: a referral that ran to its end, a note, a read, shown names."""
    made = Referrals(people, recipient_class)
    made.at("in_service")
    worker = people.actor("worker")
    with writing():
        add_note(actor=worker, case_id=made.case_id, record_id=uuid4(), data=NOTE, now=START)
        note_read(actor=worker, case_id=made.case_id, now=ANSWERED)
        reveal(actor=worker, case_id=made.case_id, kind="identity", reason="correction", now=ANSWERED)
    return made.case_id, made


def ask(people, case_ids, *, key="auditor", audit_id=None, now=ASKED, **changed) -> UUID:
    """An audit of these cases that waits for approval, by id."""
    data = {
        "purpose": "Was each referral approved before it was sent?", "scope": "Every case of November.",
        "numbers": [get_case(one).number for one in case_ids], "ends_on": LAST_DAY, "today": day(now), **changed,
    }  # fmt: skip
    with writing():
        return services.ask_audit(actor=people.actor(key, now=now), audit_id=audit_id or uuid4(), now=now, **data).id


def approve(people, audit_id, *, key="protection", now=RUNNING):
    """Approve it."""
    with writing():
        actor = people.actor(key, now=now)
        services.approve_audit(actor=actor, audit_id=audit_id, zone=ZONE, today=day(now), now=now)


def running(people, case_ids, **changed) -> UUID:
    """A running audit of these cases."""
    audit_id = ask(people, case_ids, **changed)
    approve(people, audit_id, now=changed.get("now", RUNNING))
    return audit_id


def ask_file(people, audit_id, case_id, *, what="file", file_id=None, key="auditor", now=RUNNING) -> UUID:
    """A file asked for, its job waiting."""
    with writing():
        return services.ask_file(
            actor=people.actor(key, now=now), audit_id=audit_id, file_id=file_id or uuid4(), case_id=case_id, what=what,
            today=day(now), now=now,
        ).id  # fmt: skip


def ask_trail(people, audit_id, *, file_id=None, key="auditor", now=RUNNING) -> UUID:
    """The trail of the audit itself asked for, its job waiting."""
    with writing():
        return services.ask_trail(
            actor=people.actor(key, now=now), audit_id=audit_id, file_id=file_id or uuid4(), today=day(now), now=now
        ).id


def stored(file_id) -> AuditFile:
    """The file's row as it is now."""
    session().rollback()
    return session().get_one(AuditFile, file_id)


def gathered(people, audit_id, case_id, *, now=RUNNING):
    """What a file of this case is made from."""
    made = AuditFile(audit_id=audit_id, case_id=case_id, what="file", asked_at=now)
    return queries.gather(made, case_id, now=now)


def wanted(**changed) -> dict:
    """How a sample is drawn: every case that was opened in November, two of them."""
    return {
        "since": "2026-11-01", "until": "2026-11-18", "happened": "opened", "states": None, "teams": None, "size": 2,
        "seed": "blue kettle 7", **changed,
    }  # fmt: skip


def ask_sample(people, *, audit_id=None, now=ASKED, key="auditor", **changed) -> UUID:
    """An audit that waits for approval, its cases to be drawn."""
    return ask(people, [], audit_id=audit_id, now=now, key=key, sampling=wanted(**changed))


def sampled(people, **changed) -> UUID:
    """A running audit with its sample drawn."""
    audit_id = ask_sample(people, **changed)
    approve(people, audit_id)
    return audit_id


def view(audit_id, *, now=RUNNING) -> queries.AuditView:
    """The audit as it is on a day."""
    return queries.view_of(queries.get_audit(audit_id), today=day(now))
