"""Found an installation in steps that can be taken up again: keys, recovery words, organisation, a one-time link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from caseflow.accounts.queries.listing import organisations
from caseflow.accounts.queries.standing import invited
from caseflow.accounts.services.invitations import invite_first_administrator, reissue
from caseflow.core.db import writing
from caseflow.core.errors import SetupError, TooLate
from caseflow.core.vault.keyring import write_private
from caseflow.core.words import N_
from caseflow.operations import kit
from caseflow.operations.install import found_keys, keyring_path, pending_path
from caseflow.operations.running import Opener
from caseflow.partners.services import seed_directory


@dataclass(frozen=True)
class Names:
    """What the operator typed: organisation, its short code, and the first administrator."""

    organisation: str
    code: str
    administrator: str
    sign_in: str

    def check(self) -> None:
        """Raises SetupError for an empty name, or a code that is not 2 to 6 letters."""
        code = self.code.strip()
        if not (2 <= len(code) <= 6 and code.isascii() and code.isalpha()):
            raise SetupError(N_("The short code needs 2 to 6 letters from A to Z."))
        if not all(one.strip() for one in (self.organisation, self.administrator, self.sign_in)):
            raise SetupError(N_("Organisation, administrator and sign-in name cannot be empty."))

    def house(self) -> dict[str, str]:
        """The document of the organisation."""
        known = {"name_en": self.organisation.strip(), "name_ur": "", "code": self.code.strip().upper()}
        return known | dict.fromkeys(("address_en", "address_ur", "phone", "email"), "")

    def person(self) -> dict[str, str]:
        """The document of the first administrator."""
        known = {"name": self.administrator.strip(), "sign_in": self.sign_in.strip(), "language": "en"}
        return known | dict.fromkeys(("post_en", "post_ur", "phone", "email"), "")


def keys(opener: Opener, *, ask: Callable[[bool], str], now: datetime) -> bytes:
    """ROOT, keyring and both databases: made, or those of a set-up that was cut off. Returns ROOT.

    `ask(new)` gives the passphrase, a new one or the one chosen before. Raises SetupError.
    """
    mark = pending_path(opener.config)
    if mark.exists() and keyring_path(opener.config).exists():
        return opener.root_key(lambda: ask(False), unfinished=True)
    return found_keys(opener.config, now=now, passphrase=ask(True), before=lambda: write_private(mark, b""))


def finish(opener: Opener, root_key: bytes, names: Names, *, folder: Path | None, now: datetime) -> str:
    """Organisation and first administrator; returns the one-time link. The kit was rehearsed before.

    Cut off after the organisation was made, it gives the person a new link when it is taken up again.
    """
    with opener.opened_with(root_key):
        with writing():
            token = _invite(names, now=now)
        kit.done(opener.config, root_key, folder, now=now)
        pending_path(opener.config).unlink(missing_ok=True)
    return f"{opener.config.public_url}/join/{token}"


def _invite(names: Names, *, now: datetime) -> str:
    if not organisations():
        token = invite_first_administrator(organisation_doc=names.house(), doc=names.person(), now=now)
        seed_directory(now=now)
        return token
    waiting = invited(now=now)
    if not waiting:
        raise TooLate(N_("This installation has an organisation already. Nothing was changed."))
    return reissue(actor=None, staff_id=waiting[0].row.staff.id, now=now)
