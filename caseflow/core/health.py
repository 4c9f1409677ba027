"""How an installation stands, from what it keeps anyway: the jobs that wait, the room left on the disk."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from caseflow.core.db import session
from caseflow.core.outbox import Job

LEAST_FREE_BYTES = 1024**3
PROMPT = timedelta(minutes=5)  # the worker makes its round every minute: what waits longer says that it does not run


@dataclass(frozen=True)
class Jobs:
    """Background work. `oldest` is since when the longest waiting job could have run; `failed` counts by name."""

    waiting: int = 0
    oldest: datetime | None = None
    failed: Counter[str] = field(default_factory=Counter)
    slow: bool = False


def jobs(*, now: datetime) -> Jobs:
    """What waits in the outbox now, and what was given up."""
    due = select(func.count(), func.min(Job.run_after)).where(Job.state == "waiting", Job.run_after <= now)
    waiting, oldest = session().execute(due).one()
    given_up = select(Job.name, func.count()).where(Job.state == "failed").group_by(Job.name)
    failed = Counter({str(name): int(count) for name, count in session().execute(given_up)})
    return Jobs(waiting, oldest, failed, slow=oldest is not None and now - oldest > PROMPT)


def free_bytes(home: Path) -> int:
    """The room left on the disk of a folder, or of the first folder above it that exists."""
    return shutil.disk_usage(next(place for place in (home, *home.parents) if place.exists())).free
