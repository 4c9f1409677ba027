"""Fills the paper templates: a Jinja of its own, away from the web, that knows only what it is given.

Every value is escaped and none is ever read as a template; a value that is missing is an error, not a blank line
in a letter.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from caseflow.core import words
from caseflow.core.press import when

_ROOT = Path(__file__).resolve().parents[3] / "templates"
_FOLDERS = ("letters", "audit_file", "kit")
# Control characters print as boxes; embeddings and overrides (U+202A to U+202E, U+2066 to U+2069) could make a line
# read backwards or hide a word. Joiners and single marks stay: Urdu needs them.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def _printable(value: Any) -> Any:
    return type(value)(_INVISIBLE.sub("", value)) if isinstance(value, str) else value


def way(text: str) -> str:
    """The direction of a text by its first strong letter (Unicode UAX 9, rule P2); of this page when it has none.

    An English letter may hold an Urdu sentence, and the other way round; each must keep its full stop at its end.
    """
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return words.direction()


def grouped(digest: str, length: int = 16) -> str:
    """The first hex digits of a digest in fours, as a person reads them aloud: `4be7 90a2 c15d 83f6`."""
    return " ".join(digest[start : start + 4] for start in range(0, min(length, len(digest)), 4))


@cache
def _environment() -> Environment:
    env = Environment(
        loader=PrefixLoader({name: FileSystemLoader(_ROOT / name) for name in _FOLDERS}),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext
    )
    env.filters.update(
        day=when.day, minute=when.minute, deadline=when.deadline, stamp=when.stamp, grouped=grouped, way=way
    )
    return env


def fill(template: str, *, language: str, **values: Any) -> str:
    """The page as HTML in one language; raises jinja2.UndefinedError when a value is missing."""
    with words.speaking(language):
        return (
            _environment()
            .get_template(template)
            .render(language=words.language(), direction=words.direction(), **values)
        )
