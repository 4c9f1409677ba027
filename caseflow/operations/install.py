"""Found an installation: keys, both databases, the first organisation and the first administrator's one-time link."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine

from caseflow.core.db import prepare_engine
from caseflow.core.errors import SetupError
from caseflow.core.vault import keyring, root
from caseflow.core.vault.keystore import KeyStore
from caseflow.core.words import N_
from caseflow.operations import migrate
from config import Config


def root_path(config: Config) -> Path:
    """Where ROOT lies, bare or sealed by a passphrase."""
    return config.home / "root" / "root.key"


def keyring_path(config: Config) -> Path:
    """Where the keyring lies: a folder of its own, outside file backups."""
    return config.home / "keyring" / "keyring.cfk"


def pending_path(config: Config) -> Path:
    """The mark of a set-up whose recovery words were not rehearsed yet: `caseflow init` goes on with it."""
    return root_path(config).with_name("kit-pending")


def rehearsed_path(config: Config) -> Path:
    """The mark of recovery words that were rehearsed for the present root key; it holds the day."""
    return root_path(config).with_name("kit")


def demo_path(config: Config) -> Path:
    """The list of a demonstration's staff and drawn passwords; its presence marks the place as a demonstration."""
    return config.home / "demo.json"


def _nothing() -> None:
    """What happens before the first key where nothing is to happen."""


def found_keys(config: Config, *, now: datetime, passphrase: str = "", before: Callable[[], None] = _nothing) -> bytes:
    """Make ROOT, keyring and key store, and bring both databases to the newest schema.

    Returns ROOT, so that the caller can open the vault; `before` runs just before the first key is made. Raises
    SetupError when anything is here already: nothing is ever overwritten.
    """
    if keyring_path(config).exists() or root_path(config).exists():
        raise SetupError(N_("This place holds an installation already. Nothing was changed."))
    config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(config.home, 0o700)
    upgrade_databases(config)
    store = KeyStore(config.keys_url)
    if store.state() is not None:
        raise SetupError(N_("The key store belongs to another installation than the keyring. Nothing was changed."))
    path = root_path(config)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    before()
    root_key = root.create_passphrase(path, passphrase) if passphrase else root.create_file(path)
    ring = keyring.Keyring.create(now=now)
    store.found(ring.deployment, now=now)
    keyring.save(ring, root_key, keyring_path(config))
    store.engine.dispose()
    return root_key


def upgrade_databases(config: Config) -> None:
    """Bring main and key database to the newest schema, and let them look at what they hold."""
    for url, chain in ((config.database_url, "main"), (config.keys_url, "keys")):
        engine = create_engine(url)
        prepare_engine(engine)
        migrate.upgrade(engine, chain)
        migrate.count_rows(engine)
        engine.dispose()
