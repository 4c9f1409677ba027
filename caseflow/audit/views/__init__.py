"""The pages of audits: list and ask, one audit, its files, the trail."""

from caseflow.audit.views import deciding, files, lists, trail
from caseflow.audit.views.frame import blueprint

__all__ = ["blueprint", "deciding", "files", "lists", "trail"]
