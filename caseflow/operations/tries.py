"""Wrong passphrases at the unlock page: slowed from the second one on, remembered over restarts, told at the unlock.

The trail cannot be written while its key is sealed, so they wait in a file that holds only words and times.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

REMEMBERED = timedelta(hours=1)  # after so long without a wrong try the next one waits no more
LONGEST_WAIT = 300  # seconds


class Busy(Exception):
    """Somebody else is trying at this moment; hashing takes much memory, so only one may."""


class Tries:
    """The file of what happened while the installation was sealed: `wrong` and `sealed`, each with its time."""

    def __init__(self, path: Path) -> None:
        """Nothing is made before something happened."""
        self.path = path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the right to try, among all processes. Raises Busy."""
        with self.path.with_name(self.path.name + ".lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy() from None
            yield

    def note(self, what: str, now: datetime) -> None:
        """Remember that it happened; on disk before the answer goes out."""
        with self.path.open("a") as file:
            file.write(json.dumps([what, now.isoformat()]) + "\n")

    def wait(self, now: datetime) -> int:
        """Seconds until the next try is heard: none after the first wrong one, then 2, 4, 8 ... up to five minutes."""
        wrong = [moment for what, moment in self.read() if what == "wrong" and now - moment < REMEMBERED]
        if len(wrong) < 2:
            return 0
        until = wrong[-1] + timedelta(seconds=min(2 ** (len(wrong) - 1), LONGEST_WAIT))
        left = -int((now - until).total_seconds() // 1)
        return min(max(0, left), LONGEST_WAIT)  # a clock that was set back must not lock everybody out for its hours

    def read(self) -> list[tuple[str, datetime]]:
        """All of it, oldest first; a line that a crash cut short is left out."""
        found = []
        for line in self.path.read_text().splitlines() if self.path.exists() else []:
            try:
                what, moment = json.loads(line)
                found.append((str(what), datetime.fromisoformat(moment)))
            except (ValueError, TypeError):
                continue
        return found

    def forget(self) -> None:
        """Start anew, once the trail has it."""
        self.path.unlink(missing_ok=True)
