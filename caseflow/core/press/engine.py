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
from importlib.resources import files
from io import BytesIO
from typing import Any

from caseflow.core.press import resources
from caseflow.core.press.errors import PressUnavailable, ResourceRefused, WrongThread

# PDF/A-3a: archival, tagged for screen readers, every glyph with its Unicode value (ISO 19005-3).
_VARIANT = "pdf/a-3a"
_INTENT = "office-srgb"
_lock = threading.Lock()
_warm: "_Press | None" = None


def _load() -> None:
    """Import WeasyPrint and silence it; raises PressUnavailable."""
    try:
        import weasyprint  # noqa: F401  only to see whether its system libraries are there
    except (ImportError, OSError) as problem:
        # OSError is what cffi raises when the shared library is not there; its text names paths of this machine.
        raise PressUnavailable from problem
    # Its warnings quote the page, and a page is about a person.
    log = logging.getLogger("weasyprint")
    log.propagate = False
    log.setLevel(logging.CRITICAL + 1)


def _closed_fetcher() -> Any:
    """A URL fetcher that knows the packaged resources only, and remembers that it refused another.

    It must remember, for WeasyPrint goes on after an exception, even a fatal one, inside an SVG picture.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Closed(URLFetcher):
        refused = False

        def fetch(self, url: str, headers: Any = None) -> Any:
            try:
                content, kind = resources.read(url)
            except ResourceRefused:
                self.refused = True
                raise FatalURLFetchingError from None
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return Closed()


class _Press:
    """What is dear to make and safe to keep between pages: fonts, parsed style sheets, the fetcher."""

    def __init__(self) -> None:
        from weasyprint.css import ColorProfile
        from weasyprint.text.fonts import FontConfiguration

        self.thread = threading.get_ident()
        self.fetcher = _closed_fetcher()
        self.fonts = FontConfiguration()
        # Read once and handed over: WeasyPrint opens its own copy for every page and leaves the file open.
        profile = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
        self.colours = {_INTENT: ColorProfile(BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", "rgb")}
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
        _load()
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
        title=title,
        authors=[author] if author else [],
        generator="CaseFlow",
        created=created,
        modified=created,
        lang=language,
    )
    sheets = [press.sheet("common"), press.sheet(base)]
    options = {"pdf_variant": _VARIANT, "output_intent": _INTENT}
    document = source.render(font_config=press.fonts, color_profiles=dict(press.colours), stylesheets=sheets, **options)
    document.metadata = metadata
    pdf: bytes = document.write_pdf(**options)
    return pdf


def render(html: str, *, base: str, title: str, author: str, language: str, made_at: datetime | None = None) -> bytes:
    """Press a page into a tagged PDF/A-3a file.

    `base` names the style sheet (`letter` or `audit`), `language` is a BCP 47 tag, `title` and `author` become the
    file's properties: an office (or nothing) and a number, never a person. The same input gives the same bytes.

    Raises PressUnavailable without Pango, WrongThread in any thread but the first that rendered, ResourceRefused
    when the page asks for anything that is not packaged.
    """
    with _lock:
        press = _press()
        press.fetcher.refused = False
        try:
            pdf = _paint(press, html, base=base, title=title, author=author, language=language, made_at=made_at)
        except BaseException:
            # WeasyPrint's fatal error is a BaseException on purpose; a refusal of ours is all that may hide behind it.
            if press.fetcher.refused:
                raise ResourceRefused from None
            raise
        if press.fetcher.refused:
            raise ResourceRefused
        return pdf
