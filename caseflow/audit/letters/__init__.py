"""The auditor's two documents of a case: the redacted file and the trail. Pure: what they say is handed in."""

from caseflow.audit.letters.composing import compose_case_file
from caseflow.audit.letters.sources import EntryView, Period, RecordView, ReferralView, Sources
from caseflow.audit.letters.tag_words import tag_in_words
from caseflow.audit.letters.trail_file import compose_trail

__all__ = [
    "EntryView",
    "Period",
    "RecordView",
    "ReferralView",
    "Sources",
    "compose_case_file",
    "compose_trail",
    "tag_in_words",
]
