"""Gather every interface text and bring the Urdu catalogue up to date: `python -m caseflow.operations.phrases`.

Texts come from Python (`_`, `N_`, `gettext`, `ngettext`, `pgettext`, `lazy_gettext`) and from templates. Labels of
the catalogue are data and are not here: no text is in both.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

TOP = Path(__file__).resolve().parents[2]
URDU = TOP / "caseflow" / "translations" / "ur" / "LC_MESSAGES" / "caseflow.po"
KEYWORDS: dict[str, Any] = {
    "_": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
METHODS = {"caseflow": [("**.py", "python")], "templates": [("**.html", "jinja2")]}
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false", "encoding": "utf-8"}}


def found() -> Iterator[tuple[str, int, Any, str | None]]:
    """(file, line, message or (one, many), context) of every text, in a steady order."""
    for folder, methods in METHODS.items():
        for file, line, message, _notes, context in extract_from_dir(
            TOP / folder, methods, OPTIONS, KEYWORDS, directory_filter=lambda path: "__pycache__" not in path
        ):
            yield f"{folder}/{file}", line, message, context


def template() -> Catalog:
    """All texts, without translations; no line numbers, which would change with every edit."""
    gathered = Catalog(project="CaseFlow", charset="utf-8")
    for file, _line, message, context in sorted(found(), key=lambda one: (one[0], one[1], str(one[2]))):
        if message:
            gathered.add(message, None, [(file, 0)], context=context)
    return gathered


def load() -> Catalog:
    """The Urdu catalogue as it stands."""
    with URDU.open("rb") as handle:
        return read_po(handle, locale="ur")


def update() -> tuple[int, int]:
    """Add new texts, drop gone ones, keep translations; returns (texts, untranslated)."""
    URDU.parent.mkdir(parents=True, exist_ok=True)
    catalogue = load() if URDU.exists() else Catalog(locale="ur", project="CaseFlow", charset="utf-8")
    catalogue.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    with URDU.open("wb") as handle:
        write_po(handle, catalogue, width=120, sort_output=True, no_location=True, omit_header=False)
    open_ones = sum(1 for one in catalogue if one.id and not (all(one.string) if one.pluralizable else one.string))
    return len(catalogue), open_ones


if __name__ == "__main__":
    texts, open_texts = update()
    print(f"{texts} texts, {open_texts} without Urdu")
