"""Audits: ask, decide, end; ask for files and open them; verify the trail."""

from caseflow.audit.services.asking import LONGEST, MOST_CASES, ask_audit
from caseflow.audit.services.deciding import approve_audit, end_audit, refuse_audit
from caseflow.audit.services.files import JOB, ask_file, check_running, file_made, open_file, waits
from caseflow.audit.services.verifying import verify_trail

__all__ = [
    "JOB",
    "LONGEST",
    "MOST_CASES",
    "approve_audit",
    "ask_audit",
    "ask_file",
    "check_running",
    "end_audit",
    "file_made",
    "open_file",
    "refuse_audit",
    "verify_trail",
    "waits",
]
