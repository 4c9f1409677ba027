"""Background work of operators' commands."""

from datetime import datetime
from uuid import UUID

from caseflow.core.outbox import Outbox
from caseflow.operations.resealing import RESEAL, reseal_case


def register(outbox: Outbox) -> None:
    """Tell the outbox who handles what."""
    outbox.handle(RESEAL, reseal)


def reseal(*, case_id: UUID, now: datetime) -> None:
    """Seal the records of a case under its newest key version."""
    reseal_case(case_id=case_id, now=now)
