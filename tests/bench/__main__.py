"""`make bench`: every page at 1,000, 10,000 and 100,000 sealed cases, and beside a plaintext twin, with its bars.

One web process each; all houses are served at once and asked by turns. It prints one table and keeps nothing.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench import table
from tests.bench.house import House
from tests.bench.pages import PAGES, Desk, Times, measure
from tests.bench.weight import first_visits

SIZES = (1_000, 10_000, 100_000)
TWIN = 10_000


def main() -> None:
    """Build, serve, measure, print."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="caseflow-bench-") as folder, ExitStack() as stack:
        houses = list(_houses(asked, Path(folder)))
        desks = [Desk(stack.enter_context(house.served())) for house in houses]
        found: dict[str, list[Times]] = {}
        for page in PAGES:
            if asked.only in page.name:
                print(f"measuring {page.name} ...", flush=True)
                found[page.name] = measure(page, desks, requests=asked.requests)
        main_desk = desks[0] if len(asked.cases) == 1 else desks[asked.cases.index(_middle(asked))]
        visits = {} if asked.only else first_visits(main_desk.house)
        print()
        print(table.drawn(desks, found, middle=_middle(asked)))
        print(table.rest(desks, found, visits))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, nargs="+", default=list(SIZES), help="sizes to measure")
    parser.add_argument("--twin", type=int, default=TWIN, help="size of the plaintext twin, 0 for none")
    parser.add_argument("--requests", type=int, default=100, help="requests of each kind")
    parser.add_argument("--only", default="", help="measure the pages with these words in their name")
    parser.add_argument("--homes", type=Path, help="keep what is built in this folder, and use it again")
    return parser.parse_args()


def _middle(asked: argparse.Namespace) -> int:
    """The size for which the bars are meant."""
    return TWIN if TWIN in asked.cases else max(asked.cases)


def _houses(asked: argparse.Namespace, folder: Path) -> Iterator[House]:
    """The houses to measure, the twin last; those that are kept are copied first, for measuring changes them."""
    wanted = [(size, False) for size in asked.cases] + ([(asked.twin, True)] if asked.twin else [])
    for size, plain in wanted:
        name = f"{'plain' if plain else 'sealed'}-{size}"
        house = House((asked.homes or folder) / name, plain)
        if not house.home.exists():
            print(f"building {size:,} {'plain' if plain else 'sealed'} cases ...", flush=True)
            house.build(size)
        yield house.copied(folder / name) if asked.homes else house


if __name__ == "__main__":
    main()
