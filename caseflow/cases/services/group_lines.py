"""One line of a group list: its columns, the words a cell may hold, and what is wrong with it.

Cells are kept as they were typed until the case is made; a word is read in English or Urdu, as a label or a code.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from caseflow.cases.services.checks import checked
from caseflow.core import catalogue
from caseflow.core.catalogue import Field, FieldType
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.text import clean_line
from caseflow.core.catalogue.values import clean
from caseflow.core.errors import Invalid
from caseflow.core.words import N_

# The columns in the order of the guide, and the kind whose question each one answers.
COLUMNS: dict[str, str] = {
    "line_label": "group",
    "gender": "screening",
    "age_at_contact": "screening",
    "majority_status": "screening",
    "citizenship": "screening",
    "primary_language": "screening",
    "child_with": "screening",
    "agreed_talk": "group",
    "agreed_record": "group",
    "urgent_need": "group",
}
# What a list may say beside labels and codes.
_ALIASES = {
    "gender": {
        "f": "feminine", "female": "feminine", "m": "masculine", "male": "masculine", "خاتون": "feminine",
        "لڑکا": "masculine", "transgender": "non_conforming",
    },
    "yes_no": {"y": "yes", "1": "yes", "x": "yes", "✓": "yes", "جی": "yes", "جی ہاں": "yes", "n": "no", "0": "no"},
    "majority_status": {"child": "minor", "بچہ": "minor", "بچی": "minor", "نامعلوم": "unknown", "not known": "unknown"},
    "country": {
        "pakistani": "PK", "پاکستانی": "PK", "afghan": "AF", "افغان": "AF", "afghani": "AF", "bangladeshi": "BD",
        "بنگلہ دیشی": "BD", "indian": "IN", "بھارتی": "IN", "iranian": "IR", "ایرانی": "IR", "sri lankan": "LK",
        "nepali": "NP", "burmese": "MM",
    },
    "child_with": {"mother": "parent", "father": "parent", "parents": "parent", "ماں": "parent", "باپ": "parent",
                   "والدہ": "parent", "والد": "parent", "nobody": "alone", "اکیلا": "alone", "اکیلی": "alone"},
}  # fmt: skip
_BLANK = frozenset({"", "-", "--", "–", "—", "none", "n/a", "na", "nil"})
_SAME = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ", "ۀ": "ہ"})
_LABEL = re.compile(r"[\w-]{1,8}")
_SEVERAL = re.compile(r"[/;،,]")
_FORMULA = ("=", "@")
SAY_YES_OR_NO = N_("Yes or no? Ask the person.")
NO_NAME = N_("A mark with a digit, such as A7. No name.")
TALK_FIRST = N_("Agreed to a record, but not to talk? Ask again.")
A_FORMULA = N_("This looks like a formula. Write the words.")
NOT_KNOWN = N_("This word is not on the list. Choose again.")


@dataclass(frozen=True)
class Line:
    """One person of a list. `cells` as typed; `answers` as a screening holds them, with no problem only."""

    id: UUID
    number: int
    cells: Mapping[str, str]
    answers: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    declined: bool = False
    twins: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """What the names of its controls begin with."""
        return self.id.hex[:10]

    @property
    def ready(self) -> bool:
        """Whether a case can be made of it, or a count."""
        return not self.problems


def column(code: str) -> Field:
    """The question behind a column."""
    return catalogue.load().kind(COLUMNS[code]).field(code)


def normal(text: str) -> str:
    """A word as it is compared: without marks, case and the several forms of one Urdu letter."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SAME)
    kept = (one for one in unicodedata.normalize("NFKD", plain) if unicodedata.category(one) not in ("Mn", "Cf", "Cc"))
    return re.sub(r"[\s_.:?؟*]+", " ", "".join(kept)).strip()


def code_for(list_name: str, typed: str) -> str | None:
    """The code that a word stands for, None when the list has no such word."""
    return _words(list_name).get(normal(typed))


def is_blank(typed: str) -> bool:
    """Whether a cell says nothing."""
    return normal(typed) in _BLANK


def understood(code: str, typed: str) -> bool:
    """Whether a cell could be an answer of this column."""
    try:
        return _cell(code, typed) is not None
    except Fault:
        return False


def read_line(line_id: UUID, number: int, cells: Mapping[str, str], common: Mapping[str, Any], today: str) -> Line:
    """The line with its answers, or with a message for each cell that is in the way."""
    said: dict[str, Any] = {}
    problems: dict[str, tuple[str, dict[str, Any]]] = {}
    for code in COLUMNS:
        try:
            said[code] = _cell(code, cells.get(code, ""))
        except Fault as fault:
            message = {"formula": A_FORMULA, "no_name": NO_NAME, "word": NOT_KNOWN}.get(fault.code)
            problems[code] = (message or catalogue.MESSAGES[fault.code], dict(fault.params))
    if said.get("agreed_record") == "no":
        return Line(line_id, number, cells, declined=True)  # nothing else of it is looked at, or kept
    problems |= _consents(said, problems)
    if not problems:
        try:
            return Line(line_id, number, cells, checked("screening", _screening(said, common), {"today": today}))
        except Invalid as invalid:
            problems = {_column_of(code): problem for code, problem in invalid.problems.items()}
    return Line(line_id, number, cells, problems=problems)


def with_twins(lines: Sequence[Line]) -> list[Line]:
    """The same lines, each with the numbers of those that carry its mark or say all the same."""
    found: dict[tuple[str, ...], list[int]] = {}
    for line in lines:
        for sign in _signs(line):
            found.setdefault(sign, []).append(line.number)
    return [
        replace(line, twins=tuple(sorted({n for sign in _signs(line) for n in found[sign]} - {line.number})))
        for line in lines
    ]


def _signs(line: Line) -> list[tuple[str, ...]]:
    """What would make two lines look like one person: the mark, or every answer about the person with an age."""
    cells = {code: normal(text) for code, text in line.cells.items() if not is_blank(text)}
    same = tuple(cells.get(code, "") for code in ("gender", "age_at_contact", "citizenship", "primary_language"))
    marked = cells.get("line_label", "")
    return ([("mark", marked)] if marked else []) + ([("all", marked, *same)] if cells.get("age_at_contact") else [])


@lru_cache(maxsize=16)
def _words(list_name: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in catalogue.load().list(list_name).rows:
        for text in (row.code, *row.label.values()):
            found.setdefault(normal(text), row.code)
    for row in catalogue.load().list(list_name).rows:
        for label in row.label.values():
            for part in re.split(r"[/()،,]", label):
                found.setdefault(normal(part), row.code)
    found.update({normal(word): code for word, code in _ALIASES.get(list_name, {}).items()})
    return {word: code for word, code in found.items() if word}


def _cell(code: str, typed: str) -> Any:
    """The stored form of one cell, None for a blank. Raises Fault; `word` for a word no list has."""
    asked = column(code)
    if is_blank(typed):
        return None
    if asked.type is FieldType.CODE:
        return _code(asked, typed)
    if asked.type is FieldType.CODES:
        whole = code_for(asked.options.name, typed) if asked.options else None
        return clean(asked, [whole] if whole else [_code(asked, one) for one in _SEVERAL.split(typed) if one.strip()])
    if typed.lstrip().startswith(_FORMULA):
        raise Fault("formula")
    value = clean(asked, typed)
    if code == "line_label" and not (_LABEL.fullmatch(str(value)) and any(one.isdigit() for one in str(value))):
        raise Fault("no_name")
    return value


def _code(asked: Field, typed: str) -> str:
    clean_line(typed, 200)
    found = code_for(asked.options.name, typed) if asked.options else None
    if found is None:
        raise Fault("word")
    return found


def _consents(said: Mapping[str, Any], problems: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Nobody's word is taken for another's: each line says its own yes or no."""
    found: dict[str, tuple[str, dict[str, Any]]] = {
        code: (SAY_YES_OR_NO, {})
        for code in ("agreed_talk", "agreed_record")
        if code not in problems and said.get(code) is None
    }
    if said.get("agreed_talk") == "no" and said.get("agreed_record") == "yes":
        found["agreed_talk"] = (TALK_FIRST, {})
    return found


def _screening(said: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
    """The screening of one person: what all share, what the line says, and what follows from it."""
    data = {**common, **{code: said[code] for code, kind in COLUMNS.items() if kind == "screening" and said[code]}}
    if said["age_at_contact"] == 0:
        data["age_at_contact"] = 0
    if said["age_at_contact"] is not None and not said["majority_status"]:
        data["majority_status"] = "adult" if said["age_at_contact"] >= 18 else "minor"
    data.setdefault("majority_status", "unknown")  # in doubt a child
    data |= {"consent_talk": True, "consent_record": True, "outcome": "intake"}
    if need := said["urgent_need"]:
        data |= {"immediate_danger": "yes", "danger_what": need}
    return data


def _column_of(code: str) -> str:
    if code in COLUMNS:
        return code
    return {"danger_what": "urgent_need", "immediate_danger": "urgent_need"}.get(code, "agreed_record")
