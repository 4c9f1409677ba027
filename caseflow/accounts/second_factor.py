"""TOTP (RFC 6238): six digits, 30 seconds, one step either way; each time step is accepted once."""

import hmac
from datetime import datetime

import pyotp

from caseflow.accounts.models import Staff
from caseflow.core import vault

STEP_SECONDS = 30
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


def new_seed() -> str:
    """A random seed, base32, 160 bits."""
    return pyotp.random_base32()


def address(seed: str, *, account: str) -> str:
    """The otpauth address that a QR code carries; `account` is the sign-in name, never a real person served."""
    return pyotp.TOTP(seed).provisioning_uri(name=account, issuer_name="CaseFlow")


def matching_step(seed: str, code: str, *, now: datetime) -> int | None:
    """The time step whose code this is, one step early or late included; None when none fits."""
    typed = code.translate(DIGITS).replace(" ", "")
    here = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(seed)
    found = None
    for step in (here - 1, here, here + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), typed.encode("utf-8", "replace")):
            found = step
    return found


def accept(staff: Staff, code: str, *, now: datetime) -> bool:
    """True once for a fitting code; the caller holds the staff row for update."""
    seed = vault.read(staff).get("totp_seed", "")
    step = matching_step(seed, code, now=now) if seed else None
    if step is None or step <= staff.totp_step:
        return False
    staff.totp_step = step
    return True
