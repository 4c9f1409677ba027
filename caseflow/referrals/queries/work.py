"""Referrals as work, for the home of each role: what waits for an answer, what came back, what is to be decided.

Counts use clear columns; a referral is opened only for a row that is shown.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select

from caseflow.accounts.queries import organisation_doc
from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.core import catalogue
from caseflow.core.db import session
from caseflow.core.policy import Actor
from caseflow.referrals.models import Referral, RegisterEntry
from caseflow.referrals.queries.reading import ReferralRow, rows_of, visible_to
from caseflow.referrals.states import SENT, TERMINAL, ReferralState

Which = ColumnElement[bool]
_S = ReferralState
AT_PARTNER = (*sorted(SENT), _S.ACKNOWLEDGED, _S.ACCEPTED)  # a clock runs: to acknowledge, to answer, to serve
MOST = 50  # opened to be put in order
MOST_LETTERS = 2000  # of the register, its last numbers


def own(actor: Actor) -> Which:
    """Referrals of the actor's own cases, and those the actor wrote in cases of their teams."""
    held = select(Case.id).where(cases.held_by(actor))
    return or_(Referral.case_id.in_(held), and_(Referral.author_id == actor.user_id, visible_to(actor)))


def of_teams(actor: Actor) -> Which:
    """Referrals of the teams in which the actor is supervisor."""
    return Referral.case_id.in_(select(Case.id).where(cases.supervised_by(actor)))


def at_partner(which: Which, *, limit: int) -> list[ReferralRow]:
    """Referrals that a partner has to answer or to serve, what is due first first."""
    query = select(Referral).where(*_at_partner(which)).order_by(Referral.due_at, Referral.id)
    return rows_of(list(session().scalars(query.limit(limit))))


def count_at_partner(which: Which, *, due_before: datetime | None = None) -> int:
    """How many these are; only those whose time was over at a moment."""
    over = [Referral.due_at < due_before] if due_before else []
    return _count(*_at_partner(which), *over)


def written(which: Which, state: ReferralState, *, limit: int) -> list[ReferralRow]:
    """Drafts, or those returned, the latest change first."""
    query = select(Referral).where(which, Referral.state == state)
    return rows_of(list(session().scalars(query.order_by(Referral.updated_at.desc(), Referral.id).limit(limit))))


def count_in(which: Which, *states: ReferralState) -> int:
    """How many stand in one of these states."""
    return _count(which, Referral.state.in_(states))


def to_decide(which: Which, *, limit: int = MOST) -> list[ReferralRow]:
    """Referrals that wait for a supervisor: the most urgent first, then those whose time is over first."""
    urgency = {code: place for place, code in enumerate(catalogue.load().list("referral_urgency").codes)}
    query = select(Referral).where(which, Referral.state == _S.PENDING).order_by(Referral.due_at, Referral.id)
    rows = rows_of(list(session().scalars(query.limit(MOST))))
    rows.sort(key=lambda row: (urgency.get(row.doc.get("urgency", ""), -1), row.due_at or row.state_since, row.id))
    return rows[:limit]


def harmed(which: Which) -> list[ReferralRow]:
    """Referrals after which the person reported harm or danger, the longest ago first; and those that do not open."""
    query = select(Referral).where(which, Referral.state == _S.FEEDBACK).order_by(Referral.state_since, Referral.id)
    return [row for row in rows_of(list(session().scalars(query))) if row.broken or row.doc.get("harm")]


def outcomes(which: Which, *, since: datetime) -> Counter[ReferralState]:
    """How the referrals ended that came to an end since then."""
    query = select(Referral.state, func.count()).where(which, Referral.state.in_(TERMINAL))
    found = session().execute(query.where(Referral.state_since >= since).group_by(Referral.state))
    return Counter({ReferralState(state): count for state, count in found})


def days_of_issue(organisation_id: UUID, *, since: datetime) -> list[date]:
    """The day at the office on which each letter left since then, from the register: nothing of a recipient."""
    zone = ZoneInfo(organisation_doc(organisation_id).get("zone") or cases.HOME_ZONE)
    query = select(RegisterEntry.issued_at).where(RegisterEntry.organisation_id == organisation_id)
    last = query.order_by(RegisterEntry.year.desc(), RegisterEntry.seq.desc()).limit(MOST_LETTERS)
    return [at.astimezone(zone).date() for at in session().scalars(last) if at is not None and at >= since]


def _at_partner(which: Which) -> Sequence[Which]:
    return which, Referral.state.in_(AT_PARTNER), Referral.due_at.is_not(None)


def _count(*conditions: Which) -> int:
    return session().scalar(select(func.count()).select_from(Referral).where(*conditions)) or 0
