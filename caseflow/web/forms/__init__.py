"""Forms: they parse and keep what was typed; the macros of templates/components/forms.html draw them.

`CaseForm` is the base, `fields` and `dates` hold the kinds of question, `form_for` makes a form from the catalogue.
"""

from caseflow.web.forms.base import CaseForm
from caseflow.web.forms.dates import DateField, PartialDateField
from caseflow.web.forms.fields import (
    CaseField,
    ChoiceField,
    ChoicesField,
    CnicField,
    CodeField,
    EmailField,
    FileField,
    HiddenField,
    LongTextField,
    NumberField,
    PassportField,
    PasswordField,
    PhoneField,
    PinField,
    TextField,
    TickField,
    TimeField,
    YesNoField,
)
from caseflow.web.forms.from_catalogue import form_for
from caseflow.web.forms.repeats import RepeatField, as_sent, is_press, item_as_sent, press

__all__ = [
    "CaseField",
    "CaseForm",
    "ChoiceField",
    "ChoicesField",
    "CnicField",
    "CodeField",
    "DateField",
    "EmailField",
    "FileField",
    "HiddenField",
    "LongTextField",
    "NumberField",
    "PartialDateField",
    "PassportField",
    "PasswordField",
    "PhoneField",
    "PinField",
    "RepeatField",
    "TextField",
    "TickField",
    "TimeField",
    "YesNoField",
    "as_sent",
    "form_for",
    "is_press",
    "item_as_sent",
    "press",
]
