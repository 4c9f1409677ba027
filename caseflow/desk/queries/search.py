"""What the one search box finds."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from uuid import UUID

from caseflow.cases import queries as cases
from caseflow.core.errors import Invalid
from caseflow.core.numbers import canonical
from caseflow.core.policy import Actor


def keys_of(text: str) -> list[str]:
    """What a text in the one search box may be: numbers are looked up exactly, letters as code name and name too."""
    if _WHOLE_NUMBER.fullmatch(canonical(text[:40])):
        return ["number"]
    letters = any(character.isalpha() for character in text)
    digits = any(character.isdigit() for character in text)
    if not letters:
        return ["cnic", "phone"] if digits else []
    return ["number", "passport", "code_name", "name"] if digits else ["code_name", "name"]


def search(actor: Actor, text: str, keys: Iterable[str]) -> list[cases.CaseRow]:
    """Cases the actor may see that `text` finds by one of these keys, each once, newest change first.

    A text that cannot be, say, a passport number finds nothing by it; that is no mistake of who typed it.
    """
    found: dict[UUID, cases.CaseRow] = {}
    for key in keys:
        with suppress(Invalid):
            found |= {row.id: row for row in _SEARCHES[key](actor, text)}
    return sorted(found.values(), key=lambda row: (row.updated_at, row.id), reverse=True)


_WHOLE_NUMBER = re.compile("CF-[0-9A-Z]{4}-[0-9A-Z]{4}")
_SEARCHES: dict[str, Callable[[Actor, str], list[cases.CaseRow]]] = {
    "number": cases.number_lookup,
    "code_name": cases.find_by_code_name,
    "cnic": lambda actor, text: cases.find_same(actor, cnic=text),
    "passport": lambda actor, text: cases.find_same(actor, passport=text),
    "phone": lambda actor, text: cases.find_same(actor, phone=text),
    "name": lambda actor, text: cases.find_same(actor, name=text),
}
