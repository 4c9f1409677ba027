"""Name a deputy for some days. The rights end by themselves; whoever lent them may end them before."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from caseflow.accounts import queries
from caseflow.accounts.models import Deputy
from caseflow.accounts.queries.deputies import LENDABLE, could_stand_in, memberships_of, office_zone
from caseflow.core import trail
from caseflow.core.db import session
from caseflow.core.errors import Invalid, NotAllowed, NotFound
from caseflow.core.policy import Actor, Role
from caseflow.core.trail import Tag
from caseflow.core.words import N_

LONGEST = timedelta(days=90)


def name_deputy(
    *, actor: Actor, record_id: UUID, deputy_id: UUID, role: Role, first: date, last: date, now: datetime
) -> Deputy:
    """Lend one of one's own roles to a colleague, from the beginning of the first day to the end of the last.

    `record_id` is the page's: a repeated post returns what the first one made. Raises Invalid for a colleague or days
    that do not fit, NotAllowed for a role one does not hold oneself.
    """
    known = session().get(Deputy, record_id)
    if known is not None:
        if known.principal_id != actor.user_id:
            raise NotFound()
        return known
    principal = queries.get_staff(actor.user_id, for_update=True)
    if role not in LENDABLE or role not in {one.role for one in memberships_of(actor.user_id, now=now)}:
        raise NotAllowed()
    if role not in could_stand_in(principal, now=now).get(deputy_id, ()):
        raise Invalid({"deputy": (N_("This colleague cannot stand in for this role."), {})})
    zone = office_zone(principal.organisation_id)
    _check_days(first, last, today=now.astimezone(zone).date())
    made = Deputy(
        id=record_id,
        principal_id=principal.id,
        deputy_id=deputy_id,
        organisation_id=principal.organisation_id,
        role=str(role),
        valid_from=datetime.combine(first, time(), zone),
        valid_until=datetime.combine(last + timedelta(days=1), time(), zone),
        made_at=now,
    )
    session().add(made)
    detail = {"role": str(role), "from": first.isoformat(), "until": last.isoformat()}
    trail.record(Tag.DEPUTY_NAMED, actor=actor, now=now, obj=("staff", deputy_id), detail=detail, writes=[made])
    return made


def end_deputy(*, actor: Actor, record_id: UUID, now: datetime) -> None:
    """End a deputyship one gave, at once. Raises NotFound, also for that of somebody else."""
    row = session().get(Deputy, record_id, with_for_update=True, populate_existing=True)
    if row is None or row.principal_id != actor.user_id:
        raise NotFound()
    if row.valid_until <= now:
        return
    row.valid_until = now
    about, detail = ("staff", row.deputy_id), {"role": row.role}
    trail.record(Tag.DEPUTY_ENDED, actor=actor, now=now, obj=about, detail=detail, writes=[row])


def _check_days(first: date, last: date, *, today: date) -> None:
    if last < max(first, today):
        raise Invalid({"last": (N_("This day is over, or lies before the first one."), {})})
    if first < today:
        raise Invalid({"first": (N_("This day is over. Begin today or later."), {})})
    if last - first >= LONGEST:
        raise Invalid({"last": (N_("At most 90 days at a time."), {})})
