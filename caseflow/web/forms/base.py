"""The form all forms come from."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict

from caseflow.core import words
from caseflow.web.forms import refill
from caseflow.web.forms.fields import CaseField, answered


class _Words:
    """WTForms' own few messages, through our translator."""

    def gettext(self, text: str) -> str:
        return words.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return words.ngettext(one, many, number)


class CaseForm(FlaskForm):
    """A form that keeps what was typed, knows which question opens which, and takes problems from services.

    The token against cross-site posts is checked at the door for every post (guards), so no form can forget it;
    forms only print it.
    """

    # Sections of the page: (heading, hint, names of the questions). Without them all questions stand in one row.
    layout: ClassVar[tuple[tuple[str, str, tuple[str, ...]], ...]] = ()

    class Meta:
        csrf = False

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """What was posted as a form; a JSON body is none of ours and counts as nothing sent.

            What a closed session kept comes before a draft and before what is stored (`refill`).
            """
            kept = refill.taken_by(form)
            if kept is not None:
                return kept
            if formdata is None or isinstance(formdata, Mapping):
                return formdata
            return CombinedMultiDict((request.form, request.files)) if request.method == "POST" else None

        def get_translations(self, form: FlaskForm) -> _Words:
            return _Words()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.further: list[str] = []
        for field in self:
            governor = self._governor(field)
            # A box one writes in cannot open anything without a script: what hangs on it simply follows it.
            if governor is not None and governor.can_open:
                self._open(governor, field)

    def _governor(self, field: CaseField) -> CaseField | None:
        """The question whose answer opens this one, when it stands on the same page."""
        return self._fields.get(field.governor)

    def _open(self, governor: CaseField, field: CaseField) -> None:
        codes = field.opened_by
        for known, fields in governor.opened:
            if known == codes:
                fields.append(field)
                return
        governor.opened.append((codes, [field]))

    def applies(self, field: CaseField) -> bool:
        """Whether the question arises, given the answers above it."""
        governor = self._governor(field)
        if governor is None:
            return True
        codes = field.opened_by
        if not self.applies(governor) or not answered(governor.data):
            return False
        given = governor.data if isinstance(governor.data, list) else [_as_code(governor.data)]
        return not codes or not codes.isdisjoint(given)

    def values(self) -> dict[str, Any]:
        """What was answered, by code; open questions and empty ticks are left out."""
        return {name: field.data for name, field in self._fields.items() if answered(field.data)}

    def add_problems(self, problems: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
        """Put messages of a service (`core.errors.Invalid.problems`) beside their fields, others above the form."""
        for code, (message, params) in problems.items():
            text = words.gettext(message, **params)
            field = self._named(code)
            if field is None:
                self.further.append(text)
            elif text not in field.errors:
                field.errors = [*field.errors, text]

    def _named(self, code: str) -> CaseField | None:
        """The question of this code, or the one inside an item that is named `field-item id-question`."""
        inside = [form for field in self if code.startswith(f"{field.short_name}-") for _, form in field.inner]
        found = (one for form in inside for one in form if one.name == code)
        return self._fields.get(code) or next(found, None)

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """For the summary above the form: (id of the control, message), in the order of the page."""
        own = [one for field in self for one in _mistakes(field)]
        return [*own, *(("", text) for text in self.further)]

    @property
    def sections(self) -> list[tuple[str, str, list[CaseField]]]:
        """(Heading, hint, questions) in order; a question that an answer opens stands inside the one that opens it."""
        layout: Iterable[tuple[str, str, Iterable[str]]] = self.layout or (("", "", tuple(self._fields)),)
        return [(heading, hint, self._roots(names)) for heading, hint, names in layout]

    def _roots(self, names: Iterable[str]) -> list[CaseField]:
        inside = {field.short_name for other in self for _, fields in other.opened for field in fields}
        return [self._fields[name] for name in names if name not in inside and self._fields[name].kind != "hidden"]


def _mistakes(field: CaseField) -> list[tuple[str, str]]:
    """What is wrong with a question, and with the items it holds, each called by its name."""
    own = [(field.target, _in_summary(field, str(error))) for error in field.errors]
    inner = [(target, f"{label}, {text}") for label, form in field.inner for target, text in form.mistakes]
    return own + inner


def _in_summary(field: CaseField, error: str) -> str:
    """Away from its question a message says which question it means, unless its own words do."""
    label = str(field.label.text)
    if field.needed is not None and error == str(field.needed):
        return error
    return f"{label} {error}" if label.endswith(("?", "؟")) else f"{label}: {error}"


def _as_code(value: object) -> str:
    """A tick governs as `yes` or `no`, everything else as its own code."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
