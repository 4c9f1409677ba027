"""The letter as rows: data group, label and words; for reading it and for comparing two of them."""

from caseflow.core import catalogue
from caseflow.core.press.letter import Letter
from caseflow.core.words import N_, gettext, language
from caseflow.referrals.letters.composing import SUPPORT
from caseflow.referrals.letters.disclosing import CASE_LINE, CONSENT_LINE, SERVICE_LINE

SAFETY_ROW = "safety"
_LABELS = {SAFETY_ROW: N_("To keep the person safe"), CASE_LINE: N_("Code name, case number, referral number")}


def values_of(letter: Letter, groups: list[str]) -> list[tuple[str, str]]:
    """(Group, words) in the order of the letter; `groups` are those it discloses."""
    known = {catalogue.load().label("disclosure_group", group, letter.language): group for group in groups}
    rows = [(known.get(line.label, CASE_LINE), line.value) for line in letter.lines]
    ask = letter.ask
    rows.append((SERVICE_LINE, _lines(ask.service, ask.request, ask.reason, ask.appointment, ask.escort)))
    rows.append((SUPPORT, _lines(ask.support_given, ask.hopes)))
    rows.append((SAFETY_ROW, _lines(*letter.safety)))
    rows.append((CONSENT_LINE, letter.consent))
    return [(group, value) for group, value in rows if value]


def label_of(group: str) -> str:
    """What a row is called, in the reader's language."""
    return (
        gettext(_LABELS[group]) if group in _LABELS else catalogue.load().label("disclosure_group", group, language())
    )


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
