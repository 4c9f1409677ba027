"""What the commands tell and do about an installation as a whole."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from caseflow.accounts.queries import people_list
from caseflow.accounts.services.requests import approve_at_machine
from caseflow.core.db import writing
from caseflow.operations.install import demo_path
from config import Config


def settings(environ: Mapping[str, str]) -> Config:
    """The settings; a place that holds a demonstration is served as one, banner and all. Raises ConfigError."""
    config = Config.from_environ(environ)
    return Config.from_environ(environ, demo=True) if demo_path(config).exists() else config


def people(*, now: datetime) -> list[dict[str, Any]]:
    """Who may sign in, without passwords."""
    return [one | {"role": ", ".join(one["roles"])} for one in people_list(now=now)]


def approve_roles(sign_in: str, *, now: datetime) -> list[str]:
    """Approve as operator what waits for a person; returns the roles given. Raises NotFound, Refused, TooLate."""
    with writing():
        return approve_at_machine(sign_in=sign_in, now=now)
