"""Addresses of static files that carry the file's own hash, so that browsers may keep them for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask

STATIC = Path(__file__).resolve().parent / "static"


@lru_cache(maxsize=64)
def _fingerprint(name: str, _changed_ns: int) -> str:
    """Eight hex digits of the file's SHA-256; the time of its last change is there to notice an edit."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]


def asset(name: str) -> str:
    """The address of a file under `static/`, for example `/static/caseflow.css?v=1a2b3c4d`.

    Raises FileNotFoundError when set-up has not fetched the file: `caseflow doctor` says what to do.
    """
    changed_ns = (STATIC / name).stat().st_mtime_ns
    # Not `url_for`: a page has fifty icons, and the application always lives at the root of its host.
    return f"/static/{name}?v={_fingerprint(name, changed_ns)}"


def init_app(app: Flask) -> None:
    """Give templates, and the macros they import, the function `asset`."""
    app.jinja_env.globals["asset"] = asset
