"""The life of a case: its states, the steps between them, and the five states that people see.

The table is that of GBV case management (introduction, assessment, action plan, implementation, follow-up, closure)
with the ends that anti-trafficking work needs. Buttons, services and tests read the same rows.
"""

from enum import StrEnum

from caseflow.core.lifecycle import Step, step
from caseflow.core.policy import Action
from caseflow.core.words import N_


class CaseState(StrEnum):
    """Where a case stands; the values are the codes of the list `case_status`."""

    SCREENING = "screening"
    SCREENED_OUT = "screened_out"
    ASSISTED_ONCE = "assisted_once"
    INTAKE = "intake"
    ASSESSMENT = "assessment"
    PLANNING = "planning"
    ACTIVE = "active"
    FOLLOW_UP = "follow_up"
    ON_HOLD = "on_hold"
    CLOSURE_REQUESTED = "closure_requested"
    CLOSED = "closed"
    TRANSFERRED = "transferred"
    ARCHIVED = "archived"
    ERASED = "erased"


class PublicState(StrEnum):
    """The five states that people see; the finer steps are a progress line."""

    SCREENING = "screening"
    OPEN = "open"
    FOLLOW_UP = "follow_up"
    CLOSING = "closing"
    CLOSED = "closed"


_S, _P = CaseState, PublicState

PUBLIC_LABELS: dict[PublicState, str] = {
    _P.SCREENING: N_("Screening"),
    _P.OPEN: N_("Open"),
    _P.FOLLOW_UP: N_("Follow-up"),
    _P.CLOSING: N_("Closing"),
    _P.CLOSED: N_("Closed"),
}

PUBLIC: dict[CaseState, PublicState] = {
    _S.SCREENING: _P.SCREENING,
    _S.SCREENED_OUT: _P.CLOSED,
    _S.ASSISTED_ONCE: _P.CLOSED,
    _S.INTAKE: _P.OPEN,
    _S.ASSESSMENT: _P.OPEN,
    _S.PLANNING: _P.OPEN,
    _S.ACTIVE: _P.OPEN,
    _S.FOLLOW_UP: _P.FOLLOW_UP,
    _S.ON_HOLD: _P.OPEN,
    _S.CLOSURE_REQUESTED: _P.CLOSING,
    _S.CLOSED: _P.CLOSED,
    _S.TRANSFERRED: _P.CLOSED,
    _S.ARCHIVED: _P.CLOSED,
    _S.ERASED: _P.CLOSED,
}

# The line from first contact to closure, as a page draws it; side states stand on no place of it.
PROGRESS: tuple[CaseState, ...] = (
    _S.SCREENING,
    _S.INTAKE,
    _S.ASSESSMENT,
    _S.PLANNING,
    _S.ACTIVE,
    _S.FOLLOW_UP,
    _S.CLOSURE_REQUESTED,
    _S.CLOSED,
)

VERB_LABELS: dict[str, str] = {
    "begin_intake": N_("Begin intake"),
    "begin_assessment": N_("Begin the assessment"),
}

OPEN_STATES: frozenset[CaseState] = frozenset(
    {_S.SCREENING, _S.INTAKE, _S.ASSESSMENT, _S.PLANNING, _S.ACTIVE, _S.FOLLOW_UP}
)
_ENDED = frozenset({_S.CLOSED, _S.TRANSFERRED})
_SERVED = frozenset({_S.ACTIVE, _S.FOLLOW_UP})

STEPS: tuple[Step, ...] = (
    step("open", (), _S.SCREENING, Action.Case.CREATE, "consent_to_interview"),
    step("begin_intake", {_S.SCREENING}, _S.INTAKE, Action.Case.MOVE, "may_begin_intake"),
    step("assist_once", {_S.SCREENING}, _S.ASSISTED_ONCE, Action.Case.MOVE, "what_was_given", later=True),
    step("screen_out", {_S.SCREENING}, _S.SCREENED_OUT, Action.Case.MOVE, "reason_and_offer", later=True),
    step("begin_assessment", {_S.INTAKE}, _S.ASSESSMENT, Action.Case.MOVE, "intake_complete"),
    step("begin_planning", {_S.ASSESSMENT}, _S.PLANNING, Action.Case.MOVE, "risk_signed", later=True),
    step("approve_plan", {_S.PLANNING}, _S.ACTIVE, Action.Case.APPROVE, "plan_agreed", later=True),
    step("follow_up", {_S.ACTIVE}, _S.FOLLOW_UP, Action.Case.MOVE, "services_ended", later=True),
    step("assess_again", _SERVED, _S.ASSESSMENT, Action.Case.MOVE, "review_due_or_event", later=True),
    step("hold", OPEN_STATES, _S.ON_HOLD, Action.Case.MOVE, "three_safe_attempts", later=True),
    step("resume", {_S.ON_HOLD}, _S.ACTIVE, Action.Case.MOVE, "contact_again", later=True),
    step("close_unreached", {_S.ON_HOLD}, _S.CLOSURE_REQUESTED, Action.Case.MOVE, "held_90_days", later=True),
    step("ask_closure", _SERVED, _S.CLOSURE_REQUESTED, Action.Case.MOVE, "closure_checklist", later=True),
    step("close", {_S.CLOSURE_REQUESTED}, _S.CLOSED, Action.Case.CLOSE, "closure_checklist", later=True),
    step("transfer", {_S.CLOSURE_REQUESTED}, _S.TRANSFERRED, Action.Case.CLOSE, "handover_accepted", later=True),
    step("refuse_closure", {_S.CLOSURE_REQUESTED}, _S.ACTIVE, Action.Case.APPROVE, "reason", later=True),
    step("ask_reopening", _ENDED, None, Action.Case.MOVE, "reason", later=True),
    step("reopen", _ENDED, _S.ASSESSMENT, Action.Case.REOPEN, "reason_and_new_consent", later=True),
    step("archive", {_S.CLOSED}, _S.ARCHIVED, Action.Case.ARCHIVE, "closed_90_days", later=True),
    step("erase", {_S.ARCHIVED}, _S.ERASED, Action.Case.ERASE, "retention_passed", later=True),
    step("erase_early", set(_S) - {_S.ERASED}, _S.ERASED, Action.Case.ERASE, "erasure_asked", later=True),
)


def states_of(public: PublicState) -> tuple[CaseState, ...]:
    """The states that people see as this one."""
    return tuple(state for state in CaseState if PUBLIC[state] is public)
