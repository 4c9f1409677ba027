"""What changed about somebody's way in, told once at their next sign-in: it may not have been they who changed it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from caseflow.accounts.models import Staff
from caseflow.core import trail, vault
from caseflow.core.trail import Tag
from caseflow.core.words import gettext, speaking

_WORDS: dict[str, Callable[[], str]] = {
    "password": lambda: gettext(
        "Your password was replaced with a one-time link. If it was not you, tell the data-protection person at once."
    ),
    "factor": lambda: gettext(
        "Your codes come from a new phone since your last sign-in. If it was not you, tell the data-protection person "
        "at once."
    ),
}


def leave(doc: dict[str, Any], what: str) -> dict[str, Any]:
    """The document of a member of staff with a notice (`password`, `factor`) for their next sign-in."""
    return doc | {"notices": [*(one for one in doc.get("notices", ()) if one != what), what]}


def take(staff: Staff, language: str, *, now: datetime) -> list[tuple[str, str]]:
    """The notices as messages of the next page; they are gone from the document then. The caller holds the row."""
    doc = vault.read(staff)
    waiting = doc.pop("notices", [])
    if not waiting:
        return []
    vault.write(staff, doc, rv=staff.rv)
    about, detail = ("staff", staff.id), {"changed": ["notices"]}
    trail.record(Tag.PERSON_CHANGED, actor=None, now=now, obj=about, detail=detail, writes=[staff])
    with speaking(language):
        return [("warn", _WORDS[one]()) for one in waiting]
