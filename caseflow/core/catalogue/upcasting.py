"""Brings a stored document up to the present release: one pure function for each release it passes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from caseflow.core.catalogue.loader import RELEASE, UnknownVersion, load

# What an older release asked in the record of one kind and this one asks in another: kept beside the answers.
MOVED: Final = "moved"
_RISK: Final = ("risk_level", "next_review_date")


def upcast(kind: str, doc: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document in the form of the current version; `doc["catalogue"]` names the one it was written with.

    Raises UnknownVersion for a version that this installation does not know, and UnknownKind.
    """
    load().kind(kind)
    while (version := doc.get("catalogue")) != RELEASE:
        step = _STEPS.get(version) if isinstance(version, str) else None
        if step is None:
            raise UnknownVersion
        doc = step(kind, doc)
    return doc


def _from_2026_1(kind: str, doc: Mapping[str, Any]) -> Mapping[str, Any]:
    """Risk level and next review left the safety record for an assessment of their own."""
    data = doc["data"]
    moved = {code: data[code] for code in _RISK if code in data} if kind == "safety" else {}
    stays = {code: value for code, value in data.items() if code not in moved}
    further = {MOVED: {"assessment": moved}} if moved else {}
    return {**doc, "catalogue": "2026.2", "data": stays, **further}


_STEPS: Final[Mapping[str, Callable[[str, Mapping[str, Any]], Mapping[str, Any]]]] = {"2026.1": _from_2026_1}
