"""The kinds of question. What an answer may be is said once, by the catalogue's cleaners; a field calls them, keeps
what was typed, and is drawn by its `kind` in templates/components/forms.html."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from wtforms import Field
from wtforms.validators import StopValidation

from caseflow.core import catalogue
from caseflow.core.catalogue import FieldType
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.messages import MESSAGES
from caseflow.core.catalogue.text import clean_line, latin_digits
from caseflow.core.catalogue.values import clean
from caseflow.core.words import gettext, lazy_gettext

LINE = 200
PAGE = 10_000
# Up to this many answers lie open on the page; more go into a list (one answer) or close columns (several).
OPEN_ANSWERS = 12
# Beyond this even close columns are too long, and several answers are given in several lists.
COLUMN_ANSWERS = 60
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")


class Answer(NamedTuple):
    """One answer that can be chosen; `opens` numbers the groups of questions it opens."""

    value: str
    label: str
    id: str
    chosen: bool
    opens: tuple[int, ...]
    hint: str


def showable(text: object) -> str:
    """Typed text as a page can show it again: without control characters, halves of characters marked."""
    if not isinstance(text, str):
        return ""
    return _HALF.sub("\ufffd", _CONTROL.sub("", text))


def shape(kind_of: FieldType, *, most: int, least: int, greatest: int) -> catalogue.Field:
    """What the cleaners need to know of a question that is not in the catalogue, such as those of the sign-in page."""
    return catalogue.Field(
        code="", type=kind_of, label={}, hint={}, options=None, klass=catalogue.DataClass.O, required_at=None,
        condition=None, max_length=most, htcds="", group=None, minimum=least, maximum=greatest,
    )  # fmt: skip


class CaseField(Field):
    """What all questions share.

    label, hint: the words. needed: the message when the answer is missing, or None when it may be. most: the limit in
    characters. least, greatest: of a number. condition_for: (name of the governing field, its values that open this
    question; no values means that any answer does). optional: mark it so. attributes: further ones of the control.
    asked: the catalogue's field, when it comes from there.
    """

    kind = "text"
    type_of = FieldType.TEXT
    most = LINE
    # Whether its answers can show or hide other questions on the page.
    can_open = False
    many = False

    def __init__(
        self,
        label: str = "",
        *,
        hint: str = "",
        needed: str | None = None,
        most: int | None = None,
        least: int = -(2**63),
        greatest: int = 2**63 - 1,
        condition_for: tuple[str, Iterable[str]] | None = None,
        optional: bool | None = None,
        attributes: dict[str, str] | None = None,
        asked: catalogue.Field | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.needed = needed
        self.governor, codes = condition_for or ("", ())
        self.opened_by = frozenset(codes)
        self.optional = needed is None if optional is None else optional
        self.attributes = attributes or {}
        self.asked = asked or shape(self.type_of, most=most or self.most, least=least, greatest=greatest)
        self.opened: list[tuple[frozenset[str], list[CaseField]]] = []

    @property
    def hint(self) -> str:
        return self.description

    @property
    def target(self) -> str:
        """The id of the control to which an error message leads."""
        return self.id

    @property
    def inner(self) -> list[tuple[str, Any]]:
        """The small forms inside the question, each with what it is called: the items of a repeat."""
        return []

    @property
    def described_by(self) -> str:
        """Ids of hint and error, for `aria-describedby`."""
        ids = (f"{self.id}-hint" if self.hint else "", f"{self.id}-error" if self.errors else "")
        return " ".join(part for part in ids if part)

    @property
    def opens_inline(self) -> bool:
        """Whether each group of opened questions hangs on one answer of its own, and so can stand right below it."""
        return self.kind in ("radios", "checkboxes") and all(len(codes) == 1 for codes, _ in self.opened)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist:
            try:
                self.data = self.take(valuelist)
            except Fault as fault:
                raise ValueError(gettext(MESSAGES[fault.code], **fault.params)) from None

    def take(self, sent: list[Any]) -> Any:
        """The stored form of what was sent, None for a blank. Raises Fault."""
        return clean(self.asked, sent[0])

    def shown(self) -> str:
        """What stands in the control: as typed when something was sent, else the stored value."""
        if self.raw_data:
            return showable(self.raw_data[0])
        return "" if self.data is None else showable(str(self.data))

    def pre_validate(self, form: Any) -> None:
        if not form.applies(self):
            self.forget()
            raise StopValidation
        if self.process_errors:
            raise StopValidation
        if self.needed and not answered(self.data):
            raise StopValidation(str(self.needed))

    def forget(self) -> None:
        """Take no answer: the question does not arise."""
        self.data, self.raw_data = None, None
        self.process_errors: list[str] = []
        self.errors: list[str] = []


def answered(value: object) -> bool:
    """Nought is an answer; an empty text, an empty list and an empty tick are none."""
    return value is not None and value is not False and value != "" and value != []


class TextField(CaseField):
    """One line of words."""


class LongTextField(CaseField):
    """Several lines."""

    kind, type_of, most = "textarea", FieldType.LONGTEXT, PAGE


class HiddenField(CaseField):
    """Carried along unseen, such as the version an edit rests on."""

    kind = "hidden"


class PasswordField(CaseField):
    """A password: taken as typed but in one Unicode form, spaces too, and never shown again."""

    kind, most = "password", 1_000

    def take(self, sent: list[Any]) -> str | None:
        clean_line(sent[0], self.asked.max_length)
        return unicodedata.normalize("NFC", sent[0]) or None

    def shown(self) -> str:
        return ""


class CodeField(CaseField):
    """A one-time code; blanks, hyphens and Urdu digits are forgiven."""

    kind = "code"

    def take(self, sent: list[Any]) -> str | None:
        return re.sub(r"[\s-]", "", latin_digits(sent[0], "wrong_type")) or None

    def shown(self) -> str:
        return ""


class PinField(CodeField):
    """Digits that are a secret: taken as a code is, and hidden while they are typed."""

    kind = "pin"


class NumberField(CaseField):
    """A whole number of at most 64 bits; `least` and `greatest` narrow it."""

    kind, type_of = "number", FieldType.NUMBER


class PhoneField(CaseField):
    """A phone number, kept as E.164; without a country code it is read as Pakistan's."""

    kind, type_of = "phone", FieldType.PHONE


class CnicField(CaseField):
    """A Pakistani identity card number, kept as NNNNN-NNNNNNN-N."""

    kind, type_of = "cnic", FieldType.CNIC


class PassportField(CaseField):
    """A passport number in capitals."""

    type_of = FieldType.PASSPORT


class EmailField(CaseField):
    """An e-mail address; whether it exists only a message can tell."""

    kind, type_of, most = "email", FieldType.EMAIL, 254


class TimeField(CaseField):
    """A time of day on the 24-hour clock, kept as 09:30."""

    kind, type_of = "time", FieldType.TIME


class TickField(CaseField):
    """One box to tick: True or False."""

    kind, can_open = "tick", True

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = bool(valuelist) and valuelist[0] not in ("", "no", "false")


class FileField(CaseField):
    """A file, kept as the upload object; services judge its size and content."""

    kind = "file"

    def take(self, sent: list[Any]) -> Any:
        return next((item for item in sent if getattr(item, "filename", "")), None)

    def shown(self) -> str:
        return ""


class ChoiceField(CaseField):
    """One answer out of several: `options` are pairs (code, label) or triples with a hint; `closed` makes it a list."""

    can_open = True

    def __init__(
        self, label: str = "", *, options: Sequence[tuple[str, ...]] = (), closed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.options, self.closed = list(options), closed

    @property
    def kind(self) -> str:  # type: ignore[override]
        return "select" if self.closed or len(self.options) > OPEN_ANSWERS else "radios"

    @property
    def can_clear(self) -> bool:
        """A radio cannot be taken back, so a stored answer that may be missing gets a way out."""
        return self.optional and answered(self.object_data)

    def take(self, sent: list[Any]) -> Any:
        if sent[0] != "" and sent[0] not in {option[0] for option in self.options}:
            raise Fault("not_listed")
        return sent[0] or None

    def chosen(self, code: str) -> bool:
        return code == self.data

    @property
    def answers(self) -> list[Answer]:
        """The answers in order; the first carries the field's own id, where an error message leads."""
        return [
            Answer(
                value=option[0],
                label=option[1],
                id=self.id if place == 0 else f"{self.id}-{place}",
                chosen=self.chosen(option[0]),
                opens=tuple(group for group, (codes, _) in enumerate(self.opened, 1) if option[0] in codes),
                hint=option[2] if len(option) > 2 else "",
            )
            for place, option in enumerate(self.options)
        ]


class YesNoField(ChoiceField):
    """Yes, no, or not known: the third is an answer of its own, so that nobody must guess."""

    def __init__(self, label: str = "", *, options: Sequence[tuple[str, ...]] = (), **kwargs: Any) -> None:
        own = (("yes", lazy_gettext("Yes")), ("no", lazy_gettext("No")), ("unknown", lazy_gettext("Not known")))
        super().__init__(label, options=options or own, **kwargs)


class ChoicesField(ChoiceField):
    """Several answers out of several; data is a list of codes in the order of the options."""

    @property
    def kind(self) -> str:  # type: ignore[override]
        return "checkboxes" if len(self.options) <= COLUMN_ANSWERS else "lists"

    @property
    def many(self) -> bool:  # type: ignore[override]
        """Whether the answers go into close columns."""
        return len(self.options) > OPEN_ANSWERS

    @property
    def slots(self) -> list[str]:
        """For `lists`: the chosen code of each list; one list more than there are answers, two at least."""
        given = list(self.data or ())
        return [*given, "", ""][: max(2, len(given) + 1)]

    def take(self, sent: list[Any]) -> Any:
        known = [option[0] for option in self.options]
        # Kept even when the whole is refused, so that the ticks stay where they were.
        self.data = [code for code in known if code in sent] or None
        if any(value != "" and value not in known for value in sent):
            raise Fault("not_listed")
        return clean(self.asked, self.data) if self.asked.options else self.data

    def chosen(self, code: str) -> bool:
        return code in (self.data or ())
