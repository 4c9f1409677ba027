"""Pages of cases: list, first screening, the records of a case, drafts, and the small steps."""

from caseflow.cases.views import (
    assessing,
    calling,
    contacts,
    creating,
    drafts,
    groups,
    lists,
    notes,
    records,
    screening,
    steps,
)
from caseflow.cases.views.frame import blueprint

__all__ = [
    "assessing",
    "blueprint",
    "calling",
    "contacts",
    "creating",
    "drafts",
    "groups",
    "lists",
    "notes",
    "records",
    "screening",
    "steps",
]
