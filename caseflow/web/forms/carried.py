"""What a form carries unseen: the version it rests on, and the id of what it makes. Both come back from a browser."""

from uuid import UUID

# No record has this version: a form whose field was tampered with counts as a stale one.
NO_VERSION = -1
_MOST_DIGITS = 9


def version_of(text: str | None) -> int:
    """The version in a hidden field, NO_VERSION when what was sent is none."""
    sent = text or ""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= _MOST_DIGITS else NO_VERSION


def id_of(text: str | None, otherwise: UUID) -> UUID:
    """The id in a hidden field, `otherwise` when what was sent is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return otherwise
