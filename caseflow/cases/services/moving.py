"""Move a case along its table of steps, and hand it over inside its team."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from caseflow.accounts.queries import team_members
from caseflow.cases.models import Case
from caseflow.cases.queries import data_of, facts, office_day
from caseflow.cases.services.checks import locked_case, still_open
from caseflow.cases.states import STEPS, CaseState
from caseflow.core import catalogue, ports, trail
from caseflow.core.errors import Invalid, NotAllowed, Refused
from caseflow.core.lifecycle import find
from caseflow.core.policy import Action, Actor, Role
from caseflow.core.ports import Reason
from caseflow.core.trail import Tag
from caseflow.core.words import N_, language


def move_case(*, actor: Actor, case_id: UUID, verb: str, now: datetime) -> Case:
    """Take one step. Raises TooLate when it does not start from the present state, Refused with the guard's reasons."""
    case = locked_case(actor, Action.Case.MOVE, case_id)
    row = find([one for one in STEPS if one.frm], verb, CaseState(case.state))
    if row.later or row.to is None:
        raise NotAllowed(N_("This step is not part of this version of CaseFlow yet."))
    if reasons := reasons_against(case, verb, today=office_day(case.organisation_id, now)):
        raise Refused(reasons=reasons)
    detail = {"verb": verb, "from": case.state, "to": row.to.value}
    case.state, case.state_since, case.updated_at = row.to.value, now, now
    trail.record(
        Tag.CASE_MOVED, actor=actor, now=now, obj=("case_file", case.id), case_id=case.id, detail=detail, writes=[case]
    )
    return case


def reasons_against(case: Case, verb: str, *, today: date) -> list[Reason]:
    """Why the guard of this verb does not let the case go on now; empty when it does. Raises SealBroken."""
    guard = next((row.guard for row in STEPS if row.verb == verb and not row.later), "")
    return GUARDS[guard](case, today) if guard in GUARDS else []


def assign_case(*, actor: Actor, case_id: UUID, assignee_id: UUID, now: datetime) -> Case:
    """Hand a case to an active caseworker or supervisor of its team.

    Raises Invalid for anybody else, deputies too: the case outlasts their days.
    """
    case = still_open(locked_case(actor, Action.Case.ASSIGN, case_id))
    members = team_members(case.team_id, Role.CASEWORKER, Role.SUPERVISOR, now=now, lent=False)
    if assignee_id not in {one.id for one in members}:
        raise Invalid({"assignee": (N_("Choose somebody who works in this team."), {})})
    if case.assignee_id == assignee_id:
        return case
    case.assignee_id, case.updated_at = assignee_id, now
    trail.record(Tag.CASE_ASSIGNED, actor=actor, now=now, obj=("case_file", case.id), case_id=case.id, writes=[case])
    return case


def _may_begin_intake(case: Case, today: date) -> list[Reason]:
    """Consent to a record and to services, a safe way of contact, a risk level, and what the screening must hold."""
    asked: list[Reason] = ports.may_start_intake.ask(case_id=case.id, today=today)
    return asked + _unanswered(case, "S", ("screening", "safety", "assessment"), today)


def _intake_complete(case: Case, today: date) -> list[Reason]:
    """Everything that intake asks about the person, their safety and the risk."""
    return _unanswered(case, "I", ("person", "safety", "assessment"), today)


def _unanswered(case: Case, stage: str, kinds: tuple[str, ...], today: date) -> list[Reason]:
    """A reason for each question without an answer; it names the question, in the language of the moment."""
    found: list[Reason] = []
    for code in kinds:
        kind = catalogue.load().kind(code)
        known = facts(case.id, code, today=today)
        for name in catalogue.missing(catalogue.RELEASE, code, data_of(case.id, code), stage, known):
            words = {"section": kind.label[language()], "question": kind.field(name).label[language()]}
            found.append((N_("%(section)s: “%(question)s” has no answer yet."), words))
    return found


GUARDS: dict[str, Callable[[Case, date], list[Reason]]] = {
    "may_begin_intake": _may_begin_intake,
    "intake_complete": _intake_complete,
}
