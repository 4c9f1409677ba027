"""Checks what a worker wrote into a referral: ill-formed answers are refused, missing ones wait for the submission."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from caseflow.core import catalogue
from caseflow.core.errors import Invalid, NotFound, Refused
from caseflow.core.ports import Reason
from caseflow.core.words import LANGUAGES, N_
from caseflow.partners import queries as partners
from caseflow.referrals.letters import choices_for

LENGTHS = {"request": 300, "appointment": 200, "escort": 200}
BASIS_LENGTH = 1000
WHY_LENGTH = 300
CONSENT = "consent"
OTHER_BASES = ("vital_interest", "mandatory_report", "court_order")
_CODES = {"urgency": "referral_urgency", "reason": "referral_reason", "channel": "referral_channel"}
Problems = dict[str, Reason]
# A CNIC in a free line would pass the disclosure table by.
_IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{5}[ -]?\d{7}[ -]?\d(?!\d)")

TOO_LONG = N_("At most %(limit)s characters, please.")
NOT_ON_LIST: Reason = (N_("Choose from the list."), {})
_SUBMISSION: tuple[tuple[str, str], ...] = (
    ("services", N_("Choose the service you ask for.")),
    ("urgency", N_("Say how urgent it is.")),
    ("reason", N_("Choose the reason for the referral.")),
    ("request", N_("Write in one line what you ask the partner to do.")),
    ("channel", N_("Choose how the letter is sent.")),
)


def clean_referral(data: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a referral's document that a worker writes, checked and in its stored form.

    The class of the recipient comes from the directory, never from the form. Raises Invalid.
    """
    problems: Problems = {}
    partner = _partner(data.get("partner_id"), problems)
    recipient_class = partner.recipient_class if partner else ""
    doc: dict[str, Any] = {
        "partner_id": str(partner.id) if partner else "",
        "recipient_class": recipient_class,
        "language": data.get("language") if data.get("language") in LANGUAGES else "en",
        **{name: _line(data, name, limit, problems) for name, limit in LENGTHS.items()},
        **{name: _code(data, name, options, problems) for name, options in _CODES.items()},
        "services": _codes(data, "services", catalogue.load().list("service_type").codes, problems),
        "basis": _basis(data, problems),
        "basis_reason": words_of(data.get("basis_reason")),
    }
    if len(doc["basis_reason"]) > BASIS_LENGTH:
        problems["basis_reason"] = (TOO_LONG, {"limit": BASIS_LENGTH})
    if partner:
        doc |= _groups(data, recipient_class, problems)
    if problems:
        raise Invalid(problems)
    return doc


def require_complete(doc: Mapping[str, Any]) -> None:
    """Refuse to submit what a recipient could not act on. Raises Refused with every missing answer."""
    reasons: list[Reason] = [(message, {}) for name, message in _SUBMISSION if not doc[name]]
    if doc["basis"] != CONSENT and not doc["basis_reason"]:
        reasons.append((N_("Write why this rests on another basis than consent."), {}))
    if any(not doc["why"].get(group) for group in doc["own_ticks"]):
        reasons.append((N_("Write the reason beside each thing that needed its own tick."), {}))
    if reasons:
        raise Refused(reasons=reasons)


def _partner(value: Any, problems: Problems) -> partners.PartnerView | None:
    try:
        view = partners.view_of(partners.get_partner(UUID(str(value))))
    except (ValueError, NotFound):
        problems["partner_id"] = (N_("Choose the partner you refer to."), {})
        return None
    if view.state != "active":
        problems["partner_id"] = (N_("This partner is no longer in the directory."), {})
    elif not choices_for(view.recipient_class):
        problems["partner_id"] = (N_("This partner receives counts only, never anything about one person."), {})
    else:
        return view
    return None


def _line(data: Mapping[str, Any], name: str, limit: int, problems: Problems) -> str:
    """One line of text: a form that wants one line must not be a way to send a story."""
    text = one_line(data.get(name))
    if len(text) > limit:
        problems[name] = (TOO_LONG, {"limit": limit})
    elif _IDENTITY_NUMBER.search(text):
        problems[name] = (N_("Write no identity number here: this line stands in the letter as it is."), {})
    return text


def one_line(value: Any) -> str:
    """Text without line breaks and control characters, in composed form (Unicode NFC)."""
    return " ".join(words_of(value).split())


def words_of(value: Any) -> str:
    """Text of several lines without control characters, in composed form (Unicode NFC)."""
    kept = "".join(one for one in str(value or "") if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept.strip())


def _code(data: Mapping[str, Any], name: str, options: str, problems: Problems) -> str:
    value = data.get(name) or ""
    if value and value not in catalogue.load().list(options):
        problems[name] = NOT_ON_LIST
        return ""
    return str(value)


def _codes(data: Mapping[str, Any], name: str, allowed: tuple[str, ...], problems: Problems) -> list[str]:
    chosen = data.get(name) or []
    if not isinstance(chosen, list | tuple | set | frozenset) or any(one not in allowed for one in chosen):
        problems[name] = NOT_ON_LIST
        return []
    return [one for one in allowed if one in chosen]


def _basis(data: Mapping[str, Any], problems: Problems) -> str:
    value = data.get("basis") or CONSENT
    if value not in (CONSENT, *OTHER_BASES):
        problems["basis"] = NOT_ON_LIST
        return CONSENT
    return str(value)


def _groups(data: Mapping[str, Any], recipient_class: str, problems: Problems) -> dict[str, Any]:
    """Chosen groups, own ticks and the reasons beside them: only what the matrix opens to this class."""
    cells = {group: cell for group, cell, _first in choices_for(recipient_class)}
    wanted = data.get("groups") or []
    if any(one not in cells for one in wanted):
        problems["groups"] = (N_("Something chosen here may never go to this kind of recipient."), {})
        return {"groups": [], "own_ticks": [], "why": {}}
    groups = _codes(data, "groups", tuple(cells), problems)
    # Gender identity needs its own tick under every class, so a tick beside a Y cell is kept as well.
    ticks = [one for one in _codes(data, "own_ticks", tuple(cells), problems) if one in groups]
    why = {
        group: one_line(text) for group, text in (data.get("why") or {}).items() if group in ticks and one_line(text)
    }
    if any(len(text) > WHY_LENGTH for text in why.values()):
        problems["why"] = (TOO_LONG, {"limit": WHY_LENGTH})
    return {"groups": groups, "own_ticks": ticks, "why": why}
