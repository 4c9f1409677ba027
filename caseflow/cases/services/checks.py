"""What several services ask before they change anything."""

from datetime import date
from typing import Any
from uuid import UUID

from caseflow.accounts.models import Staff
from caseflow.cases.models import Case
from caseflow.cases.queries import get_case
from caseflow.cases.states import PUBLIC, CaseState, PublicState
from caseflow.core import catalogue
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.text import clean_line
from caseflow.core.db import session
from caseflow.core.errors import Invalid, NotFound, TooLate
from caseflow.core.policy import ActionEnum, Actor, Role, require
from caseflow.core.words import N_


def locked_case(actor: Actor, action: ActionEnum, case_id: UUID) -> Case:
    """The case, locked for this transaction, when the actor may do this to it. Raises NotFound, NotAllowed."""
    case = get_case(case_id, for_update=True)
    require(actor, action, case)
    return case


def still_open(case: Case) -> Case:
    """The case, unless its work has ended: a closed file changes only after it is opened again. Raises TooLate."""
    if PUBLIC[CaseState(case.state)] is PublicState.CLOSED:
        raise TooLate(N_("This case is closed. It has to be opened again before anything in it can change."))
    return case


def one_at_a_time(actor: Actor) -> None:
    """Let two posts of one person come one after the other on PostgreSQL too, before a row exists to be locked."""
    session().get(Staff, actor.user_id, with_for_update={"key_share": True}, populate_existing=True)


def organisation_of(actor: Actor, team_id: UUID) -> UUID:
    """The organisation of a team in which the actor works cases. Raises NotFound."""
    working = (Role.CASEWORKER, Role.SUPERVISOR)
    for one in actor.memberships:
        if one.team_id == team_id and one.role in working:
            return one.organisation_id
    raise NotFound()


def checked(kind: str, data: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """The answers in their stored form. Raises Invalid with a message for each ill-formed one."""
    clean, problems = catalogue.check(catalogue.RELEASE, kind, data, facts)
    if problems:
        by_field = catalogue.messages_by_field(problems)
        raise Invalid({code: (text, dict(params)) for code, (text, params) in by_field.items()})
    age = clean.get("age_at_contact")
    if kind == "screening" and clean.get("majority_status") == "adult" and isinstance(age, int) and age < 18:
        # The adult route of consent must not open for a child by a slip of the finger.
        raise Invalid({"majority_status": (N_("Under 18 is a child. Correct the age, or choose again."), {})})
    return clean


def checked_reason(code: str, text: str) -> str:
    """A reason of one line, at most 300 characters. Raises Invalid when it is missing or ill-formed."""
    try:
        clean = clean_line(text, 300)
    except Fault as fault:
        raise Invalid({code: (catalogue.MESSAGES[fault.code], fault.params)}) from None
    if clean is None:
        raise Invalid({code: (N_("Write the reason."), {})})
    return clean


def due_day(safety: dict[str, Any]) -> date | None:
    """The day on which the safety record asks for the next review: the one date of it that lists need in clear."""
    day = safety.get("next_review_date")
    return date.fromisoformat(day) if isinstance(day, str) else None
