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
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from caseflow.core.db import NO_CASE
from caseflow.core.errors import CaseFlowError, SetupError, StaleVersion
from caseflow.core.vault.keyring import KEY_BYTES, Keyring, RingFile
from caseflow.core.vault.keystore import KeyStore
from caseflow.core.vault.records import SealedRow
from caseflow.core.vault.seal import Place, SealBroken, decrypt, encrypt, open_sealed, seal, split, wrap_aad
from caseflow.core.words import N_

ADD_ATTEMPTS = 4
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

    def __init__(self, keyring: Keyring, store: KeyStore, files: Path, *, ring_file: RingFile | None = None) -> None:
        """`files` is the folder of sealed files; `ring_file` is where a keyring that changed is read again."""
        self.keyring = keyring
        self.ring_file = ring_file
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
        if self.keyring.generation < state[2]:
            raise SetupError(N_("The keyring is older than the key store. Restore the newest key bundle."))
        return state[1]

    def refresh(self) -> bool:
        """Drop opened keys when the store's generation moved. True when they were dropped. Called once a request."""
        generation = self.store.generation()
        if generation == self._generation:
            return False
        self.reload()
        with self._lock:
            self._keys.clear()
            self._generation = generation
        return True

    def reload(self) -> bool:
        """Read the keyring again: another process may have rolled it. True when it is a newer one."""
        if self.ring_file is None:
            return False
        fresh = self.ring_file.load()
        if fresh.generation <= self.keyring.generation:
            return False
        self.keyring = fresh
        return True

    # Case keys

    def new_case_key(self, case_id: UUID, *, now: datetime) -> None:
        """Make, wrap and keep a key for a case; committed at once. Again for the same case: nothing happens."""
        if not self.store.keys([case_id]):
            self._add_key(case_id, 1, now)

    def bump_case_key(self, case_id: UUID, *, now: datetime) -> int:
        """Give a case its next key version; what is written from now on is sealed under it. Returns the version.

        Older versions stay: the trail's details and the tokens of kinds rest on them. Raises SealBroken without a key.
        """
        found = self.store.keys([case_id])
        if not found:
            raise SealBroken("case_key", case_id)
        self._add_key(case_id, found[0][1] + 1, now)
        self.store.touch()
        self.refresh()
        return int(found[0][1]) + 1

    def _add_key(self, case_id: UUID, ver: int, now: datetime) -> None:
        """Wrap a new key under the store's primary epoch. A roll may come between: we are refused and retry.

        Raises IntegrityError for a case whose key was destroyed, SetupError.
        """
        raw, aad = secrets.token_bytes(KEY_BYTES), wrap_aad(self.keyring.deployment, case_id, ver)
        for _attempt in range(ADD_ATTEMPTS):
            epoch = self.store.primary_epoch()
            if (kek := self._kek(epoch)) is None:
                raise SetupError(N_("The keyring is older than the key store. Restore the newest key bundle."))
            try:
                self.store.add_key(case_id, ver, epoch, encrypt(AESGCM(kek), epoch, raw, aad), now=now)
                return
            except DBAPIError:
                if case_id in self.store.destroyed([case_id]):
                    raise  # whose key was destroyed never gets another one
            if any(known == ver for _case, known, _epoch, _wrapped in self.store.keys([case_id])):
                return  # the twin of a repeated post was first
        raise SetupError(N_("The key store does not take a new key. Run `caseflow keys status`."))

    def _kek(self, epoch: int) -> bytes | None:
        found = self.keyring.kek.get(epoch)
        return found if found is not None or not self.reload() else self.keyring.kek.get(epoch)

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
        if (kek := self._kek(epoch)) is None:
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

    def reseal(self, record: Record) -> bool:
        """Seal a record again under the newest key version, same version and content. False when it is so already.

        Raises SealBroken when it cannot be opened.
        """
        keys = self._case_keys(record.key_case_id)
        try:
            _header, ver, _nonce, _body = split(record.sealed)
        except ValueError:
            raise SealBroken(record.__tablename__, record.id) from None
        if not keys or keys[0].ver == ver:
            return False
        place = self._place(record, record.rv)
        record.sealed = seal(keys[0].aead, keys[0].ver, self._open(place, record.sealed), place, block=record.PAD)
        return True

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
        key = self._key_of(place.case_id, ver)
        if key is None:
            raise SealBroken(place.table, place.record_id)
        return open_sealed(key.aead, sealed, place)

    def _key_of(self, case_id: UUID, ver: int) -> CaseKey | None:
        """That version of a case's key; one that was made since the keys were kept is fetched."""
        keys = self._case_keys(case_id)
        if case_id != NO_CASE and keys and ver > keys[0].ver:
            keys = self._fetch([case_id]).get(case_id, ())
        return next((key for key in keys if key.ver == ver), None)

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
        return self._open(place, sealed)

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
