"""Sampling for audits, in the format of docs/formats/sampling.md: a frozen frame, its digest, and a draw by hash.

No random number is drawn: who has the frame and the seed draws the same sample again, with this program or without.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

HEAD = "caseflow/frame/1"
_LINE = re.compile(
    r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([a-z_]{1,24}) ([0-9]{4}-[0-9]{2}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}"
    r"-[0-9a-f]{12})"
)


@dataclass(frozen=True)
class Line:
    """One case of a frame as it stood when the frame was frozen; `month` is that of its opening, like 2026-11."""

    case_id: UUID
    state: str
    month: str
    team_id: UUID


def write_frame(lines: Iterable[Line]) -> str:
    """The frame as text: a head and one line a case, in the order of the ids. Raises ValueError for a line twice."""
    ordered = sorted(lines, key=lambda line: str(line.case_id))
    if len({line.case_id for line in ordered}) < len(ordered):
        raise ValueError("a case stands in the frame twice")
    rows = (f"{line.case_id} {line.state} {line.month} {line.team_id}" for line in ordered)
    return "".join(f"{row}\n" for row in (HEAD, *rows))


def read_frame(text: str) -> list[Line]:
    """The lines of a frame. Raises ValueError for anything that `write_frame` did not write."""
    head, *rows = text.split("\n")
    if head != HEAD or not rows or rows.pop():
        raise ValueError("not a frame")
    found = [_LINE.fullmatch(row) for row in rows]
    lines = [Line(UUID(one[1]), one[2], one[3], UUID(one[4])) for one in found if one]
    if len(lines) < len(rows) or write_frame(lines) != text:
        raise ValueError("not a frame")
    return lines


def frame_digest(text: str) -> str:
    """The SHA-256 of a frame in hex."""
    return sha256(text.encode("ascii")).hexdigest()


def draw(case_ids: Iterable[UUID], *, seed: str, size: int) -> list[UUID]:
    """The sample, in the order in which it is drawn: the `size` cases whose hash with the seed is smallest."""
    start = seed.encode("utf-8") + b"\0"
    ranked = sorted(case_ids, key=lambda one: sha256(start + str(one).encode("ascii")).digest())
    return ranked[:size]


@dataclass(frozen=True)
class Counts:
    """How many cases of a frame lie in each state, month and team."""

    states: Counter[str]
    months: Counter[str]
    teams: Counter[UUID]


def count(lines: Iterable[Line]) -> Counts:
    """Count the lines of a frame."""
    every = list(lines)
    return Counts(
        Counter(line.state for line in every),
        Counter(line.month for line in every),
        Counter(line.team_id for line in every),
    )
