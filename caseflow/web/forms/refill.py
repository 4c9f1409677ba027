"""What somebody had typed when their session closed, put back into its form: drawn as after a mistake, never executed.

Accounts keeps the post sealed and offers it to the page of its form; the first form that asks all that was typed
takes it. Who asks for the page is shown their own words; the record behind it is as it was.
"""

import re
from collections.abc import Iterable
from typing import Any

from flask import g, has_request_context
from werkzeug.datastructures import MultiDict

# Posted with the rest, but not what a person wrote: ids, versions, buttons, the way on.
CARRIED = frozenset(
    {"csrf_token", "confirm_code", "confirm_recovery", "rv", "next", "draw", "then", "step", "back", "decision"}
)
# The button by which a person wants no record: what was typed with it is kept nowhere, not even sealed.
KEPT_NOWHERE = frozenset({"declined"})
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")

Sent = MultiDict[str, str]


def is_written(name: str, value: str) -> bool:
    """Whether a person wrote or chose this: neither empty nor carried along by the page."""
    return bool(value) and name not in CARRIED and not _ID.fullmatch(value)


def offer(sent: Iterable[tuple[str, str]]) -> None:
    """Offer what was typed to the forms of this page."""
    g.refill = MultiDict(sent)


def offered() -> Sent | None:
    """What is offered to this page, None on nearly all."""
    return g.get("refill") if has_request_context() else None


def take() -> None:
    """The page shows in its form what was offered."""
    g.refill_taken = True


def is_taken() -> bool:
    """Whether a form of this page shows what was offered."""
    return bool(g.get("refill_taken"))


def taken_by(form: Any) -> Sent | None:
    """What was offered, when this form asks all of it."""
    sent = offered()
    if sent is None or not all(_asks(form, name) for name, value in sent.items(multi=True) if is_written(name, value)):
        return None
    take()
    return sent


def _asks(form: Any, name: str) -> bool:
    """Whether the form has this control: a question, a part of one, or one inside an item."""
    return any(name == field.name or name.startswith(f"{field.name}-") for field in form)
