"""The life of an audit: asked for by an auditor, decided by the data-protection person, over at its end date."""

from enum import StrEnum

from caseflow.core.lifecycle import Step, step
from caseflow.core.policy import Action
from caseflow.core.words import N_


class AuditState(StrEnum):
    """Where an audit stands."""

    ASKED = "asked"
    RUNNING = "running"
    REFUSED = "refused"
    ENDED = "ended"


LABELS: dict[AuditState, str] = {
    AuditState.ASKED: N_("Waiting for approval"),
    AuditState.RUNNING: N_("Open"),
    AuditState.REFUSED: N_("Refused"),
    AuditState.ENDED: N_("Ended"),
}

STEPS: tuple[Step, ...] = (
    step("ask", (), AuditState.ASKED, Action.Audit.ASK, "purpose_scope_end"),
    step("approve", {AuditState.ASKED}, AuditState.RUNNING, Action.Audit.APPROVE, "end_date_ahead"),
    step("refuse", {AuditState.ASKED}, AuditState.REFUSED, Action.Audit.REFUSE, "reason"),
    step("end", {AuditState.ASKED, AuditState.RUNNING}, AuditState.ENDED, Action.Audit.END),
)
