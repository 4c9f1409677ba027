"""The blueprint of accounts, and what its views share: limits, places, prices."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, cast

from flask import Blueprint, Flask, current_app, render_template, request, url_for
from flask_limiter import Limiter

from caseflow.accounts.models import Organisation, Staff
from caseflow.accounts.services.failures import place_token
from caseflow.accounts.services.links import VALID_FOR
from caseflow.accounts.services.passwords import Cost
from caseflow.accounts.services.sign_in import Browser
from caseflow.accounts.views.devices import device_of
from caseflow.core import vault
from caseflow.core.errors import StaleVersion
from caseflow.core.words import gettext
from caseflow.web.forms.carried import version_of
from caseflow.web.sessions import SignedIn, current_session
from config import Config

# A whole office behind one address signs in at nine; nobody types sixty passwords a minute.
FROM_ONE_ADDRESS = "60 per minute"
# What two hashes at a time can answer, whoever asks.
FROM_EVERYWHERE = "240 per minute"

# Where a one-time link leads, by its purpose.
LINKS = {"join": "accounts.join", "factor": "accounts.factor", "password": "accounts.new_password"}

blueprint = Blueprint("accounts", __name__)


def address() -> str:
    """The address a request comes from; of IPv6 the network, because a house has millions of addresses there."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)


# Counters live in this process: a burst is a matter of seconds. Lasting counts are in our own table.
limiter = Limiter(address, storage_uri="memory://", strategy="fixed-window")
blueprint.record(lambda state: limiter.init_app(cast(Flask, state.app)))
burst_limit = limiter.limit(FROM_ONE_ADDRESS, methods=["POST"])
global_limit = limiter.limit(FROM_EVERYWHERE, methods=["POST"], key_func=lambda: "all")


def settings() -> Config:
    """The settings of this installation."""
    return current_app.extensions["caseflow"].config


def cost() -> Cost:
    """What a password hash costs here."""
    return Cost(settings().argon2_memory_kib, settings().argon2_time)


def place() -> bytes:
    """What stands for the address in counts of wrong tries."""
    return place_token(address())


def browser() -> Browser:
    """What signing in needs to know of the browser."""
    held = current_session()
    device = "phone" if "Mobi" in request.headers.get("User-Agent", "") else "computer"
    former = held.held.id if isinstance(held, SignedIn) else None
    family, platform = device_of(request.headers.get("User-Agent", ""))
    return Browser(place(), device, (held or {}).get("language", ""), former, family, platform)


def codes_page(codes: list[str], *, going_on: str, text: str) -> str:
    """Recovery codes, on this answer and nowhere else; `text` says what has just happened."""
    return render_template("accounts/codes.html", codes=codes, going_on=going_on, text=gettext(text))


def fours(text: str) -> str:
    """A seed in groups of four, for who types it."""
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def link_page(purpose: str, token: str, *, going_on: str) -> str:
    """A one-time link, on this answer and nowhere else. `purpose`: join, factor or password."""
    link = settings().public_url + url_for(LINKS[purpose], token=token)
    hours = VALID_FOR[purpose].total_seconds() // 3600
    return render_template("accounts/link.html", link=link, going_on=going_on, hours=int(hours), purpose=purpose)


def version(text: str | None) -> int:
    """The version a form rests on; what is no number is no version of anything."""
    return version_of(text)


def conflict(form: Any, error: StaleVersion, stored: Staff | Organisation) -> list[tuple[str, str]]:
    """Somebody was first: keep what was typed, rest on the version stored now, and show what it says differently."""
    doc = vault.read(stored)
    form.add_problems({"": (error.message, {})})
    form.rv.raw_data = [str(stored.rv)]
    differing = [name for name in form.DOC if (form[name].data or "") != (doc.get(name) or "")]
    return [(str(form[name].label.text), doc.get(name) or "") for name in differing]


def status_of(form: Any, theirs: list[tuple[str, str]] | None = None) -> int:
    """409 on a conflict, 422 when something needs another look."""
    return 409 if theirs is not None else 422 if form.mistakes else 200
