"""Change people and offices: roles end, accounts close, names and letterheads are corrected."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseflow.accounts import queries
from caseflow.accounts.models import Organisation, Staff, StaffMembership
from caseflow.accounts.services import password_rules
from caseflow.accounts.services.sessions import end_all
from caseflow.core import trail, vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound, Refused, TooLate
from caseflow.core.policy import Action, Actor, Role, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_

_LAST = N_("This is the last administrator. Make another one first.")


def revoke_role(*, actor: Actor, staff_id: UUID, membership_id: UUID, now: datetime) -> None:
    """End a role and every session of its holder. Raises NotFound, TooLate, Refused for the last administrator."""
    require(actor, Action.People.EDIT, queries.get_staff(staff_id, for_update=True))
    row = session().get(StaffMembership, membership_id, with_for_update=True)
    if row is None or row.staff_id != staff_id:
        raise NotFound()
    if row.valid_until is not None and row.valid_until <= now:
        raise TooLate()
    if row.role == Role.ADMINISTRATOR and not _other_administrators(staff_id, now):
        raise Refused(_LAST)
    row.valid_until = now
    detail = {"role": row.role}
    trail.record(Tag.ROLE_REVOKED, actor=actor, now=now, obj=("staff", staff_id), detail=detail, writes=[row])
    end_all(staff_id=staff_id, now=now)


def disable(*, actor: Actor, staff_id: UUID, now: datetime) -> None:
    """Close an account and end its sessions. Raises TooLate, Refused for the last administrator."""
    staff = queries.get_staff(staff_id, for_update=True)
    require(actor, Action.People.DISABLE, staff)
    if staff.state == "disabled":
        raise TooLate(N_("This account is closed."))
    held = {one.role for one in queries.memberships_of(staff_id, now=now)}
    if Role.ADMINISTRATOR in held and staff.state == "active" and not _other_administrators(staff_id, now):
        raise Refused(_LAST)
    staff.state = "disabled"
    trail.record(Tag.PERSON_DISABLED, actor=actor, now=now, obj=("staff", staff_id), writes=[staff])
    end_all(staff_id=staff_id, now=now)


def update_staff(*, actor: Actor, staff_id: UUID, fields: dict[str, Any], rv: int, now: datetime) -> None:
    """Correct name, posts, phone, e-mail, language. Raises StaleVersion when somebody was first."""
    staff = queries.get_staff(staff_id, for_update=True)
    require(actor, Action.People.EDIT, staff)
    _write(staff, fields, rv=rv, tag=Tag.PERSON_CHANGED, actor=actor, now=now)


def update_organisation(*, actor: Actor, organisation_id: UUID, fields: dict[str, Any], rv: int, now: datetime) -> None:
    """Correct names and letterhead of an organisation. Raises StaleVersion when somebody was first."""
    office = queries.get_organisation(organisation_id, for_update=True)
    require(actor, Action.People.ORGANISATION, office)
    _write(office, fields, rv=rv, tag=Tag.ORGANISATION_CHANGED, actor=actor, now=now)


def set_own_language(*, actor: Actor, language: str, now: datetime) -> None:
    """Keep the language in which a person wants to read."""
    staff = queries.get_staff(actor.user_id, for_update=True)
    _write(staff, {"language": language}, rv=staff.rv, tag=Tag.PERSON_CHANGED, actor=actor, now=now)


def check_own_password(*, actor: Actor, word: str) -> None:
    """Whether a person may take this password. Raises Invalid."""
    password_rules.check_for(queries.get_staff(actor.user_id), word)


def set_own_password(*, actor: Actor, password_hash: str, now: datetime) -> Staff:
    """Change a password and end every session of the person; the caller starts the one that goes on."""
    staff = queries.get_staff(actor.user_id, for_update=True)
    staff.password_hash = password_hash
    detail = {"changed": ["password_hash"]}
    trail.record(Tag.PERSON_CHANGED, actor=actor, now=now, obj=("staff", staff.id), detail=detail, writes=[staff])
    end_all(staff_id=staff.id, now=now)
    return staff


def _write(
    record: Staff | Organisation, fields: dict[str, Any], *, rv: int, tag: Tag, actor: Actor, now: datetime
) -> None:
    former = vault.read(record)
    changed = sorted(name for name, value in fields.items() if former.get(name) != value)
    vault.write(record, former | fields, rv=rv)
    about = (record.__tablename__, record.id)
    trail.record(tag, actor=actor, now=now, obj=about, detail={"changed": changed}, writes=[record])


def _other_administrators(staff_id: UUID, now: datetime) -> int:
    """Active administrators besides this person."""
    running = StaffMembership.valid_until.is_(None) | (StaffMembership.valid_until > now)
    query = (
        select(func.count())
        .select_from(StaffMembership)
        .join(Staff, Staff.id == StaffMembership.staff_id)
        .where(StaffMembership.role == Role.ADMINISTRATOR, running, Staff.state == "active", Staff.id != staff_id)
    )
    return session().scalar(query) or 0
