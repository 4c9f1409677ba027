"""The files of an audit: asked for, made by the worker, opened while the audit runs.

A file is about one case; the trail of the audit itself is about none. Of a skeleton there is one page that says so.
"""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from caseflow.audit import queries
from caseflow.audit.models import Audit, AuditFile
from caseflow.audit.services.sampling import check_open
from caseflow.audit.states import AuditState
from caseflow.cases.models import Document
from caseflow.core import outbox, trail, vault
from caseflow.core.db import session
from caseflow.core.errors import Invalid, NotFound, Refused
from caseflow.core.policy import Action, Actor, require
from caseflow.core.policy.predicates import AUDIT
from caseflow.core.trail import Tag
from caseflow.core.words import N_

JOB = "audit.make_file"
FILES = ("file", "trail")
WHOLE = "audit"  # the trail of the audit itself
QUEUED, READY, FAILED = "queued", "ready", "failed"


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
    if what != "file" and case_id in queries.skeletons([case_id]):
        raise NotFound()
    return _ask(actor, AuditFile(id=file_id, audit_id=audit.id, case_id=case_id, what=what), now)


def ask_trail(*, actor: Actor, audit_id: UUID, file_id: UUID, today: date, now: datetime) -> AuditFile:
    """Ask the worker for the trail of the audit itself. Again with the same id: the first one.

    Raises NotFound before the approval, Refused for the auditor when the audit is over.
    """
    audit = queries.get_audit(audit_id, for_update=True)
    require(actor, Action.Audit.TRAIL, audit)
    if audit.decided_by is None or audit.state == AuditState.REFUSED:
        raise NotFound()
    check_open(actor, queries.view_of(audit, today=today))
    return _ask(actor, AuditFile(id=file_id, audit_id=audit.id, case_id=None, what=WHOLE), now)


def _ask(actor: Actor, wanted: AuditFile, now: datetime) -> AuditFile:
    known = session().get(AuditFile, wanted.id)
    if known is not None:
        if (known.audit_id, known.case_id, known.what) != (wanted.audit_id, wanted.case_id, wanted.what):
            raise NotFound()
        return known
    wanted.state, wanted.asked_at, wanted.asked_by = QUEUED, now, actor.user_id
    session().add(wanted)
    place = queries.stream_of(wanted.case_id)
    trail.record(Tag.FILE_ASKED, actor=actor, now=now, obj=("audit_file", wanted.id), case_id=place, writes=[wanted])
    outbox.enqueue(JOB, now=now, file_id=wanted.id)
    return wanted


def check_running(actor: Actor, view: queries.AuditView, case_id: UUID | None) -> None:
    """The need to know of an audit: it runs, the case is in its scope, and the grant is in force.

    A skeleton needs no grant: nothing of it can be opened. Raises NotFound for a case outside the scope, Refused when
    the audit is not running.
    """
    if case_id not in view.case_ids:
        raise NotFound()
    granted = actor.granted(case_id, AUDIT) or case_id in queries.skeletons([case_id])
    if view.state is not AuditState.RUNNING or not granted:
        raise Refused(N_("This audit is not open now, so its cases are closed."))


def waits(file_id: UUID, *, now: datetime) -> AuditFile | None:
    """The file the worker is to make, locked; None when it was made, failed, or may not be made any more.

    A file whose audit ended before its turn came is marked as not made; the trail of an audit that data protection
    asked for is made all the same.
    """
    made = session().get(AuditFile, file_id, with_for_update=True, populate_existing=True)
    if made is None or made.state != QUEUED:
        return None
    audit = queries.get_audit(made.audit_id)
    kept = made.what == WHOLE and made.asked_by != audit.auditor_id
    if kept or queries.state_on(audit, _today(audit, now)) is AuditState.RUNNING:
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
        case_id=queries.stream_of(made.case_id),
        detail={"sha256": digest, "level": "1"},
        writes=[made, document] if document else [made],
    )
    return made


def give_up(*, file_id: UUID, now: datetime) -> None:
    """Say of a file whose job failed for good that it could not be made. One that was made stays."""
    made = session().get(AuditFile, file_id, with_for_update=True, populate_existing=True)
    if made is not None and made.state == QUEUED:
        file_made(file_id=file_id, document=None, digest="", now=now)


def open_file(*, actor: Actor, audit_id: UUID, file_id: UUID, now: datetime) -> AuditFile:
    """Record that the audit's own auditor opens the file of a case, while the audit runs.

    Raises NotFound for another audit's file or one not made yet, NotAllowed, Refused when the audit is over,
    SealBroken.
    """
    audit = queries.get_audit(audit_id)
    require(actor, Action.Audit.FILE, audit)
    made = queries.get_file(audit_id, file_id)
    check_running(actor, queries.view_of(audit, today=_today(audit, now)), made.case_id)
    return _opened(actor, made, now)


def open_trail(*, actor: Actor, audit_id: UUID, file_id: UUID, now: datetime) -> AuditFile:
    """Record that somebody opens the trail of an audit: its auditor while it runs, data protection later too.

    Raises NotFound for any other file, NotAllowed, Refused, SealBroken.
    """
    audit = queries.get_audit(audit_id)
    require(actor, Action.Audit.TRAIL, audit)
    made = queries.get_file(audit_id, file_id)
    if made.what != WHOLE:
        raise NotFound()
    check_open(actor, queries.view_of(audit, today=_today(audit, now)))
    return _opened(actor, made, now)


def _opened(actor: Actor, made: AuditFile, now: datetime) -> AuditFile:
    detail = {"sha256": vault.read(queries.kept_document(made))["sha256"], "level": "1"}
    place = queries.stream_of(made.case_id)
    trail.record(Tag.FILE_READ, actor=actor, now=now, obj=("audit_file", made.id), case_id=place, detail=detail)
    return made


def _today(audit: Audit, now: datetime) -> date:
    return now.astimezone(ZoneInfo(queries.office_zone(audit.organisation_id))).date()
