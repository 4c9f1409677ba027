"""Reads of audits: lists and scope, frames, the entries of a trail, and what files are made from."""

from caseflow.audit.queries.entries import entries_of, last_verification, steady_read
from caseflow.audit.queries.framing import Frame, frame_lines, frame_of, frame_size
from caseflow.audit.queries.gathering import gather
from caseflow.audit.queries.gathering_audit import gather_audit, gather_skeleton
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
    sees_sample,
    skeletons,
    state_on,
    stream_of,
    view_of,
    visible_to,
)

__all__ = [
    "AuditView",
    "Frame",
    "ScopeRow",
    "cases_by_number",
    "entries_of",
    "files_of",
    "frame_lines",
    "frame_of",
    "frame_size",
    "gather",
    "gather_audit",
    "gather_skeleton",
    "get_audit",
    "get_file",
    "kept_document",
    "last_verification",
    "list_audits",
    "office_zone",
    "scope_of",
    "sees_sample",
    "skeletons",
    "state_on",
    "steady_read",
    "stream_of",
    "view_of",
    "visible_to",
]
