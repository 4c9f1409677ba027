"""A question answered by several items, such as the legs of a journey: added and removed without JavaScript.

An item is a small form of its own. Its id is carried unseen under the name of the question; the names of its controls
are `<question>-<item id>-<code>`. The buttons that add and remove post the whole form (`then`), which comes back with
everything that was typed.
"""

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from caseflow.core.catalogue import FieldType, name_of_item
from caseflow.core.catalogue.messages import MESSAGES
from caseflow.core.catalogue.values import is_item_id
from caseflow.core.words import gettext
from caseflow.web.forms.base import CaseForm
from caseflow.web.forms.fields import CaseField, answered

# So many items are drawn at the most, however many were sent: enough to show what was typed, never a page without end.
DRAWN = 250
_ADD, _REMOVE = "add", "remove"


class Item(NamedTuple):
    """One item as the page shows it."""

    key: str
    label: str
    id: str
    form: CaseForm


class RepeatField(CaseField):
    """Data is a list of items in their order, each with its id and what was answered in it."""

    kind, type_of = "repeat", FieldType.REPEAT

    def __init__(self, label: str = "", *, item: type[CaseForm], language: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.item, self.language = item, language
        self.items: list[Item] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the items that were sent, or those that are stored; an empty question opens with one empty item."""
        self.process_errors = []
        stored = {one["id"]: one for one in data} if isinstance(data, list) else {}
        self.object_data = list(stored.values())
        if formdata is not None:
            self.keys = self._sent(formdata)
        else:
            self.keys = list(stored) or [_new_key()]
        self.items = [self._item(number, key, formdata, stored.get(key, {})) for number, key in self._drawn()]
        self.data = self._answers()

    def _sent(self, formdata: Any) -> list[str]:
        keys = list(dict.fromkeys(formdata.getlist(self.name)))
        if not all(is_item_id(key) for key in keys):
            self.process_errors.append(gettext(MESSAGES["wrong_type"]))
        keys = [key for key in keys if is_item_id(key)]
        if len(keys) > self.asked.maximum:
            limits = {"limit": self.asked.maximum, "count": len(keys)}
            self.process_errors.append(gettext(MESSAGES["too_many"], **limits))
        return keys

    def _drawn(self) -> list[tuple[int, str]]:
        return list(enumerate(self.keys[:DRAWN], 1))

    def _item(self, number: int, key: str, formdata: Any, stored: Mapping[str, Any]) -> Item:
        at = f"{self.name}-{key}"
        known = {code: value for code, value in stored.items() if code != "id"}
        form = self.item(formdata=formdata, prefix=f"{at}-", data=known)
        return Item(key, name_of_item(self.asked, number, self.language), at, form)

    def _answers(self) -> list[dict[str, Any]] | None:
        given = [{"id": one.key, **one.form.values()} for one in self.items]
        return [one for one in given if len(one) > 1] or None

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        fine = super().validate(form, extra_validators)
        inner = [one.form.validate() for one in self.items]
        self.data = self._answers()
        return fine and all(inner)

    def forget(self) -> None:
        super().forget()
        self.items = []

    @property
    def inner(self) -> list[tuple[str, CaseForm]]:
        return [(one.label, one.form) for one in self.items]

    @property
    def target(self) -> str:
        return self.id

    @property
    def full(self) -> bool:
        """Whether no further item can be added."""
        return len(self.keys) >= self.asked.maximum

    @property
    def fresh(self) -> str:
        """The id of the item that the next press of the button adds: known before, so that a second press adds none."""
        return _new_key()

    def shown(self) -> str:
        return ""


def is_press(sent: "MultiDict[str, str]") -> bool:
    """Whether a button was pressed that adds or removes an item; the form then only comes back."""
    return _pressed(sent) is not None


def press(sent: "MultiDict[str, str]") -> "MultiDict[str, str]":
    """What was sent, after the button that was pressed has added or removed its item."""
    changed, pressed = MultiDict(sent.items(multi=True)), _pressed(sent)
    if pressed is not None:
        what, name, key = pressed
        keys = [one for one in sent.getlist(name) if one != key]
        changed.setlist(name, [*keys, key] if what == _ADD else keys)
    return changed


def _pressed(sent: "MultiDict[str, str]") -> tuple[str, str, str] | None:
    """(Add or remove, the question, the id of the item), None when another button was pressed."""
    what, name, key = (*str(sent.get("then", "")).split("-"), "", "")[:3]
    return (what, name, key) if what in (_ADD, _REMOVE) and is_item_id(key) else None


def as_sent(name: str, value: Any) -> list[tuple[str, str]]:
    """A stored answer as a browser would send it: pairs of a control's name and its text."""
    if not answered(value):
        return []
    if isinstance(value, list) and isinstance(value[0], dict):
        return [pair for item in value for pair in item_as_sent(name, item)]
    given = value if isinstance(value, list) else ["yes" if value is True else value]
    return [(name, str(one)) for one in given]


def item_as_sent(name: str, item: Mapping[str, Any]) -> list[tuple[str, str]]:
    """One stored item of a repeat as a browser would send it."""
    at = f"{name}-{item['id']}"
    answers = [(code, value) for code, value in item.items() if code != "id"]
    return [(name, item["id"]), *(pair for code, value in answers for pair in as_sent(f"{at}-{code}", value))]


def _new_key() -> str:
    return secrets.token_hex(6)
