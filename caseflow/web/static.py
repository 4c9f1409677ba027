"""Own and fetched static files, compressed at set-up, served by WhiteNoise before Flask is asked."""

from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from caseflow.web import headers
from caseflow.web.assets import STATIC

ONE_YEAR = 31_536_000


def init_app(app: Flask, *, https: bool) -> None:
    """Serve `/static/`. The rule exists for `url_for`; addresses carry the file's hash, so a year is right."""

    def add_headers(found: Any, _path: str, _url: str) -> None:
        headers.put(found, https=https)

    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=_absent)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix="static/",
        max_age=ONE_YEAR,
        allow_all_origins=False,
        add_headers_function=add_headers,
    )


def _absent(filename: str) -> tuple[str, int]:
    """A file that WhiteNoise did not know."""
    return f"no such file: {len(filename)}", 404
