"""Compressed answers, for phones on weak networks.

Compressing a page that holds a secret beside reflected text invites BREACH-like attacks, which need another site to
make many signed-in requests; the session cookie is SameSite=Strict and cross-site requests are refused
(`web/origin.py`), so that road is closed.
"""

import gzip

import brotli
from flask import Flask, Response, request

SMALLEST = 600  # bytes; below, the frame costs more than it saves
KINDS = frozenset({"text/html", "application/json", "text/plain", "image/svg+xml"})
BROTLI_QUALITY = 4  # about a millisecond for a page; more saves little


def init_app(app: Flask) -> None:
    """Register the hook."""
    app.after_request(shrink)


def shrink(response: Response) -> Response:
    """The answer in the best encoding the browser takes; files and small answers stay as they are."""
    if response.mimetype not in KINDS or response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    accepts, body = request.accept_encodings, response.get_data()
    if len(body) < SMALLEST:
        return response
    if accepts["br"] > 0 and "br" in accepts:
        response.set_data(brotli.compress(body, quality=BROTLI_QUALITY, mode=brotli.MODE_TEXT))
        response.content_encoding = "br"
    elif "gzip" in accepts:
        response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
        response.content_encoding = "gzip"
    return response
