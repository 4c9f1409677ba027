"""Ask for an audit: purpose, cases by number or how a sample of them is drawn, last day."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from caseflow.accounts.queries import get_staff
from caseflow.audit import queries
from caseflow.audit.models import Audit
from caseflow.audit.services.sampling import Problems, checked_sampling
from caseflow.audit.states import STEPS, AuditState
from caseflow.core import catalogue, trail, vault
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.text import clean_line, clean_text
from caseflow.core.db import session
from caseflow.core.errors import Invalid, NotFound
from caseflow.core.lifecycle import find
from caseflow.core.numbers import audit_number
from caseflow.core.policy import Action, Actor, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_

MOST_CASES = 50
LONGEST = timedelta(days=90)


def ask_audit(
    *,
    actor: Actor,
    audit_id: UUID,
    purpose: str,
    scope: str,
    numbers: list[str],
    ends_on: date,
    today: date,
    now: datetime,
    sampling: Mapping[str, Any] | None = None,
) -> Audit:
    """Ask for an audit until a day, of named cases or (with `sampling`) of a sample. Again with the same id: the first.

    A sample is drawn when the audit is approved. Raises Invalid for a missing purpose, unknown case numbers, a sample
    that cannot be drawn so, or an end date that is past or too far.
    """
    require(actor, Action.Audit.ASK)
    find(STEPS, "ask", None)
    get_staff(actor.user_id, for_update=True)  # two equal posts at once: the second waits, and finds the first
    known = session().get(Audit, audit_id)
    if known is not None:
        if known.auditor_id != actor.user_id:
            raise NotFound()
        return known
    cases = list(dict.fromkeys(numbers)) if sampling is None else sampling
    doc = _checked(actor, purpose, scope, cases, ends_on, today)
    made = _blank(actor, audit_id, ends_on, now)
    vault.write(made, doc, rv=0)
    session().add(made)
    detail = {"cases": doc["sampling"]["size"] if doc["sampling"] else len(doc["case_ids"])}
    trail.record(Tag.AUDIT_ASKED, actor=actor, now=now, obj=("audit", made.id), detail=detail, writes=[made])
    return made


def _blank(actor: Actor, audit_id: UUID, ends_on: date, now: datetime) -> Audit:
    return Audit(
        id=audit_id,
        number=audit_number(),
        organisation_id=actor.organisation_id,
        auditor_id=actor.user_id,
        state=str(AuditState.ASKED),
        ends_on=ends_on,
        asked_at=now,
    )


def _checked(
    actor: Actor, purpose: str, scope: str, cases: Mapping[str, Any] | list[str], ends_on: date, today: date
) -> dict[str, Any]:
    """The document of a new audit. Raises Invalid, with everything that is wrong at once."""
    purpose, scope, problems = _words(purpose, scope)
    found = _named(actor, cases) if isinstance(cases, list) else _sample(actor, cases, today)
    problems |= found[1] | _wrong_end(ends_on, today)
    if problems:
        raise Invalid(problems)
    return {"purpose": purpose, "scope": scope, "refused_because": "", **found[0]}


def _sample(actor: Actor, cases: Mapping[str, Any], today: date) -> tuple[dict[str, Any], Problems]:
    wanted, problems = checked_sampling(cases, organisation_id=actor.organisation_id, today=today)
    return {"case_ids": [], "sampling": wanted}, problems


def _named(actor: Actor, numbers: list[str]) -> tuple[dict[str, Any], Problems]:
    known = queries.cases_by_number(numbers[:MOST_CASES], organisation_id=actor.organisation_id)
    problems = _wrong(numbers, set(known))
    return {"case_ids": [] if problems else [str(known[one].id) for one in numbers], "sampling": None}, problems


def _words(purpose: str, scope: str) -> tuple[str, str, Problems]:
    """Purpose and scope note in their stored form, with what is wrong with them."""
    problems: Problems = {}
    kept = {"purpose": "", "scope": ""}
    for name, clean, raw, limit in (("purpose", clean_line, purpose, 200), ("scope", clean_text, scope, 2000)):
        try:
            kept[name] = clean(raw, limit) or ""
        except Fault as fault:
            problems[name] = (catalogue.MESSAGES[fault.code], dict(fault.params))
    if not kept["purpose"]:
        problems.setdefault("purpose", (N_("Write what the audit is for."), {}))
    return kept["purpose"], kept["scope"], problems


def _wrong(numbers: list[str], known: set[str]) -> Problems:
    if not numbers:
        return {"case_numbers": (N_("Name at least one case."), {})}
    if len(numbers) > MOST_CASES:
        return {"case_numbers": (N_("One audit covers at most %(most)s cases."), {"most": MOST_CASES})}
    if unknown := [number for number in numbers if number not in known]:
        shown = ", ".join(number[:20] for number in unknown[:5])
        return {"case_numbers": (N_("No case of your organisation has this number: %(numbers)s"), {"numbers": shown})}
    return {}


def _wrong_end(ends_on: date, today: date) -> Problems:
    if today <= ends_on <= today + LONGEST:
        return {}
    return {"ends_on": (N_("The end date lies between today and 90 days from now."), {})}
