"""Pages of cases: list, first screening, the records of a case, drafts, and the small steps."""

from caseflow.cases.views import contacts, creating, drafts, lists, notes, records, screening, steps
from caseflow.cases.views.frame import blueprint

__all__ = ["blueprint", "contacts", "creating", "drafts", "lists", "notes", "records", "screening", "steps"]
