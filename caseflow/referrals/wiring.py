"""What referrals want to hear from the rooms below."""

from caseflow.core import ports
from caseflow.referrals.services import on_consent_withdrawn


def wire() -> None:
    """Register the handlers; wiring twice changes nothing."""
    ports.consent_withdrawn.register(on_consent_withdrawn)
