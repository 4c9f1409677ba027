"""Forms of the door, of people and of offices."""

from collections.abc import Iterable

from caseflow.core.policy import Role
from caseflow.core.policy.actor import ROLE_LABELS
from caseflow.core.words import LANGUAGES, gettext
from caseflow.core.words import lazy_gettext as _l
from caseflow.web.forms import (
    CaseForm,
    ChoiceField,
    CodeField,
    DateField,
    EmailField,
    HiddenField,
    LongTextField,
    PasswordField,
    PhoneField,
    PinField,
    TextField,
    TimeField,
)

Options = Iterable[tuple[str, str]]
TEAM_ROLES = (Role.CASEWORKER, Role.SUPERVISOR)
WIDE_ROLES = (Role.DATA_PROTECTION, Role.AUDITOR, Role.ADMINISTRATOR)
_NEW = {"autocomplete": "new-password"}
_LANGUAGES = tuple(LANGUAGES.items())


class SignInForm(CaseForm):
    """The door."""

    sign_in = TextField(
        _l("Staff name"),
        needed=_l("Write your staff name."),
        attributes={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _l("Password"), needed=_l("Write your password."), attributes={"autocomplete": "current-password"}
    )
    next = HiddenField(most=2000)


class CodeForm(CaseForm):
    """The second page of the door."""

    code = CodeField(_l("Six-digit code"), needed=_l("Write the code that your app shows now."))
    next = HiddenField(most=2000)


class RecoveryForm(CaseForm):
    """A recovery code in place of the app's code."""

    code = TextField(
        _l("Recovery code"),
        hint=_l("Twelve letters and digits in three groups."),
        needed=_l("Write one of your recovery codes."),
        most=40,
        attributes={"autocapitalize": "characters"},
    )
    next = HiddenField(most=2000)


class PinForm(CaseForm):
    """The PIN, to go on with a session that rested."""

    pin = PinField(_l("Your PIN"), needed=_l("Write the six digits of your PIN."))
    next = HiddenField(most=2000)


class NewPinForm(CaseForm):
    """Choose a PIN."""

    pin = PinField(_l("New PIN"), hint=_l("Six digits that nobody guesses."), needed=_l("Write six digits."))


class NewPasswordForm(CaseForm):
    """Choose a password; typed twice, since it is never shown."""

    password = PasswordField(
        _l("New password"),
        hint=_l("At least 12 characters. Four words that do not belong together are good. You may paste it."),
        needed=_l("Write a password."),
        attributes=_NEW,
    )
    again = PasswordField(_l("The same once more"), needed=_l("Write the password once more."), attributes=_NEW)

    def validate(self, extra_validators: object = None) -> bool:
        """Both must be the same."""
        good = super().validate(extra_validators)
        if good and self.password.data != self.again.data:
            self.add_problems({"again": (gettext("This is not the same as above. Write both again."), {})})
            return False
        return good


class ResetForm(NewPasswordForm):
    """Choose a new password with a one-time link and one's own second factor."""

    code = TextField(
        _l("Your code"),
        hint=_l("The six digits that your app shows now, or one of your recovery codes."),
        needed=_l("Write the code that your app shows now."),
        most=40,
    )
    layout = (("", "", ("password", "again", "code")),)


class OwnPasswordForm(NewPasswordForm):
    """Change one's own password, knowing the present one."""

    current = PasswordField(
        _l("Your present password"),
        needed=_l("Write your present password."),
        attributes={"autocomplete": "current-password"},
    )
    layout = (("", "", ("current", "password", "again")),)


class FactorForm(CaseForm):
    """Show that the app holds the seed; `draw` names which one this page showed."""

    draw = HiddenField(most=64)
    code = CodeField(_l("Six-digit code"), needed=_l("Write the code that your app shows now."))


class NewFactorForm(FactorForm):
    """Set up a new second factor, knowing the password."""

    current = PasswordField(
        _l("Your password"), needed=_l("Write your password."), attributes={"autocomplete": "current-password"}
    )


class PersonForm(CaseForm):
    """What is known of a member of staff."""

    rv = HiddenField(most=20)
    name = TextField(_l("Name"), needed=_l("Write the name."), most=120)
    post_en = TextField(_l("Post, in English"), needed=_l("Write the post: letters name it."), most=120)
    post_ur = TextField(_l("Post, in Urdu"), most=120)
    phone = PhoneField(_l("Phone at work"))
    email = EmailField(_l("E-mail at work"))
    language = ChoiceField(_l("Language"), options=_LANGUAGES, needed=_l("Choose the language."))

    DOC = ("name", "post_en", "post_ur", "phone", "email", "language")

    def doc(self) -> dict[str, str]:
        """The answers as the sealed document keeps them, blanks as empty texts."""
        return {name: self._fields[name].data or "" for name in self.DOC}


class OrganisationForm(CaseForm):
    """An office and its letterhead."""

    rv = HiddenField(most=20)
    name_en = TextField(_l("Name, in English"), needed=_l("Write the name in English."))
    name_ur = TextField(_l("Name, in Urdu"))
    code = TextField(_l("Short letters for the letter register"), needed=_l("Write two to eight letters."), most=8)
    address_en = LongTextField(_l("Address on letters, in English"), most=400)
    address_ur = LongTextField(_l("Address on letters, in Urdu"), most=400)
    phone = PhoneField(_l("Phone"))
    email = EmailField(_l("E-mail"))

    DOC = ("name_en", "name_ur", "code", "address_en", "address_ur", "phone", "email")
    doc = PersonForm.doc


class TeamForm(CaseForm):
    """A new team."""

    team_name_en = TextField(_l("Name of the team, in English"), needed=_l("Write the name in English."))
    team_name_ur = TextField(_l("Name of the team, in Urdu"))


class LanguageForm(CaseForm):
    """One's own language."""

    language = ChoiceField(_l("Language"), options=_LANGUAGES, needed=_l("Choose the language."))


def deputy_form(*, roles: Options, colleagues: Options) -> type[CaseForm]:
    """A form for one deputy: who, in which role, from when to when."""

    class DeputyForm(CaseForm):
        id = HiddenField(most=36)
        deputy = ChoiceField(_l("Who stands in for you"), options=list(colleagues), needed=_l("Choose a colleague."))
        role = ChoiceField(_l("In which role"), options=list(roles), needed=_l("Choose a role."))
        first = DateField(_l("First day"), needed=_l("Write the first day."))
        last = DateField(_l("Last day"), needed=_l("Write the last day."))

    return DeputyForm


def role_form(*, teams: Options, offices: Options, base: type[CaseForm] = CaseForm) -> type[CaseForm]:
    """A form for one role: a team for caseworkers and supervisors, an organisation for the others."""

    class RoleForm(base):  # type: ignore[valid-type, misc]
        role = ChoiceField(_l("Role"), options=_roles(), needed=_l("Choose a role."))
        team = ChoiceField(
            _l("Team"), options=list(teams), needed=_l("Choose a team."), condition_for=("role", map(str, TEAM_ROLES))
        )
        organisation = ChoiceField(
            _l("Organisation"),
            options=list(offices),
            needed=_l("Choose an organisation."),
            condition_for=("role", map(str, WIDE_ROLES)),
        )

    return RoleForm


def invite_form(*, teams: Options, offices: Options) -> type[CaseForm]:
    """A form for a new member of staff."""

    class InviteForm(role_form(teams=teams, offices=offices, base=PersonForm)):  # type: ignore[misc]
        id = HiddenField(most=36)
        sign_in = TextField(
            _l("Staff name for signing in"),
            hint=_l("Latin letters and digits, for example s.tariq. It cannot be changed later."),
            needed=_l("Write a staff name."),
            most=40,
        )
        layout = (
            ("", "", ("name", "sign_in", "post_en", "post_ur", "phone", "email", "language")),
            (_l("Work"), "", ("role", "team", "organisation")),
        )
        DOC = (*PersonForm.DOC, "sign_in")

    return InviteForm


def _roles() -> list[tuple[str, str]]:
    return [(str(role), _l(label)) for role, label in ROLE_LABELS.items()]


def duty_form(people: Iterable[tuple[str, str]]) -> type[CaseForm]:
    """The form of a turn on the duty roster. people: (role and id, name and role) of who can be on duty."""
    hour = _l("On the 24-hour clock, for example 14:30.")
    questions = {
        "duty_id": HiddenField(),
        "who": ChoiceField(_l("Who is on duty?"), options=list(people), needed=_l("Choose who is on duty.")),
        "phone": PhoneField(
            _l("On-call number"),
            hint=_l("Caseworkers call it at night. For example 0300 1234567."),
            needed=_l("Write the number at which this person answers."),
        ),
        "starts_on": DateField(_l("From which day?"), needed=_l("Write the first day.")),
        "starts_at": TimeField(_l("From what time?"), hint=hour, needed=_l("Write the time.")),
        "ends_on": DateField(_l("Until which day?"), needed=_l("Write the last day.")),
        "ends_at": TimeField(_l("Until what time?"), hint=hour, needed=_l("Write the time.")),
    }
    return type("DutyForm", (CaseForm,), questions)
