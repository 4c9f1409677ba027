"""`python -m tests.bench.keys`: 100,000 case keys wrapped again while somebody goes on opening cases.

It prints how long the roll took, and how long the writer was held up at most. SQLite, in a scratch folder.
"""

import argparse
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert

from caseflow.core.db import new_id
from caseflow.core.vault.keyring import RingFile
from caseflow.core.vault.keystore import KeyStore, case_keys
from caseflow.core.vault.roll import roll
from caseflow.core.vault.seal import encrypt, wrap_aad
from caseflow.core.vault.vault import Vault
from caseflow.operations.install import found_keys, keyring_path
from tests.support.database import sqlite_config

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
AT_ONCE = 5000


def main() -> None:
    """Build, roll, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=100_000)
    many = parser.parse_args().keys
    with tempfile.TemporaryDirectory() as folder:
        config = sqlite_config(Path(folder) / "home")
        ring_file = RingFile(found_keys(config, now=NOW), keyring_path(config))
        opened = open_vault(ring_file, config.keys_url)
        fill(opened, many)
        stop, waits = threading.Event(), list[float]()
        writer = threading.Thread(target=write, args=(open_vault(ring_file, config.keys_url), stop, waits))
        writer.start()
        begun = time.perf_counter()
        done = roll(opened, now=NOW, at_once=True)
        took = time.perf_counter() - begun
        stop.set()
        writer.join()
        waits.sort()
        print(f"{done.wrapped} keys wrapped again in {took:.1f} s; old epoch destroyed: {done.destroyed}")
        print(f"{len(waits)} new keys meanwhile: p50 {waits[len(waits) // 2]:.1f} ms, most {waits[-1]:.1f} ms")


def open_vault(ring_file: RingFile, url: str) -> Vault:
    """The vault of a process of its own."""
    return Vault(ring_file.load(), KeyStore(url), Path("unused"), ring_file=ring_file)


def fill(opened: Vault, many: int) -> None:
    """As many wrapped keys, written in bulk: one by one each would wait for the disk."""
    ring, epoch = opened.keyring, opened.store.primary_epoch()
    closer = AESGCM(ring.kek[epoch])
    for start in range(0, many, AT_ONCE):
        rows = [(new_id(), start) for start in range(start, min(many, start + AT_ONCE))]
        with opened.store.begin() as connection:
            connection.execute(
                insert(case_keys),
                [
                    {"case_id": one, "ver": 1, "epoch": epoch, "created_at": NOW,
                     "wrapped": encrypt(closer, epoch, place.to_bytes(32, "big"), wrap_aad(ring.deployment, one, 1))}
                    for one, place in rows
                ],
            )  # fmt: skip


def write(opened: Vault, stop: threading.Event, waits: list[float]) -> None:
    """Give new cases their keys, as people who open cases do, and note how long each took."""
    while not stop.is_set():
        begun = time.perf_counter()
        opened.new_case_key(new_id(), now=NOW)
        waits.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.005)


if __name__ == "__main__":
    main()
