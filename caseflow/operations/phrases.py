"""Gather every interface text and bring the Urdu catalogue up to date: `python -m caseflow.operations.phrases`.

Texts come from Python (`_`, `N_`, `gettext`, `ngettext`, `pgettext`, `lazy_gettext`) and from templates. Labels of
the catalogue are data and are not here: no text is in both.
"""

import ast
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

TOP = Path(__file__).resolve().parents[2]
URDU = TOP / "caseflow" / "translations" / "ur" / "LC_MESSAGES" / "caseflow.po"
WORDS = "caseflow.core.words"
KEYWORDS: dict[str, Any] = {
    "_": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
TEXTS_NEEDED = {"ngettext": 2, "pgettext": 2}
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false", "encoding": "utf-8"}}
HEADER = """\
# The Urdu of CaseFlow's interface. Refresh it with `python -m caseflow.operations.phrases`, then translate what is new.
# No native protection worker has read it yet: docs/urdu.md says what that means and which words were chosen.
#"""
# A catalogue that is written twice must be the same twice, so its one date stands still.
WRITTEN_FIRST = datetime(2026, 11, 1, tzinfo=UTC)

Found = tuple[int, str, tuple[str | None, ...], list[str]]


def python_texts(handle: IO[bytes], keywords: Collection[str], _tags: object, **_options: object) -> Iterator[Found]:
    """The calls whose text stands in the call itself; `gettext(LABELS["return"])` is no text `return`.

    Babel's own extractor reads tokens and would take every string inside such a call.
    """
    tree = ast.parse(handle.read())
    aliases = _aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _called(node.func, aliases)) in keywords:
            texts = tuple(_literal(one) for one in node.args)
            needed = texts[: TEXTS_NEEDED.get(name, 1)]
            if needed and None not in needed:
                yield node.lineno, name, texts, []


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Own names that a module gives to the functions of `core.words`, such as `_l` for `lazy_gettext`."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == WORDS)
    return {one.asname: one.name for node in imports for one in node.names if one.asname}


def _called(function: ast.expr, aliases: dict[str, str]) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return aliases.get(function.id, function.id) if isinstance(function, ast.Name) else ""


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


METHODS: dict[str, list[tuple[str, Any]]] = {
    "caseflow": [("**.py", python_texts)],
    "templates": [("**.html", "jinja2")],
}


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


def fresh() -> Catalog:
    """An empty Urdu catalogue with the header that every refresh writes."""
    return Catalog(
        locale="ur", project="CaseFlow", version="1", header_comment=HEADER, charset="utf-8", fuzzy=False,
        msgid_bugs_address="the project's issue tracker", last_translator="CaseFlow", language_team="Urdu",
        creation_date=WRITTEN_FIRST, revision_date=WRITTEN_FIRST,
    )  # fmt: skip


def complete(message: Any) -> bool:
    """True when each form of the message is translated."""
    return all(message.string) if message.pluralizable else bool(message.string)


def save(catalogue: Catalog) -> None:
    """Write the catalogue in a steady order, so that a change shows as one change."""
    URDU.parent.mkdir(parents=True, exist_ok=True)
    with URDU.open("wb") as handle:
        write_po(handle, catalogue, width=120, sort_output=True, no_location=True)


def update() -> tuple[int, int]:
    """Add new texts, drop gone ones, keep translations; returns (texts, untranslated)."""
    former = load() if URDU.exists() else fresh()
    catalogue = fresh()
    for message in template():
        if message.id:
            kept = former.get(message.id, context=message.context)
            string = kept.string if kept and kept.pluralizable == message.pluralizable else None
            catalogue.add(message.id, string, context=message.context)
    save(catalogue)
    return len(catalogue), sum(not complete(one) for one in catalogue if one.id)


if __name__ == "__main__":
    texts, open_texts = update()
    print(f"{texts} texts, {open_texts} without Urdu")
