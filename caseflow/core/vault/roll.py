"""Turn the key-encryption key: a new epoch, every case key wrapped again, the old epoch destroyed.

    1  store: epoch e+1 pending            (the generation moves)
    2  keyring: a random key for e+1       (write, fsync, rename)
    3  store: e+1 primary, e decrypt-only  (from now on the database takes new keys under e+1 only)
    4  store: the keys under e wrapped again, in batches, each a short write; people go on working
    5  store: e destroyed, refused by the database while a key rests on it; keyring: the key of e is gone

Each step is committed before the next, and each can be done again: a roll that a crash cut off goes on where it
stood. Nothing here deletes a case key. An epoch is random and never derived (security: a derived key cannot be
destroyed); once it is destroyed, no older copy of a wrapped key can be opened with the keyring as it is now.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from caseflow.core.errors import SetupError
from caseflow.core.vault.keyring import KEY_BYTES, Keyring, RingFile
from caseflow.core.vault.keystore import KeyStore, case_keys, epochs, meta
from caseflow.core.vault.seal import decrypt, encrypt, wrap_aad
from caseflow.core.vault.vault import Vault
from caseflow.core.words import N_

BATCH = 500  # keys a write: it holds the key store for a few milliseconds
BACKUP_HORIZON = timedelta(days=35)  # how long a key bundle is kept: an older epoch opens nothing that may be restored

Told = Callable[[int, int], None]


@dataclass
class Rolled:
    """What a roll did. `broken` keys did not open and hold their epoch back; they are never deleted."""

    epoch: int
    resumed: bool
    wrapped: int = 0
    broken: int = 0
    destroyed: list[int] = field(default_factory=list)


def roll(
    vault: Vault, *, now: datetime, at_once: bool = False, horizon: timedelta = BACKUP_HORIZON, told: Told | None = None
) -> Rolled:
    """Turn the key of this installation, or finish a turn that was cut off.

    Old epochs go when they were retired `horizon` ago, or `at_once` (after an erasure): then a new epoch is made in
    any case, for a copy of the key store may hold the erased key under the present one. `told` hears (done, most).
    Raises SetupError when another command is changing the keys.
    """
    ring_file, told = _file_of(vault), told or _to_nobody
    with ring_file.changing():
        vault.reload()
        rolled = Rolled(vault.store.primary_epoch(), resumed=bool(_states(vault.store, "pending")))
        if not rolled.resumed:
            _wrap_all(vault, rolled, told)  # what an earlier roll left
            rolled.resumed = rolled.wrapped > 0
        # After an erasure the turn that was cut off is not enough: the erased key may have been wrapped by it.
        if at_once or not rolled.resumed or _states(vault.store, "pending"):
            rolled.epoch, rolled.broken = _advance(vault.store, ring_file, now), 0
            vault.refresh()
            _wrap_all(vault, rolled, told)
        rolled.destroyed = _destroy(vault.store, ring_file, now - (timedelta() if at_once else horizon), now)
        vault.refresh()
    return rolled


def _to_nobody(_done: int, _most: int) -> None:
    """Nobody watches."""


def destroy_due(vault: Vault, *, now: datetime, horizon: timedelta = BACKUP_HORIZON) -> list[int]:
    """Destroy the epochs that were retired `horizon` ago, and what a crash left of destroyed ones in the keyring.

    Returns the epochs that are gone from the keyring. Raises SetupError while keys are being changed.
    """
    ring_file = _file_of(vault)
    if not _due(vault.store, now - horizon) and vault.keyring.kek.keys().isdisjoint(_states(vault.store, "destroyed")):
        return []
    with ring_file.changing():
        gone = _destroy(vault.store, ring_file, now - horizon, now)
        vault.refresh()
    return gone


def _file_of(vault: Vault) -> RingFile:
    if vault.ring_file is None:
        raise SetupError(N_("This command needs the keyring file."))
    return vault.ring_file


def _states(store: KeyStore, state: str) -> list[int]:
    with store.engine.connect() as connection:
        query = select(epochs.c.epoch).where(epochs.c.state == state).order_by(epochs.c.epoch)
        return list(connection.execute(query).scalars())


def _resting(store: KeyStore, epoch: int) -> int:
    with store.engine.connect() as connection:
        query = select(func.count()).where(case_keys.c.epoch == epoch, case_keys.c.wrapped.is_not(None))
        return int(connection.execute(query).scalar_one())


def _advance(store: KeyStore, ring_file: RingFile, now: datetime) -> int:
    """Steps 1 to 3, as far as they are not done. Returns the primary epoch."""
    pending = _states(store, "pending")
    epoch = pending[0] if pending else _announce(store, now)
    generation = _provide(ring_file, epoch, store)
    with store.begin() as connection:
        retired = {"state": "decrypt_only", "retired_at": now}
        connection.execute(update(epochs).where(epochs.c.state == "primary").values(**retired))
        connection.execute(update(epochs).where(epochs.c.epoch == epoch).values(state="primary"))
        connection.execute(update(meta).values(keyring_generation=generation))
        store.move(connection)
    return epoch


def _announce(store: KeyStore, now: datetime) -> int:
    with store.begin() as connection:
        epoch = int(connection.execute(select(func.max(epochs.c.epoch))).scalar_one()) + 1
        connection.execute(insert(epochs).values(epoch=epoch, state="pending", created_at=now))
        store.move(connection)
    return epoch


def _provide(ring_file: RingFile, epoch: int, store: KeyStore) -> int:
    """A key for the epoch in the keyring file; returns the keyring's generation."""
    ring = ring_file.load()
    if epoch not in ring.kek:
        ring.kek[epoch] = secrets.token_bytes(KEY_BYTES)
        ring.primary_epoch = epoch
        _save(ring_file, ring, store)
    return ring.generation


def _save(ring_file: RingFile, ring: Keyring, store: KeyStore) -> None:
    """Write the keyring as a newer one than every process holds; the store is never behind it."""
    ring.generation = store.generation()
    ring_file.save(ring)


def _wrap_all(vault: Vault, rolled: Rolled, told: Told) -> None:
    """Step 4: batch after batch, until nothing rests on a retired epoch but what does not open."""
    old = _states(vault.store, "decrypt_only")
    most = sum(_resting(vault.store, epoch) for epoch in old)
    if most:
        told(0, most)
    for epoch in old:
        after: tuple[Any, int] | None = None
        while rows := _next(vault.store, epoch, after):
            after = (rows[-1][0], rows[-1][1])
            fresh = _wrapped_again(vault.keyring, rows, epoch, rolled)
            _keep(vault.store, epoch, fresh)
            rolled.wrapped += len(fresh)
            told(rolled.wrapped + rolled.broken, most)


def _next(store: KeyStore, epoch: int, after: tuple[Any, int] | None) -> Sequence[Any]:
    """The next keys under an epoch, in the order of the primary key."""
    key = (case_keys.c.case_id, case_keys.c.ver)
    query = select(*key, case_keys.c.wrapped).where(case_keys.c.epoch == epoch, case_keys.c.wrapped.is_not(None))
    if after is not None:
        query = query.where((key[0] > after[0]) | ((key[0] == after[0]) & (key[1] > after[1])))
    with store.engine.connect() as connection:
        return connection.execute(query.order_by(*key).limit(BATCH)).all()


def _wrapped_again(ring: Keyring, rows: Sequence[Any], old: int, rolled: Rolled) -> list[dict[str, Any]]:
    opener, closer, fresh = AESGCM(ring.kek[old]), AESGCM(ring.kek[rolled.epoch]), []
    for case_id, ver, wrapped in rows:
        aad = wrap_aad(ring.deployment, case_id, ver)
        try:
            raw = decrypt(opener, wrapped, aad)
        except ValueError:
            rolled.broken += 1
            continue
        again = encrypt(closer, rolled.epoch, raw, aad)
        fresh.append({"of": case_id, "version": ver, "before": wrapped, "epoch": rolled.epoch, "wrapped": again})
    return fresh


def _keep(store: KeyStore, old: int, fresh: list[dict[str, Any]]) -> None:
    """One short write. A key that was destroyed since it was read stays destroyed."""
    if not fresh:
        return
    same = (case_keys.c.case_id == bindparam("of")) & (case_keys.c.ver == bindparam("version"))
    unmoved = (case_keys.c.epoch == old) & (case_keys.c.wrapped == bindparam("before"))
    with store.begin() as connection:
        connection.execute(update(case_keys).where(same & unmoved), fresh)


def _due(store: KeyStore, retired_before: datetime) -> list[int]:
    due = select(epochs.c.epoch).where(epochs.c.state == "decrypt_only", epochs.c.retired_at <= retired_before)
    with store.engine.connect() as connection:
        return list(connection.execute(due).scalars())


def _destroy(store: KeyStore, ring_file: RingFile, retired_before: datetime, now: datetime) -> list[int]:
    """Step 5. An epoch on which keys rest is left; the database would refuse it."""
    for epoch in _due(store, retired_before):
        try:
            with store.begin() as connection:
                gone = {"state": "destroyed", "destroyed_at": now}
                connection.execute(update(epochs).where(epochs.c.epoch == epoch).values(**gone))
                store.move(connection)
        except DBAPIError:
            continue
    return _forget(store, ring_file)


def _forget(store: KeyStore, ring_file: RingFile) -> list[int]:
    ring = ring_file.load()
    gone = [epoch for epoch in _states(store, "destroyed") if ring.kek.pop(epoch, None) is not None]
    if gone:
        _save(ring_file, ring, store)
        with store.begin() as connection:
            connection.execute(update(meta).values(keyring_generation=ring.generation))
            store.move(connection)
    return gone
