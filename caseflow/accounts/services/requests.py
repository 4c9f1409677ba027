"""What needs two people: every role, the new start of a lost second factor, a new password for who holds a role that
decides (docs/adr/0007).

One administrator asks, somebody else decides: another administrator, or the data-protection person of that
organisation; never who asked, never who gains. Where nobody else is there yet, the operator decides at the machine.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.accounts import queries
from caseflow.accounts.models import Staff, StaffRequest
from caseflow.accounts.services import people, sessions
from caseflow.accounts.services.links import new_link
from caseflow.core import trail
from caseflow.core.db import new_id, session
from caseflow.core.errors import NotFound, Refused, TooLate
from caseflow.core.policy import Action, Actor, Role, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_, gettext, speaking

# Given only once the person has joined: the second person asks them whether it was they who used the link.
JOINED_FIRST = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.DATA_PROTECTION, Role.ADMINISTRATOR})
# What is asked for, besides roles.
WHAT = {"factor": N_("A new second factor"), "password": N_("A new password")}
_WAITS = N_("This waits for a second person already.")


def ask_role(
    *,
    actor: Actor,
    staff: Staff,
    organisation_id: UUID,
    team_id: UUID | None,
    role: Role,
    now: datetime,
    request_id: UUID | None = None,
) -> StaffRequest:
    """Ask for a role of somebody. Raises Refused when it cannot be given or waits already, TooLate, NotAllowed."""
    require(actor, Action.People.EDIT, staff)
    people.check_role(staff=staff, team_id=team_id, role=role, now=now)
    made = _new("role", staff, organisation_id, actor, now)
    made.id, made.team_id, made.role = request_id or made.id, team_id, str(role)
    if any((one.role, one.team_id) == (made.role, team_id) for one in _waiting(staff.id, "role")):
        raise Refused(_WAITS)
    session().add(made)
    detail = {"role": made.role}
    trail.record(Tag.ROLE_ASKED, actor=actor, now=now, obj=("staff", staff.id), detail=detail, writes=[made])
    return made


def ask_factor(*, actor: Actor, staff_id: UUID, now: datetime) -> StaffRequest:
    """Ask that somebody who lost phone and recovery codes may set up the second factor anew. Raises as `ask_role`."""
    staff = _joined(actor, staff_id)
    if _waiting(staff_id, "factor"):
        raise Refused(_WAITS)
    made = _new("factor", staff, staff.organisation_id, actor, now)
    session().add(made)
    trail.record(Tag.FACTOR_ASKED, actor=actor, now=now, obj=("staff", staff_id), writes=[made])
    return made


def ask_password(*, actor: Actor, staff_id: UUID, now: datetime) -> StaffRequest | str:
    """Start a new password for somebody who forgot theirs; every page they have open says so.

    Returns the token of the link, or what now waits for a second person where the account has a role that decides.
    Whoever holds the link chooses nothing without the person's own second factor. Raises as `ask_role`.
    """
    staff = _joined(actor, staff_id)
    held = {one.role for one in queries.memberships_of(staff_id, now=now)}
    if _waiting(staff_id, "password"):
        raise Refused(_WAITS)
    sessions.tell(staff_id=staff_id, kind="warn", say=_reset_started)
    about = ("staff", staff_id)
    if not held & JOINED_FIRST:
        trail.record(Tag.PASSWORD_ASKED, actor=actor, now=now, obj=about)
        return new_link(staff=staff, purpose="password", actor=actor, now=now)
    made = _new("password", staff, staff.organisation_id, actor, now)
    session().add(made)
    trail.record(Tag.PASSWORD_ASKED, actor=actor, now=now, obj=about, writes=[made])
    return made


def approve(*, actor: Actor, request_id: UUID, now: datetime) -> str:
    """Decide as the second person that it may be.

    Returns the token of the link with which the person replaces factor or password; of a role, an empty text.
    Raises TooLate when somebody decided first, or the person has not joined yet; Refused, NotFound, NotAllowed.
    """
    row = queries.get_request(request_id, for_update=True)
    require(actor, Action.Request.APPROVE, row)
    return _grant(row, actor, now)


def approve_at_machine(*, sign_in: str, now: datetime) -> list[str]:
    """Decide as operator on all that waits for a person, and return the roles given.

    Raises NotFound when nothing waits, Refused while anybody else could be the second person: the terminal is the way
    of a new office, not one around its people.
    """
    token = people.sign_in_token(sign_in)
    staff = session().scalars(select(Staff).where(Staff.sign_in_token == token)).first()
    rows = _waiting(staff.id, "role") if staff else []
    if not rows:
        raise NotFound(N_("No role waits for this person."))
    for row in rows:
        if queries.second_persons(row, now=now):
            raise Refused(N_("Somebody else can approve this on the page of requests. The terminal may not."))
        _grant(row, None, now)
    return [row.role for row in rows]


def refuse(*, actor: Actor, request_id: UUID, now: datetime) -> None:
    """Decide that it shall not be; who asked takes it back. Raises TooLate, NotFound, NotAllowed."""
    row = queries.get_request(request_id, for_update=True)
    is_own = row.asked_by == actor.user_id
    require(actor, Action.Request.READ if is_own else Action.Request.APPROVE, row)
    _decide(row, "withdrawn" if is_own else "refused", actor, now)


def _grant(row: StaffRequest, actor: Actor | None, now: datetime) -> str:
    staff, token = queries.get_staff(row.staff_id, for_update=True), ""
    if row.state == "asked" and staff.state == "invited" and (row.kind in WHAT or row.role in JOINED_FIRST):
        raise TooLate(N_("This person has not joined yet. Ask them, once they have, whether it was they who did."))
    _decide(row, "approved", actor, now)
    if row.kind in WHAT:
        token = new_link(staff=staff, purpose=row.kind, actor=actor, now=now)
    else:
        place: dict[str, Any] = {"organisation_id": row.organisation_id, "team_id": row.team_id}
        people.give_role(actor=actor, staff=staff, role=Role(row.role), now=now, **place)
    return token


def _decide(row: StaffRequest, state: str, actor: Actor | None, now: datetime) -> None:
    if row.state != "asked":
        raise TooLate(N_("Somebody decided on this already."))
    row.state, row.decided_by, row.decided_at = state, actor.user_id if actor else None, now
    about, detail = ("staff", row.staff_id), {"kind": row.kind, "role": row.role, "state": state}
    trail.record(Tag.REQUEST_DECIDED, actor=actor, now=now, obj=about, detail=detail, writes=[row])


def _joined(actor: Actor, staff_id: UUID) -> Staff:
    """A colleague who has joined. Raises TooLate, Refused for oneself, NotAllowed."""
    staff = queries.get_staff(staff_id, for_update=True)
    require(actor, Action.People.EDIT, staff)
    if staff.state != "active":
        raise TooLate(N_("Only who has joined, and whose account is open, has a password and a second factor."))
    if staff_id == actor.user_id:
        raise Refused(N_("Another administrator asks this for you."))
    return staff


def _reset_started(language: str) -> str:
    with speaking(language):
        return gettext(
            "An administrator started a new password for you. If you did not ask for it, tell your supervisor or the "
            "data-protection person."
        )


def _new(kind: str, staff: Staff, organisation_id: UUID, actor: Actor, now: datetime) -> StaffRequest:
    return StaffRequest(
        id=new_id(),
        kind=kind,
        staff_id=staff.id,
        organisation_id=organisation_id,
        role="",
        state="asked",
        asked_by=actor.user_id,
        asked_at=now,
    )


def _waiting(staff_id: UUID, kind: str) -> list[StaffRequest]:
    query = select(StaffRequest).where(
        StaffRequest.staff_id == staff_id, StaffRequest.kind == kind, StaffRequest.state == "asked"
    )
    return list(session().scalars(query.order_by(StaffRequest.asked_at, StaffRequest.id).with_for_update()))
