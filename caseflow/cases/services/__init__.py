"""Changes of cases. Every function here is the authority: it loads, asks policy, changes, records; it never commits."""

from caseflow.cases.services.calling import end_safe_contact, note_contact, open_number
from caseflow.cases.services.contacts import count_declined, count_helped, take_back_declined
from caseflow.cases.services.drafts import clean_drafts, discard_draft, keep_draft
from caseflow.cases.services.group_lines import COLUMNS, Line, code_for, column, is_blank
from caseflow.cases.services.group_table import MOST_LINES, Table, read_table
from caseflow.cases.services.groups import add_lines, batches, keep_cells, keep_common, lines_of, make_cases
from caseflow.cases.services.keys import reserve
from caseflow.cases.services.moving import assign_case, move_case, reasons_against
from caseflow.cases.services.opening import RecordRefused, open_case
from caseflow.cases.services.reading import note_read, note_search, reveal, reveal_caseload
from caseflow.cases.services.records import add_note, save_record

__all__ = [
    "COLUMNS",
    "MOST_LINES",
    "Line",
    "RecordRefused",
    "Table",
    "add_lines",
    "add_note",
    "assign_case",
    "batches",
    "clean_drafts",
    "code_for",
    "column",
    "count_declined",
    "count_helped",
    "discard_draft",
    "end_safe_contact",
    "is_blank",
    "keep_cells",
    "keep_common",
    "keep_draft",
    "lines_of",
    "make_cases",
    "move_case",
    "note_contact",
    "note_read",
    "note_search",
    "open_case",
    "open_number",
    "read_table",
    "reasons_against",
    "reserve",
    "reveal",
    "reveal_caseload",
    "save_record",
    "take_back_declined",
]
