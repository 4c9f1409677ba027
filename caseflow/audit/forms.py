"""The forms of audits: ask, decide."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from caseflow.audit.states import HAPPENED_LABELS
from caseflow.cases.states import PUBLIC_LABELS
from caseflow.core.numbers import canonical
from caseflow.core.words import lazy_gettext as _
from caseflow.web.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    HiddenField,
    LongTextField,
    NumberField,
    TextField,
)

# Fifty numbers and some blanks; what is much longer is no list of numbers.
NUMBERS_LENGTH = 2000
NAMED, SAMPLE = "named", "sample"
_SAMPLE = ("way", (SAMPLE,))


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
    way = ChoiceField(
        _("Which cases?"),
        options=(
            (NAMED, _("Cases that I name by their numbers")),
            (SAMPLE, _("A sample, drawn from all cases that fit a filter")),
        ),
        needed=_("Choose how the cases are found."),
    )
    case_numbers = LongTextField(
        _("Case numbers"),
        hint=_("One on each line, such as CF-7K4M-2QX9. Fifty at most."),
        needed=_("Name at least one case."),
        most=NUMBERS_LENGTH,
        condition_for=("way", (NAMED,)),
    )
    since = DateField(
        _("First day of the period"), needed=_("Write the first day of the period."), condition_for=_SAMPLE
    )
    until = DateField(_("Last day of the period"), needed=_("Write the last day of the period."), condition_for=_SAMPLE)
    happened = ChoiceField(
        _("What happened to the cases in this period?"),
        options=tuple((str(code), _(words)) for code, words in HAPPENED_LABELS.items()),
        needed=_("Choose what happened in the period."),
        condition_for=_SAMPLE,
    )
    states = ChoicesField(
        _("Only cases in these states"),
        hint=_("None ticked: all."),
        options=tuple((str(code), _(words)) for code, words in PUBLIC_LABELS.items()),
        condition_for=_SAMPLE,
    )
    size = NumberField(
        _("How many cases?"),
        hint=_("From 1 to 50. If fewer fit the filter, all of them are taken."),
        needed=_("Write how many cases the sample has."),
        least=1,
        greatest=50,
        condition_for=_SAMPLE,
    )
    seed = TextField(
        _("Your seed"),
        hint=_(
            "Any words or numbers of your own. The same seed draws the same cases from the same frame, "
            "so everybody can check the draw later. Until the approval nobody else sees it."
        ),
        needed=_("Write a seed: any words or numbers of your own."),
        most=100,
        condition_for=_SAMPLE,
    )
    ends_on = DateField(
        _("Last day of the audit"),
        hint=_("After this day everything closes by itself. At most 90 days from today."),
        needed=_("Write the last day of the audit."),
    )

    def sampling(self) -> dict[str, Any] | None:
        """How a sample shall be drawn; None for named cases."""
        if self.way.data != SAMPLE:
            return None
        names = ("since", "until", "happened", "states", "teams", "size", "seed")
        return {name: self[name].data for name in names}

    def numbers(self) -> list[str]:
        """The case numbers in their stored form; blank lines do not count."""
        lines = str(self.case_numbers.data or "").replace(",", "\n").split("\n")
        return [canonical(line) for line in lines if line.strip()]

    def last_day(self) -> date:
        """The last day; ask only when the form is valid."""
        return date.fromisoformat(str(self.ends_on.data))


def ask_form(teams: Mapping[UUID, str]) -> type[AskForm]:
    """The form with the teams that can be ticked, right below the states."""
    options = [(str(one), name) for one, name in teams.items()]
    label, hint = _("Only cases of these teams"), _("None ticked: all.")
    field: Any = ChoicesField(label, hint=hint, options=options, condition_for=_SAMPLE)
    field.creation_counter = AskForm.states.creation_counter  # WTForms orders by it, then by name
    return type("AskFormOfTeams", (AskForm,), {"teams": field})


class DecideForm(CaseForm):
    """Approve or refuse; only a refusal needs words."""

    reason = LongTextField(_("If you refuse: why?"), hint=_("The auditor reads this. Name no person."), most=1000)
