"""A form from the catalogue: a question is written once, as data, and drawn, parsed and named by its code."""

from collections.abc import Iterable, Mapping
from typing import Any

from caseflow.core.catalogue import Field, FieldType, Section
from caseflow.core.catalogue.conditions import holds, names
from caseflow.web.forms import dates, fields
from caseflow.web.forms.base import CaseForm
from caseflow.web.forms.repeats import RepeatField

KINDS: Mapping[FieldType, type[fields.CaseField]] = {
    FieldType.TEXT: fields.TextField,
    FieldType.LONGTEXT: fields.LongTextField,
    FieldType.CODE: fields.ChoiceField,
    FieldType.CODES: fields.ChoicesField,
    FieldType.TICK: fields.TickField,
    FieldType.NUMBER: fields.NumberField,
    FieldType.DATE: dates.DateField,
    FieldType.PARTIAL_DATE: dates.PartialDateField,
    FieldType.TIME: fields.TimeField,
    FieldType.CNIC: fields.CnicField,
    FieldType.PASSPORT: fields.PassportField,
    FieldType.PHONE: fields.PhoneField,
    FieldType.EMAIL: fields.EmailField,
    FieldType.REPEAT: RepeatField,
}


def form_for(sections: Iterable[Section], *, language: str, data: Mapping[str, Any]) -> type[CaseForm]:
    """A form class for some sections of one kind.

    data: the stored document and outside facts; they decide about questions that rest on answers of other pages. Make
    the form with `form_for(...)(data=document)` and give `form.values()`, beside the stored answers of the other
    sections, to `catalogue.check`.
    """
    chosen = tuple(sections)
    here = {field.code: field for section in chosen for field in section.fields}
    asked = {code: field for code, field in here.items() if _may_arise(field, here, data)}
    layout = tuple(
        (
            section.label[language] if len(chosen) > 1 else "",
            section.hint[language],
            tuple(field.code for field in section.fields if field.code in asked),
        )
        for section in chosen
    )
    questions = {code: _question(field, language, here, data) for code, field in asked.items()}
    return type("CatalogueForm", (CaseForm,), {**questions, "layout": layout})


def _item_form(field: Field, language: str, data: Mapping[str, Any]) -> type[CaseForm]:
    """The small form of one item of a repeat."""
    here = {inner.code: inner for inner in field.items}
    asked = [inner for inner in field.items if _may_arise(inner, here, data)]
    return type("ItemForm", (CaseForm,), {inner.code: _question(inner, language, here, data, True) for inner in asked})


def _may_arise(field: Field, here: Mapping[str, Field], data: Mapping[str, Any]) -> bool:
    """Whether the answers of this page can still open the question, or those of other pages have opened it."""
    return not here.keys().isdisjoint(names(field.condition)) or holds(field.condition, data)


def _question(
    field: Field, language: str, here: Mapping[str, Field], data: Mapping[str, Any], in_item: bool = False
) -> Any:
    """The unbound question of one field. In an item answers lie in a list, so that many items stay a short page."""
    more: dict[str, Any] = {"options": field.options.choices(language)} if field.options else {}
    if in_item and field.type is FieldType.CODE:
        more["closed"] = True
    if field.items:
        more = {"item": _item_form(field, language, data), "language": language}
    return KINDS[field.type](
        field.label[language],
        hint=field.hint[language],
        optional=field.required_at is None,
        condition_for=_governed_by(field, here),
        asked=field,
        **more,
    )


def _governed_by(field: Field, here: Mapping[str, Field]) -> tuple[str, tuple[str, ...]] | None:
    """The question on this page whose answer alone opens this one. A condition of several parts is judged on saving."""
    operator, operand = next(iter((field.condition or {}).items()), ("", ""))
    if operator == "known" and operand in here:
        return operand, ()
    if operator == "eq" and operand[0] in here:
        return operand[0], (str(operand[1]),)
    if operator == "in" and operand[0] in here:
        return operand[0], tuple(str(code) for code in operand[1])
    return None
