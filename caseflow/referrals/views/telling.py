"""What a letter tells, row by row in its own words, and what it withholds: for reading, deciding and previewing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from caseflow.core import catalogue, vault
from caseflow.core.press.letter import Letter
from caseflow.core.words import gettext
from caseflow.referrals import queries
from caseflow.referrals.letters import WHY_TOLD, WHY_WITHHELD, Disclosure
from caseflow.referrals.letters.composing import SAFETY
from caseflow.referrals.letters.rows import SAFETY_ROW, label_of, values_of
from caseflow.referrals.models import Referral

Comment = dict[str, Any]
_ORDER = ("not_agreed", "own_tick", "not_chosen", "no_data", "never", "aggregate")


@dataclass(frozen=True, repr=False)
class Told:
    """One row of what is told: its data group (or `safety`), label, the words of the letter, why it may."""

    group: str
    label: str
    value: str
    text: str
    comments: list[Comment] = field(default_factory=list)


@dataclass(frozen=True)
class Withheld:
    """One group that is not told; `place` orders the reasons, those that can be mended first."""

    group: str
    label: str
    why: str
    place: int

    @property
    def text(self) -> str:
        """Why not, in the reader's language."""
        return gettext(WHY_WITHHELD[self.why])


@dataclass(frozen=True, repr=False)
class Telling:
    """A referral as its letter says it; `comments` are those about no row shown here."""

    letter: Letter
    told: list[Told]
    withheld: list[Withheld]
    comments: list[Comment]


def telling(referral: Referral, doc: dict[str, Any], today: date, comments: list[Comment]) -> Telling:
    """From the frozen snapshot when one stands, else as the letter would be today.

    `comments` go beside the rows they are about. Raises SealBroken.
    """
    letter = queries.preview(referral, today)
    now = queries.disclosure_of(referral, today)
    frozen = vault.read(queries.snapshot_of(referral)) if referral.snapshot_id else None
    groups = list(frozen["groups"]) if frozen else now.groups
    told = [_row(group, value, doc, comments) for group, value in values_of(letter, groups)]
    shown = {one.group for one in told} | (set(SAFETY) if letter.safety else set())
    return Telling(letter, told, _withheld(groups, now), [one for one in comments if one["group"] not in shown])


def about(telling_: Telling) -> list[tuple[str, str]]:
    """Pairs (group, label) that a comment may be about."""
    return [(one.group, one.label) for one in telling_.told]


def _row(group: str, value: str, doc: Mapping[str, Any], comments: list[Comment]) -> Told:
    of_row = SAFETY if group == SAFETY_ROW else ()
    here = [one for one in comments if one["group"] == group or one["group"] in of_row]
    return Told(group, label_of(group), value, gettext(WHY_TOLD[_why(group, doc)]), here)


def _why(group: str, doc: Mapping[str, Any]) -> str:
    if group in catalogue.system_groups():
        return "always"
    if doc["basis"] != "consent":
        return "other_basis"
    return "own_tick" if group in doc["own_ticks"] else "consent"


def _withheld(groups: list[str], now: Disclosure) -> list[Withheld]:
    """Every group of the matrix that is not told, with the reason."""
    why = {line.group: line.why for line in now.withheld}
    left = [(group, why.get(group, "not_chosen")) for group in catalogue.matrix().groups if group not in groups]
    return [Withheld(group, label_of(group), code, _ORDER.index(code)) for group, code in left]
