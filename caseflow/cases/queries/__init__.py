"""Reads of cases: the case, its sealed records, lists, search, drafts."""

from caseflow.cases.queries.caseload import CaseRow, code_name, list_cases, rows_of, summary_of, visible_to
from caseflow.cases.queries.contacts import Numbers, numbers
from caseflow.cases.queries.drafts import DraftRow, draft_of, drafts_of, get_draft
from caseflow.cases.queries.records import (
    MANY,
    ONE_EACH,
    data_of,
    facts,
    get_case,
    get_record,
    is_child,
    moved_of,
    office_day,
    read_record,
    record_of,
    records_of,
)
from caseflow.cases.queries.search import find_by_code_name, find_same, number_lookup, real_name, real_names

__all__ = [
    "MANY",
    "ONE_EACH",
    "CaseRow",
    "DraftRow",
    "Numbers",
    "code_name",
    "data_of",
    "draft_of",
    "drafts_of",
    "facts",
    "find_by_code_name",
    "find_same",
    "get_case",
    "get_draft",
    "get_record",
    "is_child",
    "list_cases",
    "moved_of",
    "number_lookup",
    "numbers",
    "office_day",
    "read_record",
    "real_name",
    "real_names",
    "record_of",
    "records_of",
    "rows_of",
    "summary_of",
    "visible_to",
]
