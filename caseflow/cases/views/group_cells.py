"""How a line of a group list is drawn: small controls, what was typed in them, and the message at the cell."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from caseflow.cases.services import COLUMNS, Line, Table, code_for, column, is_blank
from caseflow.core import catalogue
from caseflow.core.catalogue import Field, FieldType
from caseflow.core.words import gettext, language
from caseflow.web.forms.fields import showable

# Answers of these are too many for a list in each line: a box with suggestions takes any of them as a word.
_SUGGESTED = ("citizenship", "primary_language")
_EXAMPLES = {"line_label": "A7", "age_at_contact": "24"}
_IN_SUMMARY = ("gender", "age_at_contact", "majority_status", "citizenship", "primary_language", "child_with")


@dataclass(frozen=True)
class Shared:
    """What all of a group share, as a screening holds it; the team of the cases; how many people came; their route."""

    answers: dict[str, Any]
    team_id: UUID
    size: int
    route: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """One control. `options` of a select are (value, label); what no list has is one of them, as it was typed.

    `blank` are the words for no choice at all.
    """

    id: str
    label: str
    value: str
    error: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    suggest: str = ""
    numeric: bool = False
    blank: str = ""


@dataclass(frozen=True)
class Row:
    """A line as the page shows it; `told` is the line in a few words."""

    line: Line
    cells: list[Cell]
    told: str

    @property
    def mistakes(self) -> list[Cell]:
        """The cells with a message."""
        return [cell for cell in self.cells if cell.error]


def drawn(line: Line) -> Row:
    """The line with its controls."""
    return Row(line, [_cell(line, code) for code in COLUMNS], _told(line))


def guide_rows() -> list[tuple[str, str, str]]:
    """For the printed guide: head of the column, what may stand in it, and a note."""
    return [(column(code).label[language()], _allowed(code), column(code).hint[language()]) for code in COLUMNS]


def column_cells(table: Table, chosen: list[str | None], twice: set[str]) -> list[tuple[Cell, list[str]]]:
    """For lines without a head row: a choice for each column, and its first words."""
    options = [(code, column(code).label[language()]) for code in COLUMNS]
    error = gettext("Chosen for two columns. Choose one of them.")
    return [
        (
            Cell(
                f"column-{place}", gettext("Column %(number)s", number=place + 1), chosen[place] or "",
                error if chosen[place] in twice else "", options, blank=gettext("Leave it out"),
            ),
            [showable(word)[:40] for word in words],
        )
        for place, words in enumerate(table.samples)
    ]  # fmt: skip


def suggestions() -> list[tuple[str, list[str]]]:
    """The words offered by the boxes: (id of the list, labels)."""
    return [(f"of-{code}", [label for _code, label in _options(column(code))]) for code in _SUGGESTED]


def _cell(line: Line, code: str) -> Cell:
    asked, typed = column(code), line.cells.get(code, "")
    text, params = line.problems.get(code, ("", {}))
    said: dict[str, Any] = {"id": f"{line.key}-{code}", "label": asked.label[language()]}
    said["error"] = gettext(text, **params) if text else ""
    if code in _SUGGESTED:
        return Cell(value=_in_words(asked, typed), suggest=f"of-{code}", **said)
    if asked.type is not FieldType.CODE or asked.options is None:
        return Cell(value=showable(typed), numeric=asked.type is FieldType.NUMBER, **said)
    value = "" if is_blank(typed) else code_for(asked.options.name, typed) or showable(typed)[:80]
    options = _options(asked)
    unheard = [(value, value)] if value and value not in asked.options else []
    return Cell(value=value, options=unheard + options, **said)


def _options(asked: Field) -> list[tuple[str, str]]:
    return asked.options.choices(language()) if asked.options else []


def _in_words(asked: Field, typed: str) -> str:
    """A code or a word of the other language as a word of this one; what no list has, as it was typed."""
    found = code_for(asked.options.name, typed) if asked.options else None
    return asked.options.label(found, language()) if found and asked.options else showable(typed)


def _told(line: Line) -> str:
    words = []
    for code in _IN_SUMMARY:
        if code in line.answers:
            words.append(catalogue.in_words(column(code), line.answers[code], language()))
    return ("، " if language() == "ur" else ", ").join(word for word in words if word)


def _allowed(code: str) -> str:
    asked = column(code)
    if code in _SUGGESTED:
        first = [label for _code, label in _options(asked)[:4]]
        return gettext("a word such as %(words)s", words=gettext(", ").join(first))
    if asked.options:
        return gettext(", ").join(label for _code, label in _options(asked))
    example = _EXAMPLES.get(code)
    return gettext("such as %(example)s", example=example) if example else gettext("a few words")
