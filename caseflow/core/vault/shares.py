"""ROOT as three lists of words of which any two give it back (SLIP-39, by its reference library).

One list alone tells nothing about ROOT. The lists are for paper, in three hands; no file of an installation keeps them.
"""

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from caseflow.core.errors import SetupError
from caseflow.core.words import N_

NEEDED, MADE = 2, 3


def split(root: bytes) -> list[str]:
    """Three lists of 33 words, each one line. Made again from the same ROOT they are three others."""
    (lists,) = generate_mnemonics(1, [(NEEDED, MADE)], root)
    return lists


def join(lists: Sequence[str]) -> bytes:
    """ROOT from two of the lists; capitals, numbers before words and line breaks do not matter.

    Raises SetupError when a word is misspelt (each list checks itself), or the two are not of one kit.
    """
    try:
        return combine_mnemonics([_plain(one) for one in lists])
    except (MnemonicError, ValueError):
        raise SetupError(
            N_("These words do not fit together: look for a misspelt word, or for lists of two different kits.")
        ) from None


def _plain(text: str) -> str:
    return " ".join(word for word in text.lower().replace(".", " ").split() if word.isalpha())
