"""Where a page may send people on to: addresses of this installation only (open redirects, OWASP ASVS 5.0.0, 3.7.2)."""

from urllib.parse import urlsplit

LONGEST = 2000


def local_path(text: str | None, *, default: str = "/") -> str:
    """`text` when it is a path here, else `default`. A browser reads `//host` and `/\\host` as another site."""
    if not text or len(text) > LONGEST or not text.startswith("/") or text.startswith("//"):
        return default
    if "\\" in text or not text.isprintable() or " " in text:
        return default
    parts = urlsplit(text)
    return default if parts.scheme or parts.netloc else text
