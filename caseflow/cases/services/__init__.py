"""Changes of cases. Every function here is the authority: it loads, asks policy, changes, records; it never commits."""

from caseflow.cases.services.calling import end_safe_contact, note_contact, open_number
from caseflow.cases.services.contacts import count_declined, count_helped, take_back_declined
from caseflow.cases.services.drafts import clean_drafts, discard_draft, keep_draft
from caseflow.cases.services.keys import reserve
from caseflow.cases.services.moving import assign_case, move_case, reasons_against
from caseflow.cases.services.opening import RecordRefused, open_case
from caseflow.cases.services.reading import note_read, note_search, reveal, reveal_caseload
from caseflow.cases.services.records import add_note, save_record

__all__ = [
    "RecordRefused",
    "add_note",
    "assign_case",
    "clean_drafts",
    "count_declined",
    "count_helped",
    "discard_draft",
    "end_safe_contact",
    "keep_draft",
    "move_case",
    "note_contact",
    "note_read",
    "note_search",
    "open_case",
    "open_number",
    "reasons_against",
    "reserve",
    "reveal",
    "reveal_caseload",
    "save_record",
    "take_back_declined",
]
