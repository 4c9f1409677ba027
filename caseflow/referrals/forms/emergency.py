"""The forms of an emergency issue: who and what, the ground, who was called, and the decision afterwards."""

from collections.abc import Sequence
from typing import Any

from caseflow.core import catalogue
from caseflow.core.words import LANGUAGES, language, lazy_gettext
from caseflow.referrals.forms import COMMENT, choices
from caseflow.referrals.services import GROUNDS
from caseflow.web.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    HiddenField,
    LongTextField,
    NumberField,
    PhoneField,
    TextField,
    TickField,
    TimeField,
)

_ = lazy_gettext
NEW = "new"
# What can be asked for at night: services of the classes that may be told in an emergency.
NEEDS = ("safe_shelter", "health", "mhpss", "child_protection", "asylum", "basic_needs", "transport")
OF_NEW: dict[str, Any] = {"condition_for": ("case", (NEW,))}
_YES_NO = (("yes", _("Yes")), ("no", _("No")))


def who_form(*, cases: Sequence[tuple[str, str]], teams: Sequence[tuple[str, str]]) -> type[CaseForm]:
    """The first page. cases: (id, code name) of one's own open cases; teams: asked only when there are several."""
    questions: dict[str, Any] = {"emergency_id": HiddenField(), "new_case_id": HiddenField()}
    known = [(NEW, _("Somebody new")), *cases]
    questions["case"] = ChoiceField(_("Who is it?"), options=known, needed=_("Choose who it is."))
    if len(teams) > 1:
        questions["team_id"] = ChoiceField(
            _("Which team is this case for?"), options=teams, needed=_("Choose the team."), **OF_NEW
        )
    return type("WhoForm", (CaseForm,), {**questions, **_person(), **_need()})


def _person() -> dict[str, Any]:
    person = catalogue.load().kind("person")
    return {
        "majority_status": ChoiceField(
            _("Adult or child?"), options=choices("majority_status"), needed=_("Choose. In doubt: not known."), **OF_NEW
        ),
        "gender": ChoiceField(_("Gender, as the person says"), options=choices("gender"), optional=False, **OF_NEW),
        "dependants_with_person": NumberField(
            _("How many children are with the person?"), least=0, greatest=30, optional=False, **OF_NEW
        ),
        "dependants_ages": TextField(
            _("Ages of the children"), hint=_("Ages only, such as 4 and 7. No names."), most=100, **OF_NEW
        ),
        "primary_language": ChoiceField(
            person.field("primary_language").label[language()], options=choices("language"), optional=False, **OF_NEW
        ),
        "interpreter_needed": TickField(_("An interpreter is needed"), **OF_NEW),
        "safe_phone": PhoneField(
            _("Safe number to call the person"), hint=_("Only if a call brings no danger. Else leave it empty."),
            **OF_NEW,
        ),
    }  # fmt: skip


def _need() -> dict[str, Any]:
    districts = catalogue.load().list("district").choices(language())
    return {
        "services": ChoicesField(
            _("What is needed now?"), options=choices("service_type", only=NEEDS), needed=_("Choose what is needed.")
        ),
        "reason": ChoiceField(
            _("What is the danger?"), options=choices("emergency_reason"), needed=_("Choose the danger.")
        ),
        "request": TextField(
            _("Your request in one line"),
            hint=_("It stands in the letter. Write no names and nothing of what happened."),
            most=300,
            needed=_("Write in one line what you ask the partner to do."),
        ),
        "district": ChoiceField(_("Where is the person now?"), options=districts, optional=True),
    }


def ground_form(*, child: bool) -> type[CaseForm]:
    """The last page: what allows the sharing, and the language of the letter. A child's word alone opens nothing."""
    labels = {
        "verbal_phone": (_("The person agrees, by telephone"),),
        "signature": (_("The person is here, agrees and signs"),),
        "thumb": (_("The person is here and agrees by thumb impression"),),
        "vital_interest": (
            _("The person cannot be asked now: life or safety is in danger"),
            _("Also for a child, and whenever the age is not known."),
        ),
    }
    offered = [code for code in GROUNDS if code == "vital_interest" or not child]
    questions: dict[str, Any] = {
        "partner_id": HiddenField(),
        "ground": ChoiceField(
            _("What allows you to share this?"), options=[(code, *labels[code]) for code in offered],
            needed=_("Say what allows you to share this."),
        ),
        "language": ChoiceField(_("Language of the letter"), options=tuple(LANGUAGES.items()), optional=False),
    }  # fmt: skip
    if not child:
        questions["private"] = ChoiceField(
            _("Could the person speak freely, with nobody listening?"),
            options=_YES_NO,
            needed=_("Say whether the person could speak freely."),
            condition_for=("ground", tuple(code for code in offered if code != "vital_interest")),
        )
    return type("GroundForm", (CaseForm,), questions)


def rescue_form() -> type[CaseForm]:
    """The last page of a rescue request to the police: a place, and nothing about who."""
    return type("RescueForm", (CaseForm,), {
        "partner_id": HiddenField(),
        "place_of_danger": TextField(
            _("Where is the danger?"),
            hint=_("The place only, so that they find it. Nothing about who: no name, no age, no story."),
            most=300, needed=_("Write the place."),
        ),
        "language": ChoiceField(_("Language of the letter"), options=tuple(LANGUAGES.items()), optional=False),
    })  # fmt: skip


def call_form(people: Sequence[tuple[str, str]]) -> type[CaseForm]:
    """Who was called, at what time. people: (id, name)."""
    return type("CallForm", (CaseForm,), {
        "who": ChoiceField(_("Whom did you call?"), options=people, needed=_("Choose whom you called.")),
        "called_at": TimeField(
            _("At what time?"), hint=_("On the 24-hour clock, for example 14:30."),
            needed=_("Give the time at which it happened."),
        ),
    })  # fmt: skip


def ratify_form(*, may_suspend: bool) -> type[CaseForm]:
    """The decision after an emergency issue. Only a supervisor can suspend the author's right to issue alone."""
    questions: dict[str, Any] = {
        "snapshot": HiddenField(),
        "decision": ChoiceField(
            _("What do you decide?"),
            options=[
                ("ratify", _("Ratify"), _("The sharing stands as if it had been approved.")),
                ("recall", _("Do not ratify, recall the data"),
                 _("The partner must stop using the data. The service goes on: nobody is sent away.")),
            ],
            needed=_("Choose what you decide."),
        ),
        "reason": LongTextField(
            _("Why is it not ratified?"), hint=_("Whoever wrote it will see this. Write no names."), most=COMMENT,
            needed=_("Give a reason."), condition_for=("decision", ("recall",)),
        ),
    }  # fmt: skip
    if may_suspend:
        questions["suspend"] = TickField(
            _("Suspend this person's right to issue alone"),
            hint=_("Only for a misuse. A supervisor can give it back on the duty roster."),
            condition_for=("decision", ("recall",)),
        )
    return type("RatifyForm", (CaseForm,), questions)
