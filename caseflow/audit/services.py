"""Ask for an audit, decide on it, end it, and ask for its files. Access is a grant a case, and ends with the audit."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from caseflow.audit import queries
from caseflow.audit.models import Audit, AuditFile
from caseflow.audit.states import STEPS, AuditState
from caseflow.core import outbox, trail, vault
from caseflow.core.db import session
from caseflow.core.errors import Invalid, NotFound, Refused, TooLate
from caseflow.core.lifecycle import find
from caseflow.core.numbers import audit_number
from caseflow.core.policy import Action, Actor, require
from caseflow.core.policy import grants as access
from caseflow.core.policy.predicates import AUDIT
from caseflow.core.trail import Tag
from caseflow.core.words import N_

MOST_CASES = 50
LONGEST = timedelta(days=90)
FILES = ("file", "trail")


def ask_audit(
    *,
    actor: Actor,
    audit_id: UUID,
    purpose: str,
    scope: str,
    numbers: list[str],
    ends_on: date,
    today: date,
    now: datetime,
) -> Audit:
    """Ask for an audit of named cases until a day. Again with the same id: the first one.

    Raises Invalid for a missing purpose, unknown case numbers or an end date that is past or too far.
    """
    require(actor, Action.Audit.ASK)
    find(STEPS, "ask", None)
    known = session().get(Audit, audit_id)
    if known is not None:
        if known.auditor_id != actor.user_id:
            raise NotFound()
        return known
    cases = queries.cases_by_number(numbers, organisation_id=actor.organisation_id)
    _check_question(purpose, numbers, set(cases), ends_on, today)
    made = Audit(
        id=audit_id,
        number=audit_number(),
        organisation_id=actor.organisation_id,
        auditor_id=actor.user_id,
        state=str(AuditState.ASKED),
        ends_on=ends_on,
        asked_at=now,
    )
    ids = [str(cases[number].id) for number in dict.fromkeys(numbers)]
    vault.write(made, {"purpose": purpose, "scope": scope, "case_ids": ids, "refused_because": ""}, rv=0)
    session().add(made)
    trail.record(
        Tag.AUDIT_ASKED, actor=actor, now=now, obj=("audit", made.id), detail={"cases": len(ids)}, writes=[made]
    )
    return made


def _check_question(purpose: str, numbers: list[str], known: set[str], ends_on: date, today: date) -> None:
    problems: dict[str, tuple[str, dict[str, Any]]] = {}
    if not purpose.strip():
        problems["purpose"] = (N_("Write what the audit is for."), {})
    unknown = [number for number in numbers if number not in known]
    if not numbers:
        problems["case_numbers"] = (N_("Name at least one case."), {})
    elif len(set(numbers)) > MOST_CASES:
        problems["case_numbers"] = (N_("One audit covers at most %(most)s cases."), {"most": MOST_CASES})
    elif unknown:
        shown = ", ".join(number[:20] for number in unknown[:5])
        problems["case_numbers"] = (N_("No case of your organisation has this number: %(numbers)s"), {"numbers": shown})
    if not today <= ends_on <= today + LONGEST:
        problems["ends_on"] = (N_("The end date lies between today and 90 days from now."), {})
    if problems:
        raise Invalid(problems)


def approve_audit(*, actor: Actor, audit_id: UUID, zone: str, today: date, now: datetime) -> Audit:
    """Approve an audit somebody else asked for, and open its cases to its auditor until the end of its last day.

    `zone` is the office's time zone. Raises TooLate when it was decided or its end date has passed.
    """
    audit = queries.get_audit(audit_id, for_update=True)
    require(actor, Action.Audit.APPROVE, audit)
    step = find(STEPS, "approve", AuditState(audit.state))
    if today > audit.ends_on:
        raise TooLate(N_("The end date of this audit has passed. It has to be asked for again."))
    _decide(audit, actor, step.to, now)
    view = queries.view_of(audit, today=today)
    last = datetime.combine(audit.ends_on + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    given = [
        access.give(
            user_id=audit.auditor_id, case_id=one, reason_kind=AUDIT, valid_from=now, valid_until=last, source=audit.id
        )
        for one in view.case_ids
    ]
    detail = {"cases": len(given), "until": audit.ends_on.isoformat()}
    trail.record(
        Tag.AUDIT_APPROVED, actor=actor, now=now, obj=("audit", audit.id), detail=detail, writes=[audit, *given]
    )
    for one in view.case_ids:
        told = {"reason": AUDIT, "until": audit.ends_on.isoformat()}
        trail.record(Tag.ACCESS_GRANTED, actor=actor, now=now, obj=("audit", audit.id), case_id=one, detail=told)
    return audit


def refuse_audit(*, actor: Actor, audit_id: UUID, reason: str, now: datetime) -> Audit:
    """Refuse an audit with a reason. Raises Invalid without one, TooLate when it was decided."""
    audit = queries.get_audit(audit_id, for_update=True)
    require(actor, Action.Audit.REFUSE, audit)
    step = find(STEPS, "refuse", AuditState(audit.state))
    if not reason.strip():
        raise Invalid({"reason": (N_("Write why, so that the auditor can ask better."), {})})
    vault.write(audit, {**vault.read(audit), "refused_because": reason}, rv=audit.rv)
    _decide(audit, actor, step.to, now)
    trail.record(Tag.AUDIT_REFUSED, actor=actor, now=now, obj=("audit", audit.id), writes=[audit])
    return audit


def end_audit(*, actor: Actor, audit_id: UUID, now: datetime) -> Audit:
    """End an audit now; every access it gave ends with it. Raises TooLate when it is over."""
    audit = queries.get_audit(audit_id, for_update=True)
    require(actor, Action.Audit.END, audit)
    step = find(STEPS, "end", AuditState(audit.state))
    audit.state = str(step.to)
    ended = access.end(source=audit.id, now=now)
    trail.record(Tag.AUDIT_ENDED, actor=actor, now=now, obj=("audit", audit.id), writes=[audit, *ended])
    return audit


def ask_file(
    *, actor: Actor, audit_id: UUID, file_id: UUID, case_id: UUID, what: str, today: date, now: datetime
) -> AuditFile:
    """Ask the worker for one case's redacted file, or its trail. Again with the same id: the first one.

    Raises NotFound for a case outside the audit, Refused when the audit does not run, Invalid for an unknown `what`.
    """
    audit = queries.get_audit(audit_id, for_update=True)
    require(actor, Action.Audit.FILE, audit)
    if what not in FILES:
        raise Invalid({"what": (N_("Choose what to make: the file or the trail."), {})})
    check_running(actor, queries.view_of(audit, today=today), case_id)
    known = session().get(AuditFile, file_id)
    if known is not None:
        return known
    made = AuditFile(id=file_id, audit_id=audit.id, case_id=case_id, what=what, state="queued", asked_at=now)
    session().add(made)
    trail.record(Tag.FILE_ASKED, actor=actor, now=now, obj=("audit_file", made.id), case_id=case_id, writes=[made])
    outbox.enqueue("audit.make_file", now=now, file_id=made.id)
    return made


def check_running(actor: Actor, view: queries.AuditView, case_id: UUID) -> None:
    """The need to know of an audit: it runs, the case is in its scope, and the grant is in force.

    Raises NotFound for a case outside the scope, Refused when the audit is not running.
    """
    if case_id not in view.case_ids:
        raise NotFound()
    if view.state is not AuditState.RUNNING or not actor.granted(case_id, AUDIT):
        raise Refused(N_("This audit is not open now, so its cases are closed."))


def file_made(*, file_id: UUID, document_id: UUID | None, digest: str, now: datetime) -> AuditFile:
    """Note that the worker made a file (or, without a document, that it could not). The job calls it; nobody acts."""
    made: AuditFile = session().get_one(AuditFile, file_id, with_for_update=True, populate_existing=True)
    made.document_id, made.ready_at = document_id, now
    made.state = "ready" if document_id else "failed"
    detail = {"sha256": digest, "level": "1"}
    trail.record(
        Tag.FILE_MADE,
        actor=None,
        now=now,
        obj=("audit_file", made.id),
        case_id=made.case_id,
        detail=detail,
        writes=[made],
    )
    return made


def note_file_read(*, actor: Actor, made: AuditFile, digest: str, now: datetime) -> None:
    """Record that a file was opened."""
    detail = {"sha256": digest, "level": "1"}
    trail.record(Tag.FILE_READ, actor=actor, now=now, obj=("audit_file", made.id), case_id=made.case_id, detail=detail)


def _decide(audit: Audit, actor: Actor, to: Any, now: datetime) -> None:
    audit.state, audit.decided_at, audit.decided_by = str(to), now, actor.user_id
