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


class Happened(StrEnum):
    """What happened to a case in the period of a sample; all of it is known without opening a case."""

    OPENED = "opened"
    WORKED = "worked"
    ISSUED = "issued"
    EMERGENCY = "emergency"
    WITHDRAWN = "withdrawn"
    SHOWN = "shown"
    CLOSED = "closed"


HAPPENED_LABELS: dict[Happened, str] = {
    Happened.OPENED: N_("Opened"),
    Happened.WORKED: N_("Worked on"),
    Happened.ISSUED: N_("A letter was issued"),
    Happened.EMERGENCY: N_("An emergency letter was issued"),
    Happened.WITHDRAWN: N_("A consent was withdrawn"),
    Happened.SHOWN: N_("Hidden names were shown"),
    Happened.CLOSED: N_("Closed"),
}
