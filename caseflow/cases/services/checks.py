"""What several services ask before they change anything."""

from datetime import date, timedelta
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


def belonging(kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, when a first record of this kind belongs to a case with them. Raises Invalid."""
    if not catalogue.is_asked(catalogue.load().kind(kind), facts):
        text = N_("This section does not belong to this type of case. Screen again if the type has changed.")
        raise Invalid({"": (text, {})})
    return facts


def organisation_of(actor: Actor, team_id: UUID) -> UUID:
    """The organisation of a team in which the actor works cases. Raises NotFound."""
    working = (Role.CASEWORKER, Role.SUPERVISOR)
    for one in actor.memberships:
        if one.team_id == team_id and one.role in working:
            return one.organisation_id
    raise NotFound()


def checked(
    kind: str, data: dict[str, Any], facts: dict[str, Any], former: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The answers in their stored form; `former` are those stored. Raises Invalid with a message for each bad one."""
    clean, problems = catalogue.check(catalogue.RELEASE, kind, data, facts, former)
    if problems:
        by_field = catalogue.messages_by_field(problems)
        raise Invalid({code: (text, dict(params)) for code, (text, params) in by_field.items()})
    age = clean.get("age_at_contact")
    if kind == "screening" and clean.get("majority_status") == "adult" and isinstance(age, int) and age < 18:
        # The adult route of consent must not open for a child by a slip of the finger.
        raise Invalid({"majority_status": (N_("Under 18 is a child. Correct the age, or choose again."), {})})
    if kind == "assessment":
        clean.setdefault("assessed_on", facts["today"])
        _refuse_late_review(clean)
    return clean


def _refuse_late_review(assessment: dict[str, Any]) -> None:
    """The greater the danger, the sooner one looks again: after 1, 7, 30 or 90 days at the latest."""
    day, first, last = assessment.get("next_review_date"), assessment["assessed_on"], _last_review(assessment)
    if day is not None and day < first:
        raise Invalid({"next_review_date": (N_("This is before the day of the assessment."), {})})
    if day is not None and last is not None and day > last.isoformat():
        days = (last - date.fromisoformat(first)).days
        text = N_("For this risk level look again after %(days)s days at the latest. Choose an earlier day.")
        raise Invalid({"next_review_date": (text, {"days": days})})


def _last_review(assessment: dict[str, Any]) -> date | None:
    """The last day for the next review that the risk level leaves; None without a level or a day of assessment."""
    level, first = assessment.get("risk_level"), assessment.get("assessed_on")
    if level is None or first is None:
        return None
    days = int(catalogue.load().list("risk_level").row(level).extra["review_within_days"])
    return date.fromisoformat(first) + timedelta(days=days)


def checked_reason(code: str, text: str) -> str:
    """A reason of one line, at most 300 characters. Raises Invalid when it is missing or ill-formed."""
    try:
        clean = clean_line(text, 300)
    except Fault as fault:
        raise Invalid({code: (catalogue.MESSAGES[fault.code], fault.params)}) from None
    if clean is None:
        raise Invalid({code: (N_("Write the reason."), {})})
    return clean


def due_day(assessment: dict[str, Any]) -> date | None:
    """The day of the next review, the one date that lists need in clear; without it the last one the risk leaves."""
    day = assessment.get("next_review_date")
    return date.fromisoformat(day) if isinstance(day, str) else _last_review(assessment)
