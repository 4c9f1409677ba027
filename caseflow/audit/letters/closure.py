"""The checks of a closure: referrals had ended, and somebody other than its caseworker closed the case."""

from datetime import datetime
from uuid import UUID

from caseflow.audit.letters.sources import EntryView, ReferralView, Sources, unopened
from caseflow.cases.states import CaseState
from caseflow.core.press.case_file import Check
from caseflow.core.trail import Tag
from caseflow.core.words import gettext as _
from caseflow.referrals.states import TERMINAL

_CLOSED = frozenset({str(CaseState.CLOSED), str(CaseState.TRANSFERRED)})


def closure_checks(sources: Sources) -> list[Check]:
    """Both checks over the last closure of the case; neither applies to a case that was never closed."""
    closing = _last(sources, _CLOSED)
    return [_ended(sources, closing), _by_another(sources, closing)]


def _last(sources: Sources, states: frozenset[str]) -> EntryView | None:
    """The last move of the case into one of these states."""
    moves = [one for one in sources.entries if one.tag == Tag.CASE_MOVED and one.detail.get("to") in states]
    return moves[-1] if moves else None


def _ended(sources: Sources, closing: EntryView | None) -> Check:
    text = _("Every referral had ended before the case was closed")
    if closing is None or not sources.referrals:
        return {"text": text, "outcome": "none", "detail": _("Not closed.") if closing is None else ""}
    faults = [(one.row.number, _still_open(one, closing.happened_at)) for one in sources.referrals]
    found = "\n".join(f"{number}: {words}" for number, words in faults if words)
    return {"text": text, "outcome": "fail" if found else "pass", "detail": found}


def _still_open(one: ReferralView, closed_at: datetime) -> str:
    """A referral that was begun after a closure (the case was opened again) is none of that closure."""
    begun = min((event.recorded_at for event in one.events), default=closed_at)
    if begun > closed_at:
        return ""
    if one.row.state not in TERMINAL:
        return _("it has not ended")
    return _("it ended later") if one.row.state_since > closed_at else ""


def _by_another(sources: Sources, closing: EntryView | None) -> Check:
    text = _("Somebody other than its caseworker closed the case")
    if closing is None:
        return {"text": text, "outcome": "none", "detail": _("Not closed.")}
    if closing.error:
        return {"text": text, "outcome": "fail", "detail": unopened()}
    if closing.actor_id in _own(sources):
        who = sources.who(closing.actor_id, closing.role)
        return {"text": text, "outcome": "fail", "detail": _("closed by %(who)s", who=who)}
    return {"text": text, "outcome": "pass", "detail": ""}


def _own(sources: Sources) -> set[UUID | None]:
    """Who may not close it: its caseworker, and whoever asked for the closure."""
    asked = _last(sources, frozenset({str(CaseState.CLOSURE_REQUESTED)}))
    return {one for one in (sources.assignee_id, asked.actor_id if asked else None) if one}
