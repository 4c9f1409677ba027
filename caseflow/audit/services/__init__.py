"""Audits: ask, decide, draw a sample, end; ask for files and open them; verify the trail."""

from caseflow.audit.services.asking import LONGEST, MOST_CASES, ask_audit
from caseflow.audit.services.deciding import approve_audit, end_audit, refuse_audit
from caseflow.audit.services.files import (
    JOB,
    WHOLE,
    ask_file,
    ask_trail,
    check_running,
    file_made,
    give_up,
    open_file,
    open_trail,
    waits,
)
from caseflow.audit.services.sampling import check_open, read_frame
from caseflow.audit.services.verifying import verify_trail

__all__ = [
    "JOB",
    "LONGEST",
    "MOST_CASES",
    "WHOLE",
    "approve_audit",
    "ask_audit",
    "ask_file",
    "ask_trail",
    "check_open",
    "check_running",
    "end_audit",
    "file_made",
    "give_up",
    "open_file",
    "open_trail",
    "read_frame",
    "refuse_audit",
    "verify_trail",
    "waits",
]
