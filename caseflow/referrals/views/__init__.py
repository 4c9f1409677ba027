"""The pages of referrals: choose and write, read, decide, record what happened, lists and register, emergencies."""

from caseflow.referrals.views import after_emergency, deciding, emergency, lists, reading, recording, writing
from caseflow.referrals.views.base import blueprint

__all__ = ["after_emergency", "blueprint", "deciding", "emergency", "lists", "reading", "recording", "writing"]
