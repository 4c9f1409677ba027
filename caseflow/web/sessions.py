"""Sessions: a Flask session interface over our own table. The cookie is an opaque token; nothing of it is guessable.

The table belongs to accounts; the factory hands its store in. Who is not signed in gets a small signed cookie that
holds a CSRF value and the language (the signed double-submit cookie of anonymous forms).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from flask import Flask, Request, Response, g, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from caseflow.core import clock
from caseflow.core.policy import Actor
from caseflow.core.words import set_language

ABSOLUTE = timedelta(hours=12)


@dataclass
class Held:
    """What the store knows of a live session. `label` is how the person is shown on their own pages."""

    id: UUID
    actor: Actor
    level: str  # password | full | locked
    data: dict[str, Any] = field(default_factory=dict)
    confirmed_at: datetime | None = None
    label: str = ""
    office: str = ""


class Store(Protocol):
    """What accounts offers to this module."""

    second_factor: bool

    def find(self, token: str, *, now: datetime) -> Held | None: ...
    def save(self, session_id: UUID, data: dict[str, Any]) -> None: ...
    def confirm(self, session_id: UUID, code: str, *, now: datetime) -> bool: ...


class SignedIn(CallbackDict[str, Any], SessionMixin):
    """The session of a member of staff."""

    def __init__(self, held: Held, store: Store) -> None:
        def changed(_self: Any) -> None:
            self.modified = True

        super().__init__(held.data, changed)
        self.held, self.store, self.modified, self.accessed = held, store, False, True
        self.permanent_cookie = False

    @property
    def actor(self) -> Actor:
        """Who is signed in."""
        return self.held.actor

    @property
    def level(self) -> str:
        """`password` while the second factor is still to come, `locked` while the PIN is asked, else `full`."""
        return self.held.level

    def needs_step_up(self, now: datetime, within: timedelta) -> bool:
        """True when the second factor was not shown lately (never in a demo without second factor)."""
        last = self.held.confirmed_at
        return self.store.second_factor and (last is None or now - last > within)

    def confirm(self, code: str, *, now: datetime) -> bool:
        """Check a second-factor code and remember the moment. False for a wrong or used code."""
        if not code or not self.store.confirm(self.held.id, code, now=now):
            return False
        self.held.confirmed_at = now
        return True


class Sessions(SecureCookieSessionInterface):
    """Opens a staff session by its token, else the anonymous signed cookie."""

    def __init__(self, store: Store, *, https: bool) -> None:
        self.store, self.https = store, https
        self.token_name = "__Host-cf" if https else "cf"

    def get_cookie_name(self, app: Flask) -> str:
        """The anonymous cookie has its own name, so that neither can stand in for the other."""
        return "__Host-cf-anon" if self.https else "cf-anon"

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith("/static/"):
            return super().open_session(app, request)
        token = request.cookies.get(self.token_name, "")
        held = self.store.find(token, now=clock.now()) if token else None
        if held is not None:
            opened: Any = SignedIn(held, self.store)
        else:
            opened = super().open_session(app, request)
            g.session_was_lost = bool(token)
        set_language((opened or {}).get("language") or request.accept_languages.best_match(["en", "ur"]))
        return opened

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        new = g.pop("new_token", None)
        if new is not None:
            self._set(response, new)
        if isinstance(session, SignedIn) and new == "":
            left = self.session_class()
            left["language"] = session.get("language", "en")  # the page after signing out speaks the same language
            session = left
        elif isinstance(session, SignedIn):
            if session.modified and new is None:
                self.store.save(session.held.id, dict(session))
            return
        super().save_session(app, session, response)

    def _set(self, response: Response, token: str) -> None:
        if not token:
            response.delete_cookie(self.token_name, path="/", secure=self.https, httponly=True, samesite="Strict")
            return
        response.set_cookie(
            self.token_name, token, path="/", secure=self.https, httponly=True, samesite="Strict", max_age=ABSOLUTE
        )


def give_token(token: str) -> None:
    """Set the session cookie of this answer to a new token; an empty one removes it."""
    g.new_token = token


def current_session() -> Any:
    """The session of this request: SignedIn, or the anonymous one."""
    return session._get_current_object()  # type: ignore[attr-defined]


def init_app(app: Flask, store: Store, *, https: bool) -> None:
    """Install the interface. Raises nothing."""
    app.session_interface = Sessions(store, https=https)
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Strict", SESSION_COOKIE_SECURE=https)
