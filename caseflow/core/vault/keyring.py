"""The keyring: one small file, sealed by ROOT, that holds every long-lived key.

    file := "CFKR" | version u8 = 1 | deployment16 | sealed(ROOT, document)

Key-encryption epochs are random, never derived from ROOT: a derived key cannot be destroyed. The file has a folder
of its own so that file backups can leave it out, and is replaced by write, fsync, rename.
"""

import base64
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caseflow.core.db import NO_CASE
from caseflow.core.errors import SetupError
from caseflow.core.vault.seal import Place, SealBroken, open_sealed, seal
from caseflow.core.words import N_

MAGIC = b"CFKR\x01"
KEY_BYTES = 32
INDEXED = ("cnic", "passport", "phone", "code_name", "sign_in")


class Hidden(bytes):
    """A key that is handed to a library's settings: whoever prints those sees no byte of it."""

    def __repr__(self) -> str:
        return "<a key>"

    __str__ = __repr__


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@dataclass(repr=False)  # a key must never appear in a repr
class Keyring:
    """Keys in memory. `kek` maps epoch to key; `index` maps a searchable field to its HMAC key."""

    deployment: UUID
    generation: int
    primary_epoch: int
    kek: dict[int, bytes]
    index: dict[str, bytes]
    pepper: bytes
    org: bytes
    cookie: bytes
    trail_mac: bytes
    trail_sign: bytes
    made_at: str

    @classmethod
    def create(cls, *, now: datetime) -> "Keyring":
        """A new keyring with random keys and epoch 1."""
        sign = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        )
        return cls(
            deployment=uuid4(),
            generation=1,
            primary_epoch=1,
            kek={1: secrets.token_bytes(KEY_BYTES)},
            index={name: secrets.token_bytes(KEY_BYTES) for name in INDEXED},
            pepper=secrets.token_bytes(KEY_BYTES),
            org=secrets.token_bytes(KEY_BYTES),
            cookie=secrets.token_bytes(KEY_BYTES),
            trail_mac=secrets.token_bytes(KEY_BYTES),
            trail_sign=sign,
            made_at=now.isoformat(),
        )

    def check(self) -> None:
        """Raises ValueError unless every key is a whole one: a short key would seal weakly and say nothing."""
        keys = [*self.kek.values(), *self.index.values(), *(getattr(self, name) for name in _PLAIN)]
        counts = [isinstance(one, int) for one in (self.generation, self.primary_epoch)]
        if any(len(key) != KEY_BYTES for key in keys) or not all(counts):
            raise ValueError("keyring")

    def document(self) -> dict[str, Any]:
        """The keyring as the JSON document that ROOT seals."""
        return {
            "generation": self.generation,
            "primary_epoch": self.primary_epoch,
            "kek": {str(epoch): _b64(key) for epoch, key in self.kek.items()},
            "index": {name: _b64(key) for name, key in self.index.items()},
            "made_at": self.made_at,
            **{name: _b64(getattr(self, name)) for name in _PLAIN},
        }

    @classmethod
    def from_document(cls, deployment: UUID, doc: dict[str, Any]) -> "Keyring":
        """The keyring from its opened document."""
        raw = base64.b64decode
        return cls(
            deployment=deployment,
            generation=doc["generation"],
            primary_epoch=doc["primary_epoch"],
            kek={int(epoch): raw(key) for epoch, key in doc["kek"].items()},
            index={name: raw(key) for name, key in doc["index"].items()},
            made_at=doc["made_at"],
            **{name: raw(doc[name]) for name in _PLAIN},
        )


_PLAIN = ("pepper", "org", "cookie", "trail_mac", "trail_sign")


def _place(deployment: UUID) -> Place:
    return Place(deployment, "keyring", NO_CASE, NO_CASE, "keyring", 1)


def save(keyring: Keyring, root: bytes, path: Path) -> None:
    """Write the keyring sealed by ROOT: a new file beside it, fsync, rename, mode 0400."""
    sealed = seal(AESGCM(root), 1, keyring.document(), _place(keyring.deployment))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, MAGIC + keyring.deployment.bytes + sealed)


def load(root: bytes, path: Path) -> Keyring:
    """Open the keyring. Raises SetupError with one sentence when it is missing, damaged or another ROOT's."""
    if not path.exists():
        raise SetupError(N_("There is no keyring here. Run `caseflow init` first, or restore it from your key bundle."))
    raw = path.read_bytes()
    if not raw.startswith(MAGIC) or len(raw) < len(MAGIC) + 16:
        raise SetupError(N_("The keyring file is damaged. Restore it from your key bundle."))
    deployment = UUID(bytes=raw[len(MAGIC) : len(MAGIC) + 16])
    try:
        ring = Keyring.from_document(deployment, open_sealed(AESGCM(root), raw[len(MAGIC) + 16 :], _place(deployment)))
        ring.check()
        return ring
    except (SealBroken, KeyError, ValueError, TypeError, AttributeError):
        raise SetupError(
            N_("The keyring does not open: it is damaged, or this is not the ROOT key that sealed it.")
        ) from None


@dataclass(frozen=True, repr=False)  # ROOT must never appear in a repr
class RingFile:
    """The keyring where it lies, for whoever may read it again or change it. Several processes know the same file."""

    root: bytes
    path: Path

    def moved(self, root: bytes) -> "RingFile":
        """The same file under another ROOT."""
        return RingFile(root, self.path)

    def load(self) -> Keyring:
        """The keyring as it is now. Raises SetupError."""
        return load(self.root, self.path)

    def save(self, ring: Keyring) -> None:
        """Replace it."""
        save(ring, self.root, self.path)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the only right to change keys on this machine. Raises SetupError while another command holds it."""
        with (self.path.parent / "lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SetupError(N_("Another command is changing the keys. Wait until it has ended.")) from None
            yield


def write_private(path: Path, content: bytes, mode: int = 0o400) -> None:
    """Replace a file with `content` so that a power cut leaves either the old or the new one."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        left = memoryview(content)
        while left:  # on a full disk a write may be short, and half a keyring must never take the place of a whole one
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
