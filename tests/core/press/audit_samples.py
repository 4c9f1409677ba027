"""A fictional case file and its trail."""

from datetime import UTC, datetime, timedelta

from caseflow.core.press.case_file import CaseFile, Chain, Cover, Entry, TrailFile

START = datetime(2026, 11, 17, 4, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """So many minutes after the first talk."""
    return START + timedelta(minutes=minutes)


COVER: Cover = {
    "office": "Chenab Protection Office (fictional)",
    "case_number": "CF-7K4M-2QX9",
    "code_name": "Blue Cedar",
    "made_by": "Auditor, internal audit",
    "approved_by": "Data protection, head office",
    "audit_number": "AU-2026-04",
    "purpose": "Yearly sample: was each referral approved before it was sent?",
    "made_at": at(3000),
    "zone": "Asia/Karachi",
    "digest": "9f2c" * 16,
    "version": "0.1.0",
}
CHAIN: Chain = {"entries": 48, "head": 1204, "digest": "71ab" * 16, "verified": True}

CASE_FILE: CaseFile = {
    "cover": COVER,
    "chronology": [
        {"at": at(0), "what": "Screening", "actor": "Caseworker", "detail": "First contact"},
        {"at": at(40), "what": "Intake", "actor": "Caseworker", "detail": ""},
        {"at": at(75), "what": "Referred", "actor": "Supervisor", "detail": "R-5T2N-8W"},
    ],
    "screenings": [
        {
            "at": at(0),
            "actor": "Caseworker",
            "lines": [
                ("Age group", "21 to 23"),
                ("Language", "Pashto"),
                ("Immediate danger", None),
                ("Twelve plain questions", None),
                ("Outcome", "Open a case"),
            ],
        }
    ],
    "consents": [
        {
            "scope": "Share for shelter", "recipient": "Sukh Chain Shelter", "basis": "Consent", "method": "Spoken",
            "status": "Withdrawn", "given_at": at(30), "until": at(130000), "withdrawn_at": at(2000),
            "text_version": "2026.1",
        },
        {
            "scope": "Record", "recipient": "This office", "basis": "Consent", "method": "Spoken", "status": "Valid",
            "given_at": at(28), "until": None, "withdrawn_at": None, "text_version": "2026.1",
        },
    ],
    "referrals": [
        {
            "number": "R-5T2N-8W", "service": "Safe shelter", "state": "Done", "digest": "4be7" * 16,
            "facts": [
                ("Recipient", "Sukh Chain Shelter (shelter)"),
                ("Approved by", "Supervisor, 12 minutes after submission"),
                ("Groups disclosed", "age, gender, language, children, access needs"),
                ("Safe contact", None),
            ],
            "events": [
                {"at": at(60), "what": "Submitted", "actor": "Caseworker", "detail": ""},
                {"at": at(72), "what": "Approved", "actor": "Supervisor", "detail": "Minimum data, need to know"},
                {"at": at(75), "what": "Issued", "actor": "Worker, for the supervisor", "detail": "Copy 1 of 3"},
                {"at": at(110), "what": "Acknowledged", "actor": "Caseworker", "detail": "By telephone, manager"},
            ],
        }
    ],
    "notes": [{"at": at(45), "actor": "Caseworker", "title": "Transport arranged"}],
    "documents": [
        {"at": at(75), "actor": "CaseFlow", "title": "Referral letter", "size": 48231, "digest": "c0de" * 16},
        {"at": at(90), "actor": "Caseworker", "title": "This record cannot be opened.", "size": 0, "digest": ""},
    ],
    "access": [
        {"at": at(5 + n), "actor": "Caseworker", "what": "Case page", "reason": ""} for n in range(3)
    ] + [{"at": at(2900), "actor": "Auditor", "what": "Case file", "reason": "AU-2026-04"}],
    "checks": [
        {"text": "Consent was given before each disclosure", "outcome": "pass", "detail": ""},
        {"text": "The approver is not the author", "outcome": "pass", "detail": ""},
        {"text": "Acknowledged in time", "outcome": "fail", "detail": "35 minutes late"},
        {"text": "Child: best-interests note", "outcome": "none", "detail": ""},
    ],
    "chain": CHAIN,
}  # fmt: skip


def entry(seq: int) -> Entry:
    """One made-up row of the trail."""
    return {
        "seq": seq, "at": at(seq), "happened": "2026-11-16" if seq == 7 else "", "tag": "case:record:saved",
        "actor": "Caseworker 3f9a", "object": "case_record 5d1c2b7e", "fields": ["gender", "primary_language"],
        "reason": "", "digest": f"{seq:04x}" * 16,
    }  # fmt: skip


TRAIL: TrailFile = {"cover": COVER, "entries": [entry(seq) for seq in range(1, 49)], "chain": CHAIN}
