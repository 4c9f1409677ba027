"""Plain JSON into frozen dataclasses and back, strictly: nothing missing, nothing extra, nothing of another type."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from caseflow.core.press.errors import Malformed

Shape = TypeVar("Shape")


def read(shape: type[Shape], document: object, where: str = "") -> Shape:
    """The document as this dataclass; raises Malformed with the path of the first part that does not fit."""
    if not isinstance(document, Mapping):
        raise Malformed(field=where or "document")
    hints = get_type_hints(shape)
    known = {field.name: field for field in fields(cast(Any, shape))}
    if extra := sorted(str(name) for name in set(document) - set(known)):
        raise Malformed(field=_path(where, extra[0]))
    values: dict[str, Any] = {}
    for name, field in known.items():
        if name in document:
            values[name] = _value(hints[name], document[name], _path(where, name))
        elif field.default is MISSING:
            raise Malformed(field=_path(where, name))
    return shape(**values)


def write(thing: Any) -> dict[str, Any]:
    """The dataclass as plain JSON data: lists for tuples, so that it is equal to itself after a round trip."""
    return cast(dict[str, Any], _plain(asdict(thing)))


def _path(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _value(hint: Any, value: object, where: str) -> Any:
    if isinstance(hint, types.UnionType):
        return None if value is None else _value(get_args(hint)[0], value, where)
    if get_origin(hint) is tuple:
        if not isinstance(value, list | tuple):
            raise Malformed(field=where)
        return tuple(_value(get_args(hint)[0], item, f"{where}.{at}") for at, item in enumerate(value))
    if is_dataclass(hint):
        return read(cast(type[Any], hint), value, where)
    if type(value) is not hint:
        raise Malformed(field=where)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
