"""The night of the demonstration: a duty roster, and two emergency issues; one waits, one was not ratified."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from caseflow.accounts.services.duty import plan_duty
from caseflow.cases import services as casework
from caseflow.core.db import new_id, writing
from caseflow.core.outbox import Outbox
from caseflow.core.policy import Actor, Role
from caseflow.referrals import queries, services

HOUR = timedelta(hours=1)
# (sign-in, role, hours from now to the beginning, to the end, on-call number)
TURNS = (
    ("imran", Role.SUPERVISOR, -6, 18, "+920000000041"),
    ("farzana", Role.SUPERVISOR, 18, 42, "+920000000042"),
    ("kamran", Role.DATA_PROTECTION, -6, 162, "+920000000043"),
)
# Hours ago, and what was said.
WOMAN_WITH_TWO_CHILDREN = {
    "majority_status": "adult", "gender": "feminine", "primary_language": "ps", "interpreter_needed": "yes",
    "dependants_with_person": 2, "dependants_ages": "4, 7", "services": ["safe_shelter"], "reason": "no_safe_place",
    "request": "A room for tonight for three.", "ground": "verbal_phone", "private": "yes", "language": "en",
}  # fmt: skip
COULD_HAVE_WAITED = {
    "majority_status": "adult", "gender": "feminine", "primary_language": "ur", "services": ["safe_shelter"],
    "reason": "life_now", "request": "A bed for one night.", "ground": "vital_interest", "language": "en",
}  # fmt: skip


class Ids(Protocol):
    """What the night needs of what was made before."""

    staff: dict[str, UUID]
    teams: dict[str, UUID]
    partners: dict[str, UUID]

    def actor(self, sign_in: str, now: datetime) -> Actor: ...


def plan_duties(made: Ids, now: datetime) -> None:
    """The roster of this night and the next."""
    for sign_in, role, start, end, phone in TURNS:
        with writing():
            plan_duty(
                actor=made.actor("imran", now), duty_id=new_id(), user_id=made.staff[sign_in], role=role,
                starts_at=now + start * HOUR, ends_at=now + end * HOUR, phone=phone, now=now,
            )  # fmt: skip


def issue_at_night(made: Ids, outbox: Outbox, now: datetime) -> Iterator[datetime]:
    """One of three hours ago, the supervisor called; one of yesterday, not ratified. Told in steps, as a story is."""
    yield now - 30 * HOUR
    old = _issue(made, outbox, COULD_HAVE_WAITED, now - 30 * HOUR)
    yield now - 20 * HOUR
    digest = queries.snapshot_digest(queries.get_referral(old))
    with writing():
        services.recall(
            actor=made.actor("farzana", now), referral_id=old, snapshot_digest=digest, suspend=False,
            text="Consent could have been asked: she was safe until the morning.", now=now - 20 * HOUR,
        )  # fmt: skip
    yield now - 3 * HOUR
    waiting, called = _issue(made, outbox, WOMAN_WITH_TWO_CHILDREN, now - 3 * HOUR), now - 3 * HOUR
    with writing():
        services.note_call(
            actor=made.actor("sana", now), referral_id=waiting, user_id=made.staff["imran"],
            happened_at=called + HOUR / 10, now=called + HOUR / 10,
        )  # fmt: skip


def _issue(made: Ids, outbox: Outbox, said: Mapping[str, object], at: datetime) -> UUID:
    case_id = casework.reserve(new_id(), now=at)
    with writing():
        issued = services.issue_emergency(
            actor=made.actor("sana", at), referral_id=new_id(), case_id=case_id, team_id=made.teams["chenab"],
            data={**said, "partner_id": str(made.partners["shelter"])}, now=at,
        ).id  # fmt: skip
    outbox.run_due(clock=lambda: at + HOUR / 200)
    return issued
