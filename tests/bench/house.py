"""An installation with many fictional sealed cases, made through the services, and served by `caseflow serve`."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event

from caseflow.cases import queries, services
from caseflow.core.db import db, new_id, writing
from caseflow.factory import create_app
from caseflow.operations.install import found_keys
from config import Config
from tests.support import world

OWN = 200  # cases in the list of the measured caseworker
KNOWN = 100  # cases with identifiers to search for
BATCH = 200


@dataclass
class House:
    """A built installation."""

    home: Path
    tokens: dict[str, str]
    own: list[UUID] = field(default_factory=list)
    every: list[UUID] = field(default_factory=list)
    known: list[dict[str, str]] = field(default_factory=list)
    process: Any = None

    @contextmanager
    def served(self, *, port: int) -> Iterator[str]:
        """Serve it in processes of its own; yields the base address."""
        environment = {**os.environ, "CASEFLOW_HOME": str(self.home), "CASEFLOW_PORT": str(port)}
        self.process = subprocess.Popen([sys.executable, "-m", "caseflow", "serve"], env=environment)
        base = f"http://127.0.0.1:{port}"
        try:
            _wait(f"{base}/health")
            yield base
        finally:
            self.process.terminate()
            self.process.wait(30)

    def memory(self) -> float:
        """Resident memory of the largest process below the parent, in MiB."""
        listed = subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True, check=True).stdout
        rows = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
        family, grown = {self.process.pid}, True
        while grown:
            more = {pid for pid, parent, _rss in rows if parent in family} - family
            grown = bool(more)
            family |= more
        return max(rss for pid, _parent, rss in rows if pid in family) / 1024


def build(home: Path, size: int) -> House:
    """`size` cases in two teams of one organisation: 200 for the measured caseworker, the rest for a colleague."""
    config = Config.from_environ({"CASEFLOW_HOME": str(home)})
    found_keys(config, now=world.FOUNDED)
    app = create_app(config)
    with app.app_context():
        for engine in (db.engine, app.extensions["caseflow"].store.engine):
            event.listen(engine, "connect", _hurry)  # only while building; the server opens its own connections
            engine.dispose()
        people = world.build()
        house = House(home, {key: people.token(key) for key in ("worker", "supervisor")})
        for start in range(0, size, BATCH):
            _batch(house, people, range(start, min(start + BATCH, size)))
        db.session.remove()
    return house


def _hurry(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _batch(house: House, people: world.World, numbers: range) -> None:
    now, made = datetime.now(UTC), []
    ids = [services.reserve(new_id(), now=now) for _ in numbers]
    with writing():
        for number, case_id in zip(numbers, ids, strict=True):
            key = ("worker" if number < OWN else "colleague") if number < OWN * 10 else "other_team"
            team = people.teams["south" if key == "other_team" else "north"]
            actor = people.actor(key, now=now)
            services.open_case(actor=actor, case_id=case_id, team_id=team, data=_screening(number, now), now=now)
            made.append((number, case_id, key))
            if number < KNOWN:
                _identify(house, actor, case_id, number, now)
    house.own += [case_id for _number, case_id, key in made if key == "worker"]
    house.every += [case_id for _number, case_id, key in made if key != "other_team"]


def _screening(number: int, now: datetime) -> dict[str, Any]:
    return {
        "contact_date": now.date().isoformat(), "contact_channel": "in_person", "persons_present": ["alone"],
        "private": "yes", "free_to_leave": "yes", "consent_talk": True, "consent_record": True,
        "immediate_danger": "no", "majority_status": "adult", "gender": ("feminine", "masculine")[number % 2],
        "citizenship": ["PK"], "primary_language": "ur", "case_type": "tip", "worker_opinion": "Fictional. " * 20,
    }  # fmt: skip


def _identify(house: House, actor: Any, case_id: UUID, number: int, now: datetime) -> None:
    data = {"first_name": f"Fictional{number:05}", "cnic": f"35202-{number:07}-1"}
    services.save_record(actor=actor, case_id=case_id, kind="identity", record_id=new_id(), data=data, rv=0, now=now)
    case = queries.get_case(case_id)
    house.known.append({"number": case.number, "name": data["first_name"], "cnic": data["cnic"]})


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own loopback address
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")
