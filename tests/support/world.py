"""The people of the tests: two organisations, three teams, one person for every role. All fictional."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from caseflow.accounts.models import Staff
from caseflow.accounts.queries import actor_for
from caseflow.accounts.services import people
from caseflow.accounts.services.sessions import start_session
from caseflow.core import trail
from caseflow.core.db import session, writing
from caseflow.core.policy import Actor, Role
from caseflow.core.trail import Tag

FOUNDED = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)

# key -> (name, organisation, team or None, role)
PEOPLE: dict[str, tuple[str, str, str | None, Role]] = {
    "worker": ("Test Caseworker", "ours", "north", Role.CASEWORKER),
    "colleague": ("Test Colleague", "ours", "north", Role.CASEWORKER),
    "supervisor": ("Test Supervisor", "ours", "north", Role.SUPERVISOR),
    "second_supervisor": ("Test Second Supervisor", "ours", "north", Role.SUPERVISOR),
    "other_team": ("Test Other Team", "ours", "south", Role.CASEWORKER),
    "other_team_supervisor": ("Test Other Team Supervisor", "ours", "south", Role.SUPERVISOR),
    "protection": ("Test Data Protection", "ours", None, Role.DATA_PROTECTION),
    "auditor": ("Test Auditor", "ours", None, Role.AUDITOR),
    "admin": ("Test Administrator", "ours", None, Role.ADMINISTRATOR),
    "stranger": ("Test Stranger", "theirs", "far", Role.CASEWORKER),
    "stranger_supervisor": ("Test Far Supervisor", "theirs", "far", Role.SUPERVISOR),
    "stranger_auditor": ("Test Far Auditor", "theirs", None, Role.AUDITOR),
}


@dataclass
class World:
    """Ids of everything made below."""

    organisations: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    staff: dict[str, UUID] = field(default_factory=dict)

    def actor(self, key: str, *, now: datetime | None = None) -> Actor:
        """The actor of a person, as a request would load it."""
        return actor_for(session().get_one(Staff, self.staff[key]), now=now or datetime.now(UTC))

    def token(self, key: str, *, now: datetime | None = None) -> str:
        """A fresh session token of a person, second factor shown just now."""
        with writing():
            staff = session().get_one(Staff, self.staff[key])
            return start_session(staff=staff, level="full", now=now or datetime.now(UTC), confirmed=True)[0]


def build() -> World:
    """Make the people. Runs inside an app context."""
    world = World()
    with writing():
        for key in ("ours", "theirs"):
            doc: dict[str, Any] = {
                "name_en": f"Fictional Office {key}", "name_ur": f"فرضی دفتر {key}", "code": key[:3].upper(),
                "address_en": "Post Box 1, Nowhere", "address_ur": "پوسٹ بکس 1", "phone": "+924200000000",
                "email": f"{key}@office.example",
            }  # fmt: skip
            world.organisations[key] = people.create_organisation(actor=None, doc=doc, now=FOUNDED).id
        for key, owner in (("north", "ours"), ("south", "ours"), ("far", "theirs")):
            doc = {"name_en": key.title(), "name_ur": key}
            organisation_id = world.organisations[owner]
            made = people.create_team(actor=None, organisation_id=organisation_id, doc=doc, now=FOUNDED)
            world.teams[key] = made.id
        for key, (name, owner, team, role) in PEOPLE.items():
            world.staff[key] = _person(world, key, name, owner, team, role)
    return world


def _person(world: World, key: str, name: str, owner: str, team: str | None, role: Role) -> UUID:
    doc = {
        "name": name, "sign_in": key, "post_en": str(role), "post_ur": str(role), "phone": "+923001234567",
        "email": f"{key}@office.example", "language": "en",
    }  # fmt: skip
    organisation_id = world.organisations[owner]
    staff = people.create_staff(actor=None, organisation_id=organisation_id, doc=doc, now=FOUNDED)
    staff.state = "active"
    trail.record(Tag.JOINED, actor=None, now=FOUNDED, obj=("staff", staff.id), writes=[staff])
    team_id = world.teams[team] if team else None
    people.grant_role(actor=None, staff=staff, organisation_id=organisation_id, team_id=team_id, role=role, now=FOUNDED)
    return staff.id
