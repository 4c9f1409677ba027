"""Let people in: password, then second factor. The same answer, status and work for every name that does not fit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.accounts import queries, second_factor
from caseflow.accounts.models import Staff, StaffSession
from caseflow.accounts.services import failures, notices, passwords, recovery, sessions
from caseflow.accounts.services.people import sign_in_token
from caseflow.accounts.services.sessions import replace_session, start_session
from caseflow.core import trail, vault
from caseflow.core.db import session
from caseflow.core.errors import CaseFlowError
from caseflow.core.trail import Tag
from caseflow.core.words import N_, ngettext, speaking


class WrongSignIn(CaseFlowError):
    """Name and password do not fit, or the account is not open: one answer for all of these."""

    status = 422
    message = N_("This name and password do not fit together. Check both, then try again.")


class WrongCode(CaseFlowError):
    """A second-factor code that does not fit or was used before."""

    status = 422
    message = N_("This code does not fit, or was used before. Wait for the next one.")


@dataclass(frozen=True)
class Checked:
    """The outcome of the slow part. `account` stands for the typed name, whether anybody has it or not."""

    account: bytes
    staff_id: UUID | None
    fits: bool
    new_hash: str = ""


@dataclass(frozen=True)
class Browser:
    """What is known of the browser: the token of its place, a coarse kind for the trail, its language, its session."""

    place: bytes
    device: str = ""
    language: str = ""
    former: UUID | None = None
    family: str = ""
    platform: str = ""

    @property
    def kept(self) -> dict[str, str]:
        """What a session remembers of it, sealed."""
        return {"browser": self.family, "platform": self.platform}


def check_password(*, sign_in: str, word: str, place: bytes, cost: passwords.Cost, now: datetime) -> Checked:
    """Compare a password: the slow part, done outside any write, with one hash for every name. Raises MustWait."""
    account = sign_in_token(sign_in)
    failures.check_wait(account=account, place=place, now=now)
    staff = session().scalars(select(Staff).where(Staff.sign_in_token == account)).first()
    stored = staff.password_hash if staff else ""
    fits = passwords.fits(stored, word, cost=cost) and staff is not None and staff.state == "active"
    renew = fits and passwords.is_dated(stored, cost=cost)
    new_hash = passwords.hash_password(word, cost=cost) if renew else ""
    return Checked(account, staff.id if staff else None, fits, new_hash)


def refuse(checked: Checked, *, place: bytes, now: datetime) -> None:
    """Count a sign-in that did not fit."""
    failures.note_failure(account=checked.account, place=place, staff_id=checked.staff_id, now=now)


def enter(checked: Checked, *, browser: Browser, asks_code: bool, now: datetime) -> str:
    """The token of a new session after a fitting password: half-way when a code is still asked, else full.

    Raises MustWait when other tries from this place closed the door meanwhile, WrongSignIn when the account did.
    """
    failures.check_wait(account=checked.account, place=browser.place, now=now)
    staff = _active(checked.staff_id)
    if checked.new_hash:
        staff.password_hash = checked.new_hash
        detail = {"changed": ["password_hash"]}
        trail.record(Tag.PERSON_CHANGED, actor=None, now=now, obj=("staff", staff.id), detail=detail, writes=[staff])
    if not asks_code:
        return _open(staff, browser=browser, confirmed=False, now=now)
    if browser.former:
        replace_session(session_id=browser.former, now=now)
    return start_session(staff=staff, level="password", now=now, data={"language": _language(staff, browser)})[0]


def check_code(*, staff_id: UUID, code: str, place: bytes, now: datetime) -> bool:
    """Whether a code fits now; nothing is used up yet. Raises MustWait."""
    staff = queries.get_staff(staff_id)
    failures.check_wait(account=staff.sign_in_token, place=place, now=now)
    seed = vault.read(staff).get("totp_seed", "")
    return bool(seed) and second_factor.matching_step(seed, code, now=now) is not None


def refuse_code(*, staff_id: UUID, place: bytes, now: datetime) -> None:
    """Count a wrong code as a wrong try at the account."""
    account = queries.get_staff(staff_id).sign_in_token
    failures.note_failure(account=account, place=place, staff_id=staff_id, now=now)


def enter_with_code(*, staff_id: UUID, code: str, browser: Browser, now: datetime) -> str:
    """The token of a full session; the half-way one is dead. Raises WrongCode, MustWait, WrongSignIn."""
    staff = _active(staff_id)
    failures.check_wait(account=staff.sign_in_token, place=browser.place, now=now)
    if not second_factor.accept(staff, code, now=now):
        raise WrongCode()
    return _open(staff, browser=browser, confirmed=True, now=now)


def check_recovery(*, staff_id: UUID, code: str, place: bytes, now: datetime) -> bool:
    """Whether a recovery code fits; nothing is used up yet. Raises MustWait."""
    staff = queries.get_staff(staff_id)
    failures.check_wait(account=staff.sign_in_token, place=place, now=now)
    return recovery.matches(staff, code)


def enter_with_recovery(*, staff_id: UUID, code: str, browser: Browser, now: datetime) -> str:
    """The token of a full session for a recovery code, which is used up; every other session of the person is told.

    Raises WrongCode, MustWait, WrongSignIn.
    """
    staff = _active(staff_id)
    failures.check_wait(account=staff.sign_in_token, place=browser.place, now=now)
    left = recovery.use(staff, code, now=now)
    if left is None:
        raise WrongCode()
    sessions.tell(staff_id=staff.id, kind="warn", say=recovery.used)
    return _open(staff, browser=browser, confirmed=True, now=now)


def _active(staff_id: UUID | None) -> Staff:
    staff = queries.get_staff(staff_id, for_update=True) if staff_id else None
    if staff is None or staff.state != "active":
        raise WrongSignIn()
    return staff


def _open(staff: Staff, *, browser: Browser, confirmed: bool, now: datetime) -> str:
    data: dict[str, Any] = {"language": _language(staff, browser)}
    if tries := failures.tries_since(account=staff.sign_in_token, since=_last_sign_in(staff, now)):
        data["_flashes"] = [("warn", _told(tries, data["language"]))]
    if vault.read(staff).get("recovery_used"):
        data["_flashes"] = [*data.get("_flashes", ()), ("warn", recovery.used(data["language"]))]
    if news := notices.take(staff, data["language"], now=now):
        data["_flashes"] = [*data.get("_flashes", ()), *news]
    failures.forgive(account=staff.sign_in_token, place=browser.place)
    if browser.former:
        replace_session(session_id=browser.former, now=now)
    token, made = start_session(staff=staff, level="full", now=now, confirmed=confirmed, data=data, device=browser.kept)
    actor = queries.actor_for(staff, now=now, session_id=made.id)
    detail = {"device": browser.device}
    trail.record(Tag.SIGN_IN, actor=actor, now=now, obj=("staff_session", made.id), detail=detail)
    return token


def _language(staff: Staff, browser: Browser) -> str:
    return browser.language or vault.read(staff).get("language", "en")


def _last_sign_in(staff: Staff, now: datetime) -> datetime:
    query = (
        select(StaffSession.created_at)
        .where(StaffSession.staff_id == staff.id, StaffSession.level == "full")
        .order_by(StaffSession.created_at.desc())
    )
    return session().scalars(query).first() or now


def _told(tries: int, language: str) -> str:
    """Said once in the app, so that the person can tell their own slips from somebody else's tries."""
    with speaking(language):
        return ngettext(
            "There was %(num)s wrong try to sign in with your name. If it was not you, tell your administrator.",
            "There were %(num)s wrong tries to sign in with your name. If it was not you, tell your administrator.",
            tries,
        )
