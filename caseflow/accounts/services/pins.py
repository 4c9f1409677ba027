"""A PIN of six digits opens a session again that rested for some minutes. It opens nothing else.

The PIN is hashed as a password is and kept inside the sealed record of the person. Five wrong tries end the session.
"""

from datetime import datetime
from itertools import pairwise
from uuid import UUID

from caseflow.accounts import queries, second_factor
from caseflow.accounts.models import StaffSession
from caseflow.accounts.services import failures, passwords
from caseflow.accounts.services.sessions import end_session
from caseflow.core import trail, vault
from caseflow.core.db import session
from caseflow.core.errors import CaseFlowError, Invalid
from caseflow.core.policy import Actor
from caseflow.core.trail import Tag
from caseflow.core.words import N_

DIGITS = 6


class WrongPin(CaseFlowError):
    """A PIN that does not fit, while there are tries left."""

    status = 422
    message = N_("This PIN does not fit. After five wrong tries you have to sign in again.")


class SessionOver(CaseFlowError):
    """The session ended: too many wrong tries, or it was over already."""

    status = 403


def check_new(pin: str) -> str:
    """A new PIN in its stored form. Raises Invalid for one that others try first."""
    plain = pin.translate(second_factor.DIGITS)
    if len(plain) != DIGITS or not (plain.isascii() and plain.isdigit()):
        raise Invalid({"pin": (N_("Use six digits."), {})})
    steps = {(int(second) - int(first)) % 10 for first, second in pairwise(plain)}
    if len(set(plain)) < 3 or len(steps) == 1:
        raise Invalid({"pin": (N_("This one is easy to guess. Use digits in no order, at least three of them."), {})})
    return plain


def set_own(*, actor: Actor, pin_hash: str, now: datetime) -> None:
    """Keep the PIN of a person; an empty hash takes it away."""
    staff = queries.get_staff(actor.user_id, for_update=True)
    vault.write(staff, vault.read(staff) | {"pin": pin_hash}, rv=staff.rv)
    trail.record(Tag.PIN_CHANGED, actor=actor, now=now, obj=("staff", staff.id), writes=[staff])


def fits(*, actor: Actor, pin: str, cost: passwords.Cost, now: datetime) -> bool:
    """Whether the PIN is the person's own: the slow part, outside any write. Raises MustWait."""
    staff = queries.get_staff(actor.user_id)
    failures.check_wait(account=staff.sign_in_token, place=_place(actor.session_id), now=now)
    return passwords.fits(vault.read(staff).get("pin") or "", pin.translate(second_factor.DIGITS), cost=cost)


def refuse(*, actor: Actor, now: datetime) -> bool:
    """Count a wrong PIN; True when this one ended the session."""
    staff, its_id = queries.get_staff(actor.user_id), actor.session_id
    tries = failures.note_failure(account=staff.sign_in_token, place=_place(its_id), staff_id=staff.id, now=now)
    if tries < failures.FREE_TRIES or its_id is None:
        return False
    end_session(session_id=its_id, actor=actor, reason="pin", now=now)
    return True


def reopen(*, actor: Actor, now: datetime) -> None:
    """Let a session go on after the right PIN. Raises SessionOver, MustWait when tries were used up meanwhile."""
    staff = queries.get_staff(actor.user_id)
    failures.check_wait(account=staff.sign_in_token, place=_place(actor.session_id), now=now)
    row = session().get(StaffSession, actor.session_id, with_for_update=True, populate_existing=True)
    if row is None or row.ended_at is not None or row.expires_at <= now:
        raise SessionOver()
    row.last_seen_at = now
    failures.forgive(account=staff.sign_in_token, place=_place(row.id))
    trail.record(Tag.REOPENED, actor=actor, now=now, obj=("staff_session", row.id))


def _place(session_id: UUID | None) -> bytes:
    return failures.place_token(f"pin {session_id}")
