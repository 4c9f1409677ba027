"""What a page must never do, noted while it loads: other hosts, messages in the console, breaches of the policy."""

from contextlib import contextmanager
from functools import cache
from typing import Any

from caseflow.operations.assets import FETCHED

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"


class Watch:
    """What was noted of one page."""

    def __init__(self, page: Any, base: str) -> None:
        self.page, self.base = page, base
        self.strange: list[str] = []

    def asked(self, request: Any) -> None:
        if not request.url.startswith((self.base + "/", "data:")):
            self.strange.append(f"asks another host: {request.url}")

    def answered(self, answer: Any) -> None:
        if answer.status >= 400 and not answer.request.is_navigation_request():
            self.strange.append(f"{answer.status}: {answer.url}")

    def said(self, message: Any) -> None:
        # Chromium says so of every page that is itself a refusal; `answered` looks after the rest.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.strange.append(f"console: {message.text}")

    def failed(self, error: Any) -> None:
        self.strange.append(f"script: {error}")


@contextmanager
def watched(page: Any, base: str) -> Any:
    """Note what the page does inside the block."""
    watch = Watch(page, base)
    heard = {
        "request": watch.asked, "response": watch.answered, "console": watch.said, "pageerror": watch.failed,
    }  # fmt: skip
    for event, note in heard.items():
        page.on(event, note)
    try:
        yield watch
    finally:
        for event, note in heard.items():
            page.remove_listener(event, note)


@cache
def _axe() -> str:
    return (FETCHED / "axe.min.js").read_text(encoding="utf-8")


def axe(page: Any) -> list[str]:
    """The violations of WCAG 2.0 to 2.2, A and AA, and of best practice, a line each."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_axe())
    found = page.evaluate(RUN, STANDARDS)["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def width(page: Any) -> int:
    """How wide the document is, in CSS pixels."""
    return page.evaluate("document.documentElement.scrollWidth")


def too_wide(page: Any) -> list[str]:
    """What reaches over the edge, for the message of a failed test."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")]
             .filter(one => { const box = one.getBoundingClientRect();
                              return box.width && (box.right > innerWidth + 1 || box.left < -1) })
             .slice(0, 5).map(one => one.outerHTML.slice(0, 150))"""
    )
