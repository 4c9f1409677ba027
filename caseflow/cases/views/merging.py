"""Two people wrote at once: what differs, answer by answer and item by item, and the form with what was chosen."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from caseflow.cases import forms
from caseflow.core import catalogue
from caseflow.core.catalogue import Field, Kind, Section
from caseflow.core.words import language
from caseflow.web.forms import as_sent, item_as_sent

_PARTS = ("", "-day", "-month", "-year")
_KEEP = "keep-"


def differences(kind: Kind, mine: Mapping[str, Any], stored: Mapping[str, Any]) -> list[dict[str, str]]:
    """A row for each answer that differs, and for each item of a repeat that does."""
    fields = [kind.field(code) for code in catalogue.diff(kind, mine, stored)]
    return [row for field in fields for row in _rows(field, mine.get(field.code), stored.get(field.code))]


def asks_for_stored() -> bool:
    """Whether the post wants stored answers put into the form."""
    return any(name.startswith(_KEEP) and value == "theirs" for name, value in request.form.items(multi=True))


def carried() -> list[tuple[str, str]]:
    """What was typed, as the comparison carries it along unseen."""
    return [(name, value) for name, value in request.form.items(multi=True) if not _own(name)]


def merged(sections: Iterable[Section], stored: Mapping[str, Any]) -> "MultiDict[str, str]":
    """What was posted, with the stored answer wherever the comparison said so."""
    sent = MultiDict(request.form.items(multi=True))
    for field in [field for section in sections for field in section.fields]:
        if field.items:
            _merge_items(sent, field, stored.get(field.code) or [])
        elif sent.get(_KEEP + field.code) == "theirs":
            for part in _PARTS:
                sent.poplist(field.code + part)
            _put(sent, as_sent(field.code, stored.get(field.code)))
    return sent


def _rows(field: Field, mine: Any, theirs: Any) -> list[dict[str, str]]:
    if not field.items:
        told = (catalogue.in_words(field, value, language()) for value in (mine, theirs))
        return [_row(field.code, field.label[language()], *told)]
    own, others = _by_id(mine), _by_id(theirs)
    keys = [*own, *(key for key in others if key not in own)]
    return [
        _row(f"{field.code}-{key}", catalogue.name_of_item(field, _place(key, own, others), language()), *told)
        for key in keys
        if own.get(key) != others.get(key)
        for told in [[catalogue.item_in_words(field, items.get(key), language()) for items in (own, others)]]
    ]


def _row(code: str, label: str, mine: str, theirs: str) -> dict[str, str]:
    """A row of the comparison. What only the other one wrote is kept unless one says otherwise: nothing is lost."""
    in_item = "-" in code
    return {"code": code, "label": label, "mine": mine, "theirs": theirs, "keep": _first(mine, theirs, in_item)}


def _first(mine: str, theirs: str, in_item: bool) -> str:
    return "theirs" if in_item and theirs and not mine else "mine"


def _by_id(items: Any) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in items or ()}


def _place(key: str, *sides: dict[str, dict[str, Any]]) -> int:
    """Where an item stands, counted from one, in the first list that has it."""
    return next(list(side).index(key) + 1 for side in sides if key in side)


def _merge_items(sent: "MultiDict[str, str]", field: Field, stored: list[dict[str, Any]]) -> None:
    """Put in, or take out, each item of which the stored version was chosen; one that is new keeps its place."""
    keys = sent.getlist(field.code)
    known = _by_id(stored)
    for name in [name for name in sent if name.startswith(f"{_KEEP}{field.code}-") and sent[name] == "theirs"]:
        key = name.removeprefix(f"{_KEEP}{field.code}-")
        for inside in [one for one in sent if one.startswith(f"{field.code}-{key}-")]:
            sent.poplist(inside)
        if key not in known:
            keys = [one for one in keys if one != key]
            continue
        _put(sent, [pair for pair in item_as_sent(field.code, known[key]) if pair[0] != field.code])
        if key not in keys:
            keys.insert(_place(key, known) - 1, key)
    if keys or field.code in sent:
        sent.setlist(field.code, keys)


def _put(sent: "MultiDict[str, str]", pairs: Iterable[tuple[str, str]]) -> None:
    for name, value in pairs:
        sent.add(name, value)


def _own(name: str) -> bool:
    return name in (*forms.UNKEPT, "rv", "record_id") or name.startswith(_KEEP)
