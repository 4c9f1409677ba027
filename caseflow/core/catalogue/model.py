"""What the catalogue is made of: immutable descriptions of kinds, sections, fields and code lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum
from functools import cached_property
from typing import Any

from caseflow.core.catalogue.messages import MESSAGES
from caseflow.core.words import gettext

# A stored answer: JSON of the plainest kind, so that every release and every tool can read it.
Value = str | int | bool | list[str] | list[dict[str, Any]]


class FieldType(StrEnum):
    """How an answer is given and stored; the stored form is always plain JSON."""

    TEXT = "text"
    LONGTEXT = "longtext"
    CODE = "code"
    CODES = "codes"
    TICK = "tick"
    NUMBER = "number"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    TIME = "time"
    CNIC = "cnic"
    PASSPORT = "passport"
    PHONE = "phone"
    EMAIL = "email"
    REPEAT = "repeat"


class DataClass(StrEnum):
    """How sensitive a value is, from operational to third persons and crime; the order is that of `RANK`."""

    O = "O"  # noqa: E741  the letter of the standard table
    P = "P"
    D = "D"
    S = "S"
    X = "X"

    @property
    def rank(self) -> int:
        """0 for operational data, 4 for data on third persons or crime."""
        return list(DataClass).index(self)


class Stage(StrEnum):
    """The step of the life cycle at which an answer must be there."""

    SCREENING = "S"
    INTAKE = "I"
    ASSESSMENT = "A"
    PLAN = "P"
    REFERRAL = "R"
    CLOSURE = "C"

    @property
    def rank(self) -> int:
        """0 for screening, 5 for closure."""
        return list(Stage).index(self)


@dataclass(frozen=True, eq=False)
class Row:
    """One entry of a code list; `extra` holds the further columns (HTCDS name, source, and so on)."""

    code: str
    label: Mapping[str, str]
    extra: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class CodeList:
    """A closed list of answers. `pinned` rows come first; with it, the others are shown by their label."""

    name: str
    rows: tuple[Row, ...] = attribute(repr=False)
    pinned: int | None = None

    @cached_property
    def _by_code(self) -> Mapping[str, Row]:
        return {row.code: row for row in self.rows}

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the list."""
        return tuple(self._by_code)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and code in self._by_code

    def row(self, code: str) -> Row:
        """The row of a code; KeyError when the list has none."""
        return self._by_code[code]

    def label(self, code: str, language: str) -> str:
        """The label of a code, or the code itself where an older list knew it and this one does not."""
        row = self._by_code.get(code)
        return row.label[language] if row else code

    def choices(self, language: str) -> list[tuple[str, str]]:
        """Pairs (code, label) in the order in which a form shows them."""
        pairs = [(row.code, row.label[language]) for row in self.rows]
        if self.pinned is None:
            return pairs
        return pairs[: self.pinned] + sorted(pairs[self.pinned :], key=lambda pair: (pair[1], pair[0]))


@dataclass(frozen=True, eq=False)
class Field:
    """One question: how it is asked, checked, classed, and what it feeds.

    `options` is the code list of a `code` or `codes` field. `condition` is a tree of all, any, eq, in, known.
    `group` is a row of the disclosure matrix; a field without one never leaves the organisation.
    `past` refuses a date after today, when the facts say what today is. A `repeat` holds at most `maximum` items:
    each answers the questions of `items` and has an id of its own; `item_label` says what one of them is called.
    """

    code: str
    type: FieldType
    label: Mapping[str, str]
    hint: Mapping[str, str]
    options: CodeList | None
    klass: DataClass
    required_at: Stage | None
    condition: Mapping[str, Any] | None
    max_length: int
    htcds: str
    group: str | None
    minimum: int = 0
    maximum: int = 0
    past: bool = False
    items: tuple["Field", ...] = attribute(default=(), repr=False)
    item_label: Mapping[str, str] = attribute(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Section:
    """Questions that belong together and are saved together."""

    code: str
    label: Mapping[str, str]
    fields: tuple[Field, ...] = attribute(repr=False)
    hint: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of record. No field is of a higher class than `ceiling`: a reveal opens another record.

    `condition` says, over the facts of a case, in which cases it is asked at all.
    """

    code: str
    label: Mapping[str, str]
    sections: tuple[Section, ...] = attribute(repr=False)
    ceiling: DataClass
    condition: Mapping[str, Any] | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every field of every section, in order."""
        return tuple(field for section in self.sections for field in section.fields)

    def field(self, code: str) -> Field:
        """The field with this code; KeyError when the kind has none."""
        return self._by_code[code]

    def section(self, code: str) -> Section:
        """The section with this code; KeyError when the kind has none."""
        return {section.code: section for section in self.sections}[code]

    @cached_property
    def _by_code(self) -> Mapping[str, Field]:
        return {field.code: field for field in self.fields}


@dataclass(frozen=True)
class Problem:
    """Why one answer cannot be stored; `field` is "" when it is the whole record.

    `code` names a message in `messages.py`. `params` hold limits and counts only, never what was typed.
    """

    field: str
    code: str
    params: Mapping[str, Any]

    @property
    def message(self) -> str:
        """The message id: plain English with `%(name)s`, translated where it is shown."""
        return MESSAGES[self.code]

    @property
    def text(self) -> str:
        """The message in the language of the moment."""
        return gettext(self.message, **self.params)
