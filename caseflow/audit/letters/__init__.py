"""The auditor's documents: the redacted file of a case and its trail, the trail of an audit. Pure: all is handed in."""

from caseflow.audit.letters.audit_trail import compose_audit, compose_skeleton, counts_in_words, filter_in_words
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
    "compose_audit",
    "compose_case_file",
    "compose_skeleton",
    "compose_trail",
    "counts_in_words",
    "filter_in_words",
    "tag_in_words",
]
