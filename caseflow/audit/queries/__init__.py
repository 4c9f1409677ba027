"""Reads of audits: lists and scope, the entries of a trail, and what a case's file is made from."""

from caseflow.audit.queries.entries import entries_of, last_verification, steady_read
from caseflow.audit.queries.gathering import gather
from caseflow.audit.queries.reading import (
    AuditView,
    ScopeRow,
    cases_by_number,
    files_of,
    get_audit,
    get_file,
    kept_document,
    list_audits,
    office_zone,
    scope_of,
    state_on,
    view_of,
    visible_to,
)

__all__ = [
    "AuditView",
    "ScopeRow",
    "cases_by_number",
    "entries_of",
    "files_of",
    "gather",
    "get_audit",
    "get_file",
    "kept_document",
    "last_verification",
    "list_audits",
    "office_zone",
    "scope_of",
    "state_on",
    "steady_read",
    "view_of",
    "visible_to",
]
