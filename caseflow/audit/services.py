"""Ask for an audit, decide on it, end it, and ask for its files. Access is a grant a case, and ends with the audit."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from caseflow.accounts.queries import get_staff
from caseflow.audit import queries
from caseflow.audit.models import Audit, AuditFile
from caseflow.audit.states import STEPS, AuditState
from caseflow.cases.models import Document
from caseflow.core import catalogue, outbox, trail, vault
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.text import clean_line, clean_text
from caseflow.core.db import session
from caseflow.core.errors import Invalid, NotFound, Refused, TooLate
from caseflow.core.lifecycle import find
from caseflow.core.numbers import audit_number
from caseflow.core.policy import Action, Actor, require
from caseflow.core.policy import grants as access
from caseflow.core.policy.predicates import AUDIT
from caseflow.core.trail import INSTALLATION, Tag
from caseflow.core.trail.verify import Report
from caseflow.core.words import N_

MOST_CASES = 50
MOST_FINDINGS = 50
LONGEST = timedelta(days=90)
FILES = ("file", "trail")
QUEUED, READY, FAILED = "queued", "ready", "failed"
Problems = dict[str, tuple[str, dict[str, Any]]]


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
    get_staff(actor.user_id, for_update=True)  # two equal posts at once: the second waits, and finds the first
    known = session().get(Audit, audit_id)
    if known is not None:
        if known.auditor_id != actor.user_id:
            raise NotFound()
        return known
    purpose, scope, problems = _words(purpose, scope)
    numbers = list(dict.fromkeys(numbers))
    cases = queries.cases_by_number(numbers[:MOST_CASES], organisation_id=actor.organisation_id)
    problems |= _wrong(numbers, set(cases), ends_on, today)
    if problems:
        raise Invalid(problems)
    made = Audit(
        id=audit_id,
        number=audit_number(),
        organisation_id=actor.organisation_id,
        auditor_id=actor.user_id,
        state=str(AuditState.ASKED),
        ends_on=ends_on,
        asked_at=now,
    )
    ids = [str(cases[number].id) for number in numbers]
    vault.write(made, {"purpose": purpose, "scope": scope, "case_ids": ids, "refused_because": ""}, rv=0)
    session().add(made)
    trail.record(
        Tag.AUDIT_ASKED, actor=actor, now=now, obj=("audit", made.id), detail={"cases": len(ids)}, writes=[made]
    )
    return made


def _words(purpose: str, scope: str) -> tuple[str, str, Problems]:
    """Purpose and scope note in their stored form, with what is wrong with them."""
    problems: Problems = {}
    kept = {"purpose": "", "scope": ""}
    for name, clean, raw, limit in (("purpose", clean_line, purpose, 200), ("scope", clean_text, scope, 2000)):
        try:
            kept[name] = clean(raw, limit) or ""
        except Fault as fault:
            problems[name] = (catalogue.MESSAGES[fault.code], dict(fault.params))
    if not kept["purpose"]:
        problems.setdefault("purpose", (N_("Write what the audit is for."), {}))
    return kept["purpose"], kept["scope"], problems


def _wrong(numbers: list[str], known: set[str], ends_on: date, today: date) -> Problems:
    problems: Problems = {}
    if not numbers:
        problems["case_numbers"] = (N_("Name at least one case."), {})
    elif len(numbers) > MOST_CASES:
        problems["case_numbers"] = (N_("One audit covers at most %(most)s cases."), {"most": MOST_CASES})
    elif unknown := [number for number in numbers if number not in known]:
        shown = ", ".join(number[:20] for number in unknown[:5])
        problems["case_numbers"] = (N_("No case of your organisation has this number: %(numbers)s"), {"numbers": shown})
    if not today <= ends_on <= today + LONGEST:
        problems["ends_on"] = (N_("The end date lies between today and 90 days from now."), {})
    return problems


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
    vault.write(audit, {**vault.read(audit), "refused_because": _reason(reason)}, rv=audit.rv)
    _decide(audit, actor, step.to, now)
    trail.record(Tag.AUDIT_REFUSED, actor=actor, now=now, obj=("audit", audit.id), writes=[audit])
    return audit


def _reason(raw: str) -> str:
    try:
        reason = clean_text(raw, 1000)
    except Fault as fault:
        raise Invalid({"reason": (catalogue.MESSAGES[fault.code], dict(fault.params))}) from None
    if reason is None:
        raise Invalid({"reason": (N_("Write why, so that the auditor can ask better."), {})})
    return reason


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
        if (known.audit_id, known.case_id, known.what) != (audit.id, case_id, what):
            raise NotFound()
        return known
    made = AuditFile(id=file_id, audit_id=audit.id, case_id=case_id, what=what, state=QUEUED, asked_at=now)
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


def waits(file_id: UUID, *, now: datetime) -> AuditFile | None:
    """The file the worker is to make, locked; None when it was made, failed, or may not be made any more.

    A file whose audit ended before its turn came is marked as not made.
    """
    made = session().get(AuditFile, file_id, with_for_update=True, populate_existing=True)
    if made is None or made.state != QUEUED:
        return None
    audit = queries.get_audit(made.audit_id)
    if queries.state_on(audit, _today(audit, now)) is AuditState.RUNNING:
        return made
    file_made(file_id=file_id, document=None, digest="", now=now)
    return None


def file_made(*, file_id: UUID, document: Document | None, digest: str, now: datetime) -> AuditFile:
    """Note that the worker made a file (or, without a document, that it could not). The job calls it; nobody acts."""
    made: AuditFile = session().get_one(AuditFile, file_id, with_for_update=True, populate_existing=True)
    made.document_id, made.ready_at = document.id if document else None, now
    made.state = READY if document else FAILED
    trail.record(
        Tag.FILE_MADE,
        actor=None,
        now=now,
        obj=("audit_file", made.id),
        case_id=made.case_id,
        detail={"sha256": digest, "level": "1"},
        writes=[made, document] if document else [made],
    )
    return made


def open_file(*, actor: Actor, audit_id: UUID, file_id: UUID, now: datetime) -> AuditFile:
    """Record that the audit's own auditor opens a file, while the audit runs.

    Raises NotFound for another audit's file or one not made yet, NotAllowed, Refused when the audit is over,
    SealBroken.
    """
    audit = queries.get_audit(audit_id)
    require(actor, Action.Audit.FILE, audit)
    made = queries.get_file(audit_id, file_id)
    check_running(actor, queries.view_of(audit, today=_today(audit, now)), made.case_id)
    kept = vault.read(queries.kept_document(made))
    detail = {"sha256": kept["sha256"], "level": "1"}
    trail.record(Tag.FILE_READ, actor=actor, now=now, obj=("audit_file", made.id), case_id=made.case_id, detail=detail)
    return made


def verify_trail(*, actor: Actor, report: Report, now: datetime) -> None:
    """Record a verification of the whole trail and what it found: codes and places, nothing of a person."""
    require(actor, Action.Trail.VERIFY)
    where = [[one.what, str(one.stream), one.seq, one.table] for one in report.findings[:MOST_FINDINGS]]
    detail = {
        "entries": report.entries, "streams": report.streams, "rows": report.rows,
        "findings": len(report.findings), "where": where,
    }  # fmt: skip
    trail.record(Tag.TRAIL_VERIFIED, actor=actor, now=now, obj=("trail", INSTALLATION), detail=detail)


def _today(audit: Audit, now: datetime) -> date:
    return now.astimezone(ZoneInfo(queries.office_zone(audit.organisation_id))).date()


def _decide(audit: Audit, actor: Actor, to: Any, now: datetime) -> None:
    audit.state, audit.decided_at, audit.decided_by = str(to), now, actor.user_id
