"""`caseflow doctor`: is this machine fit to run CaseFlow? Each failure names the one command that mends it."""

import os
import shlex
import stat
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from caseflow.core.health import LEAST_FREE_BYTES, free_bytes
from caseflow.operations import assets
from caseflow.operations.install import demo_path, keyring_path, pending_path, rehearsed_path
from caseflow.operations.system import PANGO_PACKAGES, apt_command, pango_missing
from config import Config

OLDEST_PYTHON = (3, 11)
# No installation of this code can be older than the code: an earlier clock is a wrong clock.
EARLIEST = datetime(2026, 11, 1, tzinfo=UTC)
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Check:
    """One question asked: what was found and, when that is bad, the command that mends it."""

    name: str
    good: bool
    found: str
    mend: str = ""

    def as_dict(self) -> dict[str, str | bool]:
        """The check for `--json`."""
        return asdict(self)


def examine(config: Config, *, now: datetime) -> list[Check]:
    """Ask every question, in the order in which a person would mend things. `now` is aware, in UTC."""
    asked: list[Callable[[], Check]] = [
        python,
        pango,
        front_end,
        fonts,
        lambda: write_rights(config.home),
        lambda: modes(config.home),
        lambda: disk(config.home),
        lambda: clock(now),
        lambda: recovery_words(config),
    ]
    return [ask() for ask in asked]


def python() -> Check:
    """Python is new enough."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    good = sys.version_info >= OLDEST_PYTHON
    return Check("Python", good, found, "" if good else apt_command(["python3", "python3-venv"]))


def pango() -> Check:
    """The libraries that draw the letters load."""
    missing = pango_missing()
    found = f"missing: {', '.join(missing)}" if missing else "loads"
    return Check("Pango", not missing, found, apt_command(PANGO_PACKAGES) if missing else "")


def front_end() -> Check:
    """Style sheets and scripts are, byte for byte, the locked ones."""
    return _files("Front-end files", [name for name in _vendor_names() if not name.endswith(".woff2")])


def fonts() -> Check:
    """The fonts are the tested build: another one can put a wrong word into a letter's text layer."""
    return _files("Fonts", [name for name in _vendor_names() if name.endswith(".woff2")])


def write_rights(home: Path) -> Check:
    """The data folder, or the first folder above it that exists, can be written."""
    place = _existing(home)
    good = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    found = f"{home} {'can' if good else 'cannot'} be written"
    return Check("Data folder", good, found, "" if good else f"sudo chown -R $(id -un) {shlex.quote(str(place))}")


def modes(home: Path) -> Check:
    """Nobody but the owner can look into the data folder, or at a database or key in it."""
    paths = [home, *home.glob("*"), *home.glob("*/*")] if home.is_dir() and os.access(home, os.R_OK) else []
    loose = [path.name for path in paths if not path.is_symlink() and path.stat().st_mode & OPEN_TO_OTHERS]
    found = f"open to others: {', '.join(sorted(loose)[:5])}" if loose else "closed to others"
    return Check("File modes", not loose, found, f"chmod -R go-rwx {shlex.quote(str(home))}" if loose else "")


def disk(home: Path) -> Check:
    """There is room for at least 1 GiB more."""
    free = free_bytes(home)
    good = free >= LEAST_FREE_BYTES
    mend = "" if good else f"du -xh --max-depth=2 {shlex.quote(str(_existing(home)))} | sort -h | tail"
    return Check("Free disk", good, f"{free / 1024**3:.1f} GiB", mend)


def clock(now: datetime) -> Check:
    """The clock is not before this release: times in the trail rest on it."""
    good = now >= EARLIEST
    return Check("Clock", good, f"{now:%d-%m-%Y %H:%M} UTC", "" if good else "sudo timedatectl set-ntp true")


def recovery_words(config: Config) -> Check:
    """There is a rehearsed kit for the present root key: without one, a lost root key is the loss of every record."""
    if not keyring_path(config).exists() or demo_path(config).exists():
        return Check("Recovery words", True, "none needed here")
    if pending_path(config).exists():
        return Check("Recovery words", False, "not rehearsed: the set-up is not finished", "caseflow init")
    if not (mark := rehearsed_path(config)).exists():
        return Check("Recovery words", False, "none for the present root key", "caseflow keys kit")
    return Check("Recovery words", True, f"rehearsed on {mark.read_text()}")


def _files(name: str, wanted: list[str]) -> Check:
    broken = set(assets.broken(dev=False))
    bad = [file for file in wanted if file in broken or not (assets.VENDOR / file).exists()]
    found = f"missing or altered: {', '.join(bad)}" if bad else "as locked"
    return Check(name, not bad, found, "make setup" if bad else "")


def _vendor_names() -> list[str]:
    return [name for asset in assets.locked(dev=False) for _, name, _ in asset.files]


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())
