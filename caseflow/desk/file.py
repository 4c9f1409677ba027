"""The file of a case as its task list: which records belong to it, how far each is, what a new screening opened."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.cases.states import CaseState
from caseflow.core import catalogue
from caseflow.core.vault import SealBroken

FILE = ("screening", "person", "identity", "safety", "assessment", "trafficking", "smuggling", "journey")
# Until intake is over its answers are what is missing; then those that an assessment needs.
_EARLY = frozenset({CaseState.SCREENING, CaseState.INTAKE})
TOLD_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Part:
    """One kind of record in the task list of a file. `open` counts answers that the present stage still needs."""

    kind: str
    done: int = 0
    asked: int = 0
    open: int = 0
    error: SealBroken | None = None


@dataclass(frozen=True)
class Turn:
    """The latest screening says another type of case than the one before. `opened` are sections not yet begun."""

    old: str
    new: str
    at: datetime
    opened: list[str]


def stage_of(case: Case) -> str:
    """The stage whose answers the task list asks for."""
    return "I" if CaseState(case.state) in _EARLY else "A"


def file_of(case: Case, *, today: date) -> list[Part]:
    """How far each kind of record is that belongs to this case, or in which something is written already."""
    known = _known(case, today)
    return [part for kind in FILE if (part := _part(case, kind, known)) is not None]


def turn_of(case: Case, *, now: datetime) -> Turn | None:
    """What a new screening changed, until the sections it opened are begun, at least for a week; None for nothing.

    Raises SealBroken.
    """
    found = [(record.created_at, cases.read_record(record)) for record in cases.records_of(case.id, "screening")]
    said = [(at, data["case_type"]) for at, data in found if data.get("case_type")]
    if len(said) < 2 or said[-1][1] == said[-2][1]:
        return None
    (_, old), (at, new) = said[-2:]
    opened = [kind for kind in FILE if _opens(kind, old, new) and not cases.records_of(case.id, kind)]
    return Turn(old, new, at, opened) if opened or now - at < TOLD_FOR else None


def _opens(kind: str, old: str, new: str) -> bool:
    asked = catalogue.load().kind(kind)
    return catalogue.is_asked(asked, {"case_type": new}) and not catalogue.is_asked(asked, {"case_type": old})


def _known(case: Case, today: date) -> dict[str, Any]:
    """The facts of the case, once for all parts; without those of a record that does not open, whose part says so."""
    try:
        return cases.facts(case.id, "assessment", today=today)
    except SealBroken:
        return {"today": today.isoformat()}


def _part(case: Case, kind: str, known: dict[str, Any]) -> Part | None:
    whole = catalogue.load().kind(kind)
    try:
        data = cases.data_of(case.id, kind)
    except SealBroken as error:
        return Part(kind, error=error)
    if not data and not catalogue.is_asked(whole, known):
        return None
    done, asked = catalogue.complete_count(whole, data, facts=known)
    needed = catalogue.missing(catalogue.RELEASE, kind, data, stage_of(case), known)
    return Part(kind, done, asked, len(needed))
