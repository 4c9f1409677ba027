"""The counts of people who were helped without a case or wanted no record: numbers, with nobody behind them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select

from caseflow.cases.models import ContactCount
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.policy import Actor, Role
from caseflow.core.vault import SealBroken

HELPED_ONCE, DECLINED, TAKEN_BACK = "helped_once", "declined", "taken_back"


@dataclass
class Numbers:
    """What the page of counts shows. `months`: (`2026-11`, helped, declined), the latest first; `given` by code."""

    months: list[tuple[str, int, int]] = field(default_factory=list)
    given: list[tuple[str, int]] = field(default_factory=list)
    broken: list[SealBroken] = field(default_factory=list)


def count_of(case_id: UUID, kind: str) -> ContactCount | None:
    """The count of this kind that was made from the form with this id; only the keyring knows that they belong."""
    return session().get(ContactCount, ContactCount.id_for(vault.pepper(f"{kind} {case_id}")), populate_existing=True)


def numbers(actor: Actor, *, since: date) -> Numbers:
    """The counts since a day: of one's teams for a supervisor, of the organisation for data protection."""
    seen = (_visible_to(actor), ContactCount.office_day >= since)
    query = select(ContactCount.office_day, ContactCount.kind, func.count()).where(*seen)
    months: dict[str, Counter[str]] = {}
    for day, kind, count in session().execute(query.group_by(ContactCount.office_day, ContactCount.kind)):
        months.setdefault(f"{day:%Y-%m}", Counter())[kind] += count
    helped = session().scalars(select(ContactCount).where(*seen, ContactCount.kind == HELPED_ONCE)).all()
    given, broken = _given(helped)
    lines = [(month, found[HELPED_ONCE], found[DECLINED]) for month, found in sorted(months.items(), reverse=True)]
    return Numbers([line for line in lines if line[1] or line[2]], given, broken)


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows behind `Action.Contact.NUMBERS`."""
    ways: list[ColumnElement[bool]] = []
    if teams := actor.teams(Role.SUPERVISOR):
        ways.append(ContactCount.team_id.in_(teams))
    if actor.has(Role.DATA_PROTECTION):
        ways.append(ContactCount.organisation_id == actor.organisation_id)
    return or_(*ways) if ways else false()


def _given(rows: Sequence[ContactCount]) -> tuple[list[tuple[str, int]], list[SealBroken]]:
    found: Counter[str] = Counter()
    broken: list[SealBroken] = []
    for row in rows:
        try:
            data: dict[str, Any] = vault.read(row)["data"]
        except SealBroken as error:
            broken.append(error)
            continue
        found.update(data.get("help_given", ()))
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0])), broken
