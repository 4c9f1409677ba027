"""Two more documents of an audit, as PDF: the trail of the audit itself, and the page that stands for a skeleton.

Like the case file (`case_file`), they print plain dicts that the auditor's room has prepared. No content of a case is
in either of them.
"""

from datetime import datetime
from typing import TypedDict

from caseflow.core import words
from caseflow.core.press import engine, pages
from caseflow.core.press.case_file import Chain, Cover


class Drawn(TypedDict):
    """One case of the audit: its number, and of a skeleton that it is one."""

    number: str
    state: str
    opened: datetime
    skeleton: bool


class Counted(TypedDict):
    """How the cases of a frame lie: pairs (what, how many)."""

    title: str
    rows: list[tuple[str, int]]


class Deed(TypedDict):
    """One thing that was done under the audit; `happened` is "" where that is the same as when it was recorded."""

    at: datetime
    happened: str
    tag: str
    actor: str
    object: str
    detail: str
    digest: str


class Stream(TypedDict):
    """One stream of the trail and what verifying it said."""

    name: str
    entries: int
    head: int
    digest: str
    findings: int


class AuditTrail(TypedDict):
    """Everything done under an audit, oldest first; `sample` are facts, none for named cases."""

    cover: Cover
    facts: list[tuple[str, str | None]]
    sample: list[tuple[str, str | None]]
    counts: list[Counted]
    cases: list[Drawn]
    deeds: list[Deed]
    streams: list[Stream]


class Skeleton(TypedDict):
    """What is left of a case: facts, and the state of its trail."""

    cover: Cover
    facts: list[tuple[str, str | None]]
    chain: Chain


def audit_trail_html(content: AuditTrail, *, language: str) -> str:
    """The trail of an audit before it is pressed."""
    return pages.fill("audit_file/audit.html", language=language, file=content, cover=content["cover"])


def skeleton_html(content: Skeleton, *, language: str) -> str:
    """The page of a skeleton before it is pressed."""
    return pages.fill("audit_file/skeleton.html", language=language, file=content, cover=content["cover"])


def audit_trail(content: AuditTrail, *, language: str) -> bytes:
    """The trail of one audit as PDF/A-3a; raises what `engine.render` raises."""
    cover = content["cover"]
    with words.speaking(language):
        title = words.gettext("Trail of audit %(number)s", number=cover["audit_number"])
    return _press(audit_trail_html(content, language=language), cover, title, language)


def skeleton(content: Skeleton, *, language: str) -> bytes:
    """The page of a skeleton as PDF/A-3a; raises what `engine.render` raises."""
    cover = content["cover"]
    with words.speaking(language):
        title = words.gettext("Case file %(number)s", number=cover["case_number"])
    return _press(skeleton_html(content, language=language), cover, title, language)


def _press(html: str, cover: Cover, title: str, language: str) -> bytes:
    made_at, office = cover["made_at"], cover["office"]
    return engine.render(html, base="audit", author=office, language=language, made_at=made_at, title=title)
