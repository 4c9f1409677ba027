"""Random numbers that people read aloud: no year, office or sex in them, and no letter that looks like another."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_ALIKE = str.maketrans("ILO", "110")


def _draw(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def case_number() -> str:
    """Like CF-7K4M-2QX9: 40 random bits."""
    return f"CF-{_draw(4)}-{_draw(4)}"


def referral_number() -> str:
    """Like R-5T2N-8WKD: 40 random bits."""
    return f"R-{_draw(4)}-{_draw(4)}"


def audit_number() -> str:
    """Like AU-9F3K-2M."""
    return f"AU-{_draw(4)}-{_draw(2)}"


def check_code() -> str:
    """Like 4BE7-90A2, printed on a letter beside its number; it opens nothing, it only tells a copy from a forgery."""
    return f"{_draw(4)}-{_draw(4)}"


def recovery_code() -> str:
    """Like 4BE7-90A2-KQ5T: 60 random bits, typed in place of the code of a lost phone."""
    return f"{_draw(4)}-{_draw(4)}-{_draw(4)}"


def canonical(typed: str) -> str:
    """A number as somebody typed or read it, in its stored form (case and confusable letters forgiven)."""
    prefix, dash, rest = typed.strip().upper().replace(" ", "").partition("-")
    return prefix + dash + rest.translate(_ALIKE)
