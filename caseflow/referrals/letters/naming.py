"""Whether a free line of a letter says a name that the letter does not tell: the table would be passed by in words."""

import re
import unicodedata
from collections.abc import Iterator

from caseflow.core.press.letter import Letter
from caseflow.referrals.letters.disclosing import CASE_LINE, IDENTIFIERS, Disclosure
from caseflow.referrals.letters.values import Sources

# Not written by hand: the code name is drawn, identifiers are told by the table.
_NO_WORDS = IDENTIFIERS | {CASE_LINE}
_TOLD_BY = frozenset({"name", "alias_or_first_name_only"})
_SHORTEST = 3  # a shorter name is a common word in one of our languages


def says_name(letter: Letter, disclosure: Disclosure, sources: Sources) -> bool:
    """True when the person's name stands in words of the letter that are not about it, and no name is told.

    Of the further names only the whole counts: half of Pakistan shares a Khan with somebody.
    """
    if _TOLD_BY.intersection(disclosure.groups):
        return False
    text = _fold("\n".join(_free_lines(letter, disclosure)))
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in _names(sources))


def _free_lines(letter: Letter, disclosure: Disclosure) -> Iterator[str]:
    ask = letter.ask
    yield from (ask.request, ask.appointment, ask.escort, ask.support_given, ask.hopes, *letter.safety)
    yield from (line.value for line in disclosure.told if line.group not in _NO_WORDS)


def _names(sources: Sources) -> Iterator[str]:
    identity = sources.data["identity"]
    first, urdu = str(identity.get("first_name") or ""), str(identity.get("name_urdu") or "")
    whole = (identity.get("other_names"), identity.get("alias"), urdu)
    for name in (*first.split(), *urdu.split()[:1], *whole):
        folded = _fold(str(name or ""))
        if len(folded) >= _SHORTEST:
            yield folded


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
