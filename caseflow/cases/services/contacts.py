"""Help without a case, and records that were refused: what was typed goes, a count by day and office stays."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from caseflow.cases.models import Case, ContactCount
from caseflow.cases.queries import office_day
from caseflow.cases.queries.contacts import DECLINED, HELPED_ONCE, TAKEN_BACK, count_of
from caseflow.cases.services.checks import checked, one_at_a_time, organisation_of
from caseflow.cases.services.drafts import forget
from caseflow.core import catalogue, trail, vault
from caseflow.core.db import session
from caseflow.core.errors import Invalid, TooLate
from caseflow.core.policy import Action, Actor, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_


def count_helped(*, actor: Actor, case_id: UUID, team_id: UUID, data: dict[str, Any], now: datetime) -> ContactCount:
    """Count somebody who was helped without a case, and remove what was typed for `case_id`, its key included.

    The same id again gives the first result. Raises Invalid when nothing was given or an answer is ill-formed,
    TooLate when a case was opened under this id, NotFound for a team one does not work in.
    """
    organisation_id = _countable(actor, case_id, team_id)
    today = office_day(organisation_id, now)
    clean = checked("helped_once", data, {"today": today.isoformat()})
    if not clean.get("help_given"):
        raise Invalid({"help_given": (N_("Choose what was given."), {})})
    helped_on = str(clean.pop("helped_on", today.isoformat()))
    forget(actor=actor, case_id=case_id, now=now)
    where = (organisation_id, team_id, date.fromisoformat(helped_on))
    return _count(actor, case_id, HELPED_ONCE, where, clean, now)


def count_declined(*, actor: Actor, case_id: UUID, team_id: UUID, now: datetime) -> ContactCount:
    """Count somebody who wants no record, and remove what was typed for `case_id`, its key included.

    The same id again gives the first result. Raises TooLate when a case was opened under this id, NotFound.
    """
    organisation_id = _countable(actor, case_id, team_id)
    forget(actor=actor, case_id=case_id, now=now)
    return _count(actor, case_id, DECLINED, (organisation_id, team_id, office_day(organisation_id, now)), {}, now)


def take_back_declined(*, actor: Actor, case_id: UUID, now: datetime) -> None:
    """The tick for the record had only been forgotten: whoever was counted as refusing is so no more."""
    row = count_of(case_id, DECLINED)
    if row is None or row.kind != DECLINED:
        return
    row.kind = TAKEN_BACK
    vault.write(row, {"catalogue": catalogue.RELEASE, "data": {}}, rv=row.rv)
    _record(Tag.DECLINE_TAKEN_BACK, actor, row, now)


def _countable(actor: Actor, case_id: UUID, team_id: UUID) -> UUID:
    require(actor, Action.Contact.COUNT)
    one_at_a_time(actor)
    if session().get(Case, case_id) is not None:
        raise TooLate(N_("A case was opened for this person. It is on the list of cases."))
    return organisation_of(actor, team_id)


def _count(
    actor: Actor, case_id: UUID, kind: str, where: tuple[UUID, UUID, date], data: dict[str, Any], now: datetime
) -> ContactCount:
    if (found := count_of(case_id, kind)) is not None and found.kind == kind:
        return found
    row = found or ContactCount(id=ContactCount.id_for(vault.pepper(f"{kind} {case_id}")), rv=0)
    row.organisation_id, row.team_id, row.office_day = where
    row.kind = kind
    vault.write(row, {"catalogue": catalogue.RELEASE, "data": data}, rv=row.rv)
    session().add(row)
    _record(Tag.HELPED_ONCE if kind == HELPED_ONCE else Tag.RECORD_DECLINED, actor, row, now)
    return row


def _record(tag: Tag, actor: Actor, row: ContactCount, now: datetime) -> None:
    """In the stream of the installation: of the person there is nothing in it, not even which form it was."""
    trail.record(tag, actor=actor, now=now, obj=("organisation", row.organisation_id), writes=[row])
