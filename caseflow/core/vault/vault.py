"""The vault of this process: keyring and key store together, and the case keys it has opened."""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.exc import SQLAlchemyError

from caseflow.core.db import NO_CASE
from caseflow.core.errors import CaseFlowError, SetupError, StaleVersion
from caseflow.core.vault.keyring import KEY_BYTES, Keyring
from caseflow.core.vault.keystore import KeyStore
from caseflow.core.vault.records import SealedRow
from caseflow.core.vault.seal import Place, SealBroken, decrypt, encrypt, open_sealed, seal, split, wrap_aad
from caseflow.core.words import N_

CACHED_KEYS = 5000  # as many as a search by name opens in turn; a key costs about 2.5 KB: 13 MB at most


class Locked(CaseFlowError):
    """The vault is not open in this process."""

    status = 503
    message = N_("This installation is locked. An operator has to unlock it at its terminal.")


class Record(Protocol):
    """What the vault sees of a sealed record."""

    __tablename__: str
    id: UUID
    rv: int
    sealed: bytes
    PAD: ClassVar[int]

    @property
    def slot(self) -> str: ...
    @property
    def key_case_id(self) -> UUID: ...


@dataclass(repr=False)
class CaseKey:
    """One opened case key version."""

    ver: int
    raw: bytes
    aead: AESGCM


class Vault:
    """Seals, opens, indexes. One per process; safe for threads."""

    def __init__(self, keyring: Keyring, store: KeyStore, files: Path) -> None:
        """`files` is the folder of sealed files."""
        self.keyring = keyring
        self.store = store
        self.files = files
        self._org = CaseKey(1, keyring.org, AESGCM(keyring.org))
        self._keys: OrderedDict[UUID, tuple[CaseKey, ...]] = OrderedDict()
        self._lock = Lock()
        self._generation = self._check_store()

    def _check_store(self) -> int:
        try:
            state = self.store.state()
        except SQLAlchemyError:
            raise SetupError(N_("The key store is missing or cannot be read. Restore the newest key bundle.")) from None
        if state is None or state[0] != self.keyring.deployment:
            raise SetupError(N_("The key store belongs to another installation than the keyring. Nothing was changed."))
        if state[1] < self.keyring.generation:
            raise SetupError(N_("The key store is older than the keyring. Restore the newest key bundle."))
        return state[1]

    def refresh(self) -> bool:
        """Drop opened keys when the store's generation moved. True when they were dropped. Called once a request."""
        generation = self.store.generation()
        if generation == self._generation:
            return False
        with self._lock:
            self._keys.clear()
            self._generation = generation
        return True

    # Case keys

    def new_case_key(self, case_id: UUID, *, now: datetime) -> None:
        """Make, wrap and keep a key for a case; committed at once. Again for the same case: nothing happens."""
        if self.store.keys([case_id]):
            return
        epoch, raw = self.keyring.primary_epoch, secrets.token_bytes(KEY_BYTES)
        aad = wrap_aad(self.keyring.deployment, case_id, 1)
        self.store.add_key(case_id, 1, epoch, encrypt(AESGCM(self.keyring.kek[epoch]), epoch, raw, aad), now=now)

    def destroy_case_key(self, case_id: UUID, *, now: datetime) -> None:
        """Destroy a case's keys and index rows; nothing sealed under them can be opened again."""
        self.store.destroy_key(case_id, now=now)
        self.refresh()

    def has_key(self, case_id: UUID) -> bool:
        """Whether anything can be sealed or opened under this case's key."""
        return bool(self._case_keys(case_id))

    def load_keys(self, case_ids: Iterable[UUID]) -> None:
        """Fetch the keys of many cases in one query, so that a list page does not ask fifty times."""
        missing = [one for one in set(case_ids) if one != NO_CASE and one not in self._keys]
        if missing:
            self._fetch(missing)

    def _fetch(self, case_ids: list[UUID]) -> dict[UUID, tuple[CaseKey, ...]]:
        """The keys as the store has them now; kept only if no key was destroyed while they were read."""
        generation, opened = self._generation, dict[UUID, tuple[CaseKey, ...]]()
        for case_id, ver, epoch, wrapped in self.store.keys(case_ids):
            key = self._unwrap(case_id, ver, epoch, wrapped)
            if key is not None:
                opened[case_id] = (*opened.get(case_id, ()), key)
        with self._lock:
            if generation == self._generation:
                self._keys.update(opened)
            while len(self._keys) > max(CACHED_KEYS, len(opened)):
                self._keys.popitem(last=False)
        return opened

    def _unwrap(self, case_id: UUID, ver: int, epoch: int, wrapped: bytes) -> CaseKey | None:
        kek = self.keyring.kek.get(epoch)
        if kek is None:
            return None
        try:
            raw = decrypt(AESGCM(kek), wrapped, wrap_aad(self.keyring.deployment, case_id, ver))
        except ValueError:
            return None  # an altered wrap: the case cannot be opened, and says so where it is read
        return CaseKey(ver, raw, AESGCM(raw))

    def _case_keys(self, case_id: UUID) -> tuple[CaseKey, ...]:
        if case_id == NO_CASE:
            return (self._org,)
        found = self._keys.get(case_id)
        # What was fetched is used as it is: another thread may empty the cache in between.
        return self._fetch([case_id]).get(case_id, ()) if found is None else found

    def _place(self, record: Record, rv: int) -> Place:
        return Place(self.keyring.deployment, record.__tablename__, record.id, record.key_case_id, record.slot, rv)

    # Documents

    def write(self, record: Record, doc: dict[str, Any], *, rv: int) -> None:
        """Seal `doc` into the record as its next version.

        `rv` is the version the writer saw, 0 for a new record. Raises StaleVersion when the record has moved on,
        SealBroken when the case has no key.
        """
        if (record.rv or 0) != rv:
            raise StaleVersion()
        keys = self._case_keys(record.key_case_id)
        if not keys:
            raise SealBroken(record.__tablename__, record.id)
        place = self._place(record, rv + 1)
        record.sealed = seal(keys[0].aead, keys[0].ver, doc, place, block=record.PAD)
        record.rv = rv + 1

    def read(self, record: Record) -> dict[str, Any]:
        """The record's document. Raises SealBroken when it cannot be opened."""
        return self._open(self._place(record, record.rv), record.sealed)

    def read_row(self, row: SealedRow) -> dict[str, Any]:
        """The document of a row read without its mapped object. Raises SealBroken."""
        place = Place(self.keyring.deployment, row.table, row.id, row.key_case_id, row.slot, row.rv)
        return self._open(place, row.sealed)

    def _open(self, place: Place, sealed: bytes) -> dict[str, Any]:
        try:
            _header, ver, _nonce, _body = split(sealed)
        except (ValueError, TypeError):
            raise SealBroken(place.table, place.record_id) from None
        for key in self._case_keys(place.case_id):
            if key.ver == ver:
                return open_sealed(key.aead, sealed, place)
        raise SealBroken(place.table, place.record_id)

    def seal_bytes(
        self, case_id: UUID, document: dict[str, Any], place_table: str, record_id: UUID, slot: str
    ) -> bytes:
        """Seal a document that lies outside the record tables (trail detail), version 1 by nature."""
        keys = self._case_keys(case_id)
        if not keys:
            raise SealBroken(place_table, record_id)
        place = Place(self.keyring.deployment, place_table, record_id, case_id, slot, 1)
        return seal(keys[0].aead, keys[0].ver, document, place)

    def open_bytes(self, case_id: UUID, sealed: bytes, place_table: str, record_id: UUID, slot: str) -> dict[str, Any]:
        """Open what `seal_bytes` sealed. Raises SealBroken."""
        place = Place(self.keyring.deployment, place_table, record_id, case_id, slot, 1)
        for key in self._case_keys(case_id):
            try:
                return open_sealed(key.aead, sealed, place)
            except SealBroken:
                continue
        raise SealBroken(place_table, record_id)

    # Keyed tokens

    def kind_token(self, case_id: UUID, kind: str) -> bytes:
        """What stands in clear for the kind of a record: 16 bytes that mean nothing outside the case."""
        keys = self._case_keys(case_id)
        if not keys:
            raise SealBroken("case_record", case_id)
        return hmac.digest(keys[-1].raw, b"caseflow/kind/1\0" + kind.encode(), sha256)[:16]

    def index_token(self, field: str, canonical: str) -> int:
        """The 64-bit blind-index token of an identifier, each field under its own key, as a signed integer."""
        digest = hmac.digest(self.keyring.index[field], b"caseflow/index/1\0" + canonical.encode(), sha256)
        return int.from_bytes(digest[:8], "big", signed=True)

    def put_index(self, case_id: UUID, values: Iterable[tuple[str, str]]) -> None:
        """Replace the index of a case by the tokens of (field, canonical value)."""
        self.store.put_tokens(case_id, [(field, self.index_token(field, value)) for field, value in values])

    def find_cases(self, values: Sequence[tuple[str, str]]) -> set[UUID]:
        """Ids of the cases with any of these identifiers; the caller filters by what the user may see."""
        return self.store.find([(field, self.index_token(field, value)) for field, value in values])


def pepper_digest(vault: Vault, text: str) -> bytes:
    """HMAC of a secret under the keyring's pepper (passwords before Argon2id, one-time codes)."""
    return hmac.digest(vault.keyring.pepper, b"caseflow/pepper/1\0" + text.encode("utf-8", "surrogatepass"), sha256)
