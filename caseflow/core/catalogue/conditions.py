"""When a question applies: a tree of all, any, eq, in and known over earlier answers and outside facts."""

from collections.abc import Iterator, Mapping
from typing import Any

_ONE_NAME = ("eq", "in", "known")


def holds(condition: Mapping[str, Any] | None, values: Mapping[str, Any]) -> bool:
    """Whether a condition is true of these values; without a condition, yes.

    A value that is a list (several answers) equals a code when it contains it. Raises ValueError for an
    unknown operator, which is a mistake in the data files and not in what somebody typed.
    """
    if condition is None:
        return True
    ((operator, operand),) = condition.items()
    match operator:
        case "all":
            return all(holds(part, values) for part in operand)
        case "any":
            return any(holds(part, values) for part in operand)
        case "known":
            return values.get(operand) is not None
        case "eq":
            return operand[1] in _answers(values, operand[0])
        case "in":
            return any(answer in operand[1] for answer in _answers(values, operand[0]))
    raise ValueError(f"unknown operator {operator}")


def names(condition: Mapping[str, Any] | None) -> Iterator[str]:
    """The fields and facts that a condition asks for."""
    if condition is None:
        return
    ((operator, operand),) = condition.items()
    if operator in _ONE_NAME:
        yield operand if operator == "known" else operand[0]
        return
    for part in operand:
        yield from names(part)


def _answers(values: Mapping[str, Any], name: str) -> list[Any]:
    value = values.get(name)
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
