"""The forms of referrals: the referral itself, the decision on it, and one small form for each answer."""

from collections.abc import Sequence
from typing import Any

from caseflow.core import catalogue
from caseflow.core.words import language, lazy_gettext
from caseflow.web.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    HiddenField,
    LongTextField,
    TextField,
    TimeField,
    YesNoField,
)

_ = lazy_gettext
WORDS = 1_000
COMMENT = 500
NO_NAMES = _("Write no names.")
CONSENT = "consent"
# A basis beside the person's consent; the consent register records which kind of consent it was.
OTHER_BASES = ("vital_interest", "mandatory_report", "court_order")


def choices(list_name: str, *, only: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """Pairs (code, label) of a code list in the reader's language; `only` narrows them to some codes."""
    pairs = catalogue.load().list(list_name).choices(language())
    return [pair for pair in pairs if only is None or pair[0] in only]


def referral_form(
    *, services: Sequence[str], channels: Sequence[str], defaults: Sequence[str], own: Sequence[str]
) -> type[CaseForm]:
    """The form of a referral to one partner.

    `services` and `channels` are the partner's; `defaults` the groups its class is told unless unticked, `own` those
    that need the person's own agreement, each with a reason of its own (`why-<group>`).
    """
    questions = {
        "referral_id": HiddenField(),
        "rv": HiddenField(),
        **_asked(services, channels),
        "groups": ChoicesField(_("Told unless you untick it"), options=_groups(defaults)),
        "own_ticks": ChoicesField(_("Told only when the person agrees to it"), options=_groups(own)),
        **_ground(),
    }
    for code in own:
        questions[f"why-{code}"] = TextField(_("Why does the partner need it?"), most=300, optional=False)
    return type("ReferralForm", (CaseForm,), questions)


def _groups(codes: Sequence[str]) -> list[tuple[str, str]]:
    groups = catalogue.load().list("disclosure_group")
    return [(code, groups.label(code, language())) for code in codes]


def _asked(services: Sequence[str], channels: Sequence[str]) -> dict[str, Any]:
    """What is asked of the partner, and how the letter travels."""
    offered, ways = choices("service_type", only=services), choices("referral_channel", only=channels or None)
    urgencies = choices("referral_urgency")
    return {
        "services": ChoicesField(_("What do you ask for?"), options=offered, needed=_("Choose what you ask for.")),
        "urgency": ChoiceField(_("How urgent is it?"), options=urgencies, needed=_("Say how urgent it is.")),
        "reason": ChoiceField(_("Why do you refer the person?"), options=choices("referral_reason"), optional=False),
        "request": TextField(
            _("Your request in one line"),
            hint=_("It stands in the letter. Write no names and nothing of what happened."),
            most=300,
            optional=False,
        ),
        "appointment": TextField(_("Appointment"), hint=_("Day and hour, when one is agreed. No place.")),
        "escort": TextField(_("Who comes along?"), hint=_("For example: our caseworker brings the person.")),
        "channel": ChoiceField(_("How does the letter travel?"), options=ways, optional=False),
    }


def _ground() -> dict[str, Any]:
    """What allows the sharing: consent, or another basis with its reason."""
    bases = [(CONSENT, _("The person agrees")), *choices("consent_basis", only=OTHER_BASES)]
    needed = _("Say what allows you to share this.")
    return {
        "basis": ChoiceField(_("What allows you to share this?"), options=bases, needed=needed),
        "basis_reason": LongTextField(
            _("Why is this the basis?"),
            hint=_("A supervisor reads it. Name the law or the order."),
            most=COMMENT,
            optional=False,
            condition_for=("basis", OTHER_BASES),
        ),
    }


class DecisionForm(CaseForm):
    """The decision of a supervisor about what is frozen in one snapshot; `decision_form` adds what it may be about."""

    snapshot = HiddenField()
    rv = HiddenField()
    back = HiddenField()
    decision = ChoiceField(
        _("What do you decide?"),
        options=[
            ("approve", _("Approve and issue"), _("The letter is sealed as it stands and sent.")),
            ("return", _("Return with comments")),
            ("decline", _("Do not approve"), _("The referral ends here. Give a reason.")),
        ],
        needed=_("Choose what you decide."),
    )
    comment = LongTextField(
        _("What should change?"),
        hint=_("Whoever wrote it will see this. Write no names."),
        most=COMMENT,
        needed=_("Say what should change."),
        condition_for=("decision", ("return",)),
    )
    reason = LongTextField(
        _("Why is it not approved?"),
        hint=_("Whoever wrote it will see this. Write no names."),
        most=COMMENT,
        needed=_("Give a reason."),
        condition_for=("decision", ("decline",)),
    )


def decision_form(about: Sequence[tuple[str, str]]) -> type[DecisionForm]:
    """The form of a decision; `about` are the rows (group, label) to which a comment may belong."""
    group = ChoiceField(_("About"), options=list(about), condition_for=("decision", ("return",)))
    return type("DecisionForm", (DecisionForm,), {"group": group})


def _happened() -> dict[str, Any]:
    return {
        "happened_on": DateField(_("On which day did it happen?"), needed=_("Give the day on which it happened.")),
        "happened_at": TimeField(
            _("At what time?"),
            hint=_("On the 24-hour clock, for example 14:30."),
            needed=_("Give the time at which it happened."),
        ),
    }


def _answered() -> dict[str, Any]:
    return {
        "how": ChoiceField(
            _("How did you learn it?"), options=choices("answer_channel"), needed=_("Say how you learned it.")
        ),
        "by_post": TextField(
            _("Who answered? The post"),
            hint=_("For example: manager on duty."),
            most=120,
            needed=_("Give the post of whoever answered."),
        ),
        "by_name": TextField(_("Name of whoever answered"), hint=_("Only if it was given to you."), most=120),
    }


def _note(label: str, *, hint: str = NO_NAMES, needed: str | None = None, most: int = WORDS) -> LongTextField:
    return LongTextField(label, hint=hint, most=most, needed=needed)


def _partners_words(verb: str) -> dict[str, Any]:
    """The questions about what the partner said or did."""
    if verb == "accept":
        return {"date": DateField(_("First appointment, if one was given")), "text": _note(_("Anything to add"))}
    if verb == "refuse":
        reasons, needed = choices("referral_refusal_reason"), _("Choose the reason that was given.")
        return {
            "reason": ChoiceField(_("Which reason was given?"), options=reasons, needed=needed),
            "text": _note(_("What they said")),
        }
    if verb == "deliver":
        return {"text": _note(_("What was given?"), needed=_("Say what was given."))}
    return {"text": _note(_("Anything to add"))}


def _feedback() -> dict[str, Any]:
    yes_no = choices("yes_no")
    return {
        "reached": YesNoField(_("Did the person reach the service?"), needed=_("Say whether the person reached it.")),
        "satisfied": YesNoField(_("Is the person content with it?"), needed=_("Say whether the person is content.")),
        "harm": ChoiceField(
            _("Did the referral bring harm or danger?"), options=yes_no, needed=_("Say whether it brought harm.")
        ),
        "text": _note(_("What happened?")),
        "other_needs": _note(_("What else does the person need?"), most=COMMENT),
    }


def _withdrawal(*, has_left: bool) -> dict[str, Any]:
    options = [("yes", _("Yes")), ("no", _("Not yet"))]
    needed = _("Say whether the partner was told.")
    told = ChoiceField(_("Was the partner told to stop and to delete?"), options=options, needed=needed)
    words = _note(_("In the person's words, if they wish"), hint=_("No reason is needed."))
    return ({"told": told} if has_left else {}) | {"text": words}


def answer_form(verb: str, *, has_left: bool) -> type[CaseForm]:
    """The small form of one verb of the life cycle; `has_left` when the letter is with the partner."""
    questions: dict[str, Any] = {"rv": HiddenField()}
    if verb == "cancel":
        questions |= {"text": _note(_("Why is it cancelled?"), needed=_("Give a reason."))}
    elif verb == "close":
        questions |= {"text": _note(_("Anything to add"))}
    elif verb == "feedback":
        questions |= _happened() | _feedback()
    elif verb == "withdraw":
        questions |= _happened() | _withdrawal(has_left=has_left)
    else:
        questions |= _happened() | _answered() | _partners_words(verb)
    return type("AnswerForm", (CaseForm,), questions)
