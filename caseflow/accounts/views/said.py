"""A post in words, for the page that shows what could not go back into its form."""

from caseflow.core import catalogue
from caseflow.core.catalogue import Field
from caseflow.core.words import language
from caseflow.web.forms import refill

DATE_PARTS = ("-day", "-month", "-year")


def in_words(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was typed, with questions and coded answers in the words of the catalogue and a date in one piece.

    Names that the catalogue does not know stay as they are.
    """
    fields = [(name, value) for name, value in fields if refill.is_written(name, value)]
    tongue, known = language(), _questions(fields)
    said: dict[str, str] = {}
    for name, value in fields:
        in_date = name.endswith(DATE_PARTS)
        code = name.rpartition("-")[0] if in_date else name
        field = known[code][1] if code in known else None
        if field and field.items:
            continue  # the ids of its items, which tell nobody anything
        words = field.options.label(value, tongue) if field and field.options else value
        said[code] = said[code] + ("-" if in_date else ", ") + words if code in said else words
    return [(known[code][0] if code in known else code, words) for code, words in said.items()]


def _questions(fields: list[tuple[str, str]]) -> dict[str, tuple[str, Field]]:
    """Label and question by the name of a control; those inside an item carry the item's name before their own."""
    tongue = language()
    every = [field for kind in catalogue.load().kinds.values() for field in kind.fields]
    items = [
        (field, number, key)
        for field in every
        for number, key in enumerate((value for name, value in fields if name == field.code and field.items), 1)
    ]
    inside = {
        f"{field.code}-{key}-{inner.code}": (
            f"{catalogue.name_of_item(field, number, tongue)}: {inner.label[tongue]}",
            inner,
        )
        for field, number, key in items
        for inner in field.items
    }
    return {field.code: (field.label[tongue], field) for field in every} | inside
