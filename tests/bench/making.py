"""Make an installation of many sealed cases, or sessions of its staff; run by house.py in a process of its own.

Of all cases the measured caseworker sees exactly 200 (half of them are theirs), the measured supervisor 2,000; the
rest belongs to another team of the same organisation and to another organisation.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, event, select

from caseflow import factory
from caseflow.accounts.models import Staff
from caseflow.accounts.services import people as staffing
from caseflow.accounts.services.sessions import start_session
from caseflow.audit import services as audits
from caseflow.cases import services as casework
from caseflow.core import clock, vault
from caseflow.core.db import db, new_id, session, writing
from caseflow.core.policy import Role
from caseflow.operations.install import found_keys
from caseflow.referrals import queries as referrals
from config import Config
from tests.bench import letters, stories, twin
from tests.bench.clone import Cloner, Crew, Sample, Told
from tests.support import world

SEEN_BY_WORKER, SEEN_BY_SUPERVISOR = 200, 2_000
KNOWN = 100  # cases to search for
FACTS = "bench.json"
# Team -> who stands in for the caseworker and the two supervisors of the samples.
CREWS = {
    "mine": ("worker", "supervisor", "second_supervisor"),
    "north": ("colleague", "supervisor", "second_supervisor"),
    "south": ("other_team", "other_team_supervisor", "second_supervisor"),
    "west": ("other_team", "other_team_supervisor", "second_supervisor"),
    "far": ("stranger", "stranger_supervisor", "stranger_supervisor"),
}


def build(app: Flask, size: int, *, plain: bool) -> dict[str, Any]:
    """`size` cases; the facts that house.py needs to measure them."""
    people = world.build()
    _widen(people)
    first = stories.tell_all(app, people)
    cloner = Cloner([Sample(one) for one in first], plain=plain)
    places = _places(size)[len(first) :]
    crews = {name: crew_of(people, name) for name in CREWS}
    made = list(_told(cloner.clone((crews[one] for one in places), start=len(first)), size))
    mine, own = _in(made, places, "mine"), _in(made, places, "mine", "north")
    team = _in(made, places, "mine", "north", "south")
    _drafts(people)
    _audits(people, own)
    return {
        "size": size,
        "seen": {"worker": len(own) + len(first), "supervisor": len(team) + len(first)},
        "own": [str(one.id) for one in own],
        "team": [str(one.id) for one in team],
        "known": [{"number": one.number, "cnic": one.cnic, "name": one.name} for one in own[:KNOWN]],
        "known_team": [{"name": one.name} for one in team[-KNOWN:]],
        "referrals": _referrals(own, "issued", "accepted", "in_service"),
        "mine": [str(one.id) for one in mine],
        "consented": [str(one.id) for one in mine if one.referrals and "draft" not in one.referrals],
        "partner": vault.read(referrals.get_referral(UUID(_referrals(own, "issued")[0])))["partner_id"],
        "pending": _referrals(own, "pending_approval"),
        "letters": letters.press_all(app, people, _referrals(team, "pending_approval")[-letters.PRESSED :]),
    }


def _in(made: list[Told], places: list[str], *wanted: str) -> list[Told]:
    return [one for one, place in zip(made, places, strict=True) if place in wanted]


def _places(size: int) -> list[str]:
    """The team of each case, the measured ones first; `mine` is the measured caseworker's part of the north."""
    near = ["mine", "north"] * (SEEN_BY_WORKER // 2) + ["south"] * (SEEN_BY_SUPERVISOR - SEEN_BY_WORKER)
    return (near + ["west", "far"] * size)[:size]


def _widen(people: world.World) -> None:
    """A third team, and a supervisor who looks after two of the three."""
    supervisor, ours = session().get_one(Staff, people.staff["supervisor"]), people.organisations["ours"]
    about: dict[str, Any] = {"actor": None, "organisation_id": ours, "now": world.FOUNDED}
    with writing():
        people.teams["west"] = staffing.create_team(doc={"name_en": "West", "name_ur": "west"}, **about).id
        staffing.grant_role(staff=supervisor, team_id=people.teams["south"], role=Role.SUPERVISOR, **about)


def crew_of(people: world.World, name: str) -> Crew:
    """The people and the place of clones in one of CREWS."""
    staff = dict(zip(CREWS["mine"], CREWS[name], strict=True))
    team, office = ("north" if name == "mine" else name), ("theirs" if name == "far" else "ours")
    ids = {people.staff[one]: people.staff[other] for one, other in staff.items()}
    ids[people.teams["north"]] = people.teams[team]
    ids[people.organisations["ours"]] = people.organisations[office]
    return Crew(ids)


def _told(made: Iterator[Told], size: int) -> Iterator[Told]:
    """Says how far it is."""
    for at, one in enumerate(made):
        if at % 5_000 == 0:
            print(f"  {at:,} of {size:,}", file=sys.stderr, flush=True)
        yield one


def _referrals(cases: list[Told], *states: str) -> list[str]:
    return [str(one) for case in cases for state in states for one in case.referrals.get(state, ())]


def _drafts(people: world.World) -> None:
    for _each in range(3):
        now = clock.now()
        case_id = casework.reserve(new_id(), now=now)
        with writing():
            casework.keep_draft(
                actor=people.actor("worker"), case_id=case_id, record_id=case_id, kind="screening",
                fields={"worker_opinion": ["Half a sentence"]}, now=now,
            )  # fmt: skip


def _audits(people: world.World, cases: list[Told]) -> None:
    """Some that wait for approval, some that run."""
    words = {"purpose": "Quality of referrals in the last quarter", "scope": "Consent, approval and answer"}
    for at in range(12):
        now, audit_id = clock.now(), new_id()
        numbers, today = [one.number for one in cases[at::12][:5]], now.date()
        with writing():
            audits.ask_audit(
                actor=people.actor("auditor"), audit_id=audit_id, numbers=numbers,
                ends_on=today + timedelta(days=14), today=today, now=now, **words,
            )  # fmt: skip
        if at % 3 == 0:
            with writing():
                audits.approve_audit(
                    actor=people.actor("protection"), audit_id=audit_id, zone="Asia/Karachi", today=today, now=now
                )


def sessions(each: int) -> dict[str, dict[str, list[str]]]:
    """So many fresh sessions of everybody, in each language: {language: {sign-in: tokens}}."""
    staff = {vault.read(one)["sign_in"]: one.id for one in session().scalars(select(Staff))}
    return {
        language: {key: [_token(one, language) for _each in range(each)] for key, one in staff.items()}
        for language in ("en", "ur")
    }


def _token(staff_id: UUID, language: str) -> str:
    with writing():
        staff = session().get_one(Staff, staff_id)
        data = {"language": language}
        return start_session(staff=staff, level="full", now=datetime.now(UTC), confirmed=True, data=data)[0]


def _hurry(engine: Engine) -> None:
    """Only while building: the server opens its own connections."""

    def prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-400000")

    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare)
        engine.dispose()


def main() -> None:
    """Make the installation that the environment names (`--size`), or sessions in it (as JSON)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int)
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--plain", action="store_true")
    asked = parser.parse_args()
    if asked.plain:
        factory.Vault = twin.PlainVault  # type: ignore[misc]  # as the twin does for serving
    config = Config.from_environ(os.environ)
    if asked.size:
        found_keys(config, now=world.FOUNDED)
    app = factory.create_app(config)
    with app.app_context():
        if asked.size:
            for engine in (db.engine, app.extensions["caseflow"].store.engine):
                _hurry(engine)
            begun = time.monotonic()
            facts = build(app, asked.size, plain=asked.plain)
            facts["built_in"] = round(time.monotonic() - begun)
            (config.home / FACTS).write_text(json.dumps(facts))
        else:
            json.dump(sessions(asked.sessions), sys.stdout)
        db.session.remove()


if __name__ == "__main__":
    main()
