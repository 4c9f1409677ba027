"""Sealed files: letters as they were issued, audit files; each under a key of its own."""

from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from uuid import UUID

from caseflow.cases.models import Document
from caseflow.core import vault
from caseflow.core.db import new_id, session
from caseflow.core.vault import SealBroken
from caseflow.core.vault.files import new_file_key, read_file, write_file


def keep_document(
    *, actor_id: UUID | None, case_id: UUID | None, name: str, media_type: str, what: str, content: bytes, now: datetime
) -> Document:
    """Seal `content` into a file and add its document; the caller records it in the trail with the returned row.

    `what` is a code of `document_type`, or case_file, trail or audit. `actor_id` is None when the system made it,
    `case_id` when it belongs to no case that can be opened.
    """
    document = Document(id=new_id(), case_id=case_id, created_at=now, created_by=actor_id)
    key, deployment = new_file_key(), vault.current().keyring.deployment
    doc = {
        "name": name,
        "media_type": media_type,
        "what": what,
        "sha256": sha256(content).hexdigest(),
        "size": len(content),
        "key": b64encode(key).decode(),
    }
    vault.write(document, doc, rv=0)
    place = {"deployment": deployment, "file_id": document.id, "case_id": document.key_case_id}
    write_file(path_of(document.id), content, key=key, **place)
    session().add(document)
    session().flush()
    return document


def read_document(document: Document) -> bytes:
    """The content as it was kept. Raises SealBroken when the document or its file does not open or is another's."""
    doc, deployment = vault.read(document), vault.current().keyring.deployment
    path, key = path_of(document.id), b64decode(doc["key"])
    content = read_file(path, key=key, deployment=deployment, file_id=document.id, case_id=document.key_case_id)
    if not compare_digest(sha256(content).hexdigest(), doc["sha256"]):
        raise SealBroken("file", document.id)
    return content


def path_of(document_id: UUID) -> Path:
    """Where the sealed file of a document lies; its name is the random id and tells nothing."""
    return vault.current().files / document_id.hex
