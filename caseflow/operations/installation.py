"""What the commands tell and do about an installation as a whole."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from caseflow.accounts.queries import people_list
from caseflow.accounts.services.invitations import invite_first_administrator
from caseflow.accounts.services.requests import approve_at_machine
from caseflow.core.db import writing
from caseflow.core.errors import SetupError
from caseflow.core.words import N_
from caseflow.operations.install import demo_path, found_keys
from caseflow.operations.running import Opener
from caseflow.partners.services import seed_directory
from config import Config


def settings(environ: Mapping[str, str]) -> Config:
    """The settings; a place that holds a demonstration is served as one, banner and all. Raises ConfigError."""
    config = Config.from_environ(environ)
    return Config.from_environ(environ, demo=True) if demo_path(config).exists() else config


def ask_new_passphrase(prompt: Callable[..., Any]) -> str:
    """A passphrase, typed twice."""
    return str(prompt("New passphrase (16 characters or more)", hide_input=True, confirmation_prompt=True))


def found(
    opener: Opener, *, organisation: str, code: str, name: str, sign_in: str, passphrase: str, now: datetime
) -> str:
    """Found an installation and return the first administrator's one-time link. Raises SetupError."""
    code = code.strip().upper()
    if not (2 <= len(code) <= 6 and code.isascii() and code.isalpha()):
        raise SetupError(N_("The short code needs 2 to 6 letters from A to Z."))
    if not (organisation.strip() and name.strip() and sign_in.strip()):
        raise SetupError(N_("Organisation, administrator and sign-in name cannot be empty."))
    root_key = found_keys(opener.config, now=now, passphrase=passphrase)
    house = {"name_en": organisation.strip(), "name_ur": "", "code": code}
    house |= dict.fromkeys(("address_en", "address_ur", "phone", "email"), "")
    person = {"name": name.strip(), "sign_in": sign_in.strip(), "language": "en"}
    person |= dict.fromkeys(("post_en", "post_ur", "phone", "email"), "")
    with opener.build(root_key).app_context(), writing():
        token = invite_first_administrator(organisation_doc=house, doc=person, now=now)
        seed_directory(now=now)
    return f"{opener.config.public_url}/join/{token}"


def people(*, now: datetime) -> list[dict[str, Any]]:
    """Who may sign in, without passwords."""
    return [one | {"role": ", ".join(one["roles"])} for one in people_list(now=now)]


def approve_roles(sign_in: str, *, now: datetime) -> list[str]:
    """Approve as operator what waits for a person; returns the roles given. Raises NotFound, Refused, TooLate."""
    with writing():
        return approve_at_machine(sign_in=sign_in, now=now)
