"""What is measured: each page, who asks for it, and its bar in milliseconds (p95 at 10,000 cases)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.bench.client import Answer, Client
from tests.bench.house import House

READ, HOME, CREATE = 40.0, 60.0, 80.0
RATIO, GROWTH = 1.5, 1.2  # to the plaintext twin; from the fewest cases to the most


class Desk:
    """One served house with a browser for everybody who is asked for."""

    def __init__(self, house: House) -> None:
        self.house, self.facts = house, house.facts
        self.clients: dict[str, Client] = {}

    def __getitem__(self, who: str) -> Client:
        if who not in self.clients:
            self.clients[who] = self.house.client(who)
        return self.clients[who]

    def pick(self, what: str, number: int) -> Any:
        """One of the ids or texts of a kind, another each time."""
        known = self.facts[what]
        return known[number * 37 % len(known)]


@dataclass(frozen=True)
class Page:
    """One thing to measure. `act` does it once, with a number that differs each time; `who` sees 200 cases or 2,000."""

    name: str
    act: Callable[[Desk, int], Answer]
    bar: float | None = None
    who: str = "worker"


@dataclass
class Times:
    """What was found for one page in one house."""

    took: list[float] = field(default_factory=list)
    processor: float = 0.0
    size: int = 0

    def at(self, part: float) -> float:
        """The time that this part of the requests stayed below."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]

    @property
    def cpu(self) -> float:
        """Milliseconds of processor time of the web process for each request."""
        return self.processor / len(self.took)


def _read(who: str, path: str, what: str = "") -> Callable[[Desk, int], Answer]:
    return lambda desk, number: desk[who].get(path.format(desk.pick(what, number) if what else ""))


def _search(who: str, what: str, key: str) -> Callable[[Desk, int], Answer]:
    return lambda desk, number: desk[who].search(desk.pick(what, number)[key])


PAGES = (
    Page("home, caseworker", _read("worker", "/"), HOME),
    Page("home, supervisor", _read("supervisor", "/"), HOME, who="supervisor"),
    Page("home, data protection", _read("protection", "/"), HOME),
    Page("home, auditor", _read("auditor", "/"), HOME),
    Page("home, administrator", _read("admin", "/"), HOME),
    Page("list, caseworker (200)", _read("worker", "/cases/"), READ),
    Page("list, supervisor (2,000)", _read("supervisor", "/cases/"), READ, who="supervisor"),
    Page("list, one state", _read("supervisor", "/cases/?state=screening"), READ, who="supervisor"),
    Page("list, own", _read("worker", "/cases/?show=mine"), READ),
    Page("open, caseworker", _read("worker", "/cases/{}", "own"), READ),
    Page("open, supervisor", _read("supervisor", "/cases/{}", "team"), READ, who="supervisor"),
    Page("search, number", _search("worker", "known", "number"), READ),
    Page("search, CNIC", _search("worker", "known", "cnic"), READ),
    Page("search, name (of 200)", _search("worker", "known", "name"), READ),
    Page("search, name (of 2,000)", _search("supervisor", "known_team", "name"), READ, who="supervisor"),
    Page("referrals, waiting", _read("supervisor", "/referrals/?queue=waiting"), who="supervisor"),
    Page("referral", _read("worker", "/referrals/{}", "referrals")),
    Page("approval", _read("supervisor", "/referrals/{}/decide", "pending"), who="supervisor"),
    Page("create (form and post)", lambda desk, _number: desk["worker"].create(), CREATE),
)


def measure(page: Page, desks: list[Desk], *, requests: int, block: int = 10) -> list[Times]:
    """The page in every house, a block of requests in each by turns, so that what disturbs one disturbs all."""
    found = [Times() for _desk in desks]
    for desk in desks:
        for number in range(5):
            page.act(desk, number)
    for start in range(0, requests, block):
        for desk, times in zip(desks, found, strict=True):
            before = desk.house.processor()
            answers = [page.act(desk, start + at) for at in range(min(block, requests - start))]
            times.processor += desk.house.processor() - before
            times.took += [one.took for one in answers]
            times.size = answers[-1].size
    return found
