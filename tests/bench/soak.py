"""`make soak`: several people at once for two minutes, mixed work, on SQLite or PostgreSQL; nothing may be lost.

Every acknowledged write is read back through the pages at the end, and the trail is verified. Ends with status 1 when
an answer was not the expected one, when a write is missing, or when the trail is not whole.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from threading import Thread

from tests.bench.client import Client, Unexpected
from tests.bench.house import House
from tests.bench.pages import Times
from tests.bench.shift import Shift
from tests.bench.table import lines
from tests.house.tree import TOP

CASES = 400
STAFF = ("worker", "second_supervisor")  # by turns; both may write in the cases of the first


def main() -> None:
    """Build, serve, let everybody work, read back, print."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="caseflow-soak-") as folder:
        house = House(Path(folder) / "home", settings=_settings(asked.database))
        print(f"building {CASES} sealed cases on {asked.database} ...", flush=True)
        house.build(CASES)
        with house.served(sessions=asked.clients + 1):
            shifts = _shifts(house, asked.clients, asked.pause)
            print(f"{asked.clients} clients work for {asked.minutes:g} minutes ...", flush=True)
            _work(shifts, asked.minutes * 60)
            print("reading back ...", flush=True)
            missing = [one for shift in shifts for one in shift.missing()] + _shared(house, shifts)
            memory = house.memory()
        whole = _trail_is_whole(house)
    errors = Counter(one for shift in shifts for one in shift.errors)
    print(_drawn(shifts))
    kept = sum(len(shift.kept) for shift in shifts)
    conflicts = sum(shift.conflicts for shift in shifts)
    print(f"{kept} acknowledged writes read back, {len(missing)} missing; {conflicts} saves refused as stale (409);")
    print(f"errors: {dict(errors) or 'none'}; trail {'whole' if whole else 'NOT WHOLE'}; web process {memory:.0f} MiB")
    if missing or errors or not whole:
        print(*missing[:10], sep="\n")
        raise SystemExit(1)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two acts of one person")
    return parser.parse_args()


def _settings(database: str) -> dict[str, str]:
    """The environment of the installation: two databases of a PostgreSQL server of our own, or nothing."""
    if database == "sqlite":
        return {}
    from tests.support.database import execute_on_server, postgres_url

    for name in ("soak_main", "soak_keys"):
        execute_on_server(f"CREATE DATABASE {name}")
    return {"CASEFLOW_DATABASE_URL": postgres_url("soak_main"), "CASEFLOW_KEYS_URL": postgres_url("soak_keys")}


def _shifts(house: House, clients: int, pause: float) -> list[Shift]:
    """Each person with cases of their own, and one that all share."""
    facts = house.facts
    shared, own, consented = facts["mine"][0], facts["mine"][1:], facts["consented"]
    return [
        Shift(
            client=house.client(STAFF[at % len(STAFF)]), number=at, shared=shared, own=own[at::clients][:6],
            consented=consented[at::clients], partner=facts["partner"], known=facts["known"], pause=pause,
        )
        for at in range(clients)
    ]  # fmt: skip


def _work(shifts: list[Shift], seconds: float) -> None:
    until = time.monotonic() + seconds
    threads = [Thread(target=shift.work, args=(until,)) for shift in shifts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def _shared(house: House, shifts: list[Shift]) -> list[str]:
    """The shared record has exactly as many new versions as saves of it were acknowledged, and shows one of them."""
    reader: Client = house.client("supervisor")
    saved = [one.words for shift in shifts for one in shift.kept if one.what == "shared"]
    first = min((shift.first_version for shift in shifts if shift.first_version), default=0)
    page = shifts[0].person_form(shifts[0].shared, reader)
    wrong = []
    if int(page.fields["rv"][0]) - first != len(saved):
        wrong.append(f"shared record: {len(saved)} saves, version {first} became {page.fields['rv'][0]}")
    if saved and page.fields["hopes"][0] not in saved:
        wrong.append("shared record: shows words that nobody saved")
    return wrong


def _trail_is_whole(house: House) -> bool:
    command = [sys.executable, "-m", "caseflow", "trail", "verify"]
    return subprocess.run(command, cwd=TOP, env=house.environment(), stdout=subprocess.DEVNULL).returncode == 0


def _drawn(shifts: list[Shift]) -> str:
    kinds: dict[str, Times] = {}
    for shift in shifts:
        for what, took in shift.took:
            kinds.setdefault(what, Times()).took.append(took)
    rows = [["act", "done", "p50 ms", "p95 ms", "most ms"]]
    for what, times in sorted(kinds.items()):
        figures = [f"{times.at(part):.0f}" for part in (0.5, 0.95, 1.0)]
        rows.append([what, str(len(times.took)), *figures])
    return lines(rows)


if __name__ == "__main__":
    try:
        main()
    except Unexpected as problem:
        raise SystemExit(f"unexpected answer: {problem}") from None
