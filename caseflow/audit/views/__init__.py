"""The pages of audits: list and ask, one audit, its sample and files, the trail."""

from caseflow.audit.views import deciding, files, lists, sample, trail
from caseflow.audit.views.frame import blueprint

__all__ = ["blueprint", "deciding", "files", "lists", "sample", "trail"]
