"""Background work of cases."""

from datetime import datetime

from caseflow.cases import services
from caseflow.core.db import writing
from caseflow.core.outbox import Outbox


def register(outbox: Outbox) -> None:
    """Name the handlers of this room."""
    outbox.handle("cases.clean_drafts", clean_drafts)


def clean_drafts(*, now: datetime) -> None:
    """Remove drafts that nobody came back to; running it again changes nothing."""
    with writing():
        services.clean_drafts(now=now)
