"""List, open, search and create, as p50 and p95, on one web process with 1,000 and 10,000 sealed cases."""

import argparse
import tempfile
from pathlib import Path

from tests.bench.client import Client, percentiles
from tests.bench.house import House, build

SIZES = (1_000, 10_000)


def main() -> None:
    """Build each house, serve it, measure, print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="*", default=list(SIZES), help="sizes to measure")
    parser.add_argument("--requests", type=int, default=200, help="requests of each kind")
    asked = parser.parse_args()
    rows = []
    for number, size in enumerate(asked.cases):
        with tempfile.TemporaryDirectory(prefix="caseflow-bench-") as folder:
            print(f"building {size:,} sealed cases ...", flush=True)
            house = build(Path(folder) / "home", size)
            with house.served(port=8791 + number) as base:
                rows += measure(house, base, size, asked.requests)
    print()
    print(f"{'cases':>7}  {'what':<24}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}{'KB html':>9}")
    for row in rows:
        print("{:>7,}  {:<24}{:>9.1f}{:>9.1f}{:>9.1f}{:>9.1f}".format(*row))


def measure(house: House, base: str, size: int, requests: int) -> list[tuple]:
    """Rows (size, what, p50, p95, most, KB of the answer) for a caseworker with 200 cases and a supervisor with all."""
    worker, supervisor = Client(base, house.tokens["worker"]), Client(base, house.tokens["supervisor"])
    rows = []

    def time(what: str, act: object, count: int = requests) -> None:
        for _ in range(5):
            act(0)
        took = [act(number) for number in range(count)]
        p50, p95, most = percentiles([one[0] for one in took])
        rows.append((size, what, p50, p95, most, took[-1][1] / 1024))

    own, every, known = house.own, house.every, house.known
    time("list (200 visible)", lambda n: worker.get("/cases/"))
    time("list (all visible)", lambda n: supervisor.get("/cases/"))
    time("open", lambda n: worker.get(f"/cases/{own[n % len(own)]}"))
    time("open (supervisor)", lambda n: supervisor.get(f"/cases/{every[(n * 37) % len(every)]}"))
    time("home", lambda n: worker.get("/"))
    time("search by number", lambda n: worker.search(known[n % len(known)]["number"]))
    time("search by CNIC", lambda n: worker.search(known[n % len(known)]["cnic"]))
    time("search by name", lambda n: worker.search(known[n % len(known)]["name"]), min(requests, 60))
    time("create (form and post)", lambda n: worker.create(), min(requests, 100))
    print(f"  web process {house.memory():.0f} MiB")
    return rows


if __name__ == "__main__":
    main()
