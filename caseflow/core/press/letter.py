"""The referral letter: what the frozen snapshot holds, and nothing else, on paper.

Two parts meet on the page. `Letter` is frozen at submission, kept in the snapshot as plain JSON
(`Letter.to_document`), hashed with it and approved. `Issue` is what comes to be only when the letter leaves: number,
time, approver, check code. The template adds fixed words of its own version, `TEMPLATE_VERSION`, which the
snapshot must name too: another wording is another version.

Contents follow the inter-agency referral form and the IASC MHPSS referral form. Recipients and approvers are written
by post; the officer by name too, unless that could put staff at risk (`officer_name` is empty then).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from caseflow.core import words
from caseflow.core.press import engine, pages, qr, shape
from caseflow.core.press.errors import Malformed

TEMPLATE_VERSION = "letter-2"
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# What an older version lacks is optional, so that what was sent long ago can still be read.
_READABLE = frozenset({"letter-1", TEMPLATE_VERSION})
_LEVELS = frozenset({"emergency", "urgent", "routine"})


class Copy(StrEnum):
    """The form is made in triplicate; the person's copy is a plain slip, for carrying a letter may be a danger."""

    RECIPIENT = "recipient"
    PERSON = "person"
    FILE = "file"


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Who writes. `zone` is the office's time zone (IANA name); empty parts are left out."""

    name: str
    address: str
    phone: str
    email: str
    zone: str = "Asia/Karachi"


@dataclass(frozen=True, kw_only=True)
class Urgency:
    """`level` is a code of `referral_urgency`, `text` the sentence with its clock, in the letter's language."""

    level: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One disclosed data group: its label and its value; a line break in the value stays one."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Ask:
    """The service, one line of reason, and what the recipient must know to give it; empty parts are left out.

    `appointment` stands on the person's slip too: day and hour, and no place that says what it is for.
    """

    service: str
    reason: str
    request: str = ""
    support_given: str = ""
    hopes: str = ""
    appointment: str = ""
    escort: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The printed part of the frozen snapshot; every text is final and in `language` (`en` or `ur`).

    `lines` are the disclosed groups in the order to print; `safety` the notice, line by line; `consent` the statement
    of consent or of the other basis; `refusal_reasons` the labels of the reply slip, from the code list.
    """

    language: str
    letterhead: Letterhead
    urgency: Urgency
    to_organisation: str
    to_post: str
    officer_post: str
    ask: Ask
    lines: tuple[Line, ...]
    consent: str
    refusal_reasons: tuple[str, ...]
    safety: tuple[str, ...] = ()
    officer_name: str = ""
    template: str = TEMPLATE_VERSION

    def to_document(self) -> dict[str, Any]:
        """Plain JSON data for the snapshot."""
        return shape.write(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Back from the snapshot, of this version of the template or an older one; raises Malformed for a missing,
        foreign or ill-typed part."""
        letter = shape.read(cls, document)
        if letter.template not in _READABLE:
            raise Malformed(field="template")
        if letter.language not in words.LANGUAGES:
            raise Malformed(field="language")
        if letter.urgency.level not in _LEVELS:
            raise Malformed(field="urgency.level")
        return letter


@dataclass(frozen=True, kw_only=True)
class Issue:
    """What the register adds at issue. `snapshot_hash` is the SHA-256 of the whole snapshot, in hex.

    `check_code` is not the recipient's access code. `answer_by` is the end of the acknowledgement clock.
    Without `approved_at` the letter is an emergency issue and says that approval is to follow.
    """

    number: str
    check_code: str
    issued_at: datetime
    answer_by: datetime
    snapshot_hash: str
    approver_post: str = ""
    approved_at: datetime | None = None

    def __post_init__(self) -> None:
        if not _NUMBER.fullmatch(self.number):
            raise Malformed(field="number")
        if not _DIGEST.fullmatch(self.snapshot_hash):
            raise Malformed(field="snapshot_hash")
        if self.approved_at is not None and not self.approver_post:
            raise Malformed(field="approver_post")


def place_of(copy: Copy) -> int:
    """The number of a copy as it stands on it: 1 for the recipient, 2 for the person, 3 for the file."""
    return tuple(Copy).index(copy) + 1


def file_name(number: str, copy: Copy = Copy.RECIPIENT) -> str:
    """A neutral name for the file: the letter number and which of the three copies it is, so that none goes astray."""
    if not _NUMBER.fullmatch(number):
        raise Malformed(field="number")
    return f"letter-{number}-{place_of(copy)}.pdf"


def approval_file_name(number: str) -> str:
    """A neutral name for the approval of an emergency letter."""
    if not _NUMBER.fullmatch(number):
        raise Malformed(field="number")
    return f"approval-{number}.pdf"


def as_html(letter: Letter, issue: Issue, *, copy: Copy = Copy.RECIPIENT) -> str:
    """The page before it is pressed; also what tests compare words with. Raises Malformed for a letter that was
    written for another version of the template: its words were approved in that one."""
    if letter.template != TEMPLATE_VERSION:
        raise Malformed(field="template")
    template = "letters/appointment.html" if copy is Copy.PERSON else "letters/letter.html"
    side, path = qr.path(issue.number, issue.check_code)
    return pages.fill(
        template, language=letter.language, letter=letter, issue=issue, copy=copy.value,
        copy_number=place_of(copy), qr_side=side, qr_path=path,
    )  # fmt: skip


def render(letter: Letter, issue: Issue, *, copy: Copy = Copy.RECIPIENT) -> bytes:
    """One copy of the letter as a tagged PDF/A-3a file; the same input gives the same bytes.

    Raises what `engine.render` raises. Its properties hold the letter number and the office, never a person.
    """
    with words.speaking(letter.language):
        title = words.gettext("Letter %(number)s", number=issue.number)
    author = "" if copy is Copy.PERSON else letter.letterhead.name
    return engine.render(
        as_html(letter, issue, copy=copy), base="letter", title=title, author=author,
        language=letter.language, made_at=issue.issued_at,
    )  # fmt: skip


def approval_as_html(letter: Letter, issue: Issue) -> str:
    """The approval of an emergency letter before it is pressed. Raises Malformed for a letter without an approval."""
    if issue.approved_at is None:
        raise Malformed(field="approved_at")
    return pages.fill("letters/approval.html", language=letter.language, letter=letter, issue=issue)


def render_approval(letter: Letter, issue: Issue) -> bytes:
    """The approval as a PDF file of the same kind as the letter, made at the moment of the approval."""
    page = approval_as_html(letter, issue)
    with words.speaking(letter.language):
        title = words.gettext("Approval of letter %(number)s", number=issue.number)
    return engine.render(
        page, base="letter", title=title, author=letter.letterhead.name, language=letter.language,
        made_at=issue.approved_at or issue.issued_at,
    )  # fmt: skip
