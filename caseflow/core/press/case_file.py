"""The auditor's two documents for one case: the redacted file (level 1) and the trail, as PDF.

Plain dicts go in, ready to print: the auditor's room has redacted them, chosen the words and put them in the
document's language. Nothing here looks anything up. A withheld value is `None` and prints as a mark, so that what was
withheld is never taken for what was empty.

Level 1 holds the code name and no value of class S or X; notes are titles without text.
"""

import re
from datetime import datetime
from typing import Any, TypedDict

from caseflow.core import words
from caseflow.core.press import engine, pages
from caseflow.core.press.errors import Malformed

_CASE_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")


class Cover(TypedDict):
    """Both documents open with it. Posts, not names; `digest` is the SHA-256 (hex) of the content as canonical JSON.

    `zone` is an IANA time zone name; `version` the program's version; all times are aware.
    """

    office: str
    case_number: str
    code_name: str
    made_by: str
    approved_by: str
    audit_number: str
    purpose: str
    made_at: datetime
    zone: str
    digest: str
    version: str


class Step(TypedDict):
    """One change of state or one event of a referral."""

    at: datetime
    what: str
    actor: str
    detail: str


class Answers(TypedDict):
    """One screening: when, by which post, and its lines as (label, value); `None` is withheld."""

    at: datetime
    actor: str
    lines: list[tuple[str, str | None]]


class ConsentRow(TypedDict):
    """One entry of the consent register; a day that did not come is `None`."""

    scope: str
    recipient: str
    basis: str
    method: str
    status: str
    given_at: datetime | None
    until: datetime | None
    withdrawn_at: datetime | None
    text_version: str


class ReferralPart(TypedDict):
    """One referral: `facts` are (label, value) lines such as approver, groups disclosed and times needed."""

    number: str
    service: str
    state: str
    digest: str
    facts: list[tuple[str, str | None]]
    events: list[Step]


class Note(TypedDict):
    """A note by its title only."""

    at: datetime
    actor: str
    title: str


class Paper(TypedDict):
    """A sealed file of the case: what it is, its size in bytes and its SHA-256 (hex), both empty when it is broken."""

    at: datetime
    actor: str
    title: str
    size: int
    digest: str


class Access(TypedDict):
    """Who opened what, and the reason where one was asked."""

    at: datetime
    actor: str
    what: str
    reason: str


class Check(TypedDict):
    """`outcome` is `pass`, `fail` or `none` (does not apply to this case)."""

    text: str
    outcome: str
    detail: str


class Chain(TypedDict):
    """The trail's state: entries of this case, the head's number and hash, and what verification said."""

    entries: int
    head: int
    digest: str
    verified: bool


class CaseFile(TypedDict):
    """The redacted case file, section by section; an empty list prints as "Nothing is recorded."."""

    cover: Cover
    chronology: list[Step]
    screenings: list[Answers]
    consents: list[ConsentRow]
    referrals: list[ReferralPart]
    notes: list[Note]
    documents: list[Paper]
    access: list[Access]
    checks: list[Check]
    chain: Chain


class Entry(TypedDict):
    """One row of the trail; `fields` are names, never values, and `digest` is the entry's own hash.

    `at` is when it was recorded; `happened` the day, and the hour where one is known, "" where that is the same.
    """

    seq: int
    at: datetime
    happened: str
    tag: str
    actor: str
    object: str
    fields: list[str]
    reason: str
    digest: str


class TrailFile(TypedDict):
    """The trail of one case, oldest first."""

    cover: Cover
    entries: list[Entry]
    chain: Chain


def file_name(case_number: str) -> str:
    """The case file is named by the case number only."""
    if not _CASE_NUMBER.fullmatch(case_number):
        raise Malformed(field="case_number")
    return f"{case_number}.pdf"


def trail_name(case_number: str) -> str:
    """The trail's name: the case number and the word trail."""
    return file_name(case_number).removesuffix(".pdf") + "-trail.pdf"


def case_file_html(content: CaseFile, *, language: str) -> str:
    """The case file before it is pressed."""
    return pages.fill("audit_file/case_file.html", language=language, file=content, cover=content["cover"])


def trail_html(content: TrailFile, *, language: str) -> str:
    """The trail before it is pressed."""
    return pages.fill("audit_file/trail.html", language=language, file=content, cover=content["cover"])


def _press(html: str, cover: Cover, title: str, language: str) -> bytes:
    file_name(cover["case_number"])
    with words.speaking(language):
        heading: dict[str, Any] = {"title": words.gettext(title, number=cover["case_number"])}
    return engine.render(
        html, base="audit", author=cover["office"], language=language, made_at=cover["made_at"], **heading
    )


def case_file(content: CaseFile, *, language: str) -> bytes:
    """The redacted file of one case as PDF/A-3a; raises what `engine.render` raises."""
    return _press(
        case_file_html(content, language=language), content["cover"], words.N_("Case file %(number)s"), language
    )


def trail(content: TrailFile, *, language: str) -> bytes:
    """The trail of one case as PDF/A-3a; raises what `engine.render` raises."""
    return _press(trail_html(content, language=language), content["cover"], words.N_("Trail of %(number)s"), language)
