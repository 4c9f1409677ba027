"""Sealed records: `vault.write(record, doc, rv=)` is the only way in, `vault.read(record)` the only way out.

One process serves one installation, so the open vault is one name in this module. It is put there by the factory
(or a command) and never by a feature.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from caseflow.core.vault.records import Sealed, SealedRow
from caseflow.core.vault.seal import PAD_NARRATIVE, SealBroken
from caseflow.core.vault.vault import Locked, Record, Vault, pepper_digest

__all__ = [
    "PAD_NARRATIVE",
    "Locked",
    "SealBroken",
    "Sealed",
    "SealedRow",
    "current",
    "destroy_case_key",
    "destroyed_keys",
    "find_cases",
    "has_key",
    "install",
    "kind_token",
    "load_keys",
    "new_case_key",
    "pepper",
    "put_index",
    "read",
    "read_row",
    "write",
]

_installed: list[Vault] = []


def install(vault: Vault | None) -> None:
    """Make `vault` the one of this process; None locks it."""
    _installed[:] = [vault] if vault else []


def current() -> Vault:
    """The open vault. Raises Locked."""
    if not _installed:
        raise Locked()
    return _installed[0]


def write(record: Record, doc: dict[str, Any], *, rv: int) -> None:
    """Seal `doc` into `record` as version rv + 1. Raises StaleVersion, SealBroken, Locked."""
    current().write(record, doc, rv=rv)


def read(record: Record) -> dict[str, Any]:
    """The document of `record`. Raises SealBroken, Locked."""
    return current().read(record)


def read_row(row: SealedRow) -> dict[str, Any]:
    """The document of a row read without its mapped object. Raises SealBroken, Locked."""
    return current().read_row(row)


def new_case_key(case_id: UUID, *, now: datetime) -> None:
    """Give a case its key, committed at once (key first on create)."""
    current().new_case_key(case_id, now=now)


def destroy_case_key(case_id: UUID, *, now: datetime) -> None:
    """Destroy a case's key, committed at once (key first on erase)."""
    current().destroy_case_key(case_id, now=now)


def destroyed_keys(case_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these cases whose key was destroyed on purpose."""
    return current().store.destroyed(case_ids)


def has_key(case_id: UUID) -> bool:
    """Whether the case has a key that can be opened."""
    return current().has_key(case_id)


def load_keys(case_ids: Iterable[UUID]) -> None:
    """Open the keys of many cases at once, before a list is drawn."""
    current().load_keys(case_ids)


def kind_token(case_id: UUID, kind: str) -> bytes:
    """The clear stand-in for a record's kind."""
    return current().kind_token(case_id, kind)


def put_index(case_id: UUID, values: Iterable[tuple[str, str]]) -> None:
    """Replace the blind index of a case: (field, canonical value) with field cnic, passport or phone."""
    current().put_index(case_id, values)


def find_cases(values: Sequence[tuple[str, str]]) -> set[UUID]:
    """Ids of the cases that hold any of these identifiers."""
    return current().find_cases(values)


def pepper(text: str) -> bytes:
    """HMAC under the keyring's pepper."""
    return pepper_digest(current(), text)
