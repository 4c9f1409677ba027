"""Staff come by invitation: a one-time link with which a person chooses a password and sets up the second factor.

Nobody else ever knows the password, and there is no default one (OWASP ASVS 5.0.0, 6.3.2 and 6.4.1).
"""

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from caseflow.accounts import queries, second_factor
from caseflow.accounts.models import Invitation, Staff
from caseflow.accounts.queries.invitations import open_invitation
from caseflow.accounts.services import password_rules, people, recovery, requests
from caseflow.accounts.services.links import new_link
from caseflow.accounts.services.sign_in import WrongCode
from caseflow.core import trail, vault
from caseflow.core.errors import TooLate
from caseflow.core.policy import Action, Actor, Role, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_


def invite(
    *,
    actor: Actor | None,
    staff_id: UUID | None = None,
    organisation_id: UUID,
    team_id: UUID | None,
    role: Role,
    doc: dict[str, Any],
    now: datetime,
) -> tuple[Staff, str]:
    """Add a member of staff with one role; returns them and the token of the link, which is shown once.

    `doc` as in `create_staff`. Without an actor (installation, demonstration) the role is theirs at once; otherwise
    the caller asks for it (`requests.ask_role`), as a second person must agree. Raises Invalid, Refused, NotAllowed.
    """
    staff = people.create_staff(actor=actor, staff_id=staff_id, organisation_id=organisation_id, doc=doc, now=now)
    place: dict[str, Any] = {"organisation_id": organisation_id, "team_id": team_id}
    if actor is None:
        people.grant_role(actor=None, staff=staff, role=role, now=now, **place)
    else:
        requests.ask_role(actor=actor, staff=staff, role=role, now=now, **place)
    return staff, new_link(staff=staff, purpose="join", actor=actor, now=now)


def invite_first_administrator(*, organisation_doc: dict[str, Any], doc: dict[str, Any], now: datetime) -> str:
    """Make the first organisation and its administrator; returns the token of the link, for `caseflow init`.

    Raises TooLate when there is an organisation already.
    """
    if queries.organisations():
        raise TooLate(N_("This installation has an organisation already. Nothing was changed."))
    office = people.create_organisation(actor=None, doc=organisation_doc, now=now)
    return invite(actor=None, organisation_id=office.id, team_id=None, role=Role.ADMINISTRATOR, doc=doc, now=now)[1]


def reissue(*, actor: Actor | None, staff_id: UUID, now: datetime) -> str:
    """A new link for somebody who has not joined yet; the old ones are void. Raises TooLate, NotAllowed."""
    staff = queries.get_staff(staff_id, for_update=True)
    if actor is not None:
        require(actor, Action.People.INVITE)
    if staff.state != "invited":
        raise TooLate(N_("This person has joined already, or the account is closed."))
    trail.record(Tag.INVITED, actor=actor, now=now, obj=("staff", staff.id), writes=[staff])
    return new_link(staff=staff, purpose="join", actor=actor, now=now)


def check_password(*, token: str, word: str, now: datetime) -> None:
    """Whether the invited person may take this password. Raises Invalid, NotFound."""
    password_rules.check_for(open_invitation(token, now=now)[1], word)


def choose_password(*, token: str, password_hash: str, asks_code: bool, now: datetime) -> bool:
    """Keep the chosen password. True when the account is open now, which it is only where no code is asked.

    Raises NotFound.
    """
    invitation, staff = open_invitation(token, now=now, for_update=True)
    staff.password_hash = password_hash
    detail = {"changed": ["password_hash"]}
    trail.record(Tag.PERSON_CHANGED, actor=None, now=now, obj=("staff", staff.id), detail=detail, writes=[staff])
    if not asks_code:
        _open_account(invitation, staff, now)
    return not asks_code


def seed_for(token: str, draw: str) -> str:
    """The TOTP seed of one opening of the page, base32.

    It is derived from the link and the page's random `draw`, so that opening the page stores nothing and a second
    look at the page shows another seed.
    """
    return base64.b32encode(vault.pepper(f"totp-seed\0{token}\0{draw}")[:20]).decode()


def join(*, token: str, draw: str, code: str, now: datetime) -> list[str]:
    """Open the account once a code proves that the app holds the seed; returns the recovery codes, shown once.

    Raises WrongCode, NotFound, TooLate.
    """
    invitation, staff = open_invitation(token, now=now, for_update=True)
    if not staff.password_hash:
        raise TooLate(N_("Choose a password first."))
    seed = seed_for(token, draw)
    step = second_factor.matching_step(seed, code, now=now)
    if step is None:
        raise WrongCode()
    codes, kept = recovery.fresh(staff.id)
    vault.write(staff, vault.read(staff) | {"totp_seed": seed} | kept, rv=staff.rv)
    staff.totp_step = step
    _open_account(invitation, staff, now)
    return codes


def _open_account(invitation: Invitation, staff: Staff, now: datetime) -> None:
    staff.state, invitation.used_at = "active", now
    trail.record(Tag.JOINED, actor=None, now=now, obj=("staff", staff.id), writes=[staff])
