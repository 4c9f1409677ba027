"""Make organisations, teams, staff and roles. `actor` is None only for the first steps of an installation."""

import re
import unicodedata
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.accounts.models import Organisation, Staff, StaffMembership, Team
from caseflow.accounts.services.sessions import end_all
from caseflow.core import trail, vault
from caseflow.core.db import new_id, session
from caseflow.core.errors import Invalid, Refused, TooLate
from caseflow.core.policy import Action, Actor, Role, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_

SIGN_IN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,39}")
TEAM_ROLES = frozenset({Role.CASEWORKER, Role.SUPERVISOR})


def sign_in_token(sign_in: str) -> bytes:
    """What stands for a sign-in name in clear: its keyed hash, the same for capitals and small letters."""
    folded = unicodedata.normalize("NFKC", sign_in).casefold().strip()
    return vault.current().index_token("sign_in", folded).to_bytes(8, "big", signed=True) + vault.pepper(folded)[:24]


def create_organisation(*, actor: Actor | None, doc: dict[str, Any], now: datetime) -> Organisation:
    """Add an organisation. `doc` holds name_en, name_ur, address_en, address_ur, phone, email, code (short letters)."""
    if actor is not None:
        require(actor, Action.People.ORGANISATION)
    made = Organisation(id=new_id(), state="active", created_at=now)
    vault.write(made, doc, rv=0)
    session().add(made)
    trail.record(Tag.ORGANISATION_CREATED, actor=actor, now=now, obj=("organisation", made.id), writes=[made])
    return made


def create_team(*, actor: Actor | None, organisation_id: UUID, doc: dict[str, Any], now: datetime) -> Team:
    """Add a team with name_en and name_ur."""
    if actor is not None:
        require(actor, Action.People.ORGANISATION)
    made = Team(id=new_id(), organisation_id=organisation_id, created_at=now)
    vault.write(made, doc, rv=0)
    session().add(made)
    trail.record(Tag.TEAM_CREATED, actor=actor, now=now, obj=("team", made.id), writes=[made])
    return made


def create_staff(
    *,
    actor: Actor | None,
    organisation_id: UUID,
    doc: dict[str, Any],
    now: datetime,
    staff_id: UUID | None = None,
) -> Staff:
    """Add a member of staff who is invited but cannot sign in yet.

    `doc` holds name, sign_in, post_en, post_ur, phone, email, language. Raises Invalid when the sign-in name is taken
    or has other signs than letters, digits and `. _ -`.
    """
    if actor is not None:
        require(actor, Action.People.INVITE)
    if not SIGN_IN.fullmatch(doc["sign_in"]):
        raise Invalid({"sign_in": (N_("Use 3 to 40 Latin letters, digits, dots, hyphens or low lines."), {})})
    token = sign_in_token(doc["sign_in"])
    if session().scalars(select(Staff.id).where(Staff.sign_in_token == token)).first():
        raise Invalid({"sign_in": (N_("This sign-in name is taken. Choose another one."), {})})
    made = Staff(
        id=staff_id or new_id(),
        organisation_id=organisation_id,
        sign_in_token=token,
        state="invited",
        created_at=now,
        created_by=actor.user_id if actor else None,
    )
    vault.write(made, doc, rv=0)
    session().add(made)
    trail.record(Tag.INVITED, actor=actor, now=now, obj=("staff", made.id), writes=[made])
    return made


def grant_role(
    *, actor: None, staff: Staff, organisation_id: UUID, team_id: UUID | None, role: Role, now: datetime
) -> StaffMembership:
    """Give a role without a second person: the first steps of an installation and of a demonstration, nobody's act.

    People ask for a role (`services.requests`). Raises as `check_role`.
    """
    return give_role(actor=actor, staff=staff, organisation_id=organisation_id, team_id=team_id, role=role, now=now)


def check_role(*, staff: Staff, team_id: UUID | None, role: Role, now: datetime) -> None:
    """Whether the person could have this role now.

    Raises Refused when a team is missing or not wanted, or administrator would be combined; TooLate.
    """
    if staff.state == "disabled":
        raise TooLate(N_("This account is closed."))
    if (role in TEAM_ROLES) != (team_id is not None):
        raise Refused(N_("Caseworkers and supervisors need a team; other roles belong to the whole organisation."))
    running = list(session().scalars(select(StaffMembership).where(_running(staff.id, now))))
    held = {Role(row.role) for row in running}
    if any((row.role, row.team_id) == (role, team_id) for row in running):
        raise Refused(N_("This person has that role already."))
    if held and (Role.ADMINISTRATOR in held) != (role == Role.ADMINISTRATOR):
        raise Refused(N_("The administrator combines with no other role."))


def give_role(
    *, actor: Actor | None, staff: Staff, organisation_id: UUID, team_id: UUID | None, role: Role, now: datetime
) -> StaffMembership:
    """Give a role on which a second person has decided (`requests.approve`, the only caller with an actor)."""
    check_role(staff=staff, team_id=team_id, role=role, now=now)
    made = StaffMembership(
        id=new_id(),
        staff_id=staff.id,
        organisation_id=organisation_id,
        team_id=team_id,
        role=str(role),
        valid_from=now,
        granted_by=actor.user_id if actor else None,
    )
    session().add(made)
    detail = {"role": str(role)}
    trail.record(Tag.ROLE_GRANTED, actor=actor, now=now, obj=("staff", staff.id), detail=detail, writes=[made])
    end_all(staff_id=staff.id, now=now)
    return made


def _running(staff_id: UUID, now: datetime) -> Any:
    row = StaffMembership
    return (row.staff_id == staff_id) & (row.valid_until.is_(None) | (row.valid_until > now))
