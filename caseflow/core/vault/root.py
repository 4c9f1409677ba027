"""Where ROOT comes from: a 0400 file (`auto`), or a passphrase typed at the terminal (`passphrase`).

`auto` restarts alone and does not cover the seizure of the whole machine. With `passphrase` ROOT is sealed under a
key that Argon2id (256 MiB, 3 passes) makes from the operator's words; it is asked for once, before the processes fork.
"""

import os
import secrets
import stat
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from caseflow.core.errors import SetupError
from caseflow.core.vault.keyring import KEY_BYTES, write_private
from caseflow.core.vault.seal import decrypt, encrypt, lp
from caseflow.core.words import N_

_MAGIC = b"CFRT\x01"
_PARAMS = struct.Struct(">III16s")  # memory KiB, passes, lanes, salt
PASSPHRASE_MEMORY_KIB = 256 * 1024
PASSPHRASE_PASSES = 3
LARGEST_MEMORY_KIB, LARGEST_PASSES = 4 * PASSPHRASE_MEMORY_KIB, 16


def create_file(path: Path, root: bytes = b"") -> bytes:
    """A new ROOT, or the one given, in a 0400 file. Raises SetupError when one is there: it is never overwritten."""
    _require_free(path)
    root = root or secrets.token_bytes(KEY_BYTES)
    write_private(path, root)
    return root


def _require_free(path: Path) -> None:
    if path.exists():
        raise SetupError(N_("There is a ROOT key here already. Nothing was changed."))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def read_file(path: Path) -> bytes:
    """ROOT from its file. Raises SetupError when it is missing, open to others, or not 32 bytes."""
    if not path.exists():
        raise SetupError(N_("The ROOT key file is missing. Restore it, or start with CASEFLOW_UNLOCK=passphrase."))
    info = path.stat()
    if info.st_mode & (stat.S_IRWXG | stat.S_IRWXO) or info.st_uid != os.geteuid():
        raise SetupError(N_("The ROOT key file is open to other users. Run `chmod 400` on it; ask who could read it."))
    root = path.read_bytes()
    if len(root) != KEY_BYTES:
        raise SetupError(N_("The ROOT key file is damaged. Restore it from your copy."))
    return root


def is_sealed(path: Path) -> bool:
    """True when ROOT lies there sealed by a passphrase."""
    return path.exists() and path.stat().st_size > KEY_BYTES


def create_passphrase(
    path: Path, passphrase: str, root: bytes = b"", *, memory_kib: int = PASSPHRASE_MEMORY_KIB
) -> bytes:
    """A new ROOT, or the one given, sealed by a passphrase. Raises SetupError when one is there, or the words are
    short."""
    if len(passphrase) < 16:
        raise SetupError(N_("A passphrase needs at least 16 characters: five or six unrelated words do well."))
    _require_free(path)
    root = root or secrets.token_bytes(KEY_BYTES)
    params = _PARAMS.pack(memory_kib, PASSPHRASE_PASSES, 1, os.urandom(16))
    sealed = encrypt(AESGCM(_stretch(passphrase, params)), 1, root, _aad(params))
    write_private(path, _MAGIC + params + sealed)
    return root


def read_passphrase(path: Path, passphrase: str) -> bytes:
    """ROOT opened by its passphrase. Raises SetupError for wrong words or a damaged file."""
    if not path.exists():
        raise SetupError(N_("There is no ROOT key sealed by a passphrase here. Run `caseflow init` first."))
    raw = path.read_bytes()
    head = len(_MAGIC) + _PARAMS.size
    if not raw.startswith(_MAGIC) or len(raw) <= head:
        raise SetupError(N_("The ROOT key file is damaged. Restore it from your copy."))
    params = raw[len(_MAGIC) : head]
    try:
        return decrypt(AESGCM(_stretch(passphrase, params)), raw[head:], _aad(params))
    except ValueError:
        raise SetupError(N_("These words do not open the ROOT key.")) from None


def following(path: Path) -> Path:
    """Where the next ROOT lies while it takes the place of this one."""
    return path.with_name(path.name + ".next")


def settled(path: Path, read: Callable[[Path], bytes], fits: Callable[[bytes], None]) -> bytes:
    """ROOT, and a change of it that a crash cut off brought to its end.

    A change writes the next ROOT beside this one, seals the keyring by it, then puts it in this one's place. `fits`
    raises SetupError for a ROOT that does not open the keyring. Nothing is removed here: a change may be under way.
    Raises SetupError.
    """
    beside, problem = following(path), None
    for place in (path, beside):
        try:
            root = read(place)
            fits(root)
        except SetupError as error:
            problem = problem or error
            if not beside.exists():
                break
            continue
        if place == beside:
            with suppress(FileNotFoundError):  # who changes it was faster
                beside.replace(path)
        return root
    raise problem or SetupError()


def _stretch(passphrase: str, params: bytes) -> bytes:
    memory, passes, lanes, salt = _PARAMS.unpack(params)
    damaged = SetupError(N_("The ROOT key file is damaged. Restore it from your copy."))
    # The file says how much memory to take before anything in it is authenticated: an altered one must not take it all.
    if not (8 * lanes <= memory <= LARGEST_MEMORY_KIB and 1 <= passes <= LARGEST_PASSES and 1 <= lanes <= 8):
        raise damaged
    try:
        return hash_secret_raw(passphrase.encode(), salt, passes, memory, lanes, KEY_BYTES, Type.ID)
    except HashingError:
        raise damaged from None


def _aad(params: bytes) -> Callable[[bytes], bytes]:
    return lambda header: lp(b"caseflow/root/1") + lp(header) + lp(params)
