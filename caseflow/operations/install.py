"""Found an installation: keys, both databases, the first organisation and the first administrator's one-time link."""

import os
from datetime import datetime

from sqlalchemy import create_engine

from caseflow.core.db import prepare_engine
from caseflow.core.errors import SetupError
from caseflow.core.vault import keyring, root
from caseflow.core.vault.keystore import KeyStore
from caseflow.core.words import N_
from caseflow.operations import migrate
from config import Config


def found_keys(config: Config, *, now: datetime, passphrase: str = "") -> bytes:
    """Make ROOT, keyring and key store, and bring both databases to the newest schema.

    Returns ROOT, so that the caller can open the vault. Raises SetupError when anything is here already: nothing is
    ever overwritten.
    """
    ring_path = config.home / "keyring" / "keyring.cfk"
    root_path = config.home / "root" / "root.key"
    if ring_path.exists() or root_path.exists():
        raise SetupError(N_("This place holds an installation already. Nothing was changed."))
    config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(config.home, 0o700)
    upgrade_databases(config)
    store = KeyStore(config.keys_url)
    if store.state() is not None:
        raise SetupError(N_("The key store belongs to another installation than the keyring. Nothing was changed."))
    root_key = root.create_passphrase(root_path, passphrase) if passphrase else root.create_file(root_path)
    ring = keyring.Keyring.create(now=now)
    store.found(ring.deployment, now=now)
    keyring.save(ring, root_key, ring_path)
    store.engine.dispose()
    return root_key


def upgrade_databases(config: Config) -> None:
    """Bring main and key database to the newest schema."""
    for url, chain in ((config.database_url, "main"), (config.keys_url, "keys")):
        engine = create_engine(url)
        prepare_engine(engine)
        migrate.upgrade(engine, chain)
        engine.dispose()
