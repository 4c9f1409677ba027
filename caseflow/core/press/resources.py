"""Everything a page may load: four fonts and our own style sheets, under a private scheme.

The list is closed, so a page can name no file and no address whatever its text says (OWASP ASVS 5.0, 13.2.4 and
13.2.5). Asking for anything else stops the page: a letter without its style is worse than no letter.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from caseflow.core.press.errors import PressUnavailable, ResourceRefused
from caseflow.core.words import N_

SCHEME = "caseflow:"
_HERE = Path(__file__).resolve().parent
_STYLES = _HERE / "styles"
# The fonts are fetched at set-up and shared with the web pages; this is a place on disk, not an import.
_FONTS = _HERE.parents[1] / "web" / "static" / "vendor"
_CSS, _WOFF2 = "text/css; charset=utf-8", "font/woff2"

# Each subset file is a family of its own in the style sheet: WeasyPrint 70 mixes up subsets that share a name.
RESOURCES: Mapping[str, tuple[Path, str]] = MappingProxyType(
    {
        "style/common": (_STYLES / "common.css", _CSS),
        "style/letter": (_STYLES / "letter.css", _CSS),
        "style/audit": (_STYLES / "audit.css", _CSS),
        "font/latin-400": (_FONTS / "vazirmatn-latin-400-normal.woff2", _WOFF2),
        "font/latin-700": (_FONTS / "vazirmatn-latin-700-normal.woff2", _WOFF2),
        "font/arabic-400": (_FONTS / "vazirmatn-arabic-400-normal.woff2", _WOFF2),
        "font/arabic-700": (_FONTS / "vazirmatn-arabic-700-normal.woff2", _WOFF2),
    }
)


@cache
def _content(name: str) -> bytes:
    try:
        return RESOURCES[name][0].read_bytes()
    except OSError:
        raise PressUnavailable(N_("A font or style for PDF files is missing: run `make` again to fetch it.")) from None


def read(url: str) -> tuple[bytes, str]:
    """The bytes and media type of a packaged resource; raises ResourceRefused for every other address."""
    name = url.removeprefix(SCHEME)
    if not url.startswith(SCHEME) or name not in RESOURCES:
        raise ResourceRefused
    return _content(name), RESOURCES[name][1]
