"""The one server of an installation: a lock that says it runs, and the two things another command can ask of it."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from caseflow.core.errors import SetupError
from caseflow.core.words import N_

SEAL = signal.SIGUSR1  # forget the root key, now
REOPEN = signal.SIGHUP  # the root key was changed: read it again


@contextmanager
def serving(home: Path) -> Iterator[None]:
    """Hold the mark of the server while the block runs. Raises SetupError when another process serves this place."""
    with _mark(home).open("a+") as mark:
        if not _free(mark):
            raise SetupError(N_("This installation is being served already. Stop that first."))
        mark.truncate(0)
        mark.write(str(os.getpid()))
        mark.flush()
        yield


def is_serving(home: Path) -> bool:
    """Whether this installation is being served."""
    return _server(home) is not None


def ask(home: Path, number: signal.Signals) -> bool:
    """Send the server one of the signals above. False when nothing serves."""
    if (server := _server(home)) is None:
        return False
    os.kill(server, number)
    return True


def _server(home: Path) -> int | None:
    if not _mark(home).exists():
        return None
    with _mark(home).open("a+") as mark:
        if _free(mark):
            return None  # what is written there is of a server that has ended
        mark.seek(0)
        return int(mark.read() or 0) or None


def _mark(home: Path) -> Path:
    return home / "serve.lock"


def _free(mark: IO[str]) -> bool:
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
