"""The figures beside their bars, as a table that reads well in a terminal and in a page of the documents."""

from statistics import median

from tests.bench.pages import GROWTH, PAGES, RATIO, Desk, Page, Times
from tests.bench.weight import BARS, LIST_BYTES

MEMORY = 150.0  # MiB
LETTERS = (
    ("letter", "letter rendered, warm", 350.0),
    ("issue", "letter issued: three copies, kept and recorded", None),
)
KB = 1024


def drawn(desks: list[Desk], found: dict[str, list[Times]], *, middle: int) -> str:
    """One line a page: times at the middle size against their bar, the twin beside them, the other sizes."""
    sealed = [at for at, desk in enumerate(desks) if not desk.house.plain]
    main = next(at for at in sealed if desks[at].facts["size"] == middle)
    twin = next((at for at, desk in enumerate(desks) if desk.house.plain), None)
    others = [at for at in sealed if at != main]
    head = ["page", f"{middle:,}: min", "p50", "p95", "bar", "cpu"]
    if twin is not None:
        head += [f"plain {desks[twin].facts['size']:,}: p50", "p95", "cpu", "ratio p50", "p95", "cpu"]
    for at in others:
        head += [f"{desks[at].facts['size']:,}: p50", "p95", "cpu"]
    if len(sealed) > 1:
        head += ["growth p50", "cpu"]
    rows = [
        _row(page, found[page.name], main, twin, _alike(page, desks, sealed), others)
        for page in PAGES
        if page.name in found
    ]
    return lines([[*head, "verdict"], *rows])


def _alike(page: Page, desks: list[Desk], sealed: list[int]) -> list[int]:
    """The houses in which whoever asks sees as many cases as in the largest: only these tell of growth."""
    most = desks[sealed[-1]].facts["seen"][page.who]
    return [at for at in sealed if desks[at].facts["seen"][page.who] == most]


def _row(page: Page, times: list[Times], main: int, twin: int | None, alike: list[int], others: list[int]) -> list[str]:
    name, bar = page.name, page.bar
    ours, short = times[main], []
    if bar is not None and ours.at(0.95) > bar:
        short.append("p95")
    cells = [name, *_ms(ours.at(0), ours.at(0.5), ours.at(0.95)), f"{bar:.0f}" if bar else "", *_ms(ours.cpu)]
    if twin is not None:
        plain = times[twin]
        ratios = [ours.at(0.5) / plain.at(0.5), ours.at(0.95) / plain.at(0.95), ours.cpu / max(plain.cpu, 0.1)]
        cells += [*_ms(plain.at(0.5), plain.at(0.95), plain.cpu), *(f"{one:.2f}" for one in ratios)]
        short += ["ratio"] if ratios[0] > RATIO else []
    for at in others:
        cells += _ms(times[at].at(0.5), times[at].at(0.95), times[at].cpu)
    if others:
        first, last = times[alike[0]], times[alike[-1]]
        growth = [last.at(0.5) / first.at(0.5), last.cpu / max(first.cpu, 0.1)]
        cells += [f"{one:.2f}" for one in growth]
        short += ["growth"] if growth[0] > GROWTH else []
    return [*cells, _verdict(short)]


def rest(desks: list[Desk], found: dict[str, list[Times]], visits: dict[str, int]) -> str:
    """Memory, the letter, and bytes."""
    rows = [["what", "found", "bar", "verdict"]]
    for desk in desks:
        size, kind = desk.facts["size"], "plain" if desk.house.plain else "sealed"
        memory = desk.house.memory()
        rows.append([f"web process, {size:,} {kind}", f"{memory:.0f} MiB", f"{MEMORY:.0f}", _over(memory, MEMORY)])
    letters = [desk.facts["letters"] for desk in desks if not desk.house.plain]
    for name, words, bar in LETTERS:
        times = sorted(one for some in letters for one in some[name])
        found_words = f"p50 {median(times):.0f} ms, most {times[-1]:.0f} ms"
        rows.append([words, found_words, f"{bar:.0f}" if bar else "", _over(median(times), bar) if bar else ""])
    listed = max((one.size for name, times in found.items() if name.startswith("list") for one in times), default=0)
    if listed:
        rows.append(["HTML of the list", f"{listed / KB:.1f} KB", f"{LIST_BYTES / KB:.0f}", _over(listed, LIST_BYTES)])
    for name, size in visits.items():
        bar = BARS[name.split(",")[0]]
        rows.append([f"first visit, {name}", f"{size / KB:.1f} KB", f"{bar / KB:.0f}", _over(size, bar)])
    return lines(rows)


def _ms(*values: float) -> list[str]:
    return [f"{one:.1f}" for one in values]


def _over(value: float, bar: float) -> str:
    return _verdict(["over"] if value > bar else [])


def _verdict(short: list[str]) -> str:
    return f"SHORT: {', '.join(short)}" if short else "pass"


def lines(rows: list[list[str]]) -> str:
    """Rows of cells as a table; the first row is the head."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    drawn = ["| " + " | ".join(_cell(row[at], width, at) for at, width in enumerate(widths)) + " |" for row in rows]
    rule = "|" + "|".join("-" * (width + 1) + (":" if at else "-") for at, width in enumerate(widths)) + "|"
    return "\n".join([drawn[0], rule, *drawn[1:], ""])


def _cell(text: str, width: int, at: int) -> str:
    return text.rjust(width) if at else text.ljust(width)
