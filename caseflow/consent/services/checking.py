"""What an entry of the register may hold: shapes for the catalogue's cleaners, and the rules between answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from caseflow.consent import queries, states
from caseflow.consent.services.dates import default_until, latest_until
from caseflow.core import catalogue
from caseflow.core.catalogue import DataClass, Field, FieldType
from caseflow.core.catalogue.disclosure import DEFAULT, WITH_OWN_CONSENT
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.values import clean
from caseflow.core.errors import Invalid, NotFound
from caseflow.core.words import N_
from caseflow.partners import queries as partners

Problems = dict[str, tuple[str, dict[str, Any]]]
TOLD = ("purpose", "uses", "storage", "see", "withdraw")
ANSWERS = (states.ConsentStatus.GIVEN, states.ConsentStatus.REFUSED)
WITHDRAWN_BY = {
    "person": N_("The person"),
    "guardian": N_("The guardian"),
    "helper": N_("Somebody the person sent"),
}


def _shape(kind: FieldType, most: int = 200, of: str = "", *, past: bool = False) -> Field:
    return Field(
        code="", type=kind, label={}, hint={}, options=catalogue.load().list(of) if of else None,
        klass=DataClass.S, required_at=None, condition=None, max_length=most, htcds="", group=None, past=past,
    )  # fmt: skip


SHAPES: dict[str, Field] = {
    "scope": _shape(FieldType.CODE, of="consent_scope"),
    "purpose": _shape(FieldType.TEXT, 200),
    "status": _shape(FieldType.CODE, of="consent_status"),
    "basis": _shape(FieldType.CODE, of="consent_basis"),
    "method": _shape(FieldType.CODE, of="consent_method"),
    "language": _shape(FieldType.CODE, of="language"),
    "witness": _shape(FieldType.TEXT, 120),
    "private": _shape(FieldType.CODE, of="yes_no"),
    "free_to_leave": _shape(FieldType.CODE, of="free_to_leave"),
    "setting": _shape(FieldType.CODES, of="person_present"),
    "given_on": _shape(FieldType.DATE),
    "valid_until": _shape(FieldType.DATE),
    "reason": _shape(FieldType.LONGTEXT, 1000),
    "guardian_name": _shape(FieldType.TEXT, 120),
    "guardian_relation": _shape(FieldType.TEXT, 80),
    "groups": _shape(FieldType.CODES, of="disclosure_group"),
    "own_ticks": _shape(FieldType.CODES, of="disclosure_group"),
}
LISTS = ("setting", "groups", "own_ticks")
FUTURE = N_("This date cannot be in the future.")


def cleaned(data: Mapping[str, Any], shapes: Mapping[str, Field]) -> tuple[dict[str, Any], Problems]:
    """The clean values of some answers, "" or [] for none, with what is ill-formed."""
    doc: dict[str, Any] = {}
    problems: Problems = {}
    for code, shape in shapes.items():
        try:
            value = clean(shape, data.get(code))
        except Fault as fault:
            value, problems[code] = None, (catalogue.MESSAGES[fault.code], dict(fault.params))
        doc[code] = value if value is not None else [] if code in LISTS else ""
    return doc, problems


def check_consent(data: Mapping[str, Any], *, case_id: UUID, child: bool, today: date) -> dict[str, Any]:
    """The clean document of a consent given or refused. Raises Invalid, with all problems at once.

    child: the person counts as a child (doubt included). today: the office's day.
    """
    doc, problems = cleaned(data, SHAPES)
    doc["guardian"] = _guardian(doc, data)
    doc["assent"] = data.get("assent") is True
    doc["interpreter"] = data.get("interpreter") is True
    told = data.get("told") or {}
    doc["told"] = {key: told.get(key) is True for key in TOLD}
    doc |= _recipient(doc, data, case_id, problems)
    _dates(doc, problems, today)
    if doc["status"] not in ANSWERS:
        problems.setdefault("status", (N_("Choose what the person answered."), {}))
    elif doc["status"] == states.ConsentStatus.GIVEN:
        _given(doc, problems, child=child)
    if problems:
        raise Invalid(problems)
    return _finished(doc)


def check_confirmation(data: Mapping[str, Any], *, given_on: str, today: date) -> dict[str, str]:
    """The clean confirmation: `on` and `place`. Raises Invalid."""
    doc, problems = cleaned(data, {"on": _shape(FieldType.DATE), "place": _shape(FieldType.TEXT, 120)})
    if not doc["place"]:
        problems.setdefault("place", (N_("Write where you spoke."), {}))
    _past_day(doc, "on", problems, given_on=given_on, today=today)
    if data.get("alone") is not True:
        problems["alone"] = (N_("Only what was confirmed with nobody listening can be recorded here."), {})
    if problems:
        raise Invalid(problems)
    return doc


def check_withdrawal(data: Mapping[str, Any], *, given_on: str, today: date) -> dict[str, str]:
    """The clean withdrawal. Raises Invalid."""
    shapes = {
        "withdrawn_on": _shape(FieldType.DATE),
        "withdrawn_how": _shape(FieldType.CODE, of="contact_channel"),
        "reason": SHAPES["reason"],
    }
    doc, problems = cleaned(data, shapes)
    doc["withdrawn_by"] = data.get("withdrawn_by") or ""
    if doc["withdrawn_by"] not in WITHDRAWN_BY:
        problems["withdrawn_by"] = (N_("Choose who told us."), {})
    if not doc["withdrawn_how"]:
        problems.setdefault("withdrawn_how", (N_("Choose how you were told."), {}))
    _past_day(doc, "withdrawn_on", problems, given_on=given_on, today=today)
    if problems:
        raise Invalid(problems)
    return doc


def _past_day(doc: dict[str, Any], code: str, problems: Problems, *, given_on: str, today: date) -> None:
    if not doc[code]:
        problems.setdefault(code, (N_("Write the day it happened."), {}))
    elif doc[code] > today.isoformat():
        problems[code] = (FUTURE, {})
    elif doc[code] < given_on:
        problems[code] = (N_("This cannot lie before the day the consent was given."), {})


def _guardian(doc: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any] | None:
    name, relation = doc.pop("guardian_name"), doc.pop("guardian_relation")
    if not name and not relation:
        return None
    return {"name": name, "relation": relation, "suspect": data.get("guardian_suspect") != "no"}


def _recipient(doc: dict[str, Any], data: Mapping[str, Any], case_id: UUID, problems: Problems) -> dict[str, Any]:
    """The recipient of a sharing and the groups that may go there; the letter's own groups always belong to it."""
    none: dict[str, Any] = {"recipient_id": "", "recipient_class": "", "groups": [], "own_ticks": []}
    if doc["scope"] not in states.SHARING:
        return none
    try:
        partner = partners.view_of(partners.get_partner(UUID(str(data.get("recipient_id") or ""))))
    except (ValueError, NotFound):
        problems["recipient_id"] = (N_("Choose the recipient."), {})
        return none
    if partner.statistics_only or partner.state != partners.ACTIVE:
        problems["recipient_id"] = (N_("This recipient cannot be chosen for a referral."), {})
    elif states.scope_for(partner.recipient_class) != doc["scope"]:
        problems["recipient_id"] = (N_("This recipient needs a consent of another kind. Choose it above."), {})
    cells = queries.cells(case_id, partner.recipient_class)
    asked = {*doc["groups"], *doc["own_ticks"]}
    own = [group for group in doc["own_ticks"] if cells[group] == WITH_OWN_CONSENT]
    plain = {group for group in asked if cells[group] == DEFAULT} | set(catalogue.system_groups())
    if any(cells[group] not in (DEFAULT, WITH_OWN_CONSENT) for group in asked):
        problems["groups"] = (N_("One of these never goes to such a recipient."), {})
    groups = [group for group in cells if group in plain or group in own]
    return {"recipient_id": str(partner.id), "recipient_class": partner.recipient_class,
            "groups": groups, "own_ticks": own}  # fmt: skip


def _dates(doc: dict[str, Any], problems: Problems, today: date) -> None:
    if not doc["given_on"]:
        problems.setdefault("given_on", (N_("Write the day it happened."), {}))
        return
    if doc["given_on"] > today.isoformat():
        problems["given_on"] = (FUTURE, {})
        return
    doc["valid_until"] = doc["valid_until"] or default_until(doc["scope"], doc["given_on"])
    if doc["valid_until"] < doc["given_on"]:
        problems["valid_until"] = (N_("It cannot end before it was given."), {})
    elif doc["valid_until"] > latest_until(doc["given_on"]):
        problems["valid_until"] = (N_("A consent holds two years at most. Then ask again."), {})


def _given(doc: dict[str, Any], problems: Problems, *, child: bool) -> None:
    """What a consent needs to be informed; a refusal needs nothing but its day."""
    for code, message in _NEEDED.items():
        if not doc[code]:
            problems.setdefault(code, (message, {}))
    if doc["method"] == "verbal_witness" and not doc["witness"]:
        problems.setdefault("witness", (N_("Write who witnessed it; the post is enough."), {}))
    if doc["basis"] and doc["basis"] not in (states.CHILD_BASES if child else states.ADULT_BASES):
        problems.setdefault("basis", (_CHILD_BASIS if child else _ADULT_BASIS, {}))
    if child:
        _child(doc, problems)


_NEEDED = {
    "basis": N_("Choose on what basis the consent rests."),
    "method": N_("Choose how it was given."),
    "language": N_("Choose the language in which it was explained."),
    "private": N_("Say whether you spoke in private."),
    "free_to_leave": N_("Say whether the person was free to leave."),
    "setting": N_("Say who was present."),
}
_CHILD_BASIS = N_("For a child, or when the age is in doubt: a guardian's consent or a best-interests decision.")
_ADULT_BASIS = N_("For an adult: informed consent, or a supported decision.")


def _child(doc: dict[str, Any], problems: Problems) -> None:
    """CPMS 2019: the child's own assent, and a guardian or a best-interests decision by two members of staff."""
    guardian = doc["guardian"] or {}
    if not doc["assent"]:
        problems["assent"] = (N_("Without the child's own agreement nothing is recorded as given."), {})
    if doc["basis"] == states.ASSENT_GUARDIAN:
        if not guardian.get("name"):
            problems.setdefault("guardian_name", (N_("Write who the guardian is."), {}))
        elif guardian["suspect"]:
            words = N_("A guardian who may be a suspect can consent to nothing. Choose a best-interests decision.")
            problems["guardian_suspect"] = (words, {})
    if doc["basis"] == states.ASSENT_BIA:
        if not doc["reason"]:
            problems.setdefault("reason", (N_("Write the best-interests note."), {}))
        if not doc["witness"]:
            problems.setdefault("witness", (N_("Write the post of the second member of staff who decided."), {}))


def _finished(doc: dict[str, Any]) -> dict[str, Any]:
    text = queries.statement()
    free = states.given_freely(doc["private"], doc["free_to_leave"], doc["setting"])
    return {
        **doc,
        "named_body": "",
        "free": free,
        "confirmed": None,
        "text_version": text.version,
        "text_sha256": text.sha256,
        "withdrawn_on": "",
        "withdrawn_how": "",
        "withdrawn_by": "",
    }
