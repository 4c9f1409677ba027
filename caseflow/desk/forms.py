"""The one box of the search page."""

from caseflow.core.words import lazy_gettext
from caseflow.web.forms import CaseForm, TextField


class SearchForm(CaseForm):
    """Posted, so that nothing of a person stands in an address."""

    text = TextField(
        lazy_gettext("What do you look for?"),
        hint=lazy_gettext("Case number, code name, CNIC, passport, telephone, or a name among the cases you may see."),
        needed=lazy_gettext("Write what you look for."),
        most=100,
    )
