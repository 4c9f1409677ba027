"""The recovery kit: three printed lists of words, rehearsed before they are trusted, and the way back from them.

Two marks beside the root key say where it stands: `kit-pending` from the first step of a set-up until its kit was
rehearsed, `kit` with the day of the rehearsal. A new root key removes the second: its old words open nothing.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from caseflow.accounts.queries.listing import name_of, organisations
from caseflow.core import trail
from caseflow.core.db import NO_CASE, writing
from caseflow.core.errors import CaseFlowError, SetupError
from caseflow.core.press import kit as paper
from caseflow.core.trail import Tag
from caseflow.core.vault import keyring, root, shares
from caseflow.core.vault.keyring import write_private
from caseflow.core.words import N_
from caseflow.operations import control
from caseflow.operations.install import keyring_path, rehearsed_path, root_path
from caseflow.operations.running import Opener
from config import Config

TRIES = 5
KEYS = ("keyring", NO_CASE)

Ask = Callable[[int], str]


def office() -> str:
    """The name that stands on the sheets: that of the first organisation."""
    known = organisations()
    return name_of(known[0]) if known else "CaseFlow"


def sheets_of(config: Config, key: bytes, folder: Path | None) -> list[Path]:
    """Where the sheets of this installation lie between printing and rehearsal."""
    place = folder or config.home / "kit"
    return [place / f"recovery-{_installation(config, key)}-{number}.pdf" for number in range(1, shares.MADE + 1)]


def make(config: Config, key: bytes, folder: Path | None, *, office: str, language: str, now: datetime) -> list[Path]:
    """Write the three sheets as PDF files that only this user can read; returns them.

    Sheets that are all there are left: they may be printed already. Until the rehearsal removes them they are as good
    as the root key.
    """
    sheets = sheets_of(config, key, folder)
    if all(sheet.exists() for sheet in sheets):
        return sheets
    sheets[0].parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    named = office, _installation(config, key)
    for number, (place, share) in enumerate(zip(sheets, shares.split(key), strict=True), start=1):
        content = paper.Sheet(*named, number=number, made=shares.MADE, needed=shares.NEEDED, share=share)
        write_private(place, paper.sheet(content, at=now, language=language))
    return sheets


def rehearse(key: bytes, ask: Ask, tell: Callable[[str], None]) -> None:
    """Have two of the lists typed in from paper; they must give ROOT. Raises SetupError after five wrong tries."""
    for _attempt in range(TRIES):
        try:
            if shares.join([shares.read(ask(1)), ask(2)]) == key:
                return
            problem: CaseFlowError = SetupError(N_("These lists are of another installation or of an older root key."))
        except SetupError as wrong:
            problem = wrong
        tell(problem.text)
    raise SetupError(N_("The lists were not typed in right. Nothing is lost: run the command again."))


def done(config: Config, key: bytes, folder: Path | None, *, now: datetime) -> None:
    """A rehearsed kit is recorded and marked, its files are removed. Runs inside an opened application."""
    with writing():
        trail.record(Tag.KIT_REHEARSED, actor=None, now=now, obj=KEYS)
    write_private(rehearsed_path(config), now.date().isoformat().encode())
    remove(sheets_of(config, key, folder))


def remove(sheets: list[Path]) -> None:
    """Remove the files once they are on paper and rehearsed; their folder too when it is empty."""
    for sheet in sheets:
        sheet.unlink(missing_ok=True)
    folder = sheets[0].parent
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


def read_back(config: Config, ask: Ask) -> bytes:
    """ROOT from two lists, tried on the keyring. Raises SetupError; nothing is changed."""
    if not keyring_path(config).exists():
        raise SetupError(N_("There is no keyring here. Restore it from your key bundle first."))
    key = shares.join([shares.read(ask(1)), ask(2)])
    keyring.load(key, keyring_path(config))
    return key


def put_back(opener: Opener, key: bytes, *, passphrase: str, now: datetime) -> Path | None:
    """Put ROOT in its place, in a file or sealed by a new passphrase, and record it.

    What lay there (damaged, or under a forgotten passphrase) is kept beside it: its path, if there was anything.
    Wherever this is cut off, `root.settled` finds the key. Raises SetupError when the passphrase is short.
    """
    place = root_path(opener.config)
    beside = root.following(place)
    beside.unlink(missing_ok=True)  # the keyring opens without it: the lists gave the key that opens it
    if passphrase:
        root.create_passphrase(beside, passphrase, key)
    else:
        root.create_file(beside, key)
    kept = place.with_name(f"{place.name}.before-{now:%Y%m%dT%H%M%S}") if place.exists() else None
    if kept:
        place.replace(kept)
    beside.replace(place)
    with opener.opened_with(key), writing():
        trail.record(Tag.ROOT_RECOVERED, actor=None, now=now, obj=KEYS)
    control.ask(opener.config.home, control.REOPEN)
    return kept


def _installation(config: Config, key: bytes) -> str:
    """The start of the deployment id, by which papers of several installations are told apart."""
    return str(keyring.load(key, keyring_path(config)).deployment)[:8]
