"""Pages that combine features: home, the case page, search."""

from caseflow.desk.views import case, home, search
from caseflow.desk.views.frame import blueprint

__all__ = ["blueprint", "case", "home", "search"]
