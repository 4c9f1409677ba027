"""Dates asked as day, month and year, in that order; of a date in a person's life often only the year is known."""

from typing import Any, NamedTuple

from caseflow.core.catalogue import FieldType
from caseflow.core.words import lazy_gettext
from caseflow.web.forms.fields import CaseField, showable

LABELS = {"day": lazy_gettext("Day"), "month": lazy_gettext("Month"), "year": lazy_gettext("Year")}


class Part(NamedTuple):
    """One of the three boxes."""

    name: str
    label: str
    id: str
    shown: str


class PartialDateField(CaseField):
    """A date of which the day, or day and month, may be unknown.

    Data is an ISO 8601 text whose length is its precision: `1998`, `1998-04` or `1998-04-30`. The boxes are sent as
    `<code>-day`, `<code>-month` and `<code>-year`; one text under the plain code is read too.
    """

    kind, type_of = "date_parts", FieldType.PARTIAL_DATE

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        names = {part: f"{self.name}-{part}" for part in LABELS}
        self.sent = {part: formdata.get(name, "") for part, name in names.items()} if formdata else {}
        super().process(formdata, data, extra_filters)

    def process_formdata(self, valuelist: list[Any]) -> None:
        boxes = [self.sent] if any(self.sent.values()) else valuelist
        super().process_formdata(boxes)

    @property
    def parts(self) -> list[Part]:
        """Day, month and year, as typed when something was sent."""
        if any(self.sent.values()):
            shown = {part: showable(self.sent[part]) for part in LABELS}
        else:
            pieces = [*str(self.data or "").split("-"), "", ""]
            shown = dict(zip(("year", "month", "day"), (piece.lstrip("0") for piece in pieces), strict=False))
        return [Part(part, LABELS[part], f"{self.id}-{part}", shown[part]) for part in LABELS]

    @property
    def target(self) -> str:
        return f"{self.id}-day"

    def forget(self) -> None:
        super().forget()
        self.sent = {}


class DateField(PartialDateField):
    """A whole date; data is `2026-11-17`."""

    type_of = FieldType.DATE
