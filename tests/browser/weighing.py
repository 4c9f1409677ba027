"""Weigh a visit: bytes on the wire of a page and of everything it fetches."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit


def weigh(context: Any, visit: Callable[[Any], Any]) -> tuple[int, dict[str, int]]:
    """(bytes of the HTML, unpacked; bytes that travelled, by path) of what `visit` opens in a new page."""
    page, arrived = context.new_page(), []
    page.on("requestfinished", lambda asked: arrived.append(asked))
    html = len(visit(page).body())
    page.wait_for_load_state("networkidle")
    return html, {urlsplit(asked.url).path: _weight(asked) for asked in arrived}


def _weight(asked: Any) -> int:
    sizes = asked.sizes()
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])
