"""The person who acts, as policy sees them: ids, roles and grants, loaded once a request; no name, no database row."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from caseflow.core.words import N_


class Role(StrEnum):
    """Roles of the house. Administrator combines with no other role."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    DATA_PROTECTION = "data_protection"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_LABELS = {
    Role.CASEWORKER: N_("Caseworker"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.DATA_PROTECTION: N_("Data protection"),
    Role.AUDITOR: N_("Auditor"),
    Role.ADMINISTRATOR: N_("Administrator"),
}


@dataclass(frozen=True)
class Membership:
    """One role in one team; `team_id` is None for roles of the whole organisation.

    `deputy_for` names whose role it is when the person stands in for somebody for some days.
    """

    organisation_id: UUID
    team_id: UUID | None
    role: Role
    deputy_for: UUID | None = None


@dataclass(frozen=True)
class Grant:
    """Access to one case beyond team membership, already known to be in force."""

    case_id: UUID
    reason_kind: str
    source: UUID


@dataclass(frozen=True)
class Actor:
    """A signed-in member of staff. `confirmed_at` is when the second factor was last shown (step-up);
    `emergency_suspended` is true after a supervisor took the right to issue alone.

    `stands_for` are pairs (caseworker, team): the person works the cases that this caseworker holds in this team.
    """

    user_id: UUID
    organisation_id: UUID
    memberships: tuple[Membership, ...] = ()
    grants: tuple[Grant, ...] = ()
    session_id: UUID | None = None
    confirmed_at: datetime | None = None
    stands_for: frozenset[tuple[UUID, UUID]] = frozenset()
    emergency_suspended: bool = False

    def has(self, role: Role, organisation_id: UUID | None = None) -> bool:
        """True when the person holds the role (in that organisation, when one is named)."""
        return any(one.role == role and organisation_id in (None, one.organisation_id) for one in self.memberships)

    def teams(self, *roles: Role) -> frozenset[UUID]:
        """The teams in which the person holds one of the roles."""
        return frozenset(one.team_id for one in self.memberships if one.role in roles and one.team_id)

    def granted(self, case_id: UUID, *reasons: str) -> bool:
        """True when a running grant of one of these kinds covers the case."""
        return any(one.case_id == case_id and one.reason_kind in reasons for one in self.grants)

    def acting_role(self, tag: str) -> str:
        """The role that the trail names for an act: the one that fits its source, else the only or first one."""
        held = [one.role for one in self.memberships]
        source = tag.split(":")[0]
        prefer = {
            "audit": (Role.DATA_PROTECTION, Role.AUDITOR) if "approve" in tag or "refuse" in tag else (Role.AUDITOR,),
            "accounts": (Role.ADMINISTRATOR,),
        }.get(source, (Role.CASEWORKER, Role.SUPERVISOR))
        if "approve" in tag or "ratify" in tag or "recall" in tag:
            prefer = (Role.SUPERVISOR, *prefer) if source == "referrals" else prefer
        for role in prefer:
            if role in held:
                return str(role)
        return str(held[0]) if held else "none"

    def deputises(self, role: str, *, team_id: UUID | None, assignee_id: UUID | None) -> UUID | None:
        """For whom the person acts in this role on something of this team and caseworker; None when in their own."""
        if team_id and assignee_id and role != Role.SUPERVISOR and (assignee_id, team_id) in self.stands_for:
            return assignee_id
        held = [one for one in self.memberships if one.role == role]
        here = [one for one in held if team_id is None or one.team_id in (None, team_id)]
        return here[0].deputy_for if here and all(one.deputy_for for one in here) else None
