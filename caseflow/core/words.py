"""The only translator: one language a context, for web, worker, letters and commands.

Catalogues are gettext `.po` files in `caseflow/translations/<language>/LC_MESSAGES/caseflow.po`; they are read
once a process, so there is no compiled file that could be older than its source.
"""

import gettext as stdlib_gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "ur": "اردو"}
_TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
_language: ContextVar[str] = ContextVar("language", default="en")


def N_(message: str) -> str:  # noqa: N802  gettext's own name, so that extraction finds it
    """Mark a message for translation where it is written; it is translated where it is shown."""
    return message


@lru_cache
def _catalogue(language: str) -> stdlib_gettext.NullTranslations:
    source = _TRANSLATIONS / language / "LC_MESSAGES" / "caseflow.po"
    if not source.exists():
        return stdlib_gettext.NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as handle:
        write_mo(compiled, read_po(handle, locale=language))
    compiled.seek(0)
    return stdlib_gettext.GNUTranslations(compiled)


def language() -> str:
    """The language of this context, `en` or `ur`."""
    return _language.get()


def direction() -> str:
    """`rtl` for Urdu, `ltr` otherwise."""
    return "rtl" if language() == "ur" else "ltr"


def set_language(code: str | None) -> None:
    """Set the language of this context; an unknown code means English."""
    _language.set(code if code in LANGUAGES else "en")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Run a block in one language, then return to the former (letters have their own language)."""
    token = _language.set(code if code in LANGUAGES else "en")
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str, **params: object) -> str:
    """The message in this context's language, `%(name)s` filled from `params`."""
    text = _catalogue(language()).gettext(message) if message else ""
    return text % params if params else text


def ngettext(one: str, many: str, num: int, **params: object) -> str:
    """The singular or plural message for `num`, which is also a parameter."""
    return _catalogue(language()).ngettext(one, many, num) % {"num": num, **params}


def pgettext(context: str, message: str, **params: object) -> str:
    """The message in a context of use, where one English word has two Urdu ones."""
    text = _catalogue(language()).pgettext(context, message)
    return text % params if params else text


class LazyWords(str):
    """A message that is translated each time it becomes text (form labels live longer than a request)."""

    __slots__ = ()

    def __str__(self) -> str:
        return gettext(str.__str__(self))

    def __html__(self) -> str:
        from markupsafe import escape

        return str(escape(str(self)))

    def __mod__(self, params: object) -> str:
        return str(self) % params


def lazy_gettext(message: str) -> LazyWords:
    """A message translated when shown, not when defined."""
    return LazyWords(message)
