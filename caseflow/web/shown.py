"""What this sign-in has opened after a recorded tap: ids only, never what was read. It ends with the session."""

from uuid import UUID

from flask import session

_ONE, _CASELOAD = "shown", "caseload_shown"
_MOST = 50  # the oldest close first, so that a long day does not leave everything open


def show(record_id: UUID) -> None:
    """Remember that the names of one case were opened."""
    kept = [one for one in session.get(_ONE, []) if one != str(record_id)]
    session[_ONE] = [*kept, str(record_id)][-_MOST:]


def is_shown(record_id: UUID) -> bool:
    """Whether the names of this case were opened in this sign-in."""
    return str(record_id) in session.get(_ONE, [])


def show_caseload() -> None:
    """Remember that the names of one's own caseload were opened."""
    session[_CASELOAD] = True


def is_caseload_shown() -> bool:
    """Whether the names of one's own caseload were opened in this sign-in."""
    return bool(session.get(_CASELOAD))


def hide_caseload() -> None:
    """Close the names again: of the caseload, and of every single case."""
    session.pop(_CASELOAD, None)
    session.pop(_ONE, None)
