"""The forms of audits: ask, decide."""

from datetime import date

from caseflow.core.numbers import canonical
from caseflow.core.words import lazy_gettext as _
from caseflow.web.forms import CaseForm, DateField, HiddenField, LongTextField, TextField

# Fifty numbers and some blanks; what is much longer is no list of numbers.
NUMBERS_LENGTH = 2000


class AskForm(CaseForm):
    """Ask for an audit."""

    audit_id = HiddenField()
    purpose = TextField(
        _("What is the audit for?"),
        hint=_("One line. It stands on every file made in this audit. Name no person."),
        needed=_("Write what the audit is for."),
        most=200,
    )
    scope = LongTextField(
        _("Why these cases?"),
        hint=_("How they were chosen, for the person who decides. Name no person."),
        most=2000,
    )
    case_numbers = LongTextField(
        _("Case numbers"),
        hint=_("One on each line, such as CF-7K4M-2QX9. Fifty at most."),
        needed=_("Name at least one case."),
        most=NUMBERS_LENGTH,
    )
    ends_on = DateField(
        _("Last day of the audit"),
        hint=_("After this day everything closes by itself. At most 90 days from today."),
        needed=_("Write the last day of the audit."),
    )

    def numbers(self) -> list[str]:
        """The case numbers in their stored form; blank lines do not count."""
        lines = str(self.case_numbers.data or "").replace(",", "\n").split("\n")
        return [canonical(line) for line in lines if line.strip()]

    def last_day(self) -> date:
        """The last day; ask only when the form is valid."""
        return date.fromisoformat(str(self.ends_on.data))


class DecideForm(CaseForm):
    """Approve or refuse; only a refusal needs words."""

    reason = LongTextField(_("If you refuse: why?"), hint=_("The auditor reads this. Name no person."), most=1000)
