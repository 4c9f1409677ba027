"""What a referral letter says: values from sealed records, what of them is disclosed, the letter, its snapshot."""

from caseflow.referrals.letters.composing import compose
from caseflow.referrals.letters.disclosing import (
    WHY_TOLD,
    WHY_WITHHELD,
    DisclosedLine,
    Disclosure,
    WithheldLine,
    choices_for,
    disclose,
)
from caseflow.referrals.letters.naming import says_name
from caseflow.referrals.letters.snapshot import digest, freeze
from caseflow.referrals.letters.values import SEES_WHOLE_NUMBERS, Sources

__all__ = [
    "SEES_WHOLE_NUMBERS",
    "WHY_TOLD",
    "WHY_WITHHELD",
    "DisclosedLine",
    "Disclosure",
    "Sources",
    "WithheldLine",
    "choices_for",
    "compose",
    "digest",
    "disclose",
    "freeze",
    "says_name",
]
