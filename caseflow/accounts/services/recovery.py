"""Recovery codes: ten, each used once in place of the app's code when the phone is not there.

They are shown once. Only their keyed hashes are kept, inside the sealed record of the person.
"""

import hmac
from datetime import datetime
from uuid import UUID

from caseflow.accounts import queries, second_factor
from caseflow.accounts.models import Staff
from caseflow.core import trail, vault
from caseflow.core.numbers import canonical, recovery_code
from caseflow.core.policy import Actor
from caseflow.core.trail import Tag
from caseflow.core.words import gettext, speaking

COUNT = 10


def fresh(staff_id: UUID) -> tuple[list[str], dict[str, object]]:
    """Ten new codes, and what the person's record keeps of them: it voids all former ones."""
    codes = [recovery_code() for _ in range(COUNT)]
    return codes, {"recovery": [_kept(staff_id, one) for one in codes], "recovery_used": ""}


def renew(*, actor: Actor, now: datetime) -> list[str]:
    """Ten new codes for oneself; the former ones are void. They are returned once and nowhere kept."""
    staff = queries.get_staff(actor.user_id, for_update=True)
    codes, kept = fresh(staff.id)
    vault.write(staff, vault.read(staff) | kept, rv=staff.rv)
    about = ("staff", staff.id)
    trail.record(Tag.RECOVERY_MADE, actor=actor, now=now, obj=about, detail={"count": COUNT}, writes=[staff])
    return codes


def used(language: str) -> str:
    """Said at every sign-in until new codes are made: whoever holds the phone learns that somebody did without it."""
    with speaking(language):
        return gettext(
            "A recovery code of yours was used in place of your phone. If it was not you, change your password and "
            "tell your administrator. Otherwise set up your new phone, or make new codes, on the page of your account."
        )


def matches(staff: Staff, typed: str) -> bool:
    """Whether a code would be accepted; nothing is used up."""
    return _found(staff, typed) is not None


def use(staff: Staff, typed: str, *, now: datetime) -> int | None:
    """Use up a fitting code and return how many are left; None when none fits. The caller holds the row for update."""
    found = _found(staff, typed)
    if found is None:
        return None
    doc = vault.read(staff)
    left = [one for one in doc["recovery"] if one != found]
    vault.write(staff, doc | {"recovery": left, "recovery_used": now.isoformat()}, rv=staff.rv)
    about, detail = ("staff", staff.id), {"left": len(left)}
    trail.record(Tag.RECOVERY_USED, actor=None, now=now, obj=about, detail=detail, writes=[staff])
    return len(left)


def _found(staff: Staff, typed: str) -> str | None:
    """The stored hash that fits; all are compared, so that the time tells nothing."""
    wanted, found = _kept(staff.id, typed), None
    for one in vault.read(staff).get("recovery") or ():
        if hmac.compare_digest(one, wanted):
            found = one
    return found


def _kept(staff_id: UUID, code: str) -> str:
    plain = canonical("-" + code.translate(second_factor.DIGITS).replace("-", ""))
    return vault.pepper(f"recovery\0{staff_id}\0{plain}").hex()
