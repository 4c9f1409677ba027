"""WeasyPrint, kept warm and kept in: one thread, no network, no file but the packaged ones.

Pango crashes when two threads of one process use it (WeasyPrint issues 167, 684, 1402), so the first thread that
renders keeps the press for the life of the process; the worker is that thread. The import takes two seconds and
needs a system library, so it waits for the first page.
"""

import atexit
import logging
import os
import threading
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from caseflow.core.press import resources
from caseflow.core.press.errors import PressUnavailable, ResourceRefused, WrongThread

# PDF/A-3a: archival, tagged for screen readers, every glyph with its Unicode value (ISO 19005-3).
_VARIANT = "pdf/a-3a"
_lock = threading.Lock()
_warm: "_Press | None" = None


def _weasyprint() -> ModuleType:
    try:
        import weasyprint
    except (ImportError, OSError) as problem:
        # OSError is what cffi raises when the shared library is not there; its text names paths of this machine.
        raise PressUnavailable from problem
    # Its warnings quote the page, and a page is about a person.
    log = logging.getLogger("weasyprint")
    log.propagate = False
    log.setLevel(logging.CRITICAL + 1)
    return weasyprint


def _closed_fetcher() -> Any:
    """A URL fetcher that knows the packaged resources only, and whose refusal ends the rendering."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Closed(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            try:
                content, kind = resources.read(url)
            except ResourceRefused as refusal:
                raise FatalURLFetchingError from refusal
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return Closed()


class _Press:
    """What is dear to make and safe to keep between pages: fonts, parsed style sheets, the fetcher."""

    def __init__(self) -> None:
        from weasyprint.text.fonts import FontConfiguration

        self.thread = threading.get_ident()
        self.fetcher = _closed_fetcher()
        self.fonts = FontConfiguration()
        self._sheets: dict[str, Any] = {}

    def sheet(self, name: str) -> Any:
        from weasyprint import CSS

        if name not in self._sheets:
            url = f"{resources.SCHEME}style/{name}"
            self._sheets[name] = CSS(url=url, url_fetcher=self.fetcher, font_config=self.fonts)
        return self._sheets[name]


def _forget_after_fork() -> None:
    """A forked child starts its own press, and must not delete the font folder of its parent on exit."""
    global _warm, _lock
    _lock = threading.Lock()
    if _warm is not None:
        _warm.fonts._folder = None
        _warm = None


def _drop() -> None:
    """Pango's objects must go before the interpreter does: left to its shutdown, they end it with a crash."""
    global _warm
    _warm = None


os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(_drop)


def _press() -> _Press:
    global _warm
    if _warm is None:
        _weasyprint()
        _warm = _Press()
    if _warm.thread != threading.get_ident():
        raise WrongThread
    return _warm


def _paint(
    press: _Press, html: str, *, base: str, title: str, author: str, language: str, made_at: datetime | None
) -> bytes:
    from weasyprint import HTML
    from weasyprint.pdf.metadata import DocumentMetadata

    source = HTML(string=html, base_url=resources.SCHEME, url_fetcher=press.fetcher)
    # Chosen again here, so that nothing in the page's head can put a word into the file's properties.
    created = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if made_at else None
    metadata = DocumentMetadata(
        title=title, authors=[author] if author else [], generator="CaseFlow", created=created, modified=created, lang=language
    )
    sheets = [press.sheet("common"), press.sheet(base)]
    document = source.render(font_config=press.fonts, stylesheets=sheets, pdf_variant=_VARIANT)
    document.metadata = metadata
    pdf: bytes = document.write_pdf(pdf_variant=_VARIANT)
    return pdf


def render(
    html: str, *, base: str, title: str, author: str, language: str, made_at: datetime | None = None
) -> bytes:
    """Press a page into a tagged PDF/A-3a file.

    `base` names the style sheet (`letter` or `audit`), `language` is a BCP 47 tag, `title` and `author` become the
    file's properties: an office (or nothing) and a number, never a person. The same input gives the same bytes.

    Raises PressUnavailable without Pango, WrongThread in any thread but the first that rendered, ResourceRefused
    when the page asks for anything that is not packaged.
    """
    with _lock:
        press = _press()
        try:
            return _paint(
                press, html, base=base, title=title, author=author, language=language, made_at=made_at
            )
        except BaseException as problem:
            # WeasyPrint's fatal error is a BaseException on purpose; only a refusal of ours hides behind it.
            if isinstance(problem.__cause__, ResourceRefused):
                raise ResourceRefused from None
            raise
