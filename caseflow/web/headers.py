"""Security headers on every answer, errors included (OWASP ASVS 5.0.0: 3.4.1 to 3.4.8 and 14.3.2)."""

from typing import Protocol

from flask import Flask, Response, request

# `data:` is for Bootstrap's own arrow and tick pictures and for QR codes; nothing inline is allowed anywhere.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
ONE_YEAR = 31_536_000


class Settable(Protocol):
    """Headers of Flask and of WhiteNoise alike."""

    def __setitem__(self, name: str, value: str, /) -> None: ...


def put(headers: Settable, *, https: bool) -> None:
    """Set what every answer carries; the transport rule (HSTS, one year) only when the public address is https."""
    for name, value in ALWAYS.items():
        headers[name] = value
    if https:
        headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"


def _cache_rule() -> str:
    """Pages hold people, so no cache may keep them; a static file named with its hash never changes."""
    if request.endpoint != "static":
        return "no-store"
    return f"public, max-age={ONE_YEAR}, immutable" if "v" in request.args else "public, max-age=300"


def init_app(app: Flask, *, https: bool) -> None:
    """Register the one hook; call it first, so that Flask runs it last and nothing undoes it."""

    def finish(response: Response) -> Response:
        put(response.headers, https=https)
        response.headers["Cache-Control"] = _cache_rule() if response.status_code < 400 else "no-store"
        return response

    app.after_request(finish)
