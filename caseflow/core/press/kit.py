"""One sheet of the recovery kit: a list of words for one holder, on paper, and what to do with it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from caseflow.core import words
from caseflow.core.press import engine, pages

ZONE = "UTC"  # the office, and with it its zone, is made after its kit


@dataclass(frozen=True)
class Sheet:
    """What stands on it. `installation` is the start of the deployment id, by which papers are told apart; `number`
    of `made` lists, of which `needed` are enough; `share` the words, in one line."""

    office: str
    installation: str
    number: int
    made: int
    needed: int
    share: str


def sheet(content: Sheet, *, at: datetime, language: str) -> bytes:
    """The sheet as PDF. The words are the content and stand in no property of the file."""
    values = asdict(content) | {"words": content.share.split()}
    html = pages.fill("kit/sheet.html", language=language, at=at, zone=ZONE, **values)
    with words.speaking(language):
        title = words.gettext("Recovery words")
    return engine.render(html, base="letter", title=title, author=content.office, language=language, made_at=at)
