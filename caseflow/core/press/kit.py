"""One sheet of the recovery kit: a list of words for one holder, on paper, and what to do with it."""

from datetime import datetime

from caseflow.core import words
from caseflow.core.press import engine, pages


def sheet_html(
    *, office: str, installation: str, number: int, made: int, needed: int, share: str, at: datetime, language: str
) -> str:
    """The sheet before it is pressed. `installation` is the start of the deployment id, by which papers are told
    apart; `share` the words, in one line."""
    values = {"office": office, "installation": installation, "number": number, "made": made, "needed": needed}
    return pages.fill("kit/sheet.html", language=language, words=share.split(), at=at, **values)


def sheet(*, office: str, language: str, at: datetime, **content: object) -> bytes:
    """The sheet as PDF. The words are the content and stand in no property of the file."""
    html = sheet_html(office=office, language=language, at=at, **content)  # type: ignore[arg-type]
    with words.speaking(language):
        title = words.gettext("Recovery words")
    return engine.render(html, base="letter", title=title, author=office, language=language, made_at=at)
