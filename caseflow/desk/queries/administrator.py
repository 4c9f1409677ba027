"""The home of an administrator: people, keys, health. Nothing of a case, not even how many there are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from caseflow.accounts import queries as accounts
from caseflow.core import health, vault
from caseflow.desk.queries.auditor import Integrity, integrity


@dataclass(frozen=True, kw_only=True, repr=False)
class AdministratorHome:
    """How the installation stands. `unlock` is auto or passphrase; sizes in bytes."""

    people: Counter[str]
    invited: list[accounts.Invited]
    locked: list[accounts.PersonRow]
    epoch: int
    generation: int | None
    unlock: str
    jobs: health.Jobs
    free: int
    integrity: Integrity

    @property
    def tight(self) -> bool:
        """Whether the disk is nearly full."""
        return self.free < health.LEAST_FREE_BYTES

    def rows(self) -> Iterable[Any]:
        """Everything that may not have opened."""
        return [*(one.row for one in self.invited), *self.locked, self.integrity]


def administrator_home(*, now: datetime, home: Path, unlock: str) -> AdministratorHome:
    """How people, keys and health stand now."""
    opened = vault.current()
    state = opened.store.state()
    return AdministratorHome(
        people=accounts.count_people(),
        invited=accounts.invited(now=now),
        locked=accounts.locked_out(now=now),
        epoch=opened.keyring.primary_epoch,
        generation=state[1] if state else None,
        unlock=unlock,
        jobs=health.jobs(now=now),
        free=health.free_bytes(home),
        integrity=integrity(),
    )
