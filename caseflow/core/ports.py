"""Ports: where a lower room asks or tells something that a higher room knows.

A port is a name and a list of functions, called in order inside the caller's transaction. The factory wires them;
a port without a handler fails a test. Nothing more: no bus, no plug-in, no order but that of registration.
"""

from collections.abc import Callable
from typing import Any

Reason = tuple[str, dict[str, Any]]


class Event:
    """Something that happened; every handler is told, with keyword arguments only."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.handlers: list[Callable[..., None]] = []

    def register(self, handler: Callable[..., None]) -> None:
        """Add a handler once; wiring twice (several apps in one test run) changes nothing."""
        if handler not in self.handlers:
            self.handlers.append(handler)

    def tell(self, **facts: Any) -> None:
        """Tell every handler, in this transaction."""
        for handler in self.handlers:
            handler(**facts)


class Question:
    """A question that several rooms may answer; the answers are joined."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.handlers: list[Callable[..., list[Any]]] = []

    def register(self, handler: Callable[..., list[Any]]) -> None:
        """Add a handler once."""
        if handler not in self.handlers:
            self.handlers.append(handler)

    def ask(self, **facts: Any) -> list[Any]:
        """All answers joined; for a guard these are the reasons against, and an empty list means yes."""
        return [answer for handler in self.handlers for answer in handler(**facts)]


# cases -> consent: the three ticks of a screening (talk, record, share), to be kept in the consent register.
screening_consents = Event("screening_consents")
# cases asks consent: the reasons (message, params) against starting intake.
may_start_intake = Question("may_start_intake")
# consent -> referrals: a consent was withdrawn or replaced; what rests on it must stop.
consent_withdrawn = Event("consent_withdrawn")

ALL_PORTS: tuple[Event | Question, ...] = (screening_consents, may_start_intake, consent_withdrawn)
