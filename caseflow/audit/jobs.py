"""Background work of audits: make one file or one trail."""

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
from caseflow.core.press import case_file as press
from caseflow.core.vault import SealBroken
from caseflow.core.words import speaking

MEDIA_TYPE = "application/pdf"
DOCUMENT_TYPES = {"file": "case_file", "trail": "trail"}


def register(outbox: Outbox) -> None:
    """Tell the outbox who handles what."""
    outbox.handle(services.JOB, make_file)


def make_file(*, file_id: UUID, now: datetime) -> None:
    """Make the PDF of one case, once. Again, or after a crash in any place: one document.

    A case that cannot be opened at all makes the file fail, with a record of it; what the press raises leaves it
    queued, and the outbox tries again later.
    """
    with writing():
        waiting = services.waits(file_id, now=now) is not None
    if not waiting:
        return
    try:
        name, content = _press(file_id, now)  # slow: nothing is written here
    except SealBroken:
        _finish(file_id, "", b"", now)
        return
    _finish(file_id, name, content, now)


def _press(file_id: UUID, now: datetime) -> tuple[str, bytes]:
    queries.steady_read()
    made = session().get_one(AuditFile, file_id)
    with speaking(_language(made)):
        sources = queries.gather(made, now=now)
        number, language = sources.case_number, sources.language
        if made.what == "trail":
            return press.trail_name(number), press.trail(letters.compose_trail(sources), language=language)
        return press.file_name(number), press.case_file(letters.compose_case_file(sources), language=language)


def _language(made: AuditFile) -> str:
    """The language its auditor reads in."""
    auditor = get_staff(queries.get_audit(made.audit_id).auditor_id)
    return str(vault.read(auditor).get("language") or "en")


def _finish(file_id: UUID, name: str, content: bytes, now: datetime) -> None:
    """Keep the bytes and say so, in one write; without bytes, say that it could not be made."""
    kept: list[UUID] = []
    try:
        with writing():
            made = services.waits(file_id, now=now)
            if made is None:
                return
            document = _keep(made, name, content, now) if content else None
            kept += [document.id] if document else []
            services.file_made(file_id=file_id, document=document, digest=sha256(content).hexdigest(), now=now)
    except BaseException:
        for one in kept:  # the row is gone with the transaction: its file must not stay behind without a key
            path_of(one).unlink(missing_ok=True)
        raise


def _keep(made: AuditFile, name: str, content: bytes, now: datetime) -> Document:
    return keep_document(
        actor_id=None,
        case_id=made.case_id,
        name=name,
        media_type=MEDIA_TYPE,
        what=DOCUMENT_TYPES[made.what],
        content=content,
        now=now,
    )
