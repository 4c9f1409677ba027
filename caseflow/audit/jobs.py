"""Background work of audits: make the file or the trail of a case, or the trail of an audit."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from caseflow.accounts.queries import get_staff
from caseflow.audit import letters, queries, services
from caseflow.audit.models import AuditFile
from caseflow.cases.files import keep_document, path_of
from caseflow.cases.models import Document
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.outbox import Outbox
from caseflow.core.press import audit_file as audit_press
from caseflow.core.press import case_file as press
from caseflow.core.vault import SealBroken
from caseflow.core.words import speaking

MEDIA_TYPE = "application/pdf"
DOCUMENT_TYPES = {"file": "case_file", "trail": "trail", services.WHOLE: "audit"}


@dataclass(frozen=True)
class Pressed:
    """A PDF with its name, and the case under whose key it is kept: what was of a case stays under its key alone."""

    name: str
    content: bytes
    case_id: UUID | None


def register(outbox: Outbox) -> None:
    """Tell the outbox who handles what."""
    outbox.handle(services.JOB, make_file, failed=services.give_up)


def make_file(*, file_id: UUID, now: datetime) -> None:
    """Make one PDF, once. Again, or after a crash in any place: one document.

    A case that cannot be opened at all makes the file fail, with a record of it; what the press raises leaves it
    queued, and the outbox tries again later.
    """
    with writing():
        waiting = services.waits(file_id, now=now) is not None
    if not waiting:
        return
    try:
        pressed = _press(file_id, now)  # slow: nothing is written here
    except SealBroken:
        pressed = Pressed("", b"", None)
    _finish(file_id, pressed, now)


def _press(file_id: UUID, now: datetime) -> Pressed:
    queries.steady_read()
    made = session().get_one(AuditFile, file_id)
    with speaking(_language(made)):
        if made.case_id is None:
            audit = queries.gather_audit(made, now=now)
            content = audit_press.audit_trail(letters.compose_audit(audit), language=audit.language)
            return Pressed(press.trail_name(audit.audit_number), content, None)
        if queries.skeletons([made.case_id]):
            left = queries.gather_skeleton(made, now=now)
            content = audit_press.skeleton(letters.compose_skeleton(left), language=left.language)
            return Pressed(press.file_name(left.case_number), content, None)
        return _press_case(made, made.case_id, now)


def _press_case(made: AuditFile, case_id: UUID, now: datetime) -> Pressed:
    sources = queries.gather(made, case_id, now=now)
    number, language = sources.case_number, sources.language
    if made.what == "trail":
        return Pressed(
            press.trail_name(number), press.trail(letters.compose_trail(sources), language=language), case_id
        )
    content = press.case_file(letters.compose_case_file(sources), language=language)
    return Pressed(press.file_name(number), content, case_id)


def _language(made: AuditFile) -> str:
    """The language that whoever asked for it reads in."""
    asker = get_staff(made.asked_by or queries.get_audit(made.audit_id).auditor_id)
    return str(vault.read(asker).get("language") or "en")


def _finish(file_id: UUID, pressed: Pressed, now: datetime) -> None:
    """Keep the bytes and say so, in one write; without bytes, say that it could not be made."""
    kept: list[UUID] = []
    try:
        with writing():
            made = services.waits(file_id, now=now)
            if made is None:
                return
            document = _keep(made, pressed, now) if pressed.content else None
            kept += [document.id] if document else []
            services.file_made(file_id=file_id, document=document, digest=sha256(pressed.content).hexdigest(), now=now)
    except BaseException:
        for one in kept:  # the row is gone with the transaction: its file must not stay behind without a key
            path_of(one).unlink(missing_ok=True)
        raise


def _keep(made: AuditFile, pressed: Pressed, now: datetime) -> Document:
    return keep_document(
        actor_id=None,
        case_id=pressed.case_id,
        name=pressed.name,
        media_type=MEDIA_TYPE,
        what=DOCUMENT_TYPES[made.what],
        content=pressed.content,
        now=now,
    )
