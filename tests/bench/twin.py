"""The plaintext twin: the same application over the same tables, with plain JSON where CaseFlow seals.

`python -m tests.bench.twin serve` is `caseflow serve` with another vault. Nothing in the application knows of it and
no setting leads here. What a plaintext application would have too stays: the trail with its hashes, and an index of
identifiers. What it would not have is gone: AES-GCM, padding, case keys with their store, the look at its generation.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson

from caseflow import cli, factory
from caseflow.core.errors import StaleVersion
from caseflow.core.vault import SealBroken, SealedRow
from caseflow.core.vault.vault import Record, Vault


class PlainVault(Vault):
    """Keeps documents as JSON that anybody can read."""

    def refresh(self) -> bool:
        """There are no keys to drop."""
        return False

    def new_case_key(self, case_id: UUID, *, now: datetime) -> None:
        """A case has no key."""

    def load_keys(self, case_ids: Iterable[UUID]) -> None:
        """A case has no key."""

    def write(self, record: Record, doc: dict[str, Any], *, rv: int) -> None:
        """Keep `doc` as the record's next version. Raises StaleVersion."""
        if (record.rv or 0) != rv:
            raise StaleVersion()
        record.sealed, record.rv = orjson.dumps(doc), rv + 1

    def read(self, record: Record) -> dict[str, Any]:
        """The record's document. Raises SealBroken when it is no JSON."""
        return _read(record.sealed, record.__tablename__, record.id)

    def read_row(self, row: SealedRow) -> dict[str, Any]:
        """The document of a row."""
        return _read(row.sealed, row.table, row.id)

    def seal_bytes(
        self, case_id: UUID, document: dict[str, Any], place_table: str, record_id: UUID, slot: str
    ) -> bytes:
        """Plain JSON."""
        return orjson.dumps(document)

    def open_bytes(self, case_id: UUID, sealed: bytes, place_table: str, record_id: UUID, slot: str) -> dict[str, Any]:
        """What `seal_bytes` made."""
        return _read(sealed, place_table, record_id)

    def kind_token(self, case_id: UUID, kind: str) -> bytes:
        """The kind in a case, without a key."""
        return blake2b(case_id.bytes + kind.encode(), digest_size=16).digest()


def _read(stored: bytes, table: str, record_id: UUID) -> dict[str, Any]:
    try:
        document: dict[str, Any] = orjson.loads(stored)
    except ValueError:
        raise SealBroken(table, record_id) from None
    return document


def main() -> None:
    """The `caseflow` command over plain records."""
    factory.Vault = PlainVault  # type: ignore[misc]  # the one swap
    cli.main()


if __name__ == "__main__":
    main()
