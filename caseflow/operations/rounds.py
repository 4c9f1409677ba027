"""What the worker looks after every minute, beside the jobs of the outbox."""

from contextlib import suppress
from datetime import datetime

from caseflow.core import trail, vault
from caseflow.core.db import NO_CASE, writing
from caseflow.core.errors import SetupError
from caseflow.core.trail import Tag
from caseflow.core.vault.roll import destroy_due


def destroy_epochs(*, now: datetime) -> list[int]:
    """Destroy the epochs that no kept backup needs any more, and record it. Not while a command changes the keys."""
    gone: list[int] = []
    with suppress(SetupError):
        gone = destroy_due(vault.current(), now=now)
    if gone:
        with writing():
            detail = {"epochs": len(gone)}
            trail.record(Tag.EPOCHS_DESTROYED, actor=None, now=now, obj=("keyring", NO_CASE), detail=detail)
    return gone
