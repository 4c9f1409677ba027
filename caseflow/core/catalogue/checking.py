"""Checks a record against its kind: refuses what is ill-formed, never what is missing."""

from collections.abc import Mapping
from typing import Any

from caseflow.core.catalogue.conditions import holds, names
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.loader import load
from caseflow.core.catalogue.model import Field, Kind, Problem, Stage, Value
from caseflow.core.catalogue.values import clean, is_item_id

ITEM_ID = "id"
_WHOLE = ""
_TODAY = "today"


def check(
    version: str,
    kind: str,
    data: Mapping[str, Any],
    facts: Mapping[str, Any],
    former: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Value], list[Problem]]:
    """The well-formed answers in their stored form, and what is wrong with the others.

    `facts` are known outside the record: `today` (ISO date, the office's) refuses later dates, other names
    serve conditions. `former` are the answers as they are stored: one that facts have closed since then stays as long
    as it is not changed. A problem inside a repeat names `field-item id-question`. Checking clean answers again changes
    nothing. Raises UnknownVersion and UnknownKind.
    """
    fields = load(version).kind(kind)
    if not isinstance(data, Mapping):
        return {}, [Problem(_WHOLE, "not_a_record", {})]
    known = {field.code for field in fields.fields}
    strangers = sum(1 for code in data if code not in known)
    problems = [Problem(_WHOLE, "unknown_field", {"count": strangers})] if strangers else []
    answers: dict[str, Value] = {}
    for field in fields.fields:
        raw = data.get(field.code)
        if raw is not None and raw == (former or {}).get(field.code) and rests_outside(fields, field):
            answers[field.code] = raw
        else:
            _take(field, raw, answers, facts, problems)
    return answers, problems


def applies(field: Field, data: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether a question is asked, given the stored answers of its record and outside facts."""
    return holds(field.condition, {**facts, **data})


def is_asked(kind: Kind, facts: Mapping[str, Any]) -> bool:
    """Whether a kind of record belongs to a case of which these facts are known."""
    return holds(kind.condition, facts)


def rests_outside(kind: Kind, field: Field) -> bool:
    """Whether facts outside the record alone decide if the question is asked."""
    asked = set(names(field.condition))
    return bool(asked) and asked.isdisjoint(one.code for one in kind.fields)


def missing(version: str, kind: str, data: Mapping[str, Any], stage: str, facts: Mapping[str, Any]) -> list[str]:
    """Codes of the questions that apply, are required at `stage` or before it, and have no answer.

    A repeat counts as open, too, while one of its items lacks an answer that it needs. Life-cycle guards ask this;
    saving never does. Raises UnknownVersion and UnknownKind.
    """
    limit = Stage(stage).rank
    return [
        field.code
        for field in load(version).kind(kind).fields
        if (_is_due(field, limit) and data.get(field.code) is None) or _lacks(field, data, limit)
        if applies(field, data, facts)
    ]


def complete_count(
    kind: Kind, data: Mapping[str, Any], section: str | None = None, facts: Mapping[str, Any] | None = None
) -> tuple[int, int]:
    """How many of the questions that apply have an answer, and how many apply: "9 of 12". A repeat is one question."""
    fields = kind.fields if section is None else kind.section(section).fields
    asked = [field for field in fields if applies(field, data, facts or {})]
    return sum(1 for field in asked if data.get(field.code) is not None), len(asked)


def messages_by_field(problems: list[Problem]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The first message and its parameters for each field, as `core.errors.Invalid` takes them."""
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for problem in problems:
        found.setdefault(problem.field, (problem.message, problem.params))
    return found


def _is_due(field: Field, limit: int) -> bool:
    return field.required_at is not None and field.required_at.rank <= limit


def _lacks(field: Field, data: Mapping[str, Any], limit: int) -> bool:
    """Whether an item of a repeat lacks an answer that it needs."""
    needed = [inner.code for inner in field.items if _is_due(inner, limit)]
    return any(item.get(code) is None for code in needed for item in data.get(field.code) or ())


def _take(
    field: Field,
    raw: object,
    answers: dict[str, Value],
    facts: Mapping[str, Any],
    problems: list[Problem],
    at: str = "",
) -> None:
    """Clean one answer into `answers`, or say in `problems` why not; `at` names the item it belongs to."""
    try:
        value = _items(field, raw, {**facts, **answers}, problems) if field.items else clean(field, raw)
        if value is not None and field.past:
            _refuse_future(value, facts)
    except Fault as fault:
        problems.append(Problem(at + field.code, fault.code, fault.params))
        return
    if value is None:
        return
    if applies(field, answers, facts):
        answers[field.code] = value
    elif not _rests_on_problem(field, problems, at):
        problems.append(Problem(at + field.code, "not_applicable", {}))


def _items(field: Field, raw: object, facts: Mapping[str, Any], problems: list[Problem]) -> list[dict[str, Any]] | None:
    """The items of a repeat in their order, without those in which nothing was answered; raises Fault."""
    if raw is None or raw == "":
        return None
    if not isinstance(raw, list | tuple) or not all(isinstance(one, Mapping) for one in raw):
        raise Fault("wrong_type")
    if len(raw) > field.maximum:
        raise Fault("too_many", limit=field.maximum, count=len(raw))
    ids = [one.get(ITEM_ID) for one in raw]
    if not all(is_item_id(one) for one in ids) or len(set(ids)) < len(ids):
        raise Fault("wrong_type")
    found = [_item(field, one, facts, problems) for one in raw]
    return [one for one in found if len(one) > 1] or None


def _item(field: Field, raw: Mapping[str, Any], facts: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    strangers = raw.keys() - {ITEM_ID} - {inner.code for inner in field.items}
    if strangers:
        raise Fault("unknown_field", count=len(strangers))
    item: dict[str, Value] = {}
    for inner in field.items:
        _take(inner, raw.get(inner.code), item, facts, problems, f"{field.code}-{raw[ITEM_ID]}-")
    return {ITEM_ID: raw[ITEM_ID], **item}


def _rests_on_problem(field: Field, problems: list[Problem], at: str) -> bool:
    """Whether the condition asks for an answer that is itself wrong: one message is enough then."""
    wrong = {problem.field for problem in problems}
    return any(name in wrong or at + name in wrong for name in names(field.condition))


def _refuse_future(value: Value, facts: Mapping[str, Any]) -> None:
    """A year or month is in the future only when it begins after today."""
    today = facts.get(_TODAY)
    if isinstance(value, str) and isinstance(today, str) and value > today[: len(value)]:
        raise Fault("future")
