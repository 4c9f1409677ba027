"""How long a letter takes in a warm worker: approved through the services, issued by the job that the worker runs."""

import time
from uuid import UUID

from flask import Flask

from caseflow.core import clock
from caseflow.core.db import writing
from caseflow.core.press import letter as press
from caseflow.core.press.letter import Copy
from caseflow.referrals import queries, services
from tests.support import world

PRESSED = 12  # letters; the first two warm the press


def press_all(app: Flask, people: world.World, pending: list[str]) -> dict[str, list[float]]:
    """Milliseconds a letter: `letter` is the recipient's copy alone, `issue` the whole job with its three copies."""
    found: dict[str, list[float]] = {"letter": [], "issue": []}
    for one in map(UUID, pending):
        _approve(people, one)
        with writing():
            ticket = services.prepare(referral_id=one, now=clock.now())
        if ticket is None:
            raise LookupError("a letter of the benchmark was not approved")
        begun = time.perf_counter()
        press.render(ticket.letter, ticket.issue, copy=Copy.RECIPIENT)
        found["letter"].append(_since(begun))
        begun = time.perf_counter()
        app.extensions["caseflow"].outbox.run_due(clock=clock.now)
        found["issue"].append(_since(begun))
    return {name: times[2:] for name, times in found.items()}


def _approve(people: world.World, referral_id: UUID) -> None:
    stored = queries.get_referral(referral_id)
    rv, digest = stored.rv, queries.snapshot_of(stored).digest.hex()
    with writing():
        services.approve(
            actor=people.actor("supervisor"), referral_id=referral_id, snapshot_digest=digest, rv=rv, now=clock.now()
        )


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000
