"""Sealed files: a random key a file (kept in the document's sealed record), 64 KiB chunks, order authenticated.

file  := "CFFL" | version u8 = 1 | chunk*
chunk := nonce[12] | ciphertext || tag16
AAD   := lp("caseflow/file/1") lp(deployment16) lp(file_id16) lp(case_id16) lp(index u32be) lp(last u8)
"""

import os
import secrets
import struct
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caseflow.core.vault.keyring import KEY_BYTES, write_private
from caseflow.core.vault.seal import NONCE_BYTES, TAG_BYTES, SealBroken, lp

MAGIC = b"CFFL\x01"
CHUNK = 64 * 1024


def new_file_key() -> bytes:
    """A random key for one file."""
    return secrets.token_bytes(KEY_BYTES)


def _aad(deployment: UUID, file_id: UUID, case_id: UUID, index: int, last: bool) -> bytes:
    parts = (
        b"caseflow/file/1",
        deployment.bytes,
        file_id.bytes,
        case_id.bytes,
        struct.pack(">I", index),
        bytes([last]),
    )
    return b"".join(map(lp, parts))


def write_file(path: Path, content: bytes, *, key: bytes, deployment: UUID, file_id: UUID, case_id: UUID) -> None:
    """Seal `content` into `path`, all or nothing; no plain byte touches the disk."""
    aead, out = AESGCM(key), [MAGIC]
    chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)] or [b""]
    for index, chunk in enumerate(chunks):
        nonce = os.urandom(NONCE_BYTES)
        aad = _aad(deployment, file_id, case_id, index, index == len(chunks) - 1)
        out.append(nonce + aead.encrypt(nonce, chunk, aad))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, b"".join(out))


def read_file(path: Path, *, key: bytes, deployment: UUID, file_id: UUID, case_id: UUID) -> bytes:
    """The opened content. Raises SealBroken when the file is missing, cut, reordered, altered or another's."""
    step = NONCE_BYTES + CHUNK + TAG_BYTES
    try:
        raw = path.read_bytes()
        if not raw.startswith(MAGIC) or len(raw) <= len(MAGIC):
            raise ValueError("format")
        body = raw[len(MAGIC) :]
        aead, starts = AESGCM(key), range(0, len(body), step)
        return b"".join(
            aead.decrypt(
                body[at : at + NONCE_BYTES],
                body[at + NONCE_BYTES : at + step],
                _aad(deployment, file_id, case_id, index, index == len(starts) - 1),
            )
            for index, at in enumerate(starts)
        )
    except (OSError, ValueError, InvalidTag):
        raise SealBroken("file", file_id) from None
