"""Key life for operators: turn the keys, change the root key, seal the installation. Each leaves its trail entry."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from caseflow.core import trail, vault
from caseflow.core.db import NO_CASE, writing
from caseflow.core.errors import SetupError
from caseflow.core.trail import Tag
from caseflow.core.vault import roll as rolling
from caseflow.core.vault import root
from caseflow.core.vault.keystore import case_keys, epochs
from caseflow.core.words import N_
from caseflow.operations import control
from caseflow.operations.install import rehearsed_path, root_path
from caseflow.operations.running import Opener

KEYS = ("keyring", NO_CASE)


def status() -> dict[str, Any]:
    """Epochs and the number of case keys under each; how the installation is unlocked is not a matter of the store."""
    opened = vault.current()
    counted = (
        select(case_keys.c.epoch, func.count()).where(case_keys.c.wrapped.is_not(None)).group_by(case_keys.c.epoch)
    )
    known = select(epochs.c.epoch, epochs.c.state, epochs.c.retired_at).order_by(epochs.c.epoch)
    with opened.store.engine.connect() as connection:
        rests = {row[0]: row[1] for row in connection.execute(counted)}
        rows = connection.execute(known).all()
    return {
        "deployment": str(opened.keyring.deployment),
        "generation": opened.store.generation(),
        "epochs": [
            {"epoch": epoch, "state": state, "keys": rests.get(epoch, 0), "goes": _goes(state, retired)}
            for epoch, state, retired in rows
        ],
    }


def _goes(state: str, retired: datetime | None) -> str:
    """The day from which a retired epoch may be destroyed, ISO."""
    return (retired + rolling.BACKUP_HORIZON).date().isoformat() if retired and state == "decrypt_only" else ""


def roll(*, now: datetime, at_once: bool, told: rolling.Told | None = None) -> rolling.Rolled:
    """Turn the keys, or finish a turn that was cut off; people go on working. Raises SetupError.

    What was done is recorded after it: a crash in between leaves keys that are turned and no entry, and the next turn
    tells of itself.
    """
    done = rolling.roll(vault.current(), now=now, at_once=at_once, told=told)
    detail = {"epoch": done.epoch, "resumed": done.resumed, "wrapped": done.wrapped, "broken": done.broken}
    with writing():
        detail["destroyed"] = len(done.destroyed)
        trail.record(Tag.KEYS_ROLLED, actor=None, now=now, obj=KEYS, detail=detail)
    return done


def rotate_root(opener: Opener, *, passphrase: str, now: datetime) -> None:
    """Draw a new ROOT, seal the keyring by it, and put it in the old one's place.

    An empty `passphrase` leaves the new ROOT in a file. The order is: the next ROOT beside the old one, the keyring,
    the old one's place; wherever it is cut off, one of the two files opens the keyring (`root.settled`).
    Runs inside an opened application. Raises SetupError when the words are short or keys are being changed.
    """
    ring_file, place = vault.current().ring_file, root_path(opener.config)
    if ring_file is None:
        raise SetupError(N_("This command needs the keyring file."))
    beside = root.following(place)
    with ring_file.changing():
        ring = ring_file.load()
        beside.unlink(missing_ok=True)  # the keyring opens without it
        fresh = root.create_passphrase(beside, passphrase) if passphrase else root.create_file(beside)
        ring_file.moved(fresh).save(ring)
        beside.replace(place)
    rehearsed_path(opener.config).unlink(missing_ok=True)  # words made from the old ROOT open nothing now
    with writing():
        trail.record(Tag.ROOT_CHANGED, actor=None, now=now, obj=KEYS)
    control.ask(opener.config.home, control.REOPEN)


def seal_now(opener: Opener, *, now: datetime) -> bool:
    """Have the server forget ROOT and every opened key. False when nothing serves here."""
    if not control.ask(opener.config.home, control.SEAL):
        return False
    opener.tries.note("sealed", now)
    return True
