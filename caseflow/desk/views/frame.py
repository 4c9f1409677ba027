"""What the pages of the desk share."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Blueprint

from caseflow.core.vault import SealBroken
from caseflow.web.refusals import note_broken_seal

blueprint = Blueprint("desk", __name__)
Found = TypeVar("Found")


def or_broken(read: Callable[[], Found]) -> Found | None:
    """What `read` finds; None, and recorded, when its seal does not open. The page then says so in that place."""
    try:
        return read()
    except SealBroken as error:
        note_broken_seal(error)
        return None


def note_broken(rows: Iterable[Any]) -> None:
    """Record every row whose seal did not open; the rest of the page goes on."""
    for row in rows:
        error = getattr(row, "error", None) or getattr(row, "broken", None)
        if error:
            note_broken_seal(error)
