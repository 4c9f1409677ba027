"""Everything that changes a referral. Keyword-only, time passed in, never commits."""

from caseflow.referrals.services.answering import FORMS, Form, record_answer
from caseflow.referrals.services.confirming import APPROVAL_JOB, keep_approval, prepare_approval, press_approval
from caseflow.referrals.services.deciding import approve, decline, return_
from caseflow.referrals.services.drafting import draft_referral, edit_referral, submit
from caseflow.referrals.services.emergency import GROUNDS, issue_emergency
from caseflow.referrals.services.issuing import Ticket, issue, prepare, press_copies
from caseflow.referrals.services.ratifying import escalate, note_call, ratify, recall
from caseflow.referrals.services.reading import note_emergency_read, note_read, open_letter
from caseflow.referrals.services.withdrawing import on_consent_withdrawn

__all__ = [
    "APPROVAL_JOB",
    "FORMS",
    "GROUNDS",
    "Form",
    "Ticket",
    "approve",
    "decline",
    "draft_referral",
    "edit_referral",
    "escalate",
    "issue",
    "issue_emergency",
    "keep_approval",
    "note_call",
    "note_emergency_read",
    "note_read",
    "on_consent_withdrawn",
    "open_letter",
    "prepare",
    "prepare_approval",
    "press_approval",
    "press_copies",
    "ratify",
    "recall",
    "record_answer",
    "return_",
    "submit",
]
