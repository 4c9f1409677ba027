"""Small named questions about an actor and an object. They see objects through Protocols, never through models."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from caseflow.core.policy.actor import Actor, Role

Predicate = Callable[[Actor, Any], bool]

DEPUTY = "deputy"
AUDIT = "audit"
ON_CALL = "on_call"  # on duty, or called in, for one emergency issue


class OfTeam(Protocol):
    """Something that belongs to a team of an organisation."""

    organisation_id: UUID
    team_id: UUID


class Assigned(OfTeam, Protocol):
    """A case, or what hangs on one: it has an assigned caseworker."""

    case_id: UUID
    assignee_id: UUID | None


class OfCase(OfTeam, Protocol):
    """Something to do in a case, by whoever is assigned to it."""

    assignee_id: UUID | None

    @property
    def case(self) -> Assigned: ...


class Involving(Assigned, Protocol):
    """Something that certain people wrote, edited or took consent for."""

    @property
    def involved(self) -> frozenset[UUID]: ...


class Issued(Involving, Protocol):
    """A referral: it may have left as an emergency issue."""

    @property
    def emergency(self) -> bool: ...


class OfOrganisation(Protocol):
    """Something that belongs to an organisation."""

    organisation_id: UUID


class Asked(OfOrganisation, Protocol):
    """An audit: somebody asked for it."""

    auditor_id: UUID


class Requested(OfOrganisation, Protocol):
    """Something about a member of staff that somebody asked for and a second person decides."""

    staff_id: UUID
    asked_by: UUID | None


def is_caseworker(actor: Actor, _obj: Any) -> bool:
    """Holds the role caseworker anywhere."""
    return actor.has(Role.CASEWORKER)


def is_supervisor(actor: Actor, _obj: Any) -> bool:
    """Holds the role supervisor anywhere."""
    return actor.has(Role.SUPERVISOR)


def is_data_protection(actor: Actor, _obj: Any) -> bool:
    """Is a data-protection focal person."""
    return actor.has(Role.DATA_PROTECTION)


def is_auditor(actor: Actor, _obj: Any) -> bool:
    """Is an auditor."""
    return actor.has(Role.AUDITOR)


def is_administrator(actor: Actor, _obj: Any) -> bool:
    """Is an administrator."""
    return actor.has(Role.ADMINISTRATOR)


def works_in_team(actor: Actor, obj: OfTeam) -> bool:
    """Is caseworker or supervisor in the team the case belongs to."""
    return obj.team_id in actor.teams(Role.CASEWORKER, Role.SUPERVISOR)


def supervises_team(actor: Actor, obj: OfTeam) -> bool:
    """Is supervisor of the team the case belongs to."""
    return obj.team_id in actor.teams(Role.SUPERVISOR)


def holds_case(actor: Actor, obj: Assigned) -> bool:
    """Is the caseworker to whom the case is assigned, still in its team."""
    return obj.assignee_id == actor.user_id and obj.team_id in actor.teams(Role.CASEWORKER, Role.SUPERVISOR)


def holds_case_of(actor: Actor, obj: OfCase) -> bool:
    """Is the caseworker of the case to which it belongs."""
    return holds_case(actor, obj.case)


def is_assigned(actor: Actor, obj: OfCase) -> bool:
    """Is the one who was given it to do, still in the team."""
    return obj.assignee_id == actor.user_id and works_in_team(actor, obj)


def stands_in(actor: Actor, obj: Assigned) -> bool:
    """Is deputy of the caseworker who holds it now, or holds a running grant as deputy for this case."""
    if obj.assignee_id is not None and (obj.assignee_id, obj.team_id) in actor.stands_for:
        return True
    return actor.granted(obj.case_id, DEPUTY)


def not_involved(actor: Actor, obj: Involving) -> bool:
    """Neither wrote nor edited it, nor took the consent it rests on."""
    return actor.user_id not in obj.involved


def is_emergency(_actor: Actor, obj: Issued) -> bool:
    """It left as an emergency issue."""
    return obj.emergency


def is_called(actor: Actor, obj: Assigned) -> bool:
    """Was on duty, or is called in, for an emergency issue of this case."""
    return actor.granted(obj.case_id, ON_CALL)


def has_emergency_right(actor: Actor, _obj: Any) -> bool:
    """Nobody suspended their right to issue alone."""
    return not actor.emergency_suspended


def same_organisation(actor: Actor, obj: OfOrganisation) -> bool:
    """Works for the organisation it belongs to."""
    return obj.organisation_id == actor.organisation_id


def asked_it(actor: Actor, obj: Asked) -> bool:
    """Is the auditor who asked for the audit."""
    return obj.auditor_id == actor.user_id


def did_not_ask(actor: Actor, obj: Asked) -> bool:
    """Somebody else asked for the audit."""
    return obj.auditor_id != actor.user_id


def is_second_person(actor: Actor, obj: Requested) -> bool:
    """Neither asked for it nor gains by it."""
    return actor.user_id not in (obj.asked_by, obj.staff_id)


def role_behind(line: tuple[Predicate, ...], actor: Actor, obj: Any) -> Role | None:
    """The role by which a line of a rule holds, None when its predicates name none."""
    named = (_ROLES[holds](actor, obj) for holds in line if holds in _ROLES)
    return next(named, None)


def _of_team(actor: Actor, obj: Any) -> Role:
    """Who works a case works it as caseworker, in a team in which they only supervise as supervisor."""
    return Role.CASEWORKER if obj.team_id in actor.teams(Role.CASEWORKER) else Role.SUPERVISOR


def _as(role: Role) -> Callable[[Actor, Any], Role]:
    return lambda _actor, _obj: role


_ROLES: dict[Predicate, Callable[[Actor, Any], Role]] = {
    is_caseworker: _as(Role.CASEWORKER),
    is_supervisor: _as(Role.SUPERVISOR),
    is_data_protection: _as(Role.DATA_PROTECTION),
    is_auditor: _as(Role.AUDITOR),
    is_administrator: _as(Role.ADMINISTRATOR),
    supervises_team: _as(Role.SUPERVISOR),
    works_in_team: _of_team,
    holds_case: _of_team,
    holds_case_of: lambda actor, obj: _of_team(actor, obj.case),
    is_assigned: _of_team,
    stands_in: _as(Role.CASEWORKER),
}
