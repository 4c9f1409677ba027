"""Writes to the consent register."""

from caseflow.consent.services.intake import keep_screening_consents, reasons_against_intake
from caseflow.consent.services.register import confirm_consent, note_read, record_consent, withdraw_consent

__all__ = [
    "confirm_consent",
    "keep_screening_consents",
    "note_read",
    "reasons_against_intake",
    "record_consent",
    "withdraw_consent",
]
