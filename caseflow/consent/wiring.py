"""What the consent room answers when cases ask or tell."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from caseflow.consent import services
from caseflow.core import ports
from caseflow.core.policy import Actor


def wire() -> None:
    """Register the handlers; twice changes nothing."""
    ports.screening_consents.register(_keep)
    ports.may_start_intake.register(_reasons)


def _keep(*, actor: Actor, case_id: UUID, data: dict[str, Any], screening_id: UUID, now: datetime) -> None:
    services.keep_screening_consents(actor=actor, case_id=case_id, data=data, screening_id=screening_id, now=now)


def _reasons(*, case_id: UUID, today: date) -> list[ports.Reason]:
    return services.reasons_against_intake(case_id=case_id, today=today)
