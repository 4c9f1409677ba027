"""What a new password must be: long, and not made of what everybody tries first (OWASP ASVS 5.0.0, 6.2.1 to 6.2.11).

There is no public list of passwords here: a common password of twelve characters is a common word or two, a year, a
row of keys, the name of the office. So those parts are struck out, and what is left must still be worth guessing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from caseflow.accounts import queries
from caseflow.accounts.models import Staff
from caseflow.core import vault
from caseflow.core.errors import Invalid
from caseflow.core.words import N_

SHORTEST = 12
ENOUGH = 6.0  # letters left when the guessable parts are struck out
DIFFERENT = 5  # different characters among them
_WORDS = Path(__file__).resolve().parent.parent / "common_words.txt"
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "1qaz2wsx3edc4rfv5tgb6yhn")
_STANDING_IN = str.maketrans("@4301!$57", "aaeoiisst")
_YEAR = re.compile(r"(?:19|20)\d\d")


def check_for(staff: Staff, word: str) -> None:
    """Whether somebody may take this password: names of person and office count as guessable. Raises Invalid."""
    doc, office = vault.read(staff), queries.organisation_doc(staff.organisation_id)
    told = (doc["name"], doc["sign_in"], office["name_en"], office.get("name_ur") or "", office.get("code") or "")
    check_new(word, context=told)


def check_new(word: str, *, context: Iterable[str]) -> None:
    """Accept a new password. `context` are texts about the person and the office. Raises Invalid for `password`."""
    if len(word) < SHORTEST:
        raise Invalid({"password": (N_("Use at least %(least)s characters."), {"least": SHORTEST})})
    left = _unguessable(word, context)
    worth = sum(1.0 if letter.isalpha() else 0.5 for letter in left)
    if worth < ENOUGH or len(set(left)) < DIFFERENT:
        message = N_(
            "This password is easy to guess: it is made of common words, names, years or rows of keys. "
            "Choose another one. Four words that do not belong together are a good one."
        )
        raise Invalid({"password": (message, {})})


def _unguessable(word: str, context: Iterable[str]) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold()
    struck = [False] * len(plain)
    spans = [span for text in {plain, plain.translate(_STANDING_IN)} for span in _known(text, context)]
    for start, end in [*spans, *_runs(plain)]:
        struck[start:end] = [True] * (end - start)
    return "".join(letter for letter, gone in zip(plain, struck, strict=True) if not gone)


def _known(text: str, context: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where common words, words of the context and years stand."""
    for found in _YEAR.finditer(text):
        yield found.span()
    for word in {*_common(), *_words_of(context)}:
        start = text.find(word)
        while start >= 0:
            yield start, start + len(word)
            start = text.find(word, start + 1)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Where three or more characters repeat, or follow each other on a row of keys or in the alphabet."""
    start, former = 0, ""
    for place in range(1, len(text) + 1):
        step = _step(text[place - 1], text[place]) if place < len(text) else ""
        if step != former or not step:
            if former and place - start >= 3:
                yield start, place
            start = place - 1 if step else place
        former = step


def _step(one: str, other: str) -> str:
    """How one character leads to the next: `=` the same, else the row and its direction, else nothing."""
    if one == other:
        return "="
    for number, row in enumerate(_ROWS):
        if one + other in row:
            return f"{number}+"
        if other + one in row:
            return f"{number}-"
    return ""


def _words_of(texts: Iterable[str]) -> set[str]:
    folded = unicodedata.normalize("NFKC", " ".join(texts)).casefold()
    return {word for word in re.split(r"[\W_]+", folded) if len(word) >= 4}


@cache
def _common() -> frozenset[str]:
    return frozenset(_WORDS.read_text(encoding="utf-8").split())
