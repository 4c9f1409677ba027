"""Refuse what another site sends: `Sec-Fetch-Site` beside the form token and SameSite=Strict (ASVS 3.5.1, 3.5.8)."""

from flask import Flask, request

from caseflow.core.errors import NotAllowed
from caseflow.core.words import N_

OWN = frozenset({"", "same-origin", "none"})


def init_app(app: Flask) -> None:
    """Register the check. Browsers without the header are left to the form token."""

    def from_here() -> None:
        sent_from = request.headers.get("Sec-Fetch-Site", "")
        navigation = request.method in ("GET", "HEAD") and request.headers.get("Sec-Fetch-Dest", "") == "document"
        if sent_from not in OWN and not (navigation and sent_from in ("cross-site", "same-site")):
            raise NotAllowed(N_("This came from another site, so nothing was done."))

    app.before_request(from_here)
