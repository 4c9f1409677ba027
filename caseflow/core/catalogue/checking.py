"""Checks a record against its kind: refuses what is ill-formed, never what is missing."""

from collections.abc import Mapping
from typing import Any

from caseflow.core.catalogue.conditions import holds, names
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.loader import load
from caseflow.core.catalogue.model import Field, Kind, Problem, Stage, Value
from caseflow.core.catalogue.values import clean

_WHOLE = ""
_TODAY = "today"


def check(
    version: str, kind: str, data: Mapping[str, Any], facts: Mapping[str, Any]
) -> tuple[dict[str, Value], list[Problem]]:
    """The well-formed answers in their stored form, and what is wrong with the others.

    `facts` are known outside the record: `today` (ISO date, the office's) refuses later dates, other names
    serve conditions. Checking clean answers again changes nothing. Raises UnknownVersion and UnknownKind.
    """
    fields = load(version).kind(kind)
    if not isinstance(data, Mapping):
        return {}, [Problem(_WHOLE, "not_a_record", {})]
    known = {field.code for field in fields.fields}
    strangers = sum(1 for code in data if code not in known)
    problems = [Problem(_WHOLE, "unknown_field", {"count": strangers})] if strangers else []
    answers: dict[str, Value] = {}
    for field in fields.fields:
        _take(field, data.get(field.code), answers, facts, problems)
    return answers, problems


def applies(field: Field, data: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether a question is asked, given the stored answers of its record and outside facts."""
    return holds(field.condition, {**facts, **data})


def missing(version: str, kind: str, data: Mapping[str, Any], stage: str, facts: Mapping[str, Any]) -> list[str]:
    """Codes of the questions that apply, are required at `stage` or before it, and have no answer.

    Life-cycle guards ask this; saving never does. Raises UnknownVersion and UnknownKind.
    """
    limit = Stage(stage).rank
    return [
        field.code
        for field in load(version).kind(kind).fields
        if field.required_at is not None and field.required_at.rank <= limit
        if data.get(field.code) is None and applies(field, data, facts)
    ]


def complete_count(
    kind: Kind, data: Mapping[str, Any], section: str | None = None, facts: Mapping[str, Any] | None = None
) -> tuple[int, int]:
    """How many of the questions that apply have an answer, and how many apply: "9 of 12"."""
    fields = kind.fields if section is None else kind.section(section).fields
    asked = [field for field in fields if applies(field, data, facts or {})]
    return sum(1 for field in asked if data.get(field.code) is not None), len(asked)


def messages_by_field(problems: list[Problem]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The first message and its parameters for each field, as `core.errors.Invalid` takes them."""
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for problem in problems:
        found.setdefault(problem.field, (problem.message, problem.params))
    return found


def _take(
    field: Field, raw: object, answers: dict[str, Value], facts: Mapping[str, Any], problems: list[Problem]
) -> None:
    """Clean one answer into `answers`, or say in `problems` why not."""
    try:
        value = clean(field, raw)
        if value is not None and field.past:
            _refuse_future(value, facts)
    except Fault as fault:
        problems.append(Problem(field.code, fault.code, fault.params))
        return
    if value is None:
        return
    if applies(field, answers, facts):
        answers[field.code] = value
    elif not _rests_on_problem(field, problems):
        problems.append(Problem(field.code, "not_applicable", {}))


def _rests_on_problem(field: Field, problems: list[Problem]) -> bool:
    """Whether the condition asks for an answer that is itself wrong: one message is enough then."""
    wrong = {problem.field for problem in problems}
    return any(name in wrong for name in names(field.condition))


def _refuse_future(value: Value, facts: Mapping[str, Any]) -> None:
    """A year or month is in the future only when it begins after today."""
    today = facts.get(_TODAY)
    if isinstance(value, str) and isinstance(today, str) and value > today[: len(value)]:
        raise Fault("future")
