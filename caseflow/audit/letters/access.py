"""Who opened what in a case: reads, shown names, letters, audit files; and whether outsiders had a reason."""

from caseflow.audit.letters.redacting import label
from caseflow.audit.letters.sources import SYSTEM, EntryView, Sources, unopened
from caseflow.audit.letters.tag_words import tag_in_words
from caseflow.core import catalogue
from caseflow.core.press.case_file import Access
from caseflow.core.trail import Tag
from caseflow.core.words import gettext as _
from caseflow.core.words import language

READS = frozenset(
    {Tag.CASE_READ, Tag.RECORD_READ, Tag.NAMES_REVEALED, Tag.REFERRAL_READ, Tag.LETTER_READ, Tag.FILE_READ,
     Tag.TRAIL_READ}
)  # fmt: skip
LOGGED = READS | {Tag.ACCESS_GRANTED, Tag.FILE_ASKED, Tag.FILE_MADE}
_REASON_LISTS = ("referral_refusal_reason", "reveal_reason", "emergency_reason")
_AUDIT, _ON_CALL = "audit", "on_call"


def access_log(sources: Sources) -> list[Access]:
    """The access log, oldest first."""
    return [
        {
            "at": entry.recorded_at,
            "actor": sources.who(entry.actor_id, entry.role),
            "what": _what(entry),
            "reason": unopened() if entry.error else reason_in_words(entry),
        }
        for entry in sources.entries
        if entry.tag in LOGGED
    ]


def reason_in_words(entry: EntryView) -> str:
    """A coded reason in words. What somebody wrote as a reason is only said to be there: words can hold a name."""
    reason = str(entry.detail.get("reason", ""))
    if not reason:
        return ""
    if reason == _AUDIT:
        return _("Audit")
    if reason == _ON_CALL:
        return _("On duty for an emergency issue")
    for options in _REASON_LISTS:
        if reason in catalogue.load().list(options):
            return label(options, reason)
    return _("written down; its words are withheld at level 1")


def outsiders(sources: Sources) -> tuple[list[EntryView], list[EntryView]]:
    """Reads by people outside the team at that moment: those explained by a grant, and the others."""
    outside = [entry for entry in sources.entries if entry.tag in READS and not _inside(sources, entry)]
    granted = [entry for entry in outside if _covered(sources.grants, entry)]
    return granted, [entry for entry in outside if entry not in granted]


def _inside(sources: Sources, entry: EntryView) -> bool:
    return entry.actor_id is None or entry.role == SYSTEM or _covered(sources.team, entry)


def _covered(periods: list, entry: EntryView) -> bool:
    return any(one.covers(entry.actor_id, entry.recorded_at) for one in periods)


def _what(entry: EntryView) -> str:
    words, kind = tag_in_words(entry.tag), str(entry.detail.get("kind") or entry.detail.get("scope") or "")
    kinds = catalogue.load().kinds
    if kind in kinds:
        return f"{words}: {kinds[kind].label[language()]}"
    return f"{words}: {_('Consent register')}" if kind == "consent" else words
