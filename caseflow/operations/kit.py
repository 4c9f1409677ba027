"""The recovery kit: three printed lists of words, rehearsed before they are trusted, and the way back from them."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from caseflow.core.errors import CaseFlowError, SetupError
from caseflow.core.press import kit as paper
from caseflow.core.vault import keyring, root, shares
from caseflow.core.vault.keyring import write_private
from caseflow.core.words import N_
from caseflow.operations.install import keyring_path, root_path
from config import Config

TRIES = 5

Ask = Callable[[int], str]


def pending_path(config: Config) -> Path:
    """The mark of a set-up whose kit was not rehearsed yet."""
    return config.home / "root" / "kit-pending"


def default_folder(config: Config) -> Path:
    """Where the sheets lie between printing and rehearsal, unless the operator names another place."""
    return config.home / "kit"


def make(config: Config, key: bytes, folder: Path, *, office: str, language: str, now: datetime) -> list[Path]:
    """Write the three sheets as PDF files that only this user can read; returns them.

    Until the rehearsal removes them they are as good as the root key: print them, away from the network.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    installation = str(keyring.load(key, keyring_path(config)).deployment)[:8]
    made = []
    for number, share in enumerate(shares.split(key), start=1):
        counts = {"number": number, "made": shares.MADE, "needed": shares.NEEDED}
        pdf = paper.sheet(office=office, installation=installation, share=share, at=now, language=language, **counts)
        made.append(folder / f"recovery-{number}.pdf")
        write_private(made[-1], pdf)
    return made


def rehearse(key: bytes, ask: Ask, tell: Callable[[str], None]) -> None:
    """Have two of the lists typed in from paper; they must give ROOT. Raises SetupError after five wrong tries."""
    for _attempt in range(TRIES):
        try:
            if shares.join([ask(1), ask(2)]) == key:
                return
            problem: CaseFlowError = SetupError(N_("These lists are of another installation or of an older kit."))
        except SetupError as wrong:
            problem = wrong
        tell(problem.text)
    raise SetupError(N_("The lists were not typed in right. Nothing is lost: run the command again."))


def remove(sheets: list[Path]) -> None:
    """Remove the files once they are on paper and rehearsed; their folder too when it is empty."""
    for sheet in sheets:
        sheet.unlink(missing_ok=True)
    folder = sheets[0].parent
    if folder.exists() and not any(folder.iterdir()):
        shutil.rmtree(folder)


def recover(config: Config, ask: Ask, *, passphrase: str) -> None:
    """Put ROOT back from two lists, in a file or sealed by a new passphrase.

    What lay in its place (damaged, or under a forgotten passphrase) is kept beside it. Raises SetupError when the
    lists do not open the keyring: nothing is changed then.
    """
    if not keyring_path(config).exists():
        raise SetupError(N_("There is no keyring here. Run `caseflow init` first, or restore it from your key bundle."))
    key = shares.join([ask(1), ask(2)])
    keyring.load(key, keyring_path(config))
    place = root_path(config)
    fresh = place.with_name(place.name + ".recovered")
    fresh.unlink(missing_ok=True)
    if passphrase:
        root.create_passphrase(fresh, passphrase, key)
    else:
        root.create_file(fresh, key)
    if place.exists():
        place.replace(place.with_name(place.name + ".before"))
    fresh.replace(place)
