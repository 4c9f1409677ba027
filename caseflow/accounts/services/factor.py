"""A second factor set up anew: by its owner who is signed in, or with a link that a second person agreed to.

Either way the password is asked, which nobody else knows. Of the link: it opens nothing alone; whoever asked for it
never holds it, whoever agreed never chooses the password.
"""

from datetime import datetime

from caseflow.accounts import queries, second_factor
from caseflow.accounts.models import Staff
from caseflow.accounts.queries.invitations import open_invitation
from caseflow.accounts.services import failures, notices, passwords, recovery
from caseflow.accounts.services.invitations import seed_for
from caseflow.accounts.services.sessions import end_all, end_others
from caseflow.accounts.services.sign_in import WrongCode
from caseflow.core import trail, vault
from caseflow.core.policy import Actor
from caseflow.core.trail import Tag


def check_password(*, token: str, word: str, place: bytes, cost: passwords.Cost, now: datetime) -> bool:
    """Whether the password is that of the person the link is for: the slow part. Raises NotFound, MustWait."""
    _invitation, staff = open_invitation(token, purpose="factor", now=now)
    failures.check_wait(account=staff.sign_in_token, place=place, now=now)
    return passwords.fits(staff.password_hash, word, cost=cost)


def refuse(*, token: str, place: bytes, now: datetime) -> None:
    """Count a wrong password as a wrong try at the account."""
    _invitation, staff = open_invitation(token, purpose="factor", now=now)
    failures.note_failure(account=staff.sign_in_token, place=place, staff_id=staff.id, now=now)


def set_up(*, token: str, draw: str, code: str, now: datetime) -> list[str]:
    """Keep the new seed once a code proves that the app holds it; all sessions end. Returns new recovery codes.

    The caller has checked the password. Raises WrongCode, NotFound.
    """
    invitation, staff = open_invitation(token, purpose="factor", now=now, for_update=True)
    codes = _keep(staff, seed_for(token, draw), code, now)
    invitation.used_at = now
    trail.record(Tag.FACTOR_CHANGED, actor=None, now=now, obj=("staff", staff.id), writes=[staff])
    end_all(staff_id=staff.id, now=now)
    return codes


def renew(*, actor: Actor, seed: str, code: str, now: datetime) -> list[str]:
    """The same for oneself, signed in: a new phone, or one lost while recovery codes are left. Other sessions end.

    The caller has checked the password. Returns new recovery codes; the former ones are void. Raises WrongCode.
    """
    staff = queries.get_staff(actor.user_id, for_update=True)
    codes = _keep(staff, seed, code, now)
    trail.record(Tag.FACTOR_CHANGED, actor=actor, now=now, obj=("staff", staff.id), writes=[staff])
    end_others(actor=actor, now=now)
    return codes


def _keep(staff: Staff, seed: str, code: str, now: datetime) -> list[str]:
    """Take a seed once a code proves that the app holds it; their owner hears of it at the next sign-in."""
    step = second_factor.matching_step(seed, code, now=now)
    if step is None:
        raise WrongCode()
    codes, kept = recovery.fresh(staff.id)
    vault.write(staff, notices.leave(vault.read(staff) | {"totp_seed": seed} | kept, "factor"), rv=staff.rv)
    staff.totp_step = step
    return codes
