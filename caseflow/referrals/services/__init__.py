"""Everything that changes a referral. Keyword-only, time passed in, never commits."""

from caseflow.referrals.services.answering import FORMS, Form, record_answer
from caseflow.referrals.services.deciding import approve, decline, return_
from caseflow.referrals.services.drafting import draft_referral, edit_referral, submit
from caseflow.referrals.services.issuing import Ticket, issue, prepare, press_copies
from caseflow.referrals.services.reading import note_read, open_letter
from caseflow.referrals.services.withdrawing import on_consent_withdrawn

__all__ = [
    "FORMS",
    "Form",
    "Ticket",
    "approve",
    "decline",
    "draft_referral",
    "edit_referral",
    "issue",
    "note_read",
    "on_consent_withdrawn",
    "open_letter",
    "prepare",
    "press_copies",
    "record_answer",
    "return_",
    "submit",
]
