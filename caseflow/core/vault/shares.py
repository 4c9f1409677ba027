"""ROOT as three lists of words of which any two give it back (SLIP-39, by its reference library).

One list alone tells nothing about ROOT. The lists are for paper, in three hands; no file of an installation keeps them
once they are rehearsed.
"""

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from caseflow.core.errors import SetupError
from caseflow.core.words import N_

NEEDED, MADE, LENGTH = 2, 3, 33
PREFIX = 4  # SLIP-39: no two words of its list begin with the same four letters
_BY_PREFIX = {word[:PREFIX]: word for word in WORDLIST}


def split(root: bytes) -> list[str]:
    """Three lists of 33 words, each one line. Made again from the same ROOT they are three others."""
    lists: list[str] = generate_mnemonics(1, [(NEEDED, MADE)], root)[0]
    return lists


def read(text: str) -> str:
    """One list as it was typed, in the words of the standard.

    Capitals, numbers before words and line breaks do not matter; the first four letters of a word are enough.
    Raises SetupError that names the first word which is on no sheet, or counts them.
    """
    typed = [word for word in text.lower().replace(".", " ").split() if not word.isdigit()]
    words = [_BY_PREFIX.get(word[:PREFIX], "") for word in typed]
    for place, (word, known) in enumerate(zip(typed, words, strict=True), start=1):
        if len(word) < min(PREFIX, len(known) or PREFIX) or not known.startswith(word):
            raise SetupError(N_("Word %(place)s is on no sheet: look for a misspelt word."), place=place)
    if len(words) != LENGTH:
        raise SetupError(N_("A list has %(length)s words, here are %(count)s."), length=LENGTH, count=len(words))
    return " ".join(words)


def join(lists: Sequence[str]) -> bytes:
    """ROOT from two of the lists.

    Raises SetupError when a list is mistyped (each checks itself), or the two are one, or not of one kit.
    """
    read_lists = [read(one) for one in lists]
    try:
        root: bytes = combine_mnemonics(read_lists)
    except (MnemonicError, ValueError):
        raise SetupError(
            N_("These lists do not fit together: look for a wrong word, the same list twice, or two different kits.")
        ) from None
    return root
