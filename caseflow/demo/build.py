"""Make the demonstration: people, partners and cases of the data files, through the services, clocks passed in."""

import secrets
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any
from uuid import UUID

import pyotp

from caseflow.accounts.models import Staff
from caseflow.accounts.queries import actor_for
from caseflow.accounts.services import invitations, people
from caseflow.accounts.services.passwords import Cost, hash_password
from caseflow.core.db import session, writing
from caseflow.core.numbers import ALPHABET
from caseflow.core.outbox import Outbox
from caseflow.core.policy import Actor, Role
from caseflow.demo.night import issue_at_night, plan_duties
from caseflow.demo.office import work_goes_on
from caseflow.demo.stories import Storyteller
from caseflow.partners import queries as partners
from caseflow.partners.services import create_partner, seed_directory

HERE = Path(__file__).resolve().parent
TEAM_ROLES = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
Progress = Callable[[int, int], None]


@dataclass
class Made:
    """Ids of what was made, by the keys of the data files."""

    offices: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    staff: dict[str, UUID] = field(default_factory=dict)
    partners: dict[str, UUID] = field(default_factory=dict)

    def actor(self, sign_in: str, now: datetime) -> Actor:
        """A member of staff as policy sees them."""
        return actor_for(session().get_one(Staff, self.staff[sign_in]), now=now)


def build(
    *, outbox: Outbox, cost: Cost, now: datetime, second_factor: bool, progress: Progress
) -> list[dict[str, Any]]:
    """Make everything; returns who can sign in, with drawn passwords (and TOTP seeds when the factor is on).

    Runs inside an application context of an empty installation. `progress` is told (done, all).
    """
    data, stories = _read("people.toml"), _stories()
    started = now - timedelta(days=max(story["days"] for story in stories) + 30)
    made = Made()
    with writing():
        _offices(made, data["office"], started)
        seed_directory(now=started)
    names = {one["key"]: one["name_en"] for one in data["office"]}
    listed = [
        _join(made, one, cost=cost, second_factor=second_factor, now=started) | {"organisation": names[one["office"]]}
        for one in data["staff"]
    ]
    _partners(made, data["partner"], started)
    plan_duties(made, now)
    told: list[Iterator[datetime]] = [Storyteller(made=made, outbox=outbox, now=now).steps(story) for story in stories]
    _tell([*told, issue_at_night(made, outbox, now)], progress)
    work_goes_on(made, outbox, now)
    return listed


def _tell(stories: Sequence[Iterator[datetime]], progress: Progress) -> None:
    """Tell all stories at once, always the step that comes first: letter numbers then follow their dates."""
    waiting = [(next(steps), place, steps) for place, steps in enumerate(stories)]
    heapify(waiting)
    while waiting:
        progress(len(stories) - len(waiting), len(stories))
        _moment, place, steps = heappop(waiting)
        following = next(steps, None)
        if following is not None:
            heappush(waiting, (following, place, steps))
    progress(len(stories), len(stories))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _stories() -> list[dict[str, Any]]:
    """Every case of the folder of cases, file by file."""
    files = sorted((HERE / "cases").glob("*.toml"))
    return [story for file in files for story in _read(f"cases/{file.name}")["case"]]


def _offices(made: Made, offices: list[dict[str, str]], now: datetime) -> None:
    for one in offices:
        kept = {name: text for name, text in one.items() if name not in ("key", "team_en", "team_ur")}
        office = people.create_organisation(actor=None, doc=kept, now=now)
        team = {"name_en": one["team_en"], "name_ur": one["team_ur"]}
        made.offices[one["key"]] = office.id
        made.teams[one["key"]] = people.create_team(actor=None, organisation_id=office.id, doc=team, now=now).id


def _join(made: Made, one: dict[str, str], *, cost: Cost, second_factor: bool, now: datetime) -> dict[str, Any]:
    """Invite a member of staff and let them join as a person would: by the link, with a password of their own."""
    role, password = Role(one["role"]), _drawn_password()
    doc = {name: one[name] for name in ("sign_in", "name", "post_en", "post_ur")} | {"language": "en"}
    doc |= {"phone": "+920000000000", "email": f"{one['sign_in']}@{one['office']}.example"}
    team_id = made.teams[one["office"]] if role in TEAM_ROLES else None
    hashed = hash_password(password, cost=cost)
    with writing():
        staff, token = invitations.invite(
            actor=None, organisation_id=made.offices[one["office"]], team_id=team_id, role=role, doc=doc, now=now
        )
        made.staff[one["sign_in"]] = staff.id
        invitations.choose_password(token=token, password_hash=hashed, asks_code=second_factor, now=now)
    listed = {"sign_in": one["sign_in"], "name": one["name"], "role": str(role)}
    listed |= {"password": password}
    if second_factor:
        seed = invitations.seed_for(token, "demo")
        with writing():
            invitations.join(token=token, draw="demo", code=pyotp.TOTP(seed).at(int(now.timestamp())), now=now)
        listed["totp_seed"] = seed
    return listed


def _drawn_password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _partners(made: Made, rows: list[dict[str, Any]], now: datetime) -> None:
    keeper = made.actor("imran", now)
    for row in rows:
        data = {name: value for name, value in row.items() if name != "key"}
        with writing():
            made.partners[row["key"]] = create_partner(actor=keeper, data=data, now=now).id
    made.partners |= {one.code: one.id for one in partners.all_active() if one.code}
