"""Pasted lines without a head row: a guess which column is which, to be confirmed by who pasted them.

Free words are never guessed to be a need: they may be names. Whoever pasted them says what they are.
"""

from collections.abc import Sequence
from itertools import pairwise

from caseflow.cases.services.group_lines import COLUMNS, is_blank, understood

# Those whose words tell what they are come first; any number could be a mark.
_TELLING = ("gender", "majority_status", "child_with", "citizenship", "primary_language", "agreed_talk",
            "agreed_record", "age_at_contact", "line_label")  # fmt: skip
ENOUGH = 0.6  # of the cells of a column that say something


def guess(body: Sequence[Sequence[str]]) -> list[str | None]:
    """For each column the question it seems to answer, None where the words do not tell."""
    columns = [[row[place] for row in body if place < len(row)] for place in range(_width(body))]
    found: list[str | None] = []
    for place, cells in enumerate(columns):
        free = [code for code in _TELLING if code not in found]
        if place == 0 and len(columns) > 1 and _is_count(cells):
            free = [code for code in free if code != "age_at_contact"]  # 1, 2, 3 in front are no ages
        found.append(_best(cells, free))
    return found


def samples(body: Sequence[Sequence[str]], most: int = 3) -> list[list[str]]:
    """The first words of each column, to know it again by."""
    columns = [[row[place] for row in body if place < len(row)] for place in range(_width(body))]
    return [[cell for cell in cells if not is_blank(cell)][:most] for cells in columns]


def _width(body: Sequence[Sequence[str]]) -> int:
    return min(max((len(row) for row in body), default=0), len(COLUMNS) + 10)


def _is_count(cells: Sequence[str]) -> bool:
    numbers = [int(cell) for cell in cells if cell.isascii() and cell.isdigit() and len(cell) <= 4]
    return len(numbers) > 1 and all(after - before == 1 for before, after in pairwise(numbers))


def _best(cells: Sequence[str], free: Sequence[str]) -> str | None:
    said = [cell for cell in cells if not is_blank(cell)]
    share = {code: sum(understood(code, cell) for cell in said) / len(said) for code in free} if said else {}
    best = max(share, key=lambda code: share[code], default=None)
    return best if best and share[best] >= ENOUGH else None
