"""Code names: two neutral words in two languages, drawn by lot, that tell nothing about a person."""

from functools import lru_cache
from pathlib import Path

from caseflow.core.catalogue.loader import read_csv

_FOLDER = Path(__file__).resolve().parent / "names"
_MINIMUM_BYTES = 8


def draw_code_name(rng_bytes: bytes) -> tuple[str, str]:
    """The code name in English and in Urdu for these random bytes (at least 8); the same bytes, the same name.

    Every Urdu adjective keeps one form for all genders, so no name tells one. A caller draws again when a
    team has the name already. Raises ValueError for fewer bytes.
    """
    if len(rng_bytes) < _MINIMUM_BYTES:
        raise ValueError("a code name needs 8 random bytes")
    adjectives, nouns = _words("adjectives"), _words("nouns")
    which, rest = divmod(int.from_bytes(rng_bytes, "big"), len(nouns))
    adjective, noun = adjectives[which % len(adjectives)], nouns[rest]
    return f"{adjective[0]} {noun[0]}", f"{adjective[1]} {noun[1]}"


@lru_cache
def code_words() -> tuple[str, ...]:
    """Every word of code names in both languages. Words are added to the lists, never taken away."""
    return tuple(word for name in ("adjectives", "nouns") for pair in _words(name) for word in pair)


@lru_cache
def _words(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((row["en"], row["ur"]) for row in read_csv(_FOLDER / f"{name}.csv"))
