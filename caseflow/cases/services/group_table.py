"""Lines pasted from a spreadsheet: read by their head row or as somebody says, without names and numbers of people.

What looks like a name, an identity or telephone number or an address is left out here, before anything is kept.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO

from caseflow.cases.services.group_columns import guess, samples
from caseflow.cases.services.group_lines import COLUMNS, code_for, column, is_blank, normal
from caseflow.core.errors import Invalid
from caseflow.core.words import N_

MOST_LINES = 60
MOST_TEXT = 100_000
_DELIMITERS = ("\t", ";", "؛", "|", ",", "،")
# Heads beside the labels and codes of the questions.
_HEADS = {
    "no": "line_label", "label": "line_label", "mark": "line_label", "tag": "line_label", "نمبر": "line_label",
    "sex": "gender", "sex/gender": "gender", "جنس": "gender", "age": "age_at_contact", "عمر": "age_at_contact",
    "adult/child": "majority_status", "adult or child": "majority_status", "nationality": "citizenship",
    "country": "citizenship", "قومیت": "citizenship", "ملک": "citizenship", "language": "primary_language",
    "زبان": "primary_language", "child with": "child_with", "with whom": "child_with", "کس کے ساتھ": "child_with",
    "talk": "agreed_talk", "consent talk": "agreed_talk", "consent to talk": "agreed_talk", "بات": "agreed_talk",
    "record": "agreed_record", "consent record": "agreed_record", "consent to record": "agreed_record",
    "consent": "agreed_record", "رضامندی": "agreed_record", "ریکارڈ": "agreed_record", "need": "urgent_need",
    "needs": "urgent_need", "ضرورت": "urgent_need",
}  # fmt: skip
# Words in a head that make its column one of those nobody may keep.
_NEVER = ("name", "نام", "cnic", "شناختی", "passport", "پاسپورٹ", "phone", "mobile", "فون", "موبائل", "address", "پتہ",
          "father", "husband", "والد", "شوہر", "email", "whatsapp", "ای میل")  # fmt: skip
# Nine digits and more, with blanks and hyphens between them: an identity card, a passport or a telephone.
_NUMBER = re.compile(r"\+?\d(?:[\s().\u200e\u200f-]?\d){8,}")
TOO_MANY = N_("These are %(count)s lines. A list holds %(most)s people: take some away, or make a second list.")
TOO_LONG = N_("This is too long: use at most %(limit)s characters. You have %(length)s.")
NOTHING = N_("Paste the lines, or say how many empty ones you want.")


@dataclass
class Table:
    """What was read. `dropped` columns, `names` and `numbers` were left out: they look like somebody's own data.

    Without a head row `guessed` says which column is which, and `samples` what stands in each: somebody must look.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    dropped: int = 0
    names: int = 0
    numbers: int = 0
    unknown: int = 0
    guessed: list[str | None] = field(default_factory=list)
    samples: list[list[str]] = field(default_factory=list)


def read_table(text: str, *, room: int = MOST_LINES, columns: Sequence[str | None] = ()) -> Table:
    """The lines of a pasted text; `room` is how many the list still takes.

    `columns` are those that somebody chose for lines without a head row (None: left out); otherwise they are guessed.

    Raises Invalid when there is nothing, too much, or more lines than there is room for: nothing was lost then.
    """
    if len(text) > MOST_TEXT:
        raise Invalid({"paste": (TOO_LONG, {"limit": MOST_TEXT, "length": len(text)})})
    cells = [row for row in _cells(text) if any(not is_blank(one) for one in row)]
    if not cells:
        raise Invalid({"paste": (NOTHING, {})})
    head = _head(cells[0])
    body = cells[1:] if head else cells
    if len(body) > room:
        raise Invalid({"paste": (TOO_MANY, {"count": len(body), "most": room})})
    if head or columns:
        return _table(head or columns, body)
    table = _table(guess(body), body)
    table.guessed, table.samples = guess(body), samples(body)
    return table


def scrub(text: str) -> tuple[str, int]:
    """The text without what looks like a number of a person, and how many such numbers it had."""
    return _NUMBER.subn("", text)


def _cells(text: str) -> list[list[str]]:
    """Rows of cells. A quoted cell may hold the delimiter and line breaks; without a delimiter there is one column."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    counted = Counter(one for one in lines if one in _DELIMITERS)
    delimiter = next((one for one in _DELIMITERS if counted[one]), "\t")
    try:
        rows = list(csv.reader(StringIO(lines, newline=""), delimiter=delimiter))
    except csv.Error:  # a cell longer than the reader takes: it is cut at line breaks alone
        rows = [line.split(delimiter) for line in lines.split("\n")]
    return [[" ".join(one.split()) for one in row] for row in rows]


def _head(row: Sequence[str]) -> list[str | None] | None:
    """The column behind each cell of a head row (`never` for what nobody may keep), None when it is no head."""
    found = [_column(cell) for cell in row]
    return found if sum(1 for one in found if one) >= 2 else None


def _column(cell: str) -> str | None:
    word = normal(cell)
    if word in _heads():
        return _heads()[word]
    return "never" if any(normal(part) in word for part in _NEVER) else None


def _heads() -> dict[str, str]:
    labels = {normal(text): code for code in COLUMNS for text in (code, *column(code).label.values())}
    return {**{normal(word): code for word, code in _HEADS.items()}, **labels}


def _table(columns: Sequence[str | None], body: Sequence[Sequence[str]]) -> Table:
    wide = max((len(row) for row in body), default=0)
    table = Table(unknown=sum(1 for one in columns if one is None) + max(0, wide - len(columns)))
    table.dropped = sum(1 for one in columns if one == "never")
    for row in body:
        cells: dict[str, str] = {}
        for code, raw in zip(columns, row, strict=False):
            if code in COLUMNS and code not in cells:
                cells[code] = _kept(table, code, raw)
        table.rows.append(_told(cells))
    return table


def _kept(table: Table, code: str, raw: str) -> str:
    """What stays of a cell."""
    text, numbers = scrub(raw)
    table.numbers += numbers
    if code == "line_label" and not is_blank(text) and not any(one.isdigit() for one in text):
        table.names += 1  # a word where a mark should stand is a name, most likely
        return ""
    return text.strip()


def _told(cells: dict[str, str]) -> dict[str, str]:
    """A word in the place of the age, such as "child", is an answer to the next question."""
    age = cells.get("age_at_contact", "")
    if age and not any(one.isdigit() for one in age) and code_for("majority_status", age):
        if is_blank(cells.get("majority_status", "")):
            cells["majority_status"] = age
        cells["age_at_contact"] = ""
    return cells
