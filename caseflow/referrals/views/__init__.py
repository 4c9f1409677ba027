"""The pages of referrals: choose and write, read, decide, record what happened, lists and register."""

from caseflow.referrals.views import deciding, lists, reading, recording, writing
from caseflow.referrals.views.base import blueprint

__all__ = ["blueprint", "deciding", "lists", "reading", "recording", "writing"]
