"""Referrals as work, for the home of each role: what waits for an answer, what came back, what is to be decided.

Counts use clear columns; a referral is opened only for a row that is shown.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, select, union

from caseflow.accounts.queries import organisation_doc
from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.core import catalogue
from caseflow.core.db import session
from caseflow.core.policy import Actor
from caseflow.referrals.models import Referral, RegisterEntry
from caseflow.referrals.queries.reading import ReferralRow, rows_of
from caseflow.referrals.states import SENT, TERMINAL, ReferralState

_S = ReferralState
AT_PARTNER = (*sorted(SENT), _S.ACKNOWLEDGED, _S.ACCEPTED)  # a clock runs: to acknowledge, to answer, to serve
MOST = 24  # opened to be put in order
MOST_LETTERS = 2000  # of the register, its last numbers
# With something added to it the state is no key into an index: a database then begins with the cases one may see, and
# not with every referral of the installation that stands in this state.
_STATE = Referral.state.concat("")


@dataclass(frozen=True)
class Scope:
    """Whose referrals: each pair of conditions, one on the case and one on the referral, is a way to be among them."""

    ways: tuple[tuple[ColumnElement[bool], ColumnElement[bool] | None], ...]

    def select(self, *columns: Any, where: Sequence[ColumnElement[bool]] = ()) -> Select[Any] | CompoundSelect[Any]:
        """These columns of the referrals, each referral once."""
        found = [
            select(Referral.id, *columns)
            .join(Case, Case.id == Referral.case_id)
            .where(whose, *([of] if of is not None else []), *where)
            for whose, of in self.ways
        ]
        return found[0] if len(found) == 1 else union(*found)


@dataclass(frozen=True)
class Standing:
    """How many referrals stand where. `late`: their time at the partner is over; `ended`: lately, by their end."""

    states: Counter[ReferralState] = field(default_factory=Counter)
    late: int = 0
    ended: Counter[ReferralState] = field(default_factory=Counter)

    @property
    def at_partner(self) -> int:
        """Those that a partner has to answer or to serve."""
        return sum(self.states[state] for state in AT_PARTNER)


def own(actor: Actor) -> Scope:
    """Referrals of the actor's own cases, and those the actor wrote in cases of their teams."""
    return Scope(((cases.held_by(actor), None), (cases.visible_to(actor), Referral.author_id == actor.user_id)))


def of_teams(actor: Actor) -> Scope:
    """Referrals of the teams in which the actor is supervisor."""
    return Scope(((cases.supervised_by(actor), None),))


def standing(scope: Scope, *, now: datetime, since: datetime) -> Standing:
    """Counts of everything in one look; `since`: what ended before is not counted among the ended."""
    late = and_(Referral.due_at.is_not(None), Referral.due_at < now)
    known = scope.select(Referral.state, late.label("late"), (Referral.state_since >= since).label("lately")).subquery()
    query = select(known.c.state, known.c.late, known.c.lately, func.count())
    found = Standing()
    behind = 0
    for code, is_late, lately, count in session().execute(query.group_by(known.c.state, known.c.late, known.c.lately)):
        state = ReferralState(code)
        found.states[state] += count
        behind += count if is_late and state in AT_PARTNER else 0
        if lately and state in TERMINAL:
            found.ended[state] += count
    return Standing(found.states, behind, found.ended)


def at_partner(scope: Scope, *, limit: int) -> list[ReferralRow]:
    """Referrals that a partner has to answer or to serve, what is due first first."""
    which = scope.select(where=[_STATE.in_(AT_PARTNER), Referral.due_at.is_not(None)])
    return _rows(_of(which).order_by(Referral.due_at, Referral.id).limit(limit))


def written(scope: Scope, state: ReferralState, *, limit: int) -> list[ReferralRow]:
    """Drafts, or those returned, the latest change first."""
    which = scope.select(where=[_STATE.in_([state])])
    return _rows(_of(which).order_by(Referral.updated_at.desc(), Referral.id).limit(limit))


def to_decide(scope: Scope, *, limit: int = MOST) -> list[ReferralRow]:
    """Referrals that wait for a supervisor: the most urgent first, then those whose time is over first."""
    urgency = {code: place for place, code in enumerate(catalogue.load().list("referral_urgency").codes)}
    which = scope.select(where=[_STATE.in_([_S.PENDING])])
    rows = _rows(_of(which).order_by(Referral.due_at, Referral.id).limit(MOST))
    rows.sort(key=lambda row: (urgency.get(row.doc.get("urgency", ""), -1), row.due_at or row.state_since, row.id))
    return rows[:limit]


def harmed(scope: Scope) -> list[ReferralRow]:
    """Referrals after which the person reported harm or danger, the longest ago first; and those that do not open."""
    which = scope.select(where=[_STATE.in_([_S.FEEDBACK])])
    rows = _rows(_of(which).order_by(Referral.state_since, Referral.id))
    return [row for row in rows if row.broken or row.doc.get("harm")]


def days_of_issue(organisation_id: UUID, *, since: datetime) -> list[date]:
    """The day at the office on which each letter left since then, from the register: nothing of a recipient."""
    zone = ZoneInfo(organisation_doc(organisation_id).get("zone") or cases.HOME_ZONE)
    query = select(RegisterEntry.issued_at).where(RegisterEntry.organisation_id == organisation_id)
    last = query.order_by(RegisterEntry.year.desc(), RegisterEntry.seq.desc()).limit(MOST_LETTERS)
    return [at.astimezone(zone).date() for at in session().scalars(last) if at is not None and at >= since]


def _of(which: Any) -> Select[Referral]:
    return select(Referral).where(Referral.id.in_(which))


def _rows(query: Select[Referral]) -> list[ReferralRow]:
    return rows_of(list(session().scalars(query)))
