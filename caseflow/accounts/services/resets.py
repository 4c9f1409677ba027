"""A forgotten password replaced: by a one-time link that an administrator started, and the person's own second factor.

Whoever holds the link cannot use it without phone or recovery code, so nobody else ever chooses a password
(docs/adr/0007).
"""

from datetime import datetime

from caseflow.accounts import second_factor
from caseflow.accounts.queries.invitations import open_invitation
from caseflow.accounts.services import failures, notices, password_rules, recovery
from caseflow.accounts.services.sessions import end_all
from caseflow.accounts.services.sign_in import WrongCode
from caseflow.core import trail, vault
from caseflow.core.trail import Tag


def check(*, token: str, word: str, place: bytes, now: datetime) -> None:
    """Whether the person may take this password, and may try now. Raises Invalid, MustWait, NotFound."""
    _invitation, staff = open_invitation(token, purpose="password", now=now)
    failures.check_wait(account=staff.sign_in_token, place=place, now=now)
    password_rules.check_for(staff, word)


def refuse(*, token: str, place: bytes, now: datetime) -> None:
    """Count a wrong code as a wrong try at the account."""
    _invitation, staff = open_invitation(token, purpose="password", now=now)
    failures.note_failure(account=staff.sign_in_token, place=place, staff_id=staff.id, now=now)


def choose(*, token: str, password_hash: str, code: str, asks_code: bool, now: datetime) -> None:
    """Keep the new password once the second factor was shown, the app's code or a recovery code; all sessions end.

    Raises WrongCode, NotFound.
    """
    invitation, staff = open_invitation(token, purpose="password", now=now, for_update=True)
    if asks_code and not second_factor.accept(staff, code, now=now) and recovery.use(staff, code, now=now) is None:
        raise WrongCode()
    staff.password_hash, invitation.used_at = password_hash, now
    vault.write(staff, notices.leave(vault.read(staff), "password"), rv=staff.rv)
    trail.record(Tag.PASSWORD_RESET, actor=None, now=now, obj=("staff", staff.id), writes=[staff])
    end_all(staff_id=staff.id, now=now)
