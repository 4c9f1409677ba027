"""Keyset paging: a list goes on from the last row's key, so that a page costs the same wherever it is.

The address carries only the sort key of the last row shown: times, ranks and random ids, never anything of a person.
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import request

from caseflow.core.errors import NotFound

PAGE_SIZE = 25
_LONGEST_CURSOR = 400
Key = tuple[str | int, ...]
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, with the address of the next rows and of the first ones (None when there are none)."""

    items: Sequence[Row]
    next_url: str | None = None
    first_url: str | None = None


def encode(key: Key) -> str:
    """The key of a row as text for an address."""
    return urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(text: str, *, length: int) -> Key:
    """The key in a text, with `length` parts of text or whole numbers.

    Raises NotFound when the text was not made by `encode`: to a reader that is an address which does not exist.
    """
    if len(text) > _LONGEST_CURSOR:
        raise NotFound
    try:
        parts = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise NotFound from None
    if not isinstance(parts, list) or len(parts) != length or not all(_plain(part) for part in parts):
        raise NotFound
    return tuple(parts)


def _plain(part: object) -> bool:
    if isinstance(part, str):
        return part.isprintable()
    return type(part) is int and -(2**63) <= part < 2**63


def after(*, length: int) -> Key | None:
    """The key this request asks to go on from; None on the first page. Raises NotFound for a made-up one."""
    text = request.args.get("after", "")
    return decode(text, length=length) if text else None


def after_moment() -> tuple[datetime, UUID] | None:
    """The same where rows are ordered by a moment and an id; the moment is aware."""
    key = after(length=2)
    if key is None:
        return None
    try:
        moment, last = datetime.fromisoformat(str(key[0])), UUID(str(key[1]))
    except ValueError:
        raise NotFound from None
    if moment.tzinfo is None:
        raise NotFound
    return moment, last


def page_of(rows: Sequence[Row], *, key: Callable[[Row], Key], size: int = PAGE_SIZE) -> Page[Row]:
    """A page from up to `size` + 1 rows: ask the query for one row more than is shown, to know whether more follow."""
    shown = rows[:size]
    more = len(rows) > size
    return Page(
        items=shown,
        next_url=_address(after=encode(key(shown[-1]))) if more else None,
        first_url=_address() if "after" in request.args else None,
    )


def _address(**extra: Any) -> str:
    """This page's address with its filters, and with `after` replaced."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "after"]
    query = urlencode([*kept, *extra.items()])
    return f"{request.path}?{query}" if query else request.path
