"""Seal something under a key that is handed out and kept nowhere here: only whoever brings the key back can open it."""

import secrets
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caseflow.core import vault
from caseflow.core.db import NO_CASE
from caseflow.core.vault.keyring import KEY_BYTES
from caseflow.core.vault.seal import PAD_NARRATIVE, Place, open_sealed, seal


def seal_away(document: dict[str, Any], record_id: UUID) -> tuple[bytes, bytes]:
    """The key and the sealed document; the key is used once and must not be stored beside it."""
    key = secrets.token_bytes(KEY_BYTES)
    return key, seal(AESGCM(key), 1, document, _place(record_id), block=PAD_NARRATIVE)


def open_again(key: bytes, sealed: bytes, record_id: UUID) -> dict[str, Any]:
    """The document. Raises SealBroken for a wrong key or an altered document, ValueError for what is no key."""
    return open_sealed(AESGCM(key), sealed, _place(record_id))


def _place(record_id: UUID) -> Place:
    return Place(vault.current().keyring.deployment, "parked_post", record_id, NO_CASE, "parked_post", 1)
