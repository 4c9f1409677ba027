"""The life cycle of a referral: states of the list `referral_status`, and every step between them.

The inter-agency referral form and HTCDS know a referral as sent or not; here it is also approved by a second person
before it leaves, acknowledged or not, and ends with what the person says about it.
"""

from enum import StrEnum

from caseflow.core.lifecycle import Step, step
from caseflow.core.policy import Action
from caseflow.core.words import N_

A = Action.Referral


class ReferralState(StrEnum):
    """Where a referral stands; codes of the list `referral_status`."""

    DRAFT = "draft"
    PENDING = "pending_approval"
    RETURNED = "returned"
    APPROVED = "approved"
    DECLINED = "declined_internal"
    ISSUED = "issued"
    ISSUED_EMERGENCY = "issued_emergency"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    IN_SERVICE = "in_service"
    DELIVERED = "service_delivered"
    FEEDBACK = "feedback_received"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    RECALLED = "recalled"
    LAPSED = "lapsed"


S = ReferralState

TERMINAL: frozenset[ReferralState] = frozenset(
    {S.CLOSED, S.DECLINED, S.REFUSED, S.WITHDRAWN, S.CANCELLED, S.RECALLED, S.LAPSED}
)
OPEN: frozenset[ReferralState] = frozenset(S) - TERMINAL
BEFORE_ISSUE: frozenset[ReferralState] = frozenset({S.DRAFT, S.PENDING, S.RETURNED, S.APPROVED})
SENT: frozenset[ReferralState] = frozenset({S.ISSUED, S.ISSUED_EMERGENCY})
# What an emergency issue may have become before a supervisor decides on it; the data left, whatever came of it.
EMERGENCY_OPEN = (S.ISSUED_EMERGENCY, S.ACKNOWLEDGED, S.ACCEPTED, S.IN_SERVICE, S.DELIVERED, S.FEEDBACK)
EMERGENCY_ENDED = (S.REFUSED, S.CLOSED, S.WITHDRAWN, S.LAPSED)

STEPS: tuple[Step, ...] = (
    step("draft", (), S.DRAFT, A.DRAFT, "recipient"),
    step("edit", (S.DRAFT,), None, A.DRAFT, "recipient"),
    step("edit", (S.RETURNED,), S.DRAFT, A.DRAFT, "recipient"),
    step("submit", (S.DRAFT,), S.PENDING, A.SUBMIT, "consent_gate"),
    step("approve", (S.PENDING,), S.APPROVED, A.APPROVE, "approval_gate"),
    step("return", (S.PENDING,), S.RETURNED, A.RETURN, "comment"),
    step("decline", (S.PENDING,), S.DECLINED, A.DECLINE, "reason"),
    # By the system: what the approval rested on does not hold any more, and the letter has not left.
    step("send_back", (S.PENDING, S.APPROVED), S.RETURNED, A.ISSUE, "reason", later=True),
    step("issue", (S.APPROVED,), S.ISSUED, A.ISSUE, "consent_gate", later=True),
    # Written and issued in one act: no draft stands in between that a button could hang on.
    step("issue_emergency", (S.DRAFT,), S.ISSUED_EMERGENCY, A.EMERGENCY, "emergency", later=True),
    step("ratify", (*EMERGENCY_OPEN, *EMERGENCY_ENDED), None, A.RATIFY),
    step("recall", EMERGENCY_OPEN, S.RECALLED, A.RATIFY, "reason"),
    step("recall", EMERGENCY_ENDED, None, A.RATIFY, "reason"),
    step("acknowledge", SENT, S.ACKNOWLEDGED, A.ANSWER, "who_answered"),
    step("lapse", SENT, S.LAPSED, A.LAPSE, "reminders", later=True),
    step("ask_more", (S.ACKNOWLEDGED,), None, A.ANSWER, later=True),
    step("accept", (S.ACKNOWLEDGED,), S.ACCEPTED, A.ANSWER, "who_answered"),
    step("refuse", (S.ACKNOWLEDGED,), S.REFUSED, A.ANSWER, "reason"),
    step("redirect", (S.ACKNOWLEDGED, S.ACCEPTED), None, A.ANSWER, later=True),
    step("start_service", (S.ACCEPTED,), S.IN_SERVICE, A.SERVICE, "who_answered"),
    step("no_show", (S.ACCEPTED,), None, A.SERVICE, "who_answered"),
    step("deliver", (S.IN_SERVICE,), S.DELIVERED, A.SERVICE, "who_answered"),
    step("feedback", (S.DELIVERED,), S.FEEDBACK, A.FEEDBACK, "harm_answered"),
    step("close", (S.FEEDBACK,), S.CLOSED, A.CLOSE, "harm"),
    step("withdraw", OPEN, S.WITHDRAWN, A.WITHDRAW, "recipient_told"),
    step("cancel", BEFORE_ISSUE, S.CANCELLED, A.CANCEL, "reason"),
)

VERB_LABELS: dict[str, str] = {
    "draft": N_("Write a referral"),
    "edit": N_("Correct the referral"),
    "submit": N_("Send to a supervisor"),
    "approve": N_("Approve and issue"),
    "return": N_("Return with comments"),
    "decline": N_("Do not approve"),
    "ratify": N_("Ratify"),
    "recall": N_("Do not ratify, recall the data"),
    "acknowledge": N_("Record that it was received"),
    "accept": N_("Record that it was accepted"),
    "refuse": N_("Record that it was refused"),
    "start_service": N_("Record that the service started"),
    "no_show": N_("Record that the person did not arrive"),
    "deliver": N_("Record that the service was given"),
    "feedback": N_("Record what the person says about it"),
    "close": N_("Close the referral"),
    "withdraw": N_("Withdraw at the person's word"),
    "cancel": N_("Cancel the referral"),
}

# What the line of events says once it has happened.
EVENT_LABELS: dict[str, str] = {
    "draft": N_("Draft written"),
    "edit": N_("Draft changed"),
    "submit": N_("Sent to a supervisor"),
    "approve": N_("Approved"),
    "return": N_("Returned for correction"),
    "decline": N_("Not approved"),
    "send_back": N_("Stopped before it was issued"),
    "issue": N_("Letter issued"),
    "issue_emergency": N_("Emergency issue, approval to follow"),
    "letter": N_("Letter made"),
    "call": N_("Somebody on duty was called"),
    "escalate": N_("No decision in 24 hours: the next person was called in"),
    "ratify": N_("Ratified"),
    "approval": N_("Approval of the emergency letter made"),
    "recall": N_("Not ratified: data recalled, incident opened"),
    "acknowledge": N_("Receipt acknowledged"),
    "accept": N_("Accepted"),
    "refuse": N_("Refused"),
    "start_service": N_("Service started"),
    "no_show": N_("The person did not arrive"),
    "deliver": N_("Service given"),
    "feedback": N_("The person was asked about it"),
    "close": N_("Closed"),
    "withdraw": N_("Withdrawn at the person's word"),
    "cancel": N_("Cancelled"),
    "consent_withdrawn": N_("Consent withdrawn or narrowed after the letter had left"),
}


class PublicState(StrEnum):
    """The five states that people see."""

    DRAFT = "draft"
    WAITING = "waiting"
    SENT = "sent"
    ANSWERED = "answered"
    DONE = "done"


PUBLIC_LABELS: dict[PublicState, str] = {
    PublicState.DRAFT: N_("Draft"),
    PublicState.WAITING: N_("Waiting for approval"),
    PublicState.SENT: N_("Sent"),
    PublicState.ANSWERED: N_("Answered"),
    PublicState.DONE: N_("Done"),
}

PUBLIC: dict[ReferralState, PublicState] = {
    S.DRAFT: PublicState.DRAFT,
    S.RETURNED: PublicState.DRAFT,
    S.PENDING: PublicState.WAITING,
    S.APPROVED: PublicState.WAITING,
    S.ISSUED: PublicState.SENT,
    S.ISSUED_EMERGENCY: PublicState.SENT,
    **dict.fromkeys((S.ACKNOWLEDGED, S.ACCEPTED, S.IN_SERVICE, S.DELIVERED, S.FEEDBACK), PublicState.ANSWERED),
    **dict.fromkeys(sorted(TERMINAL), PublicState.DONE),
}

# The line of steps on a page: a label, and the state from which on the step lies behind.
LINE: tuple[tuple[str, ReferralState], ...] = (
    (N_("Approval"), S.APPROVED),
    (N_("Letter"), S.ISSUED),
    (N_("Receipt"), S.ACKNOWLEDGED),
    (N_("Answer"), S.ACCEPTED),
    (N_("Service"), S.DELIVERED),
)
_ORDER = (
    S.DRAFT, S.RETURNED, S.PENDING, S.APPROVED, S.ISSUED, S.ISSUED_EMERGENCY, S.ACKNOWLEDGED, S.ACCEPTED,
    S.IN_SERVICE, S.DELIVERED, S.FEEDBACK, S.CLOSED,
)  # fmt: skip


def line_of(state: ReferralState) -> list[tuple[str, str]]:
    """The steps of the line as (label, `past` | `now` | `next`); empty where the line was left before its end."""
    if state not in _ORDER or state in (S.DRAFT, S.RETURNED):
        return []
    reached = _ORDER.index(state)
    marks = ["past" if _ORDER.index(at) <= reached else "next" for _label, at in LINE]
    if "next" in marks:
        marks[marks.index("next")] = "now"
    return [(label, mark) for (label, _at), mark in zip(LINE, marks, strict=True)]
