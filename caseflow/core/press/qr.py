"""The square on a letter: its number and check code, and nothing about the person."""

from functools import lru_cache
from typing import Any

import segno

# Medium error correction survives a photocopy and a fold (ISO/IEC 18004); the quiet zone is four modules.
_LEVEL, _QUIET = "m", 4


def payload(number: str, check_code: str) -> str:
    """What the square says: the letter number, a space, the check code."""
    return f"{number} {check_code}"


@lru_cache(maxsize=64)
def _code(text: str) -> Any:
    return segno.make_qr(text, error=_LEVEL, boost_error=False)


def path(number: str, check_code: str) -> tuple[int, str]:
    """The square as (side in modules with the quiet zone, SVG path data); one run of dark modules is one bar."""
    code = _code(payload(number, check_code))
    side = code.symbol_size(border=_QUIET)[0]
    bars: list[str] = []
    for y, row in enumerate(code.matrix, start=_QUIET):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                bars.append(f"M{x + _QUIET} {y}h{run}v1h-{run}z")
            x += run or 1
    return side, "".join(bars)
