"""A lost second factor, set up anew: with a link that a second person agreed to, and the password, which nobody knows.

Neither opens anything alone. Whoever asked for it never holds the link, whoever agreed never chooses the password.
"""

from datetime import datetime

from caseflow.accounts import second_factor
from caseflow.accounts.queries.invitations import open_invitation
from caseflow.accounts.services import failures, passwords, recovery
from caseflow.accounts.services.invitations import seed_for
from caseflow.accounts.services.sessions import end_all
from caseflow.accounts.services.sign_in import WrongCode
from caseflow.core import trail, vault
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
    seed = seed_for(token, draw)
    step = second_factor.matching_step(seed, code, now=now)
    if step is None:
        raise WrongCode()
    codes, kept = recovery.fresh(staff.id)
    vault.write(staff, vault.read(staff) | {"totp_seed": seed} | kept, rv=staff.rv)
    staff.totp_step, invitation.used_at = step, now
    trail.record(Tag.FACTOR_CHANGED, actor=None, now=now, obj=("staff", staff.id), writes=[staff])
    end_all(staff_id=staff.id, now=now)
    return codes
